//! The sink as a handler of the stage loop.

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use bytes::Bytes;
use jiff::Timestamp;
use tallywire_proto::{Enriched, Moment};
use tallywire_runtime::{
    Context, Delivery, Failure, Handler, Metrics, TraceParent, Work, broker::BrokerError, service::OwnFlags,
};
use tallywire_store::{Bucket, Place, PlaceError, StoreError};
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tracing::warn;

use crate::{
    file_output::Files,
    files::WriterId,
    object_output::Objects,
    object_recovery::recover_figures,
    object_writer::ObjectWriter,
    output::{Key, Output, Written},
    recover::{RecoverError, recover},
    registry::{Claim, Registry, RegistryError},
    settle::Settled,
    writer::{WriteError, Writer},
};

/// The stage's name.
pub const NAME: &str = "sink";

/// The flags that only the sink has.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct SinkFlags {
    /// Write articles to standard output instead of files (key sink.stdout)
    #[arg(long)]
    stdout: bool,
}

impl OwnFlags for SinkFlags {
    fn keys(&self) -> Vec<(&'static str, String)> {
        if self.stdout { vec![("sink.stdout", true.to_string())] } else { Vec::new() }
    }
}

/// The sink cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The broker refuses something.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The files cannot be brought in order.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// The registry cannot be opened.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The writer cannot start, for want of its first file or its thread, or broke off.
    #[error("the writer: {0}")]
    Thread(#[from] io::Error),
    /// The writer cannot write any more.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// `sink.out` names neither a folder nor a bucket.
    #[error("sink.out: {0}")]
    Place(#[from] PlaceError),
    /// The store would lose articles.
    #[error(
        "sink.out: {0}: the store overwrites an object that is to be created (it does not heed If-None-Match), so that \
         articles could be lost; take another store, or a folder"
    )]
    Overwrites(String),
    /// The store has no such bucket, or does not let us in.
    #[error("sink.out: {0}")]
    Store(#[from] StoreError),
}

/// Runs the sink until the service stops.
///
/// # Errors
/// When the folder or bucket cannot be used, or the broker refuses something.
pub fn run(context: Context) -> Work<SinkError> {
    Box::pin(work(context))
}

async fn work(context: Context) -> Result<(), SinkError> {
    let settings = &context.config.sink;
    match Place::of(&settings.out)? {
        Place::Bucket(bucket) if !settings.stdout => run_on_bucket(context, bucket).await,
        Place::Folder(_) | Place::Bucket(_) => run_on_files(context).await,
    }
}

async fn run_on_files(context: Context) -> Result<(), SinkError> {
    let settings = context.config.sink.clone();
    if !settings.stdout {
        recover(&settings)?;
    }
    let writer = WriterId::random();
    let (lines, thread) = Writer::start(settings.clone(), writer.clone())?;
    let files = Files {
        writer,
        lines,
        settings,
        metrics: context.metrics.files.clone(),
        stop: context.stop.clone(),
        abort: context.abort.clone(),
    };
    run_sink(&context, files).await?;
    // The sender is gone with the sink: the writer ends its file and stops.
    match tokio::task::spawn_blocking(move || thread.join()).await {
        Ok(Ok(ended)) => Ok(ended?),
        Ok(Err(_)) | Err(_) => Err(SinkError::Thread(io::Error::other("it broke off"))),
    }
}

async fn run_on_bucket(context: Context, bucket: Bucket) -> Result<(), SinkError> {
    match bucket.creates_once().await {
        Ok(true) => {}
        Ok(false) => return Err(SinkError::Overwrites(bucket.to_string())),
        Err(error) if error.is_final() => return Err(error.into()),
        // It may come back, as it may go away at any time.
        Err(error) => warn!(%error, "the store does not answer"),
    }
    let settings = context.config.sink.clone();
    if settings.parquet {
        tokio::spawn(recover_figures(bucket.clone(), context.abort.clone()));
    }
    // After this a writer that lives has stored its object, unless the store was away.
    let patience = settings.object_after + context.config.stages.ack_wait;
    let metrics = context.metrics.files.clone();
    let writer = ObjectWriter::new(bucket.clone(), settings, metrics, context.stop.clone(), context.abort.clone());
    let (entries, receiver) = mpsc::channel(Objects::IN_FLIGHT);
    let objects = Objects {
        bucket,
        process: writer.process().to_owned(),
        current: writer.current(),
        entries,
        settled: AsyncMutex::new(Settled::default()),
        patience,
        stop: context.stop.clone(),
    };
    let stored = tokio::spawn(writer.run(receiver));
    run_sink(&context, objects).await?;
    // The sender is gone with the sink: what is gathered is stored, then the writer stops.
    stored.await.map_err(|_| SinkError::Thread(io::Error::other("it broke off")))
}

async fn run_sink<O: Output>(context: &Context, output: O) -> Result<(), SinkError> {
    let registry = Registry::open(context.broker.jetstream()).await?;
    let sink = Sink { under_way: UnderWay::default(), registry, output, metrics: context.metrics.clone() };
    Ok(context.run_handler(sink, O::IN_FLIGHT).await?)
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        // The broker is away or busy: no article is to blame.
        Self::Wait(error.to_string())
    }
}

/// The revisions that this process writes at the moment: a message that the server delivers again while its first
/// delivery is being written must not be written beside it.
#[derive(Clone, Default)]
struct UnderWay(Arc<Mutex<HashSet<Key>>>);

struct UnderWayGuard(UnderWay, Key);

impl UnderWay {
    fn enter(&self, key: Key) -> Option<UnderWayGuard> {
        let entered = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        entered.then(|| UnderWayGuard(self.clone(), key))
    }
}

impl Drop for UnderWayGuard {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// Writes each revision once.
struct Sink<O> {
    under_way: UnderWay,
    registry: Registry,
    output: O,
    metrics: Metrics,
}

/// A revision that is ours to write.
struct Claimed {
    writer: WriterId,
    token: u64,
}

impl<O: Output> Handler for Sink<O> {
    const NAME: &'static str = NAME;
    type In = Enriched;

    async fn handle(&self, delivery: Delivery<Enriched>) -> Result<(), Failure> {
        let (key, line) = line(&delivery.message)?;
        let times = Times::of(&delivery.message, delivery.trace);
        // Only the line is kept while it waits.
        drop(delivery);
        let Some(_guard) = self.under_way.enter(key) else {
            return Err(Failure::Wait("another delivery of it is being written".to_owned()));
        };
        let begun = Instant::now();
        while let Some(Claimed { writer, token }) = self.claim(key).await? {
            if self.output.write(&writer, line.clone()).await? == Written::Yes {
                self.metrics.files.wrote(line.len());
                self.metrics.articles.took(NAME, begun.elapsed().as_secs_f64(), &times.trace);
                self.note(&times);
                self.registry.mark(key.0, key.1, &writer, token).await?;
                break;
            }
        }
        Ok(())
    }
}

/// When what happened to an article: kept while its line waits.
struct Times {
    trace: TraceParent,
    revision: u32,
    published: Option<Timestamp>,
    fetched: Timestamp,
    enriched: Timestamp,
}

impl Times {
    fn of(enriched: &Enriched, trace: TraceParent) -> Self {
        let article = &enriched.article;
        // A day alone tells no time.
        let published = match article.published_at {
            Some(Moment::Instant(published, _)) => Some(published),
            _ => None,
        };
        let (revision, fetched) = (article.revision, article.fetched_at);
        Self { trace, revision, published, fetched, enriched: enriched.enriched_at }
    }
}

/// An article as a line, and what names its revision.
fn line(enriched: &Enriched) -> Result<(Key, Bytes), Failure> {
    let mut bytes = serde_json::to_vec(enriched).map_err(|error| Failure::Reject(error.to_string()))?;
    bytes.push(b'\n');
    Ok(((enriched.article.id, enriched.article.revision), bytes.into()))
}

impl<O: Output> Sink<O> {
    /// Notes how long the article took. Of a later revision that would say nothing: it may be a replay.
    fn note(&self, times: &Times) {
        if times.revision > 1 {
            return;
        }
        let now = Timestamp::now();
        let since = |then: Timestamp, now: Timestamp| now.duration_since(then).as_secs_f64();
        let to_enriched = since(times.fetched, times.enriched);
        self.metrics.files.since_fetched(to_enriched, since(times.fetched, now), &times.trace);
        if let Some(published) = times.published {
            self.metrics.files.since_published(since(published, now), &times.trace);
        }
    }

    /// Claims a revision; none if it is stored already.
    async fn claim(&self, key: Key) -> Result<Option<Claimed>, Failure> {
        let (id, revision) = key;
        let own = self.output.claimer();
        match self.registry.claim(id, revision, &own).await? {
            Claim::Written => Ok(None),
            Claim::Fresh { token } => Ok(Some(Claimed { writer: own, token })),
            Claim::Unsure { writer, since, token } => {
                if self.output.has_line(writer.clone(), since, key).await? {
                    self.registry.mark(id, revision, &writer, token).await?;
                    return Ok(None);
                }
                let own = self.output.claimer();
                let token = self.registry.take_over(id, revision, &own, token).await?;
                Ok(Some(Claimed { writer: own, token }))
            }
        }
    }
}
