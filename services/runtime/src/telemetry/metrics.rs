//! Metrics of one process, in the names `tallywire_<thing>_<unit>`, with labels of bounded sets.
//!
//! `docs/telemetry.md` tells what each means. A label is a word of the program, never a text that came from outside, so
//! to count takes no allocation: a look into a small map, and an atomic addition.

mod articles;
mod connection;
mod exposition;
mod feeds;
mod files;
mod labels;
mod publishing;
mod queues;
mod spans;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};

pub use articles::{Articles, InFlight};
pub use exposition::Exposition;
pub use feeds::{Feeds, PageOutcome};
pub use files::Files;
pub use labels::Reason;
pub use publishing::{Held, Publishing};
pub use queues::{Filling, Lag, Queues};
pub use spans::{SpanOutcome, Spans};

/// The metrics of this process. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    /// What stages do with articles.
    pub articles: Articles,
    /// What the fetcher asks of publishers.
    pub feeds: Feeds,
    /// What the sink writes.
    pub files: Files,
    /// What goes to the broker.
    pub publishing: Publishing,
    /// What waits on the broker.
    pub queues: Queues,
    /// What becomes of the spans of traces.
    pub spans: Spans,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Build {
    version: &'static str,
}

impl Default for Metrics {
    /// Metrics that all read zero.
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tallywire");
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION") }).set(1);
        registry.register("build_info", "Always 1; the label tells the version of the program", build);
        let (articles, feeds) = (Articles::register(&mut registry), Feeds::register(&mut registry));
        let (files, publishing) = (Files::register(&mut registry), Publishing::register(&mut registry));
        let (queues, spans) = (Queues::register(&mut registry), Spans::register(&mut registry));
        Self { registry: Arc::new(Mutex::new(registry)), articles, feeds, files, publishing, queues, spans }
    }
}

impl Metrics {
    /// Tells of a connection to the broker too, as it is at each look.
    pub(crate) fn watch(&self, client: async_nats::Client) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register_collector(Box::new(connection::Connection(client)));
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// When a metric cannot be written, which is a defect of the program.
    pub fn render(&self, exposition: Exposition) -> Result<String, fmt::Error> {
        exposition.write(&self.registry.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::TraceParent;

    /// Metrics of which each has been touched.
    fn touched() -> Metrics {
        let metrics = Metrics::default();
        let trace: TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
        metrics.articles.prepare("cleaner");
        metrics.articles.took("cleaner", 0.002, &trace);
        metrics.articles.rejected("cleaner", Reason::Panic);
        metrics.feeds.polled("read");
        metrics.files.wrote(512);
        metrics.publishing.held(Held::Full);
        metrics.queues.set("cleaner", Lag { pending: 7, unacknowledged: 2, redelivered: 1 });
        metrics.spans.count(SpanOutcome::Dropped, 3);
        metrics
    }

    #[test]
    fn open_metrics_have_exemplars_and_an_end() {
        let text = touched().render(Exposition::OpenMetrics).unwrap();
        let exemplar = "} 1 # {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"} 0.002";
        assert!(text.contains(exemplar), "{text}");
        assert!(text.contains("# UNIT tallywire_stage_duration_seconds seconds\n"), "{text}");
        assert!(text.contains("tallywire_articles_rejected_total{stage=\"cleaner\",reason=\"panic\"} 1\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn every_reason_is_there_before_it_happens() {
        // Of a counter that appears with its first count, `increase` sees nothing.
        let text = touched().render(Exposition::OpenMetrics).unwrap();
        for reason in Reason::ALL {
            let series =
                format!("tallywire_articles_rejected_total{{stage=\"cleaner\",reason=\"{}\"}} ", reason.name());
            assert!(text.contains(&series), "{series}");
        }
    }
}
