//! The reader of the fetcher's queue, in place of the cleaner.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use async_nats::jetstream::{self, consumer::pull};
use futures::StreamExt;
use tallywire_proto::subject::Stream;

use crate::{LOOK, PATIENCE};

/// Reads the queue until the bench ends, so that it does not fill.
pub(crate) struct Queue {
    articles: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
}

impl Queue {
    /// Reads and acknowledges everything, as soon as the fetcher has made the stream.
    pub(crate) fn drain(jetstream: jetstream::Context) -> Self {
        let queue = Self { articles: Arc::default(), bytes: Arc::default() };
        let (articles, bytes) = (queue.articles.clone(), queue.bytes.clone());
        tokio::spawn(async move {
            let stream = tokio::time::timeout(PATIENCE, made(&jetstream)).await.expect("no stream of fetched articles");
            let consumer = stream.create_consumer(pull::Config::default()).await.unwrap();
            let mut messages = consumer.messages().await.unwrap();
            while let Some(message) = messages.next().await {
                // The server goes away before the bench does.
                let Ok(message) = message else { return };
                bytes.fetch_add(message.payload.len() as u64, Relaxed);
                articles.fetch_add(1, Relaxed);
                if message.ack().await.is_err() {
                    return;
                }
            }
        });
        queue
    }

    /// How many articles there were.
    pub(crate) fn articles(&self) -> u64 {
        self.articles.load(Relaxed)
    }

    /// How large their messages were together, compressed as the fetcher sends them.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }
}

async fn made(jetstream: &jetstream::Context) -> jetstream::stream::Stream {
    loop {
        match jetstream.get_stream(Stream::Fetched.name()).await {
            Ok(stream) => return stream,
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    }
}
