//! 181 pages through the containers, each article once, and an end that leaves nothing behind.

use std::time::{Duration, Instant};

use crate::{
    compose::{Compose, config, docker, inspect},
    support::{STAGES, Site, eventually, real_pages, say},
};

#[tokio::test(flavor = "multi_thread")]
async fn pages_become_articles_once_each_and_compose_goes_down_clean() {
    let compose = Compose::new("pages", &["compose.yaml"]);
    let pages = real_pages::load(5).unwrap_or_else(|| {
        say("pages", "there are no real pages beside the checkout: made-up ones are read");
        crate::support::made_up(181, 5)
    });
    let expected = pages.len();
    let site = Site::of_pages_at(&compose.gateway(), pages).await;
    compose.configure(&config(Duration::from_millis(5)), &site.feeds_toml(5));
    let begun = Instant::now();
    compose.run(&["up", "--detach", "--no-build"]);
    say("pages", &format!("up after {:.1} s", begun.elapsed().as_secs_f64()));
    eventually("every container is healthy", || async {
        let is_healthy = |service: &&str| {
            compose.containers(service).iter().all(|id| inspect(id)["State"]["Health"]["Status"] == "healthy")
        };
        STAGES.iter().all(is_healthy).then_some(())
    })
    .await;
    compose.writes(expected).await;
    say("pages", &format!("{expected} articles after {:.1} s", begun.elapsed().as_secs_f64()));
    let status = compose.run(&["run", "--rm", "tallywire", "status"]);
    assert!(status.contains("ARTICLES_FETCHED"), "{status}");
    compose.run(&["stop"]);
    for stage in STAGES {
        for id in compose.containers_all(stage) {
            let state = &inspect(&id)["State"];
            assert_eq!(state["ExitCode"], 0, "{stage} drains and ends well when it is told to stop: {state}");
            assert_eq!(state["OOMKilled"], false, "{stage} stays within its memory");
        }
    }
    compose.output().assert_exactly_once(expected);
    compose.run(&["down", "--volumes"]);
    let left = docker(&[
        "ps",
        "--all",
        "--quiet",
        "--filter",
        &format!("label=com.docker.compose.project={}", compose.project()),
    ]);
    assert_eq!(left, "", "containers that were left");
}
