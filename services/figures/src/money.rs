//! Whose dollar, rupee or franc an article means.

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::{Entity, EntityKind};

use crate::phrases::rows;

/// The names of money that several countries share.
pub(crate) struct SharedCurrencies {
    /// By name: country and ISO 4217 code.
    by_name: HashMap<&'static str, Vec<(&'static str, &'static str)>>,
}

/// The country of whoever published an article, and the countries that it names.
pub(crate) struct Countries<'i> {
    publisher: Option<&'i str>,
    named: HashMap<&'i str, usize>,
}

impl SharedCurrencies {
    pub(crate) fn load() -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows(include_str!("../data/shared_currencies.tsv"), '\t') {
            if let [name, country, code] = row[..] {
                by_name.entry(name).or_default().push((country, code));
            }
        }
        Self { by_name }
    }

    /// The currency that a shared name means: the publisher's own; else that of the country which the article names most
    /// often of those that have one; else what the name means where nothing tells.
    pub(crate) fn infer(&self, name: &str, countries: &Countries<'_>) -> Option<&'static str> {
        let shared = self.by_name.get(name)?;
        let of = |country: &str| shared.iter().find(|(other, _)| *other == country).map(|(_, code)| *code);
        let most_named = || {
            let count = |country: &str| countries.named.get(country).copied().unwrap_or(0);
            // The first of those that are named as often.
            shared.iter().rev().max_by_key(|(country, _)| count(country)).filter(|(country, _)| count(country) > 0)
        };
        countries.publisher.and_then(of).or_else(|| most_named().map(|(_, code)| *code)).or_else(|| of("*"))
    }
}

impl<'i> Countries<'i> {
    pub(crate) fn new(publisher: Option<&'i str>, entities: &'i [Entity]) -> Self {
        let mut named = HashMap::new();
        for entity in entities.iter().filter(|entity| entity.kind == EntityKind::Place) {
            let linked = entity.links.iso3166.as_deref().and_then(|code| code.split('-').next());
            let located = entity.location.as_ref().map(|location| location.country.as_str());
            if let Some(country) = linked.or(located) {
                *named.entry(country).or_default() += entity.mentions.len();
            }
        }
        Self { publisher, named }
    }
}

/// The country (ISO 3166-1 alpha-2) in the domain of an article's address; none for domains of no country, and for those
/// that are sold to the whole world.
pub(crate) fn country_of(url: &str) -> Option<String> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    let (_, domain) = host.rsplit_once('.')?;
    let is_sold = matches!(domain, "io" | "co" | "tv" | "me" | "ai" | "ly" | "fm" | "cc" | "to" | "gg" | "ws" | "eu");
    let is_country = domain.len() == 2 && domain.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_sold;
    is_country.then(|| if domain == "uk" { "GB".to_owned() } else { domain.to_ascii_uppercase() })
}

#[cfg(test)]
mod tests {
    use tallywire_proto::{Links, Mention};

    use super::*;

    fn place(code: &str, mentions: usize) -> Entity {
        let mention = Mention { start: 0, end: 1, text: "x".into(), metonym: false };
        Entity {
            id: "e1".into(),
            kind: EntityKind::Place,
            name: "x".into(),
            roles: Vec::new(),
            mentions: vec![mention; mentions],
            links: Links { iso3166: Some(code.into()), ..Links::default() },
            location: None,
            salience: 0.0,
            confidence: 1.0,
        }
    }

    fn infer(name: &str, publisher: Option<&str>, places: &[Entity]) -> Option<&'static str> {
        SharedCurrencies::load().infer(name, &Countries::new(publisher, places))
    }

    #[test]
    fn the_publisher_goes_before_the_country_named_most_often() {
        let places = [place("US", 1), place("AU-NSW", 2), place("FR", 9)];
        assert_eq!(infer("dollar", None, &places), Some("AUD"));
        assert_eq!(infer("dollar", Some("CA"), &places), Some("CAD"));
        assert_eq!(infer("dollar", Some("GB"), &places), Some("AUD"));
        assert_eq!(infer("rupee", None, &[place("PK", 1)]), Some("PKR"));
    }

    #[test]
    fn only_the_dollar_has_one_where_nothing_tells() {
        assert_eq!(infer("dollar", None, &[place("FR", 9)]), Some("USD"));
        assert_eq!(infer("rupee", None, &[]), None);
        assert_eq!(infer("euro", None, &[]), None);
    }

    #[test]
    fn a_domain_tells_the_country() {
        assert_eq!(country_of("https://news.example.com.au/a").as_deref(), Some("AU"));
        assert_eq!(country_of("https://example.co.uk:8080/?q=1").as_deref(), Some("GB"));
        for none in ["https://example.com/", "https://example.io/", "urn:x", "https://10.0.0.1/", "https://localhost/"]
        {
            assert_eq!(country_of(none), None, "{none}");
        }
    }
}
