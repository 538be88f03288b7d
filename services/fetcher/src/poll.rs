//! One poll of a feed: ask, read, and publish what is new.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::StatusCode;
use tallywire_proto::ErrorKind;
use tokio::sync::Semaphore;
use url::Url;

use crate::{
    feeds::Feed,
    fingerprint::fingerprint,
    http::{Body, Client, FetchError, Limits, Validators, shared_headers},
    parse::parse_feed_aside,
    publish::Publisher,
    shown::ShownUrl,
    state::{Failure, FeedState, Reading, Success},
    websub::Links,
};

/// What a poll needs.
pub(crate) struct Poller {
    pub(crate) client: Client,
    pub(crate) publisher: Publisher,
    pub(crate) limits: Limits,
    /// So many feeds are asked at the same time.
    pub(crate) places: Semaphore,
    /// What a feed lists has to be gone through so often, changed or not, that none of it is forgotten as seen.
    pub(crate) reread_after: Duration,
}

impl Poller {
    /// Polls a feed once.
    pub(crate) async fn poll(&self, feed: &Feed, state: &FeedState, now: Timestamp) -> Result<Success, Failure> {
        // The semaphore is never closed.
        let asking = self.places.acquire().await.ok();
        let (address, begun) = (state.address(&feed.url), SystemTime::now());
        let is_due = |read: Timestamp| now.duration_since(read).unsigned_abs() >= self.reread_after;
        let reread = state.last_read.is_some_and(is_due);
        let validators = if reread { &Validators::default() } else { &state.validators };
        let asked =
            self.client.get(address, validators, shared_headers(&feed.headers, &feed.url, address), self.limits).await;
        let answer = asked.map_err(|error| failure(address, &error))?;
        let mut success = Success { moved: answer.moved, fresh_for: answer.fresh_for, ..Success::default() };
        let Some(Body { url, base, content_type, validators, links, bytes, .. }) = answer.body else {
            return Ok(success);
        };
        let body = fingerprint([&bytes]);
        if !reread && state.body.as_ref() == Some(&body) {
            success.validators = Some(validators);
            return Ok(success);
        }
        let mut parsed = parse_feed_aside(bytes, content_type, &base).await.map_err(|error| Failure {
            kind: ErrorKind::NotAFeed,
            message: format!("{}: {error}", ShownUrl::new(address)),
            retry_after: None,
        })?;
        drop(asking);
        let hub = Links::of(&links, &url, &base, &parsed.feed);
        let (hints, salvaged) = (std::mem::take(&mut parsed.hints), parsed.salvaged.take());
        let published = self.publisher.publish_all(feed, &base, parsed, state.bad_guids, begun).await;
        // Where an article has to be tried again, the next answer must not be that nothing has changed.
        success.validators = Some(if published.pending { Validators::default() } else { validators });
        success.read = Some(Reading {
            published: published.count,
            body: (!published.pending).then_some(body),
            wishes: hints.into(),
            salvaged: salvaged.map(|what| what.to_string()),
            bad_guids: published.bad_guids,
            hub,
        });
        Ok(success)
    }
}

fn failure(address: &Url, error: &FetchError) -> Failure {
    let kind = match error {
        // Only the feed's address itself can say that it is gone, not one that it happens to redirect to.
        FetchError::Status { url, status: StatusCode::GONE, .. } if *url != ShownUrl::new(address) => {
            ErrorKind::NotFound
        }
        error => error.kind(),
    };
    Failure { kind, message: error.to_string(), retry_after: error.retry_after() }
}
