//! Feeds that move, go in circles, or are gone.

use axum::{http::StatusCode, response::IntoResponse};
use tallywire_proto::{Condition, ErrorKind};

use super::{busy, story};
use crate::support::{
    Pipeline, Scorekeeper, eventually, run,
    scorekeeper::rss,
    told::{Events, published},
};

/// A path that redirects to another.
fn redirect(site: &Scorekeeper, from: &str, status: StatusCode, to: &str) {
    let to = site.url(to);
    site.answer(from, move |_, _| (status, [("location", to.clone())]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_for_good_is_adopted_after_three_polls_and_a_passing_one_never() {
    let site = Scorekeeper::start().await;
    let moves = [
        ("301", StatusCode::MOVED_PERMANENTLY),
        ("308", StatusCode::PERMANENT_REDIRECT),
        ("302", StatusCode::FOUND),
        ("307", StatusCode::TEMPORARY_REDIRECT),
    ];
    let mut feeds = String::new();
    for (id, status) in moves {
        let (old, new) = (format!("/{id}/old"), format!("/{id}/new"));
        redirect(&site, &old, status, &new);
        site.feed(&new, &[story(&format!("http://news.example/{id}"))]);
        feeds += &busy(id, &site.url(&old));
    }
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    let mut events = Events::of(&pipeline.nats).await;
    pipeline.start("fetcher");
    for id in ["301", "308"] {
        site.asked(&format!("/{id}/new"), 6).await;
        assert_eq!(site.requests(&format!("/{id}/old")).len(), 3, "{id}: the old address is left alone");
    }
    for id in ["302", "307"] {
        let new = site.asked(&format!("/{id}/new"), 6).await.len();
        assert!(site.requests(&format!("/{id}/old")).len() >= new, "{id}: each poll asks the feed's own address");
    }
    let mut told = [events.next().await, events.next().await];
    told.sort_by(|one, other| one.feed.cmp(&other.feed));
    for (event, id) in told.iter().zip(["301", "308"]) {
        assert_eq!((event.feed.as_str(), event.condition), (id, Condition::Ok));
        assert_eq!(event.moved_to, Some(site.url(&format!("/{id}/new"))));
    }
    for (id, _) in moves {
        assert_eq!(published(&pipeline.nats, id).await.len(), 1, "{id}: the same articles, at either address");
    }
    assert_eq!(std::fs::read_to_string(pipeline.path("feeds.toml")).unwrap(), feeds, "the file is the user's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_leads_nowhere_in_the_end_is_taken_back() {
    let site = Scorekeeper::start().await;
    redirect(&site, "/old", StatusCode::MOVED_PERMANENTLY, "/new");
    site.answer(
        "/new",
        |_, before| {
            if before < 4 { rss(&[]).into_response() } else { StatusCode::NOT_FOUND.into_response() }
        },
    );
    let mut pipeline = Pipeline::new(&busy("a", &site.url("/old")), &[]).await;
    let mut events = Events::of(&pipeline.nats).await;
    pipeline.start("fetcher");
    let old = site.asked("/old", 4).await;
    let new = site.requests("/new");
    assert!(old[3].at >= new[4].answered().at, "asked again only when the new address fails");
    events.find(|event| event.moved_to.is_some()).await;
    let event = events.find(|event| event.moved_to.is_none()).await;
    assert_eq!(event.error.unwrap().kind, ErrorKind::NotFound);
    // It is back there with a feed: all is well without a restart.
    site.feed("/old", &[story("http://news.example/bridge")]);
    events.find(|event| event.condition == Condition::Ok && event.moved_to.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_gone_is_asked_no_more_until_it_is_reset() {
    let site = Scorekeeper::start().await;
    site.answer("/gone", |_, _| StatusCode::GONE);
    site.feed("/beside", &[]);
    let feeds = busy("gone", &site.url("/gone")) + &busy("beside", &site.url("/beside"));
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    let mut events = Events::of(&pipeline.nats).await;
    pipeline.start("fetcher");
    let event = events.find(|event| event.condition == Condition::Stopped).await;
    assert_eq!((event.feed.as_str(), event.next_poll), ("gone", None));
    let status = run(&mut pipeline.tallywire(&["status"]));
    let status = String::from_utf8(status.stdout).unwrap();
    assert!(status.contains("1 stopped") && status.contains("gone: stopped"), "{status}");
    site.asked("/beside", 5).await;
    assert_eq!(site.requests("/gone").len(), 1);

    site.feed("/gone", &[story("http://news.example/bridge")]);
    let reset = run(&mut pipeline.tallywire(&["feeds", "reset", "gone"]));
    assert!(reset.status.success(), "{}", String::from_utf8_lossy(&reset.stderr));
    site.asked("/gone", 2).await;
    eventually("its articles come", || async { (!published(&pipeline.nats, "gone").await.is_empty()).then_some(()) })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_end_after_the_fifth() {
    let site = Scorekeeper::start().await;
    for hop in 0..10 {
        redirect(&site, &format!("/feed/{hop}"), StatusCode::FOUND, &format!("/feed/{}", hop + 1));
        redirect(&site, &format!("/page/{hop}"), StatusCode::MOVED_PERMANENTLY, &format!("/page/{}", hop + 1));
    }
    site.feed("/long-way", &[story(&site.url("/page/0"))]);
    let feeds = super::table("circles", &site.url("/feed/0"), "") + &super::table("a", &site.url("/long-way"), "");
    let mut pipeline = Pipeline::new(&feeds, &[]).await;
    let mut events = Events::of(&pipeline.nats).await;
    pipeline.start("fetcher");
    let event = events.next().await;
    assert_eq!((event.feed.as_str(), event.error.unwrap().kind), ("circles", ErrorKind::Redirect));
    let article = crate::support::told::publishes(&pipeline.nats, "a", 1).await.remove(0);
    assert_eq!(article.document.body, "The old bridge is open again.", "no page, so the feed's own text");
    for path in ["/feed/", "/page/"] {
        let asked: Vec<String> = site.requests(path).into_iter().map(|request| request.path).collect();
        let expected: Vec<String> = (0..=5).map(|hop| format!("{path}{hop}")).collect();
        assert_eq!(asked, expected);
    }
}
