//! Whoever subscribes: the `tail` command, and a program in Python.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::support::{PATIENCE, Pipeline, Process, Site, eventually, root};

const ARTICLES: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn tail_follows_as_json_and_readable() {
    let site = Site::of_articles(ARTICLES, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start("sink");
    let jetstream = pipeline.nats.jetstream().await;
    eventually("the streams are there", || async { jetstream.get_object_store("pages").await.ok() }).await;
    let count = ARTICLES.to_string();
    let mut json = follow(&mut pipeline.tallywire(&["tail", "--json", "--all", "--count", &count]), &pipeline, "json");
    let mut english = follow(
        &mut pipeline.tallywire(&["tail", "articles.enriched.en.>", "--all", "--count", &count]),
        &pipeline,
        "readable",
    );
    for stage in ["fetcher", "cleaner", "entities", "figures"] {
        pipeline.start(stage);
    }
    let lines = read(&mut json).await;
    assert_eq!(lines.len(), ARTICLES);
    for line in &lines {
        let article: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(article["schema"], "tallywire.enriched/1");
    }
    let text = read(&mut english).await.join("\n");
    assert!(text.contains("Council counts 1000 new trees") && text.contains("Neema Chombo"), "{text}");
    assert!(json.wait().success() && english.wait().success());

    let wrong = pipeline.tallywire(&["tail", "articles.cleaned.>"]).output().unwrap();
    let error = String::from_utf8_lossy(&wrong.stderr);
    assert!(error.contains("articles.cleaned.> is no subject") && error.contains("articles.enriched.>"), "{wrong:?}");
    assert!(error.contains("figures.count.killed.>"), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_python_program_follows() {
    let python = root().join(".tools/python/bin/python");
    assert!(python.exists(), "there is no {}: run `make setup` first", python.display());
    let script = root().join("docs/subscribe.py");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let code = std::fs::read_to_string(&script).unwrap();
    assert!(readme.contains(code.trim()), "the README shows another program than docs/subscribe.py");

    let site = Site::of_articles(ARTICLES, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    for stage in ["cleaner", "entities", "figures", "sink"] {
        pipeline.start(stage);
    }
    let jetstream = pipeline.nats.jetstream().await;
    eventually("the streams are there", || async { jetstream.get_object_store("pages").await.ok() }).await;
    let url = pipeline.nats.url();
    let mut command = Command::new(python);
    command.arg("-u").arg(script).arg(&url);
    let mut subscriber = follow(&mut command, &pipeline, "python");
    let mut lines = BufReader::new(subscriber.stdout()).lines();
    // A plain subscriber hears only what is said while it listens.
    assert!(lines.next().unwrap().unwrap().starts_with("following"), "{}", subscriber.log());
    pipeline.start("fetcher");
    let heard = tokio::task::spawn_blocking(move || {
        lines.map_while(Result::ok).filter(|line| line.contains("Council")).take(ARTICLES).count()
    });
    // Were it to hear too little, its end would end the reading.
    let heard = tokio::time::timeout(PATIENCE, heard).await;
    drop(subscriber);
    assert_eq!(heard.expect("it hears every article").unwrap(), ARTICLES);
}

fn follow(command: &mut Command, pipeline: &Pipeline, name: &str) -> Process {
    Process::start(command.stdout(Stdio::piped()), &pipeline.path(&format!("{name}.log")))
}

async fn read(process: &mut Process) -> Vec<String> {
    let output = process.stdout();
    let read = tokio::task::spawn_blocking(move || BufReader::new(output).lines().map_while(Result::ok).collect());
    let Ok(lines) = tokio::time::timeout(PATIENCE, read).await else {
        process.kill();
        panic!("it waits for more articles: {}", process.log());
    };
    lines.unwrap()
}
