//! From a feed's bytes to its entries: RSS of every version, Atom, CDF and JSON Feed.
//!
//! Publishers write feeds by hand and by templates, and few of them are quite right. What can be understood is read;
//! what was wrong is said in [`ParsedFeed::salvaged`]. Nothing is made up for what is missing.
//!
//! ```text
//!  markup      text to tokens, and attributes           reference   what &amp; and its like stand for
//!  names       which vocabulary an element belongs to   vocabulary  what it means where it stands
//!  xml         the way through the tokens               elements    what they say, and where it belongs
//!  draft       what comes first, what replaces what
//!  construct   texts: plain, HTML, markup               links       what is relative, made absolute
//!  plain       plain text as HTML                       json        JSON Feed, on json_value
//!  date, clock, person, hints, salvage
//! ```

mod attributes;
mod clock;
mod construct;
mod date;
mod draft;
mod elements;
mod hints;
mod json;
mod json_value;
mod links;
mod markup;
mod names;
mod person;
mod plain;
mod reference;
mod salvage;
mod vocabulary;
mod xml;

use std::panic::catch_unwind;

use serde::Serialize;
use tallywire_proto::{Channel, FeedEntry, Moment};
use tokio::task::spawn_blocking;
use url::Url;

pub use self::{hints::PollHints, person::Person, salvage::Salvage};
use crate::decode::decode_feed;

/// The deepest nesting that is followed; feeds in use stay below 20, but for lists in their texts that are never closed.
const DEEPEST: usize = 200;
/// The most elements beyond it, outside of texts, that a feed may have.
const BEYOND: usize = 1_000;
/// The most hubs of a feed that are kept.
const HUBS: usize = 8;
/// The most entries that are read of a feed; those in use stay below 1000.
const ENTRIES: usize = 10_000;

/// A feed as it was read.
#[derive(Clone, Debug)]
pub struct ParsedFeed {
    /// What the feed says about itself.
    pub feed: FeedAbout,
    /// Its entries, in its order: at most 10,000.
    pub entries: Vec<FeedEntry>,
    /// What else is known of each entry, in the same order.
    pub details: Vec<EntryDetail>,
    /// When to read it again.
    pub hints: PollHints,
    /// What was wrong with it.
    pub salvaged: Option<Salvage>,
}

/// What a feed says about itself.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FeedAbout {
    /// Its own id.
    pub id: Option<String>,
    /// Its name.
    pub title: Option<String>,
    /// The site it belongs to.
    pub link: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Its language, as declared.
    pub language: Option<String>,
    /// Who makes it: name, and email address in parentheses.
    pub author: Option<String>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// The hubs that tell of changes, in its order: at most 8 (W3C `WebSub`, section 4).
    pub hubs: Vec<String>,
    /// The address under which the hub knows it (W3C `WebSub`, section 4).
    pub self_link: Option<String>,
    /// A small picture that stands for it.
    pub icon: Option<String>,
    /// A larger one.
    pub image: Option<String>,
}

/// What is known of an entry beside what goes with its article.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct EntryDetail {
    /// Its authors, as [`FeedEntry::authors`] names them.
    pub authors: Vec<Person>,
    /// Whether its id is declared to be no address (RSS 2.0, `guid` with `isPermaLink="false"`).
    pub id_is_local: bool,
    /// Whether its summary is stated to be plain text, in which nothing is markup (RFC 4287, section 3.1.1.1).
    pub summary_is_plain: bool,
    /// Whether its content is stated to be plain text (the same; JSON Feed 1.1, `content_text`).
    pub content_is_plain: bool,
    /// Its language, as declared.
    pub language: Option<String>,
}

impl ParsedFeed {
    /// What goes with each article.
    pub fn channel(&self) -> Channel {
        let FeedAbout { title, link, language, .. } = self.feed.clone();
        Channel { title, link, language }
    }

    /// The entries with their texts as HTML: those that are stated to be plain are written so that they show the same.
    pub fn into_html_entries(self) -> Vec<FeedEntry> {
        let html =
            |text: Option<String>, is_plain| if is_plain { text.map(|text| plain::to_html(&text)) } else { text };
        let entries = self.entries.into_iter().zip(self.details);
        entries
            .map(|(entry, detail)| FeedEntry {
                summary: html(entry.summary, detail.summary_is_plain),
                content: html(entry.content, detail.content_is_plain),
                ..entry
            })
            .collect()
    }
}

/// The text is no feed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ParseError {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// A page, most likely of an error or a login.
    #[error("it is an HTML page, not a feed; look on the page for the feed's own address")]
    Html,
    /// Neither RSS, Atom, RDF, CDF nor JSON Feed.
    #[error("it is no feed that can be read: {0}")]
    NoFeed(String),
    /// It nests its elements without end.
    #[error("it nests its elements without end")]
    TooDeep,
    /// The parser failed on it.
    #[error("the feed parser failed on it")]
    Panic,
}

/// Reads a feed. Relative links are resolved against `url`: the `Content-Location` of the response, or else the
/// address that it came from (RFC 3986, section 5.1).
///
/// # Errors
/// When it is none.
pub fn parse_feed(bytes: &[u8], content_type: Option<&str>, url: Option<&Url>) -> Result<ParsedFeed, ParseError> {
    // The last line of defence: a fault in the reading of one feed must not stop the others.
    catch_unwind(|| {
        let text = decode_feed(bytes, content_type);
        let start = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
        match start.find(['<', '{']).and_then(|at| start.get(at..)) {
            _ if start.is_empty() => Err(ParseError::Empty),
            Some(json) if json.starts_with('{') => json::read(json, url).or_else(|error| {
                // A notice of the publisher's server may hold a brace.
                let feed = if start.starts_with('{') { None } else { xml::read(&text, url).ok() };
                feed.ok_or(error)
            }),
            Some(_) => xml::read(&text, url),
            None => Err(ParseError::NoFeed("it has neither markup nor JSON".into())),
        }
    })
    .unwrap_or(Err(ParseError::Panic))
}

/// As [`parse_feed`], on a thread where it holds nobody up.
pub(crate) async fn parse_feed_aside(
    bytes: impl AsRef<[u8]> + Send + 'static,
    content_type: Option<String>,
    base: &Url,
) -> Result<ParsedFeed, ParseError> {
    let base = base.clone();
    let parsed = spawn_blocking(move || parse_feed(bytes.as_ref(), content_type.as_deref(), Some(&base)));
    parsed.await.unwrap_or(Err(ParseError::Panic))
}

#[cfg(test)]
mod tests;
