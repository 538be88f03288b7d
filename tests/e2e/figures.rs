//! Whoever follows figures, not articles.

use std::{collections::BTreeMap, fmt::Write};

use futures::StreamExt;
use serde_json::Value;
use tallywire_proto::{Message, StatedFigure, subject::Stream};

use crate::support::{Page, Pipeline, Site, eventually, root, run, stated::stated};

/// A page that states so many figures.
fn page(place: &str, figures: usize) -> Page {
    let title = format!("Storm in {place}");
    let mut text = String::new();
    for number in 0..figures {
        let _ = write!(text, "<p>At least {} people were killed in {place} on Friday, police said.</p>", number + 7);
    }
    let html =
        format!("<!doctype html><html lang=\"en\"><title>{title}</title><article><h1>{title}</h1>{text}</article>");
    Page { feed: 0, title, html: html.into_bytes() }
}

fn pages<const N: usize>(pages: [(&str, Page); N]) -> BTreeMap<String, Page> {
    pages.map(|(name, page)| (name.to_owned(), page)).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_figure_is_on_its_subject_and_stands_on_its_own() {
    let site = Site::of_pages(pages([("peru", page("Lima", 5)), ("kenya", page("Nairobi", 4))])).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(2).await;

    let schema = std::fs::read_to_string(root().join("proto/schemas/figure.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let all = stated(&pipeline.nats).await;
    for (subject, figure) in &all {
        let wrong: Vec<String> = schema.iter_errors(figure).map(|error| error.to_string()).collect();
        assert_eq!(wrong, Vec::<String>::new());
        let figure = StatedFigure::decode(figure.to_string().as_bytes()).unwrap();
        assert_eq!(*subject, figure.subject());
    }
    let in_peru: Vec<&Value> =
        all.iter().filter(|(subject, _)| subject == "figures.count.killed.PE").map(|(_, figure)| figure).collect();
    assert_eq!(in_peru.len(), 5, "{all:?}");
    assert!(in_peru[0]["sentence"]["text"].as_str().unwrap().contains("people were killed in Lima"));
    assert_eq!(
        (&in_peru[0]["place"]["name"], &in_peru[0]["article"]["title"]),
        (&"Lima".into(), &"Storm in Lima".into())
    );
    assert!(!in_peru[0]["time"]["value"].is_null() || in_peru[0]["article"]["published_at"].is_null());

    let tail = |subject: &str, more: &[&str]| {
        let arguments = [&["tail", subject, "--all"], more].concat();
        String::from_utf8(run(&mut pipeline.tallywire(&arguments)).stdout).unwrap()
    };
    let table = tail("figures.count.killed.>", &["--count", "9"]);
    assert_eq!(table.lines().filter(|line| line.starts_with("PUBLISHED")).count(), 1, "{table}");
    assert!(table.contains("Lima, PE") && table.contains("Nairobi, KE") && table.contains("≥ 7"), "{table}");
    let json = tail("figures.*.*.KE", &["--count", "4", "--json"]);
    let countries: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["place"]["location"]["country"].clone())
        .collect();
    assert_eq!(countries, vec![Value::from("KE"); 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_no_figure_goes_out() {
    let site = Site::of_pages(pages([("peru", page("Lima", 5))])).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[("figures.publish", "false")]).await;
    let client = async_nats::connect(pipeline.nats.url()).await.unwrap();
    let mut heard = client.subscribe("figures.>").await.unwrap();
    client.flush().await.unwrap();
    pipeline.start_all();
    pipeline.assert_exactly_once(1).await;
    // Whatever was published before now has arrived when this has.
    client.publish("figures.last", "".into()).await.unwrap();
    assert_eq!(heard.next().await.unwrap().subject.as_str(), "figures.last");
    assert!(
        pipeline.nats.jetstream().await.get_stream(Stream::Figures.name()).await.is_err(),
        "it sets no space aside"
    );
    let wrong = run(&mut pipeline.tallywire(&["tail", "figures.>"]));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("figures.publish"), "{wrong:?}");
    assert!(run(&mut pipeline.tallywire(&["status"])).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_among_the_figures_of_an_article_none_is_lost_or_doubled() {
    const FIGURES: usize = 300;
    let places = ["Lima", "Nairobi", "Mwanza", "Quito", "Lagos", "Accra"];
    let site = Site::of_pages(places.map(|place| (place.to_lowercase(), page(place, FIGURES))).into()).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    for round in 0..places.len() {
        let goal = (round * FIGURES + 1) as u64;
        eventually("figures come", || async { (pipeline.messages(Stream::Figures).await >= goal).then_some(()) }).await;
        pipeline.kill_and_restart("figures");
    }
    pipeline.assert_exactly_once(places.len()).await;
    assert!(pipeline.messages(Stream::Figures).await >= (places.len() * FIGURES) as u64);
}
