//! Clocks that jump, a day ahead and back, under load.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use crate::support::{Load, Pipeline, Site, eventually, root, say};

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
    pipeline.set_variable("LD_PRELOAD", library.to_str().unwrap());
    pipeline.set_variable("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap());
    pipeline.set_variable("FAKETIME_NO_CACHE", "1");
    // Only what the wall shows: the kernel's clock for waiting never jumps.
    pipeline.set_variable("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    pipeline.start_all();
    let load = Load::begin(site, 3, 10);
    for (number, offset) in ["+0", "+1d", "-1d", "+0"].into_iter().enumerate() {
        set(offset);
        let goal = load.published() + 20;
        eventually(&format!("articles come through, jump {number} to {offset}"), || async {
            (pipeline.output().revisions().len() >= goal).then_some(())
        })
        .await;
    }
    let days: std::collections::BTreeSet<_> = pipeline
        .output()
        .articles
        .iter()
        .map(|article| article["fetched_at"].as_str().unwrap()[..10].to_owned())
        .collect();
    assert!(days.len() >= 3, "the clock did not jump: {days:?}");
    let published = load.end().await;
    eventually("all articles", || async { (pipeline.output().revisions().len() >= published).then_some(()) }).await;
    pipeline.assert_exactly_once(published).await;
    say("clock", &format!("{published} articles once each, on {days:?}"));
}

fn libfaketime() -> Option<PathBuf> {
    let own = root().join(".tools/libfaketime.so.1");
    let installed = PathBuf::from("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
    [own, installed].into_iter().find(|path| path.exists())
}
