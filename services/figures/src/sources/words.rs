//! The small words around a source, by class.

use foldhash::{HashMap, HashMapExt};

use crate::phrases::rows;

/// Declares the classes with the names that the data file has for them.
macro_rules! classes {
    ($($class:ident = $name:literal,)*) => {
        /// What a word does where a source is named; `data/source_words.tsv` says what each class is.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Class {
            $($class,)*
        }

        impl Class {
            fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$class),)*
                    _ => None,
                }
            }
        }
    };
}

classes! {
    Pronoun = "pronoun",
    Article = "article",
    Determiner = "determiner",
    Preposition = "preposition",
    Opener = "opener",
    Clause = "clause",
    Between = "between",
    End = "end",
    Be = "be",
    Verb = "verb",
    Share = "share",
    Record = "record",
    Poll = "poll",
    Aside = "aside",
    Day = "day",
    NoName = "no-name",
    Joint = "joint",
    Scene = "scene",
    Particle = "particle",
    Title = "title",
    Mark = "mark",
    Speaker = "speaker",
    Count = "count",
    Tail = "tail",
}

/// The words of all classes.
pub(crate) struct Words {
    /// For each word a bit for each class.
    classes: HashMap<&'static str, u32>,
}

impl Words {
    pub(crate) fn load() -> Self {
        let mut classes = HashMap::new();
        for row in rows(include_str!("../../data/source_words.tsv"), '\t') {
            if let [name, words] = row[..]
                && let Some(class) = Class::parse(name)
            {
                for word in words.split(' ') {
                    *classes.entry(word).or_insert(0) |= 1 << class as u32;
                }
            }
        }
        Self { classes }
    }

    /// Whether a word (in lower case) is of a class.
    pub(crate) fn is(&self, word: &str, class: Class) -> bool {
        self.classes.get(word).is_some_and(|classes| classes & (1 << class as u32) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_of_a_class() {
        for row in rows(include_str!("../../data/source_words.tsv"), '\t') {
            assert!(Class::parse(row[0]).is_some(), "{row:?}");
            assert_eq!(row.len(), 2, "{row:?}");
        }
    }

    #[test]
    fn a_word_can_be_of_several_classes() {
        let words = Words::load();
        assert!(words.is("that", Class::Clause) && words.is("that", Class::End));
        assert!(!words.is("that", Class::Pronoun));
    }
}
