//! What can be wrong with a sample newspaper.

use std::{error::Error, fmt};

/// Why the sample newspaper cannot be rendered.
#[derive(Clone, Debug)]
pub(crate) enum SampleError {
    /// The address of the site is not plain enough.
    BaseUrl(String),
    /// The time given is so early that an article would be older than time.
    Time(jiff::Error),
    /// An article's file is faulty.
    Article {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A template is faulty.
    Template {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for SampleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl(url) => {
                write!(formatter, "{url:?} cannot be the sample's address: give http:// or https://, a host and a port")
            }
            Self::Time(error) => write!(formatter, "the sample's articles cannot be dated: {error}"),
            Self::Article { file, reason } | Self::Template { file, reason } => {
                write!(formatter, "sample/{file}: {reason}")
            }
        }
    }
}

impl Error for SampleError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Time(error) => Some(error),
            _ => None,
        }
    }
}
