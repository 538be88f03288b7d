//! Metrics of one process, in the names `tallywire_<thing>_<unit>`, with labels of bounded sets.

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder};

/// What became of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It went on to the next stage.
    Done,
    /// It is tried again later.
    Retried,
    /// It is a dead letter.
    Rejected,
}

impl Outcome {
    const fn label(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Rejected => "rejected",
        }
    }
}

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    articles: IntCounterVec,
    seconds: HistogramVec,
    polls: IntCounterVec,
    feeds: IntGaugeVec,
}

/// Upper bounds of the buckets of a stage's time in seconds: from a tenth of a millisecond to ten seconds.
const SECONDS: [f64; 11] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 10.0];

impl Metrics {
    /// Metrics that all read zero.
    ///
    /// # Errors
    /// When two metrics have one name, which is a defect of the program.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let articles = IntCounterVec::new(
            Opts::new("tallywire_articles_total", "Articles that a stage handled, by what became of them"),
            &["stage", "outcome"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("tallywire_stage_duration_seconds", "Time that a stage worked on an article")
                .buckets(SECONDS.to_vec()),
            &["stage"],
        )?;
        let polls = IntCounterVec::new(
            Opts::new("tallywire_polls_total", "Polls of feeds, by what came of them"),
            &["outcome"],
        )?;
        let feeds = IntGaugeVec::new(
            Opts::new("tallywire_feeds", "Feeds in the configuration, by state as of their last poll by this process"),
            &["state"],
        )?;
        registry.register(Box::new(articles.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(polls.clone()))?;
        registry.register(Box::new(feeds.clone()))?;
        Ok(Self { registry, articles, seconds, polls, feeds })
    }

    /// Counts an article that a stage is done with.
    pub fn count_article(&self, stage: &str, outcome: Outcome) {
        self.articles.with_label_values(&[stage, outcome.label()]).inc();
    }

    /// How many articles a stage had this outcome with.
    pub fn articles(&self, stage: &str, outcome: Outcome) -> u64 {
        self.articles.with_label_values(&[stage, outcome.label()]).get()
    }

    /// Notes how long a stage worked on an article.
    pub fn observe_stage(&self, stage: &str, seconds: f64) {
        self.seconds.with_label_values(&[stage]).observe(seconds);
    }

    /// Counts a poll; `outcome` is one of a closed set of words.
    pub fn count_poll(&self, outcome: &'static str) {
        self.polls.with_label_values(&[outcome]).inc();
    }

    /// Notes how many feeds there are in a state; `state` is one of a closed set of words.
    pub fn set_feeds(&self, state: &'static str, count: usize) {
        self.feeds.with_label_values(&[state]).set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// How many feeds there are in a state.
    pub fn feeds(&self, state: &'static str) -> u64 {
        self.feeds.with_label_values(&[state]).get().max(0).cast_unsigned()
    }

    /// All metrics in the text format of Prometheus.
    ///
    /// # Errors
    /// When a metric cannot be written, which is a defect of the program.
    pub fn render(&self) -> Result<String, prometheus::Error> {
        let mut buffer = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer).into_owned())
    }
}
