//! What is known of where an article is from, before it is read.

use crate::lexicon::entries;

/// Where an article is from.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Hint<'a> {
    /// ISO 3166-1 alpha-2 code of the country that the feed is for.
    pub(crate) country: Option<&'a str>,
}

/// Country codes that anybody registers names under, whatever the country.
const FREE: [&str; 26] = [
    "ac", "ag", "ai", "bz", "cc", "cf", "co", "dj", "fm", "ga", "gg", "gq", "im", "io", "la", "li", "ly", "me", "ml",
    "nu", "sh", "st", "tk", "to", "tv", "ws",
];

/// The country that the host of a web address belongs to by its top-level domain, as an ISO 3166-1 alpha-2 code.
///
/// Only domains of countries say one, and none of those that are sold to everybody, such as `.co`, `.io` and `.tv`.
pub fn country_of_url(url: &str) -> Option<&'static str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.');
    let (_, domain) = host.rsplit_once('.')?;
    let domain = domain.to_ascii_lowercase();
    if FREE.contains(&&*domain) {
        return None;
    }
    let domain = if domain == "uk" { "gb" } else { &domain };
    let mut codes = entries(include_str!("../../data/countries.tsv")).filter_map(|line| line.split('\t').nth(1));
    codes.find(|code| code.eq_ignore_ascii_case(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_of_a_country_says_it() {
        assert_eq!(country_of_url("https://www.example.com.ua/news?a=b.ke"), Some("UA"));
        assert_eq!(country_of_url("http://example.co.UK:8080/"), Some("GB"));
        assert_eq!(country_of_url("https://user@example.ke."), Some("KE"));
    }

    #[test]
    fn other_domains_say_nothing() {
        for url in [
            "https://example.com/ke",
            "https://example.tv",
            "https://example.co/",
            "https://10.0.0.1/",
            "example.ke",
            "",
        ] {
            assert_eq!(country_of_url(url), None, "{url}");
        }
    }
}
