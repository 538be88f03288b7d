//! What is remembered of sites, for all cleaners: a key a host in the bucket `sites`.
//!
//! A cleaner reads a host's memory when its first article comes, learns in its own memory, and writes what it learnt
//! every half minute and at its end, by compare-and-set: where another cleaner has written meanwhile, it takes that
//! cleaner's memory and learns its own articles anew on top. For a broker in trouble an article waits a second at most:
//! it is then cleaned by what is known at hand, and that is written when the broker is back.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    self,
    kv::{Operation, Store, UpdateErrorKind},
};
use tallywire_proto::{Article, subject::SITES_BUCKET};
use tallywire_runtime::broker::{BrokerError, open_bucket};
use tokio::time::timeout;
use tracing::warn;
use url::Url;

use crate::{Sighting, SiteMemory};

/// Hosts that are held at hand, the ones used last: some 20 KiB each.
const MAX_HOSTS: usize = 512;
/// Articles of a host that are remembered as not written yet: a memory holds no more.
const MAX_UNWRITTEN: usize = 64;
/// How often what was learnt is written.
const WRITE_EVERY: Duration = Duration::from_secs(30);
/// How long a read or a write may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long writing may take when the service ends.
const LAST_WRITE: Duration = Duration::from_secs(5);
/// How long nothing is read after a read that failed.
const REST: Duration = Duration::from_secs(10);
/// How often a memory is written in a row when others are faster each time.
const ATTEMPTS: usize = 3;

/// The bucket cannot be read or changed at the moment.
#[derive(Debug, thiserror::Error)]
enum SitesError {
    #[error("the memory of {host}: {reason}")]
    Store { host: String, reason: String },
    #[error("the memory of {host}: no answer within {} s", PATIENCE.as_secs())]
    Slow { host: String },
}

/// The memories of all sites.
pub(crate) struct Sites {
    store: Store,
    hosts: Mutex<Hosts>,
    /// Nothing is read before this.
    resting_until: Mutex<Option<Instant>>,
}

/// The hosts at hand.
#[derive(Default)]
struct Hosts {
    sites: HashMap<String, (Arc<Mutex<Site>>, u64)>,
    /// How often a host was asked for, which is when one was used last.
    uses: u64,
}

/// What is at hand of one host.
#[derive(Default)]
pub(crate) struct Site {
    memory: SiteMemory,
    /// What was learnt since the memory was last written.
    unwritten: Vec<Sighting>,
    /// The key's revision in the bucket, for compare-and-set; 0 where it has none.
    revision: u64,
    /// Whether it was read from the bucket.
    is_read: bool,
}

impl Sites {
    /// Opens the bucket, for all hosts.
    pub(crate) async fn open(jetstream: &jetstream::Context) -> Result<Self, BrokerError> {
        Ok(Self {
            store: open_bucket(jetstream, SITES_BUCKET).await?,
            hosts: Mutex::default(),
            resting_until: Mutex::default(),
        })
    }

    /// What is remembered of a host, read from the bucket when it is not at hand.
    pub(crate) async fn site(&self, host: &str) -> Arc<Mutex<Site>> {
        let site = lock(&self.hosts).site(host);
        if lock(&site).is_read || self.is_resting() {
            return site;
        }
        match self.read(host).await {
            Ok((memory, revision)) => lock(&site).begin(memory, revision),
            Err(error) => {
                warn!(%error, "cleaning without the memory of sites for {} s", REST.as_secs());
                *lock(&self.resting_until) = Some(Instant::now() + REST);
            }
        }
        site
    }

    fn is_resting(&self) -> bool {
        lock(&self.resting_until).is_some_and(|until| Instant::now() < until)
    }

    /// Writes what was learnt now and then. Never returns.
    pub(crate) async fn keep(&self) {
        loop {
            tokio::time::sleep(WRITE_EVERY).await;
            self.write_all().await;
        }
    }

    /// Writes what was learnt, before the service ends.
    pub(crate) async fn close(&self) {
        if timeout(LAST_WRITE, self.write_all()).await.is_err() {
            warn!("the memory of sites could not be written in time");
        }
    }

    /// Writes all memories that have something new; what cannot be written waits for the next time.
    async fn write_all(&self) {
        let sites: Vec<_> =
            lock(&self.hosts).sites.iter().map(|(host, (site, _))| (host.clone(), site.clone())).collect();
        let mut failed = None;
        for (host, site) in sites {
            if lock(&site).unwritten.is_empty() {
                continue;
            }
            if let Err(error) = self.write(&host, &site).await {
                let is_away = matches!(error, SitesError::Slow { .. });
                failed = Some(error);
                if is_away {
                    break;
                }
            }
        }
        if let Some(error) = failed {
            warn!(%error, "what was learnt of sites is not written yet");
        }
    }

    async fn write(&self, host: &str, site: &Mutex<Site>) -> Result<(), SitesError> {
        for _ in 0..ATTEMPTS {
            let (bytes, revision, count) = {
                let site = lock(site);
                (site.memory.to_bytes(), site.revision, site.unwritten.len())
            };
            let put = timeout(PATIENCE, self.store.update(host, bytes.into(), revision)).await;
            match put.map_err(|_| SitesError::Slow { host: host.to_owned() })? {
                Ok(revision) => {
                    lock(site).written(count, revision);
                    return Ok(());
                }
                Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => {
                    let (memory, revision) = self.read(host).await?;
                    lock(site).take(memory, revision);
                }
                Err(error) => {
                    return Err(SitesError::Store { host: host.to_owned(), reason: error.to_string() });
                }
            }
        }
        // Next time, then.
        Ok(())
    }

    /// A host's memory and its revision; an empty one where none is there, or what is there cannot be read.
    async fn read(&self, host: &str) -> Result<(SiteMemory, u64), SitesError> {
        let entry = timeout(PATIENCE, self.store.entry(host)).await;
        let entry = entry.map_err(|_| SitesError::Slow { host: host.to_owned() })?;
        let entry = entry.map_err(|error| SitesError::Store { host: host.to_owned(), reason: error.to_string() })?;
        let Some(entry) = entry else { return Ok((SiteMemory::default(), 0)) };
        // A key that an operator has deleted.
        if entry.operation != Operation::Put {
            return Ok((SiteMemory::default(), entry.revision));
        }
        let memory = SiteMemory::from_bytes(&entry.value).unwrap_or_else(|error| {
            warn!(%error, host, "what was remembered of a site is forgotten");
            SiteMemory::default()
        });
        Ok((memory, entry.revision))
    }
}

impl Hosts {
    /// What is at hand of a host. When there are too many, the one that was not used for longest is forgotten, one with
    /// nothing to be written where there is such a one.
    fn site(&mut self, host: &str) -> Arc<Mutex<Site>> {
        self.uses += 1;
        if let Some((site, used)) = self.sites.get_mut(host) {
            *used = self.uses;
            return site.clone();
        }
        if self.sites.len() >= MAX_HOSTS {
            let order = |(site, used): &(Arc<Mutex<Site>>, u64)| (!lock(site).unwritten.is_empty(), *used);
            let oldest = self.sites.iter().min_by_key(|(_, site)| order(site)).map(|(host, _)| host.clone());
            oldest.and_then(|host| self.sites.remove(&host));
        }
        let site = Arc::<Mutex<Site>>::default();
        self.sites.insert(host.to_owned(), (site.clone(), self.uses));
        site
    }
}

impl Site {
    /// Drops what is known as boilerplate from an article, and learns from what it was before.
    pub(crate) fn clean(&mut self, article: &mut Article) {
        let sighting = Sighting::of(article);
        self.memory.forget_boilerplate(article);
        if self.memory.learn(&sighting) {
            if self.unwritten.len() >= MAX_UNWRITTEN {
                self.unwritten.remove(0);
            }
            self.unwritten.push(sighting);
        }
    }

    /// Begins with what the bucket has, unless another thread was faster.
    fn begin(&mut self, memory: SiteMemory, revision: u64) {
        if !self.is_read {
            self.take(memory, revision);
        }
    }

    /// Takes what the bucket has, and learns anew what it has not.
    fn take(&mut self, memory: SiteMemory, revision: u64) {
        (self.memory, self.revision, self.is_read) = (memory, revision, true);
        for sighting in &self.unwritten {
            self.memory.learn(sighting);
        }
    }

    /// Notes that the bucket has what was learnt first of what was not written.
    fn written(&mut self, count: usize, revision: u64) {
        self.unwritten.drain(..count.min(self.unwritten.len()));
        self.revision = revision;
        self.is_read = true;
    }
}

/// The key of an address's host: what a key may not hold is replaced.
pub(crate) fn key(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let plain = |character: char| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' };
    let labels = host.split('.').filter(|label| !label.is_empty());
    let key = labels.map(|label| label.chars().map(plain).collect::<String>()).collect::<Vec<_>>().join(".");
    (!key.is_empty()).then_some(key)
}

/// Locks. What another thread left behind when it panicked is whole: a memory is changed by what cannot panic half-way.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tallywire_proto::{ArticleId, Cleaned, Paragraph, ParagraphKind};

    use super::*;

    const FOLLOW: &str = "Follow our reporters by letter.";

    fn article(number: usize) -> Article {
        let message = include_bytes!("../../../proto/samples/cleaned.json");
        let mut article = serde_json::from_slice::<Cleaned>(message).unwrap().article;
        let own = format!("The ferry number {number} left the harbour of Mwanza with {number} sacks of mail.");
        article.id = ArticleId::of_key(&own);
        article.text = format!("{own}\n\n{FOLLOW}");
        let (middle, end) = (own.len(), article.text.len());
        let paragraph = |start, end| Paragraph { start, end, kind: ParagraphKind::Paragraph };
        article.paragraphs = vec![paragraph(0, middle), paragraph(middle + 2, end)];
        article
    }

    fn is_cleaned(site: &mut Site, number: usize) -> bool {
        let mut article = article(number);
        site.clean(&mut article);
        !article.text.contains(FOLLOW)
    }

    #[test]
    fn two_cleaners_learn_together() {
        let (mut one, mut other) = (Site::default(), Site::default());
        (0..3).for_each(|number| assert!(!is_cleaned(&mut one, number)));
        (3..6).for_each(|number| assert!(!is_cleaned(&mut other, number)));
        other.written(3, 1);
        assert!(other.unwritten.is_empty());
        one.take(other.memory.clone(), 1);
        assert_eq!(one.unwritten.len(), 3, "they are still to be written");
        assert!(is_cleaned(&mut one, 6));
        assert!(!is_cleaned(&mut other, 6), "it has not heard of the others yet");
    }

    #[test]
    fn what_was_learnt_before_the_bucket_could_be_read_counts() {
        let mut late = Site::default();
        (0..5).for_each(|number| assert!(!is_cleaned(&mut late, number)));
        late.begin(SiteMemory::default(), 0);
        assert!(is_cleaned(&mut late, 5));
        late.begin(SiteMemory::default(), 0);
        assert!(is_cleaned(&mut late, 6), "a second reading is too late");
    }

    #[test]
    fn what_is_not_written_is_bounded() {
        let mut site = Site::default();
        (0..200).for_each(|number| _ = is_cleaned(&mut site, number));
        assert_eq!(site.unwritten.len(), MAX_UNWRITTEN);
        site.written(MAX_UNWRITTEN + 1, 7);
        assert_eq!((site.unwritten.len(), site.revision), (0, 7));
    }

    #[test]
    fn hosts_are_bounded_and_what_is_not_written_stays_longest() {
        let mut hosts = Hosts::default();
        is_cleaned(&mut lock(&hosts.site("first.example")), 1);
        for number in 0..MAX_HOSTS * 2 {
            hosts.site(&format!("{number}.example"));
        }
        assert_eq!(hosts.sites.len(), MAX_HOSTS);
        assert!(hosts.sites.contains_key("first.example"));
        assert!(!hosts.sites.contains_key("0.example"));
    }

    #[test]
    fn a_key_is_one_that_the_bucket_takes() {
        let key = |url: &str| key(&Url::parse(url).unwrap());
        assert_eq!(key("https://www.News.example:8443/a?b").as_deref(), Some("news.example"));
        assert_eq!(key("http://[::1]/").as_deref(), Some("___1_"));
        assert_eq!(key("http://news.example./").as_deref(), Some("news.example"));
        assert_eq!(key("data:text/plain,x"), None);
    }
}
