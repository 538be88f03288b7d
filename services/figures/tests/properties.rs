//! The laws that every reading keeps, on texts that are made up.

use std::sync::LazyLock;

use proptest::prelude::*;
use tallywire_figures::{Input, Reader};

#[path = "support/laws.rs"]
mod laws;

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);

/// Checks the laws, and that a source is called as it stands: there are no entities that it could be known by.
fn check(text: &str) {
    let reading = READER.read(&Input { text, published_at: "2024-03-07".parse().ok(), ..Input::default() });
    laws::assert_laws(text, &[], &reading);
    let points: Vec<char> = text.chars().collect();
    for source in reading.figures.iter().filter_map(|figure| figure.source.as_ref()) {
        assert_eq!(points[source.start..source.end].iter().collect::<String>(), source.name);
    }
}

/// Words that the grammar knows, in any order.
fn newsy() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "from",
        "to",
        "between",
        "and",
        "5",
        "10",
        "1,200",
        "$",
        "£",
        "million",
        "two",
        "one",
        "in",
        "of",
        "the",
        "a",
        "half",
        "third",
        "per",
        "cent",
        "%",
        "km",
        "-",
        "–",
        "years",
        "old",
        "ago",
        "last",
        "Friday",
        "March",
        "2019",
        "said",
        "Ono",
        "according",
        "killed",
        "people",
        ",",
        ".",
        "“",
        "”",
        "\"",
        "rose",
        "fell",
        "by",
        "at",
        "least",
        "more",
        "than",
        "dozens",
        "scores",
        "hundred",
        "quarter",
        "first",
        "past",
        "a.m.",
        "minus",
        "é",
        "week",
        "decades",
        "next",
        "earlier",
        "before",
        "tomorrow",
        "noon",
        "at",
        "year",
        "Easter",
        "early",
        "every",
        "or",
        "so",
        "the",
        "'s",
        "2nd",
        "Sundays",
        "½",
        "/",
        ":",
    ]);
    prop::collection::vec((words, prop::bool::ANY), 0..40).prop_map(|parts| {
        parts.into_iter().map(|(word, spaced)| if spaced { format!("{word} ") } else { word.to_owned() }).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn laws_hold_for_the_words_of_the_grammar(text in newsy()) {
        check(&text);
    }

    #[test]
    fn laws_hold_for_any_text(text in "\\PC{0,200}") {
        check(&text);
    }
}
