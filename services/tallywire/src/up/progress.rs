//! What goes on, in a line that is drawn again and again.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use tallywire_proto::Condition;
use tallywire_runtime::{Context, telemetry::CLEAR_LINE};

/// How often the line is drawn.
const PERIOD: Duration = Duration::from_millis(500);
/// The stages, in the order of an article's way.
const STAGES: [&str; 5] = [
    tallywire_fetcher::NAME,
    tallywire_cleaner::NAME,
    tallywire_entities::NAME,
    tallywire_figures::NAME,
    tallywire_sink::NAME,
];

/// Draws the line until the services stop. Never returns.
pub(super) async fn show(context: &Context) {
    let mut last = (Instant::now(), 0);
    loop {
        tokio::time::sleep(PERIOD).await;
        let written = context.metrics.articles.count_done(tallywire_sink::NAME);
        let rate = (written - last.1) as f64 / last.0.elapsed().as_secs_f64();
        last = (Instant::now(), written);
        let mut stderr = std::io::stderr().lock();
        // A line that wraps could not be cleared again.
        let width = rustix::termios::tcgetwinsize(&stderr).map_or(80, |size| usize::from(size.ws_col));
        let line: String = line(context, rate).chars().take(width.saturating_sub(1)).collect();
        // A terminal that is gone is not worth a word.
        let _ = write!(stderr, "{CLEAR_LINE}{line}");
        let _ = stderr.flush();
    }
}

fn line(context: &Context, rate: f64) -> String {
    let metrics = &context.metrics;
    let stages: Vec<String> =
        STAGES.iter().map(|stage| format!("{stage} {}", metrics.articles.count_done(stage))).collect();
    let dead: u64 = STAGES.iter().map(|stage| metrics.articles.count_rejected(stage)).sum();
    let failing = metrics.feeds.count(Condition::Failing.name());
    let feeds: u64 = Condition::ALL.iter().map(|condition| metrics.feeds.count(condition.name())).sum();
    let state = if context.stop.is_cancelled() {
        "finishing"
    } else if context.broker.is_connected() {
        "running"
    } else {
        "NATS is away"
    };
    let failing = if failing > 0 { format!(", {failing} failing (tallywire status)") } else { String::new() };
    let dead = if dead > 0 { format!(" · {dead} dead letters") } else { String::new() };
    format!("{state} · {feeds} feeds{failing} · {} · {rate:.1}/s{dead}", stages.join(" > "))
}
