//! Creating the streams, buckets and durable consumers, or bringing them to what the configuration says. Doing it twice
//! changes nothing.

use std::time::Duration;

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, pull},
    kv, object_store,
    stream::{Config as StreamConfig, DiscardPolicy, RetentionPolicy, StorageType},
};
use bytesize::ByteSize;
use tallywire_proto::subject::{
    FEEDS_BUCKET, HUBS_BUCKET, PAGES_BUCKET, SEEN_BUCKET, SITES_BUCKET, Stream, WRITTEN_BUCKET,
};

use super::{claim, error::BrokerError};
use crate::{
    access,
    config::{Config, Stages, Streams},
};

/// Creates or updates every stream, bucket and durable consumer that this configuration has a use for.
///
/// # Errors
/// When the server refuses one; the error names it and says what to do where that is known.
pub async fn provision(jetstream: &jetstream::Context, config: &Config) -> Result<(), BrokerError> {
    let streams = &config.streams;
    for stream in Stream::ALL {
        if stream == Stream::Figures && !config.figures.publish {
            continue;
        }
        let what = || format!("stream {}", stream.name());
        jetstream
            .create_or_update_stream(stream_config(stream, streams))
            .await
            .map_err(|error| BrokerError::resource(what(), &error))?;
    }
    for bucket in buckets(streams) {
        let what = format!("key-value bucket {}", bucket.bucket);
        jetstream.create_or_update_key_value(bucket).await.map_err(|error| BrokerError::resource(what, &error))?;
    }
    provision_pages(jetstream, streams).await?;
    for (stage, stream) in access::stages() {
        create_consumer(jetstream, stage, stream, &config.stages).await?;
    }
    Ok(())
}

/// The object bucket: the client creates it, and has no call to change it, so its stream is changed.
async fn provision_pages(jetstream: &jetstream::Context, streams: &Streams) -> Result<(), BrokerError> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        BrokerError::resource(format!("object bucket {PAGES_BUCKET}"), error)
    };
    let pages = object_store::Config {
        bucket: PAGES_BUCKET.to_owned(),
        description: Some("messages over the inline limit".to_owned()),
        // A dead letter's body must live as long as the dead letter.
        max_age: streams.dead_max_age,
        max_bytes: streams.pages_max_bytes.as_u64().cast_signed(),
        num_replicas: streams.replicas,
        ..object_store::Config::default()
    };
    match jetstream.get_stream(claim::STREAM).await {
        Ok(stream) => {
            let mut config = stream.cached_info().config.clone();
            config.max_age = pages.max_age;
            config.max_bytes = pages.max_bytes;
            config.num_replicas = pages.num_replicas;
            jetstream.update_stream(config).await.map_err(|error| failed(&error))?;
        }
        Err(_) => {
            jetstream.create_object_store(pages).await.map_err(|error| failed(&error))?;
        }
    }
    Ok(())
}

/// How a stream is to be.
pub fn stream_config(stream: Stream, streams: &Streams) -> StreamConfig {
    let (max_bytes, max_age) = match stream {
        Stream::Fetched | Stream::Cleaned | Stream::Tagged => (streams.hop_max_bytes, Duration::ZERO),
        Stream::Enriched => (streams.enriched_max_bytes, streams.enriched_max_age),
        Stream::Figures => (streams.figures_max_bytes, streams.figures_max_age),
        Stream::Dead => (streams.dead_max_bytes, streams.dead_max_age),
    };
    let dedupe_window = match stream {
        Stream::Figures => streams.figures_dedupe_window,
        _ => streams.dedupe_window,
    };
    let work_queue = stream.is_work_queue();
    StreamConfig {
        name: stream.name().to_owned(),
        subjects: vec![stream.subjects().to_owned()],
        retention: if work_queue { RetentionPolicy::WorkQueue } else { RetentionPolicy::Limits },
        // A full work queue refuses new messages, which pushes back; dead letters are refused rather than lost.
        discard: match stream {
            Stream::Enriched | Stream::Figures => DiscardPolicy::Old,
            Stream::Fetched | Stream::Cleaned | Stream::Tagged | Stream::Dead => DiscardPolicy::New,
        },
        storage: StorageType::File,
        max_bytes: max_bytes.as_u64().cast_signed(),
        max_age,
        duplicate_window: if max_age.is_zero() { dedupe_window } else { dedupe_window.min(max_age) },
        num_replicas: streams.replicas,
        allow_direct: true,
        ..StreamConfig::default()
    }
}

/// A key-value bucket that was provisioned.
///
/// # Errors
/// When it does not exist, or the server does not answer; the error names it.
pub async fn open_bucket(jetstream: &jetstream::Context, name: &str) -> Result<kv::Store, BrokerError> {
    let bucket = jetstream.get_key_value(name).await;
    bucket.map_err(|error| BrokerError::resource(format!("key-value bucket {name}"), &error))
}

/// What the memory of sites may take: several thousand hosts. One that does not fit is not remembered.
const SITES_MAX_BYTES: ByteSize = ByteSize::mib(64);
/// How long a site is remembered that has brought no article.
const SITES_MAX_AGE: Duration = Duration::from_hours(30 * 24);

fn buckets(streams: &Streams) -> [kv::Config; 5] {
    let bucket = |name: &str, description: &str, max_age| kv::Config {
        bucket: name.to_owned(),
        description: description.to_owned(),
        history: 1,
        max_age,
        num_replicas: streams.replicas,
        ..kv::Config::default()
    };
    [
        bucket(FEEDS_BUCKET, "a key a feed: validators, next poll, failures, lease", Duration::ZERO),
        bucket(HUBS_BUCKET, "a key a feed that a WebSub hub delivers: the subscription", Duration::ZERO),
        bucket(SEEN_BUCKET, "a key an article: its revision, and what its feed said of it", streams.seen_max_age),
        bucket(WRITTEN_BUCKET, "a key a revision that a sink has claimed or written", streams.seen_max_age),
        kv::Config {
            max_bytes: SITES_MAX_BYTES.as_u64().cast_signed(),
            ..bucket(SITES_BUCKET, "a key a host: the lines of its last articles", SITES_MAX_AGE)
        },
    ]
}

/// Messages that all replicas of a stage together may have in flight: 64 sinks' worth. It is the same whoever creates the
/// consumer, so that replicas on machines of different sizes do not each set their own.
const MAX_ACK_PENDING: i64 = 8192;

/// The durable consumer of a stage on the stream that it reads: created or brought to what the configuration says, or
/// only looked up where `streams.provision` is false.
///
/// # Errors
/// When the server refuses it, or it is not there.
pub(crate) async fn stage_consumer(
    jetstream: &jetstream::Context,
    stage: &str,
    stream: Stream,
    config: &Config,
) -> Result<jetstream::consumer::Consumer<pull::Config>, BrokerError> {
    if config.streams.provision {
        return create_consumer(jetstream, stage, stream, &config.stages).await;
    }
    let consumer = jetstream.get_consumer_from_stream(stage, stream.name()).await;
    consumer.map_err(|error| BrokerError::resource(consumer_name(stage, stream), &error))
}

async fn create_consumer(
    jetstream: &jetstream::Context,
    stage: &str,
    stream: Stream,
    stages: &Stages,
) -> Result<jetstream::consumer::Consumer<pull::Config>, BrokerError> {
    let config = pull::Config {
        durable_name: Some(stage.to_owned()),
        description: Some(format!("the {stage} service")),
        filter_subject: stream.subjects().to_owned(),
        ack_policy: AckPolicy::Explicit,
        ack_wait: stages.ack_wait,
        // The stage loop counts deliveries and dead-letters; the server giving up would leave the message behind.
        max_deliver: -1,
        max_ack_pending: MAX_ACK_PENDING,
        ..pull::Config::default()
    };
    jetstream
        .create_consumer_on_stream(config, stream.name())
        .await
        .map_err(|error| BrokerError::resource(consumer_name(stage, stream), &error))
}

/// What errors call a stage's consumer.
pub(crate) fn consumer_name(stage: &str, stream: Stream) -> String {
    format!("consumer {stage} of stream {}", stream.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_push_back_and_subscribers_streams_forget() {
        let streams = Streams::default();
        for stream in [Stream::Fetched, Stream::Cleaned, Stream::Tagged] {
            let config = stream_config(stream, &streams);
            assert_eq!(config.retention, RetentionPolicy::WorkQueue);
            assert_eq!(config.discard, DiscardPolicy::New);
            assert!(config.max_bytes > 0, "every queue is bounded");
        }
        for stream in [Stream::Enriched, Stream::Figures] {
            let config = stream_config(stream, &streams);
            assert_eq!((config.retention, config.discard), (RetentionPolicy::Limits, DiscardPolicy::Old));
            assert!(config.max_bytes > 0 && !config.max_age.is_zero(), "it forgets by size and by age");
        }
        assert_eq!(stream_config(Stream::Dead, &streams).discard, DiscardPolicy::New);
    }

    #[test]
    fn copies_of_figures_are_looked_for_for_a_shorter_time() {
        let streams = Streams::default();
        assert_eq!(stream_config(Stream::Enriched, &streams).duplicate_window, streams.dedupe_window);
        assert_eq!(stream_config(Stream::Figures, &streams).duplicate_window, streams.figures_dedupe_window);
        assert!(streams.figures_dedupe_window < streams.dedupe_window);
    }
}
