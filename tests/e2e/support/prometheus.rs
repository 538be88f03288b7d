//! A Prometheus of the test's own.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::{Process, eventually, http_get, root};

/// `prometheus` or `promtool`, where `make setup` has found a package of them; else says that the test is skipped.
pub fn prometheus_tool(name: &str) -> Option<PathBuf> {
    let program = root().join(".tools/prometheus").join(name);
    if program.exists() {
        return Some(program);
    }
    eprintln!("skipped: there is no {}; deploy/prometheus/install.sh says why", program.display());
    None
}

/// A running Prometheus.
pub struct Prometheus {
    address: String,
    _process: Process,
}

/// One series of an answer, and its value.
#[derive(Clone, Debug)]
pub struct Sample {
    pub labels: BTreeMap<String, String>,
    pub value: f64,
}

impl Prometheus {
    /// Starts it on a free port. It asks these services (a name and an address each) twice a second, as often as it
    /// looks at the rules.
    pub async fn start(program: &Path, folder: &Path, services: &[(String, String)], rules: &str) -> Self {
        let folder = folder.join("prometheus");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("rules.yml"), rules).unwrap();
        let mut config = "global: {scrape_interval: 500ms, evaluation_interval: 500ms}\nrule_files: [rules.yml]\n\
                          scrape_configs:\n  - job_name: tallywire\n    static_configs:\n"
            .to_owned();
        for (service, address) in services {
            let _ = writeln!(config, "      - {{targets: [\"{address}\"], labels: {{service: {service}}}}}");
        }
        let file = folder.join("prometheus.yml");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new(program);
        command
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .args(["--web.listen-address=127.0.0.1:0", "--enable-feature=exemplar-storage", "--log.format=json"])
            .stdout(Stdio::null());
        let process = Process::start(&mut command, &folder.join("log"));
        let line: Value = serde_json::from_str(&process.logs("Listening on").await).unwrap();
        let address = line["address"].as_str().unwrap().to_owned();
        eventually("Prometheus is ready", || async {
            http_get(&address, "/-/ready").await.contains("is Ready").then_some(())
        })
        .await;
        Self { address, _process: process }
    }

    /// What an expression yields now.
    pub async fn query(&self, expression: &str) -> Vec<Sample> {
        let data = self.get("query", &[("query", expression)]).await;
        let results = data["result"].as_array().unwrap_or_else(|| panic!("{expression}: {data}"));
        let sample = |result: &Value| Sample {
            labels: serde_json::from_value(result["metric"].clone()).unwrap(),
            value: result["value"][1].as_str().unwrap().parse().unwrap(),
        };
        results.iter().map(sample).collect()
    }

    /// The traces that the values of a series are examples of, in the last hour.
    pub async fn exemplars(&self, series: &str) -> Vec<String> {
        let now = jiff::Timestamp::now().as_second();
        let (start, end) = ((now - 3600).to_string(), (now + 60).to_string());
        let data = self.get("query_exemplars", &[("query", series), ("start", &start), ("end", &end)]).await;
        let exemplars = data.as_array().unwrap().iter().flat_map(|series| series["exemplars"].as_array().unwrap());
        exemplars.map(|exemplar| exemplar["labels"]["trace_id"].as_str().unwrap().to_owned()).collect()
    }

    /// All rules, with how their last evaluation went.
    pub async fn rules(&self) -> Vec<Value> {
        let data = self.get("rules", &[]).await;
        let groups = data["groups"].as_array().unwrap();
        groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
    }

    async fn get(&self, what: &str, parameters: &[(&str, &str)]) -> Value {
        let pair =
            |(key, value): &(&str, &str)| format!("{key}={}", byte_serialize(value.as_bytes()).collect::<String>());
        let query: Vec<String> = parameters.iter().map(pair).collect();
        let body = http_get(&self.address, &format!("/api/v1/{what}?{}", query.join("&"))).await;
        let mut answer: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{what}: {error}: {body:?}"));
        assert_eq!(answer["status"], "success", "{what} {parameters:?}: {answer}");
        answer["data"].take()
    }
}
