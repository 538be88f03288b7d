//! The whole way over HTTP, with a small hub that verifies before it answers.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::post};
use jiff::Timestamp;
use reqwest::{Client, StatusCode};
use tallywire_proto::subject::is_feed_id;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};
use url::{Url, form_urlencoded};

use super::{callback::Clock, signature::sign, store::Subscriptions, subscription::Subscription, *};

/// Subscriptions in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<HashMap<String, Subscription>>>);

impl Subscriptions for Memory {
    type Error = Infallible;

    async fn update<T: Send>(
        &self,
        feed: &str,
        mut change: impl FnMut(&mut Option<Subscription>) -> T + Send,
    ) -> Result<T, Infallible> {
        assert!(is_feed_id(feed), "{feed:?} is no key of a store");
        let mut all = self.0.lock().unwrap();
        let mut held = all.remove(feed);
        let outcome = change(&mut held);
        all.extend(held.map(|held| (feed.to_owned(), held)));
        Ok(outcome)
    }
}

/// What a hub knows of its subscriber.
#[derive(Clone, Debug, Default)]
struct Hub {
    forms: Arc<Mutex<Vec<HashMap<String, String>>>>,
    /// The status and body with which the last verification was answered.
    verified: Arc<Mutex<Option<(u16, String)>>>,
}

impl Hub {
    async fn accept(self, body: String) -> axum::http::StatusCode {
        let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let verified = ask(&form["hub.callback"], "subscribe", &form["hub.topic"], "9000").await;
        *self.verified.lock().unwrap() = Some(verified);
        self.forms.lock().unwrap().push(form);
        axum::http::StatusCode::ACCEPTED
    }

    fn last(&self, name: &str) -> String {
        self.forms.lock().unwrap().last().unwrap()[name].clone()
    }

    fn asked(&self) -> usize {
        self.forms.lock().unwrap().len()
    }
}

fn client() -> Client {
    // Another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

/// A hub's GET.
async fn ask(callback: &str, mode: &str, topic: &str, lease: &str) -> (u16, String) {
    let mut url = Url::parse(callback).unwrap();
    url.query_pairs_mut()
        .append_pair("hub.mode", mode)
        .append_pair("hub.topic", topic)
        .append_pair("hub.challenge", "<b>&1")
        .append_pair("hub.lease_seconds", lease);
    let answer = client().get(url).send().await.unwrap();
    let status = answer.status().as_u16();
    if status == 200 {
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    (status, answer.text().await.unwrap())
}

/// A hub's POST.
async fn deliver(callback: &str, signature: Option<String>, body: impl Into<reqwest::Body>) -> StatusCode {
    let mut request = client().post(callback).header("content-type", "application/rss+xml").body(body);
    if let Some(signature) = signature {
        request = request.header("X-Hub-Signature", signature);
    }
    request.send().await.unwrap().status()
}

/// What a publisher without TLS names.
fn links(hub: Url, topic: &str) -> Links {
    let url = |text| Some(Url::parse(text).unwrap());
    Links { hubs: vec![hub], topic: url(topic), base: url(BASE), is_plain: true }
}

struct World {
    subscriber: Subscriber<Memory>,
    deliveries: mpsc::Receiver<Delivery>,
    now: Arc<AtomicI64>,
    hub: Hub,
    links: Links,
}

const TOPIC: &str = "http://news.example/rss";
const BASE: &str = "http://cdn.example/world/rss";
const BODY: &str = "<rss version='2.0'/>";

impl World {
    async fn new() -> Self {
        Self::with_room(1).await
    }

    async fn with_room(room: usize) -> Self {
        let hub = Hub::default();
        let known = hub.clone();
        let hubs = Router::new().route("/hub", post(move |body: String| known.accept(body)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hub", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, hubs).await });
        let links = links(Url::parse(&address).unwrap(), TOPIC);

        let (subscriptions, now) = (Memory::default(), Arc::new(AtomicI64::new(0)));
        let (sender, deliveries) = mpsc::channel(room);
        let time = now.clone();
        let clock: Clock = Arc::new(move || Timestamp::from_second(time.load(Ordering::SeqCst)).unwrap());
        let callback = Callback { subscriptions: subscriptions.clone(), deliveries: sender, clock };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, callback.router(1000), Grants::default(), std::future::pending()));
        Self { subscriber: Subscriber { subscriptions, callback: base }, deliveries, now, hub, links }
    }

    fn at(&self, second: i64) -> Timestamp {
        self.now.store(second, Ordering::SeqCst);
        Timestamp::from_second(second).unwrap()
    }

    /// What is done after a poll; says whether polling may rest.
    async fn poll(&self, second: i64, found_news: bool) -> bool {
        let now = self.at(second);
        self.subscriber.note("news", &self.links, [1, 2, 3], now).await.unwrap();
        let send = async |hub: &Url, form: String| {
            let kind = "application/x-www-form-urlencoded";
            let answer = client().post(hub.clone()).header("content-type", kind).body(form).send().await?;
            answer.error_for_status().map(drop)
        };
        self.subscriber.keep_up("news", found_news, now, send).await.unwrap()
    }

    fn callback(&self) -> String {
        self.hub.last("hub.callback")
    }

    /// Gives the subscription a secret, which it would only have told a hub with TLS.
    fn share_secret(&self) -> String {
        let mut all = self.subscriber.subscriptions.0.lock().unwrap();
        let mut value = serde_json::to_value(&all["news"]).unwrap();
        value["secret"] = "0123".into();
        all.insert("news".to_owned(), serde_json::from_value(value).unwrap());
        "0123".to_owned()
    }
}

#[tokio::test]
async fn a_subscription_from_its_beginning_to_its_end() {
    let world = World::new().await;
    assert!(!world.poll(0, false).await);
    assert_eq!(*world.hub.verified.lock().unwrap(), Some((200, "<b>&1".to_owned())), "a hub may verify first");
    assert!(!world.poll(1800, false).await, "nothing has come yet");
    world.subscriber.delivered("news").await.unwrap();
    assert!(world.poll(1801, false).await);
    assert!(!world.poll(1802, true).await, "the hub has missed something");
    world.subscriber.delivered("news").await.unwrap();
    assert!(world.poll(3600, false).await);
    assert_eq!(world.hub.asked(), 1);
    let callback = world.callback();

    assert_eq!(ask(&callback, "unsubscribe", TOPIC, "0").await.0, 404);
    assert_eq!(ask(&callback, "subscribe", "http://news.example/other", "60").await.0, 404);
    let wrong = format!("{}f", &callback[..callback.len() - 1]);
    assert_eq!(ask(&wrong, "subscribe", TOPIC, "60").await.0, 404);
    assert_eq!(ask(&callback.replace("/news/", "/else/"), "subscribe", TOPIC, "60").await.0, 404);
    assert_eq!(ask(&callback.replace("/news/", "/No.Id/"), "subscribe", TOPIC, "60").await.0, 404, "no key of a store");

    assert!(world.poll(6000, false).await, "two thirds of 9000 s are gone");
    assert_eq!((world.hub.asked(), world.callback()), (2, callback.clone()));
    assert!(world.poll(14_999, false).await, "renewed");

    assert_eq!(ask(&callback, "denied", TOPIC, "0").await.0, 200);
    assert!(!world.poll(15_000, false).await);
    assert_eq!(ask(&callback, "subscribe", TOPIC, "60").await.0, 404);
    assert_eq!(deliver(&callback, None, BODY).await, StatusCode::GONE);
    assert_eq!(world.hub.asked(), 3, "the renewal before the refusal, and nothing since");
}

#[tokio::test]
async fn a_publisher_that_names_another_hub_or_none_ends_the_subscription() {
    let mut world = World::new().await;
    world.poll(0, false).await;
    let callback = world.callback();
    assert_eq!(deliver(&callback, None, BODY).await, StatusCode::ACCEPTED);
    let hub = world.links.hubs.remove(0);
    assert!(!world.poll(1, false).await);
    assert_eq!(deliver(&callback, None, BODY).await, StatusCode::GONE);
    world.links = links(hub, "http://news.example/new");
    world.poll(2, false).await;
    assert_eq!((world.hub.asked(), world.hub.last("hub.topic")), (2, "http://news.example/new".to_owned()));
}

#[tokio::test]
async fn a_hub_that_cannot_be_reached_is_asked_again_later() {
    let mut world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let hub = std::mem::replace(&mut world.links.hubs, vec![Url::parse(&nobody).unwrap()]);
    assert!(!world.poll(0, false).await);
    assert!(!world.poll(600, false).await);
    world.links.hubs = hub;
    world.poll(601, false).await;
    assert_eq!(world.hub.asked(), 1, "another hub is another beginning");
}

#[tokio::test]
async fn a_delivery_that_the_hub_signed_is_passed_on() {
    let mut world = World::new().await;
    world.poll(0, false).await;
    let (callback, secret) = (world.callback(), world.share_secret());
    for method in ["sha1", "sha256", "sha384", "sha512"] {
        assert_eq!(deliver(&callback, Some(sign(method, &secret, BODY.as_bytes())), BODY).await, StatusCode::ACCEPTED);
        let delivery = world.deliveries.try_recv().unwrap();
        assert_eq!(
            (delivery.feed.as_str(), delivery.base.as_str(), &delivery.body[..]),
            ("news", BASE, BODY.as_bytes())
        );
        assert_eq!(delivery.content_type.as_deref(), Some("application/rss+xml"));
    }
    let forged = [None, Some("sha256=00".to_owned()), Some(sign("sha256", "else", BODY.as_bytes()))];
    for signature in forged {
        assert_eq!(deliver(&callback, signature, BODY).await, StatusCode::ACCEPTED);
        assert!(world.deliveries.try_recv().is_err(), "a forged one is ignored");
    }
}

#[tokio::test]
async fn a_delivery_is_read_like_the_answer_to_the_last_poll() {
    let mut world = World::new().await;
    world.poll(0, false).await;
    let callback = world.callback();
    for base in [BASE, "http://other.example/"] {
        world.links.base = Some(Url::parse(base).unwrap());
        world.poll(1, false).await;
        assert_eq!(deliver(&callback, None, BODY).await, StatusCode::ACCEPTED);
        assert_eq!(world.deliveries.try_recv().unwrap().base.as_str(), base);
    }
    assert_eq!(world.hub.asked(), 1, "it is the same subscription");
}

#[tokio::test]
async fn a_hub_that_sends_slowly_holds_one_place_for_each_feed() {
    let mut world = World::with_room(2).await;
    world.poll(0, false).await;
    let callback = world.callback();
    let (mut pieces, slow) = tokio::io::duplex(64);
    let slow = reqwest::Body::wrap_stream(futures::stream::unfold(slow, |mut slow| async {
        let mut piece = vec![0; 64];
        let length = slow.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        piece.truncate(length);
        Some((Ok::<_, Infallible>(piece), slow))
    }));
    pieces.write_all(b"<rss ").await.unwrap();
    let address = callback.clone();
    let slow = tokio::spawn(async move { deliver(&address, None, slow).await });
    let refused = async {
        while deliver(&callback, None, BODY).await != StatusCode::SERVICE_UNAVAILABLE {
            drop(world.deliveries.try_recv());
        }
    };
    tokio::time::timeout(Duration::from_secs(10), refused).await.expect("there is room, but not for the same feed");
    pieces.write_all(b"version='2.0'/>").await.unwrap();
    drop(pieces);
    assert_eq!(slow.await.unwrap(), StatusCode::ACCEPTED);
    assert_eq!(world.deliveries.try_recv().unwrap().body, BODY);
    assert_eq!(deliver(&callback, None, BODY).await, StatusCode::ACCEPTED, "the place is free again");
}

#[tokio::test]
async fn deliveries_that_nobody_expects_or_has_room_for_are_refused() {
    let mut world = World::new().await;
    world.poll(0, false).await;
    let callback = world.callback();
    let wrong = format!("{}f", &callback[..callback.len() - 1]);
    for unknown in [wrong, callback.replace("/news/", "/else/"), callback.replace("/news/", "/No.Id/")] {
        assert_eq!(deliver(&unknown, None, BODY).await, StatusCode::GONE, "{unknown}");
    }
    assert_eq!(deliver(&callback, None, "x".repeat(1001)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(world.deliveries.try_recv().is_err());
    assert_eq!(deliver(&callback, None, "x".repeat(1000)).await, StatusCode::ACCEPTED);
    assert_eq!(deliver(&callback, None, BODY).await, StatusCode::SERVICE_UNAVAILABLE, "the first is still there");
    assert_eq!(world.deliveries.try_recv().unwrap().body.len(), 1000);
    assert_eq!(deliver(&callback, None, BODY).await, StatusCode::ACCEPTED);
}

/// Subscriptions that cannot be had.
struct Away;

impl Subscriptions for Away {
    type Error = &'static str;

    async fn update<T: Send>(
        &self,
        _: &str,
        _: impl FnMut(&mut Option<Subscription>) -> T + Send,
    ) -> Result<T, Self::Error> {
        Err("the server does not answer")
    }
}

#[tokio::test]
async fn a_hub_is_told_to_come_back_where_the_subscription_cannot_be_looked_up() {
    let callback =
        Callback { subscriptions: Away, deliveries: mpsc::channel(1).0, clock: Arc::new(|| Timestamp::UNIX_EPOCH) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/websub/news/1", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, callback.router(1000), Grants::default(), std::future::pending()));
    assert_eq!(ask(&address, "subscribe", TOPIC, "60").await.0, 503);
    assert_eq!(deliver(&address, None, BODY).await, StatusCode::SERVICE_UNAVAILABLE);
}
