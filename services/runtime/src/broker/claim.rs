//! Claim check: a message over the inline limit leaves its body in the object store and carries a reference.

use std::time::Duration;

use async_nats::jetstream::{self, object_store::ObjectStore};
use bytes::Bytes;
use tallywire_proto::subject::{PAGES_BUCKET, Stream};
use tokio::{
    io::AsyncReadExt,
    sync::{Mutex, OnceCell},
};

use super::error::describe;

/// The bucket of bodies over the inline limit.
pub struct Claims {
    jetstream: jetstream::Context,
    /// Opened when a body first needs it: most users of the broker never do, and have no right to.
    opened: OnceCell<Opened>,
    /// Held while a body is stored, so that the room which was found is there still.
    storing: Mutex<()>,
}

struct Opened {
    store: ObjectStore,
    stream: jetstream::stream::Stream,
}

/// The stream behind the bucket (NATS ADR-20).
pub(super) const STREAM: &str = "OBJ_pages";
/// What a body takes beside itself: its chunks' headers and its entry in the bucket, generously.
const OVERHEAD: u64 = 64 * 1024;
/// What an error says when the bucket has no room.
pub(super) const FULL: &str = "the bucket is full";
/// How long the reading of a body may take. A body whose chunks are gone would never come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The body that a message refers to cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// It is gone: it was deleted, or has aged out.
    #[error("the object {0} that holds the body is gone")]
    Gone(String),
    /// It is there and cannot be read whole: a part of it is missing or wrong.
    #[error("the object {name} that holds the body is broken: {reason}")]
    Broken {
        /// The object.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// It cannot be read or written at the moment.
    #[error("object {name}: {reason}")]
    Store {
        /// The object.
        name: String,
        /// What the server says.
        reason: String,
    },
}

impl Claims {
    pub(super) fn new(jetstream: jetstream::Context) -> Self {
        Self { jetstream, opened: OnceCell::new(), storing: Mutex::default() }
    }

    /// The bucket; the error is what the server says.
    async fn opened(&self) -> Result<&Opened, String> {
        let open = || async {
            let store = self.jetstream.get_object_store(PAGES_BUCKET).await.map_err(|error| describe(&error))?;
            let stream = self.jetstream.get_stream(STREAM).await.map_err(|error| describe(&error))?;
            Ok(Opened { store, stream })
        };
        self.opened.get_or_try_init(open).await
    }

    /// Stores a body under a name of its own, and returns the name.
    ///
    /// The name is new each time: a second copy of a message never shares its body with the first, whose stage
    /// deletes it when it is done.
    pub(super) async fn put(&self, message_id: &str, body: &Bytes, stream: Stream) -> Result<String, ClaimError> {
        let name = format!("{message_id}:{:016x}", rand::random::<u64>());
        let error = |reason: String| ClaimError::Store { name: name.clone(), reason };
        let _alone = self.storing.lock().await;
        let Opened { store, stream: bucket } = self.opened().await.map_err(error)?;
        // A body that is stored in part stays in part, and takes up room until it ages out: look first.
        let info = bucket.get_info().await.map_err(|cause| error(cause.to_string()))?;
        let size = u64::try_from(info.config.max_bytes).unwrap_or(u64::MAX);
        let room = size.saturating_sub(info.state.bytes);
        // The way's beginning leaves room for its end, or nothing could move on to make room.
        let reserve = if stream == Stream::Fetched { size / 4 } else { 0 };
        if room < body.len() as u64 + OVERHEAD + reserve {
            return Err(error(FULL.to_owned()));
        }
        store.put(name.as_str(), &mut body.as_ref()).await.map_err(|cause| error(cause.to_string()))?;
        Ok(name)
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Bytes, ClaimError> {
        let late = |_| ClaimError::Broken { name: name.to_owned(), reason: "it does not come".to_owned() };
        tokio::time::timeout(PATIENCE, self.read(name)).await.map_err(late)?
    }

    async fn read(&self, name: &str) -> Result<Bytes, ClaimError> {
        use async_nats::jetstream::object_store::GetErrorKind;

        let error = |reason: String| ClaimError::Store { name: name.to_owned(), reason };
        let store = &self.opened().await.map_err(error)?.store;
        let mut object = store.get(name).await.map_err(|cause| match cause.kind() {
            GetErrorKind::NotFound => ClaimError::Gone(name.to_owned()),
            _ => error(cause.to_string()),
        })?;
        let mut body = Vec::with_capacity(object.info().size);
        let broken = |cause: std::io::Error| ClaimError::Broken { name: name.to_owned(), reason: cause.to_string() };
        object.read_to_end(&mut body).await.map_err(broken)?;
        Ok(body.into())
    }

    /// Deletes a body that nobody needs any more; what is left behind ages out.
    pub(crate) async fn delete(&self, name: &str) {
        let deleted = match self.opened().await {
            Ok(Opened { store, .. }) => store.delete(name).await.map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        if let Err(error) = deleted {
            tracing::debug!(name, error, "object not deleted, it will age out");
        }
    }
}
