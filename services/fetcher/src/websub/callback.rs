//! The callback: where hubs verify a subscription (GET) and deliver (POST).

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, RawQuery, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use tallywire_proto::subject::is_feed_id;
use tokio::sync::mpsc;
use tracing::{info, warn};
use url::Url;

use super::{intent::Intent, reading::Reading, signature, store::Subscriptions};

/// The time now.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A feed's new content, as its hub sent it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Delivery {
    /// The feed.
    pub(crate) feed: String,
    /// What relative addresses within it start from: the same as in what polls read.
    pub(crate) base: Url,
    /// The `Content-Type`, as sent. No signature covers it.
    pub(crate) content_type: Option<String>,
    /// The body. Hubs may leave out entries that they have delivered already (`WebSub`, section 7).
    pub(crate) body: Bytes,
}

/// What answers the hubs.
pub(crate) struct Callback<S> {
    /// The subscriptions.
    pub(crate) subscriptions: S,
    /// Where deliveries go. Its size times the router's `max_bytes` is what those that wait, or are being read, take at
    /// most, and twice that while their pieces are put together.
    pub(crate) deliveries: mpsc::Sender<Delivery>,
    /// The time now.
    pub(crate) clock: Clock,
}

impl<S: Subscriptions> Callback<S> {
    /// The routes; deliveries of more than `max_bytes` are refused.
    pub(crate) fn router(self, max_bytes: usize) -> Router {
        let route = get(verify::<S>).post(receive::<S>);
        Router::new()
            .route("/websub/{feed}/{token}", route)
            .layer(DefaultBodyLimit::max(max_bytes))
            .with_state(Arc::new(Desk { callback: self, reading: Reading::default() }))
    }
}

/// The callback at work.
struct Desk<S> {
    callback: Callback<S>,
    reading: Reading,
}

type Shared<S> = State<Arc<Desk<S>>>;

/// A hub asks whether we meant it, or says that it will not (`WebSub`, sections 5.2 and 5.3).
async fn verify<S: Subscriptions>(
    State(desk): Shared<S>,
    Path((feed, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let intent = query.as_deref().and_then(Intent::parse).filter(|_| is_feed_id(&feed));
    let Some(intent) = intent else { return StatusCode::NOT_FOUND.into_response() };
    let callback = &desk.callback;
    let now = (callback.clock)();
    let heard = callback
        .subscriptions
        .update(&feed, |held| held.as_mut().filter(|held| held.has_token(&token))?.hear(&intent, now))
        .await;
    match heard {
        Ok(Some(body)) => {
            match &intent {
                Intent::Subscribe { lease, .. } => info!(feed, ?lease, "the hub delivers"),
                Intent::Denied { reason, .. } => warn!(feed, ?reason, "the hub refuses, polling goes on"),
            }
            // A type that no browser takes for a page (section 5.3.1).
            ([(CONTENT_TYPE, "text/plain; charset=utf-8"), (X_CONTENT_TYPE_OPTIONS, "nosniff")], body).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => away(&feed, &error),
    }
}

/// A hub delivers (`WebSub`, section 7).
async fn receive<S: Subscriptions>(
    State(desk): Shared<S>,
    Path((feed, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    if !is_feed_id(&feed) {
        return StatusCode::GONE.into_response();
    }
    let Desk { callback, reading } = desk.as_ref();
    let expected = callback
        .subscriptions
        .update(&feed, |held| held.as_ref().filter(|held| held.has_token(&token))?.delivers())
        .await;
    let (base, secret) = match expected {
        Ok(Some(expected)) => expected,
        // The hub may end the subscription.
        Ok(None) => return StatusCode::GONE.into_response(),
        Err(error) => return away(&feed, &error),
    };
    // A place and room first, then the body: what cannot be passed on is not read.
    let Some(place) = reading.take(&feed) else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let Ok(room) = callback.deliveries.try_reserve() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let (content_type, signed) =
        (text(request.headers(), CONTENT_TYPE.as_str()), text(request.headers(), signature::HEADER));
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    drop(place);
    let checked = secret.map_or(Ok(()), |secret| signature::verify(signed.as_deref(), &secret, &body));
    match checked {
        Ok(()) => room.send(Delivery { feed, base, content_type, body }),
        // It is answered as a good one is: the answer is no help in guessing (section 7.1.2).
        Err(error) => warn!(feed, %error, "a delivery is ignored"),
    }
    StatusCode::ACCEPTED.into_response()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The subscription cannot be looked up now; hubs try again.
fn away(feed: &str, error: &impl std::fmt::Display) -> Response {
    warn!(feed, %error, "a hub is asked to come back later");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
