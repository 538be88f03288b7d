//! A bench of the whole pipeline: real programs, a real nats-server, publishers on loopback, and files at the end.
//!
//! `make bench-pipeline` runs it. Environment variables:
//!
//! - `PAGES`: a folder of real pages, `*.html` or `*.html.gz`; without one, made-up pages are served
//! - `ARTICLES` (2,896) that are announced at once; `RATE` (50) articles a second for `SECONDS` (60)
//! - `PYTHON`: an interpreter with feedparser, trafilatura, spaCy and quantulum3, the peer; without one, it is left out
//!
//! The publishers run in this process, on the same cores. What they use is a row of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot go on has failed")]

mod alone;
mod files;
#[allow(dead_code, reason = "not every bench reports all of it")]
#[path = "../measure/mod.rs"]
mod measure;
mod pages;
mod peer;
mod publishers;
mod times;

/// What the end-to-end tests have for this already.
#[allow(dead_code, unused_imports, unreachable_pub, reason = "a bench needs less of it than the stories do")]
#[path = "../../e2e/support/mod.rs"]
mod support;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use files::Files;
use measure::{report::Report, usage::Usage};
use publishers::{News, Publishers};
use support::{Pipeline, STAGES, program, ready};
use times::Times;

/// How long a phase may take before the bench gives up.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often the bench looks into the files: what its times are good to.
const LOOK: Duration = Duration::from_millis(2);
/// The time that caches and connections have before anything is measured at a steady rate.
const WARM_UP: Duration = Duration::from_secs(5);
/// Keys that differ from those of the tests: nothing holds the fetcher up, and nothing is hurried.
const SETTINGS: [(&str, &str); 4] = [
    ("fetcher.host_delay", "0s"),
    ("fetcher.host_concurrency", "8"),
    ("fetcher.lease", "1m"),
    ("stages.ack_wait", "30s"),
];

#[tokio::main]
async fn main() {
    let number = |name: &str, default: usize| match std::env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        _ => default,
    };
    let (articles, rate, seconds) = (number("ARTICLES", 2896), number("RATE", 50), number("SECONDS", 60));
    // Built before anything is timed.
    program("tallywire");
    let pages = Arc::new(pages::load());
    let mut report = Report::default();
    report.number("pages", "pages", "", pages.len() as f64);
    let bytes: usize = pages.iter().map(bytes::Bytes::len).sum();
    report.number("pages", "size", "KiB", bytes as f64 / 1024.0 / pages.len() as f64);
    let rate_reached = saturation(&pages, articles, &mut report).await;
    steady(&pages, rate, Duration::from_secs(seconds as u64), &mut report).await;
    if let Some(peer) = peer::run(&pages).await {
        report.number("peer", "articles", "", peer.articles);
        report.number("peer", "articles a second", "", peer.articles / peer.seconds);
        report.number("peer", "ours are so many times", "", rate_reached / (peer.articles / peer.seconds));
    }
    report.print();
    report.assert_laws();
}

/// All articles are announced at once: as many come through as the machine can do.
async fn saturation(pages: &pages::Pages, articles: usize, report: &mut Report) -> f64 {
    let per_host = pages.len().min(articles);
    let hosts = articles.div_ceil(per_host);
    let publishers = Publishers::start(pages.clone(), News::AllAtOnce { per_host }, hosts).await;
    let articles = hosts * per_host;
    let (mut pipeline, before) = started("", report, "start").await;
    let mut files = Files::of(&pipeline.path("out"));
    std::fs::write(pipeline.path("feeds.toml.new"), publishers.feeds_toml("6h")).unwrap();
    std::fs::rename(pipeline.path("feeds.toml.new"), pipeline.path("feeds.toml")).unwrap();
    let mut times = Times::default();
    let begun = Instant::now();
    while times.written() < articles {
        assert!(begun.elapsed() < PATIENCE, "{} of {articles} articles in {PATIENCE:?}", times.written());
        tokio::time::sleep(LOOK).await;
        times.see(files.new_articles());
    }
    pipeline.settled().await;
    let after = used(&mut pipeline);
    let (first, last) = (publishers.first_announcement().unwrap(), times.last().unwrap());
    let wall = last.duration_since(first).as_secs_f64();
    let rate = articles as f64 / wall;
    report.number("saturation", "articles", "", articles as f64);
    report.number("saturation", "articles a second", "", rate);
    let mut all = 0.0;
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        let cpu = millis(after.cpu.saturating_sub(before.cpu)) / articles as f64;
        // What publishers cost is no part of the pipeline.
        all += if *name == PUBLISHERS { 0.0 } else { cpu };
        report.number("CPU an article", name, "ms", cpu);
        report.number("peak memory", name, "MiB", after.peak_mib);
    }
    let alone = alone::run(pages, articles);
    report.number("CPU an article", "all but publishers", "ms", all);
    report.number("CPU an article", "stages in one process", "ms", millis(alone) / articles as f64);
    let latency = times.since(&publishers.announced());
    report.number("saturation", "feed to file, p50", "ms", latency.quantile(0.5));
    report.number("saturation", "feed to file, p95", "ms", latency.quantile(0.95));
    report.number("saturation", "feed to file, p99", "ms", latency.quantile(0.99));
    report.law("at saturation, each article is written once", times.is_once() && times.written() == articles);
    rate
}

/// So many articles a second are announced, each by a feed of its own.
async fn steady(pages: &pages::Pages, rate: usize, length: Duration, report: &mut Report) {
    let publishers = Publishers::start(pages.clone(), News::OneAPoll, rate).await;
    let (mut pipeline, _) = started(&publishers.feeds_toml("1s"), report, "").await;
    let mut files = Files::of(&pipeline.path("out"));
    let mut times = Times::default();
    let begun = Instant::now();
    while begun.elapsed() < WARM_UP + length {
        tokio::time::sleep(LOOK).await;
        times.see(files.new_articles());
    }
    let announced = publishers.announced();
    let ended = Instant::now();
    while times.written() < announced.len() {
        assert!(ended.elapsed() < PATIENCE, "{} of {} articles", times.written(), announced.len());
        tokio::time::sleep(LOOK).await;
        times.see(files.new_articles());
    }
    pipeline.terminate("fetcher");
    let measured = announced.into_iter().filter(|(_, at)| *at >= begun + WARM_UP && *at < begun + WARM_UP + length);
    let latency = times.since(&measured.collect());
    report.number("steady", "articles", "", latency.count() as f64);
    report.number("steady", "articles a second", "", latency.count() as f64 / length.as_secs_f64());
    report.number("steady", "feed to file, p50", "ms", latency.quantile(0.5));
    report.number("steady", "feed to file, p95", "ms", latency.quantile(0.95));
    report.number("steady", "feed to file, p99", "ms", latency.quantile(0.99));
    report.number("steady", "feed to file, most", "ms", latency.quantile(1.0));
    report.law("at a steady rate, each article is written once", times.is_once());
}

/// The row of this process.
const PUBLISHERS: &str = "publishers";

/// A pipeline whose services are all ready, and what each process has used so far.
async fn started(feeds: &str, report: &mut Report, phase: &'static str) -> (Pipeline, Vec<(&'static str, Usage)>) {
    let mut pipeline = Pipeline::new(feeds, &SETTINGS).await;
    let begun = Instant::now();
    pipeline.start_all();
    for stage in STAGES {
        ready(pipeline.services(stage).next().unwrap()).await;
    }
    if !phase.is_empty() {
        report.time(phase, "until all are ready", begun.elapsed());
    }
    let used = used(&mut pipeline);
    (pipeline, used)
}

/// What each process has used until now.
fn used(pipeline: &mut Pipeline) -> Vec<(&'static str, Usage)> {
    let mut all = vec![(PUBLISHERS, Usage::of(std::process::id())), ("nats-server", Usage::of(pipeline.nats.id()))];
    for stage in STAGES {
        all.push((stage, Usage::of(pipeline.services(stage).next().unwrap().id())));
    }
    all
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
