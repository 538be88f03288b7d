//! Roles behind a name: "Ann Poe, the head of Acme", "Ann Poe (captain)", "Ann Poe was a nurse", "Ann Poe, who leads
//! the union,".

use tallywire_proto::EntityKind;

use super::{Reader, Statement, is_holding};
use crate::{
    lexicon::{Class, is_in},
    names::Name,
    words::{Case, is_determiner, is_possessive},
};

/// Words between a person and what the person is: "was", "has served as".
const COPULA: &str = "is was has had been be became becomes become remains remained serves served serving works worked \
    stays stayed on as named elected appointed will now once also later still used to";

/// Words before a role that do not belong to it, besides articles.
const LEADS: &str = "now then currently once formerly also later one as both still today previously most recently himself \
    herself";

/// What "who" does that is at the head of something.
const LEADING: &str = "leads led heads headed chairs chaired directs directed runs ran manages managed owns founded coaches \
    coached commands edits";

/// The most roles in a row.
const MOST: usize = 4;

impl Reader<'_, '_> {
    /// The roles that begin right behind a name.
    pub(super) fn behind(&self, name: &Name) -> Vec<Statement> {
        let end = name.words.end;
        let dash = |at: usize| {
            let apart =
                self.words.get(at - 1).zip(self.words.get(at)).is_some_and(|(left, right)| left.end < right.start);
            matches!(self.text(at), "—" | "–") || self.text(at) == "-" && apart
        };
        let apposed = matches!(self.text(end), "," | "(") || dash(end);
        if !apposed {
            return self.predicate(name);
        }
        let mut at = self.skip_aside(self.skip_age(end + 1));
        let aged = at > end + 1;
        let relative = self.text(at) == "who";
        if relative {
            at += 1;
            if let Some(led) = self.leading(at) {
                return vec![led];
            }
        }
        // What is apposed has no verb but behind "who" or an age: "Ann Poe, 45, is a nurse".
        let verbs = self.copula(at);
        if (verbs > 0) == relative || verbs > 0 && aged { self.row(at + verbs) } else { Vec::new() }
    }

    /// "Ann Poe was a nurse", "resigned as mayor of Lviv", "They elected Ann Poe president".
    fn predicate(&self, name: &Name) -> Vec<Statement> {
        let end = name.words.end;
        let verbs = self.copula(end);
        let before = name.words.start.checked_sub(1).map_or("", |before| self.text(before));
        if verbs > 0
            || matches!(before, "appointed" | "named" | "elected" | "re-elected" | "promoted" | "nominated" | "hired")
        {
            return self.row(end + verbs);
        }
        let plain = (end..self.next_name(end))
            .take(4)
            .take_while(|at| self.is_lower(*at) || matches!(self.text(*at), "on" | "over" | "down" | "in"))
            .count();
        if plain > 0 && self.text(end + plain) == "as" { self.row(end + plain + 1) } else { Vec::new() }
    }

    /// How many verbs and the like stand between a person and what the person is.
    pub(super) fn copula(&self, at: usize) -> usize {
        let words = (at..self.sentence.end).take(4).take_while(|at| is_in(COPULA, self.text(*at)));
        let has_verb = words.clone().any(|at| !is_in("will now on once also later still to", self.text(at)));
        if has_verb { words.count() } else { 0 }
    }

    /// "45," or "aged 45,", in brackets or not.
    fn skip_age(&self, at: usize) -> usize {
        let number = if self.text(at) == "aged" { at + 1 } else { at };
        if !self.text(number).starts_with(|first: char| first.is_ascii_digit()) {
            return at;
        }
        match (self.text(number + 1), self.text(number + 2)) {
            (")", ",") => number + 3,
            (",", _) => number + 2,
            _ => number + 1,
        }
    }

    /// Passes over a short aside before "who": "no relation, who".
    fn skip_aside(&self, at: usize) -> usize {
        let comma = (at..self.next_name(at)).take(4).find(|at| self.text(*at) == ",");
        comma.filter(|comma| self.text(comma + 1) == "who").map_or(at, |comma| comma + 1)
    }

    /// "leads the Lakeside Farmers Association"
    fn leading(&self, at: usize) -> Option<Statement> {
        let at = at + usize::from(matches!(self.text(at), "has" | "had" | "now" | "also" | "once" | "currently"));
        let verb = is_in(LEADING, self.text(at));
        let of = self.holder_from(at + 1).filter(|_| verb)?;
        Some(Statement { role: at..at + 1, of: Some(of) })
    }

    /// Roles in a row, each with what it is held at: "mayor of Lviv until 2018, founder and chair of the union".
    pub(super) fn row(&self, mut at: usize) -> Vec<Statement> {
        let mut row: Vec<Statement> = Vec::new();
        // How many of the last roles share what is still to come: "founder and chair of".
        let mut open = 0;
        while row.len() < MOST {
            let begin = at;
            let (start, owner) = self.skip_lead(begin);
            let Some(mut role) = self.role_from(start) else { break };
            if let Some(end) = self.subject(role.end) {
                role.end = end;
            }
            at = role.end;
            let holder = Some(at).filter(|at| is_holding(self.text(*at))).and_then(|at| self.holder_from(at + 1));
            if self.is_anothers(at) {
                break;
            }
            let preposition = self.text(at);
            let mut of = owner;
            if let Some(name) = holder.and_then(|holder| self.names.get(holder)) {
                // A beekeeper in Kisumu is not Kisumu's, a teacher at a school is.
                let elsewhere = matches!(preposition, "in" | "at") && name.kind == EntityKind::Place;
                of = holder.filter(|_| !elsewhere).or(owner);
                // "of the Lviv police department"
                let rest = (name.words.end..self.next_name(name.words.end)).take(2);
                at = name.words.end + rest.take_while(|at| self.is_lower(*at)).count();
            }
            if !self.ends_phrase(at) {
                break;
            }
            // "a naval officer and once mayor of Lviv" was an officer elsewhere.
            if start > begin {
                open = 0;
            }
            row.push(Statement { role, of });
            open += 1;
            if of.is_some() {
                row.iter_mut().rev().take(open).filter(|role| role.of.is_none()).for_each(|role| role.of = of);
                open = 0;
            }
            at = self.skip_time(at);
            match (self.text(at), self.text(at + 1)) {
                (",", "and") | ("and" | ",", "the") => break,
                ("and" | "&", _) => at += 1,
                (",", _) => {
                    at += 1;
                    open = 0;
                }
                _ => break,
            }
        }
        row
    }

    /// Passes over articles, "now", "French", "the company's" and "Acme's": to where the role begins, and whose it is.
    fn skip_lead(&self, mut at: usize) -> (usize, Option<usize>) {
        let leads = |at: usize| {
            is_determiner(self.text(at))
                || is_in(LEADS, self.text(at))
                || self.words.get(at).is_some_and(|word| word.class.is(Class::DEMONYM))
        };
        let skip = |at: usize| {
            at + (at..self.sentence.end).take(4).take_while(|at| self.name_from(*at).is_none() && leads(*at)).count()
        };
        at = self.skip_years(skip(at));
        if let Some(owner) = self.name_from(at)
            && let Some(name) = self.names.get(owner)
        {
            let possessive = is_possessive(self.text(name.words.end));
            let end = name.words.end + usize::from(possessive);
            return match name.kind {
                EntityKind::Person if !possessive => (at, None),
                EntityKind::Person => (skip(end), None),
                _ => (skip(end), Some(owner)),
            };
        }
        let nouns = (at..self.next_name(at)).take(4).take_while(|at| self.is_plain(*at)).count();
        if nouns > 0 && is_possessive(self.text(at + nouns)) {
            at = skip(at + nouns + 1);
        }
        (at, None)
    }

    /// Where a role with its subject ends: "professor of trade law", "head of treasury".
    fn subject(&self, of: usize) -> Option<usize> {
        let end = of + 1 + (of + 1..self.sentence.end).take(3).take_while(|at| self.is_lower(*at)).count();
        let whole = !self.is_lower(end) && self.name_from(end).is_none() && !is_possessive(self.text(end));
        (matches!(self.text(of), "of" | "for") && end > of + 1 && whole).then_some(end)
    }

    fn is_lower(&self, at: usize) -> bool {
        self.is_plain(at) && self.words.get(at).is_some_and(|word| word.case == Case::Lower)
    }

    /// The organization or place that begins at a word, or behind an article and the like.
    fn holder_from(&self, at: usize) -> Option<usize> {
        let skipped = |at: &usize| {
            is_determiner(self.text(*at))
                || self.text(*at) == "of"
                || self.is_lower(*at)
                || self.words.get(*at).is_some_and(|word| word.class.is(Class::DEMONYM))
        };
        let skip = (at..self.next_name(at)).take(4).take_while(skipped).count();
        let mut holder = self.name_from(at + skip)?;
        // "of Ukraine's Chernihiv region"
        while let Some(name) = self.names.get(holder)
            && is_possessive(self.text(name.words.end))
            && let Some(inner) = self.name_from(name.words.end + 1)
        {
            holder = inner;
        }
        self.names
            .get(holder)
            .filter(|name| name.kind != EntityKind::Person && name.words.start < self.sentence.end)?;
        Some(holder)
    }

    /// Whether a role goes on to another person's name: "minister for health John Roe".
    fn is_anothers(&self, at: usize) -> bool {
        let held = usize::from(is_holding(self.text(at)));
        let skip = (at + held..self.sentence.end)
            .take(3)
            .take_while(|at| held > 0 && self.name_from(*at).is_none() && self.is_lower(*at))
            .count();
        let name = self.name_from(at + held + skip).and_then(|name| self.names.get(name));
        name.is_some_and(|name| held == 0 || name.kind == EntityKind::Person)
    }

    /// Whether a phrase ends before a word: a mark, or a function word.
    fn ends_phrase(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at).filter(|_| self.sentence.contains(&at)) else { return true };
        match word.case {
            Case::None => !is_possessive(word.text) || matches!(word.text, "'" | "’"),
            Case::Lower => {
                let class = self.lexicon.class(&word.lower);
                class.is(Class::FUNCTION)
                    && !class.is(Class::SPEECH_VERB)
                    && !matches!(word.text, "had" | "has" | "was" | "is" | "were" | "would" | "will" | "could")
            }
            Case::Capital | Case::Upper => word.class.is(Class::CALENDAR),
        }
    }

    /// Passes over "until 2018", "since 2009", "for 22 years".
    fn skip_time(&self, at: usize) -> usize {
        if !matches!(self.text(at), "until" | "since" | "for" | "from" | "in") {
            return at;
        }
        let skip =
            (at + 1..self.sentence.end).take(5).take_while(|at| !matches!(self.text(*at), "," | "and" | "&")).count();
        at + 1 + skip
    }
}
