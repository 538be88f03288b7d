//! Why a request brought nothing.

use std::time::Duration;

use reqwest::StatusCode;
use tallywire_proto::ErrorKind;
use url::Url;

use crate::{address::AddressError, shown::ShownUrl};

/// A request that brought no answer to go on with.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address may not be fetched, or its name leads nowhere.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The server answers with an error.
    #[error("{url} answers {status}")]
    Status {
        /// The address.
        url: ShownUrl,
        /// The status.
        status: StatusCode,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The site's robots.txt asks not to fetch it.
    #[error("{url}: the site's robots.txt asks programs not to fetch it")]
    Robots {
        /// The address.
        url: ShownUrl,
        /// Whether the file itself could not be had, so that it may allow it later.
        for_now: bool,
    },
    /// The site asks to be left alone for a while.
    #[error("{url}: its site asks to be left alone for another {} s", wait.as_secs())]
    Resting {
        /// The address.
        url: ShownUrl,
        /// For how long.
        wait: Duration,
    },
    /// What is there is no page.
    #[error("{url} is {content_type}, not a page")]
    NoPage {
        /// The address.
        url: ShownUrl,
        /// What it says it is.
        content_type: String,
    },
    /// The server redirects in vain.
    #[error("{url}: {reason}")]
    Redirect {
        /// The address asked first.
        url: ShownUrl,
        /// What is wrong.
        reason: String,
    },
    /// The body is too large.
    #[error("{url} sends more than {limit} bytes")]
    TooLarge {
        /// The address.
        url: ShownUrl,
        /// The limit.
        limit: u64,
    },
    /// The server is too slow.
    #[error("{url} did not answer whole within {} s", limit.as_secs_f64())]
    Timeout {
        /// The address.
        url: ShownUrl,
        /// The limit.
        limit: Duration,
    },
    /// No secure connection can be made.
    #[error("{url}: {reason}")]
    Tls {
        /// The address.
        url: ShownUrl,
        /// What is wrong.
        reason: String,
    },
    /// The connection fails.
    #[error("{url}: {reason}")]
    Connection {
        /// The address.
        url: ShownUrl,
        /// What is wrong.
        reason: String,
    },
}

impl FetchError {
    /// Which of the closed set of kinds it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Address(AddressError::NoSuchName(_)) => ErrorKind::Name,
            Self::Address(_) => ErrorKind::Address,
            Self::Robots { .. } => ErrorKind::Refused,
            Self::Resting { .. } => ErrorKind::RateLimited,
            Self::NoPage { .. } => ErrorKind::NotAFeed,
            Self::Redirect { .. } => ErrorKind::Redirect,
            Self::TooLarge { .. } => ErrorKind::TooLarge,
            Self::Timeout { .. } => ErrorKind::Timeout,
            Self::Tls { .. } => ErrorKind::Tls,
            Self::Connection { .. } => ErrorKind::Connection,
            Self::Status { status, .. } => match *status {
                StatusCode::GONE => ErrorKind::Gone,
                StatusCode::NOT_FOUND => ErrorKind::NotFound,
                StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited,
                status if status.is_client_error() => ErrorKind::Refused,
                _ => ErrorKind::Server,
            },
        }
    }

    /// Whether asking again later would be in vain.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Status { status, .. } => {
                matches!(*status, StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS)
            }
            Self::Robots { for_now, .. } => !for_now,
            Self::NoPage { .. } => true,
            _ => matches!(self.kind(), ErrorKind::Address | ErrorKind::TooLarge | ErrorKind::Redirect),
        }
    }

    /// How long the server asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Resting { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    pub(crate) fn too_many_redirects(url: &Url, most: usize) -> Self {
        Self::Redirect { url: ShownUrl::new(url), reason: format!("more than {most} redirects") }
    }

    /// From an error of the HTTP library. The last cause tells the most: "connection refused", "not a public address".
    pub(super) fn connection(url: &Url, error: &reqwest::Error) -> Self {
        let mut cause: &(dyn std::error::Error + 'static) = error;
        let mut secure = false;
        while let Some(deeper) = cause.source() {
            // An I/O error hides what it wraps from `source`.
            let wrapped = deeper.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            let deeper = wrapped.map_or(deeper, |wrapped| wrapped as &(dyn std::error::Error + 'static));
            if let Some(refused) = deeper.downcast_ref::<AddressError>() {
                return Self::Address(refused.clone());
            }
            secure |= deeper.is::<rustls::Error>();
            cause = deeper;
        }
        // The library's own words name the address, which may hold a secret.
        let reason = cause
            .downcast_ref::<reqwest::Error>()
            .map_or_else(|| cause.to_string(), |_| "the request failed".to_owned());
        let url = ShownUrl::new(url);
        if secure { Self::Tls { url, reason } } else { Self::Connection { url, reason } }
    }
}
