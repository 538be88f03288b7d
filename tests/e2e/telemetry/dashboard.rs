//! The dashboard that ships, as a file. Grafana itself is not at hand, so what it would trip over is looked for here.

use std::collections::HashSet;

use serde_json::Value;

use crate::support::root;

/// The dashboard.
fn read() -> Value {
    let path = root().join("deploy/grafana/dashboards/tallywire.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn panels(dashboard: &Value) -> &[Value] {
    dashboard["panels"].as_array().unwrap()
}

/// The title of a panel and one of its expressions, for each; with ten minutes for the interval that Grafana fills in.
pub(super) fn expressions() -> Vec<(String, String)> {
    let dashboard = read();
    let mut expressions = Vec::new();
    for panel in panels(&dashboard).iter().filter(|panel| panel["type"] != "row") {
        let title = panel["title"].as_str().unwrap();
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap().replace("$__rate_interval", "10m");
            assert!(!expression.contains('$'), "{title}: a variable that nobody fills in: {expression}");
            expressions.push((title.to_owned(), expression));
        }
    }
    expressions
}

#[test]
fn its_panels_are_whole() {
    let dashboard = read();
    assert_eq!(dashboard["uid"], "tallywire");
    assert!(dashboard["schemaVersion"].as_u64().unwrap() >= 36, "datasources are objects from version 36 on");
    let source = std::fs::read_to_string(root().join("deploy/grafana/datasources/prometheus.yml")).unwrap();
    let uid = source.lines().find_map(|line| line.trim().strip_prefix("uid: ")).unwrap();
    let mut ids = HashSet::new();
    for panel in panels(&dashboard) {
        let title = panel["title"].as_str().unwrap();
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: its id is another's");
        if panel["type"] == "row" {
            continue;
        }
        assert!(!panel["description"].as_str().unwrap().is_empty(), "{title}: what does it show?");
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title}: in which unit?");
        assert_eq!(panel["datasource"]["uid"], uid, "{title}");
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty(), "{title} shows nothing");
        let mut names = HashSet::new();
        for target in targets {
            assert_eq!(target["datasource"]["uid"], uid, "{title}");
            assert!(!target["expr"].as_str().unwrap().is_empty(), "{title}");
            assert!(names.insert(target["refId"].as_str().unwrap()), "{title}: two queries of one name");
        }
    }
}

#[test]
fn its_panels_do_not_lie_upon_each_other() {
    let dashboard = read();
    let mut taken = HashSet::new();
    for panel in panels(&dashboard) {
        let place = |key: &str| panel["gridPos"][key].as_u64().unwrap();
        assert!(place("x") + place("w") <= 24, "{}: a dashboard has 24 columns", panel["title"]);
        for column in place("x")..place("x") + place("w") {
            for line in place("y")..place("y") + place("h") {
                assert!(taken.insert((column, line)), "{} lies on another panel", panel["title"]);
            }
        }
    }
}
