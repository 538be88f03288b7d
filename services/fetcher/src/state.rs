//! What is remembered of a feed, and how a poll changes it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tallywire_proto::{Condition, ErrorKind, FeedError, FeedStatus};
use url::Url;

use crate::{
    cadence::{News, Rhythm, Weight, Wishes},
    http::Validators,
    shown::ShownUrl,
    websub::Links,
};

/// What is remembered of a feed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct FeedState {
    /// Tells the address and headers that this is about, without naming them: they may hold secrets. What was
    /// remembered of others does not count.
    pub source: String,
    /// What the publisher gave to ask with whether something changed.
    pub validators: Validators,
    /// Of the last body that was read whole, for publishers whose validators change while the feed does not.
    pub body: Option<String>,
    /// When it is polled next; none before the first poll, and where it is not polled any more.
    pub next_poll: Option<Timestamp>,
    /// When it was last polled.
    pub last_poll: Option<Timestamp>,
    /// When its entries were last gone through.
    pub last_read: Option<Timestamp>,
    /// When it last brought an article.
    pub last_news: Option<Timestamp>,
    /// How it is.
    pub condition: Condition,
    /// What was wrong at the last poll.
    pub error: Option<FeedError>,
    /// What had to be mended to read it, at the last poll that read it.
    pub salvaged: Option<String>,
    /// Where its publisher says it has moved for good.
    pub moved: Option<Moved>,
    /// Whether its ids have been seen to name more than one article each.
    pub bad_guids: bool,
    /// Whether a hub delivers its news, so that polls need only make sure of that.
    pub hub_delivers: bool,
    /// Who polls it at the moment.
    pub lease: Option<Lease>,
    pub(crate) wishes: Wishes,
    pub(crate) news: News,
    pub(crate) weight: Weight,
}

/// A feed's move to another address.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Moved {
    /// Where to.
    pub to: Url,
    /// How many polls in a row have been sent there, and read a feed there.
    pub polls: u32,
}

/// A move is believed when so many polls in a row have seen it.
const AGREEING: u32 = 3;

impl Moved {
    /// Whether so many polls agree that the new address is asked at once.
    pub fn is_adopted(&self) -> bool {
        self.polls >= AGREEING
    }
}

/// A fetcher's right to poll a feed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Lease {
    /// The fetcher.
    pub owner: String,
    /// Until when, unless it is renewed.
    pub until: Timestamp,
}

/// A poll that brought an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Success {
    /// Where the feed has moved for good, by this poll.
    pub(crate) moved: Option<Url>,
    /// How long the answer stays fresh.
    pub(crate) fresh_for: Option<std::time::Duration>,
    /// What to ask with next time; as before where none is given.
    pub(crate) validators: Option<Validators>,
    /// What was read; none where nothing had changed.
    pub(crate) read: Option<Reading>,
}

/// A feed that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    /// How many articles were published.
    pub(crate) published: usize,
    /// The fingerprint of the body; none where an article has to be tried again.
    pub(crate) body: Option<String>,
    pub(crate) wishes: Wishes,
    pub(crate) salvaged: Option<String>,
    pub(crate) bad_guids: bool,
    /// The hub that its publisher names.
    pub(crate) hub: Links,
}

/// What is wrong with a poll.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    /// How long the server asks to be left alone.
    pub(crate) retry_after: Option<std::time::Duration>,
}

impl FeedState {
    /// The address to ask: the feed's own, or the one that it has moved to.
    pub(crate) fn address<'u>(&'u self, own: &'u Url) -> &'u Url {
        self.moved.as_ref().filter(|moved| moved.is_adopted()).map_or(own, |moved| &moved.to)
    }

    /// How many polls have failed in a row.
    pub fn failures(&self) -> u32 {
        self.error.as_ref().map_or(0, |error| error.polls)
    }

    /// After a poll that brought an answer. `chance` is a number from 0 to 1.
    pub(crate) fn succeeded(&mut self, success: Success, rhythm: &Rhythm, now: Timestamp, chance: f64) {
        let first = self.last_poll.is_none();
        self.error = None;
        self.weight = Weight::default();
        self.note_move(success.moved);
        self.wishes.header_wait = success.fresh_for;
        if let Some(validators) = success.validators {
            self.validators = validators;
        }
        if let Some(reading) = success.read {
            self.body = reading.body;
            self.last_read = Some(now);
            self.salvaged = reading.salvaged;
            self.bad_guids |= reading.bad_guids;
            self.wishes = Wishes { header_wait: success.fresh_for, ..reading.wishes };
            if reading.published > 0 {
                self.last_news = Some(now);
                // What a feed lists at first is old.
                if !first {
                    self.news.note(now);
                }
            }
        }
        self.last_poll = Some(now);
        self.condition = if self.news.is_quiet(now) { Condition::Quiet } else { Condition::Ok };
        self.next_poll = Some(rhythm.next(&self.news, &self.wishes, now, chance));
    }

    /// After a delivery that brought an article.
    pub(crate) fn delivered(&mut self, now: Timestamp) {
        self.last_news = Some(now);
        self.news.note(now);
        if self.condition == Condition::Quiet {
            self.condition = Condition::Ok;
        }
    }

    /// After a poll that failed.
    pub(crate) fn failed(&mut self, failure: Failure, rhythm: &Rhythm, now: Timestamp, chance: f64) {
        let before = self.error.take();
        self.error = Some(FeedError {
            kind: failure.kind,
            message: failure.message,
            since: before.as_ref().map_or(now, |error| error.since),
            polls: before.map_or(0, |error| error.polls).saturating_add(1),
        });
        self.weight = self.weight.and(failure.kind);
        self.last_poll = Some(now);
        let asked_elsewhere = self.moved.as_ref().is_some_and(Moved::is_adopted);
        if failure.kind.is_lasting() {
            // The next poll asks the feed's own address.
            self.moved = None;
        }
        if failure.kind == ErrorKind::Gone && !asked_elsewhere {
            self.condition = Condition::Stopped;
            self.next_poll = None;
            return;
        }
        self.condition = Condition::Failing;
        let next = rhythm.next(&self.news, &self.wishes, now, chance);
        self.next_poll = Some(Rhythm::after_failures(self.weight, next, failure.retry_after, now));
    }

    fn note_move(&mut self, to: Option<Url>) {
        match (&mut self.moved, to) {
            // It is asked at its new address. Where that sends it on, the way leads over it.
            (Some(moved), _) if moved.is_adopted() => {}
            (Some(moved), Some(to)) if moved.to == to => moved.polls = moved.polls.saturating_add(1),
            (moved, to) => *moved = to.map(|to| Moved { to, polls: 1 }),
        }
    }

    /// The event that tells of this state.
    pub fn status(&self, feed: &str, at: Timestamp) -> FeedStatus {
        let moved = self.moved.as_ref().filter(|moved| moved.is_adopted());
        FeedStatus {
            schema: FeedStatus::SCHEMA.to_owned(),
            feed: feed.to_owned(),
            condition: self.condition,
            error: self.error.clone(),
            moved_to: moved.map(|moved| ShownUrl::new(&moved.to).to_string()),
            last_news: self.last_news,
            next_poll: self.next_poll,
            at,
        }
    }
}

/// Whether there is something to tell: the condition, the kind of error or the address has changed.
pub(crate) fn is_event(before: &FeedStatus, after: &FeedStatus) -> bool {
    let kind = |status: &FeedStatus| status.error.as_ref().map(|error| error.kind);
    before.condition != after.condition || kind(before) != kind(after) || before.moved_to != after.moved_to
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RHYTHM: Rhythm = Rhythm {
        shortest: Duration::from_mins(5),
        usual: Duration::from_mins(15),
        longest: Duration::from_hours(1),
        fixed: None,
    };

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn url(path: &str) -> Url {
        Url::parse("https://news.example").unwrap().join(path).unwrap()
    }

    fn moved(path: &str) -> Success {
        Success { moved: Some(url(path)), ..Success::default() }
    }

    fn failure(kind: ErrorKind) -> Failure {
        Failure { kind, message: "no".to_owned(), retry_after: None }
    }

    #[test]
    fn a_move_is_believed_after_several_agreeing_polls_and_until_it_fails() {
        let (own, mut state) = (url("/old"), FeedState::default());
        let poll = |state: &mut FeedState, success| state.succeeded(success, &RHYTHM, at(0), 0.0);
        poll(&mut state, moved("/a"));
        poll(&mut state, moved("/a"));
        poll(&mut state, moved("/b"));
        poll(&mut state, moved("/b"));
        assert_eq!(state.address(&own), &own, "two polls are not enough");
        let before = state.status("f", at(0));
        poll(&mut state, moved("/b"));
        assert_eq!(state.address(&own), &url("/b"));
        assert!(is_event(&before, &state.status("f", at(0))));
        poll(&mut state, Success::default());
        assert_eq!(state.address(&own), &url("/b"), "the new address answers for itself");
        poll(&mut state, moved("/c"));
        assert_eq!(state.address(&own), &url("/b"), "a second move leads over the first");
        for kind in [ErrorKind::Timeout, ErrorKind::Name, ErrorKind::Tls] {
            state.failed(failure(kind), &RHYTHM, at(1), 0.0);
            assert_eq!(state.address(&own), &url("/b"), "{kind} may pass");
        }
        state.failed(failure(ErrorKind::Gone), &RHYTHM, at(1), 0.0);
        assert_eq!((state.address(&own), state.condition), (&own, Condition::Failing));
        assert!(state.next_poll.is_some(), "it is not the feed's own address that is gone");
    }

    #[test]
    fn a_poll_that_is_not_sent_away_ends_the_count() {
        let (own, mut state) = (url("/old"), FeedState::default());
        for success in [moved("/a"), moved("/a"), Success::default(), moved("/a")] {
            state.succeeded(success, &RHYTHM, at(0), 0.0);
        }
        assert_eq!(state.address(&own), &own);
    }

    #[test]
    fn a_feed_that_fails_says_since_when_and_recovers() {
        let mut state = FeedState::default();
        state.failed(failure(ErrorKind::Timeout), &RHYTHM, at(10), 0.0);
        state.failed(failure(ErrorKind::Server), &RHYTHM, at(30), 0.0);
        let error = state.error.clone().unwrap();
        assert_eq!((error.since, error.polls, error.kind), (at(10), 2, ErrorKind::Server));
        assert_eq!(state.condition, Condition::Failing);
        state.succeeded(Success::default(), &RHYTHM, at(60), 0.0);
        assert_eq!((state.error.clone(), state.condition), (None, Condition::Ok));
        assert_eq!(state.next_poll, Some(at(75)), "the failures no longer count");
    }

    #[test]
    fn a_feed_that_is_gone_is_not_polled_any_more() {
        let mut state = FeedState::default();
        state.failed(failure(ErrorKind::Gone), &RHYTHM, at(0), 0.0);
        assert_eq!((state.condition, state.next_poll), (Condition::Stopped, None));
    }

    #[test]
    fn what_a_feed_lists_at_first_is_no_sign_of_how_often_it_brings_news() {
        let news = || Success { read: Some(Reading { published: 20, ..Reading::default() }), ..Success::default() };
        let mut state = FeedState::default();
        for minute in [0, 20, 40] {
            state.succeeded(news(), &RHYTHM, at(minute), 0.0);
        }
        assert_eq!(state.next_poll, Some(at(55)));
        state.succeeded(news(), &RHYTHM, at(60), 0.0);
        assert_eq!(state.next_poll, Some(at(70)));
        state.succeeded(Success::default(), &RHYTHM, at(60 + 25 * 60), 0.0);
        assert_eq!(state.condition, Condition::Quiet);
    }
}
