//! The figures that subscribers read.

use std::collections::HashMap;

use async_nats::jetstream::consumer::pull;
use futures::StreamExt;
use serde_json::Value;
use tallywire_proto::subject::Stream;

use super::{Nats, Output};

/// What names a figure: its article's id and revision, and its own id.
type Key = (String, u64, String);

/// Every figure that is kept, with the subject that it is on, in the order in which they came.
pub async fn stated(nats: &Nats) -> Vec<(String, Value)> {
    let Ok(mut stream) = nats.jetstream().await.get_stream(Stream::Figures.name()).await else { return Vec::new() };
    let count = usize::try_from(stream.info().await.unwrap().state.messages).unwrap();
    let consumer = stream.create_consumer(pull::OrderedConfig::default()).await.unwrap();
    let messages = consumer.messages().await.unwrap().take(count);
    let read = messages.map(|message| {
        let message = message.unwrap();
        (message.subject.to_string(), serde_json::from_slice(&message.payload).unwrap())
    });
    read.collect().await
}

/// Asserts that each figure of the articles is there exactly once, and no other.
pub fn assert_exactly_once(stated: &[(String, Value)], output: &Output) {
    let mut count: HashMap<Key, usize> = HashMap::new();
    for (_, figure) in stated {
        *count.entry(key(&figure["article"], &figure["figure"])).or_insert(0) += 1;
    }
    let doubled: Vec<_> = count.iter().filter(|(_, count)| **count > 1).collect();
    assert!(doubled.is_empty(), "figures more than once: {doubled:?}");
    for article in &output.articles {
        for figure in article["figures"].as_array().unwrap() {
            assert!(count.remove(&key(article, figure)).is_some(), "{figure} is lost");
        }
    }
    assert!(count.is_empty(), "no article has these: {count:?}");
}

fn key(article: &Value, figure: &Value) -> Key {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&article["id"]), article["revision"].as_u64().unwrap(), text(&figure["id"]))
}
