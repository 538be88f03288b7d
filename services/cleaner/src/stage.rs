//! The stage: from what the fetcher hands on to a cleaned article.

use jiff::{ToSpan as _, tz::Offset};
use tallywire_proto::{Article, Cleaned, DocumentKind, Fetched};
use url::Url;

use crate::{
    CleanError, Extraction,
    block::{self, Block},
    extraction::extract_until,
    html, language, lines, metadata, page_text, plain,
};

/// Cleans an article: what the page says first, what its feed says where the page is silent.
///
/// # Errors
/// When there is no text to be found, or when the document has more bytes, elements or misplaced tags than any page. A
/// document of kind [`DocumentKind::Text`] is only ever too large.
pub fn clean(fetched: Fetched) -> Result<Cleaned, CleanError> {
    let url = address(&fetched);
    let body = fetched.document.body.as_str();
    let title = fetched.entry.title.as_deref().and_then(plain::plain);
    let declared = fetched.channel.language.as_deref();
    let extraction = match fetched.document.kind {
        DocumentKind::Page => page(&fetched, url.as_ref())?,
        DocumentKind::FeedContent => {
            of_blocks(lines::fragment(body)?, "feed content", body.len(), title.as_deref(), declared)?
        }
        DocumentKind::PageText => {
            check_size(body)?;
            of_blocks(page_text::article(body, title.as_deref()), "page text", body.len(), title.as_deref(), declared)?
        }
        DocumentKind::Text => {
            check_size(body)?;
            as_it_is(body, declared)
        }
    };
    Ok(cleaned(fetched, extraction, url.as_ref()))
}

/// The address that the document came from, else the one that the feed gives.
pub(crate) fn address(fetched: &Fetched) -> Option<Url> {
    let addresses = [&fetched.document.url, &fetched.url];
    addresses.into_iter().flatten().find_map(|address| Url::parse(address).ok())
}

fn check_size(body: &str) -> Result<(), CleanError> {
    let (size, limit) = (body.len(), html::MAX_BYTES);
    if size > limit { Err(CleanError::TooLarge { size, limit }) } else { Ok(()) }
}

/// A page; where it has no text, the feed's own full text of the article, if that has.
fn page(fetched: &Fetched, url: Option<&Url>) -> Result<Extraction, CleanError> {
    let body = &fetched.document.body;
    // Somewhere on earth it may be a day later; a day more is for clocks that are wrong.
    let latest = Offset::UTC.to_datetime(fetched.fetched_at).date().saturating_add(2.days());
    let extracted = extract_until(body, url, latest);
    let (Err(CleanError::NoText { .. }), Some(content)) = (&extracted, &fetched.entry.content) else {
        return extracted;
    };
    let title = fetched.entry.title.as_deref().and_then(plain::plain);
    let declared = fetched.channel.language.as_deref();
    of_blocks(lines::fragment(content)?, "HTML", body.len(), title.as_deref(), declared)
}

fn of_blocks(
    mut blocks: Vec<Block>,
    kind: &'static str,
    size: usize,
    title: Option<&str>,
    declared: Option<&str>,
) -> Result<Extraction, CleanError> {
    block::trim_ends(&mut blocks, title);
    if !block::has_words(&blocks) {
        return Err(CleanError::NoText { kind, size });
    }
    let (text, paragraphs) = block::join(&blocks);
    Ok(Extraction { language: language::language(&text, declared), text, paragraphs, ..Extraction::default() })
}

/// A text that is not to be touched.
fn as_it_is(text: &str, declared: Option<&str>) -> Extraction {
    Extraction {
        language: language::language(text, declared),
        text: text.to_owned(),
        paragraphs: block::plain_paragraphs(text),
        ..Extraction::default()
    }
}

/// The message, with what the feed says where the extraction has nothing.
fn cleaned(fetched: Fetched, extraction: Extraction, url: Option<&Url>) -> Cleaned {
    let Fetched { id, revision, feed, url: given_url, channel, entry, fetched_at, provenance, .. } = fetched;
    let canonical_url = extraction.canonical_url.or_else(|| url.map(tallywire_proto::canonical_url));
    let byline = if extraction.byline.is_empty() {
        entry.authors.iter().flat_map(|author| metadata::people(author)).collect()
    } else {
        extraction.byline
    };
    let tags = if extraction.tags.is_empty() { metadata::tags(entry.categories) } else { extraction.tags };
    let article = Article {
        id,
        revision,
        feed,
        url: given_url,
        canonical_url: canonical_url.map(String::from),
        title: extraction.title.or_else(|| entry.title.as_deref().and_then(plain::plain)),
        byline,
        site_name: extraction.site_name,
        language: extraction.language.or_else(|| channel.language.as_deref().and_then(language::code_of_tag)),
        published_at: extraction.published_at.or(entry.published),
        modified_at: extraction.modified_at.or(entry.updated),
        fetched_at,
        lead_image: extraction.lead_image.map(String::from).or(entry.image),
        description: extraction.description.or_else(|| entry.summary.as_deref().and_then(plain::plain)),
        section: extraction.section,
        tags,
        is_accessible_for_free: extraction.is_accessible_for_free,
        text: extraction.text,
        paragraphs: extraction.paragraphs,
        duplicate_of: None,
        story: None,
    };
    Cleaned { schema: Cleaned::SCHEMA.to_owned(), article, provenance }
}

#[cfg(test)]
mod tests {
    use tallywire_proto::{ArticleId, Channel, Document, FeedEntry, Provenance, StageRun};

    use super::*;

    const PAGE: &str = "<html lang=en><head><title>Ferry late - The Gull</title></head><body><h1>Ferry late</h1>\
        <p>The ferry came three hours late on Monday, after a storm had closed the harbour for most of the day.</p>\
        <p>Nobody was hurt, the mayor said, but it would take weeks to mend the quays and to clear the road.</p></body>";

    fn fetched(kind: DocumentKind, body: &str) -> Fetched {
        Fetched {
            schema: Fetched::SCHEMA.to_owned(),
            id: ArticleId::of_key("ferry"),
            revision: 3,
            feed: "gull".to_owned(),
            url: Some("https://n.example/news/ferry?utm_source=feed".to_owned()),
            channel: Channel { language: Some("de-DE".to_owned()), ..Channel::default() },
            entry: FeedEntry {
                title: Some("Ferry &amp; storm".to_owned()),
                summary: Some("<p>Late again.</p>".to_owned()),
                authors: vec!["By Ada Ono and Ben Lund".to_owned()],
                published: "2026-03-09".parse().ok(),
                categories: vec!["Sea".to_owned(), "sea".to_owned()],
                image: Some("https://n.example/f.jpg".to_owned()),
                ..FeedEntry::default()
            },
            document: Document { kind, url: None, body: body.to_owned() },
            fetched_at: "2026-03-09T12:00:00Z".parse().unwrap(),
            provenance: Provenance {
                stages: vec![StageRun { name: "fetcher".to_owned(), version: "1".to_owned(), ms: 1.0 }],
            },
        }
    }

    #[test]
    fn the_feed_fills_what_the_page_lacks() {
        let cleaned = clean(fetched(DocumentKind::Page, PAGE)).unwrap();
        let article = cleaned.article;
        assert_eq!(cleaned.schema, "tallywire.cleaned/1");
        assert_eq!(cleaned.provenance.stages.len(), 1);
        assert_eq!(article.title.as_deref(), Some("Ferry late"));
        assert_eq!(article.byline, ["Ada Ono", "Ben Lund"]);
        assert_eq!(article.tags, ["Sea"]);
        assert_eq!(article.language.as_deref(), Some("en"));
        assert_eq!(article.description.as_deref(), Some("Late again."));
        assert_eq!(article.published_at.unwrap().to_string(), "2026-03-09");
        assert_eq!(article.canonical_url.as_deref(), Some("https://n.example/news/ferry"));
        assert_eq!(article.lead_image.as_deref(), Some("https://n.example/f.jpg"));
        assert_eq!(article.paragraphs.len(), 2);
    }

    #[test]
    fn a_page_without_text_falls_back_to_the_feeds_full_text() {
        let mut message = fetched(DocumentKind::Page, "<html><body></body></html>");
        assert!(matches!(clean(message.clone()), Err(CleanError::NoText { .. })));
        message.entry.content = Some("<p>One.</p><p>Two.</p>".to_owned());
        assert_eq!(clean(message).unwrap().article.text, "One.\n\nTwo.");
    }

    #[test]
    fn feed_content_is_read_whole() {
        let cleaned =
            clean(fetched(DocumentKind::FeedContent, "<h2>Ferry & storm</h2><p>Late.</p><li>x</li>")).unwrap();
        assert_eq!(cleaned.article.text, "Late.\n\nx");
        assert_eq!(cleaned.article.title.as_deref(), Some("Ferry & storm"));
        assert!(clean(fetched(DocumentKind::FeedContent, "<p> </p>")).is_err());
    }

    #[test]
    fn scraped_text_loses_its_menu() {
        let text = "Home\nNews\nFerry & storm\nThe ferry came three hours late on Monday, the mayor said.\nImprint";
        let article = clean(fetched(DocumentKind::PageText, text)).unwrap().article;
        assert_eq!(article.text, "The ferry came three hours late on Monday, the mayor said.");
    }

    #[test]
    fn a_text_comes_back_as_it_is() {
        for text in ["", " \n", "  One line \n\n\tanother  \r\n", "<p>&amp;\0</p>"] {
            assert_eq!(clean(fetched(DocumentKind::Text, text)).unwrap().article.text, text);
        }
    }
}
