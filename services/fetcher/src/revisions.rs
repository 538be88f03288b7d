//! Revision numbers for a replay, which publishes an article anew that was fetched before.
//!
//! A number is taken first, by compare-and-set on what the index of seen articles remembers, then the article is
//! published under it, then that is remembered. So no two get the same number, and a replay that died in between gets its
//! own again, and publishes under the same message id.

use std::time::Duration;

use async_nats::jetstream;
use tallywire_proto::ArticleId;
use tallywire_runtime::broker::BrokerError;

use crate::seen::{Seen, SeenError, SeenIndex};

/// What a replay has of an article.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Held {
    /// Its page, as it was fetched for this revision.
    Page(u32),
    /// What the stages made of it, in this revision.
    Record(u32),
}

/// What is to be done with an article.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// It is to be published as this revision.
    Publish(u32),
    /// This run has published it.
    Done,
    /// A newer one is known: what the replay has is what the article was.
    Superseded,
}

/// The index cannot be read or changed at the moment.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct RevisionsError(#[from] SeenError);

/// The revisions of all articles, as the fetcher remembers them.
pub struct Revisions {
    index: SeenIndex,
    /// Names the run.
    run: String,
}

impl Revisions {
    /// Opens the index for a run of a replay.
    ///
    /// # Errors
    /// When it does not exist: no Tallywire has run on that server.
    pub async fn open(jetstream: &jetstream::Context, max_age: Duration, run: &str) -> Result<Self, BrokerError> {
        Ok(Self { index: SeenIndex::open(jetstream, max_age).await?, run: run.to_owned() })
    }

    /// What would be done with an article. Nothing is changed.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub async fn look(&self, id: ArticleId, feed: &str, held: Held) -> Result<Turn, RevisionsError> {
        Ok(self.index.change(id, |seen| (None, decide(seen, feed, held, &self.run).1)).await?)
    }

    /// Takes the next revision of an article, if it is to be published.
    ///
    /// # Errors
    /// When the index cannot be changed.
    pub async fn take(&self, id: ArticleId, feed: &str, held: Held) -> Result<Turn, RevisionsError> {
        Ok(self.index.change(id, |seen| decide(seen, feed, held, &self.run)).await?)
    }

    /// Remembers that a revision which was taken is published.
    ///
    /// # Errors
    /// When the index cannot be changed.
    pub async fn published(&self, id: ArticleId, revision: u32) -> Result<(), RevisionsError> {
        let published = |seen: Seen| {
            (Some(Seen { replay: Some(self.run.clone()), ..seen.published(revision, &taker(&self.run)) }), ())
        };
        Ok(self.index.change(id, published).await?)
    }
}

fn taker(run: &str) -> String {
    format!("replay:{run}")
}

fn decide(seen: Seen, feed: &str, held: Held, run: &str) -> (Option<Seen>, Turn) {
    if seen.replay.as_deref() == Some(run) {
        return (None, Turn::Done);
    }
    let (own, newest) = match held {
        Held::Page(own) => (own, seen.fetched()),
        Held::Record(own) => (own, seen.revision),
    };
    if own < newest {
        return (None, Turn::Superseded);
    }
    // The index has forgotten it, or has never known so new a one.
    let seen = if seen.revision < own {
        let feed = if seen.feed.is_empty() { feed.to_owned() } else { seen.feed };
        Seen { feed, revision: own, fetched: own, ..seen }
    } else {
        Seen { fetched: seen.fetched(), ..seen }
    };
    let (seen, revision) = seen.take(&taker(run));
    (Some(seen), Turn::Publish(revision))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(revision: u32, fetched: u32) -> Seen {
        Seen { feed: "feed".to_owned(), fingerprint: "print".to_owned(), revision, fetched, ..Seen::default() }
    }

    fn publish(seen: Seen, revision: u32, run: &str) -> Seen {
        Seen { replay: Some(run.to_owned()), ..seen.published(revision, &taker(run)) }
    }

    #[test]
    fn a_run_publishes_an_article_once_and_the_next_run_again() {
        for held in [Held::Page(1), Held::Record(1)] {
            let (taken, turn) = decide(known(1, 0), "feed", held, "a");
            assert_eq!(turn, Turn::Publish(2));
            // It died before it published.
            let (taken, turn) = decide(taken.unwrap(), "feed", held, "a");
            assert_eq!(turn, Turn::Publish(2));
            let seen = publish(taken.unwrap(), 2, "a");
            assert_eq!((seen.revision, seen.fetched(), seen.fingerprint.as_str()), (2, 1, "print"));
            assert_eq!(decide(seen.clone(), "feed", held, "a"), (None, Turn::Done));
            let again = decide(seen, "feed", held, "b").1;
            assert_eq!(again, if held == Held::Page(1) { Turn::Publish(3) } else { Turn::Superseded });
        }
    }

    #[test]
    fn only_the_newest_is_published() {
        assert_eq!(decide(known(3, 2), "feed", Held::Page(1), "a").1, Turn::Superseded);
        assert_eq!(decide(known(3, 2), "feed", Held::Page(2), "a").1, Turn::Publish(4));
        assert_eq!(decide(known(3, 2), "feed", Held::Record(2), "a").1, Turn::Superseded);
        assert_eq!(decide(known(3, 2), "feed", Held::Record(3), "a").1, Turn::Publish(4));
    }

    #[test]
    fn an_article_that_is_forgotten_goes_on_from_what_the_replay_has() {
        let (seen, turn) = decide(Seen::default(), "feed", Held::Page(2), "a");
        assert_eq!(turn, Turn::Publish(3));
        let seen = seen.unwrap();
        assert_eq!((seen.feed.as_str(), seen.revision, seen.fetched()), ("feed", 2, 2));
        assert_eq!(decide(publish(seen, 3, "a"), "feed", Held::Page(1), "b").1, Turn::Superseded);
    }
}
