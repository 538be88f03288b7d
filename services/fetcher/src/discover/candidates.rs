//! The addresses that may be a page's feeds, from its markup.

use std::{borrow::Cow, collections::HashSet};

use url::Url;

use super::address::{USUAL, is_of_comments, looks_like_feed, names_feed};
use crate::html_tags::{Tag, tags};

/// The most candidates of a page.
pub const MOST_CANDIDATES: usize = 30;

/// The longest address that is taken from a page, in bytes.
const LONGEST_ADDRESS: usize = 2048;

/// The longest text of a link that is kept, in bytes, and the most words of one that names a feed.
const LONGEST_TEXT: usize = 200;
const MOST_WORDS: usize = 4;

/// An address that may be a feed's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// The address.
    pub url: Url,
    /// What the page calls it.
    pub title: Option<String>,
    /// What speaks for it.
    pub kind: Kind,
}

/// What speaks for a candidate, the strongest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// The page announces it as its feed.
    Announced,
    /// The page links to it, and its address or name is like a feed's.
    Linked,
    /// Publishing systems have their feeds there; the page does not say so.
    Usual,
    /// It is announced or linked to, but has readers' comments for entries.
    Comments,
}

/// The addresses that may be feeds of the page, most likely first: at most [`MOST_CANDIDATES`], no two the same, none
/// that of the page.
///
/// Sources: HTML standard, section 4.6.7.1 (`rel=alternate` with the type of a feed); JSON Feed 1.1, "Discovery";
/// `rel=feed` is of the microformats registry of link types. Links to the page's own host come before links elsewhere.
pub fn candidates(html: &str, page: &Url) -> Vec<Candidate> {
    let base = base_of(html, page);
    let mut list = List { page: without_fragment(page.clone()), base, candidates: Vec::new() };
    let mut open: Option<Link> = None;
    for tag in tags(html) {
        if let Some(link) = &mut open {
            link.push(tag.before);
        }
        if tag.is("a") {
            if let Some(link) = open.take() {
                list.add_link(&link);
            }
            open = if tag.is_end { None } else { Link::new(&tag) };
        } else if tag.is("link") && !tag.is_end {
            list.add_announced(&tag);
        }
    }
    for path in USUAL {
        if let Ok(url) = page.join(path) {
            list.add(url, None, Kind::Usual);
        }
    }
    list.sorted()
}

/// What addresses of the page are relative to (HTML standard, section 4.2.3).
fn base_of(html: &str, page: &Url) -> Url {
    let href = tags(html).filter(|tag| tag.is("base")).find_map(|tag| tag.attribute("href"));
    let href = href.filter(|href| href.len() <= LONGEST_ADDRESS);
    href.and_then(|href| page.join(&href).ok()).unwrap_or_else(|| page.clone())
}

/// A link of the page's text, on the way to its end.
struct Link {
    href: String,
    text: String,
}

impl Link {
    fn new(tag: &Tag) -> Option<Self> {
        let href = tag.attribute("href").filter(|href| href.len() <= LONGEST_ADDRESS)?.into_owned();
        let mut link = Self { href, text: String::new() };
        // The name of a link that is a picture.
        for attribute in ["title", "aria-label"] {
            link.push(&tag.attribute(attribute).unwrap_or_default());
        }
        Some(link)
    }

    fn push(&mut self, text: &str) {
        let mut words = text.split_whitespace();
        while self.text.len() <= LONGEST_TEXT
            && let Some(word) = words.next()
        {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(&word[..word.floor_char_boundary(LONGEST_TEXT)]);
        }
    }

    fn title(&self) -> Option<String> {
        let title = htmlize::unescape(&self.text);
        (!title.is_empty()).then(|| title.into_owned())
    }

    fn names_feed(&self) -> bool {
        let words = || self.text.split(|next: char| !next.is_alphanumeric()).filter(|word| !word.is_empty());
        words().nth(MOST_WORDS).is_none() && words().any(names_feed)
    }
}

struct List {
    page: Url,
    base: Url,
    candidates: Vec<Candidate>,
}

impl List {
    fn add_announced(&mut self, tag: &Tag) {
        let rel = tag.attribute("rel").unwrap_or_default();
        let has = |token: &str| rel.split_ascii_whitespace().any(|other| other.eq_ignore_ascii_case(token));
        let kind = match announced_as(&tag.attribute("type").unwrap_or_default()) {
            _ if has("feed") => Kind::Announced,
            Some(kind) if has("alternate") => kind,
            _ => return,
        };
        let Some(href) = tag.attribute("href").filter(|href| href.len() <= LONGEST_ADDRESS) else { return };
        let Ok(url) = self.base.join(&href) else { return };
        let title = tag.attribute("title").filter(|title| !title.is_empty() && title.len() <= LONGEST_TEXT);
        self.add_unless_comments(url, title.map(Cow::into_owned), kind);
    }

    fn add_link(&mut self, link: &Link) {
        let Ok(url) = self.base.join(&link.href) else { return };
        if looks_like_feed(&url) || link.names_feed() {
            self.add_unless_comments(url, link.title(), Kind::Linked);
        }
    }

    fn add_unless_comments(&mut self, url: Url, title: Option<String>, kind: Kind) {
        let kind = if is_of_comments(&url, title.as_deref()) { Kind::Comments } else { kind };
        self.add(url, title, kind);
    }

    /// Each kind has the bound for itself, so that links without number do not push out what is announced behind them,
    /// and there is little to compare with.
    fn add(&mut self, url: Url, title: Option<String>, kind: Kind) {
        let url = without_fragment(url);
        let is_known = self.candidates.iter().any(|other| other.url == url && other.kind <= kind);
        let is_full = self.candidates.iter().filter(|other| other.kind == kind).count() >= MOST_CANDIDATES;
        if matches!(url.scheme(), "http" | "https") && url != self.page && !is_known && !is_full {
            self.candidates.push(Candidate { url, title, kind });
        }
    }

    fn sorted(self) -> Vec<Candidate> {
        let Self { page, mut candidates, .. } = self;
        let is_elsewhere = |one: &Candidate| one.kind == Kind::Linked && one.url.host() != page.host();
        candidates.sort_by_key(|one| (one.kind, is_elsewhere(one)));
        let mut seen = HashSet::new();
        candidates.retain(|one| seen.insert(one.url.clone()));
        candidates.truncate(MOST_CANDIDATES);
        candidates
    }
}

/// What an alternate of a media type is. The general types are announced for other things too, the records of an
/// interface for programs say, so that they speak for a feed no more than a link does.
fn announced_as(media_type: &str) -> Option<Kind> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/rss+xml"
        | "application/atom+xml"
        | "application/feed+json"
        | "application/rdf+xml"
        | "application/x.atom+xml"
        | "application/x-rss+xml"
        | "application/rss"
        | "application/atom"
        | "text/rss+xml" => Some(Kind::Announced),
        "application/json" | "application/xml" | "text/xml" => Some(Kind::Linked),
        _ => None,
    }
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn page() -> Url {
        Url::parse("https://news.example/world/").unwrap()
    }

    /// The candidates that the page itself gives.
    fn found(html: &str) -> Vec<(String, Kind)> {
        let all = candidates(html, &page()).into_iter().filter(|one| one.kind != Kind::Usual);
        all.map(|one| (one.url.into(), one.kind)).collect()
    }

    fn one(html: &str) -> String {
        let found = found(html);
        assert_eq!(found.len(), 1, "{html} {found:?}");
        assert_eq!(found[0].1, Kind::Announced);
        found[0].0.clone()
    }

    #[test]
    fn finds_what_is_announced_however_it_is_written() {
        assert_eq!(one("<link rel=alternate type=application/rss+xml href=rss>"), "https://news.example/world/rss");
        assert_eq!(
            one("<LINK TYPE='Application/Atom+XML; charset=utf-8' HREF='/a?x=1&amp;y=2' REL='Home ALTERNATE'/>"),
            "https://news.example/a?x=1&y=2"
        );
        assert_eq!(one("<link rel=feed href='//feeds.example/x#top'>"), "https://feeds.example/x");
        assert_eq!(one("<link rel=alternate type=application/feed+json href=/x>"), "https://news.example/x");
        assert_eq!(
            one("<link rel=alternate type=application/rss+xml href=b><base href='https://other.example/a/'>"),
            "https://other.example/a/b"
        );
        let long = format!("<base href='/{}/'><link rel=feed href=b>", "x".repeat(LONGEST_ADDRESS));
        assert_eq!(one(&long), "https://news.example/world/b", "a base that is no address in use");
    }

    #[test]
    fn passes_over_what_is_no_feed() {
        let html = "<link rel=stylesheet href=/feed.css><link rel=alternate hreflang=de href=/de>
            <link rel=alternate type=application/json+oembed href=/oembed><a href=/about>About us</a>
            <link rel=alternate type=application/rss+xml><link rel=alternate type=application/rss+xml href=#top>
            <!-- <link rel=alternate type=application/rss+xml href=/old> -->
            <script>'<link rel=alternate type=application/rss+xml href=/js>'</script>
            <a href='mailto:feed@news.example'>RSS</a><a href='javascript:feed()'>feed</a>
            <a href=/birds>Feed the birds</a>
            <a href=/new>What became of RSS in ten years</a>";
        assert_eq!(found(html), []);
    }

    #[test]
    fn the_most_likely_come_first_and_comments_last() {
        let html = "<a href=https://elsewhere.example/rss>x</a><a href=/syndication><i></i> RSS <b>world</b></a>
            <a href=/picture title='Atom feed'><img></a><a href=/feed>again</a>
            <link rel=alternate type=application/rss+xml title='Comments Feed' href=/comments/feed>
            <link rel=alternate type=application/json href=/records/7>
            <link rel=alternate type=application/rss+xml title='News &amp; more' href=/feed>";
        let all = candidates(html, &page());
        let paths: Vec<&str> = all.iter().map(|one| one.url.path()).collect();
        assert_eq!(paths[..5], ["/feed", "/syndication", "/picture", "/records/7", "/rss"]);
        assert_eq!((paths[5], all[5].kind, paths.last()), ("/rss", Kind::Usual, Some(&"/comments/feed")));
        assert_eq!(all[0].title.as_deref(), Some("News & more"));
        assert_eq!(all[1].title.as_deref(), Some("RSS world"));
        assert_eq!(all.iter().filter(|one| one.url.path() == "/feed").count(), 1);
    }

    #[test]
    fn a_page_that_announces_nothing_has_usual_addresses_of_its_origin() {
        let all = candidates("", &page());
        assert_eq!(all.len(), USUAL.len());
        assert_eq!(all[0].url.as_str(), "https://news.example/feed");
        assert!(all.iter().all(|one| one.kind == Kind::Usual));
    }

    #[test]
    fn hostile_pages_end_in_bounded_time() {
        let link = "<link rel=alternate type=application/rss+xml href=/";
        let many = (0..10_000).map(|number| format!("{link}{number}>")).collect::<Vec<_>>().concat();
        let words = format!("<a href=/rss>{}", "word ".repeat(200_000));
        let pieces = format!("<a href=/rss>{}", "word<b>".repeat(50_000));
        for html in [many, "<a href=rss>".repeat(30_000), words, pieces, format!("<a {}", "x ".repeat(200_000))] {
            let begun = Instant::now();
            assert!(candidates(&html, &page()).len() <= MOST_CANDIDATES);
            assert!(begun.elapsed() < Duration::from_secs(10), "{}", &html[..40]);
        }
    }

    proptest! {
        #[test]
        fn candidates_are_few_different_and_in_order(
            html in "(<(link|a|base|/a)( (rel=(feed|alternate)|type=text/xml|href=(/rss|/é|//x/feed|x:y|#)|title=RSS))*>|é| RSS ){0,40}"
        ) {
            let all = candidates(&html, &page());
            let urls: HashSet<&Url> = all.iter().map(|one| &one.url).collect();
            prop_assert_eq!(urls.len(), all.len());
            prop_assert!(all.len() <= MOST_CANDIDATES && all.is_sorted_by_key(|one| one.kind));
            prop_assert!(all.iter().all(|one| one.url != page() && one.url.fragment().is_none()));
        }
    }
}
