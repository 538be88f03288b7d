//! Pages made to hurt: each is answered quickly, without a panic or an overflow of the stack.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tallywire_cleaner::{CleanError, extract};

/// Generous, since tests run unoptimized and side by side; without the limits these pages take minutes.
const QUICK: Duration = Duration::from_mins(1);

fn quickly(name: &str, html: &str) -> Result<String, CleanError> {
    let start = Instant::now();
    let result = extract(html, None).map(|article| article.text);
    assert!(start.elapsed() < QUICK, "{name} took {:?}", start.elapsed());
    result
}

#[test]
fn nested_elements() {
    assert!(matches!(quickly("divs", &"<div>".repeat(50_000)), Err(CleanError::TooDeep { .. })));
    let nested = format!("{}deep down there is a text{}", "<div>".repeat(500), "</div>".repeat(500));
    assert!(quickly("fewer divs", &nested).is_ok());
    for tag in [
        "span",
        "b",
        "font",
        "blockquote",
        "ul><li",
        "table><tr><td",
        "svg><g",
        "a",
        "select",
        "template",
        "p",
        "li",
        "dd",
        "option",
        "button",
        "ruby><rt",
    ] {
        // Refused or read, but quickly.
        for times in [250, 500, 3_000] {
            let _ = quickly(tag, &format!("<{tag}>x").repeat(times));
        }
    }
}

#[test]
fn attributes() {
    let many = (0..200_000).fold(String::new(), |all, number| all + " a" + &number.to_string());
    assert!(matches!(quickly("attributes", &format!("<p{many}>x")), Err(CleanError::TooManyAttributes { .. })));
    let long = format!("<p title=\"{}\">x</p>", "y".repeat(5_000_000));
    let _ = quickly("a long attribute", &long);
}

#[test]
fn ten_megabytes() {
    for (name, piece) in [("<", "<"), ("text", "word "), ("nothing", "\0"), ("entities", "&amp;&"), ("brackets", "{[")]
    {
        let _ = quickly(name, &piece.repeat(10_000_000 / piece.len()));
    }
    assert!(matches!(quickly("too large", &"x".repeat(10_000_001)), Err(CleanError::TooLarge { .. })));
    assert!(matches!(quickly("tags", &"<br>".repeat(2_500_000)), Err(CleanError::TooMuchMarkup { .. })));
    assert!(matches!(quickly("fewer tags", &"<br>".repeat(300_000)), Err(CleanError::TooManyTags { .. })));
}

#[test]
fn many_flat_elements() {
    for piece in
        ["<p>A line of text, it says little.", "<br>", "x<br><br>", "<td>x", "<li>x", "<a href=x>y</a>", "<h1>x</h1>"]
    {
        let _ = quickly(piece, &piece.repeat(30_000));
    }
}

#[test]
fn hardly_a_page() {
    for html in
        ["", " \n", "\0", "<html>", "<html></html>", "<frameset></frameset>", "<head><title>x</title></head>", "<!--"]
    {
        assert!(matches!(quickly("empty", html), Err(CleanError::NoText { .. })), "{html:?}");
    }
    let with_nul = quickly("nul", "<p>The ferry\0 came late, as it does in every winter storm.</p>").unwrap();
    assert!(with_nul.contains("came late") && !with_nul.contains('\0'));
}

#[test]
fn linked_data_nested_deeply() {
    let script = format!("<script type='application/ld+json'>{}</script><p>text</p>", "[{\"a\":".repeat(500_000));
    let _ = quickly("linked data", &script);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn paragraphs_are_trimmed_in_order_and_apart(
        html in "(<(/?(p|div|b|br|td|tr|table|li|pre|h2|blockquote|body|title|script))>|[a-zA-Z é&\u{a0}\n.,]{1,30}){0,60}"
    ) {
        if let Ok(article) = extract(&html, None) {
            let characters: Vec<char> = article.text.chars().collect();
            let mut last = 0;
            for paragraph in &article.paragraphs {
                prop_assert!(paragraph.start >= last && paragraph.end > paragraph.start);
                let slice: String = characters[paragraph.start..paragraph.end].iter().collect();
                prop_assert_eq!(slice.trim(), slice.as_str());
                last = paragraph.end;
            }
            prop_assert_eq!(last, characters.len());
        }
    }

    #[test]
    fn any_text_is_read(html in "\\PC{0,300}") {
        let _ = extract(&html, None);
    }
}
