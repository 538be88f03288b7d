//! From a feed to a file: each article once, with everything that the contract promises; changes make revisions.

use std::collections::BTreeSet;

use futures::StreamExt;
use serde_json::Value;
use tallywire_proto::Enriched;

use crate::support::{Pipeline, Site, eventually, root};

#[tokio::test(flavor = "multi_thread")]
async fn each_article_arrives_once_and_fits_the_schema() {
    let site = Site::of_articles(30, 3).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(3), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(30).await;

    let schema = std::fs::read_to_string(root().join("proto/schemas/enriched.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let mut urls = BTreeSet::new();
    for article in pipeline.output().articles {
        let wrong: Vec<String> = schema.iter_errors(&article).map(|error| error.to_string()).collect();
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(article["schema"], Enriched::SCHEMA);
        assert_eq!(article["language"], "en");
        assert!(article["title"].as_str().unwrap().starts_with("Council counts"), "{}", article["title"]);
        assert!(!article["text"].as_str().unwrap().contains("All rights reserved"));
        assert!(article["canonical_url"].as_str().unwrap().starts_with(site.base()));
        let stages: Vec<&str> =
            article["provenance"]["stages"].as_array().unwrap().iter().filter_map(|run| run["name"].as_str()).collect();
        assert_eq!(stages, ["fetcher", "cleaner", "entities", "figures"]);
        assert_offsets(&article);
        assert!(urls.insert(article["url"].as_str().unwrap().to_owned()));
    }
    assert_eq!(site.page_requests(), 30, "an unchanged article's page is asked for once, however often it is listed");
}

/// Offsets are code points into the text: what they cut out is what the record says.
fn assert_offsets(article: &Value) {
    let text: Vec<char> = article["text"].as_str().unwrap().chars().collect();
    let cut = |part: &Value| -> String {
        let bound = |key: &str| usize::try_from(part[key].as_u64().unwrap()).unwrap();
        text[bound("start")..bound("end")].iter().collect()
    };
    let list = |key: &str| article[key].as_array().unwrap().clone();
    let figures = list("figures");
    assert!(!figures.is_empty() && !list("entities").is_empty() && !list("quotes").is_empty());
    for part in figures.into_iter().chain(list("quotes")).chain(list("times")) {
        assert_eq!(cut(&part), part["text"].as_str().unwrap());
    }
    for entity in list("entities") {
        for mention in entity["mentions"].as_array().unwrap() {
            assert_eq!(cut(mention), mention["text"].as_str().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_feed_changes_is_a_new_revision_and_feeds_are_reread() {
    let site = Site::of_articles(4, 2).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(2).await;

    site.rewrite("article-0", "Council counts again").await;
    pipeline.assert_exactly_once(3).await;
    let revisions: BTreeSet<u64> =
        pipeline.output().articles.iter().filter_map(|article| article["revision"].as_u64()).collect();
    assert_eq!(revisions, BTreeSet::from([1, 2]));

    // A second feed is added while the services run.
    std::fs::write(pipeline.path("feeds.toml"), site.feeds_toml(2)).unwrap();
    pipeline.assert_exactly_once(5).await;

    // A file that will not do changes nothing, and says what is wrong.
    std::fs::write(pipeline.path("feeds.toml"), "[[feed]]\nid = \"a\"\nurll = \"http://a.example/\"\n").unwrap();
    let fetcher = pipeline.services("fetcher").next().unwrap();
    let line = fetcher.logs("the feeds stay as they were").await;
    assert!(line.contains("did you mean feed[0].url?"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_the_inline_limit_travels_through_the_object_store() {
    let site = Site::of_articles(6, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[("stages.inline_limit", "100B")]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(6).await;
    let jetstream = pipeline.nats.jetstream().await;
    let pages = jetstream.get_object_store("pages").await.unwrap();
    eventually("the bodies are deleted when their messages are done with", || async {
        pages.list().await.unwrap().next().await.is_none().then_some(())
    })
    .await;
}
