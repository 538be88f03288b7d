//! Which feed is due.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use tallywire_proto::Condition;

use crate::feeds::Feed;

/// The feeds, and when each is due.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) feeds: HashMap<String, Arc<Feed>>,
    due: BTreeSet<(Timestamp, String)>,
    /// Those that are being polled, and whether they are due again at once: they have changed meanwhile, or the clock has.
    polling: HashMap<String, bool>,
    /// Those that were not well at their last poll by this process.
    unwell: HashMap<String, Condition>,
}

impl Plan {
    /// Takes over a new list of feeds: new and changed ones are due at once.
    pub(crate) fn replace(&mut self, feeds: Vec<Feed>, now: Timestamp) {
        let old = std::mem::take(&mut self.feeds);
        let due = std::mem::take(&mut self.due);
        let mut times: HashMap<String, Timestamp> = due.into_iter().map(|(time, id)| (id, time)).collect();
        for feed in feeds.into_iter().filter(|feed| feed.enabled) {
            let unchanged = old.get(&feed.id).is_some_and(|old| **old == feed);
            if let Some(again) = self.polling.get_mut(&feed.id) {
                // It comes back by itself.
                *again |= !unchanged;
            } else {
                let time = times.remove(&feed.id).filter(|_| unchanged).unwrap_or(now);
                self.due.insert((time, feed.id.clone()));
            }
            self.feeds.insert(feed.id.clone(), Arc::new(feed));
        }
        self.unwell.retain(|id, _| self.feeds.contains_key(id));
    }

    /// The next feed that is due.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Arc<Feed>> {
        while self.due.first().is_some_and(|(time, _)| *time <= now) {
            let (_, id) = self.due.pop_first()?;
            if let Some(feed) = self.feeds.get(&id) {
                self.polling.insert(id, false);
                return Some(feed.clone());
            }
        }
        None
    }

    /// Makes all feeds due: the times that they had are those of a clock that was wrong, and so are those that polls
    /// under way will come back with.
    pub(crate) fn forget_times(&mut self, now: Timestamp) {
        self.polling.values_mut().for_each(|again| *again = true);
        self.due = std::mem::take(&mut self.due).into_iter().map(|(time, id)| (time.min(now), id)).collect();
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(time, _)| *time)
    }

    /// How many feeds are so, by what this process has seen of them.
    pub(crate) fn count(&self, condition: Condition) -> usize {
        match condition {
            Condition::Ok => self.feeds.len() - self.unwell.len(),
            condition => self.unwell.values().filter(|of| **of == condition).count(),
        }
    }

    /// Notes that a feed was polled, and when it is due again.
    pub(crate) fn polled(&mut self, turn: Turn, now: Timestamp) {
        let again = self.polling.remove(&turn.feed).unwrap_or(false);
        if !self.feeds.contains_key(&turn.feed) {
            return;
        }
        match turn.condition {
            None => {}
            Some(Condition::Ok) => drop(self.unwell.remove(&turn.feed)),
            Some(condition) => drop(self.unwell.insert(turn.feed.clone(), condition)),
        }
        self.due.insert((if again { now } else { turn.next }, turn.feed));
    }
}

/// What came of a feed's turn.
pub(crate) struct Turn {
    pub(crate) feed: String,
    pub(crate) next: Timestamp,
    /// How it is; unknown where another fetcher polls it.
    pub(crate) condition: Option<Condition>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds;

    fn feed(id: &str, more: &str) -> Feed {
        let text = format!("[[feed]]\nid = \"{id}\"\nurl = \"https://{id}.example/\"\n{more}");
        feeds::read(std::path::Path::new("feeds.toml"), &text).unwrap().remove(0)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn times_of_a_wrong_clock_are_forgotten() {
        let mut plan = Plan::default();
        plan.replace(vec![feed("a", "")], at(0));
        assert!(plan.take_due(at(0)).is_some());
        plan.polled(Turn { feed: "a".to_owned(), next: at(86_400), condition: Some(Condition::Ok) }, at(86_000));
        assert!(plan.take_due(at(10)).is_none());
        plan.forget_times(at(10));
        assert!(plan.take_due(at(10)).is_some());
        // It was asked when the clock was wrong, and answers when it is right again.
        plan.forget_times(at(20));
        plan.polled(Turn { feed: "a".to_owned(), next: at(86_400), condition: Some(Condition::Ok) }, at(30));
        assert!(plan.take_due(at(30)).is_some());
    }

    #[test]
    fn a_changed_list_leaves_unchanged_feeds_their_time() {
        let mut plan = Plan::default();
        plan.replace(vec![feed("a", ""), feed("b", ""), feed("off", "enabled = false")], at(0));
        assert_eq!(plan.take_due(at(0)).unwrap().id, "a");
        assert_eq!(plan.take_due(at(0)).unwrap().id, "b");
        assert!(plan.take_due(at(0)).is_none());
        plan.polled(Turn { feed: "a".to_owned(), next: at(100), condition: Some(Condition::Failing) }, at(0));
        plan.polled(Turn { feed: "b".to_owned(), next: at(50), condition: Some(Condition::Ok) }, at(0));
        assert_eq!((plan.count(Condition::Failing), plan.count(Condition::Ok)), (1, 1));
        plan.replace(vec![feed("a", "full_text = \"page\""), feed("b", ""), feed("c", "")], at(10));
        assert_eq!(plan.take_due(at(10)).unwrap().id, "a", "a changed feed is due at once");
        assert_eq!(plan.take_due(at(10)).unwrap().id, "c", "and so is a new one");
        assert_eq!(plan.next_due(), Some(at(50)));
        plan.replace(vec![feed("a", "interval = \"1m\""), feed("b", "")], at(11));
        assert!(plan.take_due(at(11)).is_none(), "a feed that is being polled is not polled beside itself");
        plan.polled(Turn { feed: "a".to_owned(), next: at(99), condition: None }, at(12));
        assert_eq!(plan.take_due(at(12)).unwrap().id, "a", "it was changed meanwhile");
        plan.replace(vec![feed("b", "")], at(13));
        plan.polled(Turn { feed: "a".to_owned(), next: at(14), condition: Some(Condition::Failing) }, at(14));
        assert_eq!(plan.next_due(), Some(at(50)), "a feed that was removed does not come back");
    }
}
