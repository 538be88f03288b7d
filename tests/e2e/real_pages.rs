//! 181 real pages become 181 enriched articles, each exactly once, also when everything is killed three times.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
};

use flate2::read::GzDecoder;

use crate::support::{Page, Pipeline, STAGES, Site, eventually, root};

#[tokio::test(flavor = "multi_thread")]
async fn real_pages_arrive_exactly_once_though_everything_is_killed_three_times() {
    let data = root().join("../shared/data/articles/aeb/html");
    if !data.is_dir() {
        say(&format!("skipped: there is no {}", data.display()));
        return;
    }
    let mut pages = BTreeMap::new();
    for (number, entry) in std::fs::read_dir(&data).unwrap().enumerate() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().trim_end_matches(".html.gz").to_owned();
        let mut html = Vec::new();
        GzDecoder::new(File::open(&path).unwrap()).read_to_end(&mut html).unwrap();
        pages.insert(name.clone(), Page { feed: number % 5, title: format!("Page {name}"), html });
    }
    let expected = pages.len();
    assert_eq!(expected, 181);
    let site = Site::of_pages(pages).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(5), &[("fetcher.host_delay", "15ms")]).await;
    pipeline.start_all();
    for round in 1..=3 {
        eventually("articles come through", || async {
            (pipeline.output().revisions().len() >= round * expected / 5).then_some(())
        })
        .await;
        for stage in STAGES {
            pipeline.kill_and_restart(stage);
        }
        pipeline.nats.kill();
        pipeline.nats.restart().await;
    }
    pipeline.assert_exactly_once(expected).await;
    say(&format!("{expected} pages, {expected} articles, each exactly once, everything killed three times"));
}

/// Says something that is seen though the test passes: what is printed by macros is kept from view.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "\nreal_pages: {text}");
}
