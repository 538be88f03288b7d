//! Publishers on loopback: feeds that never change, and the pages of their articles, all made up as they are asked for.

use std::{
    fmt::Write,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, ETAG, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
    },
    response::{IntoResponse, Response},
    routing::get,
};

/// When everything was last changed.
const CHANGED: &str = "Mon, 02 Mar 2026 10:00:00 GMT";
/// The length of an article's text, in bytes.
const TEXT: usize = 2600;
/// The length of a summary in a feed that does not carry the text.
const SUMMARY: usize = 200;

/// What was asked for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Feeds that were sent whole.
    pub(crate) read: u64,
    /// Feeds that were answered with 304 (RFC 9110, section 15.4.5).
    pub(crate) unchanged: u64,
    /// Pages.
    pub(crate) pages: u64,
    /// What does not exist, such as robots.txt.
    pub(crate) absent: u64,
}

impl Counts {
    /// All requests.
    pub(crate) fn all(self) -> u64 {
        self.read + self.unchanged + self.pages + self.absent
    }
}

#[derive(Default)]
struct Shared {
    articles: usize,
    read: AtomicU64,
    unchanged: AtomicU64,
    pages: AtomicU64,
    absent: AtomicU64,
}

/// Publishers, each on an address of 127.0.0.0/8 of its own, so that each is a site of its own to the fetcher.
pub(crate) struct Publishers {
    shared: Arc<Shared>,
    hosts: Vec<String>,
}

impl Publishers {
    /// Serves so many hosts, whose feeds have so many articles each.
    pub(crate) async fn start(hosts: usize, articles: usize) -> Self {
        let shared = Arc::new(Shared { articles, ..Shared::default() });
        let router = Router::new()
            .route("/feed/{number}", get(feed))
            .route("/page/{number}", get(page))
            .fallback(absent)
            .with_state(shared.clone());
        let mut names = Vec::new();
        for host in 1..=u32::try_from(hosts).unwrap() {
            let address = Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() - 1 + host);
            let listener = tokio::net::TcpListener::bind((address, 0)).await.unwrap();
            names.push(listener.local_addr().unwrap().to_string());
            let router = router.clone();
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Self { shared, hosts: names }
    }

    /// A `feeds.toml` of so many feeds, shared out over the hosts.
    pub(crate) fn feeds_toml(&self, feeds: usize, interval: &str) -> String {
        let mut text = String::new();
        for (number, host) in (0..feeds).zip(self.hosts.iter().cycle()) {
            let (id, url) = (format!("feed-{number:06}"), format!("http://{host}/feed/{number}"));
            let _ = writeln!(text, "[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\ninterval = \"{interval}\"\n");
        }
        text
    }

    /// What was asked for until now.
    pub(crate) fn counts(&self) -> Counts {
        let Shared { read, unchanged, pages, absent, .. } = self.shared.as_ref();
        Counts {
            read: read.load(Relaxed),
            unchanged: unchanged.load(Relaxed),
            pages: pages.load(Relaxed),
            absent: absent.load(Relaxed),
        }
    }
}

async fn feed(State(shared): State<Arc<Shared>>, Path(number): Path<usize>, headers: HeaderMap) -> Response {
    let tag = format!("\"feed-{number}\"");
    let is = |name, value: &str| headers.get(name).is_some_and(|given| given == value);
    if is(IF_NONE_MATCH, &tag) && is(IF_MODIFIED_SINCE, CHANGED) {
        shared.unchanged.fetch_add(1, Relaxed);
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    shared.read.fetch_add(1, Relaxed);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let about = [
        (ETAG, tag),
        (LAST_MODIFIED, CHANGED.to_owned()),
        (CONTENT_TYPE, "application/rss+xml; charset=utf-8".to_owned()),
    ];
    (about, rss(host, number, shared.articles)).into_response()
}

async fn page(State(shared): State<Arc<Shared>>, Path(number): Path<usize>) -> Response {
    shared.pages.fetch_add(1, Relaxed);
    let (title, text) = (title(number), text(number));
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | The Loopback</title></head>\
         <body><nav><a href=\"/\">Front page</a> <a href=\"/city\">City</a> <a href=\"/sport\">Sport</a></nav>\
         <article><h1>{title}</h1><time datetime=\"2026-03-02\">2 March</time>{text}</article>\
         <footer>Made up for a bench, no rights reserved</footer></body></html>"
    );
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

async fn absent(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.absent.fetch_add(1, Relaxed);
    StatusCode::NOT_FOUND
}

/// A feed. Every second one carries the text of its articles; of the others the pages are needed.
fn rss(host: &str, number: usize, articles: usize) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>Feed {number}</title><link>http://{host}/</link><description>Made up</description>\n"
    );
    for article in (0..articles).map(|article| number * articles + article) {
        let (title, url) = (title(article), format!("http://{host}/page/{article}"));
        let content = if number.is_multiple_of(2) {
            format!("<content:encoded><![CDATA[{}]]></content:encoded>", text(article))
        } else {
            format!("<description>{}</description>", Prose::new(article).sentences(SUMMARY))
        };
        let _ = writeln!(
            xml,
            "<item><title>{title}</title><link>{url}</link><guid>{url}</guid><pubDate>{CHANGED}</pubDate>{content}</item>"
        );
    }
    xml.push_str("</channel></rss>\n");
    xml
}

fn title(article: usize) -> String {
    format!("{} {article}", Prose::new(article).words(6))
}

/// The text of an article, in paragraphs.
fn text(article: usize) -> String {
    let mut prose = Prose::new(article);
    let mut html = String::new();
    while html.len() < TEXT {
        let _ = write!(html, "<p>{}</p>", prose.sentences(400));
    }
    html
}

/// Prose in no language, the same for the same seed, that compresses about as well as prose does.
struct Prose(u64);

impl Prose {
    fn new(seed: usize) -> Self {
        Self(seed as u64)
    }

    /// A number below a bound: `SplitMix64` (Steele, Lea, Flood 2014).
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % bound
    }

    /// Sentences that are together at least so many bytes long.
    fn sentences(&mut self, bytes: usize) -> String {
        let mut text = String::new();
        while text.len() < bytes {
            let words = 6 + self.below(12);
            let _ = write!(text, "{}. ", self.words(words));
        }
        text
    }

    /// Words of which the first has a capital.
    fn words(&mut self, count: usize) -> String {
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        let mut text = words.join(" ");
        text[..1].make_ascii_uppercase();
        text
    }

    fn word(&mut self) -> String {
        const CONSONANTS: &[u8] = b"bdfgklmnprstvz";
        const VOWELS: &[u8] = b"aeiou";
        let syllables = 1 + self.below(3);
        let mut word = String::new();
        for _ in 0..syllables {
            word.push(char::from(CONSONANTS[self.below(CONSONANTS.len())]));
            word.push(char::from(VOWELS[self.below(VOWELS.len())]));
        }
        word
    }
}
