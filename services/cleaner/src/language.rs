//! Which language a text is in.

use std::{collections::HashMap, sync::LazyLock};

use whatlang::{Detector, Lang};

/// ISO 639-3 codes and their ISO 639-1 codes.
static CODES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("../data/languages.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect()
});

/// How much of a text is looked at, in bytes: detection does not get better with more.
const SAMPLE_BYTES: usize = 1_500;
/// How far into a text the sample may reach, in bytes.
const REACH_BYTES: usize = 4 * SAMPLE_BYTES;
/// Texts with fewer letters in words without a capital are too short to overrule what the publisher declares.
const LONG_TEXT: usize = 150;
/// With fewer letters in such words, the others are looked at as well: it may be a headline.
const FEW_LETTERS: usize = 40;

/// The ISO 639-1 code of a text's language (ISO 639-3 where there is none); what the publisher declares counts where
/// the text itself does not say clearly.
///
/// Publishers' declarations are often a template's default, so a long text overrules them. Names do not count: a table of
/// Spanish players is no Spanish.
pub(crate) fn language(text: &str, declared: Option<&str>) -> Option<String> {
    let declared = declared.and_then(code_of_tag);
    let sample = words_without_capital(text);
    let has_letters = |count| sample.chars().filter(|character| character.is_alphabetic()).nth(count).is_some();
    let is_long = has_letters(LONG_TEXT);
    if !is_long && declared.is_some() {
        return declared;
    }
    let only_names = !has_letters(FEW_LETTERS);
    let sample = if only_names { &text[..text.floor_char_boundary(SAMPLE_BYTES)] } else { &sample };
    // A short text without a declaration is believed only where its script or words leave no doubt.
    let believed = |info: &whatlang::Info| info.is_reliable() && (is_long || info.confidence() >= 0.999);
    let detected = Detector::new().detect(sample).filter(believed);
    detected.map(|info| iso_639_1(info.lang()).to_owned()).or(declared)
}

/// The words of a text's beginning that do not begin with a capital.
fn words_without_capital(text: &str) -> String {
    let mut sample = String::with_capacity(SAMPLE_BYTES + 64);
    for word in text[..text.floor_char_boundary(REACH_BYTES)].split_whitespace() {
        let first = word.chars().find(|character| character.is_alphabetic());
        if first.is_none_or(char::is_uppercase) {
            continue;
        }
        // A language without spaces has one word.
        sample.push_str(&word[..word.floor_char_boundary(SAMPLE_BYTES.saturating_sub(sample.len()))]);
        if sample.len() >= SAMPLE_BYTES {
            break;
        }
        sample.push(' ');
    }
    sample
}

/// The language of a tag such as `en-GB`, `pt_BR` or `eng` (RFC 5646).
pub(crate) fn code_of_tag(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_', ',', ' ']).next()?.to_ascii_lowercase();
    match primary.len() {
        2 if primary.bytes().all(|byte| byte.is_ascii_lowercase()) => Some(primary),
        3 => Lang::from_code(&primary).map(|lang| iso_639_1(lang).to_owned()),
        _ => None,
    }
}

/// The ISO 639-1 code of a language that the detector knows, or its ISO 639-3 code where there is none.
fn iso_639_1(lang: Lang) -> &'static str {
    CODES.get(lang.code()).copied().unwrap_or(lang.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "The harbour was closed on Tuesday after the storm had torn two ferries from their moorings. \
        Nobody was hurt, the mayor said, but it would take the town weeks to clear the quays and to mend what the sea \
        had broken. Fishermen were asked to stay at home until the end of the week.";

    #[test]
    fn a_long_text_overrules_the_declaration() {
        assert_eq!(language(ENGLISH, Some("de-DE")).as_deref(), Some("en"));
        assert_eq!(language(ENGLISH, None).as_deref(), Some("en"));
    }

    #[test]
    fn names_do_not_count() {
        let table = "Results of the matches that were played on Sunday in the second league\n\n".to_owned()
            + &"Garc\u{ed}a Herrero 4 Mart\u{ed}nez de la Fuente 2\n\nDel Bosque 1 Zapatero Ib\u{e1}\u{f1}ez 0\n\n"
                .repeat(20);
        assert_ne!(language(&table, None).as_deref(), Some("es"));
        assert_eq!(language(&format!("{table}{ENGLISH}"), None).as_deref(), Some("en"));
    }

    #[test]
    fn a_text_without_spaces_has_a_language() {
        let text = "\u{53f0}\u{98a8}\u{304c}\u{8fd1}\u{3065}\u{3044}\u{3066}\u{3044}\u{308b}\u{3002}".repeat(60);
        assert_eq!(language(&text, Some("en")).as_deref(), Some("ja"));
    }

    #[test]
    fn a_short_text_does_not() {
        assert_eq!(language("Sturm im Hafen", Some("de_DE")).as_deref(), Some("de"));
        assert_eq!(language("Oslo", None), None);
        assert_eq!(language("", None), None);
    }

    #[test]
    fn every_language_of_the_detector_has_a_short_code() {
        for lang in Lang::all() {
            assert_eq!(iso_639_1(*lang).len(), 2, "{lang}");
        }
    }

    #[test]
    fn reads_tags() {
        assert_eq!(code_of_tag("pt_BR").as_deref(), Some("pt"));
        assert_eq!(code_of_tag("eng").as_deref(), Some("en"));
        assert_eq!(code_of_tag("english"), None);
        assert_eq!(code_of_tag(""), None);
    }
}
