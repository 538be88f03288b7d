//! Publishers on loopback that announce pages in feeds, and note when they did.

use std::{
    collections::HashMap,
    fmt::Write,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Instant,
};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::pages::Pages;

/// How a feed brings news.
#[derive(Clone, Copy)]
pub(crate) enum News {
    /// All its articles, from the first poll on.
    AllAtOnce {
        /// How many.
        per_host: usize,
    },
    /// One more at each poll.
    OneAPoll,
}

/// Articles that a feed lists at most.
const LISTED: usize = 20;

struct Host {
    base: String,
    number: usize,
    news: News,
    pages: Pages,
    /// How many articles have been announced.
    told: Mutex<usize>,
    announced: Arc<Mutex<HashMap<String, Instant>>>,
}

/// Publishers, each on an address of 127.0.0.0/8 of its own, so that each is a site of its own, with one feed.
pub(crate) struct Publishers {
    bases: Vec<String>,
    announced: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Publishers {
    /// Serves so many hosts.
    pub(crate) async fn start(pages: Pages, news: News, hosts: usize) -> Self {
        let announced = Arc::default();
        let mut bases = Vec::new();
        for number in 0..hosts {
            let address = Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() + u32::try_from(number).unwrap());
            let listener = tokio::net::TcpListener::bind((address, 0)).await.unwrap();
            let base = format!("http://{}", listener.local_addr().unwrap());
            bases.push(base.clone());
            let announced = Arc::clone(&announced);
            let host = Host { base, number, news, pages: pages.clone(), told: Mutex::new(0), announced };
            let router =
                Router::new().route("/feed", get(feed)).route("/page/{number}", get(page)).with_state(Arc::new(host));
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Self { bases, announced }
    }

    /// A `feeds.toml` of all feeds.
    pub(crate) fn feeds_toml(&self, interval: &str) -> String {
        let mut text = String::new();
        for (number, base) in self.bases.iter().enumerate() {
            let _ =
                writeln!(text, "[[feed]]\nid = \"feed-{number}\"\nurl = \"{base}/feed\"\ninterval = \"{interval}\"\n");
        }
        text
    }

    /// The addresses of all feeds.
    pub(crate) fn feeds(&self) -> impl Iterator<Item = String> {
        self.bases.iter().map(|base| format!("{base}/feed"))
    }

    /// When each article was announced, by its address.
    pub(crate) fn announced(&self) -> HashMap<String, Instant> {
        self.announced.lock().unwrap().clone()
    }

    /// When the first article was announced.
    pub(crate) fn first_announcement(&self) -> Option<Instant> {
        self.announced.lock().unwrap().values().min().copied()
    }
}

async fn feed(State(host): State<Arc<Host>>) -> Response {
    let (first, last) = {
        let mut told = host.told.lock().unwrap();
        let before = *told;
        let first = match host.news {
            News::AllAtOnce { per_host } => {
                *told = per_host;
                0
            }
            News::OneAPoll => {
                *told += 1;
                told.saturating_sub(LISTED)
            }
        };
        let mut announced = host.announced.lock().unwrap();
        announced.extend((before..*told).map(|number| (format!("{}/page/{number}", host.base), Instant::now())));
        (first, *told)
    };
    let base = &host.base;
    let mut xml = format!("<rss version=\"2.0\"><channel><title>News</title><link>{base}/</link>\n");
    for number in (first..last).rev() {
        let _ = writeln!(
            xml,
            "<item><title>Number {number}</title><link>{base}/page/{number}</link><guid>{base}/page/{number}</guid></item>"
        );
    }
    xml.push_str("</channel></rss>\n");
    ([(CONTENT_TYPE, "application/rss+xml")], xml).into_response()
}

async fn page(State(host): State<Arc<Host>>, Path(number): Path<usize>) -> Response {
    if number >= *host.told.lock().unwrap() {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Neighbours begin elsewhere, so that not all serve the same page at the same time.
    let page = host.pages[(number + host.number * 31) % host.pages.len()].clone();
    ([(CONTENT_TYPE, "text/html")], page).into_response()
}
