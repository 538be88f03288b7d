//! How long the fetcher waits: as its publisher wishes, as a server asks, and longer after each failure.

use std::time::{Duration, SystemTime};

use axum::{
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};

use super::{busy, story, table};
use crate::support::{
    Pipeline, Scorekeeper,
    scorekeeper::{assert_spaced, rss},
};

const RHYTHM: [(&str, &str); 3] =
    [("fetcher.min_interval", "1s"), ("fetcher.interval", "1s"), ("fetcher.max_interval", "4s")];

/// A feed with wishes is polled at the longest interval, beside one without, and one with an interval of its own.
async fn assert_wishes_count(headers: impl Fn() -> HeaderMap + Clone + Send + Sync + 'static, about: &str) {
    let site = Scorekeeper::start().await;
    let feed = rss(&[about.to_owned(), story("http://news.example/bridge")]);
    for path in ["/wishes", "/own"] {
        let (feed, headers) = (feed.clone(), headers.clone());
        site.answer(path, move |_, _| (headers(), feed.clone()));
    }
    site.feed("/plain", &[story("http://news.example/harbour")]);
    let feeds = [
        table("wishes", &site.url("/wishes"), "full_text = \"feed\""),
        table("plain", &site.url("/plain"), "full_text = \"feed\""),
        busy("own", &site.url("/own")),
    ];
    let mut pipeline = Pipeline::new(&feeds.concat(), &RHYTHM).await;
    pipeline.start("fetcher");
    let wishes = site.asked("/wishes", 3).await;
    assert_spaced(&wishes[..3], Duration::from_secs(4));
    for path in ["/plain", "/own"] {
        let requests = site.asked(path, 5).await;
        assert!(requests[4].at < wishes[2].at, "{path} is polled as seldom as the feed with wishes");
        assert_spaced(&requests, Duration::from_secs(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ttl_lengthens_the_wait() {
    assert_wishes_count(HeaderMap::new, "<ttl>60</ttl>").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn max_age_lengthens_the_wait() {
    let headers = || HeaderMap::from_iter([("cache-control".parse().unwrap(), "public, max-age=60".parse().unwrap())]);
    assert_wishes_count(headers, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn expires_lengthens_the_wait() {
    let headers = || {
        let time = httpdate::fmt_http_date(SystemTime::now() + Duration::from_mins(1));
        HeaderMap::from_iter([("expires".parse().unwrap(), time.parse().unwrap())])
    };
    assert_wishes_count(headers, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_patience_gets_it() {
    const ASKED: Duration = Duration::from_secs(3);
    let site = Scorekeeper::start().await;
    let mut feeds = String::new();
    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
        for form in ["seconds", "date"] {
            let id = format!("{form}-{}", status.as_u16());
            // A server that is so busy takes its time: the wait counts from its answer on.
            site.answer_after(Duration::from_secs(1), &format!("/{id}"), move |_, before| {
                let date = httpdate::fmt_http_date(SystemTime::now() + ASKED);
                let wait = if form == "date" { date } else { ASKED.as_secs().to_string() };
                if before == 0 { (status, [("retry-after", wait)]).into_response() } else { rss(&[]).into_response() }
            });
            feeds += &busy(&id, &site.url(&format!("/{id}")));
        }
    }
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    for status in [429, 503] {
        let requests = site.asked(&format!("/seconds-{status}"), 2).await;
        assert!(requests[1].at >= requests[0].answered().at + ASKED, "{status}");
        let requests = site.asked(&format!("/date-{status}"), 2).await;
        let date = requests[0].answered().headers["retry-after"].to_str().unwrap();
        assert!(requests[1].at >= httpdate::parse_http_date(date).unwrap(), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_lengthens_the_wait_by_as_much_as_the_one_before() {
    let site = Scorekeeper::start().await;
    site.answer("/busy", |_, _| StatusCode::INTERNAL_SERVER_ERROR);
    let feeds = busy("absent", &site.url("/absent")) + &busy("busy", &site.url("/busy"));
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    pipeline.start("fetcher");
    // What will pass by itself, an error of the server's, weighs a quarter of what will not.
    for (path, step) in [("/absent", 1.0), ("/busy", 0.25)] {
        let requests = site.asked(path, 4).await;
        for (failures, pair) in (1..).zip(requests.windows(2)) {
            let wait = Duration::from_secs_f64(1.0 + step * f64::from(failures));
            assert!(pair[1].at >= pair[0].answered().at + wait, "{path} after {failures} failures");
        }
    }
}
