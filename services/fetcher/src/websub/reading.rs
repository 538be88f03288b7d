//! One body at a time of each feed: a hub that sends slowly holds one place, and leaves the others to others.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// The feeds whose deliveries are being read.
#[derive(Debug, Default)]
pub(super) struct Reading(Mutex<HashSet<String>>);

/// A feed's place. It is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place<'r> {
    reading: &'r Reading,
    feed: &'r str,
}

impl Reading {
    /// The feed's place; none while it is taken.
    pub(super) fn take<'r>(&'r self, feed: &'r str) -> Option<Place<'r>> {
        let is_free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(feed.to_owned());
        is_free.then(|| Place { reading: self, feed })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.reading.0.lock().unwrap_or_else(PoisonError::into_inner).remove(self.feed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_has_one_place_which_comes_back() {
        let reading = Reading::default();
        let first = reading.take("a").unwrap();
        assert!(reading.take("a").is_none() && reading.take("b").is_some());
        assert!(reading.take("a").is_none(), "a refusal frees nothing");
        drop(first);
        assert!(reading.take("a").is_some());
        assert!(reading.0.lock().unwrap().is_empty());
    }
}
