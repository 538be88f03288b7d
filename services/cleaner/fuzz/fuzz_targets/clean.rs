//! Any document of any kind is cleaned, or refused; a text comes back as it is.
//!
//! The first byte picks the kind. What the feed says is the document, too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tallywire_cleaner::clean;
use tallywire_proto::{ArticleId, Channel, Document, DocumentKind, FeedEntry, Fetched, Provenance};

#[path = "../../tests/support/paragraphs.rs"]
mod paragraphs;

const KINDS: [DocumentKind; 4] =
    [DocumentKind::Page, DocumentKind::FeedContent, DocumentKind::PageText, DocumentKind::Text];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let kind = KINDS[usize::from(*first) % KINDS.len()];
    let body = String::from_utf8_lossy(bytes).into_owned();
    let Ok(cleaned) = clean(fetched(kind, &body)) else { return };
    let article = cleaned.article;
    if kind == DocumentKind::Text {
        assert_eq!(article.text, body);
    } else {
        paragraphs::assert_paragraphs(&article.text, &article.paragraphs);
    }
});

fn fetched(kind: DocumentKind, body: &str) -> Fetched {
    let said = || Some(body.to_owned());
    Fetched {
        schema: Fetched::SCHEMA.to_owned(),
        id: ArticleId::of_key("ferry"),
        revision: 1,
        feed: "gull".to_owned(),
        url: Some("https://news.example/2026/03/09/ferry-late".to_owned()),
        channel: Channel { language: said(), ..Channel::default() },
        entry: FeedEntry {
            title: said(),
            summary: said(),
            content: said(),
            authors: vec![body.to_owned()],
            categories: vec![body.to_owned()],
            ..FeedEntry::default()
        },
        document: Document { kind, url: None, body: body.to_owned() },
        fetched_at: "2026-03-09T12:00:00Z".parse().expect("a moment"),
        provenance: Provenance::default(),
    }
}
