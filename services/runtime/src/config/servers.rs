//! The addresses of the NATS servers that `nats.url` holds, and the user that may stand in them.

use url::Url;

use super::settings::Nats;

/// Where a NATS server listens unless it is told otherwise.
const DEFAULT_SERVER: &str = "nats://127.0.0.1:4222";

/// The user that stands in an address.
#[derive(Clone, Eq, PartialEq)]
pub(crate) enum UrlUser {
    /// `nats://user:password@host`
    Password(String, String),
    /// `nats://token@host`
    Token(String),
}

impl Nats {
    fn given(&self) -> impl Iterator<Item = &str> {
        let url = if self.url.is_empty() { DEFAULT_SERVER } else { &self.url };
        url.split(',').map(str::trim)
    }

    /// The addresses of the servers, without the user: the client would neither use nor hide it.
    pub(crate) fn servers(&self) -> Vec<String> {
        let address = |given: &str| match given.rfind('@') {
            Some(at) => format!("{}{}", given.find("://").map_or("", |end| &given[..end + 3]), &given[at + 1..]),
            None => given.to_owned(),
        };
        self.given().map(address).collect()
    }

    /// The user of the first address that has one.
    pub(crate) fn url_user(&self) -> Option<UrlUser> {
        self.given().find_map(|given| {
            let url = Url::parse(given).ok()?;
            let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
            match (url.username(), url.password()) {
                ("", _) => None,
                (token, None) => Some(UrlUser::Token(plain(token))),
                (user, Some(password)) => Some(UrlUser::Password(plain(user), plain(password))),
            }
        })
    }

    /// The addresses without user and password, for logs and errors.
    pub fn redacted_url(&self) -> String {
        let hidden = |(given, address): (&str, String)| match (given.contains('@'), address.find("://")) {
            (false, _) => address,
            (true, Some(end)) => format!("{}***@{}", &address[..end + 3], &address[end + 3..]),
            (true, None) => format!("***@{address}"),
        };
        self.given().zip(self.servers()).map(hidden).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nats(url: &str) -> Nats {
        Nats { url: url.to_owned(), ..Nats::default() }
    }

    #[test]
    fn a_user_is_taken_out_of_the_address() {
        let nats = nats("nats://me:p%40ss@queue:4222, tls://other:4223");
        assert_eq!(nats.servers(), ["nats://queue:4222", "tls://other:4223"]);
        assert!(nats.url_user() == Some(UrlUser::Password("me".to_owned(), "p@ss".to_owned())));
        assert_eq!(nats.redacted_url(), "nats://***@queue:4222,tls://other:4223");
    }

    #[test]
    fn a_token_is_one_too() {
        let nats = nats("nats://s3cret@queue:4222");
        assert!(nats.url_user() == Some(UrlUser::Token("s3cret".to_owned())));
        assert_eq!(nats.redacted_url(), "nats://***@queue:4222");
        assert!(super::tests::nats("queue:4222").url_user().is_none());
    }

    #[test]
    fn an_at_sign_that_is_not_encoded_gives_nothing_away() {
        assert_eq!(nats("nats://me:p@ss@queue:4222").redacted_url(), "nats://***@queue:4222");
        assert_eq!(nats("me:pass@queue").redacted_url(), "***@queue");
    }
}
