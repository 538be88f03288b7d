//! A visit to an article's page: as its site asks in robots.txt, at its pace, through redirects to other sites.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use reqwest::StatusCode;
use tallywire_runtime::config;
use tracing::warn;
use url::Url;

use crate::{
    http::{Body, Client, FetchError, Hop, Limits, shared_headers, whole},
    pace::Pace,
    robots::{Answer, Policy, READ_LIMIT, RobotsCache, Source},
    shown::ShownUrl,
};

const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
/// How long a site is left alone that answers so and does not say for how long.
const REST: Duration = Duration::from_mins(1);

/// The name under which sites know this crawler (RFC 9309, section 2.2.1).
const PRODUCT_TOKEN: &str = "Tallywire";

/// Fetches pages.
pub(crate) struct Pages {
    client: Client,
    pace: Arc<Pace>,
    robots: RobotsCache<RobotsFiles>,
    limits: Limits,
}

/// Fetches robots.txt files, at the pace of the site's pages.
struct RobotsFiles {
    client: Client,
    pace: Arc<Pace>,
}

impl Pages {
    pub(crate) fn new(client: Client, settings: &config::Fetcher) -> Self {
        let pace = Arc::new(Pace::new(settings.host_concurrency, settings.host_delay));
        let files = RobotsFiles { client: client.clone(), pace: pace.clone() };
        let limits = Limits::up_to(settings.max_page_bytes);
        Self { client, pace, robots: RobotsCache::new(files, PRODUCT_TOKEN), limits }
    }

    /// A page. The headers go to addresses that may share those of `own`.
    pub(crate) async fn get(
        &self,
        page: &Url,
        own: &Url,
        headers: &BTreeMap<String, String>,
    ) -> Result<Body, FetchError> {
        let mut url = page.clone();
        for _ in 0..=self.client.max_redirects() {
            let crawl_delay = match self.robots.policy(&url).await {
                Policy::Unreachable => return Err(FetchError::Robots { url: ShownUrl::new(&url), for_now: true }),
                Policy::Known(rules) if !rules.allows(&url) => {
                    return Err(FetchError::Robots { url: ShownUrl::new(&url), for_now: false });
                }
                Policy::Known(rules) => rules.crawl_delay(),
            };
            let headers = shared_headers(headers, own, &url);
            let turn = self.pace.turn(&url, crawl_delay).await;
            if let Some(wait) = self.pace.resting(&url) {
                return Err(FetchError::Resting { url: ShownUrl::new(&url), wait });
            }
            let hop = self.client.get_once(&url, headers, self.limits, is_readable).await;
            drop(turn);
            let hop = hop.inspect_err(|error| {
                if let FetchError::Status { url: shown, status: TOO_MANY | UNAVAILABLE, retry_after } = error {
                    let wait = retry_after.unwrap_or(REST);
                    warn!(url = %shown, seconds = wait.as_secs(), "the site asks to be left alone");
                    self.pace.rest(&url, wait);
                }
            })?;
            match hop {
                Hop::Redirect { to, .. } => url = to,
                Hop::Answer { body, .. } => return whole(&url, body),
            }
        }
        Err(FetchError::too_many_redirects(page, self.client.max_redirects()))
    }
}

impl Source for RobotsFiles {
    async fn fetch(&self, url: &Url) -> Answer {
        let _turn = self.pace.turn(url, None).await;
        let limits = Limits { bytes: READ_LIMIT as u64, cut: true };
        match self.client.get_whole(url, &BTreeMap::new(), limits).await {
            Ok(body) => Answer::Found { fresh_for: body.fresh_for, body: body.bytes },
            Err(FetchError::Status { status, .. }) => Answer::Status(status),
            Err(FetchError::Redirect { .. }) => Answer::Astray,
            Err(_) => Answer::Failed,
        }
    }
}

/// Whether a body of this type can hold an article's text.
fn is_readable(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind.starts_with("text/") || matches!(kind.as_str(), "application/xhtml+xml" | "application/xml")
}
