//! Who the subject of a verb is.

use std::ops::Range;

use super::{
    cues::{Cues, Way},
    phrase::Phrases,
    words::Class,
};

/// The subject of a cue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subject {
    /// The words that stand as the subject: a noun phrase, a pronoun, "who".
    pub(crate) tokens: Range<usize>,
    /// The noun phrase that "who" leads back to.
    pub(crate) antecedent: Option<Range<usize>>,
    /// Whether it is the subject of another verb, with which this one goes on.
    pub(crate) is_shared: bool,
}

impl Subject {
    pub(crate) fn of(tokens: Range<usize>) -> Self {
        Self { tokens, antecedent: None, is_shared: false }
    }
}

impl Phrases<'_> {
    /// The subject before the verb at `at`.
    ///
    /// `last` is the subject of the attribution before it: a verb without a subject of its own goes on with that one.
    pub(crate) fn subject(&self, at: usize, last: Option<&Subject>) -> Option<Subject> {
        let is_participle = self.sentence.word(at).ends_with("ing");
        let mut end = at;
        while end > 0 && self.is_between(end - 1) {
            end -= 1;
        }
        // "is saying", but not "is said".
        // "the port's show", but "the port's estimate" and "she's saying"
        let is_possessive =
            matches!(self.sentence.word_before(at, 1), "'s" | "’s") && !self.is_before(at - 1, Class::Pronoun);
        // "all told"
        if (is_possessive && !self.is(at, Class::Count)) || self.sentence.word_before(at, 1) == "all" {
            return None;
        }
        // "was quoted as saying"
        let is_quoted = is_participle
            && self.sentence.word_before(end, 1) == "as"
            && matches!(self.sentence.word_before(end, 2), "quoted" | "cited" | "reported")
            && end > 3
            && self.is(end - 3, Class::Be);
        if is_quoted {
            return self.before(end - 3).map(Subject::of);
        }
        let is_progressive = is_participle && self.is_before(end, Class::Be);
        if is_progressive {
            end -= 1;
        }
        let before = self.sentence.word_before(end, 1);
        match before {
            "who" | "which" => return Some(self.relative(end - 1)),
            "that" if self.follows_noun(end - 1) => return Some(self.relative(end - 1)),
            "and" | "but" | "then" | "or" => return self.shared(at, last),
            "," if is_participle => return self.shared(at, last),
            // "was told", "to say": no subject that is a source.
            "to" | "not" | "be" | "been" => return None,
            _ => {}
        }
        // "after saying": its subject is yet to come.
        let is_phrase =
            is_participle && (self.is_before(end, Class::Preposition) || self.is_before(end, Class::Clause));
        if is_phrase || self.is_before(end, Class::Be) {
            return None;
        }
        self.before(end).map(Subject::of)
    }

    /// The noun phrase from `first` on, if it is the subject of the verb before it: "..., said the farmer Ana Ono."
    pub(crate) fn inverted(&self, first: usize, follows_speech: bool) -> Option<Range<usize>> {
        let is_no_noun = [Class::Preposition, Class::Clause, Class::Day].iter().any(|class| self.is(first, *class));
        let source = self.behind(first);
        if source.is_empty() || is_no_noun || !self.sentence.is_word(first) {
            return None;
        }
        let is_closed = self.is(source.end, Class::Mark)
            || matches!(self.sentence.word(source.end), "" | "in" | "on" | "at" | "who");
        let is_name = self.is(first, Class::Determiner) || self.sentence.is_capitalized(source.end - 1);
        let is_own = first < 2 || !self.follows_aside(first - 2);
        (follows_speech || (is_closed && is_name && is_own)).then_some(source)
    }

    /// The subject of a verb before the one at `at`: "Ono smiled, saying ...", "Ono smiled and said ...".
    fn shared(&self, at: usize, last: Option<&Subject>) -> Option<Subject> {
        let subject = last.cloned().or_else(|| self.leading(at).map(Subject::of))?;
        Some(Subject { is_shared: true, ..subject })
    }

    /// Whether a token can stand between a subject and its verb: "Ono has also", "Ono on Monday quietly".
    fn is_between(&self, at: usize) -> bool {
        let word = self.sentence.word(at);
        let is_adverb = word.len() > 4 && word.ends_with("ly") && !self.sentence.is_capitalized(at);
        let is_day = self.is(at, Class::Day) || (word == "on" && self.is(at + 1, Class::Day));
        is_adverb || is_day || self.is(at, Class::Between)
    }

    /// "who" at `at`, and what it leads back to.
    fn relative(&self, at: usize) -> Subject {
        let end = if self.sentence.raw_before(at, 1) == "," { at - 1 } else { at };
        Subject { antecedent: self.adjacent(end), ..Subject::of(at..at + 1) }
    }

    /// Whether "that" at `at` stands behind a noun, not behind a cue: "a poll that found", "says that".
    fn follows_noun(&self, at: usize) -> bool {
        at > 0 && self.sentence.is_word(at - 1) && !self.cues.has(self.sentence.word(at - 1))
    }
}

/// Whether a verb can stand before its subject.
pub(crate) fn can_invert(cues: &Cues, verb: &str) -> bool {
    (cues.takes(verb, Way::End) || cues.takes(verb, Way::Speech)) && !verb.ends_with("ing")
}
