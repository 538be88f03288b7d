//! 181 real pages become 181 enriched articles, each exactly once, also when everything is killed three times.

use crate::support::{Pipeline, STAGES, Site, real_pages, say};

#[tokio::test(flavor = "multi_thread")]
async fn real_pages_arrive_exactly_once_though_everything_is_killed_three_times() {
    let Some(pages) = real_pages::load(5) else {
        say("real pages", &format!("skipped: there is no {}", real_pages::folder().display()));
        return;
    };
    let expected = pages.len();
    assert_eq!(expected, 181);
    let site = Site::of_pages(pages).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(5), &[("fetcher.host_delay", "15ms")]).await;
    pipeline.start_all();
    for round in 1..=3 {
        pipeline.writes(round * expected / 5).await;
        for stage in STAGES {
            pipeline.kill_and_restart(stage);
        }
        pipeline.nats.kill();
        pipeline.nats.restart().await;
    }
    pipeline.assert_exactly_once(expected).await;
    say(
        "real pages",
        &format!("{expected} pages, {expected} articles, each exactly once, everything killed three times"),
    );
}
