//! Where the noun phrase of a source begins and ends.

use std::ops::Range;

use super::{
    cues::{Cues, Way},
    words::Class,
};
use crate::sentence::Sentence;

/// The longest source, in words.
const LONGEST: usize = 25;
/// More asides than this stand behind no source; what looks so is a list.
const MOST_ASIDES: usize = 6;

/// Finds noun phrases in one sentence.
#[derive(Clone, Copy)]
pub(crate) struct Phrases<'a> {
    pub(crate) sentence: &'a Sentence<'a>,
    pub(crate) cues: &'a Cues,
}

impl Phrases<'_> {
    /// Whether the word at `at` is of a class.
    pub(crate) fn is(&self, at: usize, class: Class) -> bool {
        self.cues.words.is(self.sentence.word(at), class)
    }

    /// Whether the word before `at` is of a class.
    pub(crate) fn is_before(&self, at: usize, class: Class) -> bool {
        at > 0 && self.is(at - 1, class)
    }

    /// Whether a noun phrase is something that numbers are read from, rather than someone: "a new poll".
    pub(crate) fn is_record(&self, tokens: &Range<usize>) -> bool {
        tokens.clone().any(|at| self.is(at, Class::Record))
    }

    /// The noun phrase from `first` on, up to a comma, a quotation mark or the sentence's end.
    pub(crate) fn behind(&self, first: usize) -> Range<usize> {
        let stops = |at: &usize| {
            let is_cue = *at > first && self.cues.takes(self.sentence.word(*at), Way::End);
            is_cue || self.is(*at, Class::Mark) || self.is(*at, Class::End)
        };
        let limit = self.sentence.len().min(first + LONGEST);
        first..(first..limit).find(stops).unwrap_or(limit).max(first)
    }

    /// The noun phrase that ends before `end`, without what stands in commas or dashes behind it.
    pub(crate) fn before(&self, end: usize) -> Option<Range<usize>> {
        match self.sentence.raw_before(end, 1) {
            "," => self.before_asides(end - 1),
            "-" | "—" | "–" => {
                let limit = end.saturating_sub(LONGEST * 2);
                self.adjacent((limit..end - 1).rev().find(|at| self.is_spaced_dash(*at))?)
            }
            _ => self.adjacent(end),
        }
    }

    /// The noun phrase right before `end`, back to a mark or a word that opens a clause.
    pub(crate) fn adjacent(&self, end: usize) -> Option<Range<usize>> {
        let sentence = self.sentence;
        if sentence.raw_before(end, 1) == ")" {
            let opening = (end.saturating_sub(LONGEST)..end).rev().find(|at| sentence.raw(*at) == "(")?;
            return self.adjacent(opening);
        }
        if self.is_before(end, Class::Pronoun) {
            return Some(end - 1..end);
        }
        let limit = end.saturating_sub(LONGEST);
        // Right before a verb there is no other: "new reports show".
        let opens = |at: &usize| self.opens(*at) || (*at + 1 < end && self.is_cue(*at));
        let mut start = (limit..end).rev().find(opens).map_or(limit, |at| at + 1);
        // "and" opens a new clause where the words before it cannot be a noun phrase, or are themselves what is said;
        // elsewhere it joins two sources.
        let is_said = start > 0 && self.cues.takes(sentence.word(start - 1), Way::End);
        let and = (start..end).rev().find(|at| matches!(sentence.word(*at), "and" | "or"));
        if let Some(and) = and.filter(|and| is_said || (start..*and).any(|at| self.is_no_noun(at))) {
            start = and + 1;
        }
        while start < end && self.is(start, Class::Opener) {
            start += 1;
        }
        if start < end && self.is(start, Class::Preposition) {
            start = self.last_phrase(start + 1, end)?;
        }
        // With a verb or a figure in them, the words are a clause of their own, and behind an article the cue is a
        // participle: "took an estimated 5".
        let is_clause = (start..end).any(|at| self.is_no_noun(at) || self.is(at, Class::Share));
        // "a 2014 estimate": a noun, not a verb behind "a 2014".
        let is_noun = end > start + 1 && sentence.is_digits(end - 1) && self.is(end - 2, Class::Determiner);
        let is_clause = is_clause || is_noun || self.is_before(end, Class::Article);
        let has_word = (start..end).any(|at| sentence.is_word(at));
        (has_word && !is_clause && end - start < LONGEST).then_some(start..end)
    }

    /// The name or pronoun that the sentence begins with, as the subject of a verb far behind it, at `at`.
    pub(crate) fn leading(&self, at: usize) -> Option<Range<usize>> {
        let is_skipped = |at: &usize| self.is(*at, Class::Opener) || self.is(*at, Class::Mark);
        let mut start = (0..at).find(|at| !is_skipped(at))?;
        if self.is(start, Class::Preposition) || self.is(start, Class::Clause) {
            start = (start..at).find(|at| self.sentence.raw(*at) == ",")? + 1;
        }
        if self.is(start, Class::Pronoun) {
            return Some(start..start + 1);
        }
        let first = if self.is(start, Class::Determiner) { start + 1 } else { start };
        let end = (first..at).find(|at| !self.sentence.is_capitalized(*at)).unwrap_or(at);
        (end > first && !self.is(start, Class::NoName)).then_some(start..end)
    }

    /// Whether an aside ends with the comma at `comma`: the subject of what follows stands before it.
    pub(crate) fn follows_aside(&self, comma: usize) -> bool {
        self.comma_before(comma).is_some_and(|opening| {
            // "Ono, the mayor, said the storm ..."
            let is_apposition =
                self.is(opening + 1, Class::Determiner) && opening > 0 && self.sentence.is_capitalized(opening - 1);
            is_apposition || self.is_aside(opening + 1, comma)
        })
    }

    /// Whether a token is a dash between words, not inside of one.
    fn is_spaced_dash(&self, at: usize) -> bool {
        self.sentence.is_dash(at) && !self.sentence.is_hyphen(at)
    }

    fn comma_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|at| self.sentence.raw(*at) == ",")
    }

    /// "Ono, 40, who farms in Leeds": the subject stands before the last part in commas that cannot be an aside. The comma
    /// behind the asides is at `comma`.
    fn before_asides(&self, comma: usize) -> Option<Range<usize>> {
        if let Some(opening) = self.comma_before(comma)
            && (1..=2).all(|next| self.sentence.is_capitalized(opening + next))
            && self.adjacent(opening).is_some_and(|phrase| self.is(phrase.start, Class::Determiner))
        {
            // "a spokeswoman, Ana Ono, said"
            return Some(opening + 1..comma);
        }
        let mut comma = comma;
        for _ in 0..MOST_ASIDES {
            let opening = self.comma_before(comma)?;
            let start = self.comma_before(opening).map_or(0, |at| at + 1);
            if start == 0 || !self.is_aside(start, opening) {
                return self.adjacent(opening);
            }
            comma = opening;
        }
        None
    }

    /// Whether what stands between two commas can be said of a noun before it.
    fn is_aside(&self, start: usize, end: usize) -> bool {
        let word = self.sentence.word(start);
        let is_short = end - start <= 2 && (!self.sentence.is_capitalized(start) || word.ends_with('.'));
        let is_participle = word.ends_with("ing") || word.ends_with("ed");
        self.is(start, Class::Aside) || self.sentence.is_digits(start) || is_short || is_participle
    }

    /// Whether a noun phrase begins behind the token at `at`.
    fn opens(&self, at: usize) -> bool {
        let word = self.sentence.word(at);
        // "voters who moved": the clause belongs to the phrase.
        let is_relative = matches!(word, "who" | "that")
            && at > 0
            && self.sentence.is_word(at - 1)
            && !self.cues.has(self.sentence.word(at - 1));
        (self.is(at, Class::Mark) || self.is(at, Class::Clause)) && !is_relative
    }

    /// Whether a verb of saying stands at `at`, not its noun: "the report".
    fn is_cue(&self, at: usize) -> bool {
        let word = self.sentence.word(at);
        let is_noun = self.is_before(at, Class::Determiner) || self.sentence.is_capitalized(at);
        (self.cues.takes(word, Way::End) || self.cues.takes(word, Way::That)) && !is_noun
    }

    /// Whether a token is in no noun phrase that can be a source; digits are in names: "Channel 7", "the 50-state poll".
    fn is_no_noun(&self, at: usize) -> bool {
        let is_in_name = self.sentence.is_hyphen(at + 1) || (at > 0 && self.sentence.is_capitalized(at - 1));
        let is_number = self.sentence.is_digits(at) && !is_in_name;
        is_number || self.is(at, Class::Verb)
    }

    /// Where the last noun phrase before `end` begins: "In 2014 the firm".
    fn last_phrase(&self, first: usize, end: usize) -> Option<usize> {
        let article = (first + 1..end).rev().find(|at| self.is(*at, Class::Determiner));
        let name = || (first..end).rev().take_while(|at| self.sentence.is_capitalized(*at)).last();
        article.or_else(|| name().filter(|name| *name > first))
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    /// A search for a noun phrase.
    enum Search {
        Before,
        Behind,
        Leading,
    }

    /// What a search finds in a text, where the search begins at the token behind `|`, which is left out.
    fn found(text: &str, search: &Search) -> Option<String> {
        let at = tokens(text.split('|').next().unwrap()).len();
        let text = text.replace('|', "");
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(&text);
        let sentence = Sentence::new(&text, &lower, &tokens);
        let phrases = Phrases { sentence: &sentence, cues: &Cues::load() };
        let phrase = match search {
            Search::Before => phrases.before(at),
            Search::Behind => Some(phrases.behind(at)),
            Search::Leading => phrases.leading(at),
        };
        phrase.map(|phrase| sentence.slice(&phrase).to_owned())
    }

    #[test]
    fn the_phrase_before() {
        for (text, phrase) in [
            ("The harbour master |said", Some("The harbour master")),
            ("Ana Ono, 40, who runs the port of Leeds, |said", Some("Ana Ono")),
            ("Ana Ono (Lab) |said", Some("Ana Ono")),
            ("The port - which has ten quays - |said", Some("The port")),
            ("In 2014 the firm |said", Some("the firm")),
            ("At the quay on Monday Ana Ono |said", Some("Monday Ana Ono")),
            ("Ten ships were lost and Ana Ono |said", Some("Ana Ono")),
            ("Voters who moved away |said", Some("Voters who moved away")),
            ("But she |said", Some("she")),
            ("The 50-port poll |found", Some("The 50-port poll")),
            ("Half of the voters |said", None),
            ("It took an |estimated", None),
        ] {
            assert_eq!(found(text, &Search::Before).as_deref(), phrase, "{text}");
        }
    }

    #[test]
    fn the_phrase_behind() {
        for (text, phrase) in [
            ("said |Ana Ono, who farms", "Ana Ono"),
            ("said |the farmer Ana Ono on Monday", "the farmer Ana Ono"),
            ("according to |figures from the port.", "figures from the port"),
        ] {
            assert_eq!(found(text, &Search::Behind).as_deref(), Some(phrase), "{text}");
        }
    }

    #[test]
    fn the_leading_subject() {
        for (text, phrase) in [
            ("But Acme Lines lost ten ships and |says", Some("Acme Lines")),
            ("In May, she went to sea, |saying", Some("she")),
            ("There were ten, |saying", None),
        ] {
            assert_eq!(found(text, &Search::Leading).as_deref(), phrase, "{text}");
        }
    }
}
