//! From a feed's text to its entries: RSS, Atom, RDF and JSON Feed, by feed-rs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::model;
use jiff::Timestamp;
use serde::Serialize;
use tallywire_proto::{Channel, FeedEntry, Moment};
use url::Url;

use crate::{
    decode::decode_feed,
    depth::{DEEPEST, is_too_deep},
};

/// A feed as it was read.
#[derive(Clone, Debug, Serialize)]
pub struct ParsedFeed {
    /// What the feed says about itself.
    pub feed: FeedAbout,
    /// Its entries, in its order.
    pub entries: Vec<FeedEntry>,
    /// What was wrong with it, where it had to be mended.
    pub salvaged: Option<String>,
    #[serde(skip)]
    pub(crate) wishes: crate::cadence::Wishes,
}

/// What a feed says about itself.
#[derive(Clone, Debug, Serialize)]
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
    /// Who makes it.
    pub author: Option<String>,
}

impl ParsedFeed {
    /// What goes with each article.
    pub fn channel(&self) -> Channel {
        let FeedAbout { title, link, language, .. } = self.feed.clone();
        Channel { title, link, language }
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
    /// Neither RSS, Atom, RDF nor JSON Feed.
    #[error("it is no feed that can be read: {0}")]
    NoFeed(String),
    /// It nests its elements deeper than any feed has reason to.
    #[error("it nests its elements more than {DEEPEST} deep")]
    TooDeep,
    /// The parser failed on it.
    #[error("the feed parser failed on it")]
    Panic,
}

/// Reads a feed. Relative links are resolved against `url`.
///
/// # Errors
/// When it is none.
pub fn parse_feed(bytes: &[u8], content_type: Option<&str>, url: Option<&Url>) -> Result<ParsedFeed, ParseError> {
    let text = decode_feed(bytes, content_type);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(ParseError::Empty);
    }
    // The parser looks at the first of these characters too. JSON has a limit of its own.
    let is_xml = start.find(['<', '{']).is_some_and(|at| start[at..].starts_with('<'));
    if is_xml && is_too_deep(start) {
        return Err(if looks_like_html(start) { ParseError::Html } else { ParseError::TooDeep });
    }
    // feed-rs panics on some inputs; nothing of its state outlives the call.
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        let parser = feed_rs::parser::Builder::new()
            .base_uri(url.map(Url::as_str))
            // An id that the feed does not give is not made up.
            .id_generator(|_, _, _| String::new())
            .build();
        parser.parse(start.as_bytes())
    }));
    let feed = parsed.map_err(|_| ParseError::Panic)?.map_err(|error| {
        if looks_like_html(start) { ParseError::Html } else { ParseError::NoFeed(error.to_string()) }
    })?;
    Ok(convert(feed))
}

fn looks_like_html(text: &str) -> bool {
    let start: String = text.chars().take(500).flat_map(char::to_lowercase).collect();
    start.contains("<!doctype html") || start.contains("<html")
}

fn convert(feed: model::Feed) -> ParsedFeed {
    let about = FeedAbout {
        id: filled(feed.id),
        title: feed.title.and_then(|text| filled(text.content)),
        link: main_link(&feed.links),
        description: feed.description.and_then(|text| filled(text.content)),
        language: feed.language.and_then(filled),
        author: feed.authors.into_iter().find_map(person),
    };
    ParsedFeed {
        feed: about,
        entries: feed.entries.into_iter().map(entry).collect(),
        salvaged: None,
        wishes: crate::cadence::Wishes::default(),
    }
}

fn entry(entry: model::Entry) -> FeedEntry {
    let link = main_link(&entry.links).or_else(|| Some(entry.id.clone()).filter(|id| is_web_address(id)));
    FeedEntry {
        id: filled(entry.id),
        title: entry.title.and_then(|text| filled(text.content)),
        link,
        summary: entry.summary.and_then(|text| filled(text.content)),
        content: entry.content.and_then(|content| content.body).and_then(filled),
        authors: entry.authors.into_iter().filter_map(person).collect(),
        published: entry.published.and_then(|time| moment(time.timestamp())),
        updated: entry.updated.and_then(|time| moment(time.timestamp())),
        categories: entry
            .categories
            .into_iter()
            .filter_map(|category| filled(category.label.unwrap_or(category.term)))
            .collect(),
        image: entry.media.into_iter().find_map(|media| image(&media)),
    }
}

/// The link to the thing itself, not to comments, enclosures or the feed (RFC 4287, section 4.2.7.2).
fn main_link(links: &[model::Link]) -> Option<String> {
    let is_main = |link: &&model::Link| matches!(link.rel.as_deref(), None | Some("alternate"));
    links.iter().find(is_main).map(|link| link.href.trim().to_owned()).and_then(filled)
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn person(person: model::Person) -> Option<String> {
    person.name.and_then(filled).or_else(|| person.email.and_then(filled))
}

fn moment(unix_seconds: i64) -> Option<Moment> {
    Timestamp::from_second(unix_seconds).ok().map(Moment::from)
}

fn image(media: &model::MediaObject) -> Option<String> {
    let is_image = |content: &&model::MediaContent| {
        content.content_type.as_ref().is_some_and(|kind| kind.to_string().starts_with("image/"))
    };
    let content = media.content.iter().find(is_image).and_then(|content| content.url.as_ref()).map(Url::to_string);
    content.or_else(|| media.thumbnails.first().map(|thumbnail| thumbnail.image.uri.clone())).and_then(filled)
}

fn filled(text: String) -> Option<String> {
    let trimmed = text.trim();
    match trimmed.len() {
        0 => None,
        length if length == text.len() => Some(text),
        _ => Some(trimmed.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<ParsedFeed, ParseError> {
        parse_feed(text.as_bytes(), None, Some(&Url::parse("https://news.example/feeds/rss").unwrap()))
    }

    #[test]
    fn reads_rss() {
        let feed = parse(
            "<rss version='2.0'><channel><title>News</title><link>https://news.example/</link><language>en</language>
             <item><guid isPermaLink='false'>7</guid><title>A &amp; B</title><link>https://news.example/a</link>
             <description>Short.</description><pubDate>Mon, 09 Mar 2026 10:00:00 +0100</pubDate>
             <author>a@b.example (Ann Ono)</author><category>World</category></item></channel></rss>",
        )
        .unwrap();
        assert_eq!(feed.feed.language.as_deref(), Some("en"));
        let entry = &feed.entries[0];
        assert_eq!(entry.id.as_deref(), Some("7"));
        assert_eq!(entry.title.as_deref(), Some("A & B"));
        assert_eq!(entry.published.unwrap().to_string(), "2026-03-09T09:00:00Z");
        assert_eq!(entry.categories, ["World"]);
    }

    #[test]
    fn reads_atom_rdf_and_json() {
        let atom = parse(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><entry><id>tag:x</id><title>A</title>
             <link href='/a'/><updated>2026-03-09T10:00:00Z</updated><content type='html'>&lt;p&gt;x&lt;/p&gt;</content>
             </entry></feed>",
        )
        .unwrap();
        assert_eq!(atom.entries[0].link.as_deref(), Some("https://news.example/a"));
        assert_eq!(atom.entries[0].content.as_deref(), Some("<p>x</p>"));
        let rdf = parse(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>
             <channel rdf:about='x'><title>News</title><link>https://news.example/</link></channel>
             <item rdf:about='https://news.example/a'><title>A</title><link>https://news.example/a</link></item></rdf:RDF>",
        )
        .unwrap();
        assert_eq!(rdf.entries[0].title.as_deref(), Some("A"));
        let json = parse(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[{"id":"1","url":"https://news.example/a","content_html":"<p>x</p>"}]}"#,
        )
        .unwrap();
        assert_eq!(json.entries[0].link.as_deref(), Some("https://news.example/a"));
    }

    #[test]
    fn says_what_is_no_feed() {
        assert_eq!(parse("  ").unwrap_err(), ParseError::Empty);
        assert_eq!(parse("<!DOCTYPE html><html><body>Not found</body></html>").unwrap_err(), ParseError::Html);
        assert!(matches!(parse("{\"a\":1}").unwrap_err(), ParseError::NoFeed(_)));
    }

    #[test]
    fn a_feed_that_nests_without_end_is_refused() {
        let nested = "<media:group>".repeat(100_000);
        let feed = format!("<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item>{nested}");
        assert_eq!(parse(&feed).unwrap_err(), ParseError::TooDeep);
        let html = "<br>".repeat(1000);
        let json = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"N\",\"items\":[{{\"id\":\"1\",\"content_html\":\"{html}\"}}]}}"
        );
        assert_eq!(parse(&json).unwrap().entries.len(), 1, "HTML within JSON nests nothing");
    }

    #[test]
    fn an_id_that_is_not_given_is_not_made_up() {
        let feed = parse("<rss version='2.0'><channel><title>N</title><item><title>A</title></item></channel></rss>");
        assert_eq!(feed.unwrap().entries[0].id, None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(<(rss|feed|item|/item|title)( version='2.0')?>|[a-z&;<>\"]){0,40}") {
            let _ = parse(&text);
        }
    }
}
