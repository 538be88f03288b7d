//! `tallywire tail`

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use async_nats::jetstream::{
    self,
    consumer::{DeliverPolicy, pull},
};
use futures::StreamExt;
use jiff::Timestamp;
use tallywire_proto::{Enriched, Message, StatedFigure, subject::Stream};
use tallywire_runtime::Broker;

use crate::{cli::TailArguments, readable, table, terminal};

pub(crate) async fn run(arguments: TailArguments) -> anyhow::Result<ExitCode> {
    let broker = arguments.connection.attach().await?;
    let mut is_first = true;
    let follow = follow(&broker, &arguments.subject, arguments.all, arguments.count, |stream, body| {
        let text = match stream {
            _ if arguments.json => format!("{}\n", String::from_utf8_lossy(body)),
            Stream::Figures if std::mem::take(&mut is_first) => table::header() + &figure(body),
            Stream::Figures => figure(body),
            _ => article(body),
        };
        terminal::print(&text)
    });
    tokio::select! {
        followed = follow => followed?,
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn article(body: &[u8]) -> String {
    match Enriched::decode(body) {
        Ok(enriched) => readable::article(&enriched),
        Err(error) => format!("(an article that this version cannot read: {error})\n\n"),
    }
}

fn figure(body: &[u8]) -> String {
    match StatedFigure::decode(body) {
        Ok(stated) => table::figure(&stated),
        Err(error) => format!("(a figure that this version cannot read: {error})\n"),
    }
}

/// Shows articles or figures until so many were shown, or `show` says that nobody looks any more.
pub(crate) async fn follow(
    broker: &Broker,
    subject: &str,
    all: bool,
    count: Option<u64>,
    mut show: impl FnMut(Stream, &[u8]) -> bool,
) -> anyhow::Result<()> {
    let stream = stream_of(subject)?;
    let mut next = if all { 1 } else { on_server(broker, stream).await?.get_info().await?.state.last_sequence + 1 };
    let mut shown = 0;
    let mut messages = open(broker, stream, subject, next).await?;
    while count.is_none_or(|count| shown < count) {
        let Some(Ok(message)) = messages.next().await else {
            // The server was away: go on after what was seen.
            tokio::time::sleep(REOPEN_AFTER).await;
            if let Ok(again) = open(broker, stream, subject, next).await {
                messages = again;
            }
            continue;
        };
        if let Ok(info) = message.info() {
            next = info.stream_sequence + 1;
        }
        shown += 1;
        if !show(stream, &message.payload) {
            break;
        }
    }
    Ok(())
}

/// The wait before the server is asked again after it was away.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

/// The stream that stores what is published on a subject.
fn stream_of(subject: &str) -> anyhow::Result<Stream> {
    if subject.starts_with("articles.enriched.") {
        Ok(Stream::Enriched)
    } else if subject.starts_with("figures.") {
        Ok(Stream::Figures)
    } else {
        bail!(
            "{subject} is no subject of enriched articles or of figures: try articles.enriched.>, \
             articles.enriched.en.>, figures.> or figures.count.killed.>"
        );
    }
}

async fn on_server(broker: &Broker, stream: Stream) -> anyhow::Result<jetstream::stream::Stream> {
    broker.jetstream().get_stream(stream.name()).await.context(match stream {
        Stream::Figures => "no figures are published here: is figures.publish false?",
        _ => "there are no enriched articles here",
    })
}

async fn open(broker: &Broker, stream: Stream, subject: &str, next: u64) -> anyhow::Result<pull::Ordered> {
    let config = pull::OrderedConfig {
        // Who may only read must say how the consumer is called.
        name: Some(format!("tail_{}_{}", std::process::id(), Timestamp::now().as_nanosecond())),
        filter_subject: subject.to_owned(),
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: next },
        ..pull::OrderedConfig::default()
    };
    let consumer = on_server(broker, stream).await?.create_consumer(config).await;
    Ok(consumer.with_context(|| format!("cannot follow {subject}"))?.messages().await?)
}
