//! A container that runs out of memory: what kills it ends among the dead letters, and the rest comes through.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    compose::{Compose, config, docker, inspect},
    support::{Page, Site, eventually, made_up, say},
};

/// Far less than the entities service takes to read a text of six megabytes.
const LIMIT: &str = "96m";
const ARTICLES: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hits_its_memory_limit_loses_nothing() {
    let compose = Compose::new("memory", &["compose.yaml"]);
    let mut pages = made_up(ARTICLES, 2);
    let names =
        (0..200_000).fold(String::new(), |names, number| names + &format!("Mayor Anna Berg{number} of Kilwa. "));
    let html = format!("<html><body><article><h1>All of them</h1><p>{names}</p></article></body></html>").into_bytes();
    pages.insert("too-much".to_owned(), Page { feed: 0, title: "All of them".to_owned(), html });
    let site = Site::of_pages_at(&compose.gateway(), BTreeMap::new()).await;
    // What has killed its worker three times is not tried again.
    let config =
        config(Duration::ZERO).replace("[stages]\n", "[stages]\nmax_deliveries = 3\n") + "[log]\nlevel = \"warn\"\n";
    compose.configure(&config, &site.feeds_toml(2));
    compose.run(&["up", "--detach", "--no-build"]);
    let [entities] = compose.containers("entities").try_into().unwrap();
    docker(&["update", "--memory", LIMIT, "--memory-swap", LIMIT, &entities]);
    site.publish(pages).await;
    // Nothing is given back in time: the kernel ends it, the engine starts it again.
    let dead = || -> Vec<String> {
        let list = compose.run(&["run", "--rm", "-T", "tallywire", "dead", "list"]);
        list.lines().filter(|line| line.contains("articles.cleaned.")).map(str::to_owned).collect()
    };
    eventually("every article is written, or a dead letter", || async {
        (compose.output().revisions().len() + dead().len() > ARTICLES).then_some(())
    })
    .await;
    let restarts = inspect(&entities)["RestartCount"].as_u64().unwrap();
    assert!(restarts > 0, "the memory was enough");
    let dead = dead();
    assert!(dead.iter().all(|letter| letter.contains("died or hung")), "{dead:?}");
    compose.output().assert_exactly_once(ARTICLES + 1 - dead.len());
    say(
        "memory",
        &format!(
            "{restarts} ends by the kernel; {} written once each, {} dead letters",
            ARTICLES + 1 - dead.len(),
            dead.len()
        ),
    );
}
