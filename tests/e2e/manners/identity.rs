//! An article is published once, whatever its feed does to its names; and none is taken for another.

use std::collections::BTreeSet;

use super::busy;
use crate::support::{
    Pipeline, Scorekeeper,
    scorekeeper::{item, rss},
    told::{published, publishes},
};

const DATE: &str = "Mon, 09 Mar 2026 10:00:00 GMT";

#[tokio::test(flavor = "multi_thread")]
async fn an_article_whose_address_changes_while_its_id_stays() {
    let article = |link: &str, title: &str, text: &str| {
        let guid = ("guid", "tag:news.example,2026:77");
        item(&[("title", title), ("link", link), guid, ("description", text)])
    };
    let site = Scorekeeper::start().await;
    site.feed("/feed", &[article("http://news.example/draft/77", "Bridge reopens", "It is open.")]);
    let mut pipeline = Pipeline::new(&busy("a", &site.url("/feed")), &[]).await;
    pipeline.start("fetcher");
    let first = publishes(&pipeline.nats, "a", 1).await.remove(0);
    site.feed("/feed", &[article("http://news.example/bridge-reopens", "Bridge reopens", "It is open.")]);
    site.polled_anew("/feed").await;
    assert_eq!(published(&pipeline.nats, "a").await.len(), 1, "a new address is nothing new");
    site.feed("/feed", &[article("http://news.example/bicycles", "Bridge open to bicycles", "No cars are let in.")]);
    let second = publishes(&pipeline.nats, "a", 2).await.remove(1);
    assert_eq!((second.id, second.revision), (first.id, 2));
    site.polled_anew("/feed").await;
    assert_eq!(published(&pipeline.nats, "a").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_gives_the_same_id_to_all_its_articles() {
    let article = |number: usize, link: bool| {
        let (title, link_to) = (format!("Bridge {number} reopens"), format!("http://news.example/bridge-{number}"));
        let mut elements = vec![("title", title.as_str()), ("guid", "tag:news.example,2026:latest")];
        if link {
            elements.push(("link", &link_to));
        }
        item(&elements)
    };
    let site = Scorekeeper::start().await;
    let mut feeds = String::new();
    for (id, link) in [("linked", true), ("unlinked", false)] {
        let articles: Vec<String> = (0..5).map(|number| article(number, link)).collect();
        site.feed(&format!("/{id}"), &articles);
        feeds += &busy(id, &site.url(&format!("/{id}")));
    }
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    for id in ["linked", "unlinked"] {
        let path = format!("/{id}");
        site.asked(&path, 3).await;
        let titles = |articles: Vec<tallywire_proto::Fetched>| -> BTreeSet<_> {
            articles.into_iter().filter_map(|article| article.entry.title).collect()
        };
        let articles = published(&pipeline.nats, id).await;
        assert_eq!((articles.len(), titles(articles).len()), (5, 5), "{id}");
        // One that comes later, alone, is one more.
        site.feed(&path, &[article(5, id == "linked")]);
        site.polled_anew(&path).await;
        assert_eq!(titles(published(&pipeline.nats, id).await).len(), 6, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_with_another_address_at_each_poll() {
    let site = Scorekeeper::start().await;
    for (path, guid) in [("/none", false), ("/link", true)] {
        site.answer(path, move |_, before| {
            let link = format!("http://news.example{path}/{:x}", before * 7919 + 1);
            let mut elements = vec![("title", "The old bridge reopens"), ("link", &link), ("pubDate", DATE)];
            if guid {
                elements.push(("guid", &link));
            }
            rss(&[item(&elements)])
        });
    }
    let feeds = busy("none", &site.url("/none")) + &busy("link", &site.url("/link"));
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    for id in ["none", "link"] {
        site.asked(&format!("/{id}"), 5).await;
        assert_eq!(published(&pipeline.nats, id).await.len(), 1, "{id}");
    }
}
