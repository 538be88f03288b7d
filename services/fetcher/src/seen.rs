//! Which articles were published: a key an article in the bucket `seen`, which forgets those that no feed lists any more.

use std::time::Duration;

use async_nats::jetstream::{
    self,
    kv::{CreateErrorKind, Store, UpdateErrorKind},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tallywire_proto::{ArticleId, subject::SEEN_BUCKET};
use tallywire_runtime::broker::{BrokerError, open_bucket};

use crate::service::NAME;

/// How often a change is tried that others get in the way of.
const TRIES: usize = 16;

/// What is remembered of an article.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Seen {
    /// The feed that announced it first: only its changes make a new revision.
    pub(crate) feed: String,
    /// Of what the feed said of it when it was published.
    pub(crate) fingerprint: String,
    /// The last revision that was published; 0 for none yet.
    pub(crate) revision: u32,
    /// How often its page could not be had.
    pub(crate) attempts: u32,
    /// The last revision that came of what the feed or its page says, and not of a replay; 0 where that is `revision`.
    pub(crate) fetched: u32,
    /// A revision that somebody is about to publish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) taken: Option<Taken>,
    /// The last replay that published the article anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replay: Option<String>,
    /// The article that this is another name of; the rest then says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) article: Option<ArticleId>,
}

/// A revision that is given to one who publishes it. Nobody else gets that number, and he gets it again when he died.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Taken {
    pub(crate) revision: u32,
    /// The fetcher, or a replay.
    pub(crate) by: String,
}

/// What an entry is to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is known as it is.
    Known,
    /// It is to be published as this revision.
    Publish {
        /// The revision.
        revision: u32,
    },
}

/// The bucket cannot be read or changed at the moment.
#[derive(Debug, thiserror::Error)]
#[error("the index of seen articles: {0}")]
pub(crate) struct SeenError(String);

/// The index of seen articles.
pub(crate) struct SeenIndex {
    store: Store,
    max_age: Duration,
}

impl SeenIndex {
    pub(crate) async fn open(jetstream: &jetstream::Context, max_age: Duration) -> Result<Self, BrokerError> {
        Ok(Self { store: open_bucket(jetstream, SEEN_BUCKET).await?, max_age })
    }

    /// What is remembered of an article.
    pub(crate) async fn get(&self, id: ArticleId) -> Result<Seen, SeenError> {
        Ok(self.renew(id).await?.0)
    }

    /// The article that a name stands for, the name's own where it is none's yet; what is remembered of it; and whether
    /// that was so long ago that its other names are to be remembered anew too.
    pub(crate) async fn resolve(&self, name: ArticleId) -> Result<(ArticleId, Seen, bool), SeenError> {
        let (seen, renewed) = self.renew(name).await?;
        match seen.article {
            Some(article) => self.renew(article).await.map(|(seen, also)| (article, seen, renewed || also)),
            None => Ok((name, seen, renewed)),
        }
    }

    /// What is listed still is remembered anew before it would be forgotten.
    async fn renew(&self, id: ArticleId) -> Result<(Seen, bool), SeenError> {
        let key = id.to_string();
        let Some(entry) = self.store.entry(&key).await.map_err(|error| failed(&error))? else {
            return Ok((Seen::default(), false));
        };
        let seen: Seen = serde_json::from_slice(&entry.value).unwrap_or_default();
        let age = Timestamp::now().as_second() - entry.created.unix_timestamp();
        let is_old = age.unsigned_abs() > self.max_age.as_secs() / 2;
        if is_old {
            self.change(id, |seen| (Some(seen), ())).await?;
        }
        Ok((seen, is_old))
    }

    /// Remembers a name of an article beside its id.
    pub(crate) async fn name(&self, name: ArticleId, article: ArticleId) -> Result<(), SeenError> {
        self.put(name, &Seen { article: Some(article), ..Seen::default() }).await
    }

    /// Takes the next revision of an article for the fetcher, as long as it has not published another since it looked.
    pub(crate) async fn take(&self, id: ArticleId, looked: &Seen) -> Result<Option<u32>, SeenError> {
        self.change(id, |seen| seen.take_after(looked)).await
    }

    /// Changes what is remembered of an article, and nobody else meanwhile: where somebody does, it is decided anew on what
    /// is remembered then. Nothing is changed where `decide` returns nothing.
    pub(crate) async fn change<T>(
        &self,
        id: ArticleId,
        decide: impl Fn(Seen) -> (Option<Seen>, T),
    ) -> Result<T, SeenError> {
        let key = id.to_string();
        for _ in 0..TRIES {
            let entry = self.store.entry(&key).await.map_err(|error| failed(&error))?;
            let seen = entry.as_ref().map(|entry| serde_json::from_slice(&entry.value).unwrap_or_default());
            let (changed, decided) = decide(seen.unwrap_or_default());
            let Some(changed) = changed else { return Ok(decided) };
            let bytes = serde_json::to_vec(&changed).map_err(|error| failed(&error))?.into();
            let is_first = match entry {
                Some(entry) => match self.store.update(&key, bytes, entry.revision).await {
                    Ok(_) => true,
                    Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => false,
                    Err(error) => return Err(failed(&error)),
                },
                None => match self.store.create(&key, bytes).await {
                    Ok(_) => true,
                    Err(error) if error.kind() == CreateErrorKind::AlreadyExists => false,
                    Err(error) => return Err(failed(&error)),
                },
            };
            if is_first {
                return Ok(decided);
            }
        }
        Err(SeenError(format!("{key} is changed by others all the time")))
    }

    async fn put(&self, id: ArticleId, seen: &Seen) -> Result<(), SeenError> {
        let bytes = serde_json::to_vec(seen).map_err(|error| failed(&error))?;
        self.store.put(id.to_string(), bytes.into()).await.map_err(|error| failed(&error))?;
        Ok(())
    }
}

impl Seen {
    /// What an entry of a feed with this fingerprint is to be.
    pub(crate) fn judge(&self, feed: &str, fingerprint: &str) -> Verdict {
        if self.revision == 0 {
            return Verdict::Publish { revision: 1 };
        }
        if self.feed != feed || self.fingerprint == fingerprint {
            return Verdict::Known;
        }
        Verdict::Publish { revision: self.revision + 1 }
    }

    /// The last revision that came of what the feed or its page says.
    pub(crate) fn fetched(&self) -> u32 {
        if self.fetched == 0 { self.revision } else { self.fetched }
    }

    /// The next revision that nobody has taken; the same again for one who took it and has not published it.
    pub(crate) fn take(self, by: &str) -> (Self, u32) {
        let own = self.taken.as_ref().filter(|taken| taken.by == by && taken.revision > self.revision);
        let last = self.taken.as_ref().map_or(0, |taken| taken.revision).max(self.revision);
        let revision = own.map_or(last + 1, |taken| taken.revision);
        (Self { taken: Some(Taken { revision, by: by.to_owned() }), ..self }, revision)
    }

    /// The next revision for the fetcher; none where what its feed said when it looked is no longer the last: a poll and a
    /// delivery came at the same time, and the other was first.
    pub(crate) fn take_after(self, looked: &Seen) -> (Option<Self>, Option<u32>) {
        if self.fetched() != looked.fetched() {
            return (None, None);
        }
        let (seen, revision) = self.take(NAME);
        (Some(seen), Some(revision))
    }

    /// After a revision was published by one who took it, or who needed not, since it is the first.
    #[must_use]
    pub(crate) fn published(self, revision: u32, by: &str) -> Self {
        let taken = self.taken.clone().filter(|taken| taken.by != by);
        Self { fetched: self.fetched(), revision: self.revision.max(revision), taken, ..self }
    }

    /// After the fetcher has published what a feed says.
    #[must_use]
    pub(crate) fn fetched_from(self, feed: &str, fingerprint: &str, revision: u32) -> Self {
        let (feed, fingerprint) = (feed.to_owned(), fingerprint.to_owned());
        Self { feed, fingerprint, fetched: revision, attempts: 0, article: None, ..self.published(revision, NAME) }
    }
}

fn failed(error: &impl std::error::Error) -> SeenError {
    SeenError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_given_once_and_again_to_one_who_died() {
        let (seen, first) = Seen { revision: 1, ..Seen::default() }.take(NAME);
        assert_eq!(first, 2);
        assert_eq!(seen.clone().take(NAME).1, 2, "not published yet");
        let (seen, other) = seen.take("replay:a");
        assert_eq!(other, 3);
        // The fetcher is done with its own, which was taken before.
        let seen = seen.fetched_from("feed", "print", 2);
        assert_eq!((seen.revision, seen.fetched()), (2, 2));
        assert_eq!(seen.clone().take("replay:a").1, 3);
        let seen = seen.published(3, "replay:a");
        assert_eq!((seen.revision, seen.fetched(), &seen.taken), (3, 2, &None));
        assert_eq!(seen.take(NAME).1, 4);
    }

    #[test]
    fn of_a_poll_and_a_delivery_at_the_same_time_one_publishes() {
        let looked = Seen { revision: 3, fetched: 2, ..Seen::default() };
        let (seen, revision) = looked.clone().take_after(&looked);
        assert_eq!(revision, Some(4));
        let seen = seen.unwrap();
        assert_eq!(seen.clone().take_after(&looked).1, Some(4), "the same, which the server drops as a copy");
        assert_eq!(seen.fetched_from("feed", "print", 4).take_after(&looked), (None, None));
        let replayed = looked.clone().take("replay:a").0.published(4, "replay:a");
        assert_eq!(replayed.take_after(&looked).1, Some(5), "a replay is no news");
    }

    #[test]
    fn what_an_older_version_remembered_is_read() {
        let seen: Seen = serde_json::from_str("{\"feed\":\"a\",\"fingerprint\":\"1\",\"revision\":3}").unwrap();
        assert_eq!((seen.fetched(), seen.take(NAME).1), (3, 4));
    }

    #[test]
    fn an_article_is_published_once_and_again_when_its_feed_changes_it() {
        let new = Seen::default();
        assert_eq!(new.judge("a", "1"), Verdict::Publish { revision: 1 });
        let seen = Seen { feed: "a".to_owned(), fingerprint: "1".to_owned(), revision: 1, ..Seen::default() };
        assert_eq!(seen.judge("a", "1"), Verdict::Known);
        assert_eq!(seen.judge("a", "2"), Verdict::Publish { revision: 2 });
        assert_eq!(seen.judge("b", "2"), Verdict::Known, "another feed's summary is no change of the article");
        let failed = Seen { attempts: 2, ..Seen::default() };
        assert_eq!(failed.judge("a", "1"), Verdict::Publish { revision: 1 });
    }
}
