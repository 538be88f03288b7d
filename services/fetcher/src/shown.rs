//! Addresses as they may be shown: in logs, in errors, in what is remembered of a feed.

use std::fmt;

use url::Url;

/// An address without user, password and query, any of which may hold a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShownUrl(String);

impl ShownUrl {
    /// The address as it may be shown.
    pub fn new(url: &Url) -> Self {
        let mut shown = url.clone();
        // Both fail only for addresses that cannot have credentials, which then have none.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        shown.set_fragment(None);
        if shown.query().is_some() {
            shown.set_query(Some("..."));
        }
        Self(shown.into())
    }
}

impl fmt::Display for ShownUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let shown = |text: &str| ShownUrl::new(&Url::parse(text).unwrap()).to_string();
        assert_eq!(shown("https://me:secret@news.example/rss?token=secret#x"), "https://news.example/rss?...");
        assert_eq!(shown("https://news.example/rss"), "https://news.example/rss");
    }
}
