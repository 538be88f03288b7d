//! Which articles were published: a key an article in the bucket `seen`, which forgets those that no feed lists any more.

use std::time::Duration;

use async_nats::jetstream::{self, kv::Store};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tallywire_proto::{ArticleId, subject::SEEN_BUCKET};
use tallywire_runtime::broker::{BrokerError, open_bucket};

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
    /// The article that this is another name of; the rest then says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) article: Option<ArticleId>,
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
            self.put(id, &seen).await?;
        }
        Ok((seen, is_old))
    }

    /// Remembers a name of an article beside its id.
    pub(crate) async fn name(&self, name: ArticleId, article: ArticleId) -> Result<(), SeenError> {
        self.put(name, &Seen { article: Some(article), ..Seen::default() }).await
    }

    pub(crate) async fn put(&self, id: ArticleId, seen: &Seen) -> Result<(), SeenError> {
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
}

fn failed(error: &impl std::error::Error) -> SeenError {
    SeenError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

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
