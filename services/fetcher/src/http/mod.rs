//! Requests within limits: size after decompression, time, redirects, addresses.

mod error;
mod headers;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use reqwest::{
    Response, StatusCode,
    header::{CONTENT_LOCATION, CONTENT_TYPE, HeaderMap, LINK, LOCATION},
};
use tallywire_proto::ErrorKind;
use tallywire_runtime::{Metrics, config::Fetcher as Settings, telemetry::Feeds};
use url::Url;

use crate::{
    address::{PublicResolver, check_url},
    shown::ShownUrl,
};

pub use error::FetchError;
pub use headers::Validators;

/// What a request may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body, after decompression.
    pub bytes: u64,
    /// Whether of a larger one the start will do.
    pub cut: bool,
}

impl Limits {
    /// Bodies of up to so many bytes; a larger one is an error.
    pub fn up_to(bytes: bytesize::ByteSize) -> Self {
        Self { bytes: bytes.as_u64(), cut: false }
    }
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where the address asked has moved for good (301, 308), as far as every redirect up to there says so.
    pub moved: Option<Url>,
    /// How long the answer stays fresh, as its headers say.
    pub fresh_for: Option<Duration>,
    /// What is there; none if it has not changed since the validators were given.
    pub body: Option<Body>,
}

/// A body, and what it is.
#[derive(Clone, Debug)]
pub struct Body {
    /// The address that answered in the end.
    pub url: Url,
    /// What relative addresses within it start from: its `Content-Location`, else its address.
    pub base: Url,
    /// The `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// How long it stays fresh, as its headers say.
    pub fresh_for: Option<Duration>,
    /// The `Link` headers, as sent.
    pub links: Vec<String>,
    /// The bytes, decompressed.
    pub bytes: Vec<u8>,
}

/// The client that all requests go through.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    metrics: Feeds,
    allow_private: bool,
    max_redirects: usize,
    timeout: Duration,
}

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection is kept for another request. Feeds are polled minutes apart, so only the pages of one poll
/// gain by it, and each of thousands of hosts would hold a file descriptor meanwhile.
const IDLE: Duration = Duration::from_secs(3);
/// The most headers of an answer.
const MAX_HEADERS: usize = 200;
/// The most bytes of headers of an answer over HTTP/2; over HTTP/1 hyper's own limit, about 400 KiB, holds.
const MAX_HEADER_BYTES: u32 = 64 * 1024;

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
            .pool_idle_timeout(IDLE)
            .http1_max_headers(MAX_HEADERS)
            .http1_ignore_invalid_headers_in_responses(true)
            .http2_max_header_list_size(MAX_HEADER_BYTES)
            .build()?;
        Ok(Self {
            http,
            metrics: Metrics::default().feeds,
            allow_private: settings.allow_private_networks,
            max_redirects: settings.max_redirects,
            timeout: settings.timeout,
        })
    }

    /// The same client, which counts requests in these metrics.
    #[must_use]
    pub fn counting_in(self, metrics: Feeds) -> Self {
        Self { metrics, ..self }
    }

    /// Asks for what is at a URL, and follows redirects. The headers are the user's own; they go to that origin alone.
    ///
    /// # Errors
    /// When nothing comes within the limits.
    pub async fn get(
        &self,
        url: &Url,
        validators: &Validators,
        headers: &BTreeMap<String, String>,
        limits: Limits,
    ) -> Result<Answer, FetchError> {
        self.in_time(url, self.follow(url, validators, headers, limits)).await
    }

    /// Asks for what is at a URL, whatever was there before.
    ///
    /// # Errors
    /// When nothing comes within the limits.
    pub async fn get_whole(
        &self,
        url: &Url,
        headers: &BTreeMap<String, String>,
        limits: Limits,
    ) -> Result<Body, FetchError> {
        let answer = self.get(url, &Validators::default(), headers, limits).await?;
        whole(url, answer.body)
    }

    /// Asks for what is at a URL, whatever was there before, and follows no redirect. A body whose `Content-Type` is not
    /// `wanted` is not read.
    pub(crate) async fn get_once(
        &self,
        url: &Url,
        headers: &BTreeMap<String, String>,
        limits: Limits,
        wanted: fn(&str) -> bool,
    ) -> Result<Hop, FetchError> {
        self.in_time(url, self.hop(url, &Validators::default(), headers, limits, wanted)).await
    }

    /// Sends a form, and follows redirects that ask for it again (307, 308). The body of the answer is not read.
    pub(crate) async fn post_form(&self, url: &Url, form: String) -> Result<(), FetchError> {
        let send = async {
            let mut to = url.clone();
            for _ in 0..=self.max_redirects {
                check_url(&to, self.allow_private)?;
                let request = self.http.post(to.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                let sent = request.body(form.clone()).send().await;
                let response = sent.map_err(|error| FetchError::connection(&to, &error))?;
                let status = response.status();
                if status.is_success() {
                    return Ok(());
                }
                if !matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                    let retry_after = headers::retry_after(response.headers(), SystemTime::now());
                    return Err(FetchError::Status { url: ShownUrl::new(&to), status, retry_after });
                }
                to = redirect(&to, &response)?;
            }
            Err(FetchError::too_many_redirects(url, self.max_redirects))
        };
        self.in_time(url, send).await
    }

    /// How many redirects may be followed.
    pub(crate) fn max_redirects(&self) -> usize {
        self.max_redirects
    }

    async fn in_time<T>(&self, url: &Url, asked: impl Future<Output = Result<T, FetchError>>) -> Result<T, FetchError> {
        let timed_out = || {
            // What was cut off has not counted itself.
            self.metrics.requested(ErrorKind::Timeout.name());
            FetchError::Timeout { url: ShownUrl::new(url), limit: self.timeout }
        };
        tokio::time::timeout(self.timeout, asked).await.map_err(|_| timed_out())?
    }

    /// Follows redirects by hand, since every hop's address has to be checked.
    async fn follow(
        &self,
        first: &Url,
        validators: &Validators,
        headers: &BTreeMap<String, String>,
        limits: Limits,
    ) -> Result<Answer, FetchError> {
        let (mut url, mut moved, mut all_for_good) = (first.clone(), None, true);
        for _ in 0..=self.max_redirects {
            let own = shared_headers(headers, first, &url);
            match self.hop(&url, validators, own, limits, |_| true).await? {
                Hop::Answer { fresh_for, body } => return Ok(Answer { moved, fresh_for, body }),
                Hop::Redirect { to, for_good } => {
                    all_for_good &= for_good;
                    if all_for_good {
                        moved = Some(to.clone());
                    }
                    url = to;
                }
            }
        }
        Err(FetchError::too_many_redirects(first, self.max_redirects))
    }

    /// One request, and what it leads to.
    async fn hop(
        &self,
        url: &Url,
        validators: &Validators,
        headers: &BTreeMap<String, String>,
        limits: Limits,
        wanted: fn(&str) -> bool,
    ) -> Result<Hop, FetchError> {
        let hop = self.ask(url, validators, headers, limits, wanted).await;
        self.metrics.requested(match &hop {
            Ok(Hop::Answer { body: Some(body), .. }) => {
                self.metrics.read(body.bytes.len());
                "read"
            }
            Ok(Hop::Answer { body: None, .. }) => "unchanged",
            Ok(Hop::Redirect { .. }) => "redirected",
            Err(error) => error.kind().name(),
        });
        hop
    }

    async fn ask(
        &self,
        url: &Url,
        validators: &Validators,
        headers: &BTreeMap<String, String>,
        limits: Limits,
        wanted: fn(&str) -> bool,
    ) -> Result<Hop, FetchError> {
        check_url(url, self.allow_private)?;
        let request = self.http.get(url.clone()).headers(headers::request(validators, headers));
        let response = request.send().await.map_err(|error| FetchError::connection(url, &error))?;
        let status = response.status();
        let now = SystemTime::now();
        let fresh_for = headers::fresh_for(response.headers(), now);
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Hop::Answer { fresh_for, body: None });
        }
        if status.is_redirection() {
            let for_good = matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
            return Ok(Hop::Redirect { to: redirect(url, &response)?, for_good });
        }
        if !status.is_success() {
            let retry_after = headers::retry_after(response.headers(), now);
            return Err(FetchError::Status { url: ShownUrl::new(url), status, retry_after });
        }
        if let Some(content_type) = headers::text(response.headers(), &CONTENT_TYPE).filter(|kind| !wanted(kind)) {
            return Err(FetchError::NoPage { url: ShownUrl::new(url), content_type });
        }
        Ok(Hop::Answer { fresh_for, body: Some(read(url, response, fresh_for, limits).await?) })
    }
}

/// Where one request leads.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for a moment")]
pub(crate) enum Hop {
    /// To an answer.
    Answer { fresh_for: Option<Duration>, body: Option<Body> },
    /// To another address.
    Redirect { to: Url, for_good: bool },
}

/// Without validators there is no "not modified".
pub(crate) fn whole(url: &Url, body: Option<Body>) -> Result<Body, FetchError> {
    body.ok_or_else(|| FetchError::Connection {
        url: ShownUrl::new(url),
        reason: "answers 304 Not Modified to an unconditional request".to_owned(),
    })
}

/// Whether headers that the user set for one address, which may hold secrets, may be sent to another: to the same
/// origin, or its better protected form.
fn may_share_headers(from: &Url, to: &Url) -> bool {
    let upgraded = from.scheme() == "http" && to.scheme() == "https" && from.host() == to.host();
    from.origin() == to.origin() || (upgraded && to.port().is_none())
}

/// The user's headers for an address, as far as they may be sent to another.
pub(crate) fn shared_headers<'h>(
    headers: &'h BTreeMap<String, String>,
    from: &Url,
    to: &Url,
) -> &'h BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    if may_share_headers(from, to) { headers } else { &NONE }
}

fn user_agent(contact: &str) -> String {
    let about = env!("CARGO_PKG_REPOSITORY");
    let contact = if contact.is_empty() { String::new() } else { format!("; {contact}") };
    format!("Tallywire/{} (+{about}{contact})", env!("CARGO_PKG_VERSION"))
}

fn redirect(url: &Url, response: &Response) -> Result<Url, FetchError> {
    let fail = |reason: &str| FetchError::Redirect { url: ShownUrl::new(url), reason: reason.to_owned() };
    let location = headers::text(response.headers(), &LOCATION).ok_or_else(|| fail("redirects to nowhere"))?;
    let next = url.join(&location).map_err(|_| fail("redirects to what is no address"))?;
    if url.scheme() == "https" && next.scheme() == "http" {
        return Err(fail("redirects from https to http"));
    }
    Ok(next)
}

async fn read(
    url: &Url,
    mut response: Response,
    fresh_for: Option<Duration>,
    limits: Limits,
) -> Result<Body, FetchError> {
    let content_type = headers::text(response.headers(), &CONTENT_TYPE);
    let validators = Validators::of(response.headers());
    let base = base(url, response.headers());
    let links = headers::all(response.headers(), &LINK);
    let limit = usize::try_from(limits.bytes).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::connection(url, &error))? {
        let room = limit.saturating_sub(bytes.len());
        if chunk.len() <= room {
            bytes.extend_from_slice(&chunk);
        } else if limits.cut {
            bytes.extend_from_slice(chunk.get(..room).unwrap_or_default());
            break;
        } else {
            return Err(FetchError::TooLarge { url: ShownUrl::new(url), limit: limits.bytes });
        }
    }
    Ok(Body { url: url.clone(), base, content_type, validators, fresh_for, links, bytes })
}

/// `Content-Location` was the base of a document's addresses (RFC 2616, section 14.14). RFC 9110 takes that back; feeds
/// that were made by it are still there.
fn base(url: &Url, headers: &HeaderMap) -> Url {
    let location = headers::text(headers, &CONTENT_LOCATION).and_then(|location| url.join(&location).ok());
    location.filter(|location| matches!(location.scheme(), "http" | "https")).unwrap_or_else(|| url.clone())
}

#[cfg(test)]
mod tests;
