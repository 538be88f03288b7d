//! Pages: as robots.txt asks, one after the other, and not too fast.

use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use tallywire_proto::DocumentKind;

use super::{story, table};
use crate::support::{Pipeline, Scorekeeper, scorekeeper::assert_spaced, told::publishes};

const FEED_TEXT: &str = "The old bridge is open again.";

/// A feed `/feed/<number>` that lists so many pages, each of which takes so long to answer.
fn lists_pages(site: &Scorekeeper, number: usize, pages: usize, takes: Duration) -> String {
    let paths: Vec<String> = (0..pages).map(|page| format!("/page/{number}-{page}")).collect();
    for path in &paths {
        site.answer_after(takes, path, |_, _| ([("content-type", "text/html")], "<p>Open again, says the page.</p>"));
    }
    let feed = format!("/feed/{number}");
    site.feed(&feed, &paths.iter().map(|path| story(&site.url(path))).collect::<Vec<_>>());
    table(&format!("feed-{number}"), &site.url(&feed), "interval = \"1s\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_is_asked_for_once_and_kept_to() {
    const PAGES: usize = 8;
    let site = Scorekeeper::start().await;
    site.answer("/robots.txt", |_, _| "User-agent: *\nDisallow: /page/0-1\nDisallow: /page/0-5\nDisallow: /feed/\n");
    let feeds = lists_pages(&site, 0, PAGES, Duration::ZERO);
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    let articles = publishes(&pipeline.nats, "feed-0", PAGES).await;
    for article in articles {
        let url = article.url.unwrap();
        let is_closed = url.ends_with("/0-1") || url.ends_with("/0-5");
        let kind = if is_closed { DocumentKind::FeedContent } else { DocumentKind::Page };
        assert_eq!(article.document.kind, kind, "{url}");
        assert_eq!(article.document.body == FEED_TEXT, is_closed, "{url}");
    }
    site.asked("/feed/0", 3).await;
    assert_eq!(site.requests("/page/").len(), PAGES - 2);
    assert!(site.requests("/page/0-1").is_empty() && site.requests("/page/0-5").is_empty());
    assert_eq!(site.requests("/robots.txt").len(), 1);
    assert_eq!(site.requests("/")[0].path, "/feed/0", "a feed is no page: it is not even asked about");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_txt_that_cannot_be_had_closes_the_pages_for_now() {
    let site = Scorekeeper::start().await;
    site.answer("/robots.txt", |_, _| StatusCode::INTERNAL_SERVER_ERROR);
    let feeds = lists_pages(&site, 0, 3, Duration::ZERO);
    let mut pipeline = Pipeline::new(&feeds, &[("fetcher.page_attempts", "5")]).await;
    pipeline.start("fetcher");
    let articles = publishes(&pipeline.nats, "feed-0", 3).await;
    let fifth = site.requests("/feed/0")[4].at;
    for article in articles {
        assert_eq!((article.document.kind, article.document.body.as_str()), (DocumentKind::FeedContent, FEED_TEXT));
        assert!(SystemTime::from(article.fetched_at) >= fifth, "given up before the last attempt");
    }
    assert_eq!(site.requests("/page/").len(), 0);
    assert_eq!(site.requests("/robots.txt").len(), 1, "nor is the file asked for again and again");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_site_are_asked_for_one_at_a_time() {
    let site = Scorekeeper::start().await;
    let feeds: String = (0..3).map(|number| lists_pages(&site, number, 4, Duration::from_millis(100))).collect();
    let mut pipeline = Pipeline::new(&feeds, &[("fetcher.host_concurrency", "1")]).await;
    pipeline.start("fetcher");
    for number in 0..3 {
        publishes(&pipeline.nats, &format!("feed-{number}"), 4).await;
    }
    let pages = site.requests("/page/");
    assert_eq!(pages.len(), 12);
    for pair in pages.windows(2) {
        assert!(pair[1].at >= pair[0].answered().at, "{} and {} at a time", pair[0].path, pair[1].path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_pause_between_two_pages_of_a_site() {
    for (robots, delay, wait) in [("", "300ms", 300), ("User-agent: *\nCrawl-delay: 1\n", "10ms", 1000)] {
        let site = Scorekeeper::start().await;
        site.answer("/robots.txt", move |_, _| robots);
        let feeds: String = (0..2).map(|number| lists_pages(&site, number, 3, Duration::ZERO)).collect();
        let settings = [("fetcher.host_concurrency", "1"), ("fetcher.host_delay", delay)];
        let mut pipeline = Pipeline::new(&feeds, &settings).await;
        pipeline.start("fetcher");
        for number in 0..2 {
            publishes(&pipeline.nats, &format!("feed-{number}"), 3).await;
        }
        let pages = site.requests("/page/");
        assert_eq!(pages.len(), 6);
        assert_spaced(&pages, Duration::from_millis(wait));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_asks_for_patience_is_left_alone_with_all_its_pages() {
    const PAGES: usize = 6;
    let site = Scorekeeper::start().await;
    let feeds = lists_pages(&site, 0, PAGES, Duration::ZERO);
    for page in 0..PAGES {
        site.answer(&format!("/page/0-{page}"), |_, _| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3600")]));
    }
    let settings = [("fetcher.host_concurrency", "1"), ("fetcher.page_attempts", "1")];
    let mut pipeline = Pipeline::new(&feeds, &settings).await;
    pipeline.start("fetcher");
    site.asked("/feed/0", 4).await;
    assert_eq!(site.requests("/page/").len(), 1, "one answer speaks for the site");
    let waiting = crate::support::told::published(&pipeline.nats, "feed-0").await.len();
    assert_eq!(waiting, 1, "the page that was asked for had its attempts, the others wait");
}
