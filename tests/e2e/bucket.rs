//! Articles in a bucket of an S3-compatible store: each once, whatever happens to sinks and store.

use std::time::Duration;

use tallywire_proto::subject::Stream;

use crate::support::{Pipeline, Site, Store, eventually, parquet, ready, store::SECRET};

/// Objects are small and soon there, so that many are stored while something happens.
const SETTINGS: [(&str, &str); 3] =
    [("fetcher.host_delay", "10ms"), ("sink.object_after", "200ms"), ("sink.object_bytes", "100KiB")];

/// A pipeline whose sinks write into a store's bucket.
async fn pipeline(site: &Site, feeds: usize, more: &[(&str, &str)]) -> Option<(Pipeline, Store)> {
    // The store's log is where the others are.
    let mut pipeline = Pipeline::new(&site.feeds_toml(feeds), &[&SETTINGS, more].concat()).await;
    let store = Store::start(&pipeline.path("")).await?;
    pipeline.environment = store.environment();
    pipeline.set("sink.out", store.url());
    Some((pipeline, store))
}

async fn assert_exactly_once(pipeline: &Pipeline, store: &Store, expected: usize) {
    eventually("all articles are in the bucket", || async {
        (store.output().await.revisions().len() >= expected).then_some(())
    })
    .await;
    pipeline.settled().await;
    store.output().await.assert_exactly_once(expected);
    assert_eq!(pipeline.messages(Stream::Enriched).await, expected as u64, "messages for subscribers");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_feed_to_objects_and_their_figures() {
    const ARTICLES: usize = 40;
    let site = Site::of_articles(ARTICLES, 2).await;
    let more = [("sink.parquet", "true"), ("sink.compression", "zstd")];
    let Some((mut pipeline, store)) = pipeline(&site, 2, &more).await else { return };
    pipeline.start_all();
    assert_exactly_once(&pipeline, &store, ARTICLES).await;
    let log = pipeline.terminate("sink");
    assert!(!log.contains(SECRET), "a secret in the log");
    let printed = pipeline.tallywire(&["config", "print"]).output().unwrap();
    assert!(printed.status.success() && !String::from_utf8_lossy(&printed.stdout).contains(SECRET));

    let bucket = store.bucket();
    let (articles, figures) = (bucket.list("enriched", "").await.unwrap(), bucket.list("figures", "").await.unwrap());
    assert!(articles.len() < ARTICLES, "{} objects of {ARTICLES} articles", articles.len());
    assert_eq!(articles.len(), figures.len());
    let mut files = Vec::new();
    for name in figures {
        files.push(bucket.get(&name).await.unwrap());
    }
    parquet::assert_exactly_once(files, &store.output().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sinks_killed_under_load() {
    const ARTICLES: usize = 200;
    let site = Site::of_articles(ARTICLES, 4).await;
    let Some((mut pipeline, store)) = pipeline(&site, 4, &[("sink.parquet", "true")]).await else { return };
    pipeline.start_all();
    pipeline.start("sink");
    for round in 1..=4 {
        let goal = round * ARTICLES / 6;
        eventually("articles come through", || async {
            (store.output().await.revisions().len() >= goal).then_some(())
        })
        .await;
        pipeline.kill_and_restart("sink");
    }
    assert_exactly_once(&pipeline, &store, ARTICLES).await;
    pipeline.terminate("sink");
    // What the killed ones left undone is done at the next start.
    pipeline.start("sink");
    let bucket = store.bucket();
    eventually("all objects have their figures", || async {
        let (articles, figures) = (bucket.list("enriched", "").await.ok()?, bucket.list("figures", "").await.ok()?);
        (articles.len() == figures.len()).then_some(())
    })
    .await;
    let mut files = Vec::new();
    for name in bucket.list("figures", "").await.unwrap() {
        files.push(bucket.get(&name).await.unwrap());
    }
    parquet::assert_exactly_once(files, &store.output().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_stood_still_does_not_write_what_another_took_over() {
    const ARTICLES: usize = 80;
    let site = Site::of_articles(ARTICLES, 2).await;
    let Some((mut pipeline, store)) = pipeline(&site, 2, &[("sink.object_after", "1s")]).await else { return };
    for stage in ["fetcher", "cleaner", "entities", "figures"] {
        pipeline.start(stage);
    }
    eventually("all wait for a sink", || async {
        (pipeline.messages(Stream::Enriched).await == ARTICLES as u64).then_some(())
    })
    .await;
    // With everything claimed and nothing stored.
    store.be_there(false);
    let log = pipeline.start("sink");
    log.logs("the store does not take it yet").await;
    pipeline.services("sink").next().unwrap().freeze();
    store.be_there(true);
    pipeline.start("sink");
    eventually("the other has written all", || async {
        (store.output().await.revisions().len() == ARTICLES).then_some(())
    })
    .await;
    pipeline.services("sink").next().unwrap().go_on();
    let woken = pipeline.services("sink").next().unwrap().logs("another sink took this one for dead").await;
    assert!(woken.contains("claimed anew"), "{woken}");
    assert_exactly_once(&pipeline, &store, ARTICLES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_for_a_while() {
    const ARTICLES: usize = 60;
    let site = Site::of_articles(ARTICLES, 2).await;
    let Some((mut pipeline, store)) = pipeline(&site, 2, &[]).await else { return };
    pipeline.start_all();
    eventually("articles come through", || async { (!store.output().await.articles.is_empty()).then_some(()) }).await;
    store.be_there(false);
    let sink = pipeline.services("sink").next().unwrap();
    sink.logs("the store does not take it yet").await;
    eventually("the others go on", || async {
        (pipeline.messages(Stream::Enriched).await == ARTICLES as u64).then_some(())
    })
    .await;
    // Longer than the server waits for a sign of life: they are kept alive, and not written twice.
    tokio::time::sleep(Duration::from_secs(3)).await;
    // One that starts meanwhile waits too.
    ready(pipeline.start("sink")).await;
    store.be_there(true);
    assert_exactly_once(&pipeline, &store, ARTICLES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there_is_named() {
    let site = Site::of_articles(1, 1).await;
    let Some((mut pipeline, store)) = pipeline(&site, 1, &[]).await else { return };
    pipeline.set("sink.out", &store.url().replace("news", "olds"));
    pipeline.start("sink");
    let sink = pipeline.services("sink").next().unwrap();
    assert!(!sink.wait().success());
    let log = sink.log();
    assert!(log.contains("sink.out: s3://olds/tallywire") && !log.contains(SECRET), "{log}");
}
