//! `tallywire dead`

use std::{fmt::Write, process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use async_nats::jetstream::{consumer::pull, stream::Stream as JetStream};
use clap::{Args, Subcommand};
use futures::StreamExt;
use serde_json::Value;
use tallywire_proto::subject::Stream;
use tallywire_runtime::{
    Broker, CancellationToken,
    broker::{DeadLetter, plain_body},
};

use crate::{connection::Connection, terminal};

/// How long somebody waits at a terminal.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Subcommand)]
pub(crate) enum DeadCommand {
    /// List them: number, when, stage, attempts, reason
    List,
    /// Show one whole: its headers and its body
    Show {
        /// Its number
        number: u64,
    },
    /// Send them back to the stage that gave up on them
    Requeue(Chosen),
    /// Delete them
    Drop(Chosen),
}

#[derive(Args)]
pub(crate) struct Chosen {
    /// Their numbers
    #[arg(required_unless_present = "all")]
    numbers: Vec<u64>,
    /// All of them
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
    /// With --all: only those of this stage
    #[arg(long, requires = "all")]
    stage: Option<String>,
}

pub(crate) async fn run(command: DeadCommand, connection: &Connection) -> anyhow::Result<ExitCode> {
    let broker = connection.attach().await?;
    let stream = broker.jetstream().get_stream(Stream::Dead.name()).await.context("no dead letters")?;
    match command {
        DeadCommand::List => {
            let mut text = String::new();
            for letter in all(&stream).await? {
                // Writing to a string does not fail.
                let _ = writeln!(
                    text,
                    "{:>6}  {}  {:<8}  {:>2} attempts  {}  {}",
                    letter.sequence, letter.at, letter.stage, letter.attempts, letter.subject, letter.reason
                );
            }
            terminal::print(if text.is_empty() { "no dead letters\n" } else { &text });
        }
        DeadCommand::Show { number } => {
            let letter = one(&stream, number).await?;
            terminal::print(&shown(&broker, &letter).await?);
        }
        DeadCommand::Requeue(chosen) => {
            let letters = letters(&stream, &chosen).await?;
            for letter in &letters {
                let sent = tokio::time::timeout(PATIENCE, broker.revive(letter, &CancellationToken::new())).await;
                sent.with_context(|| format!("{} does not take it: is its stream full?", letter.subject))??;
                delete(&stream, letter.sequence).await?;
            }
            println!("{} sent back", letters.len());
        }
        DeadCommand::Drop(chosen) => {
            let letters = letters(&stream, &chosen).await?;
            for letter in &letters {
                delete(&stream, letter.sequence).await?;
            }
            println!("{} dropped", letters.len());
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn letters(stream: &JetStream, chosen: &Chosen) -> anyhow::Result<Vec<DeadLetter>> {
    if !chosen.all {
        let mut letters = Vec::new();
        for number in &chosen.numbers {
            letters.push(one(stream, *number).await?);
        }
        return Ok(letters);
    }
    let mut letters = all(stream).await?;
    if let Some(stage) = &chosen.stage {
        letters.retain(|letter| letter.stage == *stage);
    }
    Ok(letters)
}

async fn one(stream: &JetStream, number: u64) -> anyhow::Result<DeadLetter> {
    match stream.get_raw_message(number).await {
        Ok(message) => Ok(DeadLetter::read(number, &message.headers, message.payload)),
        Err(_) => bail!("there is no dead letter {number}; `tallywire dead list` shows all"),
    }
}

/// All that are there at the moment.
async fn all(stream: &JetStream) -> anyhow::Result<Vec<DeadLetter>> {
    let waiting = stream.get_info().await?.state.messages;
    if waiting == 0 {
        return Ok(Vec::new());
    }
    let consumer = stream.create_consumer(pull::OrderedConfig::default()).await?;
    let mut messages = consumer.messages().await?;
    let mut letters = Vec::new();
    // Letters may go while they are looked at: do not wait for those that were there.
    while let Ok(Some(message)) = tokio::time::timeout(PATIENCE, messages.next()).await {
        let message = message?;
        let (sequence, pending) =
            message.info().map(|info| (info.stream_sequence, info.pending)).map_err(|error| anyhow::anyhow!(error))?;
        letters.push(DeadLetter::read(sequence, &message.headers.clone().unwrap_or_default(), message.payload.clone()));
        if pending == 0 {
            break;
        }
    }
    Ok(letters)
}

async fn delete(stream: &JetStream, number: u64) -> anyhow::Result<()> {
    stream.delete_message(number).await.with_context(|| format!("dead letter {number} could not be deleted"))?;
    Ok(())
}

async fn shown(broker: &Broker, letter: &DeadLetter) -> anyhow::Result<String> {
    let mut text = format!(
        "number    {}\nstage     {}\nreason    {}\nattempts  {}\nsubject   {}\nat        {}\nid        {}\n",
        letter.sequence, letter.stage, letter.reason, letter.attempts, letter.subject, letter.at, letter.message_id
    );
    for (name, values) in letter.headers.iter() {
        for value in values {
            let _ = writeln!(text, "header    {name}: {value}");
        }
    }
    let body = plain_body(broker, letter).await?;
    let body = match serde_json::from_slice::<Value>(&body) {
        Ok(value) => serde_json::to_string_pretty(&value)?,
        Err(_) => String::from_utf8_lossy(&body).into_owned(),
    };
    let _ = write!(text, "\n{body}\n");
    Ok(text)
}
