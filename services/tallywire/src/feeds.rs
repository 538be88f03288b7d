//! `tallywire feeds`

mod check;
mod describe;
mod discover;
mod parse;

use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use tallywire_fetcher::feeds::{Feed, FullText, Ids, Imported, add, export, import, load, remove};
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
    /// Find the feeds of a site, most likely first
    Discover {
        /// The address of the site, of any page of it, or of a feed
        #[arg(value_parser = discover::web_address)]
        url: Url,
        #[command(flatten)]
        flags: Flags,
    },
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
    /// The feed's address, or that of a page of its site
    #[arg(value_parser = discover::web_address)]
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
    /// What it is about, in your own words; may be given more than once
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
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
        FeedsCommand::Discover { url, flags } => return discover::run(&url, &flags).await,
        FeedsCommand::Remove { id } => {
            remove(file, &id)?;
            terminal::print(&format!("removed {id}\n"));
        }
        FeedsCommand::Check { ids, connection } => return check::run(&load(file)?, &ids, &connection).await,
        FeedsCommand::Reset { id, connection } => {
            let known = tallywire_fetcher::forget(connection.attach().await?.jetstream(), &id).await?;
            anyhow::ensure!(known, "nothing is known of a feed {id}; `tallywire status` shows what is");
            terminal::print(&format!("forgot what was known of {id}; a running fetcher polls it within a minute\n"));
        }
        FeedsCommand::Parse { files, ndjson } => return parse::run(&files, ndjson),
        FeedsCommand::Import { opml } => {
            let document = std::fs::read(&opml).with_context(|| format!("cannot read {}", opml.display()))?;
            let present = if file.exists() { load(file)? } else { Vec::new() };
            let imported = import(&document, &present).with_context(|| opml.display().to_string())?;
            add(file, &imported.feeds)?;
            terminal::print(&report(&imported, file));
        }
        FeedsCommand::Export => {
            terminal::print(&export(&load(file)?));
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
        let tags = if feed.tags.is_empty() { String::new() } else { format!("  [{}]", feed.tags.join(", ")) };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{:<24} {interval:>8}  {}{tags}{state}", feed.id, feed.url);
    }
    if text.is_empty() { "no feeds\n".to_owned() } else { text }
}

/// What an import did, and what it left out.
fn report(imported: &Imported, file: &Path) -> String {
    let mut text = format!("added {} feeds to {}", imported.feeds.len(), file.display());
    if imported.present > 0 {
        let _ = write!(text, "; {} were there already", imported.present);
    }
    text.push('\n');
    for address in &imported.unusable {
        let _ = writeln!(text, "left out {address:?}: it is no address that begins with http:// or https://");
    }
    text
}

async fn add_one(arguments: AddArguments, file: &Path) -> anyhow::Result<ExitCode> {
    let present = if file.exists() { load(file)? } else { Vec::new() };
    let (url, title) = if arguments.unchecked {
        (arguments.url, None)
    } else {
        let found = discover::find(&arguments.url, &arguments.flags).await;
        let found = found.context("not added; --unchecked adds it all the same")?;
        match discover::best(&found) {
            Some(best) => (led_to(&arguments.url, &best.url, found.len()), best.title.clone()),
            None => (arguments.url, None),
        }
    };
    let id = arguments.id.unwrap_or_else(|| Ids::new(&present).make(title.as_deref(), &url));
    let feed = Feed {
        interval: arguments.interval,
        full_text: match arguments.full_text {
            FullTextChoice::Auto => FullText::Auto,
            FullTextChoice::Feed => FullText::Feed,
            FullTextChoice::Page => FullText::Page,
        },
        tags: arguments.tags,
        ..Feed::new(id.clone(), url)
    };
    add(file, &[feed])?;
    terminal::print(&format!("added {id} to {}\n", file.display()));
    Ok(ExitCode::SUCCESS)
}

/// The address of a feed that another one led to, after saying so.
fn led_to(asked: &Url, feed: &Url, found: usize) -> Url {
    if asked != feed {
        terminal::print(&format!("{asked} leads to the feed {feed}\n"));
    }
    if found > 1 {
        terminal::print(&format!("it is the most likely of {found}; `tallywire feeds discover {asked}` shows all\n"));
    }
    feed.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_says_what_it_left_out() {
        let url = Url::parse("https://a.example/").unwrap();
        let feeds = vec![Feed::new("a".to_owned(), url)];
        let imported = Imported { feeds, present: 2, unusable: vec!["file:///a".to_owned()] };
        let text = report(&imported, Path::new("feeds.toml"));
        assert!(text.starts_with("added 1 feeds to feeds.toml; 2 were there already\n"), "{text}");
        assert!(
            text.ends_with("left out \"file:///a\": it is no address that begins with http:// or https://\n"),
            "{text}"
        );
    }
}
