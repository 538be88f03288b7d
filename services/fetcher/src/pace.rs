//! Being a good guest: so many requests for a site's pages at a time, and a pause between two.
//!
//! A site is a registrable domain (`bbc.co.uk`, of which `news.bbc.co.uk` is a part), since the hosts below it mostly
//! share an operator and often a server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};
use url::{Host, Url};

/// Domains that are remembered; past this, those that have been idle are forgotten.
const REMEMBERED: usize = 10_000;

/// The longest `Crawl-delay` that is kept to. Longer ones are mostly meant for crawlers of whole sites, and a feed's
/// new articles would never be done.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(30);

/// The longest that a domain is left alone at its own request.
const LONGEST_REST: Duration = Duration::from_hours(24);

/// The longest name that DNS can hold, in bytes (RFC 1035, section 2.3.4, less what the notation with dots saves).
const LONGEST_NAME: usize = 253;

/// The pace of requests to all domains.
pub(crate) struct Pace {
    concurrency: usize,
    delay: Duration,
    domains: Mutex<HashMap<String, Arc<Domain>>>,
}

struct Domain {
    places: Arc<Semaphore>,
    /// When the last request was begun, or will be.
    last: Mutex<Option<Instant>>,
    /// Until when the site asks to be left alone.
    resting: Mutex<Option<Instant>>,
}

impl Pace {
    /// At most `concurrency` requests at a time to a domain, at least one, and at least `delay` between the starts of
    /// two.
    pub(crate) fn new(concurrency: usize, delay: Duration) -> Self {
        Self { concurrency: concurrency.max(1), delay, domains: Mutex::default() }
    }

    /// Waits for a turn at an address's domain, first come, first served. The turn lasts until the permit is dropped.
    /// It begins later where `crawl_delay` is longer than the usual delay; up to 30 s of it count.
    pub(crate) async fn turn(&self, url: &Url, crawl_delay: Option<Duration>) -> Option<OwnedSemaphorePermit> {
        let domain = self.domain(&registrable_domain(url));
        // The semaphore is never closed.
        let place = domain.places.clone().acquire_owned().await.ok();
        sleep_until(domain.next(self.delay.max(crawl_delay.unwrap_or_default().min(LONGEST_CRAWL_DELAY)))).await;
        place
    }

    /// Leaves an address's domain alone for a while, up to a day.
    pub(crate) fn rest(&self, url: &Url, wait: Duration) {
        let domain = self.domain(&registrable_domain(url));
        let until = Instant::now() + wait.min(LONGEST_REST);
        let mut resting = domain.resting.lock().unwrap_or_else(PoisonError::into_inner);
        *resting = (*resting).max(Some(until));
    }

    /// How long an address's domain is still to be left alone.
    pub(crate) fn resting(&self, url: &Url) -> Option<Duration> {
        let domain = self.domain(&registrable_domain(url));
        let until = *domain.resting.lock().unwrap_or_else(PoisonError::into_inner);
        until?.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())
    }

    fn domain(&self, name: &str) -> Arc<Domain> {
        let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(domain) = domains.get(name) {
            return domain.clone();
        }
        if domains.len() >= REMEMBERED {
            let now = Instant::now();
            let longest = self.delay.max(LONGEST_CRAWL_DELAY);
            domains.retain(|_, domain| {
                let awaited = Arc::strong_count(domain) > 1;
                awaited || domain.places.available_permits() < self.concurrency || !domain.is_rested(longest, now)
            });
        }
        let places = Arc::new(Semaphore::new(self.concurrency));
        let domain = Arc::new(Domain { places, last: Mutex::default(), resting: Mutex::default() });
        domains.insert(name.to_owned(), domain.clone());
        domain
    }
}

impl Domain {
    /// Takes the next start that is far enough from the last.
    fn next(&self, delay: Duration) -> Instant {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let next = last.map_or(now, |last| now.max(last + delay));
        *last = Some(next);
        next
    }

    /// Whether no request would have to wait.
    fn is_rested(&self, delay: Duration, now: Instant) -> bool {
        let resting = *self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.is_none_or(|until| until <= now)
            && self.last.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|last| last + delay <= now)
    }
}

/// What a site operator registered, by the public suffix list. IP addresses, names of one label and public suffixes
/// stand for themselves; what can be no name in DNS is all one.
fn registrable_domain(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) if name.len() <= LONGEST_NAME => {
            let name = name.trim_end_matches('.');
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
        Some(Host::Domain(_)) | None => String::new(),
        Some(address) => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(host: &str) -> Url {
        Url::parse(&format!("https://{host}/article")).unwrap()
    }

    #[test]
    fn a_domain_is_what_was_registered() {
        for (host, domain) in [
            ("news.example.com", "example.com"),
            ("a.b.example.com:8443", "example.com"),
            ("example.com.", "example.com"),
            ("WWW.Daily.CO.UK", "daily.co.uk"),
            ("weekly.co.uk", "weekly.co.uk"),
            ("me.github.io", "me.github.io"),
            ("github.io", "github.io"),
            ("www.zeitung.公司.cn", "zeitung.xn--55qx5d.cn"),
            ("localhost", "localhost"),
            ("localhost.", "localhost"),
            ("newsroom.internal", "newsroom.internal"),
            ("192.0.2.7", "192.0.2.7"),
            ("[2001:db8::1]:80", "[2001:db8::1]"),
        ] {
            assert_eq!(registrable_domain(&at(host)), domain, "{host}");
        }
        assert_eq!(registrable_domain(&at(&format!("{}example", "a.".repeat(200)))), "");
    }

    #[tokio::test(start_paused = true)]
    async fn requests_to_a_domain_are_spaced_and_others_do_not_wait() {
        let pace = Pace::new(1, 2 * SECOND);
        let begun = Instant::now();
        drop(pace.turn(&at("news.example.com"), None).await);
        drop(pace.turn(&at("daily.co.uk"), None).await);
        drop(pace.turn(&at("weekly.co.uk"), None).await);
        assert_eq!(begun.elapsed(), Duration::ZERO);
        drop(pace.turn(&at("blogs.example.com"), None).await);
        assert_eq!(begun.elapsed(), 2 * SECOND, "subdomains share their domain's pace");
        tokio::time::sleep(5 * SECOND).await;
        drop(pace.turn(&at("example.com"), None).await);
        assert_eq!(begun.elapsed(), 7 * SECOND, "after a rest there is nothing to wait for");
        drop(pace.turn(&at("example.com"), None).await);
        assert_eq!(begun.elapsed(), 9 * SECOND, "and nothing was saved up");
    }

    #[tokio::test(start_paused = true)]
    async fn a_domain_rests_as_long_as_it_asks() {
        let pace = Pace::new(1, SECOND);
        pace.rest(&at("news.example.com"), 60 * SECOND);
        pace.rest(&at("news.example.com"), 10 * SECOND);
        assert_eq!(pace.resting(&at("www.example.com")), Some(60 * SECOND), "the longer wait holds");
        assert_eq!(pace.resting(&at("daily.co.uk")), None);
        tokio::time::sleep(60 * SECOND).await;
        assert_eq!(pace.resting(&at("www.example.com")), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_crawl_delay_counts_within_bounds() {
        let pace = Pace::new(1, 2 * SECOND);
        let url = at("example.com");
        drop(pace.turn(&url, None).await);
        for (crawl_delay, waited) in [(10 * SECOND, 10), (SECOND, 2), (Duration::MAX, 30)] {
            let begun = Instant::now();
            drop(pace.turn(&url, Some(crawl_delay)).await);
            assert_eq!(begun.elapsed(), waited * SECOND, "{crawl_delay:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_allowed_at_a_time_and_in_order() {
        let pace = Arc::new(Pace::new(2, SECOND));
        let (sender, mut starts) = tokio::sync::mpsc::unbounded_channel();
        let begun = Instant::now();
        for number in 0..5 {
            let (pace, sender) = (pace.clone(), sender.clone());
            tokio::spawn(async move {
                let _turn = pace.turn(&at("example.com"), None).await;
                sender.send((number, begun.elapsed().as_secs())).unwrap();
                tokio::time::sleep(10 * SECOND).await;
            });
            tokio::task::yield_now().await;
        }
        drop(sender);
        let mut order = Vec::new();
        while let Some(start) = starts.recv().await {
            order.push(start);
        }
        assert_eq!(order, [(0, 0), (1, 1), (2, 10), (3, 11), (4, 20)]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_gives_up_waiting_holds_up_nobody() {
        let pace = Pace::new(1, SECOND);
        let url = at("example.com");
        let first = pace.turn(&url, None).await;
        assert!(tokio::time::timeout(5 * SECOND, pace.turn(&url, None)).await.is_err());
        drop(first);
        let begun = Instant::now();
        drop(pace.turn(&url, None).await);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_domains_are_forgotten_and_busy_ones_are_not() {
        let pace = Pace::new(1, SECOND);
        let busy = pace.turn(&at("busy.example"), None).await;
        for number in 2..REMEMBERED {
            drop(pace.turn(&at(&format!("n{number}.example")), None).await);
        }
        tokio::time::sleep(LONGEST_CRAWL_DELAY).await;
        drop(pace.turn(&at("recent.example"), None).await);
        drop(pace.turn(&at("new.example"), None).await);
        let mut kept: Vec<_> = pace.domains.lock().unwrap().keys().cloned().collect();
        kept.sort();
        assert_eq!(kept, ["busy.example", "new.example", "recent.example"]);
        drop(busy);
    }
}
