//! When articles were written, and how long that was after they had been announced.

use std::{collections::HashMap, time::Instant};

/// When each article was written.
#[derive(Default)]
pub(crate) struct Times {
    written: HashMap<String, Instant>,
    doubled: usize,
}

impl Times {
    /// Notes that these have been written.
    pub(crate) fn see(&mut self, articles: Vec<String>) {
        let now = Instant::now();
        for article in articles {
            self.doubled += usize::from(self.written.insert(article, now).is_some());
        }
    }

    pub(crate) fn written(&self) -> usize {
        self.written.len()
    }

    pub(crate) fn is_once(&self) -> bool {
        self.doubled == 0
    }

    pub(crate) fn last(&self) -> Option<Instant> {
        self.written.values().max().copied()
    }

    /// The time from announcement to file of each of these.
    pub(crate) fn since(&self, announced: &HashMap<String, Instant>) -> Latency {
        let millis = |(article, at): (&String, &Instant)| self.written[article].duration_since(*at).as_secs_f64() * 1e3;
        let mut sorted: Vec<f64> = announced.iter().map(millis).collect();
        sorted.sort_by(f64::total_cmp);
        Latency { sorted }
    }
}

/// Times in milliseconds.
pub(crate) struct Latency {
    sorted: Vec<f64>,
}

impl Latency {
    pub(crate) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The time that such a share of all is not above: the nearest rank.
    #[allow(clippy::cast_sign_loss, reason = "a share is not negative")]
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let rank = (self.sorted.len() as f64 * share).ceil() as usize;
        self.sorted[rank.clamp(1, self.sorted.len()) - 1]
    }
}
