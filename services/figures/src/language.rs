//! What a text's language means for reading it.

use crate::digits::Separators;

/// How much of the grammar holds for a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Language {
    /// How it writes thousands and decimals.
    pub(crate) separators: Separators,
    /// Whether its words are those of the grammar. In another language only digits and units are read: "die" are no dead
    /// in German, and "ten" is no number in Polish.
    pub(crate) is_english: bool,
}

impl Language {
    /// By its code, as publishers write it; English where none is given.
    pub(crate) fn of(code: Option<&str>) -> Self {
        let primary = code.unwrap_or("en").split(['-', '_']).next().unwrap_or_default();
        Self { separators: Separators::of(code), is_english: primary.is_empty() || primary.eq_ignore_ascii_case("en") }
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
