//! From a feed's entry to an article: its identity, and where its text is.

use std::collections::{HashMap, HashSet};

use tallywire_proto::{ArticleId, FeedEntry, canonical_url};
use url::Url;

use crate::{feeds::FullText, fingerprint::fingerprint};

/// A text of the feed that is this long stands for the article, unless it says that it goes on (in characters of text).
const WHOLE: usize = 1500;
/// How a text ends that goes on elsewhere, in lower case.
const TRUNCATED: [&str; 7] = ["…", "...", "[…]", "[...]", "read more", "continue reading", "weiterlesen"];

/// The address and id of an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Identity {
    pub(crate) id: ArticleId,
    /// The address that the entry links, in canonical form.
    pub(crate) url: Option<Url>,
    /// Whether other entries of the feed link it too.
    shared: bool,
    /// The id that the entry had if, at another poll, others shared its address, or did not any more.
    pub(crate) also: Option<ArticleId>,
}

impl Identity {
    /// The article's own page. A page that several entries share is not the page of any one of them.
    pub(crate) fn page(&self) -> Option<&Url> {
        self.url.as_ref().filter(|_| !self.shared)
    }
}

/// Tells the entries of a feed from each other and from all others. One that cannot be told is left out, and so is one
/// that says again what another said.
///
/// An entry is told by its address; where several link the same one (a log of changes, a live report), by address and
/// the feed's id for it; without an address, by the feed's id for it or its title.
pub(crate) fn identify_all(feed: &str, base: &Url, entries: Vec<FeedEntry>) -> Vec<(Identity, FeedEntry)> {
    let urls: Vec<Option<Url>> = entries.iter().map(|entry| address(base, entry)).collect();
    let mut linked: HashMap<Url, HashSet<Option<String>>> = HashMap::new();
    for (url, entry) in urls.iter().zip(&entries) {
        if let Some(url) = url {
            linked.entry(url.clone()).or_default().insert(entry.id.clone());
        }
    }
    let mut taken = HashSet::new();
    let identified = urls.into_iter().zip(entries).filter_map(|(url, entry)| {
        let shared = url.as_ref().is_some_and(|url| linked.get(url).is_some_and(|ids| ids.len() > 1));
        let by_address = url.as_ref().map(ArticleId::of_url);
        let place = url.as_ref().map_or(feed, Url::as_str);
        let by_name = name(&entry).map(|name| ArticleId::of_key(&format!("{place} {name}")));
        let (id, also) = match by_address {
            Some(by_address) if shared => (by_name?, Some(by_address)),
            Some(by_address) => (by_address, by_name),
            None => (by_name?, None),
        };
        taken.insert(id).then_some((Identity { id, url, shared, also }, entry))
    });
    identified.collect()
}

fn address(base: &Url, entry: &FeedEntry) -> Option<Url> {
    let url = base.join(entry.link.as_deref()?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| canonical_url(&url))
}

fn name(entry: &FeedEntry) -> Option<&str> {
    entry.id.as_deref().or(entry.title.as_deref())
}

/// Changes when the article does, as far as its feed tells.
pub(crate) fn entry_fingerprint(entry: &FeedEntry) -> String {
    fingerprint([&entry.title, &entry.summary, &entry.content].map(|part| part.as_deref().unwrap_or_default()))
}

/// Whether the page is needed beside what the feed has.
pub(crate) fn needs_page(full_text: FullText, entry: &FeedEntry) -> bool {
    match full_text {
        FullText::Feed => false,
        FullText::Page => true,
        FullText::Auto => !entry.content.as_deref().is_some_and(is_whole),
    }
}

/// The text that the feed has of the article, as HTML; its title alone where there is nothing else.
pub(crate) fn feed_text(entry: &FeedEntry) -> String {
    let texts = [&entry.content, &entry.summary, &entry.title];
    texts.into_iter().flatten().next().cloned().unwrap_or_default()
}

fn is_whole(html: &str) -> bool {
    let text = visible(html);
    let text = text.trim_end();
    let lower = text.get(text.floor_char_boundary(text.len().saturating_sub(40))..).unwrap_or(text).to_lowercase();
    text.chars().count() >= WHOLE && !TRUNCATED.iter().any(|mark| lower.ends_with(mark))
}

/// A text without its tags: enough to tell how long it is and how it ends.
fn visible(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|character| match character {
            '<' => {
                inside = true;
                false
            }
            '>' if inside => {
                inside = false;
                false
            }
            _ => !inside,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(content: Option<&str>) -> FeedEntry {
        FeedEntry { content: content.map(str::to_owned), ..FeedEntry::default() }
    }

    #[test]
    fn a_short_or_truncated_text_needs_its_page() {
        let long = format!("<p>{}</p>", "word ".repeat(400));
        assert!(!needs_page(FullText::Auto, &entry(Some(&long))));
        assert!(needs_page(FullText::Auto, &entry(Some(&format!("{long}<a href=x>Read more</a>")))));
        assert!(needs_page(FullText::Auto, &entry(Some("<p>Short.</p>"))));
        assert!(needs_page(FullText::Auto, &entry(None)));
        assert!(!needs_page(FullText::Feed, &entry(None)));
        assert!(needs_page(FullText::Page, &entry(Some(&long))));
        let markup = format!("<img alt=\"{}\">", "word ".repeat(400));
        assert!(needs_page(FullText::Auto, &entry(Some(&markup))), "an attribute is no text");
    }

    fn linked(link: &str, id: &str) -> FeedEntry {
        FeedEntry { link: Some(link.to_owned()), id: Some(id.to_owned()), ..FeedEntry::default() }
    }

    fn identities(feed: &str, entries: Vec<FeedEntry>) -> Vec<Identity> {
        let base = Url::parse("https://news.example/feed").unwrap();
        identify_all(feed, &base, entries).into_iter().map(|(identity, _)| identity).collect()
    }

    #[test]
    fn the_address_tells_an_article_else_the_feeds_id() {
        let found = identities("f", vec![linked("/a?utm_source=rss", "7")]);
        assert_eq!(found[0].page().unwrap().as_str(), "https://news.example/a");
        let named = identities("f", vec![linked("mailto:a@b.example", "7")]);
        assert_eq!(named[0].url, None);
        assert_ne!(named[0].id, identities("g", vec![linked("mailto:a@b.example", "7")])[0].id);
        assert_eq!(identities("f", vec![entry(None)]), []);
    }

    #[test]
    fn entries_that_share_an_address_are_told_apart_or_are_the_same() {
        let log = identities("f", vec![linked("/log#2", "2"), linked("/log#1", "1"), linked("/a", "3")]);
        assert_eq!(log.len(), 3);
        assert_ne!(log[0].id, log[1].id);
        assert_eq!((log[0].page(), log[2].page().is_some()), (None, true));
        // When the others have left the feed, it is still known for the one it was.
        assert_eq!(identities("f", vec![linked("/log#2", "2")])[0].also, Some(log[0].id));
        assert_eq!(log[0].also, Some(identities("f", vec![linked("/log#2", "2")])[0].id));
        let twice = identities("f", vec![linked("/a", "3"), linked("/a?utm_medium=x", "3")]);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].id, log[2].id);
    }

    #[test]
    fn a_changed_text_has_another_fingerprint() {
        let one = entry(Some("a"));
        assert_eq!(entry_fingerprint(&one), entry_fingerprint(&one.clone()));
        assert_ne!(entry_fingerprint(&one), entry_fingerprint(&entry(Some("b"))));
        let moved = FeedEntry { title: Some("a".to_owned()), ..entry(None) };
        assert_ne!(entry_fingerprint(&one), entry_fingerprint(&moved));
    }
}
