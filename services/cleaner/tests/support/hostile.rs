//! Pages made to hurt: nested without end, huge, torn, or full of what a rule for metadata would look at.

use Outcome::{Any, Read, Refused};

/// A page made to hurt.
pub(crate) struct Hostile {
    /// What it is.
    pub(crate) name: &'static str,
    /// Makes it: some are 50 MB.
    pub(crate) html: fn() -> String,
    /// What is to come of it.
    pub(crate) outcome: Outcome,
}

/// What is to come of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It is read, and [`STORY`] is in its text: a person with a browser could read it too.
    Read,
    /// It is too large, or has no text.
    Refused,
    /// Either will do.
    Any,
}

/// The article on a hostile page that has one.
pub(crate) const STORY: &str =
    "The ferry came three hours late on Monday, after a storm had closed the harbour for the day.";
/// The most processor time that a page may take in an optimized build, in seconds.
pub(crate) const SECONDS: f64 = 1.0;
/// The most memory that a process may need to read a page, the page included, in bytes.
pub(crate) const MEMORY: u64 = 300_000_000;

/// The largest page that is read, in bytes.
const LARGEST: usize = 10_000_000;

/// All of them. Where a page is read, the hurtful part is as large as a page may be, unless its name says a number.
pub(crate) const PAGES: &[Hostile] = &[
    // Nested.
    page("50,000 nested divs", || around("<div>", "</div>", 50_000), Read),
    page("50,000 divs, none closed", || "<div>".repeat(50_000) + &story(), Read),
    page("50,000 divs, nothing in them", || "<div>".repeat(50_000), Refused),
    page("5,000 nested tables", || around("<table><tr><td>", "</td></tr></table>", 5_000), Read),
    page("5,000 tables, none closed, no cells", || "<table>".repeat(5_000) + &story(), Read),
    page("50,000 nested lists", || around("<ul><li>", "</li></ul>", 50_000), Read),
    page("50,000 nested links", || story() + &"<a href=x>x".repeat(50_000), Any),
    page("50,000 nested b and p, crossed", || story() + &"<b><p>x</b>".repeat(50_000), Any),
    page("50,000 nested fonts, all different", || story() + &numbered("<font size=", ">x", 50_000), Any),
    page("50,000 nested i and div, crossed", || story() + &"<i><div></i>".repeat(50_000), Any),
    page("50,000 nested svg groups", || story() + "<svg>" + &"<g>".repeat(50_000), Read),
    page("50,000 nested math and svg", || story() + &"<math><mtext><svg><desc>".repeat(50_000), Any),
    page("50,000 nested templates", || story() + &"<template>".repeat(50_000), Read),
    page("50,000 nested selects", || story() + &"<select><option>x".repeat(50_000), Any),
    page("50,000 nested forms and buttons", || story() + &"<form><button>x".repeat(50_000), Any),
    page("50,000 nested rubies", || story() + &"<ruby>x<rt>y".repeat(50_000), Any),
    page("open elements, stray end tags", || story() + &"<div>".repeat(500) + &"</p></i></h1>".repeat(300_000), Any),
    page(
        "a headline 500 deep, 400,000 lines elsewhere",
        || "<div>".repeat(500) + &"<br>x".repeat(400_000) + &"</div>".repeat(500) + &"<div>".repeat(500) + &story(),
        Any,
    ),
    // Large.
    page("50 MB of paragraphs", || "<p>".to_owned() + &format!("{STORY}<p>").repeat(50_000_000 / 95), Refused),
    page("50 MB in one text node", || STORY.repeat(50_000_000 / STORY.len()), Refused),
    page("10 MB of paragraphs", || filled("<p>", &format!("{STORY}</p>\n<p>")), Read),
    page("10 MB of short paragraphs", || filled("<p>", "It is late.</p><p>"), Any),
    page("10 MB in one text node", || filled(STORY, " and then another"), Read),
    page("10 MB without a space", || filled(&story(), "word"), Any),
    page("10 MB of spaces", || filled(&story(), " "), Read),
    page("10 MB of line breaks", || filled(&story(), "x<br><br>"), Any),
    page("10 MB of full stops", || filled(&story(), "A. "), Any),
    page("10 MB of <", || "<".repeat(LARGEST), Any),
    page("10 MB of </", || filled(&story(), "</"), Any),
    page("10 MB of <!", || filled(&story(), "<!"), Any),
    page("10 MB of <!--", || filled(&story(), "<!--"), Any),
    page("10 MB of empty lines", || filled(&story(), "<br>"), Any),
    page("10 MB of paragraph starts", || filled(&story(), "<p>"), Any),
    page("10 MB of cells without a table", || filled(&story(), "<td>"), Any),
    page("10 MB of table rows", || filled(&(story() + "<table>"), "<tr><td>x"), Any),
    page("10 MB of cells before a table", || filled(&(story() + "<table>"), "x<tr>"), Any),
    page("10 MB of links", || filled(&story(), "<a href=x>y</a> "), Any),
    page("10 MB of &", || filled(&story(), "&"), Any),
    page("10 MB of character references", || filled(&story(), "&amp;&notit;&#x41"), Any),
    page("10 MB of scripts", || filled(&story(), "<script>x</script>"), Any),
    page("10 MB of script starts", || filled(&(story() + "<script>"), "<!--<script>"), Any),
    page("10 MB of titles", || filled(&story(), "<title>x</title>"), Any),
    page("10 MB of headlines", || filled(&story(), "<h1>The ferry came late</h1>"), Any),
    page("10 MB of other scripts", || filled(&story(), "渡し船は遅れた。"), Any),
    page("10 MB of combining accents", || filled(&story(), "\u{301}"), Any),
    // Attributes.
    page("200,000 attributes on a tag", || format!("<p{}>{STORY}</p>", numbered(" a", "=1", 200_000)), Read),
    page("200,000 times one attribute", || format!("<p{}>{STORY}</p>", " a=1".repeat(200_000)), Read),
    page("200,000 attributes on 200 bodies", || numbered_bodies() + &story(), Read),
    page("an attribute of 5 MB", || format!("<p title='{}'>{STORY}</p>", "y ".repeat(2_500_000)), Read),
    page(
        "a class of 1,000,000 words",
        || format!("<div class='{}'>{}</div>", numbered(" c", "", 1_000_000), story()),
        Read,
    ),
    page("a quote that never ends", || story() + "<p title='" + &"<p>x".repeat(1_000_000), Read),
    page(
        "a link to 5 MB",
        || head(&format!("<link rel=canonical href='https://a.example/{}'>", "x".repeat(5_000_000))),
        Read,
    ),
    // Bytes that are no text.
    page("invalid UTF-8", || String::from_utf8_lossy(&torn_utf8()).into_owned(), Read),
    page("10 MB of invalid UTF-8", || String::from_utf8_lossy(&[0xff; LARGEST / 3 - 100]).into_owned() + &story(), Any),
    page("NULs between the words", || story().replace(' ', "\0 \0"), Read),
    page("NULs in tags", || format!("<\0p\0><p \0=\0 a='\0'>{STORY}</p></\0p>"), Read),
    page("10 MB of NULs", || "\0".repeat(LARGEST - 200) + &story(), Read),
    page("empty", String::new, Refused),
    page("no body", || "<!doctype html><html><head><title>Ferry late</title></head></html>".to_owned(), Refused),
    // What rules for metadata look at.
    page("JSON-LD 500,000 deep", || json_ld(&"[{\"a\":".repeat(500_000)), Read),
    page("JSON-LD 60 deep and wide", || json_ld(&format!("{}1{}", "[[1,2],".repeat(60), "]".repeat(60))), Read),
    page("JSON-LD of 100,000 articles", || json_ld(&format!("[{}{{}}]", graph_node().repeat(100_000))), Read),
    page("JSON-LD, 50,000 scripts", || head(&"<script type='application/ld+json'>{}</script>".repeat(50_000)), Read),
    page("JSON-LD, an article of 5 MB", || article_body(&"The ferry came late. ".repeat(240_000)), Any),
    page("JSON-LD, an article of 50,000 divs", || article_body(&"<div>The ferry came late. ".repeat(50_000)), Any),
    page("JSON-LD, 100,000 authors", || authors(&r#"{"@type":"Person","name":"Ada Ono"},"#.repeat(100_000)), Read),
    page("100,000 metas", || head(&numbered("<meta name=author content='Ada Ono", "'>", 100_000)), Read),
    page("an author of 5 MB", || head(&format!("<meta name=author content='{}'>", "Ada Ono, ".repeat(550_000))), Read),
    page(
        "an author of 5 MB of ands",
        || head(&format!("<meta name=author content='{}'>", "and and ".repeat(600_000))),
        Read,
    ),
    page("a date of 5 MB", || head(&format!("<meta name=date content='{}'>", "1 March ".repeat(600_000))), Read),
    page("a title of 5 MB", || head(&format!("<title>{}</title>", "Ferry late - ".repeat(380_000))), Read),
    page("a title of 5 MB of bars", || head(&format!("<title>{}</title>", " | ".repeat(1_600_000))), Read),
    page("keywords of 5 MB", || head(&format!("<meta name=keywords content='{}'>", numbered("k", ",", 700_000))), Read),
    page("a language of 5 MB", || format!("<html lang='{}'>{}", "en-".repeat(1_600_000), story()), Read),
    page("100,000 times", || story() + &"<time datetime='2026-03-09T12:00:00Z'>9 March</time>".repeat(100_000), Any),
    page(
        "100,000 bylines",
        || story() + &"<span class='byline author' rel=author>By Ada Ono</span>".repeat(100_000),
        Any,
    ),
    page("100,000 lines with dates", || story() + &"<p>Published 9 March 2026, updated 10:15</p>".repeat(100_000), Any),
];

const fn page(name: &'static str, html: fn() -> String, outcome: Outcome) -> Hostile {
    Hostile { name, html, outcome }
}

/// The page of a name.
///
/// # Panics
/// Where there is none.
pub(crate) fn of_name(name: &str) -> &'static Hostile {
    PAGES.iter().find(|page| page.name == name).unwrap_or_else(|| panic!("no hostile page is named {name:?}"))
}

fn story() -> String {
    format!("<p>{STORY}</p>")
}

/// The story inside of many elements.
fn around(before: &str, after: &str, times: usize) -> String {
    format!("{}{}{}", before.repeat(times), story(), after.repeat(times))
}

/// Something, then one piece over and over, in all the largest page that is read.
fn filled(start: &str, piece: &str) -> String {
    start.to_owned() + &piece.repeat((LARGEST - start.len()) / piece.len())
}

/// Copies of a piece with a number in it.
fn numbered(before: &str, after: &str, times: usize) -> String {
    (0..times).fold(String::new(), |all, number| all + before + &number.to_string() + after)
}

/// The attributes of all of these become one element's.
fn numbered_bodies() -> String {
    (0..200).fold(String::new(), |all, body| all + "<body" + &numbered(&format!(" a{body}-"), "=1", 1_000) + ">")
}

/// A page with this in its head.
fn head(inside: &str) -> String {
    format!("<html><head>{inside}</head><body>{}</body></html>", story())
}

fn json_ld(json: &str) -> String {
    head(&format!("<script type='application/ld+json'>{json}</script>"))
}

fn graph_node() -> String {
    r#"{"@type":"NewsArticle","headline":"Ferry late","author":{"name":"Ada Ono"}},"#.to_owned()
}

fn article_body(text: &str) -> String {
    json_ld(&format!(r#"{{"@type":"NewsArticle","articleBody":"{text}"}}"#))
}

fn authors(people: &str) -> String {
    json_ld(&format!(r#"{{"@type":"NewsArticle","author":[{people}{{}}]}}"#))
}

/// The story among sequences that are cut off, too long, surrogates, or no UTF-8 at all.
fn torn_utf8() -> Vec<u8> {
    [b"<p>\xff\xfe\xc3</p>".as_slice(), story().as_bytes(), b"<p>\xed\xa0\x80\xf0\x9f\xc0\xaf \xe2\x82</p>"].concat()
}
