//! Pages made to hurt: each is answered in little time and memory, without a panic or an overflow of the stack.

#[path = "support/alone.rs"]
mod alone;
#[allow(dead_code, reason = "the bench needs more of it")]
mod support;

use alone::failures;
use support::{
    cost::Cost,
    hostile::{Hostile, MEMORY, Outcome, PAGES, SECONDS, STORY, of_name},
    paragraphs::assert_paragraphs,
};
use tallywire_cleaner::{CleanError, extract};

/// Tells the test `one_page` which page to read.
const VARIABLE: &str = "TALLYWIRE_HOSTILE_PAGE";
/// Without optimization all takes many times as long: there the tests only find what takes quadratic time. An optimized
/// build is held to the true limit, here (`cargo test --release`) and in the bench.
const SLOWNESS: f64 = if cfg!(debug_assertions) { 30.0 } else { 1.0 };

#[test]
fn hostile_pages_are_read_or_refused_in_little_time_and_memory() {
    let names: Vec<&str> = PAGES.iter().map(|page| page.name).collect();
    let failed = failures(&names, "one_page", VARIABLE);
    assert!(failed.is_empty(), "{} of {} pages:\n\n{}", failed.len(), names.len(), failed.join("\n\n"));
}

/// Does nothing, unless the test above runs it.
#[test]
fn one_page() {
    if let Ok(name) = std::env::var(VARIABLE) {
        read(of_name(&name));
    }
}

fn read(page: &Hostile) {
    let html = (page.html)();
    let (result, cost) = Cost::of(|| extract(&html, None));
    let shown = result.as_ref().map(|article| article.text.chars().take(100).collect::<String>());
    match page.outcome {
        Outcome::Read => {
            let read = result.as_ref().is_ok_and(|article| article.text.contains(STORY));
            assert!(read, "the story is not read: {shown:?}");
        }
        Outcome::Refused => assert!(result.is_err(), "it is not refused: {shown:?}"),
        Outcome::Any => {}
    }
    if let Ok(article) = &result {
        assert_paragraphs(&article.text, &article.paragraphs);
        assert!(!article.text.contains('\0'));
    }
    assert!(cost.cpu.as_secs_f64() < SECONDS * SLOWNESS, "it took {:?}", cost.cpu);
    assert!(cost.peak < MEMORY, "it needed {} MB", cost.peak / 1_000_000);
}

#[test]
fn what_is_hardly_a_page_has_no_text() {
    for html in
        ["", " \n", "\0", "<html>", "<html></html>", "<frameset></frameset>", "<head><title>x</title></head>", "<!--"]
    {
        assert!(matches!(extract(html, None), Err(CleanError::NoText { .. })), "{html:?}");
    }
}

#[test]
fn a_page_too_large_is_refused_as_such() {
    assert!(matches!(extract(&"x".repeat(10_000_001), None), Err(CleanError::TooLarge { .. })));
}

/// Around the depth at which reading nested elements changes, each kind by itself.
#[test]
fn nested_elements_of_every_kind_are_read() {
    for tag in [
        "div",
        "span",
        "b",
        "font",
        "blockquote",
        "ul><li",
        "table><tr><td",
        "a",
        "p",
        "li",
        "dd",
        "ruby",
        "article",
        "section",
        "custom-element",
        "object",
        "center",
        "figure",
        "form",
        "h2",
    ] {
        for times in [1, 250, 510, 511, 512, 513, 514, 600, 3_000] {
            let html = format!("{}<p>{STORY}</p>", format!("<{tag}>").repeat(times));
            let read = extract(&html, None).map(|article| article.text);
            assert!(read.as_ref().is_ok_and(|text| text.contains(STORY)), "{times} times <{tag}>: {read:?}");
        }
    }
}
