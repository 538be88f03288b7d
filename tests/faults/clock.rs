//! Clocks that jump, a day ahead and back, under load.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use crate::support::{Load, Pipeline, Site, root, say};

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_costs_no_article() {
    let Some(library) = libfaketime() else {
        say("clock", "skipped: there is no libfaketime; `make setup` fetches it where Debian's packages can be had");
        return;
    };
    let site = Arc::new(Site::of_pages(BTreeMap::new()).await);
    let mut pipeline = Pipeline::new(&site.feeds_toml(3), &[]).await;
    let clock = pipeline.path("clock");
    let set = |offset: &str| std::fs::write(&clock, offset).unwrap();
    set("+0");
    // The services' clock, not the server's: that one is not linked to the C library.
    pipeline.environment.push(("LD_PRELOAD".to_owned(), library.to_str().unwrap().to_owned()));
    pipeline.environment.push(("FAKETIME_TIMESTAMP_FILE".to_owned(), clock.to_str().unwrap().to_owned()));
    pipeline.environment.push(("FAKETIME_NO_CACHE".to_owned(), "1".to_owned()));
    // Only what the wall shows: the kernel's clock for waiting never jumps.
    pipeline.environment.push(("FAKETIME_DONT_FAKE_MONOTONIC".to_owned(), "1".to_owned()));
    pipeline.start_all();
    let load = Load::begin(site, 3, 10);
    for offset in ["+0", "+1d", "-1d", "+0"] {
        set(offset);
        let goal = load.published() + 20;
        pipeline.writes(goal).await;
    }
    let days: std::collections::BTreeSet<_> = pipeline
        .output()
        .articles
        .iter()
        .map(|article| article["fetched_at"].as_str().unwrap()[..10].to_owned())
        .collect();
    assert!(days.len() >= 3, "the clock did not jump: {days:?}");
    let published = load.end().await;
    pipeline.assert_exactly_once(published).await;
    say("clock", &format!("{published} articles once each, on {days:?}"));
}

fn libfaketime() -> Option<PathBuf> {
    let own = root().join(".tools/libfaketime.so.1");
    let installed = PathBuf::from("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
    [own, installed].into_iter().find(|path| path.exists())
}
