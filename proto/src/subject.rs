//! The subjects, streams and buckets: every name that the broker knows, in one place.
//!
//! Each hop has a stream of its own, so that a full one pushes back on the stage before it and never on the stages
//! that would empty it (`docs/decisions/0002-a-stream-a-hop.md`).

/// What users subscribe to: every enriched article.
pub const ENRICHED_ALL: &str = "articles.enriched.>";
/// Every dead letter.
pub const DEAD_ALL: &str = "articles.dead.>";
/// The events of all feeds.
pub const STATUS_ALL: &str = "feeds.status.>";
/// The key-value bucket with a key a feed: validators, next poll, failures, lease.
pub const FEEDS_BUCKET: &str = "feeds";
/// The key-value bucket with a key a feed that a `WebSub` hub delivers: the subscription.
pub const HUBS_BUCKET: &str = "hubs";
/// The key-value bucket with a key an article: its revision, and what its feed said of it.
pub const SEEN_BUCKET: &str = "seen";
/// The key-value bucket with a key a revision of an article that a sink has claimed or written.
pub const WRITTEN_BUCKET: &str = "written";
/// The key-value bucket with a key a host: the lines of its last articles.
pub const SITES_BUCKET: &str = "sites";
/// The object bucket for messages over the inline limit.
pub const PAGES_BUCKET: &str = "pages";
/// The language token of an article whose language is unknown (ISO 639-2 "undetermined").
pub const UNKNOWN_LANGUAGE: &str = "und";
/// The longest feed id: it is a token of a subject and part of file names.
pub const FEED_ID_MAX: usize = 64;

/// A stream that carries articles.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stream {
    /// Pages as published, on their way to the cleaner.
    Fetched,
    /// Articles without the page around them, on their way to the tagger of entities.
    Cleaned,
    /// Articles with their entities, on their way to the reader of figures.
    Tagged,
    /// Enriched articles, kept a while for subscribers.
    Enriched,
    /// Messages that a stage gave up on.
    Dead,
}

impl Stream {
    /// All streams, in the order of an article's way.
    pub const ALL: [Self; 5] = [Self::Fetched, Self::Cleaned, Self::Tagged, Self::Enriched, Self::Dead];

    /// Its name on the server.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fetched => "ARTICLES_FETCHED",
            Self::Cleaned => "ARTICLES_CLEANED",
            Self::Tagged => "ARTICLES_TAGGED",
            Self::Enriched => "ENRICHED",
            Self::Dead => "DEAD",
        }
    }

    /// The subjects that it stores.
    pub const fn subjects(self) -> &'static str {
        match self {
            Self::Fetched => "articles.fetched.>",
            Self::Cleaned => "articles.cleaned.>",
            Self::Tagged => "articles.tagged.>",
            Self::Enriched => ENRICHED_ALL,
            Self::Dead => DEAD_ALL,
        }
    }

    /// Whether a message leaves the stream once its stage is done with it.
    pub const fn is_work_queue(self) -> bool {
        matches!(self, Self::Fetched | Self::Cleaned | Self::Tagged)
    }
}

/// Whether a text can be a feed's id: 1 to 64 of `a-z`, `0-9`, `-` and `_`.
pub fn is_feed_id(text: &str) -> bool {
    (1..=FEED_ID_MAX).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

/// A language as a token of a subject; `und` where it is unknown or could not be one.
pub fn language_token(language: Option<&str>) -> &str {
    language
        .filter(|code| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
        .unwrap_or(UNKNOWN_LANGUAGE)
}

/// The subject of a feed's events.
pub fn feed_status(feed: &str) -> String {
    format!("feeds.status.{feed}")
}

/// The subject of the dead letters of a stage.
pub fn dead(stage: &str) -> String {
    format!("articles.dead.{stage}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feed_ids_are_tokens() {
        assert!(is_feed_id("bbc-world_2"));
        for bad in ["", "a.b", "A", "a b", "*", ">", &"x".repeat(65)] {
            assert!(!is_feed_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_language_is_always_one_token() {
        assert_eq!(language_token(Some("pt-br")), "pt-br");
        for bad in [None, Some(""), Some("a.b"), Some("*")] {
            assert_eq!(language_token(bad), "und");
        }
    }
}
