//! What the sink writes, and how old an article is by then.

use prometheus_client::{
    metrics::{counter::Counter, exemplar::HistogramWithExemplars},
    registry::{Registry, Unit},
};

use super::{articles::observe, labels::Example};
use crate::telemetry::TraceParent;

/// Files of enriched articles.
#[derive(Clone, Debug)]
pub struct Files {
    bytes: Counter,
    failures: Counter,
    enriched: HistogramWithExemplars<Example>,
    fetched: HistogramWithExemplars<Example>,
    published: HistogramWithExemplars<Example>,
}

/// Upper bounds of the time on the way, in seconds: from 10 ms to an hour.
const WAY: [f64; 13] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 300.0, 900.0, 3600.0];
/// Upper bounds of the time since publication, in seconds: from 10 s to 30 days.
const NEWS: [f64; 11] =
    [10.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 10_800.0, 43_200.0, 86_400.0, 604_800.0, 2_592_000.0];

impl Files {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let files = Self {
            bytes: Counter::default(),
            failures: Counter::default(),
            enriched: HistogramWithExemplars::new(WAY.into_iter()),
            fetched: HistogramWithExemplars::new(WAY.into_iter()),
            published: HistogramWithExemplars::new(NEWS.into_iter()),
        };
        registry.register_with_unit("written", "Articles written, as text", Unit::Bytes, files.bytes.clone());
        registry.register(
            "write_failures",
            "Writes of articles that failed and are tried again",
            files.failures.clone(),
        );
        let mut since = |name: &str, help: &str, histogram: &HistogramWithExemplars<Example>| {
            registry.register_with_unit(name, help, Unit::Seconds, histogram.clone());
        };
        since("fetched_to_enriched", "Time from the fetch of an article to its enriched record", &files.enriched);
        since("fetched_to_file", "Time from the fetch of an article to its line in a file", &files.fetched);
        since("published_to_file", "Time from an article's publication to its line in a file", &files.published);
        files
    }

    /// Counts what was written, in bytes.
    pub fn wrote(&self, bytes: usize) {
        self.bytes.inc_by(bytes as u64);
    }

    /// Counts a write that failed.
    pub fn failed(&self) {
        self.failures.inc();
    }

    /// Notes how many seconds after its fetch an article's record was complete, and it was in a file.
    pub fn since_fetched(&self, to_enriched: f64, to_file: f64, trace: &TraceParent) {
        observe(&self.enriched, to_enriched.max(0.0), trace);
        observe(&self.fetched, to_file.max(0.0), trace);
    }

    /// Notes how many seconds after its publication an article was in a file.
    pub fn since_published(&self, seconds: f64, trace: &TraceParent) {
        observe(&self.published, seconds.max(0.0), trace);
    }
}
