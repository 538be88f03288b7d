//! The keys of what operators see: health and metrics, logs, traces.

use serde::{Deserialize, Serialize};

/// The HTTP server for health and metrics.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Address and port for `/healthz`, `/readyz` and `/metrics`; empty for none.
    pub listen: String,
}

/// Logs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,tallywire_fetcher=debug`.
    pub level: String,
    /// How a log line looks.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Auto }
    }
}

impl Log {
    /// For programs whose user reads something else than the log: warnings alone, where no level was chosen.
    #[must_use]
    pub fn quiet(&self) -> Self {
        let level = if *self.level == Self::default().level { "warn".to_owned() } else { self.level.clone() };
        Self { level, format: self.format }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text.
    Text,
    /// JSON, an object a line.
    Json,
}

/// Traces.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Traces {
    /// Address of an OpenTelemetry collector that takes OTLP over HTTP: `http://collector:4318`; empty for none.
    pub otlp_endpoint: String,
    /// The share of articles whose traces are kept, from 0 to 1.
    pub sample_ratio: f64,
}

impl Default for Traces {
    fn default() -> Self {
        Self { otlp_endpoint: String::new(), sample_ratio: 1.0 }
    }
}
