//! What waits on the broker, as the server told last.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use tallywire_proto::subject::Stream;

use super::labels::OfStage;

/// Queues of stages, and how full streams are.
#[derive(Clone, Debug)]
pub struct Queues {
    pending: Family<OfStage, Gauge>,
    unacknowledged: Family<OfStage, Gauge>,
    redelivered: Family<OfStage, Gauge>,
    messages: Family<OfStream, Gauge>,
    bytes: Family<OfStream, Gauge>,
    limit: Family<OfStream, Gauge>,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct OfStream {
    stream: &'static str,
}

/// What waits for a stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lag {
    /// Messages that were not delivered yet.
    pub pending: u64,
    /// Messages that were delivered and not acknowledged.
    pub unacknowledged: usize,
    /// Messages among those that were delivered more than once.
    pub redelivered: usize,
}

/// How full a stream is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Filling {
    /// Messages in it.
    pub messages: u64,
    /// Bytes that they take.
    pub bytes: u64,
    /// Bytes that it may hold; not positive where there is no limit.
    pub limit: i64,
}

fn gauged(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

impl Queues {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let queues = Self {
            pending: Family::default(),
            unacknowledged: Family::default(),
            redelivered: Family::default(),
            messages: Family::default(),
            bytes: Family::default(),
            limit: Family::default(),
        };
        let pending = "Messages that wait for a stage, for all its replicas together";
        registry.register("queue_pending_messages", pending, queues.pending.clone());
        let unacknowledged = "Messages that a stage has and has not acknowledged, of all its replicas together";
        registry.register("queue_unacknowledged_messages", unacknowledged, queues.unacknowledged.clone());
        let redelivered = "Messages that a stage has got more than once and not acknowledged";
        registry.register("queue_redelivered_messages", redelivered, queues.redelivered.clone());
        registry.register("stream_messages", "Messages in a stream", queues.messages.clone());
        registry.register_with_unit("stream", "What a stream takes", Unit::Bytes, queues.bytes.clone());
        registry.register_with_unit("stream_limit", "What a stream may take", Unit::Bytes, queues.limit.clone());
        queues
    }

    /// Notes what waits for a stage.
    pub fn set(&self, stage: &'static str, lag: Lag) {
        let of = OfStage { stage };
        self.pending.get_or_create(&of).set(gauged(lag.pending));
        self.unacknowledged.get_or_create(&of).set(gauged(lag.unacknowledged));
        self.redelivered.get_or_create(&of).set(gauged(lag.redelivered));
    }

    /// Notes that nobody knows what waits for a stage: an old number would pass for a new one.
    pub fn forget(&self, stage: &'static str) {
        let of = OfStage { stage };
        self.pending.remove(&of);
        self.unacknowledged.remove(&of);
        self.redelivered.remove(&of);
    }

    /// Notes how full a stream is.
    pub fn fill(&self, stream: Stream, filling: Filling) {
        let of = OfStream { stream: stream.name() };
        self.messages.get_or_create(&of).set(gauged(filling.messages));
        self.bytes.get_or_create(&of).set(gauged(filling.bytes));
        self.limit.get_or_create(&of).set(filling.limit);
    }

    /// Notes that nobody knows how full a stream is.
    pub fn forget_stream(&self, stream: Stream) {
        let of = OfStream { stream: stream.name() };
        self.messages.remove(&of);
        self.bytes.remove(&of);
        self.limit.remove(&of);
    }
}
