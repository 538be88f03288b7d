//! What a fetcher tells: the articles that it publishes, the events of its feeds, what it remembers of them.

use std::time::Instant;

use futures::StreamExt;
use serde_json::Value;
use tallywire_proto::{FeedStatus, Fetched, header, subject};

use super::{Nats, PATIENCE, Process, eventually, metrics};

/// The articles of a feed that were published, in that order; no stage after the fetcher may run.
pub async fn published(nats: &Nats, feed: &str) -> Vec<Fetched> {
    let mut articles = Vec::new();
    let Ok(stream) = nats.jetstream().await.get_stream(subject::Stream::Fetched.name()).await else { return articles };
    let mut sequence = 1;
    while let Ok(message) = stream.get_first_raw_message_by_subject(&format!("articles.fetched.{feed}"), sequence).await
    {
        sequence = message.sequence + 1;
        let is_compressed = message.headers.get(header::CONTENT_ENCODING).is_some();
        let body =
            if is_compressed { zstd::decode_all(&message.payload[..]).unwrap() } else { message.payload.to_vec() };
        articles.push(serde_json::from_slice(&body).unwrap());
    }
    articles
}

/// Waits until so many articles of a feed are published, and returns all of them.
pub async fn publishes(nats: &Nats, feed: &str, count: usize) -> Vec<Fetched> {
    eventually(&format!("{count} articles of {feed}"), || async {
        let articles = published(nats, feed).await;
        (articles.len() >= count).then_some(articles)
    })
    .await
}

/// Waits until a feed's poll is over and remembered, and returns what is remembered.
pub async fn remembers(nats: &Nats, feed: &str) -> Value {
    eventually(&format!("what is remembered of {feed}"), || async {
        let bucket = nats.jetstream().await.get_key_value(subject::FEEDS_BUCKET).await.ok()?;
        let state: Value = serde_json::from_slice(&bucket.get(feed).await.ok()??).unwrap();
        (state["lease"].is_null() && !state["last_poll"].is_null()).then_some(state)
    })
    .await
}

/// How many polls a fetcher has done.
pub async fn polls(fetcher: &Process) -> usize {
    let text = metrics(fetcher).await;
    let counts = text.lines().filter(|line| line.starts_with("tallywire_polls_total{"));
    counts.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
}

/// The events of all feeds, from the subscription on.
pub struct Events(async_nats::Subscriber);

impl Events {
    pub async fn of(nats: &Nats) -> Self {
        let client = async_nats::connect(nats.url()).await.unwrap();
        let events = client.subscribe(subject::STATUS_ALL).await.unwrap();
        client.flush().await.unwrap();
        Self(events)
    }

    /// The next event.
    pub async fn next(&mut self) -> FeedStatus {
        let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("an event").unwrap();
        serde_json::from_slice(&message.payload).unwrap()
    }

    /// The next event that is so.
    pub async fn find(&mut self, is_it: impl Fn(&FeedStatus) -> bool) -> FeedStatus {
        let begun = Instant::now();
        loop {
            let event = self.next().await;
            if is_it(&event) {
                return event;
            }
            assert!(begun.elapsed() < PATIENCE, "no such event; the last was {event:?}");
        }
    }
}
