use url::Url;

fn published(html: &str, url: Option<&str>) -> Option<String> {
    let url = url.map(|url| Url::parse(url).unwrap());
    crate::metadata::read(&crate::html::parse(html).unwrap(), url.as_ref(), jiff::civil::date(2030, 1, 1))
        .published_at
        .map(|moment| moment.to_string())
}

#[test]
fn the_surest_source_wins() {
    let data = r#"<script type="application/ld+json">{"@type":"Article","datePublished":"2026-03-09T10:00:00+01:00"}</script>"#;
    let meta = "<meta property='article:published_time' content='2026-03-08T10:00:00Z'>";
    let seen = "<time datetime='2026-03-07'>7 March</time>";
    let address = Some("https://n.example/2026/03/06/storm");
    assert_eq!(published(&format!("{data}{meta}{seen}"), address).unwrap(), "2026-03-09T10:00:00+01:00");
    assert_eq!(published(&format!("{meta}{seen}"), address).unwrap(), "2026-03-08T10:00:00Z");
    assert_eq!(published(&format!("<h1>Storm</h1>{seen}"), address).unwrap(), "2026-03-07");
    assert_eq!(published(seen, None).unwrap(), "2026-03-07");
    assert_eq!(published("", address).unwrap(), "2026-03-06");
    assert_eq!(published("", None), None);
}

#[test]
fn a_change_is_no_publication() {
    let html = "<meta property='article:modified_time' content='2026-03-08'><time class=updated datetime='2026-03-08'>";
    assert_eq!(published(html, None), None);
    let metadata = crate::metadata::read(&crate::html::parse(html).unwrap(), None, jiff::civil::Date::MAX);
    assert_eq!(metadata.modified_at.unwrap().to_string(), "2026-03-08");
    let html = "<h1>Storm</h1><p>Last updated on <b>9 March 2026</b></p>";
    assert_eq!(published(html, None), None);
    let metadata = crate::metadata::read(&crate::html::parse(html).unwrap(), None, jiff::civil::Date::MAX);
    assert_eq!(metadata.modified_at.unwrap().to_string(), "2026-03-09");
}

#[test]
fn marks_and_words_say_what_changed() {
    for html in [
        "<title>H</title><h1>H</h1><time class=updated datetime=2026-03-12></time><time class=updated datetime=2026-03-12>x</time>",
        "<title>H</title><h1>H</h1><p class=post-modified>12 March 2026</p>\
         <meta property='article:modified' content=2026-03-12>",
        "<meta name=publication-update content=2026-03-12>",
        "<meta name=unpublish_date content=2026-03-12>",
    ] {
        assert_eq!(published(html, None), None, "{html}");
    }
    let both = "<h1>H</h1><p>Published: 9 March 2026 | Updated: 10 March 2026</p>";
    let found = crate::metadata::read(&crate::html::parse(both).unwrap(), None, jiff::civil::Date::MAX);
    assert_eq!(found.published_at.unwrap().to_string(), "2026-03-09");
    assert_eq!(found.modified_at.unwrap().to_string(), "2026-03-10");
    assert_eq!(published("<meta name=x.publishDate content=2026-03-12>", None).unwrap(), "2026-03-12");
}

#[test]
fn a_date_in_words_is_read() {
    for (html, expected) in [
        ("<span class=post-date>Posted on 9 March 2026</span>", Some("2026-03-09")),
        ("<h1>Storm</h1><p>By A. Ono</p><p>9 March 2026</p>", Some("2026-03-09")),
        ("<h1>Storm</h1><p>A. Ono | Sea | March 9, 2026 | 3 min read</p>", Some("2026-03-09")),
        ("<h1>Sturm</h1><p>Veröffentlicht am 9. März 2026, 14:05 Uhr</p>", Some("2026-03-09T14:05:00")),
        ("<h1>Storm</h1><p>Updated 9 March 2026</p>", None),
        ("<h1>Storm</h1><p><span>Last updated:</span> <time>9 March 2026</time>", None),
        ("<h1>Storm</h1><p>© 9 March 2026</p>", None),
        ("<h1>Storm</h1><p><time datetime=2026-03-09>yesterday</time>", Some("2026-03-09")),
        ("<title>Storm hits - Gull</title><b>Storm hits</b><p>9 March 2026</p><p>8 March 2026</p>", Some("2026-03-09")),
        ("<h1>Storm</h1><p>It rained.</p><p>Late.</p><div class=comments><time>9 March 2026</time></div>", None),
    ] {
        assert_eq!(published(html, None).as_deref(), expected, "{html}");
    }
}

#[test]
fn a_page_published_anew_keeps_its_first_date() {
    let anew = r#"<script type="application/ld+json">{"@type":"Article","datePublished":"2026-03-09",
        "dateModified":"2026-03-09"}</script><title>Storm</title><h1>Storm</h1><p>Published 2 January 2025</p>"#;
    assert_eq!(published(anew, None).unwrap(), "2025-01-02");
    for other in [
        "<h2>2 January 2025: the first case</h2>",
        "<figcaption>2 January 2025</figcaption>",
        "<p>2 January 2025, Gull Hall</p>",
        "<p>The ferries have come late since the storm, and nobody in the town knows when they will be on time.</p>\
         <time>2 January 2025</time>",
    ] {
        let page = anew.replace("<p>Published 2 January 2025</p>", other);
        assert_eq!(published(&page, None).unwrap(), "2026-03-09", "{other}");
    }
    let timed = anew.replace("<p>Published 2 January 2025</p>", "<time>2 January 2025</time>");
    assert_eq!(published(&timed, None).unwrap(), "2025-01-02");
    let changed = anew.replace("\"dateModified\":\"2026-03-09\"", "\"dateModified\":\"2026-03-11\"");
    assert_eq!(published(&changed, None).unwrap(), "2026-03-09");
}

#[test]
fn the_zone_is_taken_where_it_is_stated() {
    let html = "<meta property='article:published_time' content='2026-03-09T01:00:00Z'><title>Storm</title>\
                <h1>Storm</h1><time datetime='2026-03-08T20:00:00-05:00'>8 March</time>";
    assert_eq!(published(html, None).unwrap(), "2026-03-08T20:00:00-05:00");
}

#[test]
fn days_in_numbers_are_not_guessed() {
    let page = |lang: &str, more: &str| format!("<html lang={lang}><h1>Storm</h1><p>03/04/2026</p>{more}");
    let other = "<span class=date>25/12/2025</span>";
    for (lang, more, url, expected) in [
        ("en", "", None, None),
        ("en-US", "", None, Some("2026-03-04")),
        ("en-GB", "", None, Some("2026-04-03")),
        ("fr", "", None, Some("2026-04-03")),
        ("en", other, None, Some("2026-04-03")),
        ("en-US", other, None, Some("2026-04-03")),
        ("en-US", "", Some("https://n.co.uk/storm"), Some("2026-04-03")),
        ("en", "<meta property='article:modified_time' content='2026-03-04'>", None, Some("2026-03-04")),
    ] {
        assert_eq!(published(&page(lang, more), url).as_deref(), expected, "{lang} {more} {url:?}");
    }
}

#[test]
fn addresses_have_days() {
    for (address, expected) in [
        ("https://n.example/2026/march/9/storm", Some("2026-03-09")),
        ("https://n.example/a/2026-03-09-storm", Some("2026-03-09")),
        ("https://n.example/2026/03/storm", None),
        ("https://n.example/2026/13/40/storm", None),
    ] {
        assert_eq!(published("", Some(address)).as_deref(), expected, "{address}");
    }
}

#[test]
fn what_is_still_to_come_was_not_published() {
    assert_eq!(published("<meta name=date content='2099-03-09'>", None), None);
    assert_eq!(published("<h1>Storm</h1><p>9 March 2099</p><p>9 March 2026</p>", None).unwrap(), "2026-03-09");
}
