//! The subjects, streams and buckets: every name that the broker knows, in one place.
//!
//! Each hop has a stream of its own, so that a full one pushes back on the stage before it and never on the stages
//! that would empty it (`docs/decisions/0002-a-stream-a-hop.md`).

use crate::{Event, FigureKind};

/// What users subscribe to: every enriched article.
pub const ENRICHED_ALL: &str = "articles.enriched.>";
/// What users subscribe to who follow figures, not articles: every figure of every article.
pub const FIGURES_ALL: &str = "figures.>";
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
/// The token of a figure's subject for what is unknown.
pub const UNKNOWN: &str = "_";
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
    /// The figures of those articles, a message each, kept a while for subscribers.
    Figures,
    /// Messages that a stage gave up on.
    Dead,
}

impl Stream {
    /// All streams, in the order of an article's way.
    pub const ALL: [Self; 6] = [Self::Fetched, Self::Cleaned, Self::Tagged, Self::Enriched, Self::Figures, Self::Dead];

    /// Its name on the server.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fetched => "ARTICLES_FETCHED",
            Self::Cleaned => "ARTICLES_CLEANED",
            Self::Tagged => "ARTICLES_TAGGED",
            Self::Enriched => "ENRICHED",
            Self::Figures => "FIGURES",
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
            Self::Figures => FIGURES_ALL,
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

/// The subject of a figure: `figures.<kind>.<event>.<country>`, with `_` for an event or country that is unknown.
///
/// Kind, event class and country (ISO 3166-1 alpha-2) are as in the JSON. What is said not to have happened, or not yet,
/// has a token of its own, `killed-denied`: who follows `killed` is not told of it.
pub fn figure(kind: FigureKind, event: Option<&Event>, country: Option<&str>) -> String {
    let is_class = |class: &str| !class.is_empty() && class.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let event = event.filter(|event| is_class(&event.class)).map_or_else(|| UNKNOWN.to_owned(), Event::label);
    let country =
        country.filter(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())).unwrap_or(UNKNOWN);
    format!("figures.{}.{event}.{country}", kind.name())
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
    use crate::EventStatus;

    #[test]
    fn feed_ids_are_tokens() {
        assert!(is_feed_id("bbc-world_2"));
        for bad in ["", "a.b", "A", "a b", "*", ">", &"x".repeat(65)] {
            assert!(!is_feed_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_figure_is_found_by_what_is_known_of_it() {
        let event = |class: &str, status| Event { class: class.to_owned(), trigger: String::new(), status };
        let of = |class, status| figure(FigureKind::Count, Some(&event(class, status)), Some("PE"));
        assert_eq!(of("killed", EventStatus::Actual), "figures.count.killed.PE");
        assert_eq!(of("killed", EventStatus::Denied), "figures.count.killed-denied.PE");
        assert_eq!(of("laid_off", EventStatus::Planned), "figures.count.laid_off-planned.PE");
        assert_eq!(figure(FigureKind::Money, None, None), "figures.money._._");
    }

    #[test]
    fn nothing_odd_gets_into_the_subject_of_a_figure() {
        for bad in ["", "a.b", "*", ">", "a b", "é"] {
            let event = Event { class: bad.to_owned(), trigger: String::new(), status: EventStatus::Negated };
            assert_eq!(figure(FigureKind::Age, Some(&event), Some(bad)), "figures.age._._", "{bad}");
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
