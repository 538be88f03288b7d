//! Requests within limits: size after decompression, time, redirects, addresses.

use std::{collections::BTreeMap, time::Duration};

use reqwest::{
    Response, StatusCode,
    header::{
        ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LAST_MODIFIED, LOCATION, RETRY_AFTER,
    },
};
use serde::{Deserialize, Serialize};
use tallywire_runtime::config::Fetcher as Settings;
use url::Url;

use crate::{
    address::{AddressError, PublicResolver, check_url},
    shown::ShownUrl,
};

/// What a publisher gave to ask with whether something changed, verbatim (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Validators {
    /// The `ETag`.
    pub etag: Option<String>,
    /// The `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a request may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body, after decompression.
    pub bytes: u64,
}

/// An answer with a body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The address that answered in the end.
    pub url: Url,
    /// The `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// The body, decompressed.
    pub bytes: Vec<u8>,
}

/// A request that brought no body.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address may not be fetched.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The server answers with an error.
    #[error("{url} answers {status}")]
    Status {
        /// The address.
        url: ShownUrl,
        /// The status.
        status: StatusCode,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// What is there is no page.
    #[error("{url} is {content_type}, not a page")]
    NoPage {
        /// The address.
        url: ShownUrl,
        /// What it says it is.
        content_type: String,
    },
    /// The server redirects in vain.
    #[error("{url}: {reason}")]
    Redirect {
        /// The address asked first.
        url: ShownUrl,
        /// What is wrong.
        reason: String,
    },
    /// The body is too large.
    #[error("{url} sends more than {limit} bytes")]
    TooLarge {
        /// The address.
        url: ShownUrl,
        /// The limit.
        limit: u64,
    },
    /// The server is too slow.
    #[error("{url} did not answer whole within {} s", limit.as_secs())]
    Timeout {
        /// The address.
        url: ShownUrl,
        /// The limit.
        limit: Duration,
    },
    /// The connection fails.
    #[error("{url}: {reason}")]
    Connection {
        /// The address.
        url: ShownUrl,
        /// What is wrong.
        reason: String,
    },
}

impl FetchError {
    /// Whether asking again later would be in vain.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Address(_) | Self::TooLarge { .. } | Self::Redirect { .. } | Self::NoPage { .. } => true,
            Self::Status { status, .. } => {
                matches!(*status, StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS)
            }
            Self::Timeout { .. } | Self::Connection { .. } => false,
        }
    }

    /// How long the server asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// The client that all requests go through.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    allow_private: bool,
    max_redirects: usize,
    timeout: Duration,
}

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

impl Client {
    /// A client that keeps to the settings.
    ///
    /// # Errors
    /// When TLS cannot be set up: the system has no certificates, say.
    pub fn new(settings: &Settings) -> Result<Self, reqwest::Error> {
        // It is set already where another client of this process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(user_agent(&settings.contact))
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would resolve names itself, and reach what the resolver below refuses.
            .no_proxy()
            .dns_resolver(PublicResolver { allow_private: settings.allow_private_networks })
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(2)
            .build()?;
        Ok(Self {
            http,
            allow_private: settings.allow_private_networks,
            max_redirects: settings.max_redirects,
            timeout: settings.timeout,
        })
    }

    /// Asks for what is at a URL; none if it has not changed since the validators were given.
    ///
    /// # Errors
    /// When nothing comes within the limits.
    pub async fn get(
        &self,
        url: &Url,
        validators: &Validators,
        headers: &BTreeMap<String, String>,
        limits: Limits,
    ) -> Result<Option<Body>, FetchError> {
        let timed_out = || FetchError::Timeout { url: ShownUrl::new(url), limit: self.timeout };
        let asked = self.follow(url, validators, headers, limits);
        tokio::time::timeout(self.timeout, asked).await.map_err(|_| timed_out())?
    }

    /// Follows redirects by hand, since every hop's address has to be checked.
    async fn follow(
        &self,
        first: &Url,
        validators: &Validators,
        headers: &BTreeMap<String, String>,
        limits: Limits,
    ) -> Result<Option<Body>, FetchError> {
        let mut url = first.clone();
        let mut headers = request_headers(validators, headers);
        for _ in 0..=self.max_redirects {
            check_url(&url, self.allow_private)?;
            let request = self.http.get(url.clone()).headers(headers.clone());
            let response = request.send().await.map_err(|error| connection(&url, &error))?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED {
                return Ok(None);
            }
            if status.is_redirection() {
                let next = redirect(first, &url, &response)?;
                if !may_share_headers(&url, &next) {
                    headers = request_headers(validators, &BTreeMap::new());
                }
                url = next;
                continue;
            }
            if !status.is_success() {
                return Err(FetchError::Status {
                    url: ShownUrl::new(&url),
                    status,
                    retry_after: retry_after(response.headers()),
                });
            }
            return read(url, response, limits).await.map(Some);
        }
        let reason = format!("more than {} redirects", self.max_redirects);
        Err(FetchError::Redirect { url: ShownUrl::new(first), reason })
    }
}

/// Whether headers that the user set for one address, which may hold secrets, may be sent to another: to the same
/// origin, or its better protected form.
pub(crate) fn may_share_headers(from: &Url, to: &Url) -> bool {
    let upgraded = from.scheme() == "http" && to.scheme() == "https" && from.host() == to.host();
    from.origin() == to.origin() || (upgraded && to.port().is_none())
}

fn user_agent(contact: &str) -> String {
    let about = env!("CARGO_PKG_REPOSITORY");
    let contact = if contact.is_empty() { String::new() } else { format!("; {contact}") };
    format!("Tallywire/{} (+{about}{contact})", env!("CARGO_PKG_VERSION"))
}

fn request_headers(validators: &Validators, own: &BTreeMap<String, String>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let validators =
        [(IF_NONE_MATCH, validators.etag.as_deref()), (IF_MODIFIED_SINCE, validators.last_modified.as_deref())];
    for (name, value) in validators {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    for (name, value) in own {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    headers
}

fn redirect(first: &Url, url: &Url, response: &Response) -> Result<Url, FetchError> {
    let fail = |reason: &str| FetchError::Redirect { url: ShownUrl::new(first), reason: reason.to_owned() };
    let location = text(response.headers(), &LOCATION).ok_or_else(|| fail("redirects to nowhere"))?;
    let next = url.join(&location).map_err(|_| fail("redirects to what is no address"))?;
    if url.scheme() == "https" && next.scheme() == "http" {
        return Err(fail("redirects from https to http"));
    }
    Ok(next)
}

async fn read(url: Url, mut response: Response, limits: Limits) -> Result<Body, FetchError> {
    let content_type = text(response.headers(), &CONTENT_TYPE);
    let validators =
        Validators { etag: text(response.headers(), &ETAG), last_modified: text(response.headers(), &LAST_MODIFIED) };
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| connection(&url, &error))? {
        if (bytes.len() + chunk.len()) as u64 > limits.bytes {
            return Err(FetchError::TooLarge { url: ShownUrl::new(&url), limit: limits.bytes });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Body { url, content_type, validators, bytes })
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// `Retry-After` in seconds; its form as a date is left to the back-off.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    text(headers, &RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
}

/// The last cause tells the most: "connection refused", "not a public address".
fn connection(url: &Url, error: &reqwest::Error) -> FetchError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        if let Some(refused) = deeper.downcast_ref::<AddressError>() {
            return FetchError::Address(refused.clone());
        }
        cause = deeper;
    }
    FetchError::Connection { url: ShownUrl::new(url), reason: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, http::StatusCode as Code, response::Redirect, routing::get};

    async fn serve() -> Url {
        let router = Router::new()
            .route("/ok", get(|| async { ([("etag", "W/\"1\"")], "hello") }))
            .route(
                "/etag",
                get(|headers: axum::http::HeaderMap| async move {
                    if headers.get("if-none-match").is_some_and(|tag| tag == "W/\"1\"") {
                        Code::NOT_MODIFIED
                    } else {
                        Code::OK
                    }
                }),
            )
            .route("/large", get(|| async { vec![b'x'; 100_000] }))
            .route("/busy", get(|| async { (Code::TOO_MANY_REQUESTS, [("retry-after", "7")]) }))
            .route("/loop", get(|| async { Redirect::temporary("/loop") }))
            .route("/once", get(|| async { Redirect::permanent("/ok") }))
            .route("/slow", get(|| async { std::future::pending::<()>().await }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn settings() -> Settings {
        Settings { allow_private_networks: true, timeout: Duration::from_millis(500), ..Settings::default() }
    }

    async fn ask(settings: &Settings, base: &Url, path: &str) -> Result<Option<Body>, FetchError> {
        let validators = Validators { etag: Some("W/\"1\"".to_owned()), last_modified: None };
        let limits = Limits { bytes: 10_000 };
        let url = base.join(path).unwrap();
        Client::new(settings).unwrap().get(&url, &validators, &BTreeMap::new(), limits).await
    }

    #[tokio::test]
    async fn every_end_is_told_apart() {
        let base = serve().await;
        let settings = settings();
        let body = ask(&settings, &base, "ok").await.unwrap().unwrap();
        assert_eq!((body.bytes.as_slice(), body.validators.etag.as_deref()), (&b"hello"[..], Some("W/\"1\"")));
        assert!(ask(&settings, &base, "etag").await.unwrap().is_none());
        assert_eq!(ask(&settings, &base, "once").await.unwrap().unwrap().url.path(), "/ok");
        assert!(matches!(ask(&settings, &base, "large").await, Err(FetchError::TooLarge { limit: 10_000, .. })));
        assert!(matches!(ask(&settings, &base, "loop").await, Err(FetchError::Redirect { .. })));
        assert!(matches!(ask(&settings, &base, "slow").await, Err(FetchError::Timeout { .. })));
        let busy = ask(&settings, &base, "busy").await.unwrap_err();
        assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)));
        assert!(!busy.is_permanent());
        assert!(ask(&settings, &base, "absent").await.unwrap_err().is_permanent());
    }

    #[test]
    fn secrets_stay_with_their_origin() {
        let may = |from: &str, to: &str| may_share_headers(&Url::parse(from).unwrap(), &Url::parse(to).unwrap());
        assert!(may("https://a.example/x", "https://a.example/y") && may("http://a.example/", "https://a.example/"));
        for to in ["http://a.example/", "https://b.example/", "https://a.example:8443/"] {
            assert!(!may("https://a.example/", to), "{to}");
        }
    }

    #[tokio::test]
    async fn private_addresses_need_leave() {
        let base = serve().await;
        let settings = Settings { allow_private_networks: false, ..settings() };
        assert!(matches!(ask(&settings, &base, "ok").await, Err(FetchError::Address(_))));
        let named = Url::parse(&format!("http://localhost:{}/", base.port().unwrap())).unwrap();
        let error = ask(&settings, &named, "ok").await.unwrap_err();
        assert!(matches!(error, FetchError::Address(AddressError::Private(_))), "{error}");
    }
}
