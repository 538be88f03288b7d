//! `tallywire replay`

mod archive;
mod chunks;
mod range;
mod remade;

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use tallywire_fetcher::{Revisions, Turn};
use tallywire_runtime::{
    Broker, CancellationToken, Lifecycle, TraceParent,
    telemetry::{Screen, init_logs},
};
use tokio::sync::{Mutex, mpsc};

use self::remade::Remade;
use crate::{connection::Connection, terminal};

/// Articles that are published at the same time.
const TOGETHER: usize = 16;
/// Articles that are read ahead.
const AHEAD: usize = 16;
/// How long what is being published may take after the user wants it to end.
const DRAIN: Duration = Duration::from_secs(2);

#[derive(Args)]
#[command(group(clap::ArgGroup::new("source").required(true).args(["archive", "since"])))]
pub(crate) struct ReplayArguments {
    /// A file or folder of WARC files that the fetcher wrote (archive.write), or a bucket's address
    #[arg(long, value_name = "PATH|URL")]
    archive: Option<std::path::PathBuf>,
    /// Enriched articles that the server still keeps, from this time on: 2026-11-23T09:00:00Z, or how long ago: 2h
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Up to this time [default: now]
    #[arg(long, value_name = "TIME", value_parser = time, requires = "since")]
    until: Option<Timestamp>,
    /// The first stage that is to work again
    #[arg(long, value_enum, value_name = "STAGE", default_value_t = FromStage::Cleaner)]
    from_stage: FromStage,
    /// Only articles of this feed
    #[arg(long, value_name = "ID")]
    feed: Option<String>,
    /// Names this run: what a run of this name has published is not published again [default: the time of the start]
    #[arg(long, value_name = "NAME", value_parser = run_name)]
    run: Option<String>,
    /// At most so many articles a second [default: as many as the queue takes]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: Option<u32>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    connection: Connection,
}

/// The stages that can be gone through again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FromStage {
    /// Pages to articles, and all that follows
    Cleaner,
    /// People, organizations and places, and what follows
    Entities,
    /// Figures and times
    Figures,
}

fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let ago = humantime::parse_duration(text).ok().and_then(|ago| Timestamp::now().checked_sub(ago).ok());
    ago.ok_or_else(|| format!("{text:?} is no time: write 2026-11-23T09:00:00Z, or 2h for two hours ago"))
}

fn run_name(text: &str) -> Result<String, String> {
    let fits = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if fits { Ok(text.to_owned()) } else { Err(format!("{text:?} is no name: 1 to 64 letters, digits, - _ .")) }
}

/// What came of the articles.
#[derive(Default)]
struct Summary {
    published: AtomicU64,
    done: AtomicU64,
    superseded: AtomicU64,
    unreadable: AtomicU64,
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What is read: an article, or why one cannot be.
type Read = anyhow::Result<Remade>;

pub(crate) async fn run(arguments: ReplayArguments) -> anyhow::Result<ExitCode> {
    check(&arguments)?;
    let broker = arguments.connection.attach().await?;
    // It may wait long for room in the queue, and then says so.
    init_logs(&broker.config().log.quiet(), Screen::Plain)?;
    let run = arguments.run.clone().unwrap_or_else(|| Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string());
    let revisions = Revisions::open(broker.jetstream(), broker.config().streams.seen_max_age, &run).await?;
    eprintln!("tallywire: replay, run {run}");
    let lifecycle = Lifecycle::on_signals(DRAIN)?;
    let (sender, articles) = mpsc::channel(AHEAD);
    let replay = Replay {
        broker: &broker,
        revisions,
        arguments: &arguments,
        summary: Summary::default(),
        articles: Mutex::new(articles),
        pace: Mutex::new(arguments.rate.map(|rate| tokio::time::interval(Duration::from_secs(1) / rate))),
    };
    let read = read(&arguments, &broker, sender);
    let work = async {
        let (read, replayed) = tokio::join!(read, replay.work());
        read.and(replayed)
    };
    let outcome = lifecycle.unless_stopped(Box::pin(work)).await;
    terminal::print(&replay.told(&run));
    match outcome {
        None => bail!("interrupted; --run {run} goes on where it ended"),
        Some(outcome) => outcome.with_context(|| format!("broken off; --run {run} goes on where it ended"))?,
    }
    let is_whole = replay.summary.unreadable.load(Ordering::Relaxed) == 0;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An archive holds pages, and the stream what was made of them.
fn check(arguments: &ReplayArguments) -> anyhow::Result<()> {
    match (&arguments.archive, arguments.from_stage) {
        (Some(_), FromStage::Entities | FromStage::Figures) => {
            bail!("an archive holds pages, which begin at the cleaner: leave --from-stage out, or give --since")
        }
        (None, FromStage::Cleaner) => bail!(
            "enriched articles have no page any more, so the cleaner cannot work on them again: give --from-stage \
             entities or figures, or an --archive (archive.write makes one from now on)"
        ),
        _ => Ok(()),
    }
}

async fn read(arguments: &ReplayArguments, broker: &Broker, sender: mpsc::Sender<Read>) -> anyhow::Result<()> {
    match (&arguments.archive, arguments.since) {
        (Some(place), _) => archive::read(place, sender).await,
        (None, Some(since)) => {
            let until = arguments.until.unwrap_or_else(Timestamp::now);
            range::read(broker, since, until, arguments.from_stage, arguments.feed.as_deref(), sender).await
        }
        (None, None) => Ok(()),
    }
}

struct Replay<'a> {
    broker: &'a Broker,
    revisions: Revisions,
    arguments: &'a ReplayArguments,
    summary: Summary,
    articles: Mutex<mpsc::Receiver<Read>>,
    pace: Mutex<Option<tokio::time::Interval>>,
}

impl Replay<'_> {
    /// Publishes what is read, several at a time.
    async fn work(&self) -> anyhow::Result<()> {
        let worked = futures::future::try_join_all((0..TOGETHER).map(|_| self.one_by_one())).await;
        // Whoever reads must not wait for room that never comes.
        self.articles.lock().await.close();
        worked.map(drop)
    }

    async fn one_by_one(&self) -> anyhow::Result<()> {
        loop {
            let next = self.articles.lock().await.recv().await;
            match next {
                Some(Ok(article)) => self.replay(article).await?,
                Some(Err(error)) => {
                    eprintln!("tallywire: {error:#}");
                    count(&self.summary.unreadable);
                }
                None => return Ok(()),
            }
        }
    }

    async fn replay(&self, article: Remade) -> anyhow::Result<()> {
        let (id, feed) = article.names();
        if self.arguments.feed.as_ref().is_some_and(|only| only != feed) {
            return Ok(());
        }
        let held = article.held();
        let turn = if self.arguments.dry_run {
            self.revisions.look(id, feed, held).await?
        } else {
            if let Some(pace) = self.pace.lock().await.as_mut() {
                pace.tick().await;
            }
            self.revisions.take(id, feed, held).await?
        };
        match turn {
            Turn::Done => count(&self.summary.done),
            Turn::Superseded => count(&self.summary.superseded),
            Turn::Publish(revision) => {
                if !self.arguments.dry_run {
                    // Not sampled: no span is sent from here, and a trace without its beginning says little.
                    let (trace, stop) = (TraceParent::begin(false), CancellationToken::new());
                    article.publish(self.broker, revision, &trace, &stop).await?;
                    self.revisions.published(id, revision).await?;
                }
                count(&self.summary.published);
            }
        }
        Ok(())
    }

    fn told(&self, run: &str) -> String {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Summary { published, done, superseded, unreadable } = &self.summary;
        let what = if self.arguments.dry_run { "to publish" } else { "published" };
        format!(
            "run {run}: {} {what} anew, {} done by this run before, {} passed over for a newer revision, {} unreadable\n",
            of(published),
            of(done),
            of(superseded),
            of(unreadable)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_an_instant_or_how_long_ago() {
        assert_eq!(time("2026-11-23T09:00:00Z").unwrap().as_second(), 1_795_424_400);
        let ago = Timestamp::now().as_second() - time("2h").unwrap().as_second();
        assert!((7_199..=7_201).contains(&ago), "{ago}");
        assert!(time("soon").unwrap_err().contains("two hours ago"));
    }

    #[test]
    fn a_run_has_a_plain_name() {
        assert_eq!(run_name("new-model_2.1").as_deref(), Ok("new-model_2.1"));
        for bad in ["", "a b", "a/b", &"x".repeat(65)] {
            assert!(run_name(bad).is_err(), "{bad}");
        }
    }
}
