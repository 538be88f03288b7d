//! Phrases that say what a person is: "former deputy prime minister".

use std::{ops::Range, sync::LazyLock};

use foldhash::HashSet;

use super::Reader;
use crate::{
    lexicon::{Class, entries, is_in},
    words::{Case, Word, is_determiner, is_possessive},
};

/// The most words of a role.
const LONGEST: usize = 6;

/// The most words of a role of which no list has one.
const MOST_UNKNOWN: usize = 2;

static NOUNS: LazyLock<HashSet<&str>> = LazyLock::new(|| entries(include_str!("../../data/role-nouns.txt")).collect());
static MODIFIERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/role-modifiers.txt")).collect());

/// Words before a role that say nothing of it.
const PASSING: &str = "new New local Local longtime Longtime veteran Veteran current late prominent popular famous \
    incumbent";

/// Endings of nouns for people by their work: "bookkeeper", "ropemaker", "horsewoman".
const ENDINGS: [&str; 22] = [
    "maker", "keeper", "smith", "wright", "monger", "woman", "person", "worker", "holder", "seller", "grower",
    "breeder", "driver", "player", "ologist", "ographer", "ician", "master", "owner", "sman", "erman", "builder",
];

/// Whether a word, or its last part, says what a person is: "minister", "Vice-President".
pub(super) fn is_noun(word: &Word<'_>) -> bool {
    let last = word.lower.rsplit(['-', '‑']).next().unwrap_or_default().trim_end_matches('.');
    let common = word.case == Case::Lower || word.class.is(Class::COMMON);
    let ended = || ENDINGS.into_iter().any(|ending| last.len() >= ending.len() + 2 && last.ends_with(ending));
    word.case != Case::None && !word.class.is(Class::DEMONYM) && (NOUNS.contains(last) || common && ended())
}

/// Whether a word in lower case is likely a noun for a person where such a noun is expected: "an apiarist", "a weaver".
fn is_likely_noun(word: &Word<'_>) -> bool {
    let kin_or_thing = [
        "father", "mother", "brother", "sister", "daughter", "number", "member", "other", "matter", "order", "former",
        "latter",
    ];
    let ended = ["er", "or", "ist", "ian", "ant"].into_iter().any(|ending| word.lower.ends_with(ending));
    word.case == Case::Lower
        && word.text.len() > 4
        && ended
        && !kin_or_thing.iter().any(|other| word.lower.ends_with(other))
}

fn is_modifier(word: &Word<'_>) -> bool {
    word.case != Case::None && MODIFIERS.contains(&*word.lower)
}

impl Reader<'_, '_> {
    /// Whether a word can be part of a role that no list has: no function word, no verb of speech, no name's word.
    pub(super) fn is_plain(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let class = if word.case == Case::Lower { self.lexicon.class(&word.lower) } else { word.class };
        match word.case {
            Case::Lower => !class.is(Class::FUNCTION.or(Class::SPEECH_VERB)),
            Case::Capital | Case::Upper => class.is(Class::COMMON) && !class.is(Class::FUNCTION.or(Class::DEMONYM)),
            Case::None => false,
        }
    }

    /// Whether a word is a hyphen within "vice-president".
    fn is_hyphen(&self, at: usize) -> bool {
        let touching = |left: Option<&Word<'_>>, right: Option<&Word<'_>>| {
            left.zip(right).is_some_and(|(left, right)| left.end == right.start)
        };
        let at_hand = |at: usize| self.words.get(at);
        matches!(self.text(at), "-" | "‑")
            && at > 0
            && touching(at_hand(at - 1), at_hand(at))
            && touching(at_hand(at), at_hand(at + 1))
    }

    /// The role that begins at a word and ends with a noun where the phrase ends.
    pub(super) fn role_from(&self, start: usize) -> Option<Range<usize>> {
        let limit = self.next_name(start).min(start + LONGEST + 2);
        let mut end = start;
        // "former German chancellor"
        let demonym = |at: usize| {
            let former = at > start && self.words.get(at - 1).is_some_and(is_modifier);
            former && self.words.get(at).is_some_and(|word| word.class.is(Class::DEMONYM))
        };
        while end < limit {
            if self.is_hyphen(end) && end > start {
                // "editor-in-chief"
                end += 2;
            } else if demonym(end)
                || self.is_plain(end)
                || self.words.get(end).is_some_and(|word| is_modifier(word) || is_noun(word))
            {
                end += 1;
            } else {
                break;
            }
        }
        // "Ann Poe, an apiarist": the article asks for a noun.
        let expected = self.words.get(end.wrapping_sub(1)).is_some_and(is_likely_noun) && self.expects_noun(start);
        let noun = end > start && end <= limit && (expected || self.ends_with_noun(end));
        noun.then_some(self.bare(start)..end)
    }

    /// The role that ends before a word, and does not reach beyond `floor`.
    ///
    /// Words that no list has belong to it only between the noun and what begins a phrase: "a marine biologist", but
    /// not "they met biologist".
    pub(super) fn role_up_to(&self, end: usize, floor: usize) -> Option<Range<usize>> {
        let floor = floor.max(self.sentence.start).max(end.saturating_sub(LONGEST + 2));
        let mut start = end.checked_sub(1).filter(|start| *start >= floor)?;
        let expected = || self.words.get(start).is_some_and(is_likely_noun) && self.expects_noun(start);
        if !self.ends_with_noun(end) && !expected() {
            return None;
        }
        let mut unknown = 0;
        let mut known = start;
        while start > floor {
            if self.is_hyphen(start - 1) && start - 1 > floor {
                start -= 2;
                known = if unknown == 0 { start } else { known };
                continue;
            }
            let Some(word) = self.words.get(start - 1).filter(|_| self.holder_up_to(start).is_none()) else { break };
            // "former German chancellor"
            let former = start.checked_sub(2).filter(|former| *former >= floor).and_then(|at| self.words.get(at));
            if word.class.is(Class::DEMONYM) && unknown == 0 && former.is_some_and(is_modifier) {
                start -= 2;
                known = start;
                continue;
            }
            let capital = word.is_capital() && self.is_plain(start - 1) && !word.initial;
            if (is_modifier(word) || is_noun(word) || capital) && unknown == 0 {
                start -= 1;
                known = start;
            } else if word.case == Case::Lower && self.is_plain(start - 1) && unknown < MOST_UNKNOWN && !is_noun(word) {
                start -= 1;
                unknown += 1;
            } else {
                break;
            }
        }
        let begins = self.begins_phrase(start, floor);
        let start = self.bare(if begins { start } else { known });
        (start < end).then_some(start..end)
    }

    /// Where a role begins without what passes or praises: "58-year-old", "new".
    fn bare(&self, start: usize) -> usize {
        let start = self.skip_years(start);
        start + usize::from(is_in(PASSING, self.text(start)) && !self.is_hyphen(start + 1))
    }

    /// Passes over "58-year-old".
    pub(super) fn skip_years(&self, at: usize) -> usize {
        let years = (at..self.sentence.end).take(6).find(|at| self.text(*at) == "old");
        let number = self.text(at).starts_with(|first: char| first.is_ascii_digit());
        years.filter(|_| number).map_or(at, |old| old + 1)
    }

    /// The role that ends before a word with what it is for: "head of treasury", "Secretary of State".
    pub(super) fn role_with_subject_up_to(&self, end: usize) -> Option<Range<usize>> {
        let subject = (self.sentence.start..end).rev().take(3).take_while(|at| self.is_plain(*at)).count();
        let of = end.checked_sub(subject + 1).filter(|of| subject > 0 && matches!(self.text(*of), "of" | "for"))?;
        Some(self.role_up_to(of, self.sentence.start)?.start..end)
    }

    /// Whether a noun, or "president-elect", ends before a word.
    fn ends_with_noun(&self, end: usize) -> bool {
        let elect = end >= 3 && matches!(self.text(end - 1), "elect" | "designate") && self.is_hyphen(end - 2);
        let noun = if elect { end - 3 } else { end.wrapping_sub(1) };
        self.words.get(noun).is_some_and(is_noun)
    }

    /// Whether an article, "her" or "Acme's" before a word says that a noun is to come.
    fn expects_noun(&self, start: usize) -> bool {
        let before = start.checked_sub(1).map_or("", |before| self.text(before));
        is_determiner(before) || is_possessive(before)
    }

    /// Whether what stands before a word begins a noun phrase: an article, "Acme's", "Acme", "French", a comma.
    pub(super) fn begins_phrase(&self, start: usize, floor: usize) -> bool {
        let Some(before) = start.checked_sub(1).filter(|_| start > floor).and_then(|before| self.words.get(before))
        else {
            return start == self.sentence.start;
        };
        is_determiner(before.text)
            || is_possessive(before.text)
            || matches!(before.text, "," | "old" | "and" | "with" | "by" | "—" | "–" | "“" | "\"")
            || before.class.is(Class::DEMONYM)
            || self.holder_up_to(start).is_some()
    }
}
