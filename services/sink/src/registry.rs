//! Which revisions are written: a key a revision, shared by all sinks.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::{
    self,
    kv::{CreateErrorKind, Store},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tallywire_proto::{ArticleId, subject::WRITTEN_BUCKET};

use crate::files::WriterId;

/// The registry cannot be read or changed at the moment.
#[derive(Debug, thiserror::Error)]
#[error("the registry of written articles: {0}")]
pub struct RegistryError(String);

/// What the registry says of a revision.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Claim {
    /// It is stored.
    Written,
    /// Nobody had claimed it, and now it is ours to write.
    Fresh {
        /// The key's revision, with which the claim is marked as written.
        token: u64,
    },
    /// It was claimed before, and nobody said that it is stored: only the claimer's files or objects can tell.
    Unsure {
        /// Who claimed it: another writer, or this one at an earlier delivery.
        writer: WriterId,
        /// When it was claimed: the line cannot be in a file that was last written to before.
        since: SystemTime,
        /// The key's revision, with which the claim can be taken over or marked as written.
        token: u64,
    },
}

#[derive(Debug, Deserialize, Serialize)]
struct Record {
    writer: String,
    written: bool,
}

/// The registry of written revisions.
pub struct Registry {
    store: Store,
}

impl Registry {
    /// Opens the registry.
    ///
    /// # Errors
    /// When the bucket does not exist or the server does not answer.
    pub async fn open(jetstream: &jetstream::Context) -> Result<Self, RegistryError> {
        let store = jetstream.get_key_value(WRITTEN_BUCKET).await.map_err(|error| failed(&error))?;
        Ok(Self { store })
    }

    /// Claims a revision for a writer, or says who has.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn claim(&self, id: ArticleId, revision: u32, writer: &WriterId) -> Result<Claim, RegistryError> {
        let key = key(id, revision);
        match self.store.create(&key, record(writer, false)?).await {
            Ok(token) => return Ok(Claim::Fresh { token }),
            Err(error) if error.kind() == CreateErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&error)),
        }
        let entry = self.store.entry(&key).await.map_err(|error| failed(&error))?;
        let entry = entry.ok_or_else(|| RegistryError(format!("{key} came and went")))?;
        let record: Record = serde_json::from_slice(&entry.value).map_err(|error| failed(&error))?;
        if record.written {
            return Ok(Claim::Written);
        }
        let since = SystemTime::UNIX_EPOCH + Duration::from_secs(entry.created.unix_timestamp().max(0).unsigned_abs());
        Ok(Claim::Unsure { writer: WriterId::known(&record.writer), since, token: entry.revision })
    }

    /// Takes over the claim of a writer that died.
    ///
    /// # Errors
    /// When the server does not answer, or somebody else was faster.
    pub async fn take_over(
        &self,
        id: ArticleId,
        revision: u32,
        writer: &WriterId,
        token: u64,
    ) -> Result<u64, RegistryError> {
        self.update(id, revision, record(writer, false)?, token).await
    }

    /// Marks a revision as written.
    ///
    /// # Errors
    /// When the server does not answer, or the claim was taken over.
    pub async fn mark(
        &self,
        id: ArticleId,
        revision: u32,
        writer: &WriterId,
        token: u64,
    ) -> Result<u64, RegistryError> {
        self.update(id, revision, record(writer, true)?, token).await
    }

    async fn update(&self, id: ArticleId, revision: u32, record: Bytes, token: u64) -> Result<u64, RegistryError> {
        self.store.update(key(id, revision), record, token).await.map_err(|error| failed(&error))
    }
}

fn record(writer: &WriterId, written: bool) -> Result<Bytes, RegistryError> {
    let record = Record { writer: writer.to_string(), written };
    serde_json::to_vec(&record).map(Into::into).map_err(|error| failed(&error))
}

fn key(id: ArticleId, revision: u32) -> String {
    format!("{id}.{revision}")
}

fn failed(error: &impl std::error::Error) -> RegistryError {
    RegistryError(error.to_string())
}
