//! Reading the enriched articles that the server still keeps.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures::StreamExt;
use jiff::Timestamp;
use tallywire_proto::{
    Enriched, Message,
    subject::{ENRICHED_ALL, Stream},
};
use tallywire_runtime::Broker;
use tokio::sync::mpsc;

use super::{FromStage, Read, remade::Remade};

/// How long the server may take for the next one that it has.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the enriched articles of a time.
pub(super) async fn read(
    broker: &Broker,
    since: Timestamp,
    until: Timestamp,
    stage: FromStage,
    feed: Option<&str>,
    sender: mpsc::Sender<Read>,
) -> anyhow::Result<()> {
    if until < since {
        bail!("--until {until} is before --since {since}");
    }
    let stream = broker.jetstream().get_stream(Stream::Enriched.name()).await;
    let stream = stream.context("there are no enriched articles here")?;
    let start_time = async_nats::datetime::from_nanos(since.as_nanosecond()).map_err(|error| anyhow!(error))?;
    let config = pull::OrderedConfig {
        filter_subject: feed.map_or_else(|| ENRICHED_ALL.to_owned(), |feed| format!("articles.enriched.*.{feed}")),
        deliver_policy: DeliverPolicy::ByStartTime { start_time },
        ..pull::OrderedConfig::default()
    };
    let mut consumer = stream.create_consumer(config).await.context("cannot read the enriched articles")?;
    // What is published from now on, by this replay too, is not asked for.
    if consumer.info().await?.num_pending == 0 {
        return Ok(());
    }
    let mut messages = consumer.messages().await?;
    loop {
        let next = tokio::time::timeout(PATIENCE, messages.next()).await.context("the server sends no more")?;
        let Some(message) = next else { return Ok(()) };
        let message = message?;
        let info = message.info().map_err(|error| anyhow!(error))?;
        let pending = info.pending;
        if info.published.unix_timestamp_nanos() > until.as_nanosecond() {
            return Ok(());
        }
        let read = match Enriched::decode(&message.payload) {
            Ok(enriched) => Remade::of_enriched(enriched, stage).context("enriched articles have no page"),
            Err(error) => Err(anyhow!(error).context(format!("message {} of ENRICHED", info.stream_sequence))),
        };
        if sender.send(read).await.is_err() || pending == 0 {
            return Ok(());
        }
    }
}
