//! How a feed is: what `feeds.status.<feed>` tells when it changes.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a feed is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It is read, or has not been polled yet.
    #[default]
    Ok,
    /// It is read, and has not brought news for much longer than it used to.
    Quiet,
    /// Its last poll failed; it is polled on, less and less often.
    Failing,
    /// It is not polled any more: its publisher says that it is gone.
    Stopped,
}

impl Condition {
    /// All conditions.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Quiet, Self::Failing, Self::Stopped];

    /// Its name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Quiet => "quiet",
            Self::Failing => "failing",
            Self::Stopped => "stopped",
        }
    }
}

/// What can be wrong with a poll.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The address may not be fetched: its scheme, port or network.
    Address,
    /// The host's name cannot be resolved.
    Name,
    /// The connection fails.
    Connection,
    /// No secure connection can be made.
    Tls,
    /// It takes too long.
    Timeout,
    /// The redirects lead nowhere.
    Redirect,
    /// 429: too many requests.
    RateLimited,
    /// 401, 403 and other errors that the server says are the client's.
    Refused,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 5xx.
    Server,
    /// The body is too large.
    TooLarge,
    /// What is there is no feed.
    NotAFeed,
}

impl ErrorKind {
    /// Its name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Name => "name",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Redirect => "redirect",
            Self::RateLimited => "rate_limited",
            Self::Refused => "refused",
            Self::NotFound => "not_found",
            Self::Gone => "gone",
            Self::Server => "server",
            Self::TooLarge => "too_large",
            Self::NotAFeed => "not_a_feed",
        }
    }

    /// Whether it is likely to pass by itself: the server is there, and not well at the moment.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Connection | Self::Timeout | Self::Server | Self::RateLimited)
    }

    /// Whether it will hardly pass by itself: what was there is not there any more, or never was.
    pub const fn is_lasting(self) -> bool {
        matches!(self, Self::Address | Self::Redirect | Self::NotFound | Self::Gone | Self::NotAFeed)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What was wrong with a feed's last poll.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct FeedError {
    /// Which of the known kinds it is.
    pub kind: ErrorKind,
    /// What it is, in words.
    pub message: String,
    /// Since when polls have failed without one that did not.
    pub since: Timestamp,
    /// How many polls have failed in a row.
    pub polls: u32,
}

/// How a feed is, told when its condition, the kind of its error or its address changes.
///
/// These events are not stored: what holds at the moment is in the key-value bucket `feeds`, and `tallywire status`
/// shows it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct FeedStatus {
    /// `tallywire.feed_status/1`
    pub schema: String,
    /// The feed's id in `feeds.toml`.
    pub feed: String,
    /// How it is.
    pub condition: Condition,
    /// What was wrong with its last poll.
    pub error: Option<FeedError>,
    /// Where it has moved for good, as its publisher says; it is polled there, and `feeds.toml` is as it was.
    pub moved_to: Option<String>,
    /// When it last brought an article.
    pub last_news: Option<Timestamp>,
    /// When it is polled next; none where it is not.
    pub next_poll: Option<Timestamp>,
    /// When this was so.
    pub at: Timestamp,
}

impl FeedStatus {
    /// Name and major version, as `schema` says.
    pub const SCHEMA: &'static str = "tallywire.feed_status/1";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json() {
        for condition in Condition::ALL {
            assert_eq!(serde_json::to_value(condition).unwrap(), condition.name());
        }
        for kind in [ErrorKind::NotAFeed, ErrorKind::Name, ErrorKind::RateLimited, ErrorKind::TooLarge] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
