//! The archive: what was fetched, as WARC, stored before it is announced.
//!
//! An article whose archive cannot be written is not published, and tried again at the next poll. So the archive holds
//! every article that anybody hears of. One that was archived and then not published, since the fetcher died between the
//! two, is archived a second time.

mod file;
mod object;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tallywire_proto::Fetched;
use tallywire_runtime::{CancellationToken, Config};
use tallywire_store::{Enough, Place, PlaceError, StoreError, fill};
use tallywire_warc::{Archived, Page};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tracing::warn;

use self::{file::Files, object::Objects};

/// Articles that wait together for the object that holds them.
pub(crate) const TOGETHER: usize = 32;
/// How often the age of a file is looked at while nothing is written.
const TICK: Duration = Duration::from_secs(5);
/// What is called the maker of the archive.
const SOFTWARE: &str = concat!("tallywire-fetcher/", env!("CARGO_PKG_VERSION"));

/// The archive cannot be opened, or does not take an article.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// `archive.out` names neither a folder nor a bucket.
    #[error("archive.out: {0}")]
    Place(#[from] PlaceError),
    /// The store has no such bucket, or does not let us in.
    #[error("archive.out: {0}")]
    Store(#[from] StoreError),
    /// It cannot be written to.
    #[error("the archive: {0}")]
    Write(String),
    /// The service ends.
    #[error("the archive takes no more")]
    Stopped,
}

/// The way to the archive.
#[derive(Clone)]
pub(crate) struct Archive {
    entries: mpsc::Sender<Entry>,
    /// Whether articles wait for each other.
    pub(crate) gathers: bool,
}

struct Entry {
    article: Archived,
    done: oneshot::Sender<Result<(), String>>,
}

/// Where records go.
enum Target {
    Files(Arc<Mutex<Files>>),
    Objects(Objects),
}

impl Archive {
    /// Opens the archive, where one is to be written. What writes it ends after the last way to it is gone.
    ///
    /// # Errors
    /// When its place cannot be used.
    pub(crate) async fn open(
        config: &Config,
        stop: CancellationToken,
        abort: CancellationToken,
    ) -> Result<Option<(Self, JoinHandle<()>)>, ArchiveError> {
        let settings = &config.archive;
        if !settings.write {
            return Ok(None);
        }
        let (target, enough) = match place(config)? {
            Place::Folder(folder) => {
                let files = Files::open(folder, settings.clone())?;
                // What is there at the moment shares a flush to the disk.
                (
                    Target::Files(Arc::new(Mutex::new(files))),
                    Enough { bytes: u64::MAX, count: TOGETHER, after: Duration::ZERO },
                )
            }
            Place::Bucket(bucket) => {
                match bucket.check().await {
                    Err(error) if error.is_final() => return Err(error.into()),
                    Err(error) => warn!(%error, "the store does not answer"),
                    Ok(()) => {}
                }
                let enough =
                    Enough { bytes: settings.object_bytes.as_u64(), count: usize::MAX, after: settings.object_after };
                (Target::Objects(Objects::new(bucket, abort)), enough)
            }
        };
        let (entries, receiver) = mpsc::channel(TOGETHER);
        let gathers = matches!(target, Target::Objects(_));
        let writer = tokio::spawn(target.run(receiver, enough, stop));
        Ok(Some((Self { entries, gathers }, writer)))
    }

    /// Archives an article, and returns when it is stored.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) async fn keep(&self, fetched: &Fetched, page: Option<Page>) -> Result<(), ArchiveError> {
        let (done, answer) = oneshot::channel();
        let entry = Entry { article: Archived::new(fetched, page), done };
        self.entries.send(entry).await.map_err(|_| ArchiveError::Stopped)?;
        answer.await.map_err(|_| ArchiveError::Stopped)?.map_err(ArchiveError::Write)
    }
}

/// Where the archive is, as configured.
///
/// # Errors
/// When that is no place.
pub fn place(config: &Config) -> Result<Place, PlaceError> {
    if config.archive.out == PathBuf::new() {
        return Ok(Place::of(&config.sink.out)?.below("archive"));
    }
    Place::of(&config.archive.out)
}

impl Target {
    /// Stores what comes, and answers when it is stored.
    async fn run(self, mut entries: mpsc::Receiver<Entry>, enough: Enough, stop: CancellationToken) {
        loop {
            let first = match tokio::time::timeout(TICK, entries.recv()).await {
                Ok(Some(first)) => first,
                Ok(None) => break,
                Err(_) => {
                    if let Self::Files(files) = &self {
                        lock(files).end_if_due();
                    }
                    continue;
                }
            };
            let size = |entry: &Entry| {
                entry.article.page.as_ref().map_or(entry.article.fetched.document.body.len(), |page| page.bytes.len())
            };
            let batch = fill(first, &mut entries, size, enough, &stop).await;
            let (articles, waiting): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|entry| (entry.article, entry.done)).unzip();
            let stored = match &self {
                Self::Files(files) => {
                    let files = files.clone();
                    aside(move || lock(&files).append(&articles)).await
                }
                Self::Objects(objects) => objects.store(articles).await,
            };
            for done in waiting {
                // Nobody waits for the answer any more when the service stops.
                let _ = done.send(stored.clone());
            }
        }
        if let Self::Files(files) = self {
            lock(&files).end();
        }
    }
}

fn lock(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does what would hold up others on a thread of its own.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?
}
