//! `tallywire status`

use std::{fmt::Write, process::ExitCode};

use jiff::Timestamp;
use tallywire_fetcher::{FeedState, states};
use tallywire_proto::{Condition, subject::Stream};
use tallywire_runtime::{Broker, access};

use crate::{connection::Connection, feeds::describe, terminal};

pub(crate) async fn run(connection: &Connection) -> anyhow::Result<ExitCode> {
    let broker = connection.attach().await?;
    let mut text = String::new();
    streams(&broker, &mut text).await?;
    stages(&broker, &mut text).await;
    feeds(&states(broker.jetstream()).await?, &mut text);
    terminal::print(&text);
    Ok(ExitCode::SUCCESS)
}

async fn streams(broker: &Broker, text: &mut String) -> anyhow::Result<()> {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{:<18} {:>10} {:>12} {:>8}", "stream", "messages", "bytes", "full");
    for stream in Stream::ALL {
        let mut stream = match broker.jetstream().get_stream(stream.name()).await {
            Err(_) if stream == Stream::Figures => continue,
            found => found?,
        };
        let info = stream.info().await?;
        let full = info.state.bytes as f64 * 100.0 / info.config.max_bytes.max(1) as f64;
        let _ = writeln!(
            text,
            "{:<18} {:>10} {:>12} {:>6.1} %",
            info.config.name, info.state.messages, info.state.bytes, full
        );
    }
    Ok(())
}

async fn stages(broker: &Broker, text: &mut String) {
    let _ = writeln!(text, "\n{:<18} {:>10} {:>12} {:>12}", "stage", "waiting", "under way", "again");
    for (name, stream) in access::stages() {
        let consumer = broker
            .jetstream()
            .get_consumer_from_stream::<async_nats::jetstream::consumer::pull::Config, _, _>(name, stream.name())
            .await;
        let _ = match consumer {
            Ok(mut consumer) => match consumer.info().await {
                Ok(info) => writeln!(
                    text,
                    "{name:<18} {:>10} {:>12} {:>12}",
                    info.num_pending, info.num_ack_pending, info.num_redelivered
                ),
                Err(error) => writeln!(text, "{name:<18} {error}"),
            },
            Err(_) => writeln!(text, "{name:<18} is not provisioned here"),
        };
    }
}

fn feeds(states: &[(String, FeedState)], text: &mut String) {
    let counts: Vec<String> = Condition::ALL
        .iter()
        .map(|condition| (states.iter().filter(|(_, state)| state.condition == *condition).count(), condition))
        .filter(|(count, _)| *count > 0)
        .map(|(count, condition)| format!("{count} {}", condition.name()))
        .collect();
    let _ =
        writeln!(text, "\nfeeds: {}", if counts.is_empty() { "none polled yet".to_owned() } else { counts.join(", ") });
    let now = Timestamp::now();
    for (id, state) in states {
        if let Some(told) = describe(state, now) {
            let _ = writeln!(text, "  {id}: {told}");
        }
    }
}
