//! The robots.txt of each site, asked for once in its lifetime.

use std::sync::{Mutex, MutexGuard, PoisonError};

use robotxt::robots_url;
use tokio::time::Instant;
use url::Url;

use crate::robots::{
    origins::{Capacity, Origins},
    policy::{Answer, Known, Policy},
};

/// What is remembered: more sites than the articles of a day come from, and files as most are, a few KiB each.
const CAPACITY: Capacity = Capacity { origins: 10_000, bytes: 64 << 20 };

/// Where a robots.txt comes from.
pub(crate) trait Source {
    /// Asks for a robots.txt. Follows five redirects at least (RFC 9309, section 2.3.1.2), and ends by itself.
    fn fetch(&self, url: &Url) -> impl Future<Output = Answer> + Send;
}

/// The policies of all sites, a site being scheme, host and port.
pub(crate) struct RobotsCache<S> {
    source: S,
    product_token: String,
    origins: Mutex<Origins>,
}

impl<S: Source> RobotsCache<S> {
    /// An empty cache for the crawler with this product token: letters, `-` and `_` (RFC 9309, section 2.2.1).
    pub(crate) fn new(source: S, product_token: &str) -> Self {
        let origins = Mutex::new(Origins::new(CAPACITY));
        Self { source, product_token: product_token.to_owned(), origins }
    }

    /// What the site of a page wants. Whoever asks while its robots.txt is being asked for waits for the same answer.
    pub(crate) async fn policy(&self, page: &Url) -> Policy {
        // Nothing but the web has a robots.txt; the client refuses the rest, with the right words.
        let Ok(url) = robots_url(page) else { return Policy::open() };
        let slot = self.origins().slot(&url, Instant::now());
        let mut known = slot.lock().await;
        if let Some(known) = known.as_ref().filter(|known| Instant::now() < known.until) {
            return known.policy.clone();
        }
        let answer = self.source.fetch(&url).await;
        let new = Known::new(answer, &self.product_token, known.take(), Instant::now());
        let rules = if let Policy::Known(rules) = &new.policy { rules.bytes() } else { 0 };
        self.origins().weigh(&url, rules);
        known.insert(new).policy.clone()
    }

    fn origins(&self) -> MutexGuard<'_, Origins> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, sync::Arc, time::Duration};

    use reqwest::StatusCode;
    use tokio::time::{advance, sleep};

    use super::*;
    use crate::robots::policy::{GIVEN_UP, RECHECK};

    const HOUR: Duration = Duration::from_hours(1);
    const SECOND: Duration = Duration::from_secs(1);

    /// Gives its answers in turn, each after a second, and the last one for ever.
    struct Script {
        answers: Mutex<VecDeque<Answer>>,
        asked: Arc<Mutex<Vec<String>>>,
    }

    impl Source for Script {
        async fn fetch(&self, url: &Url) -> Answer {
            self.asked.lock().unwrap().push(url.to_string());
            sleep(SECOND).await;
            let mut answers = self.answers.lock().unwrap();
            if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() }
        }
    }

    fn cache(answers: &[Answer]) -> (Arc<RobotsCache<Script>>, Arc<Mutex<Vec<String>>>) {
        let asked = Arc::default();
        let source = Script { answers: Mutex::new(answers.to_vec().into()), asked: Arc::clone(&asked) };
        (Arc::new(RobotsCache::new(source, "Tallywire")), asked)
    }

    fn file(rules: &str, fresh_for: Option<Duration>) -> Answer {
        let body = format!("User-agent: *\n{rules}\n").into_bytes();
        Answer::Found { body, fresh_for }
    }

    fn status(code: u16) -> Answer {
        Answer::Status(StatusCode::from_u16(code).unwrap())
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    /// Whether a page may be fetched; none while that is not known.
    async fn allows(cache: &RobotsCache<Script>, page: &str) -> Option<bool> {
        match cache.policy(&url(page)).await {
            Policy::Known(rules) => Some(rules.allows(&url(page))),
            Policy::Unreachable => None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_is_asked_once() {
        let (cache, asked) = cache(&[file("Disallow: /archive", None)]);
        assert_eq!(allows(&cache, "https://me:secret@news.example/archive/1?a=b#c").await, Some(false));
        assert_eq!(allows(&cache, "https://news.example:443/politics").await, Some(true));
        assert_eq!(*asked.lock().unwrap(), ["https://news.example/robots.txt"]);
    }

    #[tokio::test(start_paused = true)]
    async fn scheme_host_and_port_make_a_site() {
        let (cache, asked) = cache(&[file("", None)]);
        let sites = ["https://a.example", "http://a.example", "https://a.example:8443", "https://b.a.example"];
        for site in sites {
            allows(&cache, site).await;
        }
        assert_eq!(*asked.lock().unwrap(), sites.map(|site| format!("{site}/robots.txt")));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_on_the_web_has_no_robots_txt() {
        let (cache, asked) = cache(&[Answer::Failed]);
        assert_eq!(allows(&cache, "data:text/plain,a").await, Some(true));
        assert!(asked.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_ask_at_the_same_time_wait_for_one_answer() {
        let (cache, asked) = cache(&[file("Disallow: /a", None)]);
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { allows(&cache, "https://news.example/a").await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Some(false));
        }
        assert_eq!(asked.lock().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_one_who_asks_gives_up_the_next_asks() {
        let (cache, asked) = cache(&[file("Disallow: /a", None)]);
        let page = url("https://news.example/a");
        let first = cache.clone();
        let first = tokio::spawn(async move { first.policy(&page).await });
        tokio::task::yield_now().await;
        first.abort();
        assert_eq!(allows(&cache, "https://news.example/a").await, Some(false));
        assert_eq!(asked.lock().unwrap().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_site_holds_up_no_other() {
        let (cache, _) = cache(&[file("", None)]);
        let begun = Instant::now();
        tokio::join!(allows(&cache, "https://a.example"), allows(&cache, "https://b.example"));
        assert_eq!(begun.elapsed(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_is_asked_for_again_after_its_lifetime() {
        for (fresh_for, hours) in [(None, 6), (Some(SECOND), 1), (Some(2 * HOUR), 2), (Some(Duration::MAX), 24)] {
            let (cache, asked) = cache(&[file("Disallow: /", fresh_for), file("", None)]);
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(false));
            advance((hours * HOUR).saturating_sub(SECOND)).await;
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(false), "{fresh_for:?}");
            advance(SECOND).await;
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(true), "{fresh_for:?}");
            assert_eq!(asked.lock().unwrap().len(), 2);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_without_robots_txt_is_open() {
        for answer in [status(400), status(401), status(403), status(404), status(410), status(451), Answer::Astray] {
            let (cache, asked) = cache(std::slice::from_ref(&answer));
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(true), "{answer:?}");
            advance(5 * HOUR).await;
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(true), "{answer:?}");
            assert_eq!(asked.lock().unwrap().len(), 1, "{answer:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_cannot_answer_is_closed_for_a_while() {
        for answer in [status(500), status(503), status(429), Answer::Failed] {
            let (cache, asked) = cache(&[answer.clone(), file("", None)]);
            assert_eq!(allows(&cache, "https://news.example/a").await, None, "{answer:?}");
            advance(RECHECK.saturating_sub(SECOND)).await;
            assert_eq!(allows(&cache, "https://news.example/a").await, None, "{answer:?}");
            assert_eq!(asked.lock().unwrap().len(), 1, "{answer:?}");
            advance(SECOND).await;
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(true), "{answer:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_file_holds_while_there_is_no_new_one() {
        let (cache, asked) = cache(&[file("Disallow: /a", None), status(503), Answer::Failed, file("", None)]);
        for (asks, allowed) in [(1, false), (2, false), (3, false), (4, true)] {
            assert_eq!(allows(&cache, "https://news.example/a").await, Some(allowed));
            assert_eq!(asked.lock().unwrap().len(), asks);
            advance(if asks == 1 { 6 * HOUR } else { RECHECK }).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_cannot_answer_for_a_month_counts_as_one_without() {
        let (cache, _) = cache(&[status(500)]);
        assert_eq!(allows(&cache, "https://news.example/a").await, None);
        advance(GIVEN_UP / 2).await;
        assert_eq!(allows(&cache, "https://news.example/a").await, None);
        advance(GIVEN_UP / 2).await;
        assert_eq!(allows(&cache, "https://news.example/a").await, Some(true));
        advance(RECHECK).await;
        assert_eq!(allows(&cache, "https://news.example/a").await, Some(true));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_is_weighed() {
        let (cache, _) = cache(&[file(&"Disallow: /abcdefgh\n".repeat(1_000), None), Answer::Failed]);
        allows(&cache, "https://large.example").await;
        let large = cache.origins().bytes();
        allows(&cache, "https://small.example").await;
        let small = cache.origins().bytes() - large;
        assert!(large > 20_000 && small < 2_000, "{large} {small}");
    }
}
