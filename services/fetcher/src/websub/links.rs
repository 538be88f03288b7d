//! Which hub and which topic a publisher names (`WebSub`, section 4).

use url::Url;

use crate::parse::FeedAbout;

/// What a publisher names. What the headers of its answer name goes before what the feed itself does.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Links {
    /// `rel=hub`: where to subscribe, in the publisher's order.
    pub(crate) hubs: Vec<Url>,
    /// `rel=self`: what to subscribe to.
    pub(crate) topic: Option<Url>,
}

/// The most hubs that are looked at.
const MOST_HUBS: usize = 8;

impl Links {
    /// What the headers of an answer name, or else the feed itself.
    pub(crate) fn of(headers: &[String], address: &Url, feed: &FeedAbout) -> Self {
        let named = header_links(headers.iter().map(String::as_str), address);
        if !named.hubs.is_empty() && named.topic.is_some() {
            return named;
        }
        let url = |text: &Option<String>| text.as_deref().and_then(|text| address.join(text).ok());
        Self { hubs: url(&feed.hub).into_iter().collect(), topic: url(&feed.self_link) }
    }

    /// The hub to subscribe at, and the topic. A hub with TLS goes first; one without will do only for a topic without:
    /// else a feed that comes over TLS could be forged by who reads what is sent to its hub.
    pub(crate) fn choose(&self) -> Option<(&Url, &Url)> {
        let topic = self.topic.as_ref()?;
        let with = |scheme: &'static str| self.hubs.iter().find(move |hub| hub.scheme() == scheme);
        let hub = with("https").or_else(|| with("http").filter(|_| topic.scheme() == "http"))?;
        matches!(topic.scheme(), "http" | "https").then_some((hub, topic))
    }
}

/// What `Link` headers name (RFC 8288, section 3), relative to the address that answered.
fn header_links<'h>(headers: impl IntoIterator<Item = &'h str>, base: &Url) -> Links {
    let mut links = Links::default();
    for (target, relations) in headers.into_iter().flat_map(link_values) {
        let is = |name: &str| relations.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case(name));
        let (hub, topic) = (is("hub") && links.hubs.len() < MOST_HUBS, is("self") && links.topic.is_none());
        if let (true, Ok(url)) = (hub || topic, base.join(target.trim())) {
            if topic {
                links.topic = Some(url.clone());
            }
            if hub {
                links.hubs.push(url);
            }
        }
    }
    links
}

/// The targets of a `Link` header and what they are to the resource: the first `rel` counts.
fn link_values(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (target, after) = rest.split_once('<')?.1.split_once('>')?;
        rest = after;
        let mut relations = None;
        while let Some(parameter) = rest.trim_start().strip_prefix(';') {
            let end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
            let (name, after) = parameter.split_at(end);
            let (value, after) = value(after);
            rest = after;
            if name.trim().eq_ignore_ascii_case("rel") {
                relations = relations.or(Some(value));
            }
        }
        Some((target, relations.unwrap_or_default()))
    })
}

/// The value of a parameter, without its quotes, and what comes after it. Relations need no backslashes, so these stay.
fn value(text: &str) -> (&str, &str) {
    let Some(text) = text.strip_prefix('=').map(str::trim_start) else { return ("", text) };
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        return (value.trim_end(), after);
    };
    let mut escaped = false;
    let end = quoted.find(|letter| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    });
    let (value, after) = quoted.split_at(end.unwrap_or(quoted.len()));
    (value, after.strip_prefix('"').unwrap_or(after).trim_start())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn links(headers: &[&str]) -> Links {
        header_links(headers.iter().copied(), &url("https://news.example/world/rss"))
    }

    #[test]
    fn headers_go_before_the_feed() {
        let address = url("https://news.example/rss");
        let feed = FeedAbout {
            hub: Some("https://hub.example/".to_owned()),
            self_link: Some("/feed".to_owned()),
            ..FeedAbout::default()
        };
        let links = Links::of(&[], &address, &feed);
        assert_eq!(links.choose(), Some((&url("https://hub.example/"), &url("https://news.example/feed"))));
        let header = "<https://other.example/>; rel=hub, <https://news.example/a>; rel=self".to_owned();
        assert_eq!(Links::of(&[header], &address, &feed).choose().unwrap().0, &url("https://other.example/"));
        assert_eq!(Links::of(&[], &address, &FeedAbout::default()).choose(), None);
    }

    #[test]
    fn headers_name_hubs_and_topic() {
        let expected = Links {
            hubs: vec![url("https://hub.example/"), url("https://news.example/hub")],
            topic: Some(url("https://news.example/rss?a=1,2;3")),
        };
        let one = r#"<https://hub.example/>; rel="hub", </hub>;REL=Hub ; title="a, <b>; rel=\"self\"",
                     <x>;rel="next",</rss?a=1,2;3> ; rel = "x self" ; rel=hub"#;
        assert_eq!(links(&[one]), expected);
        let several =
            ["<https://hub.example/>; rel=hub", "</hub>; rel=hub, </y>", "</rss?a=1,2;3>; rel=self", "</z>; rel=self"];
        assert_eq!(links(&several), expected);
        assert_eq!(links(&["", "<", "<x", "<x>", "<x>;", "<x>; rel", "<x>; rel=\"hub", "rel=hub"]).topic, None);
        assert_eq!(links(&[r#"</x>; title="\\\"; rel=hub; title=\""; rel=up"#]).hubs, [], "that is all title");
        let both = links(&["<./both>; rel=\"self hub\""]);
        assert_eq!(
            (both.hubs.as_slice(), both.topic),
            (&[url("https://news.example/world/both")][..], both.hubs.first().cloned())
        );
    }

    #[test]
    fn a_hub_is_at_least_as_well_protected_as_its_topic() {
        let choose = |hubs: &[&str], topic: &str| {
            let links = Links { hubs: hubs.iter().map(|hub| url(hub)).collect(), topic: Some(url(topic)) };
            links.choose().map(|(hub, _)| hub.to_string())
        };
        assert_eq!(
            choose(&["http://a.example/", "https://b.example/"], "http://n.example/"),
            Some("https://b.example/".into())
        );
        assert_eq!(choose(&["http://a.example/"], "http://n.example/"), Some("http://a.example/".into()));
        assert_eq!(choose(&["http://a.example/"], "https://n.example/"), None);
        assert_eq!(choose(&["ftp://a.example/"], "https://n.example/"), None);
        assert_eq!(choose(&["https://a.example/"], "urn:news"), None);
        assert_eq!(Links { hubs: vec![url("https://a.example/")], topic: None }.choose(), None);
    }

    #[test]
    fn a_long_header_takes_time_in_proportion() {
        let parts = ["<", "<x>", "<x>;", "<x>; a=\"", "<x>; rel=hub,", ";", "\\\"", " "];
        for part in parts {
            let header = format!("<x>; rel=hub; a{}", part.repeat(500_000));
            assert!((1..=MOST_HUBS).contains(&links(&[&header]).hubs.len()), "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in "([<>;,= \"\\\\]|rel|hub|self|\\PC){0,40}") {
            prop_assert!(links(&[&header]).hubs.len() <= MOST_HUBS);
        }
    }
}
