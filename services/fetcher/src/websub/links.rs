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
    /// What relative addresses within the feed start from.
    pub(crate) base: Option<Url>,
    /// Whether the feed came without TLS.
    pub(crate) is_plain: bool,
}

/// The most hubs that are looked at.
const MOST_HUBS: usize = 8;

impl Links {
    /// What the headers of an answer from `address` name, and what they do not, the feed itself. Relative addresses
    /// within the feed start from `base`.
    pub(crate) fn of(headers: &[String], address: &Url, base: &Url, feed: &FeedAbout) -> Self {
        let mut links = header_links(headers.iter().map(String::as_str), address);
        let url = |text: &String| base.join(text).ok();
        if links.hubs.is_empty() {
            links.hubs = feed.hubs.iter().filter_map(url).take(MOST_HUBS).collect();
        }
        links.topic = links.topic.or_else(|| feed.self_link.as_ref().and_then(url));
        Self { base: Some(base.clone()), is_plain: address.scheme() == "http", ..links }
    }

    /// What to subscribe to. A hub with TLS goes first; one without will do only for a feed that came without, and
    /// whose topic is without: else a feed that comes over TLS could be forged by who reads what is sent to its hub.
    pub(super) fn choose(&self) -> Option<Offer<'_>> {
        let (topic, base) = self.topic.as_ref().zip(self.base.as_ref())?;
        let with = |scheme: &'static str| self.hubs.iter().find(move |hub| hub.scheme() == scheme);
        let hub = with("https").or_else(|| with("http").filter(|_| self.is_plain && topic.scheme() == "http"))?;
        matches!(topic.scheme(), "http" | "https").then_some(Offer { hub, topic, base })
    }
}

/// A hub that can be subscribed at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Offer<'l> {
    /// The hub.
    pub(super) hub: &'l Url,
    /// What to subscribe to.
    pub(super) topic: &'l Url,
    /// What relative addresses within the feed start from.
    pub(super) base: &'l Url,
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

    fn about(hubs: &[&str], topic: Option<&str>) -> FeedAbout {
        let hubs = hubs.iter().map(|&hub| hub.to_owned()).collect();
        FeedAbout { hubs, self_link: topic.map(str::to_owned), ..FeedAbout::default() }
    }

    /// The hub and the topic that are chosen for a feed that was polled at an address.
    fn chosen(headers: &[&str], address: &str, feed: &FeedAbout) -> Option<(String, String)> {
        let headers: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
        let links = Links::of(&headers, &url(address), &url(address), feed);
        links.choose().map(|offer| (offer.hub.to_string(), offer.topic.to_string()))
    }

    #[test]
    fn headers_go_before_the_feed_for_hubs_and_topic_alike() {
        let address = "https://news.example/rss";
        let feed = about(&["https://hub.example/"], Some("/feed"));
        let pair = |hub: &str, topic: &str| Some((hub.to_owned(), topic.to_owned()));
        let (hub, topic) = ("<https://other.example/>; rel=hub", "<https://news.example/a>; rel=self");
        let is_chosen = |headers: &[&str], expected| assert_eq!(chosen(headers, address, &feed), expected);
        is_chosen(&[], pair("https://hub.example/", "https://news.example/feed"));
        is_chosen(&[hub, topic], pair("https://other.example/", "https://news.example/a"));
        is_chosen(&[hub], pair("https://other.example/", "https://news.example/feed"));
        is_chosen(&[topic], pair("https://hub.example/", "https://news.example/a"));
        let only_topic = about(&[], Some("/feed"));
        assert_eq!(chosen(&[hub], address, &only_topic), pair("https://other.example/", "https://news.example/feed"));
        assert_eq!(chosen(&[topic], address, &only_topic), None, "no hub");
        assert_eq!(chosen(&[hub], address, &FeedAbout::default()), None, "no topic");
    }

    #[test]
    fn a_feed_may_name_several_hubs_and_addresses_in_it_start_from_its_base() {
        let (address, base) = (url("https://news.example/rss"), url("https://cdn.example/world/rss"));
        let many: Vec<String> = (0..20).map(|number| format!("hub-{number}")).collect();
        let mut feed = about(&["http://plain.example/", "https://hub.example/"], Some("feed"));
        let links = Links::of(&[], &address, &base, &feed);
        let (hub, topic) = (url("https://hub.example/"), url("https://cdn.example/world/feed"));
        assert_eq!(links.choose(), Some(Offer { hub: &hub, topic: &topic, base: &base }));
        feed.hubs = many;
        assert_eq!(Links::of(&[], &address, &base, &feed).hubs.len(), MOST_HUBS);
    }

    #[test]
    fn headers_name_hubs_and_topic() {
        let expected = Links {
            hubs: vec![url("https://hub.example/"), url("https://news.example/hub")],
            topic: Some(url("https://news.example/rss?a=1,2;3")),
            ..Links::default()
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
    fn a_hub_is_at_least_as_well_protected_as_its_feed() {
        let hub = |hubs: &[&str], topic, address| Some(chosen(&[], address, &about(hubs, Some(topic)))?.0);
        let (plain, secure) = ("http://n.example/", "https://n.example/");
        assert_eq!(
            hub(&["http://a.example/", "https://b.example/"], plain, plain).as_deref(),
            Some("https://b.example/")
        );
        assert_eq!(hub(&["http://a.example/"], plain, plain).as_deref(), Some("http://a.example/"));
        assert_eq!(hub(&["http://a.example/"], secure, secure), None);
        assert_eq!(
            hub(&["http://a.example/"], plain, secure),
            None,
            "the feed came over TLS, whatever it calls itself"
        );
        assert_eq!(hub(&["http://a.example/"], secure, plain), None);
        assert_eq!(hub(&["ftp://a.example/"], plain, plain), None);
        assert_eq!(hub(&["https://a.example/"], "urn:news", secure), None);
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
