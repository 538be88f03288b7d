//! The words that numbers are made of.

use foldhash::{HashMap, HashMapExt};

use crate::{
    phrases::{Phrases, rows},
    sentence::Sentence,
};

/// What a word does in a number.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    Unit,
    Ten,
    Scale,
    /// A scale that is written behind digits: "3bn".
    Abbreviation,
    /// A scale behind digits, of money only: "£3m".
    MoneyAbbreviation,
    /// A scale in the plural tells only a size: "dozens".
    Plural,
    Fraction,
    Ordinal,
}

/// The words that numbers are made of.
pub(crate) struct NumberWords {
    words: HashMap<&'static str, (Role, f64)>,
    /// Least, most, and whether a scale must follow.
    pub(crate) vague: Phrases<(f64, f64, bool)>,
}

impl NumberWords {
    pub(crate) fn load() -> Self {
        let mut words = HashMap::new();
        for row in rows(include_str!("../data/number_words.tsv"), '\t') {
            let [word, role, value] = row[..] else { continue };
            let role = match role {
                "unit" => Role::Unit,
                "ten" => Role::Ten,
                "scale" => Role::Scale,
                "abbreviation" => Role::Abbreviation,
                "money" => Role::MoneyAbbreviation,
                "plural" => Role::Plural,
                "fraction" => Role::Fraction,
                _ => Role::Ordinal,
            };
            // "third" and "fifth" are fractions as well as ordinals: the fraction is kept, and knows the rank.
            words.entry(word).or_insert((role, value.parse().unwrap_or(0.0)));
        }
        let mut vague = Phrases::new();
        for row in rows(include_str!("../data/vague.tsv"), '\t') {
            if let [phrase, low, high, rest @ ..] = &row[..] {
                vague.add(phrase, (low.parse().unwrap_or(0.0), high.parse().unwrap_or(0.0), !rest.is_empty()));
            }
        }
        Self { words, vague }
    }

    pub(crate) fn role(&self, word: &str) -> Option<(Role, f64)> {
        self.words.get(word).copied()
    }

    pub(crate) fn scale(&self, sentence: &Sentence<'_>, at: usize) -> Option<f64> {
        match self.role(sentence.word(at)) {
            Some((Role::Scale, value)) => Some(value),
            _ => None,
        }
    }
}
