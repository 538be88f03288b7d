//! The sink as a handler of the stage loop.

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use jiff::Timestamp;
use tallywire_proto::{ArticleId, Enriched, Moment};
use tallywire_runtime::{
    CancellationToken, Context, Delivery, Failure, Handler, Metrics, TraceParent, broker::BrokerError, config,
    service::OwnFlags,
};
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use crate::{
    files::WriterId,
    recover::{RecoverError, has_line, is_alive, recover},
    registry::{Claim, Registry, RegistryError},
    writer::{Line, WriteError, Writer},
};

/// The stage's name.
pub const NAME: &str = "sink";

/// Articles under way at a time: they share one flush to the disk.
const IN_FLIGHT: usize = 128;
/// The wait after a failed write, doubled each time up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

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
}

/// Runs the sink until the service stops.
///
/// # Errors
/// When the folder cannot be used, or the broker refuses something.
pub async fn run(context: Context) -> Result<(), SinkError> {
    let settings = context.config.sink.clone();
    if !settings.stdout {
        recover(&settings.out, settings.compression)?;
    }
    let id = WriterId::random();
    let registry = Registry::open(context.broker.jetstream(), id.clone()).await?;
    let (lines, thread) = Writer::start(settings.clone(), id.clone())?;
    let sink = Sink {
        under_way: UnderWay::default(),
        registry,
        writer: id,
        lines,
        settings,
        metrics: context.metrics.clone(),
        stop: context.stop.clone(),
        abort: context.abort.clone(),
    };
    context.run_handler(sink, IN_FLIGHT).await?;
    // The sender is gone with the sink: the writer ends its file and stops.
    match tokio::task::spawn_blocking(move || thread.join()).await {
        Ok(Ok(ended)) => Ok(ended?),
        Ok(Err(_)) | Err(_) => Err(SinkError::Thread(io::Error::other("it broke off"))),
    }
}

/// An article's revision.
type Key = (ArticleId, u32);

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
pub struct Sink {
    under_way: UnderWay,
    registry: Registry,
    writer: WriterId,
    lines: mpsc::Sender<Line>,
    settings: config::Sink,
    metrics: Metrics,
    stop: CancellationToken,
    abort: CancellationToken,
}

impl Handler for Sink {
    const NAME: &'static str = NAME;
    type In = Enriched;

    async fn handle(&self, delivery: Delivery<Enriched>) -> Result<(), Failure> {
        let enriched = delivery.message;
        let key = (enriched.article.id, enriched.article.revision);
        let Some(_guard) = self.under_way.enter(key) else {
            return Err(Failure::Wait("another delivery of it is being written".to_owned()));
        };
        let Some(token) = self.claim(key).await? else { return Ok(()) };
        let mut bytes = serde_json::to_vec(&enriched).map_err(|error| Failure::Reject(error.to_string()))?;
        bytes.push(b'\n');
        let begun = Instant::now();
        self.metrics.files.wrote(self.write(bytes).await?);
        self.metrics.articles.took(NAME, begun.elapsed().as_secs_f64(), &delivery.trace);
        self.note_age(&enriched, &delivery.trace);
        self.registry.mark(key.0, key.1, token).await?;
        Ok(())
    }
}

impl Sink {
    /// Notes how long the article took. Of a later revision that would say nothing: it may be a replay.
    fn note_age(&self, enriched: &Enriched, trace: &TraceParent) {
        let (article, now) = (&enriched.article, Timestamp::now());
        if article.revision > 1 {
            return;
        }
        let since = |then: Timestamp, now: Timestamp| now.duration_since(then).as_secs_f64();
        let to_enriched = since(article.fetched_at, enriched.enriched_at);
        self.metrics.files.since_fetched(to_enriched, since(article.fetched_at, now), trace);
        // A day alone tells no time.
        if let Some(Moment::Instant(published, _)) = article.published_at {
            self.metrics.files.since_published(since(published, now), trace);
        }
    }

    /// Claims a revision; none if it is on the disk already.
    async fn claim(&self, (id, revision): Key) -> Result<Option<u64>, Failure> {
        match self.registry.claim(id, revision).await? {
            Claim::Written => Ok(None),
            Claim::Fresh { token } => Ok(Some(token)),
            Claim::Unsure { writer, since, token } => {
                if self.has_line(writer, since, id.to_string(), revision).await? {
                    self.registry.mark(id, revision, token).await?;
                    return Ok(None);
                }
                Ok(Some(self.registry.take_over(id, revision, token).await?))
            }
        }
    }

    /// Whether a writer wrote a revision before it died, or before its answer got lost. Waits for one that lives.
    async fn has_line(&self, writer: WriterId, since: SystemTime, id: String, revision: u32) -> Result<bool, Failure> {
        if self.settings.stdout {
            return Ok(false);
        }
        let (out, own) = (self.settings.out.clone(), writer == self.writer);
        let look = move || {
            // Looked at first: one that dies after that has written what it ever will.
            let alive = !own && is_alive(&out, &writer)?;
            let found = has_line(&out, &writer, since, &id, revision)?;
            // One that lives may be about to write it.
            Ok(if alive && !found { None } else { Some(found) })
        };
        let looked: Result<io::Result<Option<bool>>, _> = tokio::task::spawn_blocking(look).await;
        match looked {
            Ok(Ok(Some(found))) => Ok(found),
            Ok(Ok(None)) => Err(Failure::Wait("another sink is about to write it".to_owned())),
            Ok(Err(error)) => Err(Failure::Wait(format!("{}: {error}", self.settings.out.display()))),
            Err(error) => Err(Failure::Wait(error.to_string())),
        }
    }

    /// Writes a line, however long the disk is full: an article is not to blame for that. Returns its length in bytes.
    async fn write(&self, bytes: Vec<u8>) -> Result<usize, Failure> {
        let mut wait = FIRST_WAIT;
        loop {
            let (done, answer) = oneshot::channel();
            if self.lines.send(Line { bytes: bytes.clone(), done }).await.is_err() {
                // The writer has said why.
                self.stop.cancel();
                return Err(Failure::Wait("the writer has stopped".to_owned()));
            }
            match answer.await {
                Ok(Ok(())) => return Ok(bytes.len()),
                Ok(Err(error)) => {
                    warn!(%error, retry_in = ?wait, "not written: is the disk full?");
                    self.metrics.files.failed();
                }
                Err(_) => return Err(Failure::Wait("the writer has stopped".to_owned())),
            }
            tokio::select! {
                () = self.abort.cancelled() => return Err(Failure::Wait("stopped while writing".to_owned())),
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
            }
        }
    }
}
