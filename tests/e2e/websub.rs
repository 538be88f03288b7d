//! A hub delivers: the article is published without a poll, and polling rests.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use serde_json::Value;
use tallywire_proto::subject::{FEEDS_BUCKET, Stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::{Url, form_urlencoded};

use crate::support::{Pipeline, eventually};

/// A publisher and its hub in one.
#[derive(Clone, Default)]
struct Publisher {
    base: Arc<Mutex<String>>,
    /// Forms that the hub was sent.
    asked: Arc<Mutex<Vec<HashMap<String, String>>>>,
}

impl Publisher {
    async fn start() -> Self {
        let publisher = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        *publisher.base.lock().unwrap() = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/feed", get(feed))
            .route("/hub", axum::routing::post(hub))
            .with_state(publisher.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        publisher
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base.lock().unwrap())
    }

    fn document(&self, items: &[&str]) -> String {
        let item =
            |name: &&str| format!("<item><title>{name}</title><link>{}</link></item>", self.at(&format!("/{name}")));
        let items = items.iter().map(item).collect::<Vec<_>>().concat();
        format!(
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Harbour News</title>
             <atom:link rel='hub' href='{}'/><atom:link rel='self' href='{}'/>{items}</channel></rss>",
            self.at("/hub"),
            self.at("/feed")
        )
    }

    /// The callback that the hub was told.
    fn callback(&self) -> Option<String> {
        self.asked.lock().unwrap().last().map(|form| form["hub.callback"].clone())
    }
}

async fn feed(State(publisher): State<Publisher>) -> String {
    publisher.document(&["first"])
}

/// Verifies as a hub does, before it answers.
async fn hub(State(publisher): State<Publisher>, body: String) -> StatusCode {
    let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let mut url = Url::parse(&form["hub.callback"]).unwrap();
    url.query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", &form["hub.topic"])
        .append_pair("hub.challenge", "c-77")
        .append_pair("hub.lease_seconds", "864000");
    let answer = exchange(&url, "GET", "").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("c-77"), "{answer}");
    publisher.asked.lock().unwrap().push(form);
    StatusCode::ACCEPTED
}

/// Sends a request, and returns the whole answer.
async fn exchange(url: &Url, method: &str, body: &str) -> String {
    let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let path = &url[url::Position::BeforePath..];
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(&address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

/// What is remembered of the feed.
async fn state(pipeline: &Pipeline) -> Option<Value> {
    let bucket = pipeline.nats.jetstream().await.get_key_value(FEEDS_BUCKET).await.ok()?;
    serde_json::from_slice(&bucket.get("harbour").await.ok()??).ok()
}

#[tokio::test]
async fn a_hub_delivers_and_polling_rests() {
    let publisher = Publisher::start().await;
    // Taken and given back: nobody else is likely to take it meanwhile.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let (listen, callback) = (format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}"));
    let feeds = format!("[[feed]]\nid = \"harbour\"\nurl = \"{}\"\n", publisher.at("/feed"));
    let settings = [
        ("fetcher.websub_listen", listen.as_str()),
        ("fetcher.websub_callback", callback.as_str()),
        ("fetcher.min_interval", "1s"),
        ("fetcher.interval", "1s"),
    ];
    let mut pipeline = Pipeline::new(&feeds, &settings).await;
    pipeline.start("fetcher");
    let callback = eventually("the hub is asked", || async { publisher.callback() }).await;
    let callback = Url::parse(&callback).unwrap();
    eventually("the polled article", || async { (pipeline.messages(Stream::Fetched).await == 1).then_some(()) }).await;

    let answer = exchange(&callback, "POST", &publisher.document(&["second", "first"])).await;
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    eventually("the delivered article", || async { (pipeline.messages(Stream::Fetched).await == 2).then_some(()) })
        .await;
    let rested = eventually("polling rests", || async {
        state(&pipeline).await.filter(|state| state["hub_delivers"] == true && state["lease"].is_null())
    })
    .await;
    let time = |key: &str| rested[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(time("next_poll").duration_since(time("last_poll")).as_mins() >= 59, "{rested}");

    // Who does not know the address cannot deliver.
    let guessed = callback.join("00000000000000000000000000000000").unwrap();
    let answer = exchange(&guessed, "POST", &publisher.document(&["forged"])).await;
    assert!(answer.starts_with("HTTP/1.1 410"), "{answer}");
    let log = pipeline.terminate("fetcher");
    assert_eq!(pipeline.messages(Stream::Fetched).await, 2, "{log}");
}
