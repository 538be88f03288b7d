//! What waits for a stage, and how full its stream is: asked of the server again and again, for the metrics.

use std::time::Duration;

use async_nats::jetstream::{self, consumer::pull};
use tallywire_proto::subject::Stream;
use tokio::time::{MissedTickBehavior, interval};
use tracing::debug;

use crate::telemetry::{Filling, Lag, Queues};

/// How often the server is asked: three small requests each time.
const LOOK: Duration = Duration::from_secs(5);

/// Looks until it is dropped. What the server does not tell is left out of the metrics, rather than told as it was.
pub(crate) async fn watch(jetstream: jetstream::Context, queues: Queues, stage: &'static str, stream: Stream) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match lag(&jetstream, stage, stream).await {
            Ok(lag) => queues.set(stage, lag),
            Err(error) => {
                debug!(stage, error, "the server does not tell what waits");
                queues.forget(stage);
            }
        }
        for stream in [stream, Stream::Dead] {
            match filling(&jetstream, stream).await {
                Ok(filling) => queues.fill(stream, filling),
                Err(error) => {
                    debug!(stream = stream.name(), error, "the server does not tell how full a stream is");
                    queues.forget_stream(stream);
                }
            }
        }
    }
}

async fn lag(jetstream: &jetstream::Context, stage: &str, stream: Stream) -> Result<Lag, String> {
    let consumer: jetstream::consumer::Consumer<pull::Config> =
        jetstream.get_consumer_from_stream(stage, stream.name()).await.map_err(|error| error.to_string())?;
    let info = consumer.cached_info();
    Ok(Lag { pending: info.num_pending, unacknowledged: info.num_ack_pending, redelivered: info.num_redelivered })
}

async fn filling(jetstream: &jetstream::Context, stream: Stream) -> Result<Filling, String> {
    let stream = jetstream.get_stream(stream.name()).await.map_err(|error| error.to_string())?;
    let info = stream.cached_info();
    Ok(Filling { messages: info.state.messages, bytes: info.state.bytes, limit: info.config.max_bytes })
}
