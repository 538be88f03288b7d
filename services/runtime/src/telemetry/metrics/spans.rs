//! What becomes of the spans of traces.

use prometheus_client::{
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use super::labels::OfOutcome;

/// Spans, by what became of them.
#[derive(Clone, Debug)]
pub struct Spans(Family<OfOutcome, Counter>);

/// What became of a span.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SpanOutcome {
    /// The collector has it.
    Sent,
    /// The collector did not take it.
    Failed,
    /// There was no room for it: spans come faster than the collector takes them.
    Dropped,
}

impl SpanOutcome {
    const ALL: [Self; 3] = [Self::Sent, Self::Failed, Self::Dropped];

    const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl Spans {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let spans = Self(Family::default());
        for outcome in SpanOutcome::ALL {
            drop(spans.0.get_or_create(&OfOutcome { outcome: outcome.name() }));
        }
        registry.register("spans", "Spans of traces, by what became of them", spans.0.clone());
        spans
    }

    /// Counts spans.
    pub fn count(&self, outcome: SpanOutcome, spans: usize) {
        self.0.get_or_create(&OfOutcome { outcome: outcome.name() }).inc_by(spans as u64);
    }
}
