//! A look at feeds as they are now.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::{Context, bail};
use futures::{StreamExt, stream};
use tallywire_fetcher::{Client, Limits, ParsedFeed, Validators, feeds::Feed, parse_feed};
use tallywire_runtime::service::Flags;
use url::Url;

/// Feeds looked at at a time.
const AT_A_TIME: usize = 16;

pub(super) async fn run(feeds: &[Feed], ids: &[String], flags: &Flags) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = ids.iter().find(|id| !feeds.iter().any(|feed| feed.id == **id)) {
        bail!("there is no feed {unknown}; `tallywire feeds list` shows all");
    }
    let chosen = feeds.iter().filter(|feed| if ids.is_empty() { feed.enabled } else { ids.contains(&feed.id) });
    let mut looks = stream::iter(chosen)
        .map(|feed| async move { (feed, look(&feed.url, &feed.headers, flags).await) })
        .buffered(AT_A_TIME);
    let mut code = ExitCode::SUCCESS;
    while let Some((feed, look)) = looks.next().await {
        match look {
            Ok(read) if read.entries.is_empty() => println!("empty   {}: it is a feed, and lists nothing", feed.id),
            Ok(read) => println!("ok      {}: {} entries", feed.id, read.entries.len()),
            Err(error) => {
                println!("failed  {}: {error:#}", feed.id);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// Fetches and reads a feed once.
pub(super) async fn look(url: &Url, headers: &BTreeMap<String, String>, flags: &Flags) -> anyhow::Result<ParsedFeed> {
    let settings = flags.load(&[])?.fetcher;
    let limits = Limits { bytes: settings.max_feed_bytes.as_u64() };
    let got = Client::new(&settings)?.get(url, &Validators::default(), headers, limits).await?;
    let body = got.context("it answers that nothing has changed, to a question that did not ask")?;
    parse_feed(&body.bytes, body.content_type.as_deref(), Some(&body.url)).with_context(|| url.to_string())
}
