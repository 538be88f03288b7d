//! Articles go through the stages again, and come out as new revisions, each once.

use std::{collections::BTreeMap, process::Output};

use serde_json::Value;
use tallywire_proto::subject::Stream;

use crate::support::{Pipeline, Process, Site};

const ARTICLES: usize = 40;

async fn pipeline(more: &[(&str, &str)]) -> (Pipeline, Site) {
    let site = Site::of_articles(ARTICLES, 2).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &[&[("archive.write", "true")], more].concat()).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(ARTICLES).await;
    (pipeline, site)
}

/// Runs a replay, asserts that it ends well, and returns what it tells.
fn replay(pipeline: &Pipeline, arguments: &[&str]) -> String {
    let replayed = run(pipeline, arguments);
    assert!(replayed.status.success(), "{replayed:?}");
    String::from_utf8(replayed.stdout).unwrap()
}

fn run(pipeline: &Pipeline, arguments: &[&str]) -> Output {
    pipeline.tallywire(&[&["replay"], arguments].concat()).output().unwrap()
}

/// What a replay changes in any case.
fn without_times(mut article: Value) -> Value {
    for key in ["revision", "enriched_at", "provenance"] {
        article.as_object_mut().unwrap().remove(key);
    }
    article
}

/// Asserts that each article's revision is as its first one, and went through these stages.
fn assert_same(pipeline: &Pipeline, revision: u64, stages: &[&str]) {
    let mut articles: BTreeMap<(String, u64), Value> = BTreeMap::new();
    for article in pipeline.output().articles {
        articles.insert((article["id"].as_str().unwrap().to_owned(), article["revision"].as_u64().unwrap()), article);
    }
    let again: Vec<_> = articles.iter().filter(|((_, own), _)| *own == revision).collect();
    assert_eq!(again.len(), ARTICLES);
    for ((id, _), article) in again {
        let runs = article["provenance"]["stages"].as_array().unwrap();
        let names: Vec<&str> = runs.iter().map(|run| run["name"].as_str().unwrap()).collect();
        assert_eq!(names, stages);
        assert_eq!(without_times(article.clone()), without_times(articles[&(id.clone(), 1)].clone()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_through_the_cleaner() {
    let (pipeline, site) = pipeline(&[]).await;
    let archive = ["--archive", "out/archive"];
    let told = replay(&pipeline, &[&archive[..], &["--dry-run"]].concat());
    assert!(told.contains("40 to publish anew"), "{told}");
    let told = replay(&pipeline, &[&archive[..], &["--run", "first"]].concat());
    assert!(told.contains("run first: 40 published anew, 0 done"), "{told}");
    pipeline.assert_exactly_once(2 * ARTICLES).await;
    assert_same(&pipeline, 2, &["fetcher", "replay", "cleaner", "entities", "figures"]);

    // The same run does nothing twice, another does.
    let told = replay(&pipeline, &[&archive[..], &["--run", "first"]].concat());
    assert!(told.contains("0 published anew, 40 done"), "{told}");
    let told = replay(&pipeline, &[&archive[..], &["--feed", "feed-0"]].concat());
    assert!(told.contains("20 published anew"), "{told}");
    pipeline.assert_exactly_once(2 * ARTICLES + 20).await;

    // A feed's change goes on from there, and what was archived before it is no longer the article.
    site.rewrite("article-0", "Council counts again").await;
    pipeline.assert_exactly_once(2 * ARTICLES + 21).await;
    let changed = pipeline.output().articles.into_iter().max_by_key(|article| article["revision"].as_u64()).unwrap();
    assert_eq!(changed["revision"], 4);
    let told = replay(&pipeline, &[&archive[..], &["--run", "last"]].concat());
    assert!(told.contains("40 published anew") && told.contains("1 passed over"), "{told}");
    pipeline.assert_exactly_once(3 * ARTICLES + 21).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_range_through_figures_and_entities() {
    let (pipeline, _site) = pipeline(&[]).await;
    let told = replay(&pipeline, &["--since", "1h", "--from-stage", "figures", "--run", "figures"]);
    assert!(told.contains("40 published anew"), "{told}");
    pipeline.assert_exactly_once(2 * ARTICLES).await;
    assert_same(&pipeline, 2, &["fetcher", "cleaner", "entities", "replay", "figures"]);
    // It does not take what it has published itself.
    let told = replay(&pipeline, &["--since", "1h", "--from-stage", "figures", "--run", "figures"]);
    assert!(told.contains("0 published anew, 80 done"), "{told}");
    let told = replay(&pipeline, &["--since", "1h", "--from-stage", "entities"]);
    assert!(told.contains("40 published anew") && told.contains("40 passed over"), "{told}");
    pipeline.assert_exactly_once(3 * ARTICLES).await;
    assert_same(&pipeline, 3, &["fetcher", "cleaner", "replay", "entities", "figures"]);
    let told = replay(&pipeline, &["--since", "2h", "--until", "1h", "--from-stage", "figures"]);
    assert!(told.contains("0 published anew"), "{told}");

    for (arguments, expected) in [
        (&["--since", "1h"][..], "--archive"),
        (&["--archive", "out/archive", "--from-stage", "figures"], "begin at the cleaner"),
        (&["--archive", "nowhere"], "nowhere"),
        (&["--since", "1h", "--until", "2h", "--from-stage", "figures"], "is before"),
    ] {
        let wrong = run(&pipeline, arguments);
        let error = String::from_utf8_lossy(&wrong.stderr);
        assert!(!wrong.status.success() && error.contains(expected), "{arguments:?}: {error}");
    }
}

/// The limit of a queue that takes some of the articles, and never all of them.
const SHORT: (&str, &str) = ("streams.hop_max_bytes", "10KiB");

/// Starts a replay into a queue that nobody empties, until it is full.
async fn held_replay(pipeline: &mut Pipeline, log: &str) -> Process {
    pipeline.terminate("cleaner");
    let mut replay = pipeline.tallywire(&["replay", "--archive", "out/archive", "--run", "it"]);
    let replay = Process::start(&mut replay, &pipeline.path(log));
    replay.logs("the broker does not take a message yet").await;
    let waiting = pipeline.messages(Stream::Fetched).await;
    assert!((1..ARTICLES as u64 / 2).contains(&waiting), "{waiting} of {ARTICLES} fit into the queue");
    replay
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_replay_goes_on_and_doubles_nothing() {
    let (mut pipeline, _site) = pipeline(&[SHORT]).await;
    held_replay(&mut pipeline, "killed.log").await.kill();
    pipeline.start("cleaner");
    pipeline.settled().await;
    let mut interrupted = held_replay(&mut pipeline, "interrupted.log").await;
    assert!(!interrupted.terminate().success());
    let log = interrupted.log();
    assert!(log.contains("--run it goes on where it ended"), "{log}");
    pipeline.start("cleaner");
    pipeline.kill_and_restart("cleaner");
    let told = replay(&pipeline, &["--archive", "out/archive", "--run", "it"]);
    assert!(!told.contains(" 40 published") && !told.contains(" 0 done"), "{told}");
    pipeline.assert_exactly_once(2 * ARTICLES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_waits_while_the_queue_is_full() {
    let (mut pipeline, _site) = pipeline(&[SHORT]).await;
    let mut replay = held_replay(&mut pipeline, "replay.log").await;
    pipeline.start("cleaner");
    assert!(replay.wait().success(), "{}", replay.log());
    pipeline.assert_exactly_once(2 * ARTICLES).await;
}
