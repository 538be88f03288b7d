//! Clocks that go back: what was planned under the wrong time would wait until that time comes again.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// What a clock may differ by from another's, or be set back by, before it is taken for one that was wrong.
pub(crate) const TOLERANCE: Duration = Duration::from_mins(1);

/// Watches the clock by one that never goes back.
pub(crate) struct Watch {
    since: Instant,
    at: Timestamp,
}

impl Watch {
    pub(crate) fn new(since: Instant, at: Timestamp) -> Self {
        Self { since, at }
    }

    /// Whether the clock went back by more than [`TOLERANCE`] since the last look.
    pub(crate) fn went_back(&mut self, instant: Instant, now: Timestamp) -> bool {
        let expected = self.at.saturating_add(instant.duration_since(self.since)).unwrap_or(Timestamp::MAX);
        *self = Self { since: instant, at: now };
        is_ahead(expected, now)
    }
}

/// Whether a time that was noted as past lies ahead: it was noted under a wrong clock.
pub(crate) fn is_ahead(past: Timestamp, now: Timestamp) -> bool {
    now.saturating_add(TOLERANCE).is_ok_and(|latest| past > latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_step_back_is_one() {
        let (begun, noon) = (Instant::now(), Timestamp::from_second(43_200).unwrap());
        let mut watch = Watch::new(begun, noon);
        let after = |seconds| begun + Duration::from_secs(seconds);
        assert!(!watch.went_back(after(2), noon + Duration::from_secs(2)), "time passes");
        assert!(!watch.went_back(after(4), noon + Duration::from_hours(24)), "a step ahead");
        assert!(watch.went_back(after(6), noon + Duration::from_secs(6)), "and back");
        assert!(!watch.went_back(after(8), noon + Duration::from_secs(8)), "once");
        assert!(!watch.went_back(after(10), noon), "a correction of seconds");
    }
}
