//! Whether a person is a "he" or a "she", as far as a form of address, a role, a pronoun or the first name tells.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::lexicon::entries;

/// The gender that a word says someone has.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Gender {
    Feminine,
    Masculine,
}

impl Gender {
    /// Of a list's mark.
    fn of_mark(mark: &str) -> Option<Self> {
        match mark {
            "f" => Some(Self::Feminine),
            "m" => Some(Self::Masculine),
            _ => None,
        }
    }

    /// Of a pronoun.
    pub(crate) fn of_pronoun(word: &str) -> Option<Self> {
        match word {
            "he" | "He" | "his" | "His" | "himself" => Some(Self::Masculine),
            "she" | "She" | "her" | "Her" | "herself" => Some(Self::Feminine),
            _ => None,
        }
    }

    /// Of a form of address, in lower case.
    pub(crate) fn of_address(word: &str) -> Option<Self> {
        FORMS_OF_ADDRESS.get(word.trim_end_matches('.')).copied().flatten()
    }

    /// Of a form of address or the name of a role, in lower case: "mrs", "chairman".
    pub(crate) fn of_title(word: &str) -> Option<Self> {
        match word {
            "king" | "prince" | "emperor" | "sultan" | "father" | "brother" => Some(Self::Masculine),
            "queen" | "princess" | "sister" | "baroness" | "actress" => Some(Self::Feminine),
            _ if word.ends_with("woman") => Some(Self::Feminine),
            "german" | "roman" | "norman" | "ottoman" | "human" => None,
            _ if word.len() > 5 && word.ends_with("man") => Some(Self::Masculine),
            _ => Self::of_address(word),
        }
    }

    /// Of a first name, in lower case.
    pub(crate) fn of_first_name(word: &str) -> Option<Self> {
        static NAMES: LazyLock<HashMap<&str, Gender>> = LazyLock::new(|| {
            let lines = entries(include_str!("../data/first-name-genders.tsv"));
            let pairs = lines.filter_map(|line| line.split_once('\t'));
            pairs.filter_map(|(name, mark)| Some((name, Gender::of_mark(mark)?))).collect()
        });
        NAMES.get(word).copied()
    }
}

/// Forms of address, with the gender of those that are for one only.
static FORMS_OF_ADDRESS: LazyLock<HashMap<&str, Option<Gender>>> = LazyLock::new(|| {
    let lines = entries(include_str!("../data/forms-of-address.txt"));
    lines.map(|line| line.split_once(' ').map_or((line, None), |(word, mark)| (word, Gender::of_mark(mark)))).collect()
});

/// Whether a word in lower case is a form of address, which says nothing about what a person does.
pub(crate) fn is_form_of_address(word: &str) -> bool {
    FORMS_OF_ADDRESS.contains_key(word.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_first_names_tell() {
        assert_eq!(Gender::of_title("spokeswoman"), Some(Gender::Feminine));
        assert_eq!(Gender::of_title("chairman"), Some(Gender::Masculine));
        assert_eq!(Gender::of_title("woman"), Some(Gender::Feminine));
        assert_eq!(Gender::of_title("german"), None);
        assert_eq!(Gender::of_title("mrs."), Some(Gender::Feminine));
        assert_eq!(Gender::of_address("dr"), None);
        assert!(is_form_of_address("dr"));
        assert_eq!(Gender::of_first_name("mary"), Some(Gender::Feminine));
        assert_eq!(Gender::of_first_name("ahmed"), Some(Gender::Masculine));
        assert_eq!(Gender::of_first_name("andrea"), None);
    }
}
