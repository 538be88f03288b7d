//! A full queue slows the fetcher, and loses nothing.

use tallywire_proto::subject::Stream;

use crate::support::{Pipeline, Site, metrics};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_pushes_back() {
    const ARTICLES: usize = 60;
    let site = Site::of_articles(ARTICLES, 2).await;
    let settings = [("streams.hop_max_bytes", "20KiB"), ("fetcher.page_attempts", "1")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &settings).await;
    // Nobody empties the queue.
    let fetcher = pipeline.start("fetcher");
    fetcher.logs("the broker does not take a message yet").await;
    let waiting = pipeline.messages(Stream::Fetched).await;
    assert!((1..ARTICLES as u64).contains(&waiting), "{waiting} of {ARTICLES} fit into the queue");
    let told = metrics(pipeline.services("fetcher").next().unwrap()).await;
    let held = told.lines().find_map(|line| line.strip_prefix("tallywire_publish_retries_total{reason=\"full\"} "));
    assert!(held.is_some_and(|count| count != "0"), "{told}");
    // The stages after it are full soon too: each pushes back on the one before, and none stands in its own way.
    let cleaner = pipeline.start("cleaner");
    cleaner.logs("the broker does not take a message yet").await;
    for stage in ["entities", "figures", "sink"] {
        pipeline.start(stage);
    }
    pipeline.assert_exactly_once(ARTICLES).await;
}
