//! Configuration: defaults < TOML file < environment < flags.
//!
//! Every key exists in one place, as a field of [`Config`] with its default; the known keys, the names of the
//! environment variables and `tallywire config print` all follow from it.

pub mod duration;
mod error;
mod layer;
mod servers;
mod settings;
mod storage;
mod strict;
mod telemetry;

use std::path::Path;

use serde_json::Value;

pub use error::{ConfigError, Origin};
pub(crate) use servers::UrlUser;
pub use settings::{Cleaner, Config, Entities, Fetcher, Figures, NameModel, Nats, Stages, Streams};
pub use storage::{Archive, Sink, SinkCompression};
pub use strict::parse_strict;
pub use telemetry::{Admin, Log, LogFormat, Traces};

/// What every environment variable of Tallywire begins with.
pub const ENVIRONMENT_PREFIX: &str = "TALLYWIRE_";

impl Config {
    /// The configuration as a TOML file, with passwords in URLs replaced by `***`.
    ///
    /// # Errors
    /// When it cannot be written as TOML, which is a defect of the program.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        let mut shown = self.clone();
        if !shown.nats.url.is_empty() {
            shown.nats.url = shown.nats.redacted_url();
        }
        toml::to_string(&shown).map_err(|source| ConfigError::Invalid {
            origin: Origin::Default,
            key: "config".to_owned(),
            message: source.to_string(),
        })
    }
}

/// Where a configuration is read from. Later layers win: file, environment, flags.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The TOML file, if one is given.
    pub file: Option<std::path::PathBuf>,
    /// Environment variables, name and value; those without the prefix `TALLYWIRE_` are passed over.
    pub environment: Vec<(String, String)>,
    /// Keys set by flags: `("nats.url", "nats://queue:4222")`.
    pub flags: Vec<(String, String)>,
}

/// A configuration, and what is odd about where it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Environment variables that look like keys and are none, each with the nearest known one.
    pub warnings: Vec<String>,
}

impl Sources {
    /// Reads all layers and checks every key and value.
    ///
    /// # Errors
    /// Names the key, the value, where it was set (file and line, variable, flag) and what is allowed.
    pub fn load(&self) -> Result<Loaded, ConfigError> {
        let known = known_keys()?;
        let mut layers = layer::Layers::new(known);
        if let Some(path) = &self.file {
            layers.add_file(path, &read(path)?)?;
        }
        let warnings = layers.add_environment(&self.environment)?;
        for (key, value) in &self.flags {
            layers.add_flag(key, value)?;
        }
        let config: Config = layers.finish()?;
        Ok(Loaded { config, warnings })
    }
}

/// All keys with their defaults, as a tree.
fn known_keys() -> Result<Value, ConfigError> {
    serde_json::to_value(Config::default()).map_err(|source| ConfigError::Internal { source })
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn sources(text: &str) -> (tempfile::TempDir, Sources) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        (folder, Sources { file: Some(path), ..Sources::default() })
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn later_layers_win() {
        let (_folder, mut sources) =
            sources("[nats]\nurl = \"nats://file:4222\"\n[fetcher]\nhost_delay = \"2s\"\nhost_concurrency = 3\n");
        sources.environment =
            vec![pair("TALLYWIRE_NATS_URL", "nats://env:4222"), pair("TALLYWIRE_FETCHER_HOST_CONCURRENCY", "4")];
        sources.flags = vec![pair("nats.url", "nats://flag:4222")];
        let config = sources.load().unwrap().config;
        assert_eq!(config.nats.url, "nats://flag:4222");
        assert_eq!(config.fetcher.host_concurrency, 4);
        assert_eq!(config.fetcher.host_delay, Duration::from_secs(2));
        assert_eq!(config.streams, Streams::default());
    }

    #[test]
    fn an_unknown_key_is_refused_with_line_and_nearest_key() {
        let (_folder, sources) = sources("[nats]\nurl = \"nats://a:1\"\n\n[fetcher]\nhost_dealy = \"2s\"\n");
        let error = sources.load().unwrap_err().to_string();
        assert!(error.contains("config.toml, line 5"), "{error}");
        assert!(error.contains("fetcher.host_dealy"), "{error}");
        assert!(error.contains("did you mean fetcher.host_delay?"), "{error}");
    }

    #[test]
    fn a_duration_is_a_text_or_a_number_of_seconds() {
        let (_folder, mut sources) = sources(
            "[fetcher]\nhost_delay = 0\ntimeout = 1.5\ninterval = \"1h 30m\"\n[stages]\nbackoff = [1, \"5s\"]\n",
        );
        sources.environment = vec![pair("TALLYWIRE_FETCHER_LEASE", "90")];
        let config = sources.load().unwrap().config;
        assert_eq!(config.stages.backoff, [Duration::from_secs(1), Duration::from_secs(5)]);
        let fetcher = config.fetcher;
        assert_eq!(fetcher.host_delay, Duration::ZERO);
        assert_eq!(fetcher.timeout, Duration::from_millis(1500));
        assert_eq!(fetcher.interval, Duration::from_mins(90));
        assert_eq!(fetcher.lease, Duration::from_secs(90));
    }

    #[test]
    fn an_unknown_section_is_refused() {
        let (_folder, sources) = sources("[natz]\nurl = \"nats://a:1\"\n");
        let error = sources.load().unwrap_err().to_string();
        assert!(error.contains("line 1") && error.contains("did you mean nats?"), "{error}");
    }

    #[test]
    fn a_bad_value_is_refused_with_its_origin() {
        let (_folder, sources) = sources("[fetcher]\n\nhost_delay = \"soon\"\n");
        let error = sources.load().unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("fetcher.host_delay"), "{error}");

        let sources = Sources { environment: vec![pair("TALLYWIRE_SINK_STDOUT", "perhaps")], ..Sources::default() };
        let error = sources.load().unwrap_err().to_string();
        assert!(error.contains("TALLYWIRE_SINK_STDOUT") && error.contains("true or false"), "{error}");
    }

    #[test]
    fn a_syntax_error_has_its_line() {
        let (_folder, sources) = sources("[nats]\nurl = nats\n");
        let error = sources.load().unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn an_unknown_variable_is_a_warning() {
        let sources = Sources {
            environment: vec![pair("TALLYWIRE_NATS_URI", "nats://a:1"), pair("PATH", "/bin")],
            ..Sources::default()
        };
        let warnings = sources.load().unwrap().warnings;
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("TALLYWIRE_NATS_URL"), "{warnings:?}");
    }

    #[test]
    fn what_is_printed_holds_no_secret() {
        let mut config = Config::default();
        config.nats.url = "nats://me:pass-word@a:4222,nats://t-oken@b:4222".to_owned();
        config.nats.nkey_file = "/run/secrets/fetcher.nk".into();
        let printed = config.to_toml().unwrap();
        assert!(printed.contains("/run/secrets/fetcher.nk") && printed.contains("***@a:4222"), "{printed}");
        assert!(!printed.contains("pass-word") && !printed.contains("t-oken"), "{printed}");
    }

    #[test]
    fn what_is_printed_can_be_read() {
        let printed = Config::default().to_toml().unwrap();
        let (_folder, sources) = sources(&printed);
        assert_eq!(sources.load().unwrap().config, Config::default());
    }
}
