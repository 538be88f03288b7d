//! The subject of a verb: the words that say who speaks.

use std::ops::Range;

use tallywire_proto::EntityKind;

use super::{
    grammar::{
        begins_clause, begins_noun, inverts, is_auxiliary, is_be, is_filler, is_preposition, is_pronoun, joins_nouns,
    },
    prose::{Place, Prose, REACH},
};
use crate::{
    lexicon::Class,
    words::{Case, is_possessive},
};

/// The most words of a subject that is no name.
const LONGEST_PHRASE: usize = 10;

/// The words that say who speaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// The number of a name.
    Name(usize),
    /// The place of "he", "she", "they" or "it".
    Pronoun(usize),
    /// "the minister", "a spokesman for the union"
    Phrase(Range<usize>),
}

impl Prose<'_, '_> {
    /// The subject of a verb before a quote.
    pub(super) fn subject(&self, start: usize, cue: usize) -> Option<Source> {
        if self.is_participle(cue) {
            return self.subject_of_participle(start, cue);
        }
        // "The plan, said Ann Poe, was “…"
        let parenthetical = cue == start || self.is(cue - 1, ",");
        let name = self.name_at(cue + 1).map_or(cue, |name| self.names[name].words.end);
        if parenthetical && inverts(self.lower(cue)) && self.is(name, ",") {
            return self.subject_behind(cue + 1..self.words.len().min(cue + REACH));
        }
        self.subject_before(start, cue)
    }

    /// The subject of "saying" is that of the verb before it: "Ann Poe said no, adding that".
    fn subject_of_participle(&self, start: usize, cue: usize) -> Option<Source> {
        if let Some(verb) = (start..cue).rev().find(|at| self.is_cue(*at) && !self.is_participle(*at)) {
            let inverted = (start..verb).all(|at| is_filler(self.lower(at)));
            return if inverted { self.subject_behind(verb + 1..cue) } else { self.subject_before(start, verb) };
        }
        let clause = |at: &usize| matches!(self.lower(*at), "but" | "though" | "although" | "while" | "because");
        let clause = (start..cue).rev().find(clause).map_or(start, |at| at + 1);
        let named = |source: &Source| !matches!(source, Source::Phrase(_));
        self.first_subject(clause..cue).filter(named).or_else(|| self.first_subject(start..cue))
    }

    /// The subject that stands before its verb, however far: "Ann Poe, who heads the union, said in Paris".
    pub(super) fn subject_before(&self, start: usize, cue: usize) -> Option<Source> {
        let mut end = cue;
        while end > start {
            let at = end - 1;
            let word = &self.words[at];
            let lower = self.lower(at);
            if is_pronoun(lower) {
                return Some(Source::Pronoun(at));
            }
            if let Some(number) = self.name_at(at) {
                let first = self.names[number].words.start;
                if self.is_subject(number, start) {
                    let partner = first.checked_sub(2).filter(|at| *at >= start && self.is(at + 1, "and"));
                    let pair = partner.and_then(|at| self.pair(&Source::Name(self.name_at(at)?), end));
                    return pair.or(Some(Source::Name(number)));
                }
                match self.phrase_before(start, first) {
                    Some(phrase) => return self.phrase(phrase.start..end),
                    None => end = first.min(at),
                }
                continue;
            }
            if matches!(word.text, "," | ")") || self.is_dash(at) {
                return self.before_aside(start, at).or_else(|| self.first_subject(start..at));
            }
            if matches!(lower, "and" | "but" | "or") {
                return self.first_subject(start..at);
            }
            // What "who" refers to stands right before it.
            if matches!(lower, "who" | "which" | "that") {
                end = if at > start && self.is(at - 1, ",") { at - 1 } else { at };
                continue;
            }
            let skipped = is_filler(lower)
                || is_preposition(lower)
                || self.lexicon.class(lower).is(Class::CALENDAR)
                || self.is_verb(at)
                || lower == "as"
                || word.case == Case::None
                || self.places[at] != Place::Prose;
            if skipped {
                end = at;
                continue;
            }
            // A noun: the phrase that it ends.
            let Some(phrase) = self.phrase_before(start, end) else {
                return self.bare(start, end);
            };
            // "said in a statement", "sent a letter that said"
            if phrase.start > start && (is_preposition(self.lower(phrase.start - 1)) || self.is_verb(phrase.start - 1))
            {
                end = phrase.start - 1;
                continue;
            }
            return self.phrase(phrase.start..end);
        }
        None
    }

    /// Two people who speak as one: "Ann Poe and Tom Lee said".
    pub(super) fn pair(&self, first: &Source, end: usize) -> Option<Source> {
        let Source::Name(first) = first else { return None };
        let first = &self.names[*first];
        let second = &self.names[self.name_at(first.words.end + 1).filter(|_| self.is(first.words.end, "and"))?];
        let people = first.kind == EntityKind::Person && second.kind == EntityKind::Person;
        let last = (second.words.end..end).all(|at| is_filler(self.lower(at)));
        (people && last && second.words.end <= end).then_some(Source::Phrase(first.words.start..second.words.end))
    }

    /// The name before a comma that opens an aside, which the comma at `end` closes.
    fn before_aside(&self, start: usize, end: usize) -> Option<Source> {
        let opening = |at: &usize| matches!(self.words[*at].text, "," | "(") || self.is_dash(*at);
        let names = (start..end).rev().filter(opening).filter_map(|at| self.name_at(at.checked_sub(1)?));
        names.into_iter().find(|number| self.is_subject(*number, start)).map(Source::Name)
    }

    /// The subject of a clause: its first name or pronoun, else the phrase that it begins with.
    pub(super) fn first_subject(&self, clause: Range<usize>) -> Option<Source> {
        let mut at = clause.start;
        while at < clause.end {
            if let Some(number) = self.name_at(at) {
                let name = &self.names[number];
                let last = name.words.end >= clause.end;
                if (name.kind != EntityKind::Place || last) && self.is_subject(number, clause.start) {
                    return Some(Source::Name(number));
                }
                at = name.words.end;
                continue;
            }
            if is_pronoun(self.lower(at)) && self.places[at] == Place::Prose {
                return Some(Source::Pronoun(at));
            }
            at += 1;
        }
        let comma = clause.clone().find(|at| self.is(*at, ",")).unwrap_or(clause.end);
        self.phrase(clause.start..comma)
    }

    /// The subject that stands behind its verb: "said Ann Poe", "said the head of the union, Ann Poe".
    pub(super) fn subject_behind(&self, range: Range<usize>) -> Option<Source> {
        let start = range.clone().find(|at| !is_filler(self.lower(*at)))?;
        if is_pronoun(self.lower(start)) {
            return Some(Source::Pronoun(start));
        }
        let ends = |at: &usize| {
            let lower = self.lower(*at);
            let name = self.name_at(*at).is_some();
            let mark = matches!(self.words[*at].text, "," | "(" | ":" | "—" | "–" | "“" | "\"");
            let clause = begins_clause(lower) || (is_preposition(lower) && !joins_nouns(lower));
            !name && (mark || clause || self.lexicon.class(lower).is(Class::CALENDAR))
        };
        let end = (start..range.end).find(ends).unwrap_or(range.end);
        let mut organization = None;
        let mut at = start;
        while at < end {
            let Some(number) = self.name_at(at) else {
                at += 1;
                continue;
            };
            let name = &self.names[number];
            at = name.words.end;
            if self.is_subject(number, range.start) {
                match name.kind {
                    EntityKind::Person => return Some(Source::Name(number)),
                    _ => organization = organization.or(Some(number)),
                }
            }
        }
        // "said the union's head, Ann Poe"
        if self.is(end, ",")
            && organization.is_none()
            && let Some(number) = (end + 1..range.end.min(end + 4)).find_map(|at| self.name_at(at))
            && self.names[number].kind == EntityKind::Person
            && (end + 1..self.names[number].words.start).all(|at| self.lexicon.class(self.lower(at)).is(Class::TITLE))
            && self.is_subject(number, range.start)
        {
            return Some(Source::Name(number));
        }
        organization.map(Source::Name).or_else(|| self.phrase(start..end))
    }

    /// The nouns that end at `end`, back to their article or possessor, over "of" and "for": "a spokesman for the union".
    fn phrase_before(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let least = start.max(end.saturating_sub(LONGEST_PHRASE));
        let mut found = None;
        for at in (least..end).rev() {
            let lower = self.lower(at);
            if matches!(self.words[at].text, "," | ":" | "(") || is_pronoun(lower) || begins_clause(lower) {
                break;
            }
            if let Some(number) = self.name_at(at) {
                let name = &self.names[number].words;
                let possessor = is_possessive(self.words.get(name.end).map_or("", |word| word.text));
                return found.or((possessor && name.start >= start).then_some(name.start..end));
            }
            if begins_noun(lower) {
                found = Some(at..end);
                if at == 0 || !matches!(self.lower(at - 1), "of" | "for" | "from") {
                    break;
                }
            }
        }
        found
    }

    /// Nouns without an article before a verb: "police", "union officials"; or the name that they follow.
    fn bare(&self, start: usize, end: usize) -> Option<Source> {
        let mut first = end;
        while first > start
            && self.words[first - 1].case == Case::Lower
            && !self.lexicon.class(self.lower(first - 1)).is(Class::FUNCTION)
        {
            first -= 1;
        }
        if let Some(number) = first.checked_sub(1).filter(|at| *at >= start).and_then(|at| self.name_at(at)) {
            return self.is_subject(number, start).then_some(Source::Name(number)).or_else(|| {
                let name = &self.names[number].words;
                self.phrase(name.start.max(start)..end)
            });
        }
        if first == start || self.is(first - 1, ",") { self.phrase(first..end) } else { self.first_subject(start..end) }
    }

    /// A subject that is no name: "the minister", "police", "Acme's managers".
    fn phrase(&self, range: Range<usize>) -> Option<Source> {
        let mut range = range;
        while !range.is_empty() && is_filler(self.lower(range.end - 1)) {
            range.end -= 1;
        }
        let word = |at: usize| {
            matches!(self.words[at].text, "-" | "'s" | "’s" | "'" | "’") || self.words[at].case != Case::None
        };
        let lower = self.lower(range.start);
        let noun = !begins_clause(lower) && !is_preposition(lower) && !lower.ends_with("ing");
        let known =
            begins_noun(lower) || self.name_at(range.start).is_some() || !self.lexicon.class(lower).is(Class::FUNCTION);
        let finite = |at: usize| is_be(self.lower(at)) || is_pronoun(self.lower(at)) || is_auxiliary(self.lower(at));
        let whole = range.clone().all(|at| word(at) && !finite(at));
        let fits = (1..=LONGEST_PHRASE).contains(&range.len()) && whole && noun && known;
        fits.then_some(Source::Phrase(range))
    }
}
