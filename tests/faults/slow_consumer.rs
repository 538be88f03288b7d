//! A subscriber that does not read: the server cuts it off, and nobody else notices.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{PATIENCE, Pipeline, Site, say};

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_does_not_read_holds_up_nobody() {
    const ARTICLES: usize = 300;
    let site = Site::of_articles(ARTICLES, 3).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(3), &[]).await;
    let address = pipeline.nats.url().trim_start_matches("nats://").to_owned();
    let mut subscriber = TcpStream::connect(address).await.unwrap();
    subscriber.write_all(b"CONNECT {\"verbose\":false}\r\nSUB articles.enriched.> 1\r\nPING\r\n").await.unwrap();
    pipeline.start_all();
    pipeline.assert_exactly_once(ARTICLES).await;
    // What was in buffers comes; then the server has hung up, for it waits ten seconds at most for a reader.
    tokio::time::sleep(Duration::from_secs(1)).await;
    pipeline.nats.logs("Slow Consumer").await;
    let mut received = Vec::new();
    let end = tokio::time::timeout(PATIENCE, subscriber.read_to_end(&mut received)).await;
    assert!(end.is_ok(), "the server keeps a subscriber that does not read");
    say(
        "slow consumer",
        &format!(
            "{ARTICLES} articles once each; a subscriber that did not read was cut off after {} KiB",
            received.len() / 1024
        ),
    );
}
