//! The ways in which a text attributes: each finds one attribution, its source, and what is said.

use std::ops::Range;

use super::{
    Attribution,
    cues::Way,
    phrase::Phrases,
    speech::Piece,
    subject::{Subject, can_invert},
    words::Class,
};

/// So few words before a source in commas are the beginning of what it says: "Ten ships, according to Ono, sank".
const SHORT: usize = 8;
/// So many words behind "put" its "at" stands: "put the number of ships at 40".
const NEAR: usize = 15;
/// A line of talk, "Ana Ono: ...", has more words than this; with fewer it is an item of a list.
const SHORTEST_TALK: usize = 6;

/// One sentence, in which attributions are looked for.
#[derive(Clone, Copy)]
pub(crate) struct Patterns<'a> {
    pub(crate) phrases: Phrases<'a>,
    pub(crate) pieces: &'a [Piece],
}

impl Patterns<'_> {
    /// The attribution whose cue begins at `at`. What another source has said before ends at `clause`; `last` is the
    /// attribution before this one.
    pub(crate) fn at(&self, at: usize, clause: usize, last: Option<&Attribution>) -> Option<Attribution> {
        let Phrases { sentence, .. } = self.phrases;
        match sentence.word(at) {
            "according" if sentence.word(at + 1) == "to" => self.named(at..at + 2, clause),
            "reported" | "noted" if sentence.word_before(at, 1) == "as" && sentence.word(at + 1) == "by" => {
                self.named(at..at + 2, clause)
            }
            "by" | "in" if let Some(owner) = self.owner(at + 1) => {
                let after = owner.end + 1..sentence.len();
                Some(Attribution { subject: Subject::of(owner), cue: at..at + 1, before: clause..at, after })
            }
            "in" | "under" if last.is_none_or(|last| last.after.is_empty()) => self.record(at, clause),
            ":" => self.colon(at),
            _ if sentence.is_capitalized(at) => None,
            _ => self.inverted(at, clause, last).or_else(|| self.verb(at, clause, last)),
        }
    }

    /// "according to Ono", before or behind what is said.
    fn named(&self, cue: Range<usize>, clause: usize) -> Option<Attribution> {
        let Phrases { sentence, .. } = self.phrases;
        let source = self.phrases.behind(cue.end);
        if source.is_empty() {
            return None;
        }
        // "that, according to Ono,"
        let is_comma = sentence.raw_before(cue.start, 1) == ",";
        let before = sentence.word_before(cue.start, if is_comma { 2 } else { 1 });
        let is_first = (clause..cue.start).all(|at| self.is_plain(at))
            || sentence.is_capitalized(cue.start)
            || matches!(before, ":" | ";" | "and" | "but" | "that" | "as");
        let comma = (source.end..sentence.len()).find(|at| sentence.raw(*at) == ",").unwrap_or(source.end);
        let is_inside = is_first || cue.start - clause <= SHORT || self.phrases.is(clause, Class::Scene);
        let before = if is_first { cue.start..cue.start } else { clause..cue.start };
        let after = if is_inside { comma..sentence.len() } else { comma..comma };
        Some(Attribution { subject: Subject::of(source), cue, before, after })
    }

    /// "in a new poll of voters": a record as the source.
    fn record(&self, at: usize, clause: usize) -> Option<Attribution> {
        let mut source = self.phrases.behind(at + 1);
        let has_number = source.clone().any(|at| self.phrases.sentence.is_digits(at));
        let is_poll = !has_number && source.any(|at| self.phrases.is(at, Class::Poll));
        (is_poll && self.phrases.is(at + 1, Class::Determiner)).then(|| self.named(at..at + 1, clause))?
    }

    /// Whose count it is: "by the port's count".
    fn owner(&self, first: usize) -> Option<Range<usize>> {
        let Phrases { sentence, .. } = self.phrases;
        let possessive = |at: &usize| matches!(sentence.word(*at), "'s" | "’s" | "'" | "’");
        let end = self.phrases.behind(first).find(possessive)?;
        let is_count = (end + 1..=end + 3).any(|at| self.phrases.is(at, Class::Count));
        (is_count && end > first).then_some(first..end)
    }

    /// "The firm put it like this: “...”", "Ana Ono: ...": who is named before a colon speaks.
    fn colon(&self, at: usize) -> Option<Attribution> {
        let Phrases { sentence, .. } = self.phrases;
        let name = (0..at).rev().take_while(|at| sentence.is_capitalized(*at)).last().filter(|name| *name + 1 < at);
        let is_speech = self.opens_speech(at + 1);
        let is_talk = name == Some(0)
            && !self.phrases.is(0, Class::Determiner)
            && !sentence.is_digits(at + 1)
            && sentence.len() - at > SHORTEST_TALK;
        let end =
            (at + 1..sentence.len()).rev().find(|at| !self.phrases.is(*at, Class::Mark)).map_or(at, |last| last + 1);
        let rest = at + 1..end;
        let source = match name {
            Some(name) if is_speech || is_talk => name..at,
            _ if is_speech && (0..at).all(|at| !sentence.is_dash(at) || sentence.is_hyphen(at)) => {
                self.phrases.leading(at)?
            }
            _ if (1..4).contains(&at) && self.is_speaker(at - 1) => 0..at,
            _ if (1..=3).contains(&rest.len()) && self.is_speaker(rest.end - 1) => {
                return Some(Attribution {
                    subject: Subject::of(rest),
                    cue: at..at + 1,
                    before: 0..at,
                    after: at + 1..at + 1,
                });
            }
            _ => return None,
        };
        Some(Attribution {
            subject: Subject::of(source),
            cue: at..at + 1,
            before: at..at,
            after: at + 1..sentence.len(),
        })
    }

    /// "40 ships sank, said Ono."
    fn inverted(&self, at: usize, clause: usize, last: Option<&Attribution>) -> Option<Attribution> {
        let Phrases { sentence, cues } = self.phrases;
        let follows_speech = self.closes_speech(at, last);
        if !can_invert(cues, sentence.word(at)) || !(follows_speech || sentence.raw_before(at, 1) == ",") {
            return None;
        }
        let source = self.phrases.inverted(at + 1, follows_speech)?;
        let end = source.end;
        let after = if sentence.raw(end) == ":" { end + 1..sentence.len() } else { end..end };
        Some(Attribution { subject: Subject::of(source), cue: at..at + 1, before: clause..at, after })
    }

    /// "Ono said 40 ships sank", "40 ships sank, Ono said".
    fn verb(&self, at: usize, clause: usize, last: Option<&Attribution>) -> Option<Attribution> {
        let Phrases { sentence, cues } = self.phrases;
        let verb = sentence.word(at);
        // "the estimates are": a noun.
        if !cues.has(verb) || self.phrases.is(at + 1, Class::Be) {
            return None;
        }
        let opens_speech = self.opens_speech(at + 1) || (sentence.raw(at + 1) == "," && self.opens_speech(at + 2));
        let way = if opens_speech { Way::Quote } else { cues.way(sentence, at + 1) };
        // "told the court in a letter"
        let behind = match verb {
            "told" | "tells" => cues.way(sentence, self.phrases.behind(at + 1).end),
            _ => way,
        };
        let subject = self.phrases.subject(at, last.map(|last| &last.subject))?;
        let start = subject.tokens.start;
        let follows_comma = !subject.is_shared && sentence.raw_before(start, 1) == ",";
        let follows_speech = !subject.is_shared
            && (self.closes_speech(start, last) || (follows_comma && self.closes_speech(start - 1, last)));
        let is_behind = follows_comma && matches!(behind, Way::End | Way::Preposition);
        // "By the time the talks concluded, 40 ships": with nothing said before or behind it, the verb attributes nothing;
        // not so in "He added, that ..." and "As Ono said, ...".
        let is_bare = way == Way::End && !follows_comma && !follows_speech && !subject.is_shared;
        let is_main = cues.takes(verb, Way::That) && (clause..start).all(|at| self.is_plain(at));
        if is_bare && !is_main && sentence.word_before(start, 1) != "as" {
            return None;
        }
        let takes = cues.takes(verb, way)
            || (is_behind && cues.takes(verb, Way::End))
            || (follows_speech && cues.takes(verb, Way::Speech))
            || (cues.takes(verb, Way::At) && self.leads_to_number(at))
            || (way != Way::To && cues.takes(verb, Way::Data) && self.phrases.is_record(&subject.tokens));
        if !takes {
            return None;
        }
        let nothing = at + 1..at + 1;
        let (before, after) = if follows_speech {
            (clause..start, nothing)
        } else if is_behind && (behind == Way::End || !self.phrases.is(clause, Class::Scene)) {
            let goes_on = sentence.raw(at + 1) == ",";
            (clause..start, if goes_on { at + 1..sentence.len() } else { nothing })
        } else {
            (at..at, at + 1..sentence.len())
        };
        Some(Attribution { subject, cue: at..at + 1, before, after })
    }

    /// Whether a noun names who speaks in a headline: "police", "UN".
    fn is_speaker(&self, at: usize) -> bool {
        let written = self.phrases.sentence.raw(at);
        let is_acronym = written.len() > 1 && written.chars().all(char::is_uppercase);
        is_acronym || self.phrases.is(at, Class::Speaker) || self.phrases.is(at, Class::Record)
    }

    /// Whether a number follows "at" soon behind the verb at `at`: "put the number of ships at 40".
    fn leads_to_number(&self, at: usize) -> bool {
        let Phrases { sentence, .. } = self.phrases;
        let ats = (at + 1..at + NEAR).filter(|at| sentence.word(*at) == "at");
        ats.into_iter().any(|at| (at + 1..at + 4).any(|at| sentence.is_digits(at)))
    }

    /// Whether a token only opens or parts clauses: "but", ",".
    fn is_plain(&self, at: usize) -> bool {
        self.phrases.is(at, Class::Opener) || self.phrases.is(at, Class::Mark)
    }

    /// Whether direct speech begins at `at`.
    fn opens_speech(&self, at: usize) -> bool {
        self.pieces.iter().any(|piece| piece.tokens.start == at)
    }

    /// Whether direct speech ends before `at` that is not yet said by `last`: "Ono said “40 sank,” Poe said 50 did".
    fn closes_speech(&self, at: usize, last: Option<&Attribution>) -> bool {
        let is_free = |piece: &Piece| last.is_none_or(|last| !last.after.contains(&piece.tokens.start));
        self.pieces.iter().any(|piece| piece.tokens.end == at && is_free(piece))
    }
}
