//! Site memory: what a newspaper puts into each of its articles goes, and an article that comes again stays whole.

use std::collections::BTreeMap;

use tallywire_proto::subject::SITES_BUCKET;

use crate::support::{Page, Pipeline, Site, ready};

/// What the newspaper puts into each article: a sentence as any other, to whoever sees one page.
const EVERYWHERE: &str = "Our reporters walk along the harbour each morning, before the market of Mwanza opens.";
/// The key of a site on loopback.
const HOST: &str = "127.0.0.1";
/// The number of the article that comes under many addresses.
const AGAIN: usize = 1000;

/// The paragraphs of an article, which no other has.
fn own(number: usize) -> [String; 3] {
    [
        format!("The ferry {number} came {number} minutes late on Monday, after a storm had closed the harbour."),
        format!("Nobody was hurt, said Neema Chombo, who had counted all {number} passengers on the quay by noon."),
        format!("It will take {number} weeks to mend the quays, to clear the road, and to raise the sunken boats."),
    ]
}

fn page(number: usize) -> Page {
    let [first, second, third] = own(number);
    let title = format!("Ferry {number} comes late");
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><title>{title}</title></head><body><article><h1>{title}</h1>\
         <p>{first}</p><p>{second}</p><p>{EVERYWHERE}</p><p>{third}</p></article></body></html>"
    );
    Page { feed: 0, title, html: html.into_bytes() }
}

/// Pages of so many articles, and one more article under so many addresses.
fn pages(articles: std::ops::Range<usize>, again: std::ops::Range<usize>) -> BTreeMap<String, Page> {
    let articles = articles.map(|number| (format!("article-{number}"), page(number)));
    articles.chain(again.map(|address| (format!("again-{address}"), page(AGAIN)))).collect()
}

/// The texts of the articles whose addresses end in one of these names.
fn texts(pipeline: &Pipeline, names: &BTreeMap<String, Page>) -> Vec<String> {
    let is_one = |url: &str| names.keys().any(|name| url.split('?').next().unwrap().ends_with(&format!("/{name}")));
    let articles = pipeline.output().articles.into_iter();
    let articles = articles.filter(|article| is_one(article["url"].as_str().unwrap()));
    articles.map(|article| article["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_each_article_goes_after_a_restart_too_and_an_article_that_comes_again_stays_whole() {
    let first = pages(0..12, 0..6);
    let site = Site::of_pages(first.clone()).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(18).await;
    let with = texts(&pipeline, &first).iter().filter(|text| text.contains(EVERYWHERE)).count();
    assert!(
        (5..18).contains(&with),
        "the first five and what comes at the same time have it, the last have not: {with}"
    );

    // What a cleaner learnt, it writes before it ends, and the next one goes on from there.
    assert!(pipeline.terminate("cleaner").contains("drained"));
    assert!(
        pipeline.nats.jetstream().await.get_key_value(SITES_BUCKET).await.unwrap().get(HOST).await.unwrap().is_some()
    );
    pipeline.start("cleaner");
    let second = pages(12..16, 6..9);
    site.publish(second.clone()).await;
    pipeline.assert_exactly_once(25).await;
    let mut found = texts(&pipeline, &second);
    let numbers = (12..16).chain([AGAIN; 3]);
    let mut expected: Vec<String> = numbers.map(|number| own(number).join("\n\n")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memory_that_cannot_be_read_is_begun_anew_and_none_is_kept_unless_wanted() {
    let first = pages(0..8, 0..0);
    let site = Site::of_pages(first).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(8).await;
    pipeline.terminate("cleaner");
    let bucket = pipeline.nats.jetstream().await.get_key_value(SITES_BUCKET).await.unwrap();
    bucket.put(HOST, "{}".into()).await.unwrap();
    pipeline.start("cleaner");
    let second = pages(8..10, 0..0);
    site.publish(second.clone()).await;
    pipeline.assert_exactly_once(10).await;
    assert!(texts(&pipeline, &second).iter().all(|text| text.contains(EVERYWHERE)));
    assert!(pipeline.terminate("cleaner").contains("what was remembered of a site is forgotten"));
    assert_ne!(bucket.get(HOST).await.unwrap().unwrap(), "{}", "what was learnt anew is written");

    let mut without = Pipeline::new(&site.feeds_toml(1), &[("cleaner.site_memory", "false")]).await;
    without.start_all();
    without.assert_exactly_once(10).await;
    assert!(without.output().articles.iter().all(|article| article["text"].as_str().unwrap().contains(EVERYWHERE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_cleaner_has_written_meanwhile_is_learnt_too() {
    let site = Site::of_pages(pages(0..4, 0..0)).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(4).await;
    pipeline.terminate("cleaner");
    let bucket = pipeline.nats.jetstream().await.get_key_value(SITES_BUCKET).await.unwrap();
    let of_four = bucket.get(HOST).await.unwrap().unwrap();
    bucket.delete(HOST).await.unwrap();

    pipeline.start("cleaner");
    site.publish(pages(4..5, 0..0)).await;
    pipeline.assert_exactly_once(5).await;
    bucket.put(HOST, of_four).await.unwrap();
    let log = pipeline.terminate("cleaner");
    assert!(!log.contains("forgotten") && !log.contains("not written"), "{log}");

    // Four of the one and one of the other are five.
    pipeline.start("cleaner");
    let last = pages(5..6, 0..0);
    site.publish(last.clone()).await;
    pipeline.assert_exactly_once(6).await;
    assert_eq!(texts(&pipeline, &last), [own(5).join("\n\n")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_come_through_when_the_memory_is_away() {
    let site = Site::of_pages(pages(0..2, 0..0)).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(2).await;
    pipeline.terminate("cleaner");
    ready(pipeline.start("cleaner")).await;
    pipeline.nats.jetstream().await.delete_key_value(SITES_BUCKET).await.unwrap();
    site.publish(pages(2..6, 0..0)).await;
    pipeline.assert_exactly_once(6).await;
    let log = pipeline.terminate("cleaner");
    assert!(log.contains("cleaning without the memory of a site"), "{log}");
    assert!(log.contains("what was learnt of sites is not written yet"), "{log}");
}
