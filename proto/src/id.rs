//! An article's identity: its URL in canonical form, and the id derived from it.

use std::{borrow::Cow, fmt, str::FromStr, sync::LazyLock};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use url::Url;

/// Query parameters that say where a reader came from, not what they read. A trailing `*` stands for any ending.
static TRACKING: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("../data/tracking-parameters.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// Whether a query parameter tracks readers.
fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.iter().any(|rule| match rule.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *rule,
    })
}

/// A URL in canonical form: host in lower case, no default port, no credentials, no fragment, no tracking parameters.
///
/// The order of the other parameters is kept, since some sites give it a meaning.
pub fn canonical_url(url: &Url) -> Url {
    let mut canonical = url.clone();
    canonical.set_fragment(None);
    // Both fail only for URLs that cannot have credentials, which then have none.
    let _ = canonical.set_username("");
    let _ = canonical.set_password(None);
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !is_tracking(pair.split('=').next().unwrap_or(pair)))
            .collect();
        let kept = kept.join("&");
        canonical.set_query(if kept.is_empty() { None } else { Some(&kept) });
    }
    canonical
}

/// The id of an article: 128 bits of the SHA-256 of its canonical URL without the scheme, as 32 hexadecimal digits.
///
/// The scheme is left out because a site's move from http to https does not make its articles new ones.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ArticleId([u8; 16]);

impl ArticleId {
    /// The id of the article at a URL.
    pub fn of_url(url: &Url) -> Self {
        let canonical = canonical_url(url);
        let key = canonical.as_str().split_once(':').map_or(canonical.as_str(), |(_, rest)| rest);
        Self::of_key(key)
    }

    /// The id of an article without a URL, from whatever tells it from all others.
    pub fn of_key(key: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ArticleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The text is not 32 hexadecimal digits.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is no article id: an id has 32 hexadecimal digits")]
pub struct ParseIdError(String);

impl FromStr for ArticleId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseIdError(text.chars().take(80).collect());
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(error());
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| error())?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl Serialize for ArticleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ArticleId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for ArticleId {
    fn schema_name() -> Cow<'static, str> {
        "ArticleId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Derived from the article's URL in canonical form",
            "type": "string",
            "pattern": "^[0-9a-f]{32}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> String {
        canonical_url(&Url::parse(text).unwrap()).to_string()
    }

    #[test]
    fn drops_what_does_not_identify() {
        assert_eq!(
            canonical("HTTPS://user:pw@News.Example:443/a?utm_source=x&id=7&fbclid=q#top"),
            "https://news.example/a?id=7"
        );
        assert_eq!(canonical("https://news.example/a?utm_source=x"), "https://news.example/a");
    }

    #[test]
    fn keeps_what_may_identify() {
        assert_eq!(canonical("https://news.example/a?b=1&a=2"), "https://news.example/a?b=1&a=2");
        assert_ne!(
            ArticleId::of_url(&Url::parse("https://news.example/a?id=1").unwrap()),
            ArticleId::of_url(&Url::parse("https://news.example/a?id=2").unwrap())
        );
    }

    #[test]
    fn a_move_to_https_keeps_the_id() {
        assert_eq!(
            ArticleId::of_url(&Url::parse("http://news.example/a").unwrap()),
            ArticleId::of_url(&Url::parse("https://news.example/a").unwrap())
        );
    }

    #[test]
    fn reads_what_it_writes() {
        let id = ArticleId::of_key("some article");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("no id".parse::<ArticleId>().is_err());
    }

    proptest! {
        #[test]
        fn canonical_form_is_a_fixed_point(path in "[a-z/]{0,20}", query in "[a-z_=&0-9]{0,30}") {
            let url = Url::parse(&format!("https://news.example/{path}?{query}")).unwrap();
            let once = canonical_url(&url);
            prop_assert_eq!(canonical_url(&once), once.clone());
            prop_assert_eq!(ArticleId::of_url(&url), ArticleId::of_url(&once));
        }
    }
}
