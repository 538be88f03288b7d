//! What single words are in the sentence around them: verbs that attribute speech, and names that can be their subjects.

use std::ops::Range;

use tallywire_proto::EntityKind;

use super::{
    grammar::{begins_noun, inverts, is_be, is_filler, is_preposition, opens_name},
    marks::line_ends,
};
use crate::{
    lexicon::{Class, Lexicon},
    names::Name,
    words::{Case, Word},
};

/// How many words from the quotation mark the attribution may stand.
pub(super) const REACH: usize = 40;

/// Where a word stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Prose,
    /// Between quotation marks, but no speech.
    Term,
    Speech,
}

/// An article's words outside of its quotes.
pub(super) struct Prose<'r, 't> {
    pub(super) text: &'t str,
    pub(super) words: &'r [Word<'t>],
    pub(super) names: &'r [Name],
    pub(super) lexicon: &'r Lexicon,
    pub(super) places: Vec<Place>,
}

impl Prose<'_, '_> {
    /// Whether a quote begins there, behind a colon or comma: "Lee said: “…".
    pub(super) fn introduces(&self, at: usize) -> bool {
        self.places.get(at) == Some(&Place::Speech)
    }

    pub(super) fn is(&self, at: usize, text: &str) -> bool {
        self.words.get(at).is_some_and(|word| word.text == text)
    }

    pub(super) fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &*word.lower)
    }

    /// Whether a sentence, or speech, ends before the word.
    pub(super) fn stops(&self, at: usize) -> bool {
        let word = &self.words[at];
        let glued = || self.words.get(at + 1).is_some_and(|next| next.start == word.end && next.case != Case::None);
        let stop =
            matches!(word.text, "." | "!" | "?" | ";" | "…" | "•") && self.places[at] == Place::Prose && !glued();
        stop || self.places[at] == Place::Speech
    }

    /// Whether a sentence begins with the word.
    pub(super) fn begins_sentence(&self, at: usize) -> bool {
        at == 0 || self.line_ends_before(at) > 0 || self.stops(at - 1)
    }

    /// How many line ends stand before a word: two are a blank line.
    pub(super) fn line_ends_before(&self, at: usize) -> usize {
        let gap = self.words.get(at).filter(|_| at > 0).map(|word| self.words[at - 1].end..word.start);
        gap.map_or(0, |gap| line_ends(&self.text[gap]))
    }

    pub(super) fn window_behind(&self, start: usize) -> Range<usize> {
        let most = self.words.len().min(start + REACH);
        let ends = |at: usize| self.line_ends_before(at) > usize::from(at > start);
        let end = (start..most).find(|at| self.stops(*at) || ends(*at));
        start..end.unwrap_or(most).max(start)
    }

    /// The words of the sentence before a quote; a colon may end the paragraph before it.
    pub(super) fn window_before(&self, end: usize) -> Range<usize> {
        self.reach_back(end, |at| self.stops(at))
    }

    pub(super) fn reach_back(&self, end: usize, stops: impl Fn(usize) -> bool) -> Range<usize> {
        let least = end.saturating_sub(REACH);
        let mut start = end;
        while start > least && !stops(start - 1) {
            let led = start == end && self.is(end - 1, ":");
            if self.line_ends_before(start) == 2 && !led {
                break;
            }
            start -= 1;
        }
        start..end
    }

    pub(super) fn is_according(&self, at: usize) -> bool {
        self.words[at].text.eq_ignore_ascii_case("according") && self.is(at + 1, "to")
    }

    /// Whether the word is a verb that attributes speech to its subject.
    pub(super) fn is_cue(&self, at: usize) -> bool {
        let word = &self.words[at];
        // "States" is no verb, and "Asked about it" attributes nothing.
        let lower = word.case == Case::Lower
            || (word.initial && word.case == Case::Capital && inverts(&word.lower) && self.name_at(at + 1).is_some());
        if self.places[at] != Place::Prose {
            return false;
        }
        if self.is_according(at) {
            return true;
        }
        lower
            && self.lexicon.class(&word.lower).is(Class::SPEECH_VERB)
            && match &*word.lower {
                "put" | "puts" => self.is(at + 1, "it"),
                // Nouns more often than not.
                "comments" | "states" => {
                    self.introduces(at + 1) || [":", ",", "that"].iter().any(|next| self.is(at + 1, next))
                }
                "pointed" | "points" | "pointing" => self.is(at + 1, "out"),
                _ => true,
            }
            && !self.is_noun(at)
            && !(at > 0 && self.is(at - 1, "-"))
            && (!self.is_passive(at) || self.is(at + 1, "by"))
    }

    /// "the claims", "its reports"
    fn is_noun(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let last = self.lower(before);
        let participle = self.lower(at).ends_with("ing");
        matches!(
            last,
            "a" | "an" | "the" | "his" | "her" | "their" | "its" | "my" | "our" | "your" | "no" | "any" | "such"
        ) || matches!(self.words[before].text, "'s" | "’s")
            || (!participle && is_preposition(last) && last != "to" && last != "on")
    }

    /// "was called", "been told"
    pub(super) fn is_passive(&self, at: usize) -> bool {
        let word = self.lower(at);
        if word.ends_with("ing") || word.ends_with('s') {
            return false;
        }
        let mut before = at;
        while before > 0 && before + 3 > at && is_filler(self.lower(before - 1)) {
            before -= 1;
            if is_be(self.lower(before)) {
                return true;
            }
        }
        false
    }

    /// The number of the name that a word is part of, if it stands outside of quotes.
    pub(super) fn name_at(&self, at: usize) -> Option<usize> {
        let number = self.names.partition_point(|name| name.words.end <= at);
        let name = self.names.get(number)?;
        (name.words.contains(&at) && self.places[at] == Place::Prose).then_some(number)
    }

    /// Whether a name can be a subject: no "Lee's", no "for Lee", no "Acme managers". What stands before
    /// `floor` does not count.
    pub(super) fn is_subject(&self, number: usize, floor: usize) -> bool {
        let name = &self.names[number];
        let next = name.words.end;
        if self.words.get(next).is_some_and(|word| matches!(word.text, "'s" | "’s" | "'" | "’" | "-")) {
            return false;
        }
        !self.is_governed(name.words.start, floor) && (name.kind == EntityKind::Person || !self.is_modifier(next))
    }

    /// Whether the word behind an organization's name is a noun: "Acme managers", "Acme Chairman".
    fn is_modifier(&self, next: usize) -> bool {
        let Some(word) = self.words.get(next) else { return false };
        match word.case {
            Case::None => false,
            Case::Lower => {
                let class = self.lexicon.class(&word.lower);
                let verb = word.lower.ends_with("ed") || class.is(Class::SPEECH_VERB);
                !verb && !class.is(Class::FUNCTION) && !is_filler(&word.lower) && !is_preposition(&word.lower)
            }
            Case::Capital | Case::Upper => !word.class.is(Class::CALENDAR),
        }
    }

    /// Whether a preposition stands before the name, its titles and articles: "of the late mayor Ann Poe".
    fn is_governed(&self, start: usize, floor: usize) -> bool {
        for at in (start.saturating_sub(5).max(floor)..start).rev() {
            let word = &self.words[at];
            let lower = &*word.lower;
            if is_preposition(lower) {
                return true;
            }
            let class = self.lexicon.class(lower);
            let leads =
                begins_noun(lower) || opens_name(lower) || (class.is(Class::TITLE) && self.name_at(at).is_none());
            if !leads {
                return false;
            }
        }
        false
    }

    pub(super) fn is_participle(&self, at: usize) -> bool {
        self.lower(at).ends_with("ing")
    }

    /// Whether the word looks like a verb of its own: "smiled", "sent".
    pub(super) fn is_verb(&self, at: usize) -> bool {
        let lower = self.lower(at);
        let past =
            (lower.len() > 4 && lower.ends_with("ed")) || matches!(lower, "sent" | "gave" | "made" | "put" | "took");
        self.words[at].case == Case::Lower
            && (past || (self.lexicon.class(lower).is(Class::SPEECH_VERB) && !self.is_noun(at)))
    }

    pub(super) fn is_dash(&self, at: usize) -> bool {
        let glued = || self.words.get(at + 1).is_some_and(|next| next.start == self.words[at].end);
        matches!(self.words[at].text, "—" | "–") || (self.words[at].text == "-" && !glued())
    }
}
