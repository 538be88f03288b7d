//! What a text's language means for reading it.

use foldhash::{HashMap, HashMapExt};

use crate::{digits::Separators, numbers::Number, phrases::rows, sentence::Sentence};

/// How much of the grammar holds for a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Language<'l> {
    /// The first part of its code: `pt` of `pt-BR`.
    code: &'l str,
    /// How it writes thousands and decimals.
    pub(crate) separators: Separators,
    /// Whether its words are those of the grammar. In another language only digits and units are read: "die" are no dead
    /// in German, and "ten" is no number in Polish.
    pub(crate) is_english: bool,
}

impl<'l> Language<'l> {
    /// By its code, as publishers write it; English where none is given.
    pub(crate) fn of(code: Option<&'l str>) -> Self {
        let primary = code.unwrap_or("en").split(['-', '_']).next().unwrap_or_default();
        let is_english = primary.is_empty() || primary.eq_ignore_ascii_case("en");
        Self { code: primary, separators: Separators::of(code), is_english }
    }
}

/// The words of other languages that multiply the digits before them: "340 millones".
pub(crate) struct ForeignScales {
    /// By word: what it multiplies by, and in which languages.
    words: HashMap<&'static str, Vec<(f64, &'static str)>>,
}

impl ForeignScales {
    pub(crate) fn load() -> Self {
        let mut words: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows(include_str!("../data/foreign_scales.tsv"), '\t') {
            if let [word, scale, languages] = row[..] {
                words.entry(word).or_default().push((scale.parse().unwrap_or(1.0), languages));
            }
        }
        Self { words }
    }

    /// Leaves the numbers in digits, with the scales of the language: an English "mil" is a million, a Spanish one a
    /// thousand.
    pub(crate) fn rescale(&self, sentence: &Sentence<'_>, language: Language<'_>, numbers: &mut Vec<Number>) {
        numbers.retain(|number| !sentence.is_word(number.tokens.start));
        for number in numbers {
            let has_scale = number.scale > 1.0;
            let at = if has_scale { number.tokens.end - 1 } else { number.tokens.end };
            let Some(scale) = self.scale(sentence.raw(at), language.code) else { continue };
            let factor = scale / number.scale;
            (number.low, number.high, number.scale) = (number.low * factor, number.high * factor, scale);
            number.tokens.end = at + 1;
        }
    }

    fn scale(&self, word: &str, language: &str) -> Option<f64> {
        let word = word.trim_end_matches('.').to_lowercase();
        let meanings = self.words.get(word.as_str())?;
        meanings
            .iter()
            .find(|(_, languages)| languages.split(' ').any(|code| code == language))
            .map(|(scale, _)| *scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_known_by_its_first_part() {
        for code in [None, Some(""), Some("en"), Some("en-GB"), Some("EN_us")] {
            assert!(Language::of(code).is_english, "{code:?}");
        }
        for code in ["de", "enm", "pt-br", "?"] {
            assert!(!Language::of(Some(code)).is_english, "{code}");
        }
    }
}
