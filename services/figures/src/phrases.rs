//! Looking up phrases of one or more words, the longest first; and the data files they come from.

use foldhash::{HashMap, HashMapExt};

use tallywire_text::tokens;

/// The rows of a data file: its lines but comments and blank ones, cut at a separator.
pub(crate) fn rows(data: &'static str, separator: char) -> impl Iterator<Item = Vec<&'static str>> {
    data.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(move |line| line.split(separator).collect())
}

/// The words of a data file that lists words.
pub(crate) fn words(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// Phrases, each with what it stands for.
pub(crate) struct Phrases<T> {
    /// By first word (last word, where read backwards): the other words and the meaning, the longest first.
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T> Phrases<T> {
    pub(crate) fn new() -> Self {
        Self { by_first: HashMap::new() }
    }

    /// Adds a phrase that is read from its first word on.
    pub(crate) fn add(&mut self, phrase: &str, meaning: T) {
        self.insert(tokens(phrase).iter().map(|token| token.text.to_owned()).collect(), meaning);
    }

    /// Adds a phrase that is read from its last word back.
    pub(crate) fn add_backward(&mut self, phrase: &str, meaning: T) {
        self.insert(tokens(phrase).iter().rev().map(|token| token.text.to_owned()).collect(), meaning);
    }

    fn insert(&mut self, words: Vec<String>, meaning: T) {
        let mut words = words.into_iter();
        let Some(first) = words.next() else { return };
        let rest: Vec<String> = words.collect();
        let same_start = self.by_first.entry(first).or_default();
        let at = same_start.iter().position(|(other, _)| other.len() < rest.len()).unwrap_or(same_start.len());
        same_start.insert(at, (rest, meaning));
    }

    /// Whether a phrase begins with the word.
    pub(crate) fn begins(&self, word: &str) -> bool {
        self.by_first.contains_key(word)
    }

    /// The longest phrase whose words are `word(0)`, `word(1)`, ...: how many words, and what it stands for.
    pub(crate) fn longest<'w>(&self, word: impl Fn(usize) -> &'w str) -> Option<(usize, &T)> {
        self.by_first
            .get(word(0))?
            .iter()
            .find(|(rest, _)| rest.iter().enumerate().all(|(number, expected)| word(number + 1) == expected))
            .map(|(rest, meaning)| (rest.len() + 1, meaning))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_in_both_directions() {
        let mut forward = Phrases::new();
        forward.add("square", 1);
        forward.add("square metre", 2);
        let mut backward = Phrases::new();
        backward.add_backward("than", 1);
        backward.add_backward("more than", 2);
        let words = ["square", "metre", "of"];
        assert_eq!(forward.longest(|at| words.get(at).copied().unwrap_or("")), Some((2, &2)));
        let before = ["than", "more"];
        assert_eq!(backward.longest(|at| before.get(at).copied().unwrap_or("")), Some((2, &2)));
        assert_eq!(backward.longest(|_| ""), None);
    }
}
