//! A look at feeds as they are now, beside what the fetcher remembers of them.

use std::{
    collections::{BTreeMap, HashMap},
    process::ExitCode,
};

use anyhow::{Context, bail};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use tallywire_fetcher::{Client, FeedState, FetchError, Limits, ParsedFeed, ShownUrl, feeds::Feed, parse_feed, states};
use tallywire_proto::ErrorKind;
use tallywire_runtime::Config;
use url::Url;

use super::describe::{advice, describe};
use crate::{connection::Connection, terminal};

/// Feeds looked at at a time.
const AT_A_TIME: usize = 16;

pub(super) async fn run(feeds: &[Feed], ids: &[String], connection: &Connection) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = ids.iter().find(|id| !feeds.iter().any(|feed| feed.id == **id)) {
        bail!("there is no feed {unknown}; `tallywire feeds list` shows all");
    }
    let Config { fetcher, .. } = connection.config()?;
    let remembered = remembered(connection).await;
    let chosen = feeds.iter().filter(|feed| if ids.is_empty() { feed.enabled } else { ids.contains(&feed.id) });
    let (client, limits) = (&Client::new(&fetcher)?, Limits::up_to(fetcher.max_feed_bytes));
    let mut looks = stream::iter(chosen)
        .map(|feed| async move { (feed, look(client, &feed.url, &feed.headers, limits).await) })
        .buffered(AT_A_TIME);
    let mut code = ExitCode::SUCCESS;
    while let Some((feed, look)) = looks.next().await {
        let before = remembered.get(&feed.id).and_then(|state| describe(state, Timestamp::now()));
        let before = before.map_or_else(String::new, |told| format!("\n        as the fetcher knows it: {told}"));
        let told = match look {
            Ok(read) => {
                let state = if read.entries.is_empty() { "empty " } else { "ok    " };
                let salvaged = read.salvaged.map_or_else(String::new, |what| format!("; broken, and read: {what}"));
                format!("{state}  {}: {} entries{salvaged}{before}\n", feed.id, read.entries.len())
            }
            Err(error) => {
                let kind = error.downcast_ref().map_or(ErrorKind::NotAFeed, FetchError::kind);
                code = ExitCode::FAILURE;
                format!("failed  {}: {error:#}; {}{before}\n", feed.id, advice(kind))
            }
        };
        if !terminal::print(&told) {
            break;
        }
    }
    Ok(code)
}

/// What the fetchers remember of the feeds, where a broker is running.
async fn remembered(connection: &Connection) -> HashMap<String, FeedState> {
    let Ok(broker) = connection.attach().await else { return HashMap::new() };
    states(broker.jetstream()).await.map(HashMap::from_iter).unwrap_or_default()
}

/// Fetches and reads a feed once.
async fn look(
    client: &Client,
    url: &Url,
    headers: &BTreeMap<String, String>,
    limits: Limits,
) -> anyhow::Result<ParsedFeed> {
    let body = client.get_whole(url, headers, limits).await?;
    parse_feed(&body.bytes, body.content_type.as_deref(), Some(&body.base))
        .with_context(|| ShownUrl::new(url).to_string())
}
