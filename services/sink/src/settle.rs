//! Which lines another writer of objects has stored, and that it stores no more of them.
//!
//! It may be dead, or only cut off for a while. Either way it must not store a line after somebody has looked for it and
//! found none. So its next name is taken away from it: an object without lines is created under that. The store gives
//! each name once, so either that object is there, or the writer's own, which is then looked at too.

use std::{
    collections::{HashMap, HashSet},
    io,
    sync::Arc,
};

use tallywire_store::{Bucket, Created, StoreError};
use tracing::info;

use crate::{objects::ObjectName, output::Key};

/// Terms that are kept in memory: those of the writers that died lately.
const MOST_TERMS: usize = 16;

/// It cannot be told what a writer has stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettleError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{name} cannot be read: {error}")]
    Read { name: String, error: io::Error },
}

/// What terms that are over have stored.
#[derive(Default)]
pub(crate) struct Settled {
    /// By term: from which number on, and what.
    terms: HashMap<String, (u64, Arc<HashSet<Key>>)>,
}

impl Settled {
    /// The revisions in the objects of another writer's term, from a name on. The term is over then.
    pub(crate) async fn end(&mut self, bucket: &Bucket, from: &ObjectName) -> Result<Arc<HashSet<Key>>, SettleError> {
        if let Some((number, keys)) = self.terms.get(from.term())
            && *number <= from.number()
        {
            return Ok(keys.clone());
        }
        let keys = loop {
            let stored = stored(bucket, from).await?;
            // One without lines took the name away from the writer before.
            if stored.is_over {
                break stored.keys;
            }
            let object = stored.next.encode(Vec::new()).map_err(|error| unreadable(&stored.next, error))?;
            match bucket.create(&stored.next.path(), object).await? {
                Created::New => {
                    info!(object = %stored.next.path(), "ended a row of names: its sink does not answer, or its day is over");
                    break stored.keys;
                }
                Created::Taken => {}
            }
        };
        if self.terms.len() >= MOST_TERMS {
            self.terms.clear();
        }
        let keys = Arc::new(keys);
        self.terms.insert(from.term().to_owned(), (from.number(), keys.clone()));
        Ok(keys)
    }
}

/// What a term has stored from a name on.
pub(crate) struct Stored {
    pub(crate) keys: HashSet<Key>,
    /// The name that it stores next.
    next: ObjectName,
    /// Whether it can store no more.
    is_over: bool,
}

/// Looks at what a term has stored from a name on.
pub(crate) async fn stored(bucket: &Bucket, from: &ObjectName) -> Result<Stored, SettleError> {
    let mut stored = Stored { keys: HashSet::new(), next: from.clone(), is_over: false };
    let listed = bucket.list(&from.folder(), &from.before()).await?;
    let names = listed.iter().filter_map(|path| ObjectName::at(path)).take_while(|name| name.term() == from.term());
    for name in names {
        let keys = name.keys(bucket.get(&name.path()).await?).map_err(|error| unreadable(&name, error))?;
        stored.is_over |= keys.is_empty();
        stored.keys.extend(keys);
        stored.next = name.next();
    }
    Ok(stored)
}

fn unreadable(name: &ObjectName, error: io::Error) -> SettleError {
    SettleError::Read { name: name.path(), error }
}
