//! What the fetcher asks of publishers, and what comes of it.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

use super::labels::OfOutcome;

/// Polls, feeds, pages and requests.
#[derive(Clone, Debug)]
pub struct Feeds {
    polls: Family<OfOutcome, Counter>,
    states: Family<OfState, Gauge>,
    pages: Family<OfOutcome, Counter>,
    requests: Family<OfOutcome, Counter>,
    bytes: Counter,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct OfState {
    state: &'static str,
}

/// Where an article's text was taken from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PageOutcome {
    /// Its page.
    Fetched,
    /// The feed, since the page cannot be had.
    FeedText,
    /// Nowhere yet: the page is tried again at a later poll.
    Again,
    /// Nowhere yet: the site asks to be left alone.
    Resting,
}

impl PageOutcome {
    const ALL: [Self; 4] = [Self::Fetched, Self::FeedText, Self::Again, Self::Resting];

    const fn name(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::FeedText => "feed_text",
            Self::Again => "again",
            Self::Resting => "resting",
        }
    }
}

impl Feeds {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let feeds = Self {
            polls: Family::default(),
            states: Family::default(),
            pages: Family::default(),
            requests: Family::default(),
            bytes: Counter::default(),
        };
        for outcome in PageOutcome::ALL {
            drop(feeds.pages.get_or_create(&OfOutcome { outcome: outcome.name() }));
        }
        registry.register("polls", "Polls of feeds, by what came of them", feeds.polls.clone());
        let states = "Feeds in the configuration, by state as of their last poll by this process";
        registry.register("feeds", states, feeds.states.clone());
        registry.register("pages", "Articles whose page is wanted, by what came of it", feeds.pages.clone());
        registry.register("requests", "HTTP requests to publishers, by the answer", feeds.requests.clone());
        let bytes = "Bodies from publishers, feeds and pages, decompressed";
        registry.register_with_unit("fetched", bytes, Unit::Bytes, feeds.bytes.clone());
        feeds
    }

    /// Counts a poll; `outcome` is one of a closed set of words.
    pub fn polled(&self, outcome: &'static str) {
        self.polls.get_or_create(&OfOutcome { outcome }).inc();
    }

    /// Notes how many feeds there are in a state; `state` is one of a closed set of words.
    pub fn set(&self, state: &'static str, count: usize) {
        self.states.get_or_create(&OfState { state }).set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// How many feeds there are in a state.
    pub fn count(&self, state: &'static str) -> u64 {
        self.states.get_or_create(&OfState { state }).get().max(0).cast_unsigned()
    }

    /// Counts what came of an article's page.
    pub fn page(&self, outcome: PageOutcome) {
        self.pages.get_or_create(&OfOutcome { outcome: outcome.name() }).inc();
    }

    /// Counts a request; `outcome` is one of a closed set of words.
    pub fn requested(&self, outcome: &'static str) {
        self.requests.get_or_create(&OfOutcome { outcome }).inc();
    }

    /// Counts what was read of a body, in bytes.
    pub fn read(&self, bytes: usize) {
        self.bytes.inc_by(bytes as u64);
    }
}
