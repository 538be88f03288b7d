import asyncio, json, sys
import nats  # pip install nats-py

async def main(url):
    client = await nats.connect(url)
    subscription = await client.subscribe("articles.enriched.>")
    await client.flush()
    print("following", url)
    async for message in subscription.messages:
        article = json.loads(message.data)
        print(article["title"], "-", len(article["figures"]), "figures")

asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else open("data/nats.url").read().strip()))
