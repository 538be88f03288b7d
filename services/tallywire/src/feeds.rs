//! `tallywire feeds`

mod check;
mod describe;
mod parse;

use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use tallywire_fetcher::feeds::{Feed, FullText, add, export, id_for, import, load, remove};
use tallywire_runtime::service::Flags;
use url::Url;

use crate::{connection::Connection, terminal};

pub(crate) use describe::describe;

#[derive(Subcommand)]
pub(crate) enum FeedsCommand {
    /// List the feeds
    List,
    /// Add a feed, after a look at it
    Add(AddArguments),
    /// Remove a feed
    Remove {
        /// Its id
        id: String,
    },
    /// Poll feeds once, and say what is wrong with them
    Check {
        /// Their ids; all where none is named
        ids: Vec<String>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Forget what is known of a feed, so that it is polled at once: after it was gone, say
    Reset {
        /// Its id
        id: String,
        #[command(flatten)]
        connection: Connection,
    },
    /// Show feeds as Tallywire reads them, as JSON
    Parse {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// A line a file, errors as lines too
        #[arg(long)]
        ndjson: bool,
    },
    /// Add the feeds of an OPML file
    Import {
        /// The OPML file
        opml: PathBuf,
    },
    /// Print the feeds as OPML
    Export,
}

#[derive(Args)]
pub(crate) struct AddArguments {
    /// The feed's address
    url: Url,
    /// What to call it [default: made from its title]
    #[arg(long)]
    id: Option<String>,
    /// How often to poll it [default: as configured]
    #[arg(long, value_parser = humantime::parse_duration)]
    interval: Option<Duration>,
    /// Where to take the text from
    #[arg(long, value_enum, default_value = "auto")]
    full_text: FullTextChoice,
    /// Add it without a look at it
    #[arg(long)]
    unchecked: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Clone, Copy, ValueEnum)]
enum FullTextChoice {
    Auto,
    Feed,
    Page,
}

pub(crate) async fn run(command: FeedsCommand, file: &Path) -> anyhow::Result<ExitCode> {
    match command {
        FeedsCommand::List => {
            terminal::print(&list(&load(file)?));
        }
        FeedsCommand::Add(arguments) => return add_one(arguments, file).await,
        FeedsCommand::Remove { id } => {
            remove(file, &id)?;
            println!("removed {id}");
        }
        FeedsCommand::Check { ids, connection } => return check::run(&load(file)?, &ids, &connection).await,
        FeedsCommand::Reset { id, connection } => {
            let known = tallywire_fetcher::forget(connection.attach().await?.jetstream(), &id).await?;
            anyhow::ensure!(known, "nothing is known of a feed {id}; `tallywire status` shows what is");
            println!("forgot what was known of {id}; a running fetcher polls it within a minute");
        }
        FeedsCommand::Parse { files, ndjson } => return parse::run(&files, ndjson),
        FeedsCommand::Import { opml } => {
            let text = std::fs::read_to_string(&opml).with_context(|| format!("cannot read {}", opml.display()))?;
            let present = if file.exists() { load(file)? } else { Vec::new() };
            let feeds = import(&text, &present).with_context(|| opml.display().to_string())?;
            add(file, &feeds)?;
            println!("added {} feeds to {}", feeds.len(), file.display());
        }
        FeedsCommand::Export => {
            terminal::print(&(export(&load(file)?)? + "\n"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(feeds: &[Feed]) -> String {
    let mut text = String::new();
    for feed in feeds {
        let interval =
            feed.interval.map_or_else(|| "-".to_owned(), |time| humantime::format_duration(time).to_string());
        let state = if feed.enabled { "" } else { "  (not enabled)" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{:<24} {interval:>8}  {}{state}", feed.id, feed.url);
    }
    if text.is_empty() { "no feeds\n".to_owned() } else { text }
}

async fn add_one(arguments: AddArguments, file: &Path) -> anyhow::Result<ExitCode> {
    let present = if file.exists() { load(file)? } else { Vec::new() };
    let title = if arguments.unchecked {
        None
    } else {
        let read =
            check::look(&arguments.url, &std::collections::BTreeMap::new(), &arguments.flags.load(&[])?.fetcher).await;
        read.context("not added; --unchecked adds it all the same")?.feed.title
    };
    let feed = Feed {
        id: arguments.id.unwrap_or_else(|| id_for(title.as_deref(), &arguments.url, &present)),
        url: arguments.url,
        interval: arguments.interval,
        full_text: match arguments.full_text {
            FullTextChoice::Auto => FullText::Auto,
            FullTextChoice::Feed => FullText::Feed,
            FullTextChoice::Page => FullText::Page,
        },
        enabled: true,
        headers: std::collections::BTreeMap::new(),
    };
    let id = feed.id.clone();
    add(file, &[feed])?;
    println!("added {id} to {}", file.display());
    Ok(ExitCode::SUCCESS)
}
