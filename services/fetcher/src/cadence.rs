//! When a feed is polled next: as often as it brings news, not oftener than its publisher asks for.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use serde::{Deserialize, Serialize};
use tallywire_proto::ErrorKind;

use crate::parse::PollHints;

/// How often feeds are polled, as configured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rhythm {
    /// The shortest wait between two polls of a feed that brings news all the time.
    pub(crate) shortest: Duration,
    /// The wait as long as little is known of a feed.
    pub(crate) usual: Duration,
    /// The longest wait, however seldom a feed brings news and whatever its publisher asks for.
    pub(crate) longest: Duration,
    /// The feed's own interval in `feeds.toml`: it goes over what the feed brings and its publisher asks for.
    pub(crate) fixed: Option<Duration>,
}

/// What a publisher asks of those who poll.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Wishes {
    /// The shortest wait: the largest of the feed's `ttl` and update period.
    pub(crate) feed_wait: Option<Duration>,
    /// The shortest wait by the answer's headers: `max-age`, `Expires`.
    pub(crate) header_wait: Option<Duration>,
    /// The hours of the day in UTC, 0 to 23, in which nothing changes (RSS 2.0, `skipHours`).
    pub(crate) skip_hours: Vec<u8>,
    /// The days of the week, 0 for Monday to 6, on which nothing changes (RSS 2.0, `skipDays`).
    pub(crate) skip_days: Vec<u8>,
}

/// How many polls that brought news are remembered.
const REMEMBERED: usize = 8;
/// So many are needed to say how often a feed brings news.
const ENOUGH: usize = 3;
/// Polls between two pieces of news, on average: one more than needed, so that news does not wait long.
const POLLS_A_PIECE: u32 = 2;
/// A feed is quiet that has brought nothing for this many times as long as it used to take,
const QUIET_FACTOR: u32 = 6;
/// and at least this long.
const QUIET_AT_LEAST: Duration = Duration::from_hours(24);
/// Waits are up to this much longer than worked out, so that feeds do not come due together.
const JITTER: f64 = 0.1;

/// When a feed has brought news, the latest last.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct News(Vec<Timestamp>);

impl News {
    /// Remembers that a poll brought some.
    pub(crate) fn note(&mut self, at: Timestamp) {
        if self.0.len() >= REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(at);
    }

    /// The average time between two pieces, where enough is known.
    fn gap(&self) -> Option<Duration> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        let gaps = u32::try_from(self.0.len()).ok()? - 1;
        (self.0.len() >= ENOUGH).then(|| between(*first, *last) / gaps)
    }

    /// The average time between two pieces, the one that is still awaited counted in.
    fn gap_until(&self, now: Timestamp) -> Option<Duration> {
        let (gap, last) = (self.gap()?, self.0.last()?);
        Some(gap.max(between(*last, now) / POLLS_A_PIECE))
    }

    /// Whether a feed has stopped bringing what it used to.
    pub(crate) fn is_quiet(&self, now: Timestamp) -> bool {
        let (Some(gap), Some(last)) = (self.gap(), self.0.last()) else { return false };
        between(*last, now) > (gap * QUIET_FACTOR).max(QUIET_AT_LEAST)
    }
}

impl Rhythm {
    /// When to poll again after a poll that brought an answer. `chance` is a number from 0 to 1.
    pub(crate) fn next(&self, news: &News, wishes: &Wishes, now: Timestamp, chance: f64) -> Timestamp {
        if let Some(fixed) = self.fixed {
            return later(now, fixed.mul_f64(1.0 + JITTER * chance));
        }
        let adapted = news.gap_until(now).map_or(self.usual, |gap| gap / POLLS_A_PIECE);
        let asked = wishes.feed_wait.max(wishes.header_wait).unwrap_or_default();
        let wait = adapted.max(self.shortest).max(asked).min(self.longest.max(self.shortest));
        wishes.after_quiet_times(later(now, wait.mul_f64(1.0 + JITTER * chance)))
    }

    /// When to poll again after polls that failed, where a poll that did not fail would be followed by one at `next`: by
    /// the weight of the failures in a row, and not before the server asks.
    pub(crate) fn after_failures(
        weight: Weight,
        next: Timestamp,
        asked: Option<Duration>,
        now: Timestamp,
    ) -> Timestamp {
        let wait = between(now, next);
        let backed_off = wait.mul_f64(1.0 + weight.0).min(LONGEST_BACK_OFF).max(wait);
        later(now, asked.unwrap_or_default().min(LONGEST_BACK_OFF).max(backed_off))
    }
}

impl From<PollHints> for Wishes {
    fn from(hints: PollHints) -> Self {
        let ttl = hints.ttl_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
        let day = |day: &Weekday| u8::try_from(day.to_monday_zero_offset()).ok();
        Self {
            feed_wait: ttl.max(hints.update_every),
            header_wait: None,
            skip_hours: hints.skip_hours.into_iter().collect(),
            skip_days: hints.skip_days.iter().filter_map(day).collect(),
        }
    }
}

impl Wishes {
    /// The first moment from a given one on in which something may change.
    fn after_quiet_times(&self, at: Timestamp) -> Timestamp {
        let mut start = at.to_zoned(TimeZone::UTC);
        // Every hour of a week; where all are skipped, the publisher cannot mean it.
        for _ in 0..7 * 24 {
            let hour = u8::try_from(start.hour()).unwrap_or_default();
            let day = u8::try_from(start.weekday().to_monday_zero_offset()).unwrap_or_default();
            if !self.skip_hours.contains(&hour) && !self.skip_days.contains(&day) {
                return start.timestamp();
            }
            // By whole hours, so that feeds with the same wishes do not come due together.
            let Ok(next) = start.checked_add(1.hour()) else { return at };
            start = next;
        }
        at
    }
}

/// How much the failures in a row weigh: what will pass by itself weighs less than what will not. The weights and the
/// limit are those of Media Cloud's rss-fetcher.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub(crate) struct Weight(f64);

/// Failures past this weight make the wait no longer.
const MOST_WEIGHT: f64 = 30.0;
/// A feed that fails is polled once a day at least.
const LONGEST_BACK_OFF: Duration = Duration::from_hours(24);

impl Weight {
    /// One failure more.
    pub(crate) fn and(self, kind: ErrorKind) -> Self {
        let weight = match (kind.is_passing(), kind.is_lasting()) {
            (true, _) => 0.25,
            (_, true) => 1.0,
            _ => 0.5,
        };
        Self((self.0 + weight).min(MOST_WEIGHT))
    }
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const RHYTHM: Rhythm = Rhythm {
        shortest: Duration::from_mins(5),
        usual: Duration::from_mins(15),
        longest: Duration::from_hours(1),
        fixed: None,
    };

    /// A Monday.
    fn start() -> Timestamp {
        "2026-03-09T10:00:00Z".parse().unwrap()
    }

    fn minutes(count: i64) -> Timestamp {
        start() + SignedDuration::from_mins(count)
    }

    fn news(at: &[i64]) -> News {
        let mut news = News::default();
        for minute in at {
            news.note(minutes(*minute));
        }
        news
    }

    fn wait(rhythm: &Rhythm, news: &News, wishes: &Wishes, now: i64) -> i64 {
        rhythm.next(news, wishes, minutes(now), 0.0).duration_since(minutes(now)).as_mins()
    }

    #[test]
    fn a_feed_is_polled_as_often_as_it_brings_news() {
        let none = Wishes::default();
        assert_eq!(wait(&RHYTHM, &news(&[]), &none, 0), 15, "nothing is known yet");
        assert_eq!(wait(&RHYTHM, &news(&[0, 20]), &none, 20), 15);
        assert_eq!(wait(&RHYTHM, &news(&[0, 20, 40]), &none, 40), 10);
        assert_eq!(wait(&RHYTHM, &news(&[0, 1, 2, 3]), &none, 3), 5, "not oftener than the shortest");
        assert_eq!(wait(&RHYTHM, &news(&[0, 20, 40]), &none, 120), 20, "it slows down while nothing comes");
        assert_eq!(wait(&RHYTHM, &news(&[0, 20, 40]), &none, 4000), 60, "not past the longest");
    }

    #[test]
    fn the_publishers_wishes_count_up_to_the_longest_wait() {
        let wishes = |minutes| Wishes { feed_wait: Some(MINUTE * minutes), ..Wishes::default() };
        assert_eq!(wait(&RHYTHM, &news(&[]), &wishes(30), 0), 30);
        assert_eq!(wait(&RHYTHM, &news(&[]), &wishes(1), 0), 15);
        assert_eq!(wait(&RHYTHM, &news(&[]), &wishes(100_000), 0), 60);
        let both = Wishes { header_wait: Some(MINUTE * 40), ..wishes(30) };
        assert_eq!(wait(&RHYTHM, &news(&[]), &both, 0), 40);
        let fixed = Rhythm { fixed: Some(MINUTE * 2), ..RHYTHM };
        assert_eq!(wait(&fixed, &news(&[]), &both, 0), 2, "the user's word goes over them");
    }

    #[test]
    fn a_feeds_own_words_become_wishes() {
        let hints = PollHints {
            ttl_minutes: Some(30),
            update_every: Some(MINUTE * 20),
            skip_days: vec![Weekday::Sunday],
            ..PollHints::default()
        };
        let wishes = Wishes::from(hints);
        assert_eq!((wishes.feed_wait, wishes.skip_days), (Some(MINUTE * 30), vec![6]));
    }

    #[test]
    fn hours_and_days_in_which_nothing_changes_are_passed_over() {
        let hours = Wishes { skip_hours: vec![10, 11, 12], ..Wishes::default() };
        assert_eq!(RHYTHM.next(&news(&[]), &hours, start(), 0.0).to_string(), "2026-03-09T13:15:00Z");
        let days = Wishes { skip_days: vec![0, 1], ..Wishes::default() };
        assert_eq!(RHYTHM.next(&news(&[]), &days, start(), 0.0).to_string(), "2026-03-11T00:15:00Z");
        let all = Wishes { skip_hours: (0..24).collect(), ..Wishes::default() };
        assert_eq!(wait(&RHYTHM, &news(&[]), &all, 0), 15, "they cannot all be meant");
    }

    #[test]
    fn a_feed_that_stops_bringing_what_it_used_to_is_quiet() {
        let hourly = news(&[0, 60, 120, 180]);
        assert!(!hourly.is_quiet(minutes(180 + 60 * 23)));
        assert!(hourly.is_quiet(minutes(180 + 60 * 25)));
        assert!(!news(&[0, 60]).is_quiet(minutes(100_000)), "too little is known of it");
        let weekly = news(&[0, 10_080, 20_160]);
        assert!(!weekly.is_quiet(minutes(20_160 + 10_080 * 5)));
    }

    #[test]
    fn failures_make_the_wait_longer_by_their_weight() {
        let after = |kinds: &[ErrorKind], asked: Option<u32>| {
            let weight = kinds.iter().fold(Weight::default(), |weight, kind| weight.and(*kind));
            let asked = asked.map(|minutes| MINUTE * minutes);
            let next = Rhythm::after_failures(weight, minutes(15), asked, start());
            next.duration_since(start()).as_secs_f64() / 60.0
        };
        assert!((after(&[ErrorKind::NotFound], None) - 30.0).abs() < 1e-6);
        assert!((after(&[ErrorKind::NotFound; 3], None) - 60.0).abs() < 1e-6, "linear");
        assert!((after(&[ErrorKind::Timeout; 4], None) - 30.0).abs() < 1e-6, "what passes weighs a quarter");
        assert!((after(&[ErrorKind::NotFound; 200], None) - 15.0 * 31.0).abs() < 1e-6);
        assert!((after(&[ErrorKind::RateLimited], Some(90)) - 90.0).abs() < 1e-6, "as the server asks");
        assert!((after(&[ErrorKind::RateLimited], Some(1)) - 18.75).abs() < 1e-6, "not earlier than otherwise");
        assert!((after(&[ErrorKind::RateLimited], Some(1_000_000)) - 1440.0).abs() < 1e-6, "once a day at least");
    }

    proptest! {
        #[test]
        fn a_wait_keeps_to_its_limits(
            at in proptest::collection::vec(0..100_000_i64, 0..12),
            feed_wait in proptest::option::of(0..10_000_000_u64),
            now in 0..200_000_i64,
            chance in 0.0..1.0_f64,
        ) {
            let mut at = at;
            at.sort_unstable();
            let wishes = Wishes { feed_wait: feed_wait.map(Duration::from_secs), ..Wishes::default() };
            let next = RHYTHM.next(&news(&at), &wishes, minutes(now), chance);
            let wait = between(minutes(now), next);
            prop_assert!(wait >= RHYTHM.shortest && wait <= RHYTHM.longest.mul_f64(1.0 + JITTER));
        }
    }
}
