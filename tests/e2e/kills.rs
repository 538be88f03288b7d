//! Everything is killed under way, and every article is there exactly once.

use crate::support::{Pipeline, STAGES, Site, ready};

#[tokio::test(flavor = "multi_thread")]
async fn each_service_and_the_server_killed_under_way() {
    const ARTICLES: usize = 240;
    let site = Site::of_articles(ARTICLES, 4).await;
    // A pause between pages, so that there is something under way for long enough.
    let settings = [("fetcher.host_delay", "25ms"), ("sink.rotate_bytes", "64KiB"), ("sink.compression", "zstd")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(4), &settings).await;
    pipeline.start_all();
    for (round, victim) in STAGES.into_iter().chain(["nats-server"]).enumerate() {
        let goal = (round + 1) * ARTICLES / 10;
        pipeline.writes(goal).await;
        if victim == "nats-server" {
            // One that is just starting may give up, and has to be started again by whoever runs it.
            for service in STAGES {
                ready(pipeline.services(service).next().unwrap()).await;
            }
            pipeline.nats.kill();
            pipeline.nats.restart().await;
        } else {
            pipeline.kill_and_restart(victim);
        }
    }
    pipeline.assert_exactly_once(ARTICLES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_again_after_the_dedupe_window_and_a_restart_is_written_once() {
    let site = Site::of_articles(5, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(5).await;
    let jetstream = pipeline.nats.jetstream().await;
    let messages: Vec<_> = pipeline.output().articles.iter().map(ToString::to_string).collect();
    for restart in [false, true] {
        if restart {
            pipeline.kill_and_restart("sink");
        }
        for body in &messages {
            // Without a message id the server knows no copy.
            let sent = jetstream.publish("articles.enriched.en.feed-0", body.clone().into()).await.unwrap();
            assert!(!sent.await.unwrap().duplicate);
        }
        pipeline.settled().await;
        pipeline.output().assert_exactly_once(5);
    }
}
