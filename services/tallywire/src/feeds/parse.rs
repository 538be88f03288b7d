//! `tallywire feeds parse`

use std::{path::PathBuf, process::ExitCode};

use serde_json::{Value, json};
use tallywire_fetcher::{EntryDetail, ParsedFeed, parse_feed};
use tallywire_proto::FeedEntry;

use crate::terminal;

pub(super) fn run(files: &[PathBuf], ndjson: bool) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        let name = file.display().to_string();
        let read = std::fs::read(file).map_err(|error| error.to_string());
        let parsed = read.and_then(|bytes| parse_feed(&bytes, None, None).map_err(|error| error.to_string()));
        let value = match parsed {
            Ok(parsed) => shown(&name, &parsed)?,
            Err(error) if ndjson => json!({ "file": name, "error": error }),
            Err(error) => {
                eprintln!("tallywire: {name}: {error}");
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let text = if ndjson { value.to_string() } else { serde_json::to_string_pretty(&value)? };
        if !terminal::print(&(text + "\n")) {
            break;
        }
    }
    Ok(code)
}

fn shown(file: &str, parsed: &ParsedFeed) -> serde_json::Result<Value> {
    let feed = serde_json::to_value(&parsed.feed)?;
    let entries: Vec<Value> =
        parsed.entries.iter().zip(&parsed.details).map(|(one, detail)| entry(one, detail)).collect();
    let salvaged = parsed.salvaged.as_ref().map(ToString::to_string);
    Ok(json!({ "file": file, "feed": feed, "salvaged": salvaged, "entries": entries }))
}

fn entry(entry: &FeedEntry, detail: &EntryDetail) -> Value {
    json!({
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "summary": entry.summary,
        "content": entry.content,
        "author": detail.authors.first().map(ToString::to_string),
        "language": detail.language,
        "published": entry.published,
        "updated": entry.updated,
    })
}
