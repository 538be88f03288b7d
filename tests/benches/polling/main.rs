//! A bench of the fetcher: the real program, a real nats-server, and publishers on loopback with many feeds.
//!
//! `make bench` runs it. Environment variables set its size: `FEEDS` (10,000), `ARTICLES` of a feed (5), `HOSTS` that
//! the feeds are on (101), `LISTED` feeds in the long list (100,000). Each host takes an open file of the bench's and
//! some of the fetcher's. With fewer feeds than the fetcher can poll in a second, the pass in which nothing has changed
//! goes at the feeds' interval, so only its CPU time says something.
//!
//! Beside the numbers it tells which laws hold that do not depend on the machine, and fails where one is broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has failed")]
#![allow(clippy::cast_sign_loss, reason = "sizes and times are not negative")]

#[allow(dead_code, reason = "not every bench reports all of it")]
#[path = "../measure/mod.rs"]
mod measure;
mod publishers;
mod queue;

/// What the end-to-end tests have for this already.
#[allow(dead_code, unused_imports, unreachable_pub, reason = "a bench needs less of it than the stories do")]
#[path = "../../e2e/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use measure::{report::Report, usage::Usage};
use publishers::{Counts, Publishers};
use queue::Queue;
use support::{Pipeline, Process, metrics, program};
use tokio::signal::unix::{SignalKind, signal};

/// How long a phase may take before the bench gives up.
const PATIENCE: Duration = Duration::from_mins(5);
/// How often the bench looks whether something has come about: what its times are good to.
const LOOK: Duration = Duration::from_millis(5);
/// An interval in which no feed comes due twice.
const LONG: &str = "6h";
/// The shortest interval there is.
const SHORT: &str = "1s";
/// Polls of each feed, on average, in the pass in which nothing has changed.
const UNCHANGED_PASSES: u64 = 3;
/// Longer than the fetcher takes to see that `feeds.toml` has changed, and than a poll takes to end.
const SETTLED: Duration = Duration::from_secs(3);

/// How large a bench is.
struct Size {
    feeds: usize,
    articles: usize,
    hosts: usize,
    listed: usize,
}

impl Size {
    fn from_environment() -> Self {
        let number = |name: &str, default| match std::env::var(name) {
            Ok(text) if !text.is_empty() => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
            _ => default,
        };
        Self {
            feeds: number("FEEDS", 10_000).max(1),
            articles: number("ARTICLES", 5).max(1),
            // Odd, so that every host has feeds of both kinds.
            hosts: number("HOSTS", 101).max(1),
            listed: number("LISTED", 100_000),
        }
    }
}

#[tokio::main]
async fn main() {
    let size = Size::from_environment();
    // Built before anything is timed.
    program("tallywire-fetcher");
    tokio::select! {
        report = bench(&size) => {
            report.print();
            report.assert_laws();
        }
        // Its processes end with what is dropped here.
        () = told_to_end() => eprintln!("stopped before the bench was done"),
    }
}

async fn told_to_end() {
    let mut terminate = signal(SignalKind::terminate()).unwrap();
    let mut interrupt = signal(SignalKind::interrupt()).unwrap();
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

async fn bench(size: &Size) -> Report {
    let mut report = Report::default();
    first_and_later_passes(size, &mut report).await;
    long_list(size, &mut report).await;
    report
}

/// A fetcher's first pass over all feeds, a restart, and passes in which no feed has changed.
async fn first_and_later_passes(size: &Size, report: &mut Report) {
    let publishers = Publishers::start(size.hosts, size.articles).await;
    let mut pipeline = fetcher_alone(&publishers.feeds_toml(size.feeds, LONG), &[]).await;
    first_pass(size, &publishers, &mut pipeline, report).await;
    pipeline.terminate("fetcher");
    restart(&publishers, &mut pipeline, report).await;
    unchanged_passes(size, &publishers, &mut pipeline, report).await;
}

async fn first_pass(size: &Size, publishers: &Publishers, pipeline: &mut Pipeline, report: &mut Report) {
    let (feeds, articles) = (size.feeds as u64, (size.feeds * size.articles) as u64);
    let queue = Queue::drain(pipeline.nats.jetstream().await);
    let begun = Instant::now();
    let fetcher = pipeline.start("fetcher");
    until("a first request", async || publishers.counts().all() > 0).await;
    report.time("load", "start to first request", begun.elapsed());
    let (begun, before) = (Instant::now(), Usage::of(fetcher.id()));
    until("all articles", async || publishers.counts().read >= feeds && queue.articles() >= articles).await;
    let (took, after) = (begun.elapsed(), Usage::of(fetcher.id()));
    let counts = publishers.counts();
    let (requests, published, cpu) =
        (counts.all() as f64, queue.articles() as f64, after.cpu.saturating_sub(before.cpu));
    report.number("first pass", "requests", "", requests);
    report.number("first pass", "requests for pages", "", counts.pages as f64);
    report.number("first pass", "articles", "", published);
    report.number("first pass", "size of a message", "B", queue.bytes() as f64 / published);
    report.time("first pass", "wall time", took);
    report.number("first pass", "requests a second", "", requests / took.as_secs_f64());
    report.number("first pass", "articles a second", "", published / took.as_secs_f64());
    report.time("first pass", "CPU time", cpu);
    report.number("first pass", "CPU time a request", "us", micros(cpu) / requests);
    report.number("first pass", "peak memory", "MiB", after.peak_mib);
    report.number("first pass", "open files", "", after.files as f64);
    until("all polls done", async || polls(&metrics(fetcher).await, "read") >= feeds).await;
    // What came of the last of them is on its way to the broker.
    tokio::time::sleep(SETTLED).await;
    report.law("each feed is asked for once in a pass", publishers.counts().read == feeds);
    report.law("each article is published once", queue.articles() == articles);
}

async fn restart(publishers: &Publishers, pipeline: &mut Pipeline, report: &mut Report) {
    let before = publishers.counts().all();
    let begun = Instant::now();
    let fetcher = pipeline.start("fetcher");
    until_polling(fetcher).await;
    report.time("restart", "start to polling", begun.elapsed());
    tokio::time::sleep(SETTLED).await;
    let early = publishers.counts().all() - before;
    report.time("restart", "CPU time", Usage::of(fetcher.id()).cpu);
    report.number("restart", "requests within 3 s", "", early as f64);
    report.law("a restart polls nothing early", early == 0);
}

async fn unchanged_passes(size: &Size, publishers: &Publishers, pipeline: &mut Pipeline, report: &mut Report) {
    let fetcher = pipeline.services("fetcher").next().unwrap().id();
    let at_restart = publishers.counts();
    rewrite(pipeline, &publishers.feeds_toml(size.feeds, SHORT));
    until("a request", async || publishers.counts().all() > at_restart.all()).await;
    let (begun, first, before) = (Instant::now(), publishers.counts().all(), Usage::of(fetcher));
    let enough = first + UNCHANGED_PASSES * size.feeds as u64;
    until("all feeds asked for again", async || publishers.counts().all() >= enough).await;
    let (took, last, after) = (begun.elapsed(), publishers.counts().all(), Usage::of(fetcher));
    let requests = (last - first) as f64;
    report.number("unchanged", "requests", "", requests);
    report.time("unchanged", "wall time", took);
    report.number("unchanged", "requests a second", "", requests / took.as_secs_f64());
    report.number("unchanged", "CPU time a poll", "us", micros(after.cpu.saturating_sub(before.cpu)) / requests);
    report.number("unchanged", "memory before", "MiB", before.resident_mib);
    report.number("unchanged", "memory after", "MiB", after.resident_mib);
    // Without feeds no poll is begun, and those under way end: requests and polls can be compared.
    rewrite(pipeline, "");
    let counts = until_quiet(publishers).await;
    let requests = counts.all() - at_restart.all();
    let metrics = metrics(pipeline.services("fetcher").next().unwrap()).await;
    report.law("an unchanged feed is answered with 304", counts.unchanged - at_restart.unchanged == requests);
    report.law("a poll of an unchanged feed is one request", polls(&metrics, "unchanged") == requests);
}

/// A list of feeds far longer than what is polled: what it costs to read it.
async fn long_list(size: &Size, report: &mut Report) {
    let publishers = Publishers::start(1, 0).await;
    let feeds = publishers.feeds_toml(size.listed, LONG);
    let mut pipeline = fetcher_alone(&feeds, &["fetcher.concurrency=1"]).await;
    let begun = Instant::now();
    let fetcher = pipeline.start("fetcher");
    until_polling(fetcher).await;
    let (took, used) = (begun.elapsed(), Usage::of(fetcher.id()));
    report.number("long list", "feeds", "", size.listed as f64);
    report.time("long list", "start to polling", took);
    report.time("long list", "CPU time", used.cpu);
    report.number("long list", "peak memory", "MiB", used.peak_mib);
    report.number("long list", "memory", "MiB", used.resident_mib);
}

/// A broker and the configuration of a fetcher that is held up by nothing but its work.
async fn fetcher_alone(feeds: &str, more: &[&str]) -> Pipeline {
    let own = ["fetcher.concurrency=64", "fetcher.host_delay=0s", "fetcher.lease=1m"];
    let pairs: Vec<_> = own.iter().chain(more).filter_map(|pair| pair.split_once('=')).collect();
    Pipeline::new(feeds, &pairs).await
}

/// Replaces `feeds.toml` in one go: the fetcher must not read half of it.
fn rewrite(pipeline: &Pipeline, feeds: &str) {
    let new = pipeline.path("feeds.toml.new");
    std::fs::write(&new, feeds).unwrap();
    std::fs::rename(new, pipeline.path("feeds.toml")).unwrap();
}

/// How many polls came to this, by the fetcher's metrics.
fn polls(metrics: &str, outcome: &str) -> u64 {
    let name = format!("tallywire_polls_total{{outcome=\"{outcome}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&name)?.parse().ok()).unwrap_or(0)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Waits until a fetcher has read its feeds.
async fn until_polling(fetcher: &Process) {
    until("the fetcher polls", async || fetcher.log().contains("\"polling\"")).await;
}

/// Waits until nothing is asked for any more.
async fn until_quiet(publishers: &Publishers) -> Counts {
    let mut before = publishers.counts();
    until("no request comes any more", async || {
        tokio::time::sleep(SETTLED).await;
        let requests = before.all();
        before = publishers.counts();
        before.all() == requests
    })
    .await;
    before
}

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "waited {} s in vain: {what}", PATIENCE.as_secs());
        tokio::time::sleep(LOOK).await;
    }
}
