//! The image with the accurate model, in the place of the other.

use std::time::Duration;

use crate::{
    compose::{Compose, config, inspect},
    support::{Site, made_up, say},
};

const ARTICLES: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn the_accurate_model_runs_from_its_own_image() {
    let mut compose = Compose::new("accurate", &["compose.yaml"]);
    compose.set("ENTITIES", "entities-accurate");
    let site = Site::of_pages_at(&compose.gateway(), made_up(ARTICLES, 2)).await;
    compose.configure(&config(Duration::ZERO), &site.feeds_toml(2));
    compose.run(&["up", "--detach", "--no-build"]);
    compose.writes(ARTICLES).await;
    compose.output().assert_exactly_once(ARTICLES);
    // A service that is told to take this model, and cannot, does not start.
    let [entities] = compose.containers("entities").try_into().unwrap();
    let environment = inspect(&entities)["Config"]["Env"].to_string();
    assert!(environment.contains("TALLYWIRE_ENTITIES_MODEL=accurate"), "{environment}");
    say("accurate", &format!("{ARTICLES} articles"));
}
