//! The connection to the broker, as it is at the moment of the look.

use std::{fmt, sync::atomic::Ordering};

use async_nats::connection::State;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

/// Tells what the client itself counts.
#[derive(Debug)]
pub(super) struct Connection(pub(super) async_nats::Client);

impl Collector for Connection {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let connected = ConstGauge::new(i64::from(self.0.connection_state() == State::Connected));
        let help = "Whether the connection to NATS stands: 1 or 0.";
        connected.encode(encoder.encode_descriptor("nats_connected", help, None, connected.metric_type())?)?;
        let statistics = self.0.statistics();
        let connects = "Connections to NATS that were made, the first one too.";
        let counters = [
            ("nats_connects", connects, statistics.connects.load(Ordering::Relaxed)),
            ("nats_received_bytes", "Bytes that came from NATS.", statistics.in_bytes.load(Ordering::Relaxed)),
            ("nats_sent_bytes", "Bytes that went to NATS.", statistics.out_bytes.load(Ordering::Relaxed)),
        ];
        for (name, help, count) in counters {
            let counter = ConstCounter::new(count);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        Ok(())
    }
}
