//! Lines into objects of a bucket.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tallywire_runtime::{CancellationToken, Failure};
use tallywire_store::Bucket;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::{
    files::WriterId,
    object_writer::Entry,
    objects::ObjectName,
    output::{Key, Output, Written},
    settle::{SettleError, Settled, stored},
};

/// The object that is gathered at the moment, as the writer says and those read who claim.
#[derive(Clone)]
pub(crate) struct Current(Arc<Mutex<ObjectName>>);

impl Current {
    pub(crate) fn new(name: ObjectName) -> Self {
        Self(Arc::new(Mutex::new(name)))
    }

    pub(crate) fn get(&self) -> ObjectName {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, name: ObjectName) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }
}

/// The way to the writer, and to the objects of others.
pub(crate) struct Objects {
    pub(crate) bucket: Bucket,
    /// Names this run of this sink.
    pub(crate) process: String,
    pub(crate) current: Current,
    pub(crate) entries: mpsc::Sender<Entry>,
    /// Held while one looks: others look for the same.
    pub(crate) settled: AsyncMutex<Settled>,
    /// How old a claim of another is before its writer is no longer waited for.
    pub(crate) patience: Duration,
    /// Cancelled when the service can do no more work.
    pub(crate) stop: CancellationToken,
}

impl From<SettleError> for Failure {
    fn from(error: SettleError) -> Self {
        // The store is away: no article is to blame.
        Self::Wait(error.to_string())
    }
}

impl Objects {
    /// The writer has said why.
    fn writer_is_gone(&self) -> Failure {
        self.stop.cancel();
        Failure::Wait("the writer has stopped".to_owned())
    }
}

impl Output for Objects {
    /// So many that objects are not tiny, and so few that they fit into memory.
    const IN_FLIGHT: usize = 512;

    fn claimer(&self) -> WriterId {
        WriterId::known(&self.current.get().to_string())
    }

    async fn write(&self, claimer: &WriterId, line: Bytes) -> Result<Written, Failure> {
        // What was not claimed with an object's name was not claimed here.
        let Some(name) = ObjectName::parse(&claimer.to_string()) else { return Ok(Written::Displaced) };
        let (done, answer) = oneshot::channel();
        self.entries.send(Entry { line, claimed: name, done }).await.map_err(|_| self.writer_is_gone())?;
        answer.await.map_err(|_| self.writer_is_gone())
    }

    async fn has_line(&self, claimer: WriterId, since: SystemTime, key: Key) -> Result<bool, Failure> {
        // A sink that wrote into a folder, which is not looked into.
        let Some(name) = ObjectName::parse(&claimer.to_string()) else { return Ok(false) };
        let is_own = name.is_of_process(&self.process);
        if is_own && name.term() == self.current.get().term() {
            // Nothing of it is on its way: this delivery is the only one under way here.
            return Ok(stored(&self.bucket, &name).await?.keys.contains(&key));
        }
        // A clock that is wrong only makes for a longer or shorter wait.
        if !is_own && since.elapsed().is_ok_and(|age| age < self.patience) {
            return Err(Failure::Wait("another sink may be about to write it".to_owned()));
        }
        Ok(self.settled.lock().await.end(&self.bucket, &name).await?.contains(&key))
    }
}
