//! What can be wrong with a configuration, said so that the operator can mend it.

use std::{fmt, path::PathBuf};

/// Where a key was set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// In a file, at a line.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// In an environment variable.
    Environment(String),
    /// By a flag.
    Flag(String),
    /// Nowhere: it is the default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(formatter, "{}, line {line}", path.display()),
            Self::Environment(name) => write!(formatter, "environment variable {name}"),
            Self::Flag(key) => write!(formatter, "flag for {key}"),
            Self::Default => write!(formatter, "default"),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is absent or unreadable.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{origin}: {message}")]
    Syntax {
        /// Where.
        origin: Origin,
        /// What is wrong.
        message: String,
    },
    /// A key that does not exist.
    #[error("{origin}: there is no key {key}{}", nearest.as_ref().map(|key| format!(": did you mean {key}?")).unwrap_or_default())]
    UnknownKey {
        /// Where it is set.
        origin: Origin,
        /// The key, with its section.
        key: String,
        /// The known key that is most alike, if one is alike.
        nearest: Option<String>,
    },
    /// A value of the wrong type or out of range.
    #[error("{origin}: {key}: {message}")]
    Invalid {
        /// Where it is set.
        origin: Origin,
        /// The key, with its section.
        key: String,
        /// What is wrong, and what is allowed.
        message: String,
    },
    /// The defaults cannot be written as JSON: a defect of the program.
    #[error("the defaults cannot be written: {source}")]
    Internal {
        /// Why.
        source: serde_json::Error,
    },
}
