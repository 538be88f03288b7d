//! Where the states of the feeds are kept, for all fetchers: a key a feed in the bucket `feeds`.
//!
//! Any number of fetchers share the feeds. Before a poll, a fetcher writes its lease into the feed's key, by
//! compare-and-set; the one that is first polls, the others see the lease and the time of the next poll.

use async_nats::jetstream::{self, kv::Store};
use futures::StreamExt;
use tallywire_proto::subject::FEEDS_BUCKET;
use tallywire_runtime::broker::{BrokerError, open_bucket};

use crate::state::FeedState;

/// The bucket cannot be read or changed at the moment.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    /// The server does not answer.
    #[error("the state of feed {feed}: {reason}")]
    Store {
        /// The feed.
        feed: String,
        /// What the server says.
        reason: String,
    },
    /// Another fetcher was faster.
    #[error("another fetcher has feed {0}")]
    Taken(String),
}

/// A feed's state and its revision in the bucket, for compare-and-set.
#[derive(Clone, Debug)]
pub(crate) struct Versioned {
    pub(crate) state: FeedState,
    revision: u64,
}

/// States that are asked for at a time.
const AT_A_TIME: usize = 64;

/// The states of all feeds.
pub(crate) struct States {
    store: Store,
}

impl States {
    pub(crate) async fn open(jetstream: &jetstream::Context) -> Result<Self, BrokerError> {
        Ok(Self { store: open_bucket(jetstream, FEEDS_BUCKET).await? })
    }

    /// A feed's state; a new one where none is remembered, or what is remembered cannot be read.
    pub(crate) async fn get(&self, feed: &str) -> Result<Versioned, StateError> {
        let failed = |reason| StateError::Store { feed: feed.to_owned(), reason };
        let entry = self.store.entry(feed).await.map_err(|error| failed(error.to_string()))?;
        Ok(match entry {
            None => Versioned { state: FeedState::default(), revision: 0 },
            Some(entry) => {
                Versioned { state: serde_json::from_slice(&entry.value).unwrap_or_default(), revision: entry.revision }
            }
        })
    }

    /// Writes a feed's state, unless somebody else has since it was read.
    pub(crate) async fn put(&self, feed: &str, versioned: &mut Versioned) -> Result<(), StateError> {
        use async_nats::jetstream::kv::UpdateErrorKind;

        let failed = |reason| StateError::Store { feed: feed.to_owned(), reason };
        let bytes = serde_json::to_vec(&versioned.state).map_err(|error| failed(error.to_string()))?;
        let put = self.store.update(feed, bytes.into(), versioned.revision).await;
        versioned.revision = put.map_err(|error| match error.kind() {
            UpdateErrorKind::WrongLastRevision => StateError::Taken(feed.to_owned()),
            _ => failed(error.to_string()),
        })?;
        Ok(())
    }
}

/// Forgets what is remembered of a feed: it is polled as one that was never polled. Says whether there was anything.
///
/// # Errors
/// When the bucket does not exist, or the server does not answer.
pub async fn forget(jetstream: &jetstream::Context, feed: &str) -> Result<bool, BrokerError> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        BrokerError::resource(format!("key {feed} of the key-value bucket {FEEDS_BUCKET}"), error)
    };
    let store = States::open(jetstream).await?.store;
    let known = store.get(feed).await.map_err(|error| failed(&error))?.is_some();
    store.purge(feed).await.map_err(|error| failed(&error))?;
    Ok(known)
}

/// The states of all feeds that any fetcher has polled, with their ids.
///
/// # Errors
/// When the bucket does not exist, or the server does not answer.
pub async fn states(jetstream: &jetstream::Context) -> Result<Vec<(String, FeedState)>, BrokerError> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        BrokerError::resource(format!("key-value bucket {FEEDS_BUCKET}"), error)
    };
    let store = States::open(jetstream).await?.store;
    let keys = store.keys().await.map_err(|error| failed(&error))?;
    let mut states = Vec::new();
    let mut values = keys
        .map(|key| async {
            let key = key.map_err(|error| failed(&error))?;
            let value = store.get(key.as_str()).await.map_err(|error| failed(&error))?;
            Ok(value.map(|value| (key, serde_json::from_slice(&value).unwrap_or_default())))
        })
        .buffer_unordered(AT_A_TIME);
    while let Some(value) = values.next().await {
        states.extend(value?);
    }
    drop(values);
    states.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(states)
}
