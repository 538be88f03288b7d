//! The newspaper as a visitor and a feed reader find it.

use std::collections::BTreeSet;

use super::*;

const BASE: &str = "http://127.0.0.1:8600";

fn now() -> Timestamp {
    "2026-09-17T14:30:05.25Z".parse().unwrap()
}

fn site() -> Site {
    Site::new(BASE, now()).unwrap()
}

fn body(site: &Site, path: &str) -> String {
    site.page(path).unwrap_or_else(|| panic!("{path} is not served")).body.to_owned()
}

/// The pages of the articles.
fn article_pages(site: &Site) -> Vec<(&str, String)> {
    site.paths().filter(|path| path.starts_with("/news/")).map(|path| (path, body(site, path))).collect()
}

/// Whether it is HTML or XML.
fn is_markup(site: &Site, path: &str) -> bool {
    site.page(path).is_some_and(|page| page.content_type.contains("html") || page.content_type.contains("xml"))
}

/// What stands between each `start` and the `end` after it.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split_once(end)).map(|(inside, _)| inside).collect()
}

fn words(html: &str) -> usize {
    let text: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ");
    text.split_whitespace().count()
}

#[test]
fn there_are_twelve_articles_of_their_own_length() {
    let articles = article::all().unwrap();
    let slugs: BTreeSet<_> = articles.iter().map(|article| article.slug).collect();
    assert_eq!((articles.len(), slugs.len()), (12, 12));
    for article in &articles {
        let text = article.body.render(&[&json!({ "promo": null })]).unwrap();
        assert!((180..=450).contains(&words(&text)), "{}: {} words", article.slug, words(&text));
    }
    assert_eq!(article_pages(&site()).len(), 12);
}

#[test]
fn every_placeholder_is_filled() {
    let site = site();
    for path in site.paths() {
        let page = body(&site, path);
        assert!(!page.contains("{{"), "{path}");
        // The templates' own comments are left out too.
        assert!(!is_markup(&site, path) || !page.contains("Written for Tallywire"), "{path}");
    }
    assert!(!site.feeds_toml().contains("{{"));
}

#[test]
fn every_link_of_a_page_is_served() {
    let site = site();
    for (path, page) in article_pages(&site).into_iter().chain([("/", body(&site, "/"))]) {
        let links = between(&page, "href=\"", "\"").into_iter().chain(between(&page, "src=\"", "\""));
        for link in links.filter(|link| !link.starts_with(['#']) && !link.starts_with("mailto:")) {
            let target = link.strip_prefix(BASE).unwrap_or(link);
            assert!(site.page(target).is_some(), "{path} links to {link}");
        }
    }
}

#[test]
fn the_front_page_links_all_articles() {
    let site = site();
    let front = body(&site, "/");
    for (path, _) in article_pages(&site) {
        assert_eq!(front.matches(&format!("href=\"{BASE}{path}\"")).count(), 1, "{path}");
    }
}

#[test]
fn json_ld_is_json_and_on_most_pages() {
    let site = site();
    let mut with_json_ld = 0;
    for (path, page) in article_pages(&site) {
        for script in between(&page, "<script type=\"application/ld+json\">", "</script>") {
            let value: Value = serde_json::from_str(script).unwrap();
            let article = value.get("@graph").map_or(&value, |graph| &graph[2]);
            assert_eq!(article["@type"], "NewsArticle");
            assert_eq!(article["mainEntityOfPage"]["@id"], format!("{BASE}{path}"));
            with_json_ld += 1;
        }
    }
    assert_eq!(with_json_ld, 8);
}

#[test]
fn an_element_that_is_opened_is_closed() {
    let site = site();
    for path in site.paths().filter(|path| is_markup(&site, path)) {
        assert_balanced(path, &body(&site, path));
    }
}

/// Checks that elements are closed in order; void elements of HTML and empty ones of XML need not be.
fn assert_balanced(path: &str, markup: &str) {
    const VOID: [&str; 5] = ["meta", "link", "img", "br", "input"];
    let is_html = markup.trim_start().to_ascii_lowercase().starts_with("<!doctype html");
    let mut open = Vec::new();
    for tag in between(markup, "<", ">") {
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{path}");
        } else if !(tag.starts_with(['!', '?']) || tag.ends_with('/') || is_html && VOID.contains(&name)) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{path}: {open:?}");
}

#[test]
fn ampersands_and_quotation_marks_are_escaped() {
    let site = site();
    assert!(body(&site, "/feeds/world.rss").contains("2,700 hectares &amp; forced"));
    assert!(
        body(&site, "/feeds/world.rss")
            .contains("<title>Alabama court orders refund of $86 million in &quot;hidden&quot;")
    );
    for path in site.paths().filter(|path| path.starts_with("/feeds/") && is_markup(&site, path)) {
        for reference in body(&site, path).split('&').skip(1) {
            let name = reference.split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "{path}: &{name}");
        }
    }
}

#[test]
fn the_feeds_announce_each_article_once() {
    let site = site();
    let rss = body(&site, "/feeds/world.rss");
    let atom = body(&site, "/feeds/business.atom");
    let json: Value = serde_json::from_str(&body(&site, "/feeds/sport.json")).unwrap();
    assert!(rss.starts_with("<?xml") && atom.starts_with("<?xml"));
    let mut links: Vec<String> = between(&rss, "<item>", "</item>")
        .into_iter()
        .flat_map(|item| between(item, "<link>", "</link>"))
        .map(str::to_owned)
        .collect();
    assert_eq!(links.len(), 5);
    links.extend(
        between(&atom, "<entry", "</entry>")
            .into_iter()
            .flat_map(|entry| between(entry, "<id>", "</id>"))
            .map(str::to_owned),
    );
    assert_eq!(links.len(), 9);
    links.extend(json["items"].as_array().unwrap().iter().map(|item| item["url"].as_str().unwrap().to_owned()));
    let distinct: BTreeSet<_> = links.iter().collect();
    assert_eq!((links.len(), distinct.len()), (12, 12));
    for link in &links {
        assert!(site.page(link.strip_prefix(BASE).unwrap()).is_some(), "{link}");
    }
}

#[test]
fn one_article_of_the_json_feed_stands_alone() {
    let json: Value = serde_json::from_str(&body(&site(), "/feeds/sport.json")).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    let contents: Vec<&str> =
        json["items"].as_array().unwrap().iter().map(|item| item["content_html"].as_str().unwrap()).collect();
    assert_eq!(contents.iter().filter(|content| words(content) > 400).count(), 1);
    assert_eq!(contents.iter().filter(|content| words(content) < 200).count(), 2);
    for content in contents {
        assert!(!content.contains("Read more"));
        assert_balanced("content_html", content);
    }
}

#[test]
fn dates_count_back_from_now() {
    let site = site();
    assert!(body(&site, "/feeds/world.rss").contains("<pubDate>Thu, 17 Sep 2026 13:48:05 +0000</pubDate>"));
    assert!(body(&site, "/feeds/business.atom").contains("<published>2026-09-17T14:05:05Z</published>"));
    let page = body(&site, "/news/arequipa-earthquake.html");
    assert!(page.contains("<time datetime=\"2026-09-17T13:48:05Z\">17 September 2026, 13:48 GMT</time>, updated"));
    assert!(page.contains("datetime=\"2026-09-17T14:21:05Z\""));
    assert!(body(&site, "/news/weizenernte-magdeburg.html").contains(">17.09.2026, 09:00 Uhr</time>"));
    for article in article::all().unwrap() {
        assert!(article.updated_minutes_ago.is_none_or(|minutes| (0..article.minutes_ago).contains(&minutes)));
    }
}

#[test]
fn feeds_toml_subscribes_to_every_feed() {
    let site = Site::new("http://localhost:9/", now()).unwrap();
    assert_eq!(site.feeds_toml().matches("[[feed]]").count(), FEEDS.len());
    for feed in &FEEDS {
        assert!(
            site.feeds_toml().contains(&format!("id = \"{}\"\nurl = \"http://localhost:9{}\"", feed.id, feed.path))
        );
        assert_eq!(site.page(feed.path).unwrap().content_type, feed.content_type);
    }
}

#[test]
fn only_what_exists_is_served() {
    let site = site();
    assert!(site.page("/news/arequipa-earthquake.html?utm_source=feed").is_some());
    for path in ["", "news", "/news/", "/news/../feeds.toml", "/NEWS/arequipa-earthquake.html"] {
        assert_eq!(site.page(path), None, "{path}");
    }
}

#[test]
fn refuses_an_address_that_is_none() {
    for base in
        ["", "127.0.0.1:80", "http://", "ftp://a", "http://a\"b", "http://a b", "http://a/<script>", "http://a?b&c"]
    {
        assert!(matches!(Site::new(base, now()), Err(SampleError::BaseUrl(_))), "{base}");
    }
    assert!(Site::new("http://[::1]:80", now()).is_ok());
    assert!(matches!(Site::new(BASE, Timestamp::MIN), Err(SampleError::Time(_))));
}
