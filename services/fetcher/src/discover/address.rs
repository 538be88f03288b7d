//! What an address tells of what is behind it.

use url::Url;

/// Where common publishing systems have their feeds, the most common first.
pub(super) const USUAL: [&str; 10] = [
    "/feed",                // WordPress, Substack, Medium
    "/rss",                 // Ghost, Tumblr
    "/rss.xml",             // Drupal, Astro, Gatsby
    "/feed.xml",            // Jekyll, Eleventy
    "/atom.xml",            // Hexo, Movable Type, Zola
    "/index.xml",           // Hugo
    "/feed.json",           // JSON Feed 1.1 by convention, micro.blog
    "/feeds/posts/default", // Blogger
    "/?feed=rss2",          // WordPress without permalinks
    "/index.rdf",           // RSS 1.0 by convention
];

/// Words that stand alone in the addresses of feeds.
const WORDS: [&str; 6] = ["feed", "feeds", "rss", "rss2", "atom", "rdf"];

fn is_feed_word(text: &str) -> bool {
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a word in the name of a link says that it is a feed's. "Feed" alone does not: people and animals are fed too,
/// and social networks have feeds of their own.
pub(super) fn names_feed(word: &str) -> bool {
    ["rss", "atom"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether an address looks like a feed's: `/world/rss`, `/atom.xml`, `feeds.news.example`, `?format=rss`.
pub(super) fn looks_like_feed(url: &Url) -> bool {
    let is_named_host =
        || url.host_str().and_then(|host| host.split_once('.')).is_some_and(|(name, _)| is_feed_word(name));
    let is_in_path = || url.path().split('/').any(|part| is_feed_word(part) || is_feed_file(part));
    // `?ref=rss` is where a reader comes from, not what is asked for.
    let is_asked_for = || {
        let is_format = |name: &str| matches!(name, "format" | "type" | "alt" | "output" | "view");
        url.query_pairs().any(|(name, value)| is_feed_word(&name) || (is_format(&name) && is_feed_word(&value)))
    };
    is_in_path() || is_named_host() || is_asked_for()
}

fn is_feed_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    match extension {
        "rss" | "atom" | "rdf" => true,
        "xml" | "json" | "php" | "aspx" => {
            ["rss", "feed", "atom"].iter().any(|word| stem.contains(word)) || name == "index.xml"
        }
        _ => false,
    }
}

/// Whether an address or title is that of a feed of readers' comments.
pub(super) fn is_of_comments(url: &Url, title: Option<&str>) -> bool {
    // How the word begins in English and French, German and Swedish, Spanish and Portuguese, Dutch.
    const STEMS: [&str; 4] = ["comment", "komment", "coment", "reacties"];
    let title = title.unwrap_or_default().to_lowercase();
    let address = [url.path(), url.query().unwrap_or_default()];
    let mut words = address.iter().flat_map(|part| part.split(|next: char| !next.is_ascii_alphanumeric()));
    STEMS.iter().any(|stem| title.contains(stem)) || words.any(|word| word.eq_ignore_ascii_case("comments"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse("https://news.example/").unwrap().join(text).unwrap()
    }

    #[test]
    fn knows_the_addresses_of_feeds() {
        for address in [
            "/feed/",
            "/world/RSS",
            "/atom.xml",
            "/index.xml",
            "/world.rss",
            "/feed.json",
            "/news_rss.php",
            "/?feed=rss2",
            "/world?format=rss",
            "https://feeds.news.example/world",
            "https://rss.news.example/",
        ] {
            assert!(looks_like_feed(&url(address)), "{address}");
        }
        for address in [
            "/",
            "/feeding-birds",
            "/2026/atoms.html",
            "/sitemap.xml",
            "/index.html",
            "/data.json",
            "/world?ref=rss",
            "https://feedback.example/",
        ] {
            assert!(!looks_like_feed(&url(address)), "{address}");
        }
        assert!(USUAL.iter().filter(|path| looks_like_feed(&url(path))).count() == USUAL.len());
    }

    #[test]
    fn knows_feeds_of_comments() {
        for (address, title) in [
            ("/comments/feed/", None),
            ("/?feed=comments-rss2", None),
            ("/a-storm/feed/", Some("Harbour » A storm Comments Feed")),
            ("/a-storm/feed/", Some("Hafen » Kommentar-Feed zu Ein Sturm")),
        ] {
            assert!(is_of_comments(&url(address), title), "{address}");
        }
        assert!(!is_of_comments(&url("/feed/"), Some("Harbour » Feed")));
    }
}
