//! Several fetchers, one after the other or side by side, ask no more than one would.

use std::time::{Duration, SystemTime};

use super::{busy, story, table};
use crate::support::{
    Pipeline, Scorekeeper, ready,
    scorekeeper::{assert_spaced, rss},
    told::{publishes, remembers},
};

/// Feeds that a fetcher polls once and not again in a test's time.
fn seldom(site: &Scorekeeper, count: usize) -> String {
    let feed = |number| {
        let path = format!("/seldom/{number}");
        site.feed(&path, &[story(&format!("http://news.example/{number}"))]);
        table(&format!("seldom-{number}"), &site.url(&path), "interval = \"1h\"\nfull_text = \"feed\"")
    };
    (0..count).map(feed).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_asks_no_feed_before_its_time() {
    const FEEDS: usize = 5;
    let site = Scorekeeper::start().await;
    let feeds = seldom(&site, FEEDS);
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    for number in 0..FEEDS {
        remembers(&pipeline.nats, &format!("seldom-{number}")).await;
    }
    pipeline.terminate("fetcher");
    site.feed("/added", &[]);
    std::fs::write(pipeline.path("feeds.toml"), feeds.clone() + &busy("added", &site.url("/added"))).unwrap();
    pipeline.start("fetcher");
    site.asked("/added", 4).await;
    assert_eq!(site.requests("/seldom/").len(), FEEDS, "only the feed that was added is asked");

    // The same goes for a feed that is added while the fetcher runs.
    site.feed("/later", &[]);
    let more = feeds + &busy("added", &site.url("/added")) + &busy("later", &site.url("/later"));
    std::fs::write(pipeline.path("feeds.toml"), more).unwrap();
    site.asked("/later", 3).await;
    assert_eq!(site.requests("/seldom/").len(), FEEDS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_ends_while_its_fetcher_does_counts() {
    let site = Scorekeeper::start().await;
    site.answer_after(Duration::from_secs(1), "/slow", |_, _| rss(&[]));
    site.feed("/beside", &[]);
    let feeds = table("slow", &site.url("/slow"), "interval = \"1h\"") + &busy("beside", &site.url("/beside"));
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    site.asked("/slow", 1).await;
    pipeline.terminate("fetcher");
    let beside = site.requests("/beside").len();
    pipeline.start("fetcher");
    site.asked("/beside", beside + 3).await;
    assert_eq!(site.requests("/slow").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_fetchers_ask_no_feed_twice_within_its_interval() {
    const FEEDS: usize = 40;
    let site = Scorekeeper::start().await;
    let mut feeds = seldom(&site, FEEDS);
    for number in 0..FEEDS {
        let path = format!("/often/{number}");
        site.feed(&path, &[]);
        feeds += &table(&format!("often-{number}"), &site.url(&path), "interval = \"3s\"");
    }
    // A lease that a slow machine does not lose.
    let mut pipeline = Pipeline::new("", &[("fetcher.lease", "20s")]).await;
    for _ in 0..2 {
        pipeline.start("fetcher");
    }
    for fetcher in pipeline.services("fetcher") {
        ready(fetcher).await;
    }
    std::fs::write(pipeline.path("feeds.toml"), feeds).unwrap();
    for number in 0..FEEDS {
        let requests = site.asked(&format!("/often/{number}"), 4).await;
        assert_spaced(&requests, Duration::from_secs(3));
    }
    for number in 0..FEEDS {
        assert_eq!(site.requests(&format!("/seldom/{number}")).len(), 1, "seldom-{number}");
        publishes(&pipeline.nats, &format!("seldom-{number}"), 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_fetchers_feed_is_taken_over_when_its_lease_has_run_out() {
    let site = Scorekeeper::start().await;
    // The first answer never ends: its fetcher is in the middle of the poll when it is killed.
    let feed = rss(&[story("http://news.example/bridge")]);
    site.answer("/held", move |_, before| match before {
        0 => axum::body::Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>()),
        _ => feed.clone().into(),
    });
    site.feed("/beside", &[]);
    let feeds = busy("held", &site.url("/held"));
    let mut pipeline = Pipeline::new(&feeds, &[("fetcher.timeout", "5m")]).await;
    pipeline.start("fetcher");
    site.asked("/held", 1).await;
    let beside = busy("beside", &site.url("/beside"));
    std::fs::write(pipeline.path("feeds.toml"), feeds + &beside).unwrap();
    ready(pipeline.start("fetcher")).await;
    // Longer than the lease, two seconds: the one that polls renews it.
    site.asked("/beside", 5).await;
    assert_eq!(site.requests("/held").len(), 1, "while its fetcher lives, the other leaves it alone");
    pipeline.services("fetcher").next().unwrap().kill();
    let killed = SystemTime::now();
    let requests = site.asked("/held", 2).await;
    assert!(requests[1].at > killed);
    assert_eq!(publishes(&pipeline.nats, "held", 1).await.len(), 1);
    site.polled_anew("/beside").await;
}
