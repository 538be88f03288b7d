//! Which feed is due, and whose turn it is.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use tallywire_runtime::{Metrics, config::ConfigError};
use tokio::{
    task::{self, JoinSet},
    time::Instant,
};
use tracing::{error, info, warn};

use crate::{
    feeds::{self, Feed},
    poll::{News, Poller},
    state::{FeedState, Lease, StateError, States, Versioned},
};

/// How often `feeds.toml` is looked at for a change.
const LOOK: Duration = Duration::from_secs(2);
/// The wait when the broker does not answer.
const BROKER_AWAY: Duration = Duration::from_secs(2);
/// A feed that fails is polled less and less often: this many intervals at most.
const MOST_INTERVALS: u32 = 10;
/// And never less often than this.
const LONGEST: Duration = Duration::from_hours(24);

/// The wait after a poll that broke off.
const AFTER_DEFECT: Duration = Duration::from_mins(15);

/// Polls feeds when they are due.
pub(crate) struct Scheduler {
    pub(crate) poller: Arc<Poller>,
    pub(crate) states: Arc<States>,
    pub(crate) owner: Arc<str>,
    pub(crate) file: PathBuf,
    pub(crate) metrics: Metrics,
}

/// The feeds, and when each is due.
#[derive(Default)]
struct Plan {
    feeds: HashMap<String, Arc<Feed>>,
    due: BTreeSet<(Timestamp, String)>,
    /// Those that are being polled, and whether they have changed meanwhile.
    polling: HashMap<String, bool>,
    failing: HashSet<String>,
}

impl Plan {
    /// Takes over a new list of feeds: new and changed ones are due at once.
    fn replace(&mut self, feeds: Vec<Feed>, now: Timestamp) {
        let old = std::mem::take(&mut self.feeds);
        let due = std::mem::take(&mut self.due);
        let mut times: HashMap<String, Timestamp> = due.into_iter().map(|(time, id)| (id, time)).collect();
        for feed in feeds.into_iter().filter(|feed| feed.enabled) {
            let unchanged = old.get(&feed.id).is_some_and(|old| **old == feed);
            if let Some(changed) = self.polling.get_mut(&feed.id) {
                // It comes back by itself.
                *changed |= !unchanged;
            } else {
                let time = times.remove(&feed.id).filter(|_| unchanged).unwrap_or(now);
                self.due.insert((time, feed.id.clone()));
            }
            self.feeds.insert(feed.id.clone(), Arc::new(feed));
        }
        self.failing.retain(|id| self.feeds.contains_key(id));
    }

    /// The next feed that is due.
    fn take_due(&mut self, now: Timestamp) -> Option<Arc<Feed>> {
        while self.due.first().is_some_and(|(time, _)| *time <= now) {
            let (_, id) = self.due.pop_first()?;
            if let Some(feed) = self.feeds.get(&id) {
                self.polling.insert(id, false);
                return Some(feed.clone());
            }
        }
        None
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(time, _)| *time)
    }

    /// Notes that a feed was polled, and when it is due again.
    fn polled(&mut self, turn: Turn, now: Timestamp) {
        let changed = self.polling.remove(&turn.feed).unwrap_or(false);
        if !self.feeds.contains_key(&turn.feed) {
            return;
        }
        match turn.failing {
            Some(true) => self.failing.insert(turn.feed.clone()),
            Some(false) => self.failing.remove(&turn.feed),
            None => false,
        };
        self.due.insert((if changed { now } else { turn.next }, turn.feed));
    }
}

/// What came of a feed's turn.
struct Turn {
    feed: String,
    next: Timestamp,
    /// Whether its last poll failed; unknown where another fetcher polls it.
    failing: Option<bool>,
}

impl Scheduler {
    /// Polls feeds until the service stops, then lets the polls under way end.
    pub(crate) async fn run(self) -> Result<(), ConfigError> {
        let scheduler = Arc::new(self);
        let stop = scheduler.poller.stop.clone();
        let mut plan = Plan::default();
        let mut version = version(&scheduler.file);
        plan.replace(feeds::load(&scheduler.file)?, Timestamp::now());
        info!(feeds = plan.feeds.len(), file = %scheduler.file.display(), "polling");
        let mut polls: JoinSet<Turn> = JoinSet::new();
        let mut polled: HashMap<task::Id, String> = HashMap::new();
        let mut look = tokio::time::interval(LOOK);
        loop {
            scheduler.count(&plan);
            let room = polls.len() < scheduler.poller.settings.concurrency.max(1);
            if room && let Some(feed) = plan.take_due(Timestamp::now()) {
                let (scheduler, id) = (scheduler.clone(), feed.id.clone());
                let poll = polls.spawn(async move { scheduler.turn(&feed).await });
                polled.insert(poll.id(), id);
                continue;
            }
            let wake = if room { until(plan.next_due()) } else { Instant::now() + LOOK };
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep_until(wake) => {}
                Some(ended) = polls.join_next_with_id() => {
                    let id = ended.as_ref().map_or_else(task::JoinError::id, |(id, _)| *id);
                    let feed = polled.remove(&id).unwrap_or_default();
                    let turn = ended.map_or_else(|error| broke_off(feed, &error), |(_, turn)| turn);
                    plan.polled(turn, Timestamp::now());
                },
                _ = look.tick() => scheduler.reread(&mut plan, &mut version),
            }
        }
        tokio::select! {
            () = async { while polls.join_next().await.is_some() {} } => {}
            () = scheduler.poller.abort.cancelled() => warn!("stopped before all polls were done"),
        }
        Ok(())
    }

    fn count(&self, plan: &Plan) {
        let failing = plan.failing.len();
        self.metrics.set_feeds("failing", failing);
        self.metrics.set_feeds("ok", plan.feeds.len().saturating_sub(failing));
    }

    /// Rereads `feeds.toml` if it has changed; keeps the old list where the new one will not do.
    fn reread(&self, plan: &mut Plan, known: &mut Option<(SystemTime, u64)>) {
        let now = version(&self.file);
        if now == *known {
            return;
        }
        *known = now;
        match feeds::load(&self.file) {
            Ok(feeds) => {
                plan.replace(feeds, Timestamp::now());
                info!(feeds = plan.feeds.len(), file = %self.file.display(), "feeds reread");
            }
            Err(error) => error!(%error, "the feeds stay as they were"),
        }
    }

    /// Polls a feed if it is our turn; says when it is due next.
    async fn turn(&self, feed: &Feed) -> Turn {
        let now = Timestamp::now();
        let turn = |next, failing| Turn { feed: feed.id.clone(), next, failing };
        match self.try_turn(feed, now).await {
            Ok(Ok(state)) => turn(state.next_poll.unwrap_or(now), Some(state.failures > 0)),
            Ok(Err(later)) => turn(later, None),
            Err(StateError::Taken(_)) => turn(now + BROKER_AWAY, None),
            Err(error) => {
                warn!(%error, "the broker does not answer, polling later");
                turn(now + BROKER_AWAY, None)
            }
        }
    }

    /// Returns the state after the poll, or when to come back where it is not our turn.
    async fn try_turn(&self, feed: &Feed, now: Timestamp) -> Result<Result<FeedState, Timestamp>, StateError> {
        let mut versioned = self.states.get(&feed.id).await?;
        let source = feed.source();
        if versioned.state.source != source {
            versioned.state = FeedState { source, ..FeedState::default() };
        }
        if let Some(later) = not_before(&versioned.state, &self.owner, self.interval(feed), now) {
            return Ok(Err(later));
        }
        self.lease(feed, &mut versioned).await?;
        let validators = versioned.state.validators.clone();
        let outcome = {
            let mut poll = std::pin::pin!(self.poller.poll(feed, &validators));
            loop {
                tokio::select! {
                    outcome = &mut poll => break outcome,
                    () = tokio::time::sleep(self.poller.settings.lease / 3) => {
                        self.lease(feed, &mut versioned).await?;
                    }
                }
            }
        };
        let state = &mut versioned.state;
        state.lease = None;
        state.last_poll = Some(now);
        let wait = match outcome {
            Ok(news) => {
                self.note_success(state, news, now);
                self.interval(feed)
            }
            Err(error) => {
                self.note_failure(state, feed, &error, now);
                let asked = match &error {
                    crate::poll::PollError::Fetch(error) => error.retry_after(),
                    crate::poll::PollError::Parse { .. } => None,
                };
                let interval = self.interval(feed);
                let backed_off = (interval * state.failures.min(MOST_INTERVALS)).min(LONGEST);
                asked.unwrap_or_default().min(LONGEST).max(backed_off).max(interval)
            }
        };
        // A poll that was cut short is taken up again after the restart.
        let cut_short = self.poller.stop.is_cancelled() && state.failures == 0;
        state.next_poll = Some(if cut_short { now } else { now + wait });
        self.states.put(&feed.id, &mut versioned).await?;
        Ok(Ok(versioned.state))
    }

    async fn lease(&self, feed: &Feed, versioned: &mut Versioned) -> Result<(), StateError> {
        let until = Timestamp::now() + self.poller.settings.lease;
        versioned.state.lease = Some(Lease { owner: self.owner.to_string(), until });
        self.states.put(&feed.id, versioned).await
    }

    fn interval(&self, feed: &Feed) -> Duration {
        feed.interval.unwrap_or(self.poller.settings.interval)
    }

    fn note_success(&self, state: &mut FeedState, news: News, now: Timestamp) {
        state.failures = 0;
        state.error = None;
        state.failing_since = None;
        match news {
            News::Unchanged => self.metrics.count_poll("unchanged"),
            News::Read { published, validators } => {
                state.validators = validators;
                if published > 0 {
                    state.last_news = Some(now);
                }
                self.metrics.count_poll("read");
            }
        }
    }

    fn note_failure(&self, state: &mut FeedState, feed: &Feed, error: &impl std::fmt::Display, now: Timestamp) {
        state.failures += 1;
        state.error = Some(error.to_string());
        state.failing_since.get_or_insert(now);
        self.metrics.count_poll("failed");
        warn!(feed = feed.id, failures = state.failures, %error, "the poll failed");
    }
}

/// When to come back to a feed that is not ours to poll now.
fn not_before(state: &FeedState, owner: &str, interval: Duration, now: Timestamp) -> Option<Timestamp> {
    if let Some(lease) = state.lease.as_ref().filter(|lease| lease.owner != owner && lease.until > now) {
        return Some(lease.until.min(now + interval));
    }
    let next = state.next_poll.filter(|next| *next > now)?;
    // A shorter interval in the file holds at once.
    let latest = state.last_poll.filter(|_| state.failures == 0).map_or(next, |last| last + interval);
    let next = next.min(latest);
    (next > now).then_some(next)
}

/// A poll that panicked is a defect; its feed is polled on.
fn broke_off(feed: String, error: &task::JoinError) -> Turn {
    error!(feed, %error, "a poll broke off");
    Turn { feed, next: Timestamp::now() + AFTER_DEFECT, failing: Some(true) }
}

fn until(due: Option<Timestamp>) -> Instant {
    let wait = due.map_or(LOOK, |due| Duration::try_from(due.duration_since(Timestamp::now())).unwrap_or_default());
    Instant::now() + wait.min(LOOK)
}

/// Tells whether the file has changed.
fn version(file: &std::path::Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(id: &str, more: &str) -> Feed {
        let text = format!("[[feed]]\nid = \"{id}\"\nurl = \"https://{id}.example/\"\n{more}");
        feeds::read(std::path::Path::new("feeds.toml"), &text).unwrap().remove(0)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_changed_list_leaves_unchanged_feeds_their_time() {
        let mut plan = Plan::default();
        plan.replace(vec![feed("a", ""), feed("b", ""), feed("off", "enabled = false")], at(0));
        assert_eq!(plan.take_due(at(0)).unwrap().id, "a");
        assert_eq!(plan.take_due(at(0)).unwrap().id, "b");
        assert!(plan.take_due(at(0)).is_none());
        plan.polled(Turn { feed: "a".to_owned(), next: at(100), failing: Some(true) }, at(0));
        plan.polled(Turn { feed: "b".to_owned(), next: at(50), failing: Some(false) }, at(0));
        plan.replace(vec![feed("a", "full_text = \"page\""), feed("b", ""), feed("c", "")], at(10));
        assert_eq!(plan.take_due(at(10)).unwrap().id, "a", "a changed feed is due at once");
        assert_eq!(plan.take_due(at(10)).unwrap().id, "c", "and so is a new one");
        assert_eq!(plan.next_due(), Some(at(50)));
        plan.replace(vec![feed("a", "interval = \"1m\""), feed("b", "")], at(11));
        assert!(plan.take_due(at(11)).is_none(), "a feed that is being polled is not polled beside itself");
        plan.polled(Turn { feed: "a".to_owned(), next: at(99), failing: None }, at(12));
        assert_eq!(plan.take_due(at(12)).unwrap().id, "a", "it was changed meanwhile");
        plan.replace(vec![feed("b", "")], at(13));
        plan.polled(Turn { feed: "a".to_owned(), next: at(14), failing: Some(true) }, at(14));
        assert_eq!(plan.next_due(), Some(at(50)), "a feed that was removed does not come back");
    }

    #[test]
    fn a_restart_polls_nothing_early_and_a_dead_fetchers_feeds_are_taken_over() {
        let minute = Duration::from_mins(1);
        let mut state = FeedState { next_poll: Some(at(100)), ..FeedState::default() };
        state.last_poll = Some(at(40));
        assert_eq!(not_before(&state, "me", minute, at(50)), Some(at(100)));
        assert_eq!(not_before(&state, "me", minute, at(100)), None);
        assert_eq!(not_before(&state, "me", minute / 6, at(60)), None, "a shorter interval holds at once");
        state.lease = Some(Lease { owner: "other".to_owned(), until: at(120) });
        assert_eq!(not_before(&state, "me", minute, at(110)), Some(at(120)));
        assert_eq!(not_before(&state, "me", minute, at(121)), None, "its lease has run out");
        assert_eq!(not_before(&state, "other", minute, at(110)), None, "its own lease is no obstacle");
    }
}
