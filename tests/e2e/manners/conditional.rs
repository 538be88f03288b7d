//! What goes with a request: validators, who asks, the user's own headers.

use axum::{http::StatusCode, response::IntoResponse};

use super::{busy, story, table};
use crate::support::{
    Pipeline, eventually, ready,
    scorekeeper::{Scorekeeper, rss},
    told::{polls, published, publishes},
};

#[tokio::test(flavor = "multi_thread")]
async fn validators_go_back_as_they_came_and_a_poll_is_one_request() {
    const VALIDATORS: [(&str, &str, &str); 4] = [
        ("weak", "W/\"a b\"", "Mon, 09 Mar 2026 10:00:00 GMT"),
        ("spaced", "\" a  b \"", "yesterday, roughly"),
        ("bare", "v-1", "2026-03-09 10:00"),
        ("odd", "\"a\"b\"--gzip", "Mon, 9 March 26 10:0:0 +0100"),
    ];
    let site = Scorekeeper::start().await;
    let mut feeds = String::new();
    for (id, etag, modified) in VALIDATORS {
        let path = format!("/{id}");
        let feed = rss(&[story(&site.url(&format!("/page/{id}")))]);
        site.answer(&path, move |request, _| {
            if request.header("if-none-match") == Some(etag) && request.header("if-modified-since") == Some(modified) {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                ([("etag", etag), ("last-modified", modified)], feed.clone()).into_response()
            }
        });
        feeds += &busy(id, &site.url(&path));
    }
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    ready(pipeline.start("fetcher")).await;
    for (id, etag, modified) in VALIDATORS {
        let requests = site.asked(&format!("/{id}"), 4).await;
        assert_eq!((requests[0].header("if-none-match"), requests[0].header("if-modified-since")), (None, None));
        for request in &requests[1..] {
            assert_eq!(request.header("if-none-match"), Some(etag), "{id}");
            assert_eq!(request.header("if-modified-since"), Some(modified), "{id}");
        }
        assert_eq!(published(&pipeline.nats, id).await.len(), 1, "{id}: what has not changed brings nothing");
    }
    let fetcher = pipeline.services("fetcher").next().unwrap();
    eventually("as many polls as requests", || async {
        let requests = site.requests("/").len();
        (polls(fetcher).await == requests && site.requests("/").len() == requests).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_whose_etag_changes_at_each_answer_is_published_once() {
    let site = Scorekeeper::start().await;
    let feed = rss(&[story(&site.url("/page"))]);
    site.answer("/feed", move |_, before| ([("etag", format!("\"{before}\""))], feed.clone()));
    site.answer("/page", |_, _| ([("content-type", "text/html")], "<p>The old bridge is open again.</p>"));
    let mut pipeline = Pipeline::new(&table("a", &site.url("/feed"), "interval = \"1s\""), &[]).await;
    pipeline.start("fetcher");
    let requests = site.asked("/feed", 5).await;
    for (number, request) in requests.iter().enumerate().skip(1) {
        assert_eq!(request.header("if-none-match"), Some(format!("\"{}\"", number - 1).as_str()), "the latest counts");
    }
    assert_eq!(published(&pipeline.nats, "a").await.len(), 1);
    assert_eq!(site.requests("/page").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_says_who_asks_and_what_it_can_unpack() {
    let site = Scorekeeper::start().await;
    site.feed("/feed", &[story(&site.url("/page"))]);
    let contact = "https://reader.example/about-our-robot";
    let feeds = table("a", &site.url("/feed"), "");
    let mut pipeline = Pipeline::new(&feeds, &[("fetcher.contact", contact)]).await;
    pipeline.start("fetcher");
    for path in ["/feed", "/robots.txt", "/page"] {
        let request = site.asked(path, 1).await.remove(0);
        let agent = request.header("user-agent").unwrap();
        assert!(agent.starts_with("Tallywire/"), "{path}: {agent}");
        assert!(agent.contains("+https://github.com/tallywire/tallywire") && agent.contains(contact), "{agent}");
        let accepted = request.header("accept-encoding").unwrap();
        let accepted: Vec<&str> = accepted.split(',').map(str::trim).collect();
        for encoding in ["gzip", "br", "zstd"] {
            assert!(accepted.contains(&encoding), "{path}: {accepted:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_users_headers_stay_with_the_feeds_origin() {
    let (site, other) = (Scorekeeper::start().await, Scorekeeper::start().await);
    let away = other.url("/feed");
    site.answer("/feed", move |_, _| (StatusCode::FOUND, [("location", away.clone())]));
    other.feed("/feed", &[story(&site.url("/page")), story(&other.url("/page"))]);
    for origin in [&site, &other] {
        origin.answer("/page", |_, _| ([("content-type", "text/html")], "<p>The old bridge is open again.</p>"));
    }
    let feeds = table("a", &site.url("/feed"), "headers = { Authorization = \"Bearer our-secret\" }");
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    publishes(&pipeline.nats, "a", 2).await;
    for path in ["/feed", "/page"] {
        assert_eq!(site.requests(path)[0].header("authorization"), Some("Bearer our-secret"), "{path}");
    }
    let elsewhere = other.requests("/");
    assert!(elsewhere.iter().any(|request| request.path == "/feed"));
    assert!(elsewhere.iter().any(|request| request.path == "/page"));
    for request in elsewhere {
        assert_eq!(request.header("authorization"), None, "{} of another origin", request.path);
    }
}

/// Articles are remembered for as long as the feed lists them, also where it answers "not modified" for longer than
/// anything is remembered.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_feed_lists_unchanged_for_long_is_not_new_when_it_changes() {
    const ETAG: &str = "\"v-1\"";
    let site = Scorekeeper::start().await;
    let feed = rss(&[story(&site.url("/page/old"))]);
    site.answer("/feed", move |request, _| {
        let known = request.header("if-none-match") == Some(ETAG);
        if known { StatusCode::NOT_MODIFIED.into_response() } else { ([("etag", ETAG)], feed.clone()).into_response() }
    });
    // The server's own memory of messages must not hide a second copy.
    let settings = [("streams.seen_max_age", "6s"), ("streams.dedupe_window", "1s")];
    let mut pipeline = Pipeline::new(&busy("a", &site.url("/feed")), &settings).await;
    pipeline.start("fetcher");
    publishes(&pipeline.nats, "a", 1).await;
    let requests = site.asked("/feed", 12).await;
    let whole = requests.iter().filter(|request| request.header("if-none-match").is_none()).count();
    assert!((2..=7).contains(&whole), "asked for the whole feed now and then: {whole} of {}", requests.len());
    site.feed("/feed", &[story(&site.url("/page/new")), story(&site.url("/page/old"))]);
    publishes(&pipeline.nats, "a", 2).await;
    site.polled_anew("/feed").await;
    let addresses: Vec<_> =
        published(&pipeline.nats, "a").await.into_iter().map(|article| article.url.unwrap()).collect();
    assert_eq!(addresses, [site.url("/page/old"), site.url("/page/new")]);
}
