//! The profile `monitoring`: Prometheus finds the services, each replica, by the engine's names.

use std::{process::Command, time::Duration};

use serde_json::Value;

use crate::{
    compose::{Compose, config},
    support::{STAGES, Site, eventually, http_get, made_up, root, run, say},
};

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_finds_every_replica_of_every_service() {
    // Grafana cannot be had without a registry. What it asks of Prometheus is tested with processes.
    let made = run(Command::new(root().join("deploy/images/bases.sh")).arg("prometheus"));
    if !made.status.success() {
        say("monitoring", "skipped: there is no Prometheus to be had");
        return;
    }
    let mut compose = Compose::new("monitoring", &["compose.yaml"]);
    compose.set("PROMETHEUS_IMAGE", String::from_utf8(made.stdout).unwrap().trim());
    let site = Site::of_pages_at(&compose.gateway(), made_up(20, 2)).await;
    compose.configure(&config(Duration::ZERO), &site.feeds_toml(2));
    let mut up = vec!["--profile", "monitoring", "up", "--detach", "--no-build", "--scale", "cleaner=2", "prometheus"];
    up.extend(STAGES);
    compose.run(&up);
    let address = compose.published("prometheus", 9090);
    let found = eventually("five services, one of them twice, are up", || async {
        let answer = http_get(
            &address,
            "/api/v1/query?query=count%20by%20(service)%20(up%7Bjob%3D%22tallywire%22%7D%20%3D%3D%201)",
        )
        .await;
        let answer: Value = serde_json::from_str(&answer).ok()?;
        let mut found: Vec<(String, String)> = answer["data"]["result"].as_array()?.iter().map(count).collect();
        found.sort();
        let expected = [("cleaner", "2"), ("entities", "1"), ("fetcher", "1"), ("figures", "1"), ("sink", "1")];
        (found == expected.map(|(service, count)| (service.to_owned(), count.to_owned()))).then_some(found)
    })
    .await;
    let rules = http_get(&address, "/api/v1/rules").await;
    assert!(rules.contains("docs/operations.md#"), "the alert rules are not read: {rules}");
    say("monitoring", &format!("Prometheus asks {found:?}"));
}

/// A service, and how many of it.
fn count(sample: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&sample["metric"]["service"]), text(&sample["value"][1]))
}
