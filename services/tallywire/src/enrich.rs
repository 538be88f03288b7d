//! `tallywire enrich`: the stages in a row, without a broker.

mod input;
mod lines;

use std::{
    io::{self, IsTerminal, Read},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use serde_json::Value;
use tallywire_cleaner::Cleaner;
use tallywire_entities::Tagger;
use tallywire_figures::Reader;
use tallywire_proto::{DocumentKind, Enriched, Fetched};
use tallywire_runtime::{Failure, config::Config, service::run_stage};
use url::Url;

use crate::{cli::EnrichArguments, readable, terminal};

/// The stages, in order.
pub(crate) struct Pipeline {
    cleaner: Cleaner,
    tagger: Tagger,
    reader: Reader,
}

impl Pipeline {
    pub(crate) fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self { cleaner: Cleaner, tagger: Tagger::configured(&config.entities)?, reader: Reader::new() })
    }

    /// Takes an article through all stages.
    pub(crate) fn enrich(&self, fetched: Fetched) -> Result<Enriched, Failure> {
        let (cleaned, _) = run_stage(&self.cleaner, fetched)?;
        let (tagged, _) = run_stage(&self.tagger, cleaned)?;
        let (enriched, _) = run_stage(&self.reader, tagged)?;
        Ok(enriched)
    }
}

pub(crate) fn run(arguments: &EnrichArguments) -> anyhow::Result<ExitCode> {
    let config = arguments.flags.load(&[])?;
    let pipeline = Pipeline::new(&config)?;
    if arguments.ndjson {
        let threads = arguments
            .threads
            .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
        let reader: Box<dyn Read + Send> = match arguments.input.as_str() {
            "-" => Box::new(io::stdin()),
            path => Box::new(std::fs::File::open(path).with_context(|| format!("cannot open {path}"))?),
        };
        lines::run(&pipeline, io::BufReader::new(reader), io::stdout(), threads)?;
        return Ok(ExitCode::SUCCESS);
    }
    let fetched = single(arguments, &config)?;
    let enriched = pipeline.enrich(fetched).with_context(|| arguments.input.clone())?;
    let text = if arguments.readable {
        readable::article(&enriched)
    } else if io::stdout().is_terminal() {
        serde_json::to_string_pretty(&enriched)? + "\n"
    } else {
        serde_json::to_string(&enriched)? + "\n"
    };
    terminal::print(&text);
    Ok(ExitCode::SUCCESS)
}

/// A page or text from a file, an address or standard input.
fn single(arguments: &EnrichArguments, config: &Config) -> anyhow::Result<Fetched> {
    let name = arguments.input.as_str();
    if name.starts_with("http://") || name.starts_with("https://") {
        return fetch(name, config);
    }
    let mut bytes = Vec::new();
    match name {
        "-" => io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?,
        path => std::fs::File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {path}"))?,
    };
    let body = tallywire_fetcher::decode_page(&bytes, None);
    let is_html = Path::new(name).extension().is_some_and(|ending| ending == "html" || ending == "htm")
        || body.trim_start().starts_with('<');
    let kind = if is_html { DocumentKind::Page } else { DocumentKind::Text };
    Ok(input::fetched(name, None, kind, body, None))
}

fn fetch(address: &str, config: &Config) -> anyhow::Result<Fetched> {
    use tallywire_fetcher::{Client, Limits};

    let settings = &config.fetcher;
    let url = Url::parse(address).with_context(|| format!("{address} is no address"))?;
    let limits = Limits::up_to(settings.max_page_bytes);
    let runtime = tallywire_runtime::service::runtime()?;
    let client = Client::new(settings)?;
    let body = runtime.block_on(client.get_whole(&url, &std::collections::BTreeMap::new(), limits))?;
    let text = tallywire_fetcher::decode_page(&body.bytes, body.content_type.as_deref());
    Ok(input::fetched(address, Some(&body.url), DocumentKind::Page, text, None))
}

/// An enriched article as JSON, under the id that the user gave it.
fn with_id(enriched: &Enriched, id: Value) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(enriched)?;
    value["id"] = id;
    Ok(value)
}
