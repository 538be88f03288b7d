//! Servers that misbehave harm neither the fetcher nor the feeds beside theirs.

mod bombs;
mod server;

use std::collections::BTreeMap;

use tallywire_proto::ErrorKind::{self, Address, Connection, NotAFeed, Redirect, Timeout, TooLarge};

use crate::support::{
    Pipeline, Scorekeeper,
    scorekeeper::item,
    told::{Events, published, publishes},
};

/// What a server does, and what the fetcher makes of it.
const FAILURES: [(&str, ErrorKind); 25] = [
    ("silent", Timeout),
    ("header-drip", Timeout),
    ("body-drip", Timeout),
    ("interim", Timeout),
    ("endless", TooLarge),
    ("short", Connection),
    ("bad-chunk", Connection),
    ("gzip-bomb", TooLarge),
    ("brotli-bomb", TooLarge),
    ("zstd-bomb", TooLarge),
    ("zstd-window", TooLarge),
    ("gzip-checksum", Connection),
    ("many-headers", Connection),
    ("long-header", Connection),
    ("to-itself", Redirect),
    ("to-ftp", Address),
    ("to-mail", Address),
    ("to-nowhere", Redirect),
    ("to-garbage", Redirect),
    ("garbage", Connection),
    ("reset", Connection),
    ("nested", NotAFeed),
    ("nested-json", NotAFeed),
    ("page", NotAFeed),
    ("empty", NotAFeed),
];

/// What can be read all the same.
const READABLE: [(&str, usize); 3] = [("utf-16", 3), ("entities", 1), ("many", 500)];

#[tokio::test(flavor = "multi_thread")]
async fn misbehaving_servers_fail_each_in_its_way_and_harm_nobody() {
    let (base, site) = (server::serve().await, Scorekeeper::start().await);
    let names = FAILURES.iter().map(|(name, _)| *name).chain(READABLE.iter().map(|(name, _)| *name));
    let feeds: String = names.map(|name| table(name, &format!("{base}/{name}"), "1h")).collect();
    let feeds = feeds + &table("good", &site.url("/good"), "1s");
    let news = |number: usize| item(&[("title", &format!("Bridge {number} reopens")), ("guid", &number.to_string())]);
    site.feed("/good", &[news(1)]);
    // All misbehave at once, and a debug build on a busy machine has time enough for those that are no slower than it.
    let settings = [("fetcher.timeout", "5s"), ("fetcher.max_feed_bytes", "4MiB"), ("fetcher.concurrency", "64")];
    let mut pipeline = Pipeline::new(&feeds, &settings).await;
    let mut events = Events::of(&pipeline.nats).await;
    let fetcher = pipeline.start("fetcher").id();
    publishes(&pipeline.nats, "good", 1).await;

    let mut kinds = BTreeMap::new();
    while kinds.len() < FAILURES.len() {
        let event = events.next().await;
        kinds.insert(event.feed, event.error.map(|error| error.kind));
    }
    let expected = FAILURES.iter().map(|(name, kind)| ((*name).to_owned(), Some(*kind))).collect();
    assert_eq!(kinds, expected);
    for (name, articles) in READABLE {
        let articles = publishes(&pipeline.nats, name, articles).await;
        assert!(articles.iter().all(|article| article.document.body.len() < 1000), "{name}: entities are not expanded");
    }
    site.feed("/good", &[news(2), news(1)]);
    publishes(&pipeline.nats, "good", 2).await;
    assert_eq!(published(&pipeline.nats, "good").await.len(), 2);
    assert!(peak(fetcher) < MOST_MEMORY, "{} MiB at the most", peak(fetcher) >> 20);
}

fn table(id: &str, url: &str, interval: &str) -> String {
    format!("[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\ninterval = \"{interval}\"\n\n")
}

/// The most memory that the fetcher may ever have taken: what it takes by itself, and a body of 4 MiB for each feed.
/// One bomb that goes off is more.
const MOST_MEMORY: usize = (64 + (FAILURES.len() + READABLE.len()) * 4) << 20;

/// The peak of a process's resident memory in bytes, by Linux.
fn peak(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    kibibytes.unwrap().trim().parse::<usize>().unwrap() << 10
}
