//! What is known of single words: first names, titles, heads of organizations' names, and so on.

use foldhash::{HashMap, HashMapExt};

/// The classes that a word belongs to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Class(u16);

impl Class {
    pub(crate) const FIRST_NAME: Self = Self(1);
    pub(crate) const SURNAME: Self = Self(1 << 1);
    /// Stands before a person's name: "Mr", "President".
    pub(crate) const TITLE: Self = Self(1 << 2);
    /// Ends, or before "of" begins, an organization's name: "Ministry".
    pub(crate) const ORGANIZATION_HEAD: Self = Self(1 << 3);
    /// Ends or begins a place's name: "River".
    pub(crate) const PLACE_HEAD: Self = Self(1 << 4);
    /// "French", "Muslims".
    pub(crate) const DEMONYM: Self = Self(1 << 5);
    /// Months, weekdays, feasts.
    pub(crate) const CALENDAR: Self = Self(1 << 6);
    /// Mostly written in lower case.
    pub(crate) const COMMON: Self = Self(1 << 7);
    /// Articles, pronouns, prepositions, conjunctions, numbers.
    pub(crate) const FUNCTION: Self = Self(1 << 8);
    /// Attributes speech: "said".
    pub(crate) const SPEECH_VERB: Self = Self(1 << 9);

    /// Whether the word is of one of the classes of `other`.
    pub(crate) fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the word is of the class of the given number, in the order above.
    pub(crate) fn bit(self, number: u32) -> bool {
        self.0 >> number & 1 == 1
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The classes of all words that are in a list.
pub(crate) struct Lexicon {
    classes: HashMap<&'static str, Class>,
}

impl Lexicon {
    /// Reads the embedded lists.
    pub(crate) fn new() -> Self {
        let lists = [
            (Class::FIRST_NAME, include_str!("../data/first-names.txt")),
            (Class::SURNAME, include_str!("../data/surnames.txt")),
            (Class::TITLE, include_str!("../data/titles.txt")),
            (Class::ORGANIZATION_HEAD, include_str!("../data/organization-heads.txt")),
            (Class::PLACE_HEAD, include_str!("../data/place-heads.txt")),
            (Class::DEMONYM, include_str!("../data/demonyms.txt")),
            (Class::CALENDAR, include_str!("../data/calendar.txt")),
            (Class::COMMON, include_str!("../data/common-words.txt")),
            (Class::FUNCTION, include_str!("../data/function-words.txt")),
            (Class::SPEECH_VERB, include_str!("../data/speech-verbs.txt")),
        ];
        let mut classes: HashMap<&'static str, Class> = HashMap::with_capacity(32_000);
        for (class, list) in lists {
            for word in entries(list) {
                let known = classes.entry(word).or_default();
                *known = known.or(class);
            }
        }
        Self { classes }
    }

    /// The classes of a word in lower case, without a final full stop.
    pub(crate) fn class(&self, lower: &str) -> Class {
        self.classes.get(lower).copied().unwrap_or_default()
    }
}

/// Whether a short list, its words set apart by spaces, has a word.
pub(crate) fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|entry| entry == word)
}

/// The entries of an embedded list: its lines without comments.
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_classes() {
        let lexicon = Lexicon::new();
        assert!(lexicon.class("president").is(Class::TITLE));
        assert!(lexicon.class("ministry").is(Class::ORGANIZATION_HEAD));
        assert!(lexicon.class("mary").is(Class::FIRST_NAME));
        assert!(lexicon.class("russian").is(Class::DEMONYM));
        assert!(lexicon.class("monday").is(Class::CALENDAR));
        assert!(lexicon.class("table").is(Class::COMMON.or(Class::FUNCTION)));
        assert_eq!(lexicon.class("qqq"), Class::default());
    }
}
