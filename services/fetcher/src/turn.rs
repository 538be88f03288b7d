//! A feed's turn: take the lease, poll, and remember what came of it.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tallywire_proto::{Condition, FeedStatus, header, subject};
use tallywire_runtime::{config, telemetry::Feeds};
use tracing::{info, warn};

use crate::{
    cadence::Rhythm,
    clock::is_ahead,
    feeds::Feed,
    parse::parse_feed_aside,
    plan::Turn,
    poll::Poller,
    state::{Failure, FeedState, Lease, Success, is_event},
    store::{StateError, States, Versioned},
    websub::{Delivery, Hubs, Subscriber},
};

/// The wait when the broker does not answer.
const BROKER_AWAY: Duration = Duration::from_secs(2);
/// How often the state of a feed is looked at that fails or is not polled any more: somebody may have had it forgotten.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// Takes the turns of feeds.
pub(crate) struct Turns {
    pub(crate) poller: Poller,
    pub(crate) states: States,
    pub(crate) owner: String,
    pub(crate) metrics: Feeds,
    pub(crate) settings: config::Fetcher,
    /// Subscribes to hubs, where it is switched on.
    pub(crate) hubs: Option<Subscriber<Hubs>>,
}

impl Turns {
    /// Polls a feed if it is our turn; says when it is due next.
    pub(crate) async fn take(&self, feed: &Feed) -> Turn {
        let now = Timestamp::now();
        let turn = |next, condition| Turn { feed: feed.id.clone(), next, condition };
        match self.try_take(feed, now).await {
            Ok((next, condition)) => {
                let is_well = matches!(condition, Condition::Ok | Condition::Quiet);
                turn(if is_well { next } else { next.min(now + LOOK_AGAIN) }, Some(condition))
            }
            Err(StateError::Taken(_)) => turn(now + BROKER_AWAY, None),
            Err(error) => {
                warn!(%error, "the broker does not answer, polling later");
                turn(now + BROKER_AWAY, None)
            }
        }
    }

    /// Returns when to come back, and how the feed is.
    async fn try_take(&self, feed: &Feed, now: Timestamp) -> Result<(Timestamp, Condition), StateError> {
        let mut versioned = self.states.get(&feed.id).await?;
        let source = feed.source();
        if versioned.state.source != source {
            // Who polls it goes on doing so.
            let lease = versioned.state.lease.take();
            versioned.state = FeedState { source, lease, ..FeedState::default() };
        }
        let rhythm = self.rhythm(feed, versioned.state.hub_delivers);
        if let Some(later) = not_before(&versioned.state, &self.owner, self.settings.lease, &rhythm, now) {
            return Ok((later, versioned.state.condition));
        }
        let before = versioned.state.status(&feed.id, now);
        self.lease(feed, &mut versioned).await?;
        let asked = versioned.state.clone();
        let (outcome, hub_delivers) = {
            let mut poll = std::pin::pin!(async {
                let outcome = self.poller.poll(feed, &asked, now).await;
                let hub_delivers = self.tend_subscription(feed, &asked, &outcome, now).await;
                (outcome, hub_delivers)
            });
            loop {
                tokio::select! {
                    ended = &mut poll => break ended,
                    () = tokio::time::sleep(self.settings.lease / 3) => {
                        self.renew_lease(feed, &mut versioned).await?;
                    }
                }
            }
        };
        let state = &mut versioned.state;
        state.lease = None;
        state.hub_delivers = hub_delivers;
        let rhythm = self.rhythm(feed, hub_delivers);
        let chance = rand::random();
        match outcome {
            Ok(success) => {
                let is_pending = success.read.as_ref().is_some_and(|reading| reading.body.is_none());
                self.metrics.polled(if success.read.is_some() { "read" } else { "unchanged" });
                state.succeeded(success, &rhythm, now, chance);
                // A poll that was cut short is taken up again after the restart.
                if is_pending && self.poller.publisher.stop.is_cancelled() {
                    state.next_poll = Some(now);
                }
            }
            Err(failure) => {
                self.metrics.polled(failure.kind.name());
                warn!(feed = feed.id, failures = state.failures() + 1, error = failure.message, "the poll failed");
                // `Retry-After` counts from the answer, which a busy server may take its time for.
                state.failed(failure, &rhythm, Timestamp::now(), chance);
            }
        }
        self.states.put(&feed.id, &mut versioned).await?;
        self.tell(&before, &versioned.state.status(&feed.id, now)).await;
        Ok((versioned.state.next_poll.unwrap_or(Timestamp::MAX), versioned.state.condition))
    }

    async fn lease(&self, feed: &Feed, versioned: &mut Versioned) -> Result<(), StateError> {
        let until = Timestamp::now() + self.settings.lease;
        versioned.state.lease = Some(Lease { owner: self.owner.clone(), until });
        self.states.put(&feed.id, versioned).await
    }

    /// Keeps the lease. A broker that is away for a while ends no poll: only another fetcher that has taken over does.
    async fn renew_lease(&self, feed: &Feed, versioned: &mut Versioned) -> Result<(), StateError> {
        let mut outcome = self.lease(feed, versioned).await;
        if let Err(StateError::Taken(_)) = outcome {
            // Perhaps by ourselves: a write that was done, and whose answer was lost.
            let there = self.states.get(&feed.id).await;
            if let Ok(there) = there
                && there.state.lease.as_ref().is_some_and(|lease| lease.owner == self.owner)
            {
                *versioned = there;
                outcome = self.lease(feed, versioned).await;
            }
        }
        match outcome {
            Err(error @ StateError::Store { .. }) => {
                warn!(feed = feed.id, %error, "the lease is renewed later");
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// How often a feed is polled. While a hub delivers its news, polls only make sure that it does.
    fn rhythm(&self, feed: &Feed, hub_delivers: bool) -> Rhythm {
        let config::Fetcher { min_interval, interval, max_interval, .. } = self.settings;
        let (shortest, usual) = if hub_delivers { (max_interval, max_interval) } else { (min_interval, interval) };
        Rhythm { shortest, usual, longest: max_interval, fixed: feed.interval }
    }

    /// Sees to a feed's subscription after a poll; says whether its hub delivers its news.
    async fn tend_subscription(
        &self,
        feed: &Feed,
        asked: &FeedState,
        outcome: &Result<Success, Failure>,
        now: Timestamp,
    ) -> bool {
        let Some(hubs) = &self.hubs else { return false };
        let reading = outcome.as_ref().ok().and_then(|success| success.read.as_ref());
        let found_news = asked.last_poll.is_some() && reading.is_some_and(|reading| reading.published > 0);
        let tend = async {
            if let Some(reading) = reading {
                hubs.note(&feed.id, &reading.hub, rand::random(), now).await?;
            }
            let ask = async |hub: &url::Url, form: String| self.poller.client.post_form(hub, form).await;
            hubs.keep_up(&feed.id, found_news, now, ask).await
        };
        tend.await.unwrap_or_else(|error| {
            warn!(feed = feed.id, %error, "the subscription is seen to later");
            asked.hub_delivers
        })
    }

    /// Publishes what is new of what a hub has delivered. No lease is taken: message ids drop what a poll at the same
    /// time publishes too.
    pub(crate) async fn take_delivery(&self, feed: &Feed, delivery: Delivery) {
        let found = SystemTime::now();
        let Delivery { base, content_type, body, .. } = delivery;
        let parsed = match parse_feed_aside(body, content_type, &base).await {
            Ok(parsed) => parsed,
            Err(error) => return warn!(feed = feed.id, %error, "the hub has delivered what is no feed"),
        };
        if let Some(hubs) = &self.hubs
            && let Err(error) = hubs.delivered(&feed.id).await
        {
            warn!(feed = feed.id, %error, "that the hub delivers is noted later");
        }
        let noted = async {
            let bad_guids = self.states.get(&feed.id).await?.state.bad_guids;
            let published = self.poller.publisher.publish_all(feed, &base, parsed, bad_guids, found).await;
            if published.count > 0 { self.note_delivery(feed).await } else { Ok(()) }
        };
        if let Err(error) = noted.await {
            warn!(feed = feed.id, %error, "the feed's state does not tell of a delivery");
        }
    }

    /// Writes that a delivery has brought news, once no poll is under way.
    async fn note_delivery(&self, feed: &Feed) -> Result<(), StateError> {
        loop {
            let mut versioned = self.states.get(&feed.id).await?;
            let now = Timestamp::now();
            let lease = versioned.state.lease.as_ref().filter(|lease| holds(lease, self.settings.lease, now));
            if let Some(wait) = lease.and_then(|lease| Duration::try_from(lease.until.duration_since(now)).ok()) {
                tokio::time::sleep(wait.min(BROKER_AWAY)).await;
                continue;
            }
            versioned.state.delivered(now);
            match self.states.put(&feed.id, &mut versioned).await {
                Err(StateError::Taken(_)) => {}
                outcome => return outcome,
            }
        }
    }

    /// Tells subscribers how a feed is, where that has changed. An event that cannot be sent is lost: the state stands
    /// in the bucket.
    async fn tell(&self, before: &FeedStatus, after: &FeedStatus) {
        if !is_event(before, after) {
            return;
        }
        match after.condition {
            Condition::Ok => info!(feed = after.feed, moved_to = after.moved_to, "the feed is well"),
            Condition::Quiet => warn!(feed = after.feed, "the feed has gone quiet"),
            Condition::Failing => {}
            Condition::Stopped => warn!(feed = after.feed, "the feed is gone, and is not polled any more"),
        }
        let Ok(body) = serde_json::to_vec(after) else { return };
        let mut headers = async_nats::HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/json");
        let client = self.poller.publisher.broker.client();
        let sent = client.publish_with_headers(subject::feed_status(&after.feed), headers, body.into()).await;
        if let Err(error) = sent {
            warn!(feed = after.feed, %error, "the event could not be sent");
        }
    }
}

/// Whether a lease, taken for so long, is one still: not if it has run out, or was taken under a wrong clock.
fn holds(lease: &Lease, length: Duration, now: Timestamp) -> bool {
    lease.until > now && lease.until.checked_sub(length).is_ok_and(|taken| !is_ahead(taken, now))
}

/// When to come back to a feed that is not ours to poll now. A lease is taken for `lease`.
fn not_before(state: &FeedState, owner: &str, lease: Duration, rhythm: &Rhythm, now: Timestamp) -> Option<Timestamp> {
    if let Some(other) = state.lease.as_ref().filter(|other| other.owner != owner && holds(other, lease, now)) {
        return Some(other.until);
    }
    if state.condition == Condition::Stopped {
        return Some(now + LOOK_AGAIN);
    }
    if state.last_poll.is_some_and(|last| is_ahead(last, now)) {
        return None;
    }
    let next = state.next_poll.filter(|next| *next > now)?;
    // A shorter interval in the file holds at once.
    let fixed = rhythm.fixed.filter(|_| state.failures() == 0);
    let latest = fixed.zip(state.last_poll).map_or(next, |(fixed, last)| last + fixed);
    let next = next.min(latest);
    (next > now).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const LEASE: Duration = Duration::from_mins(1);

    #[test]
    fn what_was_noted_under_a_wrong_clock_holds_nothing_up() {
        let mut state = FeedState { next_poll: Some(at(90_000)), last_poll: Some(at(86_400)), ..FeedState::default() };
        assert_eq!(not_before(&state, "me", LEASE, &every(3600), at(100)), None, "it was polled tomorrow");
        state.last_poll = Some(at(90));
        state.next_poll = Some(at(3690));
        assert_eq!(not_before(&state, "me", LEASE, &every(3600), at(100)), Some(at(3690)));
        state.lease = Some(Lease { owner: "other".to_owned(), until: at(86_460) });
        assert_eq!(not_before(&state, "me", LEASE, &every(3600), at(4000)), None, "it was leased tomorrow");
    }

    fn every(seconds: u64) -> Rhythm {
        let wait = Duration::from_secs(seconds);
        Rhythm { shortest: wait, usual: wait, longest: wait, fixed: Some(wait) }
    }

    #[test]
    fn a_restart_polls_nothing_early_and_a_dead_fetchers_feeds_are_taken_over() {
        let mut state = FeedState { next_poll: Some(at(100)), ..FeedState::default() };
        state.last_poll = Some(at(40));
        assert_eq!(not_before(&state, "me", LEASE, &every(60), at(50)), Some(at(100)));
        assert_eq!(not_before(&state, "me", LEASE, &every(60), at(100)), None);
        assert_eq!(not_before(&state, "me", LEASE, &every(10), at(60)), None, "a shorter interval holds at once");
        state.lease = Some(Lease { owner: "other".to_owned(), until: at(120) });
        assert_eq!(not_before(&state, "me", LEASE, &every(60), at(110)), Some(at(120)));
        assert_eq!(not_before(&state, "me", LEASE, &every(60), at(121)), None, "its lease has run out");
        assert_eq!(not_before(&state, "other", LEASE, &every(60), at(110)), None, "its own lease is no obstacle");
    }

    #[test]
    fn a_feed_that_is_gone_is_left_alone_until_it_is_forgotten() {
        let gone = FeedState { condition: Condition::Stopped, ..FeedState::default() };
        assert_eq!(not_before(&gone, "me", LEASE, &every(1), at(100)), Some(at(100) + LOOK_AGAIN));
        assert_eq!(not_before(&FeedState::default(), "me", LEASE, &every(1), at(100)), None);
    }
}
