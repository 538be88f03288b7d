//! What is remembered of sites, for all cleaners: a key a host in the bucket `sites`.
//!
//! A cleaner reads a host's memory when its first article comes, learns in its own memory, and writes what it learnt
//! every half minute, when it makes room for another host and at its end, by compare-and-set: where another cleaner has
//! written meanwhile, it takes that cleaner's memory and learns its own articles anew on top. For a broker in trouble
//! an article waits a second at most: it is then cleaned by what is known at hand, and that is written when the broker
//! is back, unless there were more hosts meanwhile than are held at hand.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    self,
    kv::{Operation, Store, UpdateErrorKind},
};
use tallywire_proto::{Article, subject::SITES_BUCKET};
use tallywire_runtime::broker::{BrokerError, open_bucket};
use tokio::{join, time::timeout};
use tracing::warn;
use url::Url;

use crate::{Sighting, SiteMemory};

/// Hosts that are held at hand, the ones used last, or as many as are in use at a time: some 20 KiB each.
const MAX_HOSTS: usize = 512;
/// Articles of a host that are remembered as not written yet: a memory holds no more.
const MAX_UNWRITTEN: usize = 64;
/// How often what was learnt is written.
const WRITE_EVERY: Duration = Duration::from_secs(30);
/// How long a read or a write may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long writing may take when the service ends.
const LAST_WRITE: Duration = Duration::from_secs(5);
/// How long nothing is asked of a bucket that has not answered.
const REST: Duration = Duration::from_secs(10);
/// How often a memory is written in a row when others are faster each time.
const ATTEMPTS: usize = 3;
/// Bytes of a key at most: a host has no more (RFC 1035, 2.3.4, without the last dot).
const MAX_KEY: usize = 253;

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
    /// Nothing is asked of the bucket for an article before this.
    resting_until: Mutex<Option<Instant>>,
}

/// The hosts at hand.
#[derive(Default)]
struct Hosts {
    /// Each with when it was used last, as a number of [`Hosts::uses`].
    sites: HashMap<String, (Arc<Mutex<Site>>, u64)>,
    /// How often a host was asked for, which is when one was used last.
    uses: u64,
}

/// A host that makes room for another one, and what is to be written of it.
type Leaving = (String, Arc<Mutex<Site>>);

/// What is at hand of one host. The threads that await the broker lock it too: whoever does has it for a short time.
#[derive(Default)]
pub(crate) struct Site {
    /// Shared with those who clean an article by it meanwhile.
    memory: Arc<SiteMemory>,
    /// What was learnt last, and is not written yet: at most [`MAX_UNWRITTEN`].
    unwritten: VecDeque<Sighting>,
    /// How many articles were learnt, the last of which are the unwritten ones.
    learnt: u64,
    /// The key's revision in the bucket, for compare-and-set; 0 where it has none.
    revision: u64,
    /// Whether it need not be read from the bucket.
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
        let (site, leaving) = lock(&self.hosts).site(host);
        if !self.is_resting() {
            join!(self.begin(host, &site), self.leave(leaving));
        }
        site
    }

    /// Begins with what the bucket has of a host, unless that was done before.
    async fn begin(&self, host: &str, site: &Mutex<Site>) {
        if lock(site).is_read {
            return;
        }
        match self.read(host).await {
            Ok((memory, revision)) => lock(site).begin(memory, revision),
            Err(error) => {
                warn!(%error, "cleaning without the memory of a site");
                // An answer of another kind will be the same for the next article; the next write asks again.
                lock(site).is_read |= !self.rest_after(&error);
            }
        }
    }

    /// Writes what was learnt of a host that has made room for another one.
    async fn leave(&self, leaving: Option<Leaving>) {
        let Some((host, site)) = leaving else { return };
        let written = timeout(PATIENCE, self.write(&host, &site)).await;
        if let Err(error) = written.unwrap_or(Err(SitesError::Slow { host })) {
            warn!(%error, "what was learnt of a site is lost");
            self.rest_after(&error);
        }
    }

    /// Lets the bucket rest, for all hosts, when it has not answered. Says whether it does.
    fn rest_after(&self, error: &SitesError) -> bool {
        let rests = matches!(error, SitesError::Slow { .. });
        if rests {
            *lock(&self.resting_until) = Some(Instant::now() + REST);
        }
        rests
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
        // Names only: a site that is held here could make no room.
        let hosts: Vec<String> = lock(&self.hosts).sites.keys().cloned().collect();
        let mut failed = None;
        for host in hosts {
            let site = lock(&self.hosts).sites.get(&host).map(|(site, _)| site.clone());
            let Some(site) = site.filter(|site| !lock(site).unwritten.is_empty()) else { continue };
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
            let (bytes, revision, learnt) = {
                let site = lock(site);
                (site.memory.to_bytes(), site.revision, site.learnt)
            };
            let put = timeout(PATIENCE, self.store.update(host, bytes.into(), revision)).await;
            match put.map_err(|_| SitesError::Slow { host: host.to_owned() })? {
                Ok(revision) => {
                    lock(site).written(learnt, revision);
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
    /// What is at hand of a host. When there are too many, the one that was not used for longest makes room, one with
    /// nothing to be written where there is such a one; what has to be written comes back too. One in use stays: what
    /// is yet to be learnt of it would be lost.
    fn site(&mut self, host: &str) -> (Arc<Mutex<Site>>, Option<Leaving>) {
        self.uses += 1;
        if let Some((site, used)) = self.sites.get_mut(host) {
            *used = self.uses;
            return (site.clone(), None);
        }
        let leaving = if self.sites.len() >= MAX_HOSTS { self.make_room() } else { None };
        let site = Arc::<Mutex<Site>>::default();
        self.sites.insert(host.to_owned(), (site.clone(), self.uses));
        (site, leaving)
    }

    /// Takes out the host that can best be spared, and says which it was where it has something to be written.
    fn make_room(&mut self) -> Option<Leaving> {
        let spared = self.sites.iter_mut().filter_map(|(host, (site, used))| {
            // Nobody else has it, so nothing is to be waited for.
            let site = Arc::get_mut(site)?.get_mut().unwrap_or_else(PoisonError::into_inner);
            Some(((!site.unwritten.is_empty(), *used), host))
        });
        let ((is_unwritten, _), host) = spared.min()?;
        let host = host.clone();
        let (site, _) = self.sites.remove(&host)?;
        is_unwritten.then_some((host, site))
    }
}

impl Site {
    /// Drops what is known as boilerplate from an article, and learns from what it was before. The site is not locked
    /// while the text is read, which may be long.
    pub(crate) fn clean(site: &Mutex<Self>, article: &mut Article) {
        let sighting = Sighting::of(article);
        let memory = lock(site).memory.clone();
        memory.forget_boilerplate(article);
        // Or it would be copied to be changed.
        drop(memory);
        lock(site).learn(sighting);
    }

    fn learn(&mut self, sighting: Sighting) {
        if Arc::make_mut(&mut self.memory).learn(&sighting) {
            if self.unwritten.len() >= MAX_UNWRITTEN {
                self.unwritten.pop_front();
            }
            self.unwritten.push_back(sighting);
            self.learnt += 1;
        }
    }

    /// Begins with what the bucket has, unless another thread was faster.
    fn begin(&mut self, memory: SiteMemory, revision: u64) {
        if !self.is_read {
            self.take(memory, revision);
        }
    }

    /// Takes what the bucket has, and learns anew what it has not.
    fn take(&mut self, mut memory: SiteMemory, revision: u64) {
        for sighting in &self.unwritten {
            memory.learn(sighting);
        }
        (self.memory, self.revision, self.is_read) = (Arc::new(memory), revision, true);
    }

    /// Notes that the bucket has the first so many of all that were learnt.
    fn written(&mut self, learnt: u64, revision: u64) {
        let newer = usize::try_from(self.learnt.saturating_sub(learnt)).unwrap_or(usize::MAX);
        self.unwritten.drain(..self.unwritten.len().saturating_sub(newer));
        self.revision = revision;
        self.is_read = true;
    }
}

/// The key of an address's host: what a key may not hold is replaced. None for what is too long to be a host.
pub(crate) fn key(url: &Url) -> Option<String> {
    let host = url.host_str().filter(|host| host.len() <= MAX_KEY)?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let plain = |character: char| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' };
    let labels = host.split('.').filter(|label| !label.is_empty());
    let key = labels.map(|label| label.chars().map(plain).collect::<String>()).collect::<Vec<_>>().join(".");
    (!key.is_empty()).then_some(key)
}

/// Locks. What another thread left behind when it panicked is whole: a memory is changed by what cannot panic half-way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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

    fn is_cleaned(site: &Mutex<Site>, number: usize) -> bool {
        let mut article = article(number);
        Site::clean(site, &mut article);
        !article.text.contains(FOLLOW)
    }

    #[test]
    fn two_cleaners_learn_together() {
        let (one, other) = (Mutex::<Site>::default(), Mutex::<Site>::default());
        (0..3).for_each(|number| assert!(!is_cleaned(&one, number)));
        (3..6).for_each(|number| assert!(!is_cleaned(&other, number)));
        lock(&other).written(3, 1);
        assert!(lock(&other).unwritten.is_empty());
        let of_other = lock(&other).memory.as_ref().clone();
        lock(&one).take(of_other, 1);
        assert_eq!(lock(&one).unwritten.len(), 3, "they are still to be written");
        assert!(is_cleaned(&one, 6));
        assert!(!is_cleaned(&other, 6), "it has not heard of the others yet");
    }

    #[test]
    fn what_was_learnt_before_the_bucket_could_be_read_counts() {
        let late = Mutex::<Site>::default();
        (0..5).for_each(|number| assert!(!is_cleaned(&late, number)));
        lock(&late).begin(SiteMemory::default(), 0);
        assert!(is_cleaned(&late, 5));
        lock(&late).begin(SiteMemory::default(), 0);
        assert!(is_cleaned(&late, 6), "a second reading is too late");
    }

    #[test]
    fn what_is_not_written_is_bounded_and_a_write_does_not_cover_what_came_after_it() {
        let site = Mutex::<Site>::default();
        (0..MAX_UNWRITTEN).for_each(|number| _ = is_cleaned(&site, number));
        let written = lock(&site).learnt;
        // The first ones go while the write is on its way.
        (100..110).for_each(|number| _ = is_cleaned(&site, number));
        let mut site = site.into_inner().unwrap();
        assert_eq!(site.unwritten.len(), MAX_UNWRITTEN);
        site.written(written, 7);
        let newer: Vec<_> = (100..110).map(|number| Sighting::of(&article(number))).collect();
        assert_eq!((Vec::from(site.unwritten.clone()), site.revision), (newer, 7));
        site.written(site.learnt, 8);
        assert!(site.unwritten.is_empty());
    }

    #[test]
    fn hosts_are_bounded_and_what_is_not_written_stays_longest() {
        let mut hosts = Hosts::default();
        is_cleaned(&hosts.site("first.example").0, 1);
        for number in 0..MAX_HOSTS * 2 {
            assert!(hosts.site(&format!("{number}.example")).1.is_none(), "nothing is to be written");
        }
        assert_eq!(hosts.sites.len(), MAX_HOSTS);
        assert!(hosts.sites.contains_key("first.example"));
        assert!(!hosts.sites.contains_key("0.example"));
    }

    #[test]
    fn a_host_that_makes_room_hands_back_what_is_not_written() {
        let mut hosts = Hosts::default();
        for number in 0..MAX_HOSTS {
            is_cleaned(&hosts.site(&format!("{number}.example")).0, number);
        }
        // The first is in use, and is not to go before it has learnt.
        let (in_use, _) = hosts.site("0.example");
        for number in 1..MAX_HOSTS {
            let (next, leaving) = hosts.site(&format!("next-{number}.example"));
            is_cleaned(&next, number);
            let (host, site) = leaving.unwrap();
            assert_eq!((host, lock(&site).unwritten.len()), (format!("{number}.example"), 1));
        }
        assert!(Arc::ptr_eq(&in_use, &hosts.site("0.example").0));
        assert_eq!(hosts.sites.len(), MAX_HOSTS);
    }

    #[test]
    fn there_are_as_many_hosts_as_are_in_use() {
        let mut hosts = Hosts::default();
        let in_use: Vec<_> = (0..MAX_HOSTS + 9).map(|number| hosts.site(&number.to_string()).0).collect();
        assert!(in_use.iter().enumerate().all(|(number, site)| Arc::ptr_eq(site, &hosts.site(&number.to_string()).0)));
    }

    #[test]
    fn a_key_is_one_that_the_bucket_takes() {
        let key = |url: &str| key(&Url::parse(url).unwrap());
        assert_eq!(key("https://www.News.example:8443/a?b").as_deref(), Some("news.example"));
        assert_eq!(key("http://[::1]/").as_deref(), Some("___1_"));
        assert_eq!(key("http://news.example./").as_deref(), Some("news.example"));
        assert_eq!(key("data:text/plain,x"), None);
        let long = "a.".repeat(126);
        assert_eq!(key(&format!("https://{long}b/")), Some(format!("{long}b")));
        assert_eq!(key(&format!("https://{long}bc/")), None);
    }
}
