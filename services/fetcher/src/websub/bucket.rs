//! The subscriptions of all feeds, for all fetchers: a key a feed in the bucket `hubs`.
//!
//! They have a bucket of their own because a hub verifies while a poll asks it: in the feed's state, the two would write
//! over each other.

use async_nats::jetstream::{
    self,
    kv::{Store, UpdateErrorKind},
};
use tallywire_proto::subject::HUBS_BUCKET;
use tallywire_runtime::broker::{BrokerError, open_bucket};

use super::{store::Subscriptions, subscription::Subscription};

/// The bucket cannot be read or changed at the moment.
#[derive(Debug, thiserror::Error)]
#[error("the subscription of feed {feed}: {reason}")]
pub(crate) struct HubsError {
    feed: String,
    reason: String,
}

/// How often a change is tried that others are faster with.
const TRIES: usize = 8;

/// The subscriptions of all feeds.
#[derive(Clone)]
pub(crate) struct Hubs {
    store: Store,
}

impl Hubs {
    pub(crate) async fn open(jetstream: &jetstream::Context) -> Result<Self, BrokerError> {
        Ok(Self { store: open_bucket(jetstream, HUBS_BUCKET).await? })
    }
}

impl Subscriptions for Hubs {
    type Error = HubsError;

    async fn update<T: Send>(
        &self,
        feed: &str,
        mut change: impl FnMut(&mut Option<Subscription>) -> T + Send,
    ) -> Result<T, HubsError> {
        let failed = |reason: String| HubsError { feed: feed.to_owned(), reason };
        for _ in 0..TRIES {
            let entry = self.store.entry(feed).await.map_err(|error| failed(error.to_string()))?;
            let revision = entry.as_ref().map_or(0, |entry| entry.revision);
            // One that was removed, or cannot be read, is none.
            let mut held = entry.and_then(|entry| serde_json::from_slice(&entry.value).ok());
            let before = held.clone();
            let outcome = change(&mut held);
            if held == before {
                return Ok(outcome);
            }
            let body = match &held {
                Some(held) => serde_json::to_vec(held).map_err(|error| failed(error.to_string()))?,
                None => Vec::new(),
            };
            match self.store.update(feed, body.into(), revision).await {
                Ok(_) => return Ok(outcome),
                Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => {}
                Err(error) => return Err(failed(error.to_string())),
            }
        }
        Err(failed("others keep changing it".to_owned()))
    }
}
