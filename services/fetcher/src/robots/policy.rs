//! What follows from the answer to a request for robots.txt.

use std::{sync::Arc, time::Duration};

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::robots::rules::Rules;

/// How long a robots.txt holds that says nothing of it; at least and at most (RFC 9309, section 2.4: a day).
const HOLDS: Duration = Duration::from_hours(6);
const HOLDS_AT_LEAST: Duration = Duration::from_hours(1);
const HOLDS_AT_MOST: Duration = Duration::from_hours(24);

/// How soon a robots.txt that cannot be had is asked for again.
pub(crate) const RECHECK: Duration = Duration::from_mins(10);

/// After how long a site whose robots.txt cannot be had counts as one that has none (RFC 9309, section 2.3.1.4).
pub(crate) const GIVEN_UP: Duration = Duration::from_hours(30 * 24);

/// What came of asking for a robots.txt.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A file.
    Found {
        /// Its first [`READ_LIMIT`](crate::robots::READ_LIMIT) bytes.
        body: Vec<u8>,
        /// How long it stays fresh, as its headers say.
        fresh_for: Option<Duration>,
    },
    /// A status that is neither success nor redirect.
    Status(StatusCode),
    /// Redirects that lead nowhere.
    Astray,
    /// No answer.
    Failed,
}

impl Answer {
    /// Whether the site may be taken to have no robots.txt (RFC 9309, sections 2.3.1.2 and 2.3.1.3). Status
    /// 429, which the RFC counts in, asks for patience and says nothing of the file.
    fn is_unavailable(&self) -> bool {
        match self {
            Self::Status(status) => status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS,
            Self::Astray => true,
            Self::Found { .. } | Self::Failed => false,
        }
    }
}

/// What a site wants of crawlers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Policy {
    /// It said so, or has no robots.txt.
    Known(Arc<Rules>),
    /// Its robots.txt cannot be had at present: no page of it may be fetched, and later asking may do (RFC 9309,
    /// section 2.3.1.4).
    Unreachable,
}

impl Policy {
    /// Everything may be fetched.
    pub(crate) fn open() -> Self {
        Self::Known(Arc::new(Rules::allow_all()))
    }
}

/// What is known of a site.
pub(crate) struct Known {
    /// What it wants.
    pub(crate) policy: Policy,
    /// When the policy was first so.
    since: Instant,
    /// When it has to be asked for again.
    pub(crate) until: Instant,
}

impl Known {
    /// What an answer of now says, or what was known before where it says nothing.
    pub(crate) fn new(answer: Answer, product_token: &str, before: Option<Self>, now: Instant) -> Self {
        if answer.is_unavailable() {
            return Self { policy: Policy::open(), since: now, until: now + HOLDS };
        }
        if let Answer::Found { body, fresh_for } = answer {
            let rules = Arc::new(Rules::parse(&body, product_token));
            let holds = fresh_for.map_or(HOLDS, |time| time.clamp(HOLDS_AT_LEAST, HOLDS_AT_MOST));
            return Self { policy: Policy::Known(rules), since: now, until: now + holds };
        }
        let until = now + RECHECK;
        match before {
            // An old file may be used for longer while there is no new one (RFC 9309, section 2.4).
            Some(Self { policy: policy @ Policy::Known(_), since, .. }) => Self { policy, since, until },
            Some(Self { since, .. }) if now.duration_since(since) >= GIVEN_UP => {
                Self { policy: Policy::open(), since: now, until }
            }
            Some(Self { since, .. }) => Self { policy: Policy::Unreachable, since, until },
            None => Self { policy: Policy::Unreachable, since: now, until },
        }
    }
}
