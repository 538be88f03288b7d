//! Messages of an older and of a newer version, and such as are none, on every hop.

use std::collections::BTreeSet;

use tallywire_proto::subject::Stream;

use crate::support::{Pipeline, Site, eventually, run, say};

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_a_stage_does_not_know_are_dead_letters_that_say_so() {
    const ARTICLES: usize = 12;
    let hops = [
        ("cleaner", "articles.fetched.x", "tallywire.fetched"),
        ("entities", "articles.cleaned.x", "tallywire.cleaned"),
        ("figures", "articles.tagged.x", "tallywire.tagged"),
        ("sink", "articles.enriched.en.x", "tallywire.enriched"),
    ];
    let site = Site::of_articles(ARTICLES, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    eventually("an article", || async { (!pipeline.output().articles.is_empty()).then_some(()) }).await;
    let jetstream = pipeline.nats.jetstream().await;
    for (_, subject, schema) in hops {
        for body in
            [format!("{{\"schema\":\"{schema}/0\"}}"), format!("{{\"schema\":\"{schema}/99\"}}"), "\u{0}".to_owned()]
        {
            jetstream.publish(subject, body.into()).await.unwrap().await.unwrap();
        }
    }
    let expected = hops.len() * 3;
    eventually("dead letters", || async { (pipeline.messages(Stream::Dead).await >= expected as u64).then_some(()) })
        .await;
    pipeline.writes(ARTICLES).await;
    pipeline.output().assert_exactly_once(ARTICLES);
    assert_eq!(pipeline.messages(Stream::Dead).await, expected as u64);
    let list = String::from_utf8(run(&mut pipeline.tallywire(&["dead", "list"])).stdout).unwrap();
    for (stage, _, schema) in hops {
        let reasons: BTreeSet<&str> = list.lines().filter(|line| line.contains(stage)).collect();
        for version in ["0", "99"] {
            let named = format!("{schema}/{version}");
            assert!(reasons.iter().any(|line| line.contains(&named)), "{stage} does not name {named}:\n{list}");
        }
    }
    say(
        "versions",
        &format!("{expected} messages of other versions or none: dead letters; {ARTICLES} articles once each"),
    );
}
