//! From the address of a site to its feeds: what its page announces, what it links to, and where feeds usually are.

mod address;
mod candidates;

use jiff::{
    civil::{DateTime, Time},
    tz::Offset,
};
use tallywire_proto::{FeedEntry, Moment};
use url::Url;

use crate::{
    decode::decode_page,
    http::{Body, FetchError},
    parse::{ParseError, parse_feed},
    shown::ShownUrl,
};

pub use candidates::{Candidate, Kind, MOST_CANDIDATES, candidates};

/// The most requests that a discovery makes, with the one for the page itself.
pub const MOST_REQUESTS: usize = 12;

/// A feed that was found, and read.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its address, after redirects.
    pub url: Url,
    /// Its title; where it gives none, what the page calls it.
    pub title: Option<String>,
    /// How many entries it lists.
    pub entries: usize,
    /// When the newest of them was published, or else changed; none where no entry says.
    pub newest: Option<Moment>,
}

/// No feed was found.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The address itself cannot be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What is there is neither a feed nor a page that could lead to one.
    #[error("{url} is neither a feed nor a page: {source}")]
    NoPage {
        /// The address.
        url: ShownUrl,
        /// Why it is no feed.
        source: ParseError,
    },
    /// It is a page, and nothing that it leads to is a feed.
    #[error("{url} is a page, and none of {tried} addresses that it leads to is a feed; give the feed's own address")]
    NoFeed {
        /// The address.
        url: ShownUrl,
        /// How many others were tried.
        tried: usize,
    },
}

/// The feeds of a site, most likely first; never none. An address that is a feed itself is the one answer.
///
/// What the page announces is tried first. Only where that brought no feed, links are tried, then the links of the first
/// page that one of them led to, then usual addresses, then feeds of comments: a site that announces its feeds is asked
/// for nothing else. `fetch` is called at most [`MOST_REQUESTS`] times, one after the other, and sees to what each
/// request may cost and reach.
///
/// # Errors
/// When there is none, with the reason.
pub async fn discover(
    url: &Url,
    fetch: impl AsyncFn(Url) -> Result<Body, FetchError>,
) -> Result<Vec<Found>, DiscoverError> {
    let page = fetch(url.clone()).await?;
    match read(&page) {
        Ok(found) => return Ok(vec![found]),
        Err(source) if !is_page(&page, &source) => {
            return Err(DiscoverError::NoPage { url: ShownUrl::new(&page.url), source });
        }
        Err(_) => {}
    }
    let mut search = Search { fetch, asked: vec![url.clone()], found: Vec::new(), index: None };
    for alike in candidates_of(&page).chunk_by(|one, other| one.kind == other.kind) {
        search.try_all(alike).await;
        if search.found.is_empty()
            && let Some(index) = search.index.take()
        {
            let mut listed = candidates_of(&index);
            listed.retain(|one| one.kind <= Kind::Linked);
            search.try_all(&listed).await;
        }
        if !search.found.is_empty() {
            return Ok(search.found);
        }
    }
    Err(DiscoverError::NoFeed { url: ShownUrl::new(&page.url), tried: search.asked.len() - 1 })
}

fn candidates_of(page: &Body) -> Vec<Candidate> {
    candidates(&decode_page(&page.bytes, page.content_type.as_deref()), &page.url)
}

/// A search for feeds, as far as it has come.
struct Search<F> {
    fetch: F,
    asked: Vec<Url>,
    found: Vec<Found>,
    /// The first page that a link to feeds led to instead of a feed: publishers of many list them there.
    index: Option<Body>,
}

impl<F: AsyncFn(Url) -> Result<Body, FetchError>> Search<F> {
    /// Tries candidates until there are enough, or were enough requests.
    async fn try_all(&mut self, candidates: &[Candidate]) {
        for candidate in candidates {
            // Usual addresses of one site are one feed under many names.
            let is_enough = candidate.kind == Kind::Usual && !self.found.is_empty();
            if is_enough || self.asked.len() == MOST_REQUESTS {
                break;
            }
            if self.asked.contains(&candidate.url) {
                continue;
            }
            self.asked.push(candidate.url.clone());
            let Ok(body) = (self.fetch)(candidate.url.clone()).await else { continue };
            match read(&body) {
                Ok(found) if self.found.iter().all(|other| other.url != found.url) => {
                    let title = found.title.or_else(|| candidate.title.clone());
                    self.found.push(Found { title, ..found });
                }
                Err(error) if candidate.kind == Kind::Linked && is_page(&body, &error) => {
                    self.index.get_or_insert(body);
                }
                Ok(_) | Err(_) => {}
            }
        }
    }
}

fn is_page(body: &Body, error: &ParseError) -> bool {
    let is_html = |kind: &str| {
        let kind = kind.trim_start().to_ascii_lowercase();
        kind.starts_with("text/html") || kind.starts_with("application/xhtml+xml")
    };
    *error == ParseError::Html || body.content_type.as_deref().is_some_and(is_html)
}

fn read(body: &Body) -> Result<Found, ParseError> {
    let parsed = parse_feed(&body.bytes, body.content_type.as_deref(), Some(&body.base))?;
    let times = parsed.entries.iter().filter_map(time);
    Ok(Found {
        url: body.url.clone(),
        title: parsed.feed.title.clone(),
        entries: parsed.entries.len(),
        newest: times.max_by_key(|time| utc(*time)),
    })
}

fn time(entry: &FeedEntry) -> Option<Moment> {
    entry.published.or(entry.updated)
}

/// What moments are ordered by: where no zone is stated, UTC is as good a guess as any.
fn utc(moment: Moment) -> DateTime {
    match moment {
        Moment::Day(day) => day.to_datetime(Time::midnight()),
        Moment::Local(time) => time,
        Moment::Instant(time, _) => Offset::UTC.to_datetime(time),
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::HashMap};

    use super::*;
    use crate::http::Validators;

    const FEED: &str = "<rss version='2.0'><channel><title>Harbour News</title>
        <item><title>A</title><pubDate>Mon, 09 Mar 2026 10:00:00 GMT</pubDate></item>
        <item><title>B</title><pubDate>Tue, 10 Mar 2026 10:00:00 GMT</pubDate></item>
        <item><title>C</title></item></channel></rss>";

    /// What a discovery finds on a site of these pages, and the paths that it asks for.
    fn run(site: &[(&str, &str)]) -> (Result<Vec<Found>, DiscoverError>, Vec<String>) {
        let pages: HashMap<&str, &str> = site.iter().copied().collect();
        let asked = RefCell::new(Vec::new());
        let fetch = async |url: Url| {
            asked.borrow_mut().push(url[url::Position::BeforePath..].to_owned());
            let text = pages.get(url.path());
            // Any error will do.
            let text = text.ok_or_else(|| FetchError::TooLarge { url: ShownUrl::new(&url), limit: 0 })?;
            let url = text.strip_prefix("-> ").map_or(url.clone(), |to| url.join(to).unwrap());
            let text = pages.get(url.path()).unwrap();
            let (base, bytes) = (url.clone(), text.as_bytes().to_vec());
            Ok(Body {
                url,
                base,
                content_type: None,
                validators: Validators::default(),
                fresh_for: None,
                links: Vec::new(),
                status: reqwest::StatusCode::OK,
                headers: reqwest::header::HeaderMap::new(),
                bytes,
            })
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(discover(&Url::parse("https://news.example/").unwrap(), fetch));
        (found, asked.into_inner())
    }

    fn addresses(found: &[Found]) -> Vec<&str> {
        found.iter().map(|found| found.url.as_str()).collect()
    }

    #[test]
    fn a_feed_is_the_answer_itself() {
        let (found, asked) = run(&[("/", FEED)]);
        let found = found.unwrap();
        assert_eq!(addresses(&found), ["https://news.example/"]);
        assert_eq!((found[0].title.as_deref(), found[0].entries), (Some("Harbour News"), 3));
        assert_eq!(found[0].newest.unwrap().to_string(), "2026-03-10T10:00:00Z");
        assert_eq!(asked, ["/"]);
    }

    #[test]
    fn a_page_that_announces_feeds_is_asked_for_nothing_else() {
        let page = "<html><link rel=alternate type=application/rss+xml href=/one>
            <link rel=alternate type=application/atom+xml href=/gone>
            <link rel=alternate type=application/atom+xml title=Sport href=/two><link rel=alternate
            type=application/rss+xml href=/moved><a href=/rss>RSS</a>";
        let untitled = "<rss version='2.0'><channel></channel></rss>";
        let (found, asked) = run(&[("/", page), ("/one", FEED), ("/two", untitled), ("/moved", "-> /one")]);
        let found = found.unwrap();
        assert_eq!(addresses(&found), ["https://news.example/one", "https://news.example/two"]);
        assert_eq!((found[1].title.as_deref(), found[1].newest), (Some("Sport"), None));
        assert_eq!(asked, ["/", "/one", "/gone", "/two", "/moved"]);
    }

    #[test]
    fn links_come_next_then_usual_addresses_until_one_is_a_feed() {
        let (found, asked) = run(&[("/", "<html><a href=/about/rss>x</a>"), ("/about/rss", FEED)]);
        assert_eq!(addresses(&found.unwrap()), ["https://news.example/about/rss"]);
        assert_eq!(asked, ["/", "/about/rss"]);
        let index = "<html><a href=/rss>RSS</a><a href=/rss/world>World</a><a href=/rss/sport>Sport</a>";
        let page = "<html><a href=/rss>RSS</a>";
        let (found, asked) = run(&[("/", page), ("/rss", index), ("/rss/world", FEED), ("/rss/sport", FEED)]);
        assert_eq!(addresses(&found.unwrap()), ["https://news.example/rss/world", "https://news.example/rss/sport"]);
        assert_eq!(asked, ["/", "/rss", "/rss/world", "/rss/sport"]);
        let (found, asked) = run(&[("/", "<html>"), ("/rss", FEED), ("/rss.xml", FEED)]);
        assert_eq!(addresses(&found.unwrap()), ["https://news.example/rss"]);
        assert_eq!(asked, ["/", "/feed", "/rss"]);
    }

    #[test]
    fn says_what_is_wrong_after_a_bounded_number_of_requests() {
        let many = (0..50).map(|number| format!("<a href=/rss/{number}>x</a>")).collect::<Vec<_>>().concat();
        let (found, asked) = run(&[("/", &format!("<html>{many}"))]);
        let error = found.unwrap_err().to_string();
        assert!(error.contains("none of 11 addresses"), "{error}");
        assert_eq!(asked.len(), MOST_REQUESTS);
        let (found, asked) = run(&[("/", "{\"a\": 1}")]);
        assert!(matches!(found, Err(DiscoverError::NoPage { .. })), "{found:?}");
        assert_eq!(asked, ["/"]);
        assert!(matches!(run(&[]).0, Err(DiscoverError::Fetch(_))));
    }
}
