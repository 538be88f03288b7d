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
/// Texts with fewer characters are too short to overrule what the publisher declares.
const LONG_TEXT: usize = 200;

/// The ISO 639-1 code of a text's language (ISO 639-3 where there is none); what the publisher declares counts where
/// the text itself does not say clearly.
///
/// Publishers' declarations are often a template's default, so a long text overrules them.
pub(crate) fn language(text: &str, declared: Option<&str>) -> Option<String> {
    let declared = declared.and_then(code_of_tag);
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let is_long = sample.chars().filter(|character| character.is_alphabetic()).nth(LONG_TEXT).is_some();
    let detected = Detector::new().detect(sample).filter(|_| is_long || declared.is_none());
    match detected {
        Some(info) if info.is_reliable() && is_long => Some(iso_639_1(info.lang()).to_owned()),
        // A short text without a declaration is believed only where its script or words leave no doubt.
        Some(info) if info.is_reliable() && declared.is_none() && info.confidence() >= 0.999 => {
            Some(iso_639_1(info.lang()).to_owned())
        }
        _ => declared,
    }
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
