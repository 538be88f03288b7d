//! The labels: words of closed sets.

use std::fmt::{self, Write};

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

use crate::telemetry::TraceParent;

/// Why an article was not done with: the one place for all reasons that metrics and traces tell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    /// It is no message of the kind that the stage reads, or of another version.
    Undecodable,
    /// Its body was in the object store, and is gone or broken.
    Body,
    /// The stage refuses it: it will never do.
    Refused,
    /// The stage could not do it this time.
    Failed,
    /// The stage panicked.
    Panic,
    /// The stage worked on it for longer than `stages.work_timeout`.
    Overdue,
    /// What came of it cannot be published: it is too large, or no JSON.
    Unpublishable,
    /// It was delivered more often than `stages.max_deliveries` without any answer.
    DeliveriesExhausted,
    /// It was tried as often as `stages.max_attempts`.
    AttemptsExhausted,
    /// Something is away that it needs, which is not its fault.
    Away,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::Undecodable,
        Self::Body,
        Self::Refused,
        Self::Failed,
        Self::Panic,
        Self::Overdue,
        Self::Unpublishable,
        Self::DeliveriesExhausted,
        Self::AttemptsExhausted,
        Self::Away,
    ];

    /// Its name, as in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::Body => "body",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Panic => "panic",
            Self::Overdue => "overdue",
            Self::Unpublishable => "unpublishable",
            Self::DeliveriesExhausted => "deliveries_exhausted",
            Self::AttemptsExhausted => "attempts_exhausted",
            Self::Away => "away",
        }
    }
}

impl EncodeLabelValue for Reason {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(self.name())
    }
}

/// Which stage.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(super) struct OfStage {
    pub(super) stage: &'static str,
}

/// Which stage, and why.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(super) struct OfReason {
    pub(super) stage: &'static str,
    pub(super) reason: Reason,
}

/// What came of something; a word of a closed set.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(super) struct OfOutcome {
    pub(super) outcome: &'static str,
}

/// The trace of which a value is an example (`OpenMetrics` 1.0, section "Exemplars").
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(super) struct Example {
    trace_id: TraceId,
}

impl Example {
    /// None of a trace that nobody keeps.
    pub(super) fn of(trace: &TraceParent) -> Option<Self> {
        trace.is_sampled().then(|| Self { trace_id: TraceId(trace.trace()) })
    }
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct TraceId(u128);

impl EncodeLabelValue for TraceId {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        write!(encoder, "{:032x}", self.0)
    }
}
