//! `tallywire tail`

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use async_nats::jetstream::{
    self,
    consumer::{DeliverPolicy, pull},
};
use futures::StreamExt;
use tallywire_proto::{Enriched, Message, subject::Stream};
use tallywire_runtime::Broker;

use crate::{cli::TailArguments, readable, terminal};

pub(crate) async fn run(arguments: TailArguments) -> anyhow::Result<ExitCode> {
    let broker = arguments.connection.attach().await?;
    let follow = follow(&broker, &arguments.subject, arguments.all, arguments.count, |body| {
        terminal::print(&shown(body, arguments.json))
    });
    tokio::select! {
        followed = follow => followed?,
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(body: &[u8], json: bool) -> String {
    if json {
        return format!("{}\n", String::from_utf8_lossy(body));
    }
    match Enriched::decode(body) {
        Ok(enriched) => readable::article(&enriched),
        Err(error) => format!("(an article that this version cannot read: {error})\n\n"),
    }
}

/// Shows articles until so many were shown, or `show` says that nobody looks any more.
pub(crate) async fn follow(
    broker: &Broker,
    subject: &str,
    all: bool,
    count: Option<u64>,
    mut show: impl FnMut(&[u8]) -> bool,
) -> anyhow::Result<()> {
    if !subject.starts_with("articles.enriched.") {
        bail!("{subject} is no subject of enriched articles: try articles.enriched.> or articles.enriched.en.>");
    }
    let mut next = if all { 1 } else { stream(broker).await?.get_info().await?.state.last_sequence + 1 };
    let mut shown = 0;
    let mut messages = open(broker, subject, next).await?;
    while count.is_none_or(|count| shown < count) {
        let Some(Ok(message)) = messages.next().await else {
            // The server was away: go on after what was seen.
            tokio::time::sleep(REOPEN_AFTER).await;
            if let Ok(again) = open(broker, subject, next).await {
                messages = again;
            }
            continue;
        };
        if let Ok(info) = message.info() {
            next = info.stream_sequence + 1;
        }
        shown += 1;
        if !show(&message.payload) {
            break;
        }
    }
    Ok(())
}

/// The wait before the server is asked again after it was away.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

async fn stream(broker: &Broker) -> anyhow::Result<jetstream::stream::Stream> {
    broker.jetstream().get_stream(Stream::Enriched.name()).await.context("there are no enriched articles here")
}

async fn open(broker: &Broker, subject: &str, next: u64) -> anyhow::Result<pull::Ordered> {
    let config = pull::OrderedConfig {
        filter_subject: subject.to_owned(),
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: next },
        ..pull::OrderedConfig::default()
    };
    let consumer = stream(broker).await?.create_consumer(config).await;
    Ok(consumer.with_context(|| format!("cannot follow {subject}"))?.messages().await?)
}
