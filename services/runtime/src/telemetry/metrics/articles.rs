//! What stages do with articles.

use std::time::SystemTime;

use prometheus_client::{
    metrics::{counter::Counter, exemplar::HistogramWithExemplars, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

use super::labels::{Example, OfReason, OfStage, Reason};
use crate::telemetry::TraceParent;

type Histogram = HistogramWithExemplars<Example>;

/// Articles by stage: how many, how long, and what became of them.
#[derive(Clone, Debug)]
pub struct Articles {
    taken: Family<OfStage, Counter>,
    done: Family<OfStage, Counter>,
    retried: Family<OfReason, Counter>,
    rejected: Family<OfReason, Counter>,
    in_flight: Family<OfStage, Gauge>,
    seconds: Family<OfStage, Histogram, fn() -> Histogram>,
    waited: Family<OfStage, Histogram, fn() -> Histogram>,
}

/// Upper bounds of a stage's time, in seconds: from a tenth of a millisecond to `stages.work_timeout`.
const WORK: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0];
/// Upper bounds of the time in a queue, in seconds: from a millisecond to a day.
const WAIT: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 60.0, 600.0, 3600.0, 86400.0];

impl Articles {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let articles = Self {
            taken: Family::default(),
            done: Family::default(),
            retried: Family::default(),
            rejected: Family::default(),
            in_flight: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(WORK.into_iter())),
            waited: Family::new_with_constructor(|| Histogram::new(WAIT.into_iter())),
        };
        registry.register(
            "articles_in",
            "Articles that a stage began to work on, again ones too",
            articles.taken.clone(),
        );
        registry.register("articles_out", "Articles that a stage is done with", articles.done.clone());
        registry.register("articles_retried", "Articles that a stage tries again later", articles.retried.clone());
        registry.register("articles_rejected", "Articles that became dead letters", articles.rejected.clone());
        registry.register("articles_in_flight", "Articles that a stage works on now", articles.in_flight.clone());
        let work = "Time that a stage worked on an article, waits for the broker left out";
        registry.register_with_unit("stage_duration", work, Unit::Seconds, articles.seconds.clone());
        let wait = "Time that an article was in the queue before a stage";
        registry.register_with_unit("queue_wait", wait, Unit::Seconds, articles.waited.clone());
        articles
    }

    /// Shows all that counts for a stage as zero: of what appears with its first count, rates see nothing.
    pub fn prepare(&self, stage: &'static str) {
        let of = OfStage { stage };
        drop(self.taken.get_or_create(&of));
        drop(self.done.get_or_create(&of));
        drop(self.in_flight.get_or_create(&of));
        drop(self.seconds.get_or_create(&of));
        for reason in Reason::ALL {
            drop(self.retried.get_or_create(&OfReason { stage, reason }));
            drop(self.rejected.get_or_create(&OfReason { stage, reason }));
        }
    }

    /// [`Articles::prepare`], for a stage that has a queue before it.
    pub fn prepare_consumer(&self, stage: &'static str) {
        self.prepare(stage);
        drop(self.waited.get_or_create(&OfStage { stage }));
    }

    /// Counts an article that a stage begins to work on; it is in flight until what is returned is dropped.
    pub fn take(&self, stage: &'static str) -> InFlight {
        let of = OfStage { stage };
        self.taken.get_or_create(&of).inc();
        let gauge = self.in_flight.get_or_create_owned(&of);
        gauge.inc();
        InFlight(gauge)
    }

    /// Counts an article that a stage is done with.
    pub fn done(&self, stage: &'static str) {
        self.done.get_or_create(&OfStage { stage }).inc();
    }

    /// Counts an article that is tried again.
    pub fn retried(&self, stage: &'static str, reason: Reason) {
        self.retried.get_or_create(&OfReason { stage, reason }).inc();
    }

    /// Counts an article that became a dead letter.
    pub fn rejected(&self, stage: &'static str, reason: Reason) {
        self.rejected.get_or_create(&OfReason { stage, reason }).inc();
    }

    /// Notes how many seconds a stage worked on an article.
    pub fn took(&self, stage: &'static str, seconds: f64, trace: &TraceParent) {
        observe(&self.seconds.get_or_create(&OfStage { stage }), seconds, trace);
    }

    /// Notes how many seconds an article was in the queue before a stage.
    pub fn waited(&self, stage: &'static str, seconds: f64, trace: &TraceParent) {
        observe(&self.waited.get_or_create(&OfStage { stage }), seconds, trace);
    }

    /// How many articles a stage is done with.
    pub fn count_done(&self, stage: &'static str) -> u64 {
        self.done.get_or_create(&OfStage { stage }).get()
    }

    /// How many articles of a stage became dead letters.
    pub fn count_rejected(&self, stage: &'static str) -> u64 {
        let of = |reason| self.rejected.get_or_create(&OfReason { stage, reason }).get();
        Reason::ALL.into_iter().map(of).sum()
    }
}

/// Notes a value, and the trace as an example of it.
pub(super) fn observe(histogram: &Histogram, value: f64, trace: &TraceParent) {
    let example = Example::of(trace);
    let at = example.is_some().then(SystemTime::now);
    histogram.observe(value, example, at);
}

/// An article that a stage works on.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
