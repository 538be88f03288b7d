use super::*;
use crate::html::{self, Tag};

fn parse(json: &str) -> JsonLd {
    let html = format!("<script type='application/ld+json'>{json}</script>");
    let mut found = JsonLd::default();
    let page = html::parse(&html).unwrap();
    page.nodes().filter(|node| node.is(Tag::Script)).for_each(|script| found.add_script(script));
    found.sort(|address| address == "/storm", |headline| headline == "Storm");
    found
}

#[test]
fn other_articles_do_not_count() {
    let other = r#"{"@type":"NewsArticle","url":"/other","headline":"Ferry","author":"Cy Dee","image":"/c.jpg"}"#;
    for own in [
        r#"{"@type":"NewsArticle","mainEntityOfPage":{"@type":"WebPage","@id":"/storm"},"articleBody":"It rained."}"#,
        r#"{"@type":"schema:BlogPosting","headline":"Storm","articleBody":"It rained."}"#,
    ] {
        for found in [parse(&format!("[{own},{other}]")), parse(&format!("[{other},{own}]"))] {
            assert_eq!(found.text("articleBody").unwrap(), "It rained.");
            assert!(found.names("author").is_empty() && found.url("image").is_none(), "{own}");
        }
    }
    assert_eq!(parse(other).text("author").unwrap(), "Cy Dee");
    let named = r##"[{"@type":"WebPage","publisher":{"@id":"#a","@type":"Person","name":"Ada Ono"}},
        {"@type":"Article","author":{"@id":"#a"},"image":{"@type":"ImageObject","url":{"url":"/a.jpg"}}}]"##;
    assert_eq!(parse(named).names("author"), [("Ada Ono".to_owned(), false)]);
    assert_eq!(parse(named).url("image").unwrap(), "/a.jpg");
}

#[test]
fn authors_come_in_many_shapes() {
    let names = |author: &str| -> Vec<String> {
        let json = format!(r#"{{"@type":"NewsArticle","author":{author}}}"#);
        parse(&json).names("author").into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(r#""Ada Ono""#), ["Ada Ono"]);
    assert_eq!(names(r#"{"@type":"Person","name":"Ada Ono"}"#), ["Ada Ono"]);
    assert_eq!(names(r#"[{"name":"Ada Ono"},"Ben Lund"]"#), ["Ada Ono", "Ben Lund"]);
    assert_eq!(names(r#"[[{"name":"Ada Ono"}],"Ben Lund"]"#), ["Ada Ono", "Ben Lund"]);
    assert_eq!(names(r#"{"name":["Ada Ono","Ben Lund"]}"#), ["Ada Ono", "Ben Lund"]);
    assert!(names("7").is_empty());
}

#[test]
fn a_graph_is_followed() {
    let found = parse(
        r##"{"@context":"https://schema.org","@graph":[
            {"@type":"WebPage","datePublished":"2026-01-02","name":"Home"},
            {"@type":["Article","BlogPosting"],"headline":"Ferry late","author":{"@id":"#a"}},
            {"@type":"Person","@id":"#a","name":"Ada Ono"}]}"##,
    );
    assert_eq!(found.text("headline").unwrap(), "Ferry late");
    assert_eq!(found.text("datePublished").unwrap(), "2026-01-02");
    assert_eq!(found.names("author"), [("Ada Ono".to_owned(), false)]);
}

#[test]
fn yes_and_no_are_written_in_many_ways() {
    let free = |value: &str| {
        parse(&format!(r#"{{"@type":"NewsArticle","isAccessibleForFree":{value}}}"#)).boolean("isAccessibleForFree")
    };
    for (value, expected) in [
        ("true", Some(true)),
        ("\"False\"", Some(false)),
        ("\"http://schema.org/True\"", Some(true)),
        ("\"perhaps\"", None),
        ("null", None),
    ] {
        assert_eq!(free(value), expected, "{value}");
    }
}

#[test]
fn more_than_any_article_has_is_not_read() {
    let objects = format!("[{}0]", "{},".repeat(MAX_OBJECTS + 1));
    assert!(parse(&objects).all.is_empty());
    assert!(parse(&format!("[\"{}\"]", "x".repeat(MAX_BYTES))).all.is_empty());
}

#[test]
fn what_is_broken_is_mended() {
    assert_eq!(
        parse("//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"a\nb\"}\n//]]>").text("headline").unwrap(),
        "a b"
    );
    assert_eq!(parse("{\"@type\":\"Article\",\"headline\":\"a\",").text("headline").unwrap(), "a");
    assert_eq!(parse("not JSON").text("headline"), None);
    assert_eq!(parse(&"[".repeat(100_000)).text("headline"), None);
}
