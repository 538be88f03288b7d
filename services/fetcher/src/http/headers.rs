//! What is sent with a request, and what an answer says beside its body.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use reqwest::header::{
    ACCEPT, AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
};
use serde::{Deserialize, Serialize};

/// What a publisher gave to ask with whether something changed, verbatim (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Validators {
    /// The `ETag`.
    pub etag: Option<String>,
    /// The `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self { etag: text(headers, &ETAG), last_modified: text(headers, &LAST_MODIFIED) }
    }
}

/// The headers of a request: the validators, and those that the user set.
pub(super) fn request(validators: &Validators, own: &BTreeMap<String, String>) -> HeaderMap {
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

/// A header's value, where it is text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// All values of a header, where they are text.
pub(super) fn all(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
}

/// How long the answer stays fresh (RFC 9111, section 4.2): `max-age`, else `Expires` less `Date`, less its `Age`.
/// None where it says nothing, or asks not to be stored.
pub(super) fn fresh_for(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let control = text(headers, &CACHE_CONTROL).unwrap_or_default().to_ascii_lowercase();
    let directives = || control.split(',').map(str::trim);
    if directives().any(|directive| matches!(directive, "no-cache" | "no-store")) {
        return None;
    }
    let max_age = directives()
        .filter_map(|directive| directive.strip_prefix("max-age="))
        .find_map(|seconds| seconds.trim_matches('"').parse().ok());
    let lifetime = match max_age {
        Some(seconds) => Duration::from_secs(seconds),
        None => date(headers, &EXPIRES)?.duration_since(sent(headers, now)).ok()?,
    };
    let age = text(headers, &AGE).and_then(|age| age.trim().parse().ok()).unwrap_or_default();
    lifetime.checked_sub(Duration::from_secs(age)).filter(|left| !left.is_zero())
}

/// How long to wait, by `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let seconds = text(headers, &RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs);
    seconds.or_else(|| date(headers, &RETRY_AFTER)?.duration_since(sent(headers, now)).ok())
}

/// When the answer was sent, by the server's own clock where it tells.
fn sent(headers: &HeaderMap, now: SystemTime) -> SystemTime {
    date(headers, &DATE).unwrap_or(now)
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, name)?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
        of.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn seconds(of: &[(&'static str, &str)]) -> Option<u64> {
        fresh_for(&headers(of), SystemTime::UNIX_EPOCH).map(|time| time.as_secs())
    }

    #[test]
    fn an_answer_says_how_long_it_stays_fresh() {
        assert_eq!(seconds(&[("cache-control", "public, max-age=600")]), Some(600));
        assert_eq!(seconds(&[("cache-control", "Max-Age=\"600\""), ("age", "100")]), Some(500));
        assert_eq!(seconds(&[("cache-control", "max-age=600, no-cache")]), None);
        assert_eq!(seconds(&[("cache-control", "max-age=0")]), None);
        let dates = [("date", "Mon, 09 Mar 2026 10:00:00 GMT"), ("expires", "Mon, 09 Mar 2026 10:20:00 GMT")];
        assert_eq!(seconds(&dates), Some(1200));
        assert_eq!(seconds(&[dates[0], dates[1], ("cache-control", "max-age=60")]), Some(60), "max-age goes first");
        assert_eq!(seconds(&[dates[0], ("expires", "0")]), None);
        assert!(seconds(&[dates[1]]).is_some(), "without a date, from now");
        assert_eq!(seconds(&[]), None);
    }

    #[test]
    fn a_server_says_when_to_come_back() {
        let wait = |of: &[(&'static str, &str)]| retry_after(&headers(of), SystemTime::UNIX_EPOCH);
        assert_eq!(wait(&[("retry-after", " 120 ")]), Some(Duration::from_mins(2)));
        let date = ("retry-after", "Mon, 09 Mar 2026 10:00:30 GMT");
        assert_eq!(wait(&[date, ("date", "Mon, 09 Mar 2026 10:00:00 GMT")]), Some(Duration::from_secs(30)));
        assert_eq!(wait(&[date, ("date", "Mon, 09 Mar 2026 11:00:00 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
    }

    #[test]
    fn validators_go_back_as_they_came() {
        let came = headers(&[("etag", "W/\"a b\""), ("last-modified", "yesterday, roughly")]);
        let sent = request(&Validators::of(&came), &BTreeMap::new());
        assert_eq!(sent[IF_NONE_MATCH], came[ETAG]);
        assert_eq!(sent[IF_MODIFIED_SINCE], came[LAST_MODIFIED]);
    }
}
