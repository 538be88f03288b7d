//! `tallywire feeds discover`: the feeds of a site.

use std::{collections::BTreeMap, fmt::Write, process::ExitCode};

use tallywire_fetcher::{
    Client, Limits,
    discover::{Found, discover},
};
use tallywire_runtime::service::Flags;
use url::Url;

use crate::terminal;

pub(super) async fn run(url: &Url, flags: &Flags) -> anyhow::Result<ExitCode> {
    terminal::print(&shown(&find(url, flags).await?));
    Ok(ExitCode::SUCCESS)
}

/// The feeds that an address is or leads to, most likely first; never none.
pub(super) async fn find(url: &Url, flags: &Flags) -> anyhow::Result<Vec<Found>> {
    let settings = flags.load(&[])?.fetcher;
    let limits = Limits::up_to(settings.max_feed_bytes);
    let (client, none) = (Client::new(&settings)?, BTreeMap::new());
    Ok(discover(url, async |url: Url| client.get_whole(&url, &none, limits).await).await?)
}

/// The one to take where one is wanted: the most likely that lists anything.
pub(super) fn best(found: &[Found]) -> Option<&Found> {
    found.iter().find(|feed| feed.entries > 0).or_else(|| found.first())
}

/// An address as a person gives it: `https://` may be left out.
pub(super) fn web_address(text: &str) -> Result<Url, String> {
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
    match url {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(url) => Err(format!("{} is neither http nor https", url.scheme())),
        Err(error) => Err(format!("{error}; give an address such as https://news.example/")),
    }
}

fn shown(found: &[Found]) -> String {
    let mut text = String::new();
    for feed in found {
        let newest = feed.newest.map_or_else(|| "-".to_owned(), |newest| newest.day().to_string());
        // A title comes from anywhere, and may hold what would steer the terminal.
        let title: String =
            feed.title.iter().flat_map(|title| title.chars()).filter(|next| !next.is_control()).collect();
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}  {:>5} entries  newest {newest:<10}  {title}", feed.url, feed.entries);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(url: &str, entries: usize) -> Found {
        Found {
            url: Url::parse(url).unwrap(),
            title: Some("Harbour\u{1b}[2J".to_owned()),
            entries,
            newest: "2026-03-09T10:00:00Z".parse().ok(),
        }
    }

    #[test]
    fn the_best_lists_something() {
        let found = [feed("https://a.example/", 0), feed("https://b.example/", 2), feed("https://c.example/", 9)];
        assert_eq!(best(&found).unwrap().url.as_str(), "https://b.example/");
        assert_eq!(best(&found[..1]).unwrap().url.as_str(), "https://a.example/");
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn shows_a_line_a_feed() {
        let text = shown(&[feed("https://a.example/rss", 30)]);
        assert_eq!(text, "https://a.example/rss     30 entries  newest 2026-03-09  Harbour[2J\n");
    }

    #[test]
    fn an_address_may_do_without_https() {
        assert_eq!(web_address("news.example/world").unwrap().as_str(), "https://news.example/world");
        assert_eq!(web_address("http://news.example").unwrap().as_str(), "http://news.example/");
        assert!(web_address("ftp://news.example").unwrap_err().contains("neither http nor https"));
        assert!(web_address("").unwrap_err().contains("such as"));
    }
}
