//! The words around a quote that attribute it.

use std::ops::Range;

use tallywire_proto::EntityKind;

use super::{
    grammar::{begins_clause, inverts, is_filler, is_preposition, reports},
    marks::Span,
    prose::{Place, Prose},
    subject::Source,
};
use crate::{lexicon::Class, words::Case};

/// What attributes a quote.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Attribution {
    /// "said", "according to"; none in "Lee: “…”".
    pub(super) cue: Option<Range<usize>>,
    pub(super) source: Option<Source>,
}

impl Prose<'_, '_> {
    /// What attributes a quote.
    pub(super) fn attribution(&self, span: &Span) -> Option<Attribution> {
        let marked = span.marked.clone();
        let closing = |at: &usize| matches!(self.words[*at].text, "'" | "’" | "”" | "\"" | ")");
        let last = span.words.clone().rev().find(|at| !closing(at)).map_or("", |at| self.words[at].text);
        let carries_on = matches!(last, "," | "?" | "!" | "…" | "—" | "–" | "-") || self.is(marked.end, ",");
        let introduced = |mark: &str| self.is(marked.start.wrapping_sub(1), mark);
        let before = || self.before(&marked);
        let behind = || self.behind(&marked, last, carries_on);
        if introduced(":") {
            return self.led_by_colon(&marked).or_else(before).or_else(behind).or_else(|| self.colon(&marked));
        }
        if carries_on && !(introduced(",") && last != ",") {
            return behind().or_else(before);
        }
        before().or_else(behind)
    }

    /// `…,” Carter said`, `…,” said Carter`, `…,” according to Carter`.
    fn behind(&self, marked: &Range<usize>, last: &str, carries_on: bool) -> Option<Attribution> {
        let mut window = self.window_behind(marked.end);
        while window.clone().next().is_some_and(|at| self.is(at, ",") || self.is_dash(at)) {
            window.start += 1;
        }
        let Some(cue) = window.clone().find(|at| self.is_cue(*at)) else {
            return self.signature(&window);
        };
        let between = window.start..cue;
        let inverted = between.clone().all(|at| is_filler(self.lower(at)));
        // A full stop ends the quote's sentence: the next one attributes it only if it says nothing else.
        let short = cue + 1 == window.end || (inverted && self.words[cue].case == Case::Lower);
        if matches!(last, "." | "?" | "!") && !short && (last == "." || self.introduces(window.end)) {
            return None;
        }
        if self.is_according(cue) {
            let joined = between.is_empty() || carries_on;
            return joined.then(|| self.according(cue, window.end));
        }
        let attribution = |source| Attribution { cue: Some(cue..cue + 1), source };
        if inverted {
            if self.is_participle(cue) {
                return None;
            }
            let told = matches!(self.lower(cue), "told" | "tells" | "telling" | "informed" | "reminded");
            return (!told).then(|| attribution(self.subject_behind(cue + 1..window.end)));
        }
        if begins_clause(self.lower(window.start)) || is_preposition(self.lower(window.start)) {
            return self.parenthetical(&window);
        }
        let source = self.first_subject(between.clone())?;
        if let Some(pair) = self.pair(&source, cue) {
            return Some(attribution(Some(pair)));
        }
        let filled = |mut words: Range<usize>| words.all(|at| is_filler(self.lower(at)) || self.is(at, ","));
        let close = match &source {
            Source::Name(name) => filled(self.names[*name].words.end..cue),
            // "“…” they need to win"
            Source::Pronoun(at) if !filled(at + 1..cue) => return self.parenthetical(&window),
            Source::Pronoun(_) => true,
            Source::Phrase(_) => false,
        };
        if carries_on || close { Some(attribution(Some(source))) } else { self.parenthetical(&window) }
    }

    /// `“…” — Carter`
    fn signature(&self, window: &Range<usize>) -> Option<Attribution> {
        let number = self.name_at(window.start).filter(|_| self.is_dash(window.start - 1))?;
        let name = &self.names[number];
        let alone = name.words.end >= window.end || self.is(name.words.end, ",");
        let source = Some(Source::Name(number));
        (name.kind == EntityKind::Person && alone).then_some(Attribution { cue: None, source })
    }

    /// An attribution between commas further behind: `… “for a month” as they waited, Carter said`.
    fn parenthetical(&self, window: &Range<usize>) -> Option<Attribution> {
        let found = window.clone().filter(|at| self.is(*at, ",")).find_map(|comma| {
            let cue = (comma + 1..window.end.min(comma + 7)).find(|at| self.is_cue(*at) && !self.is_participle(*at))?;
            let source = if cue == comma + 1 {
                (inverts(self.lower(cue)) && self.name_at(cue + 1).is_some())
                    .then(|| self.subject_behind(cue + 1..window.end))
                    .flatten()?
            } else {
                self.subject_before(comma + 1, cue)?
            };
            let whole = match &source {
                Source::Name(name) => {
                    let first = self.names[*name].words.start;
                    cue == comma + 1 || (comma + 1..first).all(|at| self.words[at].class.is(Class::TITLE))
                }
                Source::Pronoun(at) => *at == comma + 1,
                Source::Phrase(_) => false,
            };
            whole.then_some((cue, source))
        });
        found.map(|(cue, source)| Attribution { cue: Some(cue..cue + 1), source: Some(source) })
    }

    /// Who speaks in the sentence right before a quote, in the same paragraph: `Carter said he was tired. “…”`
    pub(super) fn led(&self, marked: &Range<usize>) -> Option<Source> {
        let stop = marked.start.checked_sub(1).filter(|at| matches!(self.words[*at].text, "." | "!" | "?"))?;
        if self.line_ends_before(marked.start) > 0 {
            return None;
        }
        let window = self.window_before(stop);
        let cue = window.clone().find(|at| self.is_cue(*at) && !self.is_according(*at))?;
        let named = |source: &Source| !matches!(source, Source::Phrase(_));
        self.subject(window.start, cue).filter(named).filter(|_| reports(self.lower(cue)))
    }

    /// `Carter said: “…”`, `According to Carter, “…”`.
    fn before(&self, marked: &Range<usize>) -> Option<Attribution> {
        let window = self.window_before(marked.start);
        let cue = window.clone().rev().find(|at| self.is_cue(*at))?;
        if self.is_according(cue) {
            return Some(self.according(cue, marked.start));
        }
        let by = self.is(cue + 1, "by");
        let source = if by && self.is_passive(cue) {
            self.subject_behind(cue + 2..marked.start)
        } else {
            // "called it “…”, adding that": the subject stands before another quote.
            let sentence = || self.reach_back(cue, |at| self.places[at] == Place::Prose && self.stops(at));
            self.subject(window.start, cue).or_else(|| self.subject(sentence().start, cue))
        };
        Some(Attribution { cue: Some(cue..cue + 1), source })
    }

    /// `When she had said so, Carter shot back: “…”`, with no cue behind the last comma.
    fn led_by_colon(&self, marked: &Range<usize>) -> Option<Attribution> {
        let window = self.window_before(marked.start);
        let clause = window.clone().rev().find(|at| self.is(*at, ","))? + 1..marked.start;
        let number = self.name_at(clause.start).filter(|number| self.is_subject(*number, window.start))?;
        let person = self.names[number].kind == EntityKind::Person && !self.is(self.names[number].words.end, ":");
        let source = Some(Source::Name(number));
        (person && !clause.clone().any(|at| self.is_cue(at))).then_some(Attribution { cue: None, source })
    }

    /// `Carter: “…”`, `Carter was blunt: “…”`.
    fn colon(&self, marked: &Range<usize>) -> Option<Attribution> {
        let person =
            |source: &Source| matches!(source, Source::Name(name) if self.names[*name].kind == EntityKind::Person);
        let window = self.window_before(marked.start);
        // "Carter was told: “…”"
        let told = |at: usize| self.lexicon.class(self.lower(at)).is(Class::SPEECH_VERB) && self.is_passive(at);
        let source = self.first_subject(window.clone()).filter(|_| !window.clone().any(told)).filter(person)?;
        Some(Attribution { cue: None, source: Some(source) })
    }

    fn according(&self, cue: usize, end: usize) -> Attribution {
        Attribution { cue: Some(cue..cue + 2), source: self.subject_behind(cue + 2..end) }
    }
}
