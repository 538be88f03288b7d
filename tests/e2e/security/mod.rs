//! TLS, and a user for each service: each can do its work, and nothing more.

mod jwt;
mod logins;
mod rights;

use std::{collections::BTreeMap, process::Command, time::Duration};

use async_nats::jetstream::{self, consumer::pull};
use futures::StreamExt;
use tallywire_proto::subject::{SITES_BUCKET, Stream, WRITTEN_BUCKET};

use crate::support::{PATIENCE, Page, Pipeline, STAGES, Site, eventually, program, ready, run};

const ARTICLES: usize = 24;

fn stdout(command: &mut Command) -> String {
    let done = run(command);
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_pipeline_runs_with_a_user_for_each_service() {
    let site = Site::of_articles(ARTICLES, 2).await;
    // Every body goes through the object store; one page is none.
    site.publish(BTreeMap::from([(
        "bad".to_owned(),
        Page { feed: 0, title: "Bad".to_owned(), html: b"\0<".to_vec() },
    )]))
    .await;
    let settings = [("stages.inline_limit", "100B"), ("log.level", "trace")];
    let mut pipeline = Pipeline::secure(&site.feeds_toml(2), &settings).await;
    pipeline.start_all();
    pipeline.services("sink").next().unwrap().logs("waiting for what").await;
    stdout(&mut pipeline.tallywire(&["provision"]));
    for stage in STAGES {
        ready(pipeline.services(stage).next().unwrap()).await;
    }

    // A program that only listens hears every article; one that has consumers of its own can go back, too.
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let listener = credentials.options("listener").connect(pipeline.nats.url()).await.unwrap();
    let mut heard = listener.subscribe("articles.enriched.>").await.unwrap();
    listener.flush().await.unwrap();
    site.publish(BTreeMap::from([("late".to_owned(), Page { feed: 1, ..page_of(&site).await })])).await;
    tokio::time::timeout(PATIENCE, heard.next()).await.expect("it hears the articles").unwrap();
    pipeline.assert_exactly_once(ARTICLES + 1).await;
    let subscriber = credentials.options("subscriber").connect(pipeline.nats.url()).await.unwrap();
    assert_eq!(read_through_a_consumer(&subscriber, ARTICLES + 1).await, ARTICLES + 1);

    // The command line, as its user.
    eventually("a dead letter", || async { (pipeline.messages(Stream::Dead).await == 1).then_some(()) }).await;
    let status = stdout(&mut pipeline.tallywire(&["status"]));
    assert!(status.contains("ENRICHED") && status.contains("feeds: 2 "), "{status}");
    let dead = stdout(&mut pipeline.tallywire(&["dead", "list"]));
    assert!(dead.contains("cleaner"), "{dead}");
    assert!(stdout(&mut pipeline.tallywire(&["dead", "show", "1"])).contains("articles.fetched.feed-0"));
    assert!(stdout(&mut pipeline.tallywire(&["dead", "requeue", "--all"])).contains("1 sent back"));
    eventually("it comes back", || async { (pipeline.messages(Stream::Dead).await == 1).then_some(()) }).await;
    assert!(stdout(&mut pipeline.tallywire(&["dead", "drop", "--all"])).contains("1 dropped"));
    assert!(stdout(&mut pipeline.tallywire(&["feeds", "reset", "feed-0"])).contains("forgot"));
    for subject in ["articles.enriched.>", "figures.>"] {
        let mut tail = pipeline.tallywire(&["tail", subject, "--all", "--count", "5", "--json"]);
        pipeline.log_in(&mut tail, "subscriber");
        assert_eq!(stdout(&mut tail).lines().count(), 5, "{subject}");
    }

    // What is remembered of sites and of written articles is there: nothing was quietly left out for want of a right.
    let jetstream = pipeline.nats.jetstream().await;
    let written = jetstream.get_key_value(WRITTEN_BUCKET).await.unwrap();
    assert_eq!(written.status().await.unwrap().values(), ARTICLES as u64 + 1);
    let mut logs: String = STAGES.iter().map(|stage| pipeline.terminate(stage)).collect();
    let sites = jetstream.get_key_value(SITES_BUCKET).await.unwrap();
    assert!(sites.get("127.0.0.1").await.unwrap().is_some());
    let pages = jetstream.get_stream("OBJ_pages").await.unwrap();
    let bodies = pages.info_with_subjects("$O.pages.C.>").await.unwrap().count().await;
    assert_eq!(bodies, 1, "bodies that are done with are deleted; that of the dead letter ages out");

    logs += &pipeline.nats.log();
    assert!(logs.contains("TRACE"), "the test looks at everything that could be logged");
    assert!(!logs.to_lowercase().contains("violation"), "a right is missing:\n{}", lines_with(&logs, "violation"));
    for user in STAGES.iter().chain(&["admin", "subscriber"]) {
        assert!(!logs.contains(&credentials.seed(user)), "the seed of {user} is in a log");
    }
}

async fn page_of(site: &Site) -> Page {
    site.page("article-0").await
}

fn lines_with(logs: &str, text: &str) -> String {
    logs.lines().filter(|line| line.to_lowercase().contains(text)).take(10).collect::<Vec<_>>().join("\n")
}

/// Reads so many articles through a durable consumer of the subscriber's own, acknowledges them, and removes it.
async fn read_through_a_consumer(client: &async_nats::Client, count: usize) -> usize {
    let jetstream = jetstream::new(client.clone());
    let stream = jetstream.get_stream(Stream::Enriched.name()).await.unwrap();
    let config = pull::Config { durable_name: Some("paper".to_owned()), ..pull::Config::default() };
    let consumer = stream.create_consumer(config).await.unwrap();
    let mut messages = consumer.messages().await.unwrap().take(count);
    let mut read = 0;
    while let Ok(Some(message)) = tokio::time::timeout(PATIENCE, messages.next()).await {
        message.unwrap().double_ack().await.unwrap();
        read += 1;
    }
    assert_eq!(consumer.get_info().await.unwrap().num_ack_pending, 0);
    stream.delete_consumer("paper").await.unwrap();
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_is_rotated_and_a_user_is_added_while_the_server_runs() {
    let pipeline = Pipeline::secure("", &[]).await;
    let credentials = pipeline.nats.credentials.clone().unwrap();
    let old = credentials.options("listener");
    std::fs::remove_file(credentials.seed_file("listener")).unwrap();
    credentials.make_users(&["--subscriber", "paper"]);
    pipeline.nats.reload();
    let url = pipeline.nats.url();
    eventually("the new seed is known", || async { credentials.options("listener").connect(&url).await.ok() }).await;
    assert!(credentials.options("subscriber-paper").connect(&url).await.is_ok());
    let refused = old.connect(&url).await.unwrap_err();
    assert_eq!(refused.kind(), async_nats::ConnectErrorKind::AuthorizationViolation);
}

/// Runs a service until it gives up, and returns what it says.
fn gives_up(pipeline: &Pipeline, settings: &[(&str, &str)]) -> String {
    let mut command = Command::new(program("tallywire-sink"));
    command.arg("--config").arg(pipeline.path("config.toml")).arg("--set=nats.connect_for=2s");
    for (key, value) in settings {
        command.arg(format!("--set={key}={value}"));
    }
    let begun = std::time::Instant::now();
    let done = run(&mut command);
    assert!(!done.status.success() && begun.elapsed() < Duration::from_secs(30));
    String::from_utf8(done.stderr).unwrap()
}
