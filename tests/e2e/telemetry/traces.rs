//! One trace an article, from the feed to the file; and a collector that is not there, or does not answer.

use std::collections::{BTreeMap, HashMap};

use async_nats::HeaderMap;
use opentelemetry_proto::tonic::trace::v1::{span::SpanKind, status::StatusCode};
use tallywire_proto::{header, subject::Stream};

use crate::support::{Collector, Pipeline, Received, STAGES, Site, eventually, metrics, ready};

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_one_trace() {
    const ARTICLES: usize = 3;
    let (site, collector) = (Site::of_articles(ARTICLES, 1).await, Collector::start().await);
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[("traces.otlp_endpoint", &collector.url())]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(ARTICLES).await;
    let published = traceparents(&pipeline).await;
    // What is still in a queue is sent before the service ends.
    for stage in STAGES {
        pipeline.terminate(stage);
    }

    let mut traces: HashMap<Vec<u8>, BTreeMap<String, Received>> = HashMap::new();
    for received in collector.spans() {
        let trace = traces.entry(received.span.trace_id.clone()).or_default();
        let name = received.span.name.clone();
        assert!(trace.insert(name.clone(), received).is_none(), "two spans of {name}");
    }
    assert_eq!(traces.len(), ARTICLES);
    let mut articles: Vec<String> = traces.values().map(assert_is_the_whole_way).collect();
    articles.sort();
    let mut written: Vec<String> =
        pipeline.output().articles.iter().map(|article| article["id"].as_str().unwrap().to_owned()).collect();
    written.sort();
    assert_eq!(articles, written);
    for trace in traces.values() {
        // A subscriber goes on where the figures stage ended.
        let figures = &trace["figures"].span;
        let parent = format!("00-{}-{}-01", hexadecimal(&figures.trace_id), hexadecimal(&figures.span_id));
        assert!(published.contains(&parent), "{parent} is not in {published:?}");
    }
}

/// Asserts that a trace has a span a service, each the child of the one before it; returns the article's id.
fn assert_is_the_whole_way(trace: &BTreeMap<String, Received>) -> String {
    assert_eq!(trace.len(), STAGES.len(), "{:?}", trace.keys());
    let mut before: Option<&Received> = None;
    for stage in STAGES {
        let received = &trace[stage];
        let span = &received.span;
        assert_eq!(received.service, format!("tallywire-{stage}"));
        let parent = before.map(|before| before.span.span_id.clone()).unwrap_or_default();
        assert_eq!(span.parent_span_id, parent, "{stage}");
        let kind = if stage == "fetcher" { SpanKind::Producer } else { SpanKind::Consumer };
        assert_eq!(span.kind, kind as i32, "{stage}");
        assert!(span.start_time_unix_nano > 0 && span.end_time_unix_nano >= span.start_time_unix_nano, "{stage}");
        if let Some(before) = before {
            assert!(span.start_time_unix_nano >= before.span.start_time_unix_nano, "{stage}");
            let waited: f64 = received.attribute("tallywire.queue.wait_seconds").unwrap().parse().unwrap();
            assert!((0.0..60.0).contains(&waited), "{stage}: {waited}");
        }
        assert_eq!(received.attribute("tallywire.article.id"), trace["fetcher"].attribute("tallywire.article.id"));
        assert_eq!(received.attribute("tallywire.article.revision").unwrap(), "1", "{stage}");
        assert_eq!(received.attribute("tallywire.feed").unwrap(), "feed-0", "{stage}");
        assert_eq!(received.attribute("tallywire.outcome").unwrap(), "done", "{stage}");
        before = Some(received);
    }
    trace["fetcher"].attribute("tallywire.article.id").unwrap()
}

/// The trace context of each enriched article, as subscribers get it.
async fn traceparents(pipeline: &Pipeline) -> Vec<String> {
    let enriched = pipeline.nats.jetstream().await.get_stream(Stream::Enriched.name()).await.unwrap();
    let mut found = Vec::new();
    for sequence in 1..=pipeline.messages(Stream::Enriched).await {
        let message = enriched.get_raw_message(sequence).await.unwrap();
        found.push(message.headers.get(header::TRACEPARENT).unwrap().to_string());
    }
    found
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_says_why_in_its_trace_and_what_is_not_kept_is_not_sent() {
    let collector = Collector::start().await;
    let mut pipeline = Pipeline::new("", &[("traces.otlp_endpoint", &collector.url())]).await;
    ready(pipeline.start("cleaner")).await;
    let jetstream = pipeline.nats.jetstream().await;
    let kept = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let not_kept = "00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    for trace in [kept, not_kept] {
        let mut headers = HeaderMap::new();
        headers.insert(header::TRACEPARENT, trace);
        headers.insert(header::MESSAGE_ID, format!("fetcher:{trace}:7"));
        let sent = jetstream.publish_with_headers("articles.fetched.x", headers, "no message".into()).await;
        sent.unwrap().await.unwrap();
    }
    eventually("two dead letters", || async { (pipeline.messages(Stream::Dead).await == 2).then_some(()) }).await;
    pipeline.terminate("cleaner");
    let spans = collector.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    let (received, span) = (&spans[0], &spans[0].span);
    assert_eq!(hexadecimal(&span.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(hexadecimal(&span.parent_span_id), "00f067aa0ba902b7");
    let status = span.status.as_ref().unwrap();
    assert_eq!(status.code, StatusCode::Error as i32);
    assert!(status.message.contains("tallywire.fetched/1"), "{}", status.message);
    assert_eq!(received.attribute("error.type").unwrap(), "undecodable");
    assert_eq!(received.attribute("tallywire.outcome").unwrap(), "rejected");
    assert_eq!(received.attribute("tallywire.article.id").unwrap(), kept);
    assert_eq!(received.attribute("tallywire.feed").unwrap(), "x");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fetcher_decides_which_traces_are_kept() {
    let (site, collector) = (Site::of_articles(3, 1).await, Collector::start().await);
    let url = collector.url();
    let settings = [("traces.otlp_endpoint", url.as_str()), ("traces.sample_ratio", "0")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &settings).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(3).await;
    for stage in STAGES {
        pipeline.terminate(stage);
    }
    assert!(collector.spans().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_absent_costs_spans_and_no_articles() {
    let absent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", absent.local_addr().unwrap());
    drop(absent);
    flows_without_a_collector(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_does_not_answer_costs_spans_and_no_articles() {
    // Connections are made, by the system, and nobody reads from them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    flows_without_a_collector(&format!("http://{}", silent.local_addr().unwrap())).await;
}

async fn flows_without_a_collector(url: &str) {
    const ARTICLES: usize = 20;
    let site = Site::of_articles(ARTICLES, 2).await;
    let settings = [("traces.otlp_endpoint", url), ("stages.drain_timeout", "3s")];
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &settings).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(ARTICLES).await;
    for service in pipeline.services("sink") {
        eventually("spans are given up, and counted", || async {
            let text = metrics(service).await;
            let failed = text.lines().find_map(|line| line.strip_prefix("tallywire_spans_total{outcome=\"failed\"} "));
            (failed?.parse::<usize>().unwrap() > 0).then_some(())
        })
        .await;
        assert!(service.log().contains("the collector takes no traces"), "{}", service.log());
    }
    for stage in STAGES {
        // It ends well, and does not wait for the collector for ever.
        pipeline.terminate(stage);
    }
}
