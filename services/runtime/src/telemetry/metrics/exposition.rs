//! Metrics as text, in the form that the one who asks understands.

use std::fmt;

use prometheus_client::{encoding::text::encode, registry::Registry};

/// A form of metrics as text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exposition {
    /// `OpenMetrics` 1.0, with exemplars.
    OpenMetrics,
    /// The older text format of Prometheus, 0.0.4, which has none.
    Plain,
}

impl Exposition {
    /// The form for an `Accept` header: `OpenMetrics` for those that ask for it, as Prometheus does.
    pub fn accepted(accept: Option<&str>) -> Self {
        let asks = accept.is_some_and(|accept| accept.contains("application/openmetrics-text"));
        if asks { Self::OpenMetrics } else { Self::Plain }
    }

    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    pub(super) fn write(self, registry: &Registry) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, registry)?;
        Ok(match self {
            Self::OpenMetrics => text,
            Self::Plain => plain(&text),
        })
    }
}

/// Turns `OpenMetrics` into the older format: without exemplars, units and end, and with the whole names of counters.
fn plain(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = None;
    for line in open_metrics.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            // The type, which decides about the name, comes after it.
            help = rest.split_once(' ').map(|(_, help)| help);
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            let suffix = if kind == "counter" { "_total" } else { "" };
            let help = help.take().unwrap_or_default();
            text.extend(["# HELP ", name, suffix, " ", help, "\n# TYPE ", name, suffix, " ", kind, "\n"]);
        } else if !line.starts_with('#') {
            // No label holds such a text: labels are words of our own.
            let sample = line.split_once(" # {").map_or(line, |(sample, _)| sample);
            text.extend([sample, "\n"]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_open_metrics_gets_them() {
        let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                          text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(Exposition::accepted(Some(prometheus)), Exposition::OpenMetrics);
        for accept in [None, Some("*/*"), Some("text/plain")] {
            assert_eq!(Exposition::accepted(accept), Exposition::Plain);
        }
    }

    #[test]
    fn the_older_format_has_no_exemplars() {
        let open_metrics = "# HELP a_seconds Time.\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n\
                            a_seconds_bucket{le=\"1.0\"} 1 # {trace_id=\"4b\"} 0.5\n# HELP b Things.\n\
                            # TYPE b counter\nb_total{of=\"c\"} 2\n# EOF\n";
        let expected = "# HELP a_seconds Time.\n# TYPE a_seconds histogram\na_seconds_bucket{le=\"1.0\"} 1\n\
                        # HELP b_total Things.\n# TYPE b_total counter\nb_total{of=\"c\"} 2\n";
        assert_eq!(plain(open_metrics), expected);
    }
}
