//! Which article an entry of a feed is.
//!
//! Feeds change addresses, ids and titles of what they list. An article is known again by a ladder of names: its address,
//! which all feeds share; the feed's id for it, where that names one thing; its title together with its date.

use std::collections::{HashMap, HashSet};

use tallywire_proto::{ArticleId, FeedEntry, Moment, canonical_url};
use url::Url;

/// The address and id of an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Identity {
    pub(crate) id: ArticleId,
    /// The address that the entry links, in canonical form.
    pub(crate) url: Option<Url>,
    /// Whether other entries of the feed link it too.
    shared: bool,
    /// The id that the entry had if, at another poll, others shared its address, or did not any more: it is the same
    /// article if its text is the same.
    pub(crate) also: Option<ArticleId>,
    /// Other names of the article in its feed, the most reliable first.
    pub(crate) names: Vec<ArticleId>,
}

impl Identity {
    /// The article's own page. A page that several entries share is not the page of any one of them.
    pub(crate) fn page(&self) -> Option<&Url> {
        self.url.as_ref().filter(|_| !self.shared)
    }
}

/// The entries of a feed, told from each other and from all others.
#[derive(Debug, Default)]
pub(crate) struct Identified {
    pub(crate) entries: Vec<(Identity, FeedEntry)>,
    /// The feed gives one id to several articles.
    pub(crate) bad_guids: bool,
}

/// Tells the entries of a feed apart. One that cannot be told is left out, and so is one that says again what another
/// said. Where the feed is known for bad ids, they do not count.
///
/// An entry is told by its address; where several link the same one (a log of changes, a live report), by address and
/// the feed's id for it, or its title; without an address, by the feed's id for it or its title.
pub(crate) fn identify_all(feed: &str, base: &Url, entries: Vec<FeedEntry>, bad_guids: bool) -> Identified {
    let urls: Vec<Option<Url>> = entries.iter().map(|entry| address(base, entry)).collect();
    let bad_guids = bad_guids || gives_an_id_twice(&urls, &entries);
    let guid = |entry: &FeedEntry| entry.id.clone().filter(|_| !bad_guids);
    let name = |entry: &FeedEntry| guid(entry).or_else(|| entry.title.clone());
    let mut linked: HashMap<Url, HashSet<Option<String>>> = HashMap::new();
    for (url, entry) in urls.iter().zip(&entries) {
        if let Some(url) = url {
            linked.entry(url.clone()).or_default().insert(name(entry));
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
        let names = if shared { Vec::new() } else { names(feed, guid(&entry).as_deref(), &entry) };
        taken.insert(id).then_some((Identity { id, url, shared, also, names }, entry))
    });
    Identified { entries: identified.collect(), bad_guids }
}

fn address(base: &Url, entry: &FeedEntry) -> Option<Url> {
    let url = base.join(entry.link.as_deref()?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| canonical_url(&url))
}

/// Whether an id stands on entries that differ in title, and share no address.
fn gives_an_id_twice(urls: &[Option<Url>], entries: &[FeedEntry]) -> bool {
    let mut first: HashMap<&str, (&Option<Url>, &Option<String>)> = HashMap::new();
    urls.iter().zip(entries).any(|(url, entry)| {
        let Some(id) = entry.id.as_deref() else { return false };
        let (known_url, known_title) = first.entry(id).or_insert((url, &entry.title));
        (url.is_none() || *known_url != url) && *known_title != &entry.title
    })
}

/// The names of an entry in its feed beside its address.
fn names(feed: &str, guid: Option<&str>, entry: &FeedEntry) -> Vec<ArticleId> {
    let title = entry.title.as_deref().unwrap_or_default();
    let by_guid = guid.filter(|guid| entry.link.as_deref() != Some(guid)).map(|guid| {
        // "1" or "latest" may stand on something else tomorrow.
        let key = if names_one_thing(guid) { "" } else { title };
        ArticleId::of_key(&format!("{feed} guid {guid} {key}"))
    });
    let by_title = entry
        .published
        // Two articles of one day may well share a title, such as that of a bulletin.
        .filter(|published| !matches!(published, Moment::Day(_)) && title.chars().count() >= TELLING_TITLE)
        .map(|published| ArticleId::of_key(&format!("{feed} title {title} {published}")));
    by_guid.into_iter().chain(by_title).collect()
}

/// A title that is shorter ("Weather") may well stand on two articles of one moment.
const TELLING_TITLE: usize = 16;
/// An id that is shorter may be a place in a list.
const TELLING_GUID: usize = 8;

fn names_one_thing(guid: &str) -> bool {
    guid.len() >= TELLING_GUID && guid.contains(|character: char| character.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(link: &str, id: &str) -> FeedEntry {
        FeedEntry { link: Some(link.to_owned()), id: Some(id.to_owned()), ..FeedEntry::default() }
    }

    fn titled(link: &str, id: &str, title: &str) -> FeedEntry {
        let published = Some("2026-03-09T10:00:00Z".parse().unwrap());
        FeedEntry { title: Some(title.to_owned()), published, ..linked(link, id) }
    }

    fn identities(feed: &str, entries: Vec<FeedEntry>) -> Vec<Identity> {
        let base = Url::parse("https://news.example/feed").unwrap();
        identify_all(feed, &base, entries, false).entries.into_iter().map(|(identity, _)| identity).collect()
    }

    fn one(entry: FeedEntry) -> Identity {
        identities("f", vec![entry]).remove(0)
    }

    #[test]
    fn the_address_tells_an_article_else_the_feeds_id() {
        let found = one(linked("/a?utm_source=rss", "7"));
        assert_eq!(found.page().unwrap().as_str(), "https://news.example/a");
        let named = one(linked("mailto:a@b.example", "7"));
        assert_eq!(named.url, None);
        assert_ne!(named.id, identities("g", vec![linked("mailto:a@b.example", "7")])[0].id);
        assert_eq!(identities("f", vec![FeedEntry::default()]), []);
    }

    #[test]
    fn entries_that_share_an_address_are_told_apart_or_are_the_same() {
        let log = identities("f", vec![linked("/log#2", "2"), linked("/log#1", "1"), linked("/a", "3")]);
        assert_eq!(log.len(), 3);
        assert_ne!(log[0].id, log[1].id);
        assert_eq!((log[0].page(), log[2].page().is_some()), (None, true));
        // When the others have left the feed, it is still known for the one it was.
        assert_eq!(one(linked("/log#2", "2")).also, Some(log[0].id));
        assert_eq!(log[0].also, Some(one(linked("/log#2", "2")).id));
        let unnamed = |title: &str| FeedEntry { id: None, ..titled("/", "", title) };
        assert_eq!(identities("f", vec![unnamed("Road closed"), unnamed("Road open")]).len(), 2);
        let twice = identities("f", vec![linked("/a", "3"), linked("/a?utm_medium=x", "3")]);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].id, log[2].id);
    }

    #[test]
    fn an_article_that_moves_is_known_by_the_feeds_id() {
        let guid = "tag:news.example,2026:77";
        let (before, after) = (one(linked("/a", guid)), one(titled("/b", guid, "Bridge closed for repairs")));
        assert_ne!(before.id, after.id);
        assert_eq!(before.names[0], after.names[0]);
        let (before, after) = (one(titled("/a", "1", "One")), one(titled("/b", "1", "Two")));
        assert!(!before.names.contains(&after.names[0]), "a place in a list names nothing");
    }

    #[test]
    fn where_address_and_id_change_title_and_date_remain() {
        let title = "Council of Thamesford votes on the bridge";
        let (before, after) = (one(titled("/r/1", "x-00000001", title)), one(titled("/r/2", "x-00000002", title)));
        assert_eq!(before.names[1], after.names[1]);
        assert_eq!(one(titled("/a", "/a", "Weather")).names, [], "a short title is none's alone");
        let day = FeedEntry { published: "2026-03-09".parse().ok(), ..titled("/a", "/a", title) };
        assert_eq!(one(day).names, [], "and a day is no moment");
    }

    #[test]
    fn ids_that_name_several_articles_do_not_count() {
        let base = Url::parse("https://news.example/feed").unwrap();
        let entries = || vec![titled("/a", "id-00001", "One"), titled("/b", "id-00001", "Two")];
        let found = identify_all("f", &base, entries(), false);
        assert!(found.bad_guids);
        assert_eq!(found.entries.len(), 2);
        assert!(found.entries.iter().all(|(identity, _)| identity.names.is_empty()));
        let remembered = identify_all("f", &base, entries().split_off(1), true);
        assert!(remembered.bad_guids && remembered.entries[0].0.names.is_empty());
        let unlinked = ["One", "Two"].map(|title| titled("mailto:a@b.example", "id-00001", title));
        assert_eq!(identify_all("f", &base, unlinked.to_vec(), false).entries.len(), 2, "no address tells them apart");
        let same = vec![titled("/a", "id-00001", "One"), titled("/a?x=1", "id-00001", "One")];
        assert!(!identify_all("f", &base, same, false).bad_guids, "the same article twice is no bad id");
    }
}
