//! Two replicas of each stage share the work.

use tallywire_proto::subject::Stream;

use crate::support::{Pipeline, STAGES, Site, metrics, ready};

#[tokio::test(flavor = "multi_thread")]
async fn two_of_each_share_the_work() {
    const ARTICLES: usize = 200;
    const FEEDS: usize = 10;
    // The feeds answer only once two of them are asked for at the same time: with one poll at a time in each
    // fetcher, that takes both.
    let site = Site::that_waits(ARTICLES, FEEDS, 2).await;
    let mut pipeline = Pipeline::new("", &[("fetcher.concurrency", "1"), ("stages.workers", "1")]).await;
    for stage in STAGES {
        pipeline.start(stage);
        pipeline.start(stage);
    }
    for stage in STAGES {
        for service in pipeline.services(stage) {
            ready(service).await;
        }
    }
    std::fs::write(pipeline.path("feeds.toml"), site.feeds_toml(FEEDS)).unwrap();
    pipeline.assert_exactly_once(ARTICLES).await;
    assert_eq!(pipeline.messages(Stream::Dead).await, 0);
    for stage in STAGES {
        let mut done = Vec::new();
        for service in pipeline.services(stage) {
            done.push(articles_done(&metrics(service).await, stage));
        }
        assert!(done.iter().all(|done| *done > 0), "{stage}: one did all the work: {done:?}");
        assert!(done.iter().sum::<usize>() >= ARTICLES, "{stage}: {done:?}");
    }
    assert_eq!(site.page_requests(), ARTICLES, "no page was asked for twice");
}

fn articles_done(metrics: &str, stage: &str) -> usize {
    let name = format!("tallywire_articles_out_total{{stage=\"{stage}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |count| count.parse().unwrap())
}
