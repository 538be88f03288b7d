//! A real Prometheus, with the rules and queries that ship, beside a pipeline.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use jiff::{Timestamp, ToSpan};
use tallywire_proto::subject::Stream;

use super::dashboard;
use crate::support::{
    Page, Pipeline, Prometheus, STAGES, Site, admin_address, eventually, metrics, prometheus_tool, ready, root, run,
};

/// Panels that show zero, or nothing, as long as all is well.
const QUIET: [&str; 11] = [
    "Dead letters",
    "Feeds that fail",
    "In flight",
    "Retried",
    "Rejected",
    "Waiting",
    "Not acknowledged",
    "How full",
    "Publishing held up",
    "Connections made",
    "Writes that failed",
];
/// Panels of what only some configurations have.
const OPTIONAL: [&str; 1] = ["Spans"];

/// Articles on the way while Prometheus looks.
const ARTICLES: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn dashboard_and_alerts_tell_how_the_pipeline_is() {
    let Some(program) = prometheus_tool("prometheus") else { return };
    let site = Site::of_pages((0..ARTICLES).map(page).collect()).await;
    let mut pipeline = Pipeline::new("", &[]).await;
    pipeline.start_all();
    let mut services = Vec::new();
    for stage in STAGES {
        for service in pipeline.services(stage) {
            ready(service).await;
            services.push((stage.to_owned(), admin_address(service).await));
        }
    }
    let prometheus = Prometheus::start(&program, &pipeline.path(""), &services, &impatient_rules()).await;
    // Rates are of what happens while somebody looks.
    eventually("all services are looked at", || async {
        let up = prometheus.query("up{job=\"tallywire\"} == 1 and on (instance) tallywire_build_info").await;
        (up.len() == STAGES.len()).then_some(())
    })
    .await;
    std::fs::write(pipeline.path("feeds.toml"), site.feeds_toml(1)).unwrap();
    pipeline.assert_exactly_once(ARTICLES).await;

    for (title, expression) in dashboard::expressions() {
        shows(&prometheus, &title, &expression).await;
    }
    every_rule_is_evaluated(&prometheus).await;
    eventually("no alert fires", || async { firing(&prometheus).await.is_empty().then_some(()) }).await;
    for series in ["tallywire_stage_duration_seconds_bucket", "tallywire_fetched_to_file_seconds_bucket"] {
        let traces = prometheus.exemplars(series).await;
        let is_trace = |id: &String| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(!traces.is_empty() && traces.iter().all(is_trace), "{series}: {traces:?}");
    }
    let told = prometheus.query("sum(tallywire_articles_out_total{stage=\"sink\"})").await;
    assert!((told[0].value - ARTICLES as f64).abs() < 0.5, "{told:?}");

    // A message that is none, and a sink that is gone.
    let jetstream = pipeline.nats.jetstream().await;
    jetstream.publish("articles.fetched.x", "no message".into()).await.unwrap().await.unwrap();
    eventually("the dead letter is told of", || async {
        let alerts = prometheus.query("ALERTS{alertname=\"TallywireDeadLetters\", alertstate=\"firing\"}").await;
        let of = |sample: &crate::support::Sample| {
            sample.labels["stage"] == "cleaner" && sample.labels["reason"] == "undecodable"
        };
        alerts.iter().any(of).then_some(())
    })
    .await;
    assert_eq!(pipeline.messages(Stream::Dead).await, 1);
    pipeline.terminate("sink");
    eventually("the sink that is gone is told of", || async {
        firing(&prometheus).await.contains("TallywireServiceDown").then_some(())
    })
    .await;
}

/// An article that was published an hour ago.
fn page(number: usize) -> (String, Page) {
    let at = Timestamp::now() - 1.hours();
    let title = format!("Ferry carries {} people on its first day", 300 + number);
    let text =
        format!("<p>The ferry carried {} people over the bay on Monday, and 40 cars.</p>", 300 + number).repeat(6);
    let html = format!(
        "<html lang=\"en\"><head><title>{title}</title><meta property=\"article:published_time\" content=\"{at}\"></head>\
         <body><article><h1>{title}</h1>{text}</article></body></html>"
    );
    (format!("ferry-{number}"), Page { feed: 0, title, html: html.into_bytes() })
}

/// The rules that ship, with a second for every time that something has to last.
fn impatient_rules() -> String {
    let rules = std::fs::read_to_string(root().join("deploy/prometheus/alerts.yml")).unwrap();
    let line = |line: &str| {
        if line.trim_start().starts_with("for: ") { "        for: 1s".to_owned() } else { line.to_owned() }
    };
    rules.lines().map(|text| line(text) + "\n").collect()
}

/// Asserts that a query yields numbers; where all is well, numbers above zero.
async fn shows(prometheus: &Prometheus, title: &str, expression: &str) {
    eventually(&format!("{title}: {expression}"), || async {
        let samples = prometheus.query(expression).await;
        let may_be_quiet = QUIET.contains(&title) || OPTIONAL.contains(&title);
        let is_told =
            !samples.is_empty() && samples.iter().all(|sample| sample.value.is_finite() && sample.value >= 0.0);
        let is_sensible = may_be_quiet || samples.iter().any(|sample| sample.value > 0.0);
        (is_told && is_sensible).then_some(())
    })
    .await;
}

async fn every_rule_is_evaluated(prometheus: &Prometheus) {
    let text = std::fs::read_to_string(root().join("deploy/prometheus/alerts.yml")).unwrap();
    let known = text.lines().filter(|line| line.trim_start().starts_with("- alert: ")).count();
    let rules = eventually("every rule has been evaluated", || async {
        let rules = prometheus.rules().await;
        rules.iter().all(|rule| rule["health"] != "unknown").then_some(rules)
    })
    .await;
    assert_eq!(rules.len(), known);
    for rule in rules {
        assert_eq!(rule["health"], "ok", "{rule}");
    }
}

/// The names of the alerts that fire.
async fn firing(prometheus: &Prometheus) -> BTreeSet<String> {
    let alerts = prometheus.query("ALERTS{alertstate=\"firing\"}").await;
    alerts.into_iter().map(|mut alert| alert.labels.remove("alertname").unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_the_metrics_say_so_and_tell_of_no_queue() {
    let mut pipeline = Pipeline::new("", &[]).await;
    ready(pipeline.start("cleaner")).await;
    tells(&mut pipeline, "the queue is told of", |text| {
        text.contains("tallywire_queue_pending_messages{stage=\"cleaner\"} 0\n")
            && text.contains("tallywire_nats_connected 1\n")
    })
    .await;
    pipeline.nats.kill();
    tells(&mut pipeline, "the queue is not told of", |text| {
        text.contains("tallywire_nats_connected 0\n") && !text.contains("tallywire_queue_pending_messages{")
    })
    .await;
    pipeline.nats.restart().await;
    tells(&mut pipeline, "the queue is told of again", |text| {
        text.contains("tallywire_queue_pending_messages{stage=\"cleaner\"} 0\n")
            && text.contains("tallywire_nats_connects_total 2\n")
    })
    .await;
}

/// Waits until the metrics of the cleaner are so.
async fn tells(pipeline: &mut Pipeline, what: &str, is_so: impl Fn(&str) -> bool) {
    let cleaner = &*pipeline.services("cleaner").next().unwrap();
    eventually(what, || async { is_so(&metrics(cleaner).await).then_some(()) }).await;
}

#[test]
fn the_rules_fire_when_they_must_and_only_then() {
    let Some(promtool) = prometheus_tool("promtool") else { return };
    let folder = root().join("deploy/prometheus");
    for arguments in [["check", "config", "prometheus.yml"], ["test", "rules", "alerts.test.yml"]] {
        let done = run(Command::new(&promtool).args(arguments).current_dir(&folder));
        let said = [done.stdout, done.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
        assert!(done.status.success(), "{arguments:?}: {said}");
    }
}

#[test]
fn every_alert_says_what_to_do_and_where_to_read_on() {
    let text = std::fs::read_to_string(root().join("deploy/prometheus/alerts.yml")).unwrap();
    let mut anchors = BTreeMap::new();
    for rule in text.split("      - alert: ").skip(1) {
        let name = rule.lines().next().unwrap();
        for key in ["severity: ", "summary: ", "description: "] {
            assert!(rule.contains(key), "{name} has no {key}");
        }
        let kebab: String = name
            .chars()
            .flat_map(|character| [character.is_uppercase().then_some('-'), Some(character)])
            .flatten()
            .collect();
        let anchor = format!("docs/operations.md#alert{}", kebab.to_lowercase());
        assert!(rule.contains(&anchor), "{name} does not lead to {anchor}");
        assert!(anchors.insert(anchor, name).is_none(), "{name} is there twice");
    }
    assert!(!anchors.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_names_every_metric() {
    let site = Site::of_articles(1, 1).await;
    let mut pipeline = Pipeline::new(&site.feeds_toml(1), &[]).await;
    pipeline.start_all();
    pipeline.assert_exactly_once(1).await;
    let documentation = std::fs::read_to_string(root().join("docs/telemetry.md")).unwrap();
    let mut told = BTreeSet::new();
    for stage in STAGES {
        for service in pipeline.services(stage) {
            for line in metrics(service).await.lines() {
                told.extend(line.strip_prefix("# TYPE ").and_then(|rest| rest.split(' ').next()).map(str::to_owned));
            }
        }
    }
    let missing: Vec<_> = told.iter().filter(|name| !documentation.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "docs/telemetry.md does not tell of {missing:?}");
    let named = documentation.lines().filter_map(|line| line.strip_prefix("| `tallywire_")?.split('`').next());
    let gone: Vec<_> = named.filter(|name| !told.contains(&format!("tallywire_{name}"))).collect();
    assert!(gone.is_empty(), "docs/telemetry.md tells of what is not there: {gone:?}");
}
