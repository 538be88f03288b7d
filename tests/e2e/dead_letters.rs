//! What cannot be done ends among the dead letters, whole, with its reason, and comes back.

use std::collections::BTreeMap;

use async_nats::HeaderMap;
use tallywire_proto::{header, subject::Stream};

use crate::support::{Page, Pipeline, Site, eventually, ready, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_message_is_a_dead_letter() {
    let mut pipeline = Pipeline::new("", &[]).await;
    ready(pipeline.start("cleaner")).await;
    let jetstream = pipeline.nats.jetstream().await;
    for (number, body) in ["no message", "{\"schema\":\"tallywire.fetched/99\"}"].into_iter().enumerate() {
        jetstream.publish("articles.fetched.x", body.into()).await.unwrap().await.unwrap();
        let there = number as u64 + 1;
        eventually("a dead letter", || async { (pipeline.messages(Stream::Dead).await == there).then_some(()) }).await;
    }
    let list = run(&mut pipeline.tallywire(&["dead", "list"]));
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("cleaner") && list.contains("articles.fetched.x"), "{list}");
    assert!(list.contains("tallywire.fetched/99") && list.contains("same version"), "{list}");
    let shown = run(&mut pipeline.tallywire(&["dead", "show", "1"]));
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("no message") && shown.contains("attempts  1"), "{shown}");
    let dropped = run(&mut pipeline.tallywire(&["dead", "drop", "--all"]));
    assert!(dropped.status.success());
    assert_eq!(pipeline.messages(Stream::Dead).await, 0);
    assert_eq!(pipeline.messages(Stream::Fetched).await, 0, "a dead letter is no longer in the queue");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_message_comes_back_mended() {
    let site = Site::of_articles(1, 1).await;
    let settings = [("stages.inline_limit", "100B")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &settings).await;
    pipeline.start("fetcher");
    eventually("the article is fetched", || async { (pipeline.messages(Stream::Fetched).await == 1).then_some(()) })
        .await;
    // Its body, which lies in the object store, gets lost.
    let jetstream = pipeline.nats.jetstream().await;
    let fetched = jetstream.get_stream("ARTICLES_FETCHED").await.unwrap();
    let message = fetched.get_raw_message(1).await.unwrap();
    let name = message.headers.get(header::OBJECT).unwrap().to_string();
    let pages = jetstream.get_object_store("pages").await.unwrap();
    let mut body = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut pages.get(&name).await.unwrap(), &mut body).await.unwrap();
    pages.delete(&name).await.unwrap();

    for stage in ["cleaner", "entities", "figures", "sink"] {
        pipeline.start(stage);
    }
    eventually("a dead letter", || async { (pipeline.messages(Stream::Dead).await == 1).then_some(()) }).await;
    pipeline.output().assert_exactly_once(0);
    let list = String::from_utf8(run(&mut pipeline.tallywire(&["dead", "list"])).stdout).unwrap();
    assert!(list.contains("is gone"), "{list}");

    // It is put back, and so is the message.
    pages.put(name.as_str(), &mut body.as_slice()).await.unwrap();
    let back = run(&mut pipeline.tallywire(&["dead", "requeue", "--all", "--stage", "cleaner"]));
    assert!(back.status.success(), "{back:?}");
    pipeline.assert_exactly_once(1).await;
    assert_eq!(pipeline.messages(Stream::Dead).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_no_page_is_a_dead_letter_and_the_others_go_on() {
    let mut pages = BTreeMap::new();
    let hostile = [b"".to_vec(), b"\x00\x01<<<< \x00".to_vec(), "<div>".repeat(60_000).into_bytes()];
    for (number, html) in hostile.into_iter().enumerate() {
        pages.insert(format!("bad-{number}"), Page { feed: 0, title: String::new(), html });
    }
    let good = "<html><body><article><h1>A bridge opens</h1>".to_owned()
        + &"<p>The bridge over the river opened on Monday, and 300 people crossed it in the first hour.</p>".repeat(5)
        + "</article></body></html>";
    pages.insert("good".to_owned(), Page { feed: 0, title: "A bridge opens".to_owned(), html: good.into_bytes() });
    let site = Site::of_pages(pages).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    eventually("three dead letters", || async { (pipeline.messages(Stream::Dead).await == 3).then_some(()) }).await;
    pipeline.assert_exactly_once(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_kills_its_worker_is_a_dead_letter_in_the_end() {
    let mut pipeline = Pipeline::new("", &[("stages.max_deliveries", "2"), ("stages.ack_wait", "500ms")]).await;
    // The broker delivers it again and again; nobody answers, as if each worker died.
    ready(pipeline.start("cleaner")).await;
    let jetstream = pipeline.nats.jetstream().await;
    pipeline.terminate("cleaner");
    let mut headers = HeaderMap::new();
    headers.insert(header::MESSAGE_ID, "killer");
    jetstream.publish_with_headers("articles.fetched.x", headers, "killer".into()).await.unwrap().await.unwrap();
    let consumer: async_nats::jetstream::consumer::PullConsumer =
        jetstream.get_consumer_from_stream("cleaner", "ARTICLES_FETCHED").await.unwrap();
    for _ in 0..2 {
        let mut batch = consumer.fetch().max_messages(1).messages().await.unwrap();
        while futures::StreamExt::next(&mut batch).await.is_none() {
            batch = consumer.fetch().max_messages(1).messages().await.unwrap();
        }
    }
    pipeline.start("cleaner");
    eventually("a dead letter", || async { (pipeline.messages(Stream::Dead).await == 1).then_some(()) }).await;
    let list = String::from_utf8(run(&mut pipeline.tallywire(&["dead", "list"])).stdout).unwrap();
    assert!(list.contains("its worker died or hung"), "{list}");
}
