//! What it costs to count and to trace, a stage and an article: `make bench-telemetry`.
//!
//! Each line is the time of one article in one stage, and what that makes of a core at 2,500 articles a second.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and one that cannot go on has failed")]

use std::{
    hint::black_box,
    time::{Duration, Instant, SystemTime},
};

use tallywire_runtime::{
    Metrics, Traces, config,
    telemetry::{Ended, Exposition, Kind},
};

/// Articles in a run.
const ARTICLES: u32 = 200_000;
/// Articles a second of a busy stage.
const RATE: f64 = 2500.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _inside = runtime.enter();
    let metrics = Metrics::default();
    metrics.articles.prepare_consumer("cleaner");
    report("count, with an exemplar each", run(&metrics, &traces("", &metrics)));
    // Nobody listens there: spans are made, queued, and dropped.
    report("count and trace, no collector", run(&metrics, &traces("http://127.0.0.1:9", &metrics)));
    let begun = Instant::now();
    let text = metrics.render(Exposition::OpenMetrics).unwrap();
    println!("a scrape: {:.0} us, {} bytes", begun.elapsed().as_secs_f64() * 1e6, text.len());
}

fn traces(endpoint: &str, metrics: &Metrics) -> Traces {
    let settings = config::Traces { otlp_endpoint: endpoint.to_owned(), sample_ratio: 1.0 };
    Traces::start("bench", &settings, metrics.spans.clone()).unwrap()
}

/// Does what the stage loop does for the telemetry of an article, again and again.
fn run(metrics: &Metrics, traces: &Traces) -> Duration {
    let (parent, begun) = (traces.begin(), Instant::now());
    for number in 0..ARTICLES {
        let trace = parent.next();
        let _in_flight = metrics.articles.take("cleaner");
        metrics.articles.waited("cleaner", 0.001, &trace);
        let mut span = traces.span("cleaner", Kind::Consumer, trace, Some(parent), SystemTime::now());
        span.note("tallywire.article.id", || "4fe94f78b9920b350bb6f9e59c8ba5c2".to_owned());
        span.note("tallywire.article.revision", || 1_i64);
        span.note("tallywire.feed", || "courier-world".to_owned());
        span.note("tallywire.queue.wait_seconds", || 0.001);
        span.note("tallywire.attempt", || 1_i64);
        span.note("messaging.system", || "nats");
        span.note("messaging.destination.name", || "ARTICLES_FETCHED");
        metrics.articles.took("cleaner", f64::from(black_box(number % 100)) / 1e4, &trace);
        metrics.publishing.published(4096);
        span.ended(Ended::Done);
        metrics.articles.done("cleaner");
    }
    begun.elapsed()
}

fn report(what: &str, took: Duration) {
    let each = took.as_secs_f64() / f64::from(ARTICLES);
    println!("{what}: {:.2} us an article, {:.2} % of a core at {RATE} articles/s", each * 1e6, each * RATE * 100.0);
}
