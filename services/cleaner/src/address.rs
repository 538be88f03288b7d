//! Addresses on a page: the canonical one, and others resolved.

use url::Url;

/// An address on a page, made absolute; `None` where it is no address of the web.
pub(crate) fn resolve(base: Option<&Url>, address: &str) -> Option<Url> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    let url = match base {
        Some(base) => base.join(address),
        None => Url::parse(address),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The page's canonical address: the first plausible one of those that it claims, else the one it was fetched from.
pub(crate) fn canonical(page: Option<&Url>, claims: impl Iterator<Item = Url>) -> Option<Url> {
    let page = page?;
    let believed = claims.into_iter().find(|claim| is_plausible(page, claim));
    Some(tallywire_proto::canonical_url(&believed.unwrap_or_else(|| page.clone())))
}

/// Whether two addresses are of one page: they differ in how it is shown, at most.
pub(crate) fn is_same(one: &Url, other: &Url) -> bool {
    let [one, other] = [one, other].map(tallywire_proto::canonical_url);
    one.host_str().map(bare_host) == other.host_str().map(bare_host)
        && segments(&one) == segments(&other)
        && one.query() == other.query()
}

/// Whether a page may be the one at the address that it claims.
///
/// Pages claim home pages, sections and other publishers by mistake or for search engines, and two articles must
/// never share an address: so the host has to be the same, and the path about as deep.
fn is_plausible(page: &Url, claim: &Url) -> bool {
    let page = &tallywire_proto::canonical_url(page);
    let (page_path, claim_path) = (segments(page), segments(claim));
    let same_site = page.host_str().map(bare_host) == claim.host_str().map(bare_host);
    // An AMP page may be one segment deeper than its article: "/amp" at the end.
    let depth = page_path.iter().filter(|segment| **segment != "amp").count();
    let as_deep = claim_path.len() >= depth.max(1) || page_path.is_empty();
    // What tells the article may stand in the query, unless the path already names it.
    let claims_article = claim_path.last().is_some_and(|segment| names_an_article(segment));
    let keeps_query = page.query().is_none() || claim.query().is_some() || claims_article;
    let keeps_id = page.query_pairs().filter(|(key, _)| is_id(key)).all(|pair| {
        claim.query_pairs().any(|claimed| claimed == pair)
            || (names_an_article(&pair.1) && claim_path.iter().any(|segment| segment.contains(pair.1.as_ref())))
    });
    same_site && as_deep && keeps_query && keeps_id
}

/// Whether a key of a query tells the article.
fn is_id(key: &str) -> bool {
    const KEYS: [&str; 14] = [
        "id",
        "aid",
        "nid",
        "pid",
        "p",
        "page_id",
        "articleid",
        "article_id",
        "article",
        "newsid",
        "news_id",
        "storyid",
        "story_id",
        "story",
    ];
    KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Whether a segment is a headline or a number, as in `storm-closes-harbour` and `1234567.html`.
fn names_an_article(segment: &str) -> bool {
    segment.matches(['-', '_']).count() >= 2 || segment.bytes().filter(u8::is_ascii_digit).count() >= 5
}

fn segments(url: &Url) -> Vec<&str> {
    url.path().split('/').filter(|segment| !segment.is_empty()).collect()
}

/// A host without what only says how the page is shown.
fn bare_host(host: &str) -> &str {
    ["www.", "m.", "amp.", "mobile."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn claimed(page: &str, claim: &str) -> String {
        let page = url(page);
        canonical(Some(&page), resolve(Some(&page), claim).into_iter()).unwrap().to_string()
    }

    #[test]
    fn a_plausible_claim_is_believed() {
        assert_eq!(
            claimed("https://m.n.example/a/b?ref=1", "https://www.n.example/a/b-c-d"),
            "https://www.n.example/a/b-c-d"
        );
        assert_eq!(claimed("https://n.example/a/b/amp", "/a/b"), "https://n.example/a/b");
        assert_eq!(claimed("https://n.example/a/b?utm_source=x", "/a/b"), "https://n.example/a/b");
    }

    #[test]
    fn one_page_has_many_addresses() {
        let page = url("https://n.example/a/b?id=7");
        assert!(is_same(&page, &url("http://www.n.example/a/b/?id=7&utm_source=x#top")));
        for other in ["https://n.example/a/b?id=8", "https://n.example/a", "https://o.example/a/b?id=7"] {
            assert!(!is_same(&page, &url(other)), "{other}");
        }
    }

    #[test]
    fn home_pages_sections_and_other_hosts_are_not() {
        for claim in ["/", "/news", "https://other.example/news/a-b-c", "https://n.example.org/news/a"] {
            assert_eq!(claimed("https://n.example/news/a", claim), "https://n.example/news/a", "{claim}");
        }
        for claim in ["/show", "/show?lang=en", "/show?id=8", "/latest-news-and-views"] {
            assert_eq!(claimed("https://n.example/show?id=7", claim), "https://n.example/show?id=7", "{claim}");
        }
        assert_eq!(claimed("https://n.example/show?id=7&ref=a", "/show?id=7"), "https://n.example/show?id=7");
        assert_eq!(claimed("https://n.example/show?id=71234", "/a/71234.html"), "https://n.example/a/71234.html");
    }

    #[test]
    fn only_addresses_of_the_web_are_resolved() {
        let base = url("https://n.example/a/");
        assert_eq!(resolve(Some(&base), " b.jpg ").unwrap().as_str(), "https://n.example/a/b.jpg");
        assert_eq!(resolve(Some(&base), "data:image/png;base64,AA"), None);
        assert_eq!(resolve(None, "b.jpg"), None);
        assert_eq!(canonical(None, std::iter::empty()), None);
    }
}
