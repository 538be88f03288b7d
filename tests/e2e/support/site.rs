//! A site with feeds, served on loopback.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::sync::{Notify, RwLock};

/// A page, and the feed that lists it.
#[derive(Clone)]
pub struct Page {
    pub feed: usize,
    pub title: String,
    pub html: Vec<u8>,
}

#[derive(Default)]
struct Shared {
    base: RwLock<String>,
    pages: RwLock<BTreeMap<String, Page>>,
    /// Feeds answer only when so many of them are asked for at the same time.
    together: usize,
    asked: AtomicUsize,
    all_asked: Notify,
    page_requests: AtomicUsize,
}

/// A site: `/feed/<number>` are its feeds, `/page/<name>` its pages.
pub struct Site {
    shared: Arc<Shared>,
    base: String,
}

impl Site {
    /// A site of made-up articles, shared out over its feeds.
    pub async fn of_articles(articles: usize, feeds: usize) -> Self {
        Self::serve("127.0.0.1", made_up(articles, feeds), 0).await
    }

    /// A site of made-up articles whose feeds answer only when so many are asked for at the same time.
    pub async fn that_waits(articles: usize, feeds: usize, together: usize) -> Self {
        Self::serve("127.0.0.1", made_up(articles, feeds), together).await
    }

    pub async fn of_pages(pages: BTreeMap<String, Page>) -> Self {
        Self::of_pages_at("127.0.0.1", pages).await
    }

    /// A site on another address of this host than loopback: that of a network which containers are in.
    pub async fn of_pages_at(address: &str, pages: BTreeMap<String, Page>) -> Self {
        Self::serve(address, pages, 0).await
    }

    async fn serve(address: &str, pages: BTreeMap<String, Page>, together: usize) -> Self {
        let shared = Arc::new(Shared { pages: RwLock::new(pages), together, ..Shared::default() });
        let router = Router::new()
            .route("/feed/{number}", get(feed))
            .route("/page/{name}", get(page))
            .with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind((address, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        shared.base.write().await.clone_from(&base);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared, base }
    }

    /// A `feeds.toml` for these feeds.
    pub fn feeds_toml(&self, feeds: usize) -> String {
        let table = |number| {
            format!("[[feed]]\nid = \"feed-{number}\"\nurl = \"{}/feed/{number}\"\ninterval = \"1s\"\n\n", self.base)
        };
        (0..feeds).map(table).collect()
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// Changes what a feed and a page say.
    pub async fn rewrite(&self, name: &str, title: &str) {
        let mut pages = self.shared.pages.write().await;
        title.clone_into(&mut pages.get_mut(name).unwrap().title);
    }

    /// Adds pages, and lists them in their feeds.
    pub async fn publish(&self, pages: BTreeMap<String, Page>) {
        self.shared.pages.write().await.extend(pages);
    }

    /// A page as it is.
    pub async fn page(&self, name: &str) -> Page {
        self.shared.pages.read().await[name].clone()
    }

    /// How often pages were asked for.
    pub fn page_requests(&self) -> usize {
        self.shared.page_requests.load(Ordering::SeqCst)
    }
}

async fn feed(State(shared): State<Arc<Shared>>, Path(number): Path<usize>) -> Response {
    let others = shared.all_asked.notified();
    if shared.asked.fetch_add(1, Ordering::SeqCst) + 1 < shared.together {
        others.await;
    }
    shared.all_asked.notify_waiters();
    let base = shared.base.read().await.clone();
    let pages = shared.pages.read().await;
    let mut xml = format!("<rss version=\"2.0\"><channel><title>Feed {number}</title><link>{base}/</link>\n");
    for (name, page) in pages.iter().filter(|(_, page)| page.feed == number) {
        let _ = writeln!(
            xml,
            "<item><title>{}</title><link>{base}/page/{name}?utm_source=rss</link><guid>{base}/page/{name}</guid></item>",
            page.title
        );
    }
    xml.push_str("</channel></rss>\n");
    ([("content-type", "application/rss+xml")], xml).into_response()
}

async fn page(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    shared.page_requests.fetch_add(1, Ordering::SeqCst);
    match shared.pages.read().await.get(&name) {
        Some(page) => ([("content-type", "text/html; charset=utf-8")], page.html.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Articles of our own, each with a number that no other has.
pub fn made_up(articles: usize, feeds: usize) -> BTreeMap<String, Page> {
    (0..articles).map(|number| article(number, feeds)).collect()
}

/// One of them, with its name.
pub fn article(number: usize, feeds: usize) -> (String, Page) {
    let title = format!("Council counts {} new trees after storm {number}", 1000 + number);
    let page = Page { feed: number % feeds, html: html(number, &title).into_bytes(), title };
    (format!("article-{number}"), page)
}

fn html(number: usize, title: &str) -> String {
    let mut body = String::new();
    for paragraph in 0..6 {
        // Digits that do not compress well, so that sizes are as those of real pages.
        let noise = (number * 31 + paragraph * 7919) as u64;
        let code = noise.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17);
        let _ = write!(
            body,
            "<p>Officials in Mwanza said on Thursday that at least {} people helped to plant {} trees along the road, \
             {} kilometres north of the harbour. \u{201c}We did not expect so many hands,\u{201d} said Neema Chombo, the head \
             of the Harbour Council, whose report {code} lists every one of them.</p>",
            7 + paragraph,
            1000 + number,
            paragraph + 3,
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><title>{title} | The Courier</title></head><body>\
         <nav><a href=\"/\">Home</a> <a href=\"/world\">World</a></nav><article><h1>{title}</h1>{body}</article>\
         <footer>All rights reserved</footer></body></html>"
    )
}
