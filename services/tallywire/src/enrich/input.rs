//! A line of input, and the article that it asks for.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tallywire_proto::{
    ArticleId, Channel, Document, DocumentKind, FeedEntry, Fetched, Moment, Provenance, canonical_url,
};
use url::Url;

/// The feed id of articles that come from no feed.
const FEED: &str = "enrich";

/// A line of `--ndjson`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    page_text: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    published_at: Option<Moment>,
}

/// What is wrong with a line, and the id that it gives, if that can be told.
pub(super) struct BadLine {
    pub(super) id: Value,
    pub(super) error: String,
}

/// Reads a line: the id to answer with, and the article.
pub(super) fn read(line: &str) -> Result<(Value, Fetched), BadLine> {
    let bad = |id: Value, error: String| BadLine { id, error };
    let parsed: Line = serde_json::from_str(line).map_err(|error| {
        let id = serde_json::from_str::<Value>(line).ok().and_then(|value| value.get("id").cloned());
        bad(id.unwrap_or_default(), format!("not a line of input: {error}"))
    })?;
    let Line { id, url, html, page_text, text, published_at } = parsed;
    let url = match url.as_deref().map(Url::parse) {
        None => None,
        Some(Ok(url)) => Some(url),
        Some(Err(error)) => return Err(bad(id, format!("url: {error}"))),
    };
    let (kind, body) = match (html, page_text, text) {
        (Some(html), None, None) => (DocumentKind::Page, html),
        (None, Some(page_text), None) => (DocumentKind::PageText, page_text),
        (None, None, Some(text)) => (DocumentKind::Text, text),
        _ => return Err(bad(id, "one of html, page_text and text is needed, and one only".to_owned())),
    };
    let name = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let article = fetched(&name, url.as_ref(), kind, body, published_at);
    Ok((id, article))
}

/// An article as if the fetcher had brought it.
pub(super) fn fetched(
    name: &str,
    url: Option<&Url>,
    kind: DocumentKind,
    body: String,
    published: Option<Moment>,
) -> Fetched {
    let url = url.map(canonical_url);
    Fetched {
        schema: Fetched::SCHEMA.to_owned(),
        id: url.as_ref().map_or_else(|| ArticleId::of_key(name), ArticleId::of_url),
        revision: 1,
        feed: FEED.to_owned(),
        url: url.as_ref().map(Url::to_string),
        channel: Channel::default(),
        entry: FeedEntry { published, ..FeedEntry::default() },
        document: Document { kind, url: url.map(String::from), body },
        fetched_at: Timestamp::now(),
        provenance: Provenance::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_text() {
        let (id, article) = read(r#"{"id":7,"text":"x","published_at":"2026-03-09"}"#).ok().unwrap();
        assert_eq!(id, 7);
        assert_eq!(article.document.kind, DocumentKind::Text);
        assert_eq!(article.entry.published.unwrap().to_string(), "2026-03-09");
        for (line, id, part) in [
            (r#"{"id":"a"}"#, Value::from("a"), "one of html"),
            (r#"{"id":"a","text":"x","html":"y"}"#, Value::from("a"), "one only"),
            (r#"{"id":"a","txt":"x"}"#, Value::from("a"), "txt"),
            (r#"{"id":"a","text":"x","published_at":"soon"}"#, Value::from("a"), "no date"),
            (r#"{"id":"a","url":"nowhere","text":"x"}"#, Value::from("a"), "url"),
            ("no json", Value::Null, "not a line"),
        ] {
            let bad = read(line).err().unwrap();
            assert!(bad.id == id && bad.error.contains(part), "{line}: {}", bad.error);
        }
    }
}
