//! One poll of a feed: ask, read, and publish what is new.

use std::collections::BTreeMap;

use tallywire_proto::ErrorKind;
use tokio::task::spawn_blocking;
use url::Url;

use crate::{
    feeds::Feed,
    fingerprint::fingerprint,
    http::{Body, Client, Limits, Validators, may_share_headers},
    parse::{ParseError, parse_feed},
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
}

impl Poller {
    /// Polls a feed once.
    pub(crate) async fn poll(&self, feed: &Feed, state: &FeedState) -> Result<Success, Failure> {
        let address = state.address(&feed.url);
        let asked = self.client.get(address, &state.validators, own_headers(feed, address), self.limits).await;
        let answer = asked.map_err(|error| Failure {
            kind: error.kind(),
            message: error.to_string(),
            retry_after: error.retry_after(),
        })?;
        let mut success = Success { moved: answer.moved, fresh_for: answer.fresh_for, ..Success::default() };
        let Some(Body { url, base, content_type, validators, links, bytes, .. }) = answer.body else {
            return Ok(success);
        };
        let body = fingerprint([&bytes]);
        if state.body.as_ref() == Some(&body) {
            success.validators = Some(validators);
            return Ok(success);
        }
        let place = base.clone();
        let parsed = spawn_blocking(move || parse_feed(&bytes, content_type.as_deref(), Some(&place)));
        let mut parsed = parsed.await.unwrap_or(Err(ParseError::Panic)).map_err(|error| Failure {
            kind: ErrorKind::NotAFeed,
            message: format!("{}: {error}", ShownUrl::new(address)),
            retry_after: None,
        })?;
        let hub = Links::of(&links, &url, &parsed.feed);
        let (hints, salvaged) = (std::mem::take(&mut parsed.hints), parsed.salvaged.take());
        let published = self.publisher.publish_all(feed, &base, parsed, state.bad_guids).await;
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

/// The user's headers for a feed, as far as they may be sent to an address.
fn own_headers<'f>(feed: &'f Feed, to: &Url) -> &'f BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    if may_share_headers(&feed.url, to) { &feed.headers } else { &NONE }
}
