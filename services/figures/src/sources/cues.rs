//! The words that attribute, and how each takes what is said.

use foldhash::{HashMap, HashMapExt};

use super::words::{Class, Words};
use crate::{phrases::rows, sentence::Sentence};

/// Within so many words "that" follows a verb with a phrase between them: "said in a note that".
const FAR: usize = 7;

/// How a verb takes what is said.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    /// "said that 40 ships sank"
    That = 1,
    /// "said 40 ships sank", "cited 40 ships"
    Bare = 2,
    /// "said: “40 ships sank”"
    Quote = 4,
    /// "hopes to sink 40 ships"
    To = 8,
    /// "said in a note 40 ships sank"
    Preposition = 16,
    /// "40 ships sank, she said."
    End = 32,
    /// "a poll has 40", where what says so is a record
    Data = 64,
    /// "“40 ships sank,” she added."
    Speech = 128,
    /// "put the number of ships at 40"
    At = 256,
}

/// The verbs that attribute, each with the ways in which it does, and the small words around a source.
pub(crate) struct Cues {
    verbs: HashMap<&'static str, u16>,
    pub(crate) words: Words,
}

impl Cues {
    pub(crate) fn load() -> Self {
        let mut verbs = HashMap::new();
        for row in rows(include_str!("../../data/cues.txt"), '\t') {
            if let [verb, ways] = row[..] {
                verbs.insert(verb, ways.split(' ').filter_map(Way::parse).fold(0, |all, way| all | way as u16));
            }
        }
        Self { verbs, words: Words::load() }
    }

    /// Whether a word (in lower case) attributes in any way.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.verbs.contains_key(word)
    }

    /// Whether a word (in lower case) takes what is said in this way.
    pub(crate) fn takes(&self, word: &str, way: Way) -> bool {
        self.verbs.get(word).is_some_and(|ways| ways & way as u16 != 0)
    }

    /// How the sentence goes on at `at`, right behind a verb; days and adverbs do not count: "said flatly on Monday".
    pub(crate) fn way(&self, sentence: &Sentence<'_>, at: usize) -> Way {
        let mut at = at;
        let is_day = |at: usize| self.words.is(sentence.word(at), Class::Day);
        while is_day(at) || sentence.word(at).ends_with("ly") || (sentence.word(at) == "on" && is_day(at + 1)) {
            at += 1;
        }
        if sentence.word(at) == "last" && matches!(sentence.word(at + 1), "week" | "month" | "year" | "night") {
            at += 2;
        }
        // "reported at least 40"
        let is_modifier = matches!(sentence.word(at + 1), "least" | "most") || sentence.is_digits(at + 1);
        match sentence.word(at) {
            "that" => Way::That,
            "to" => Way::To,
            "at" | "about" | "by" | "for" | "from" if is_modifier => Way::Bare,
            "of" | "for" | "on" | "in" | "at" | "by" | "with" | "about" | "from" | "as" | "against" | "during" => {
                // "said in a note that"
                let mut phrase =
                    (at + 1..at + FAR).map(|at| sentence.word(at)).take_while(|word| !self.words.is(word, Class::Mark));
                if phrase.any(|word| word == "that") { Way::That } else { Way::Preposition }
            }
            ":" | "\"" | "“" | "'" | "‘" | "«" => Way::Quote,
            "" | "." | "," | ";" | "?" | "!" | ")" | "—" | "”" => Way::End,
            _ => Way::Bare,
        }
    }
}

impl Way {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "that" => Self::That,
            "bare" => Self::Bare,
            "quote" => Self::Quote,
            "to" => Self::To,
            "prep" => Self::Preposition,
            "end" => Self::End,
            "data" => Self::Data,
            "speech" => Self::Speech,
            "at" => Self::At,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    #[test]
    fn every_way_is_known() {
        for row in rows(include_str!("../../data/cues.txt"), '\t') {
            assert!(row.len() == 2 && row[1].split(' ').all(|way| Way::parse(way).is_some()), "{row:?}");
        }
    }

    #[test]
    fn the_way_shows_behind_days_and_adverbs() {
        let cues = Cues::load();
        for (text, way) in [
            ("said that ten sank", Way::That),
            ("said ten sank", Way::Bare),
            ("said Monday that ten sank", Way::That),
            ("said flatly last week: “Ten", Way::Quote),
            ("reported at least ten", Way::Bare),
            ("said on Monday that ten sank", Way::That),
            ("said in a note that ten sank", Way::That),
            ("said at the quay ten sank", Way::Preposition),
            ("hopes to sink ten", Way::To),
            ("said.", Way::End),
        ] {
            let tokens = tokens(text);
            let lower = text.to_ascii_lowercase();
            assert_eq!(cues.way(&Sentence::new(text, &lower, &tokens), 1), way, "{text}");
        }
        assert!(cues.takes("said", Way::Bare) && !cues.takes("described", Way::To));
    }
}
