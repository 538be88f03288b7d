//! What goes to the broker.

use std::fmt::{self, Write};

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family},
    registry::{Registry, Unit},
};

/// Messages that the broker has taken, and attempts that it has not.
#[derive(Clone, Debug)]
pub struct Publishing {
    messages: Counter,
    bytes: Counter,
    retries: Family<OfHeld, Counter>,
}

/// Why a message is not taken yet.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Held {
    /// The stream or bucket has no room.
    Full,
    /// The server is away, or does not answer in time.
    Away,
    /// The server answers with another error.
    Refused,
}

impl Held {
    const ALL: [Self; 3] = [Self::Full, Self::Away, Self::Refused];
}

impl EncodeLabelValue for Held {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(match self {
            Self::Full => "full",
            Self::Away => "away",
            Self::Refused => "refused",
        })
    }
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct OfHeld {
    reason: Held,
}

impl Publishing {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let publishing = Self { messages: Counter::default(), bytes: Counter::default(), retries: Family::default() };
        for reason in Held::ALL {
            drop(publishing.retries.get_or_create(&OfHeld { reason }));
        }
        registry.register("published_messages", "Messages that the broker has taken", publishing.messages.clone());
        let bytes = "Bodies of the messages that the broker has taken, as sent";
        registry.register_with_unit("published", bytes, Unit::Bytes, publishing.bytes.clone());
        let retries = "Attempts to publish that failed and are made again";
        registry.register("publish_retries", retries, publishing.retries.clone());
        publishing
    }

    /// Counts a message that the broker has taken, with the size of its body in bytes.
    pub fn published(&self, bytes: usize) {
        self.messages.inc();
        self.bytes.inc_by(bytes as u64);
    }

    /// Counts a body that is in the object store, in bytes: its message has none.
    pub fn stored(&self, bytes: usize) {
        self.bytes.inc_by(bytes as u64);
    }

    /// Counts an attempt that failed.
    pub fn held(&self, reason: Held) {
        self.retries.get_or_create(&OfHeld { reason }).inc();
    }
}
