//! The words that times are made of.

use foldhash::{HashMap, HashMapExt};

use super::{calendar::TimeUnit, days::ordinal_at, holidays::Holidays};
use crate::{phrases::rows, sentence::Sentence};

/// What a word of time is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TimeWord {
    /// From 1, Monday.
    Weekday(i8),
    /// From 1, January.
    Month(i8),
    Unit(TimeUnit),
    /// "morning", as the letters of TIMEX3.
    Part(&'static str),
    Season(&'static str),
    /// So many days from today.
    Day(i64),
    Tonight,
    Overnight,
    /// "noon", as hours and minutes.
    Clock(&'static str),
    /// "now", "recently".
    Reference(&'static str),
    /// "daily", as how long it is from one to the next.
    Set(&'static str),
}

/// The table of the words.
pub(crate) struct TimeWords {
    words: HashMap<&'static str, TimeWord>,
    pub(crate) holidays: Holidays,
}

impl TimeWords {
    pub(crate) fn load() -> Self {
        let mut words = HashMap::new();
        for row in rows(include_str!("../../data/time_words.tsv"), '\t') {
            let [word, class, value] = row[..] else { continue };
            let meaning = match class {
                "weekday" => value.parse().ok().map(TimeWord::Weekday),
                "month" => value.parse().ok().map(TimeWord::Month),
                "unit" => TimeUnit::parse(value).map(TimeWord::Unit),
                "part" => Some(TimeWord::Part(value)),
                "season" => Some(TimeWord::Season(value)),
                "day" => value.parse().ok().map(TimeWord::Day),
                "tonight" => Some(TimeWord::Tonight),
                "overnight" => Some(TimeWord::Overnight),
                "clock" => Some(TimeWord::Clock(value)),
                "reference" => Some(TimeWord::Reference(value)),
                "set" => Some(TimeWord::Set(value)),
                _ => None,
            };
            if let Some(meaning) = meaning {
                words.insert(word, meaning);
            }
        }
        Self { words, holidays: Holidays::load() }
    }

    pub(crate) fn get(&self, sentence: &Sentence<'_>, at: usize) -> Option<TimeWord> {
        self.words.get(sentence.word(at)).copied()
    }

    pub(crate) fn unit(&self, sentence: &Sentence<'_>, at: usize) -> Option<TimeUnit> {
        match self.get(sentence, at) {
            Some(TimeWord::Unit(unit)) => Some(unit),
            _ => None,
        }
    }

    /// Whether a time can begin at a token that is no number; to pass over the others fast.
    pub(crate) fn opens(&self, sentence: &Sentence<'_>, at: usize) -> bool {
        let word = sentence.word(at);
        self.words.contains_key(word)
            || sentence.is_digits(at)
            || matches!(
                word,
                "the"
                    | "a"
                    | "an"
                    | "half"
                    | "several"
                    | "few"
                    | "many"
                    | "recent"
                    | "some"
                    | "all"
                    | "full"
                    | "whole"
                    | "another"
                    | "entire"
                    | "last"
                    | "past"
                    | "this"
                    | "these"
                    | "that"
                    | "same"
                    | "current"
                    | "next"
                    | "coming"
                    | "upcoming"
                    | "previous"
                    | "following"
                    | "first"
                    | "third"
                    | "fourth"
                    | "final"
                    | "fiscal"
                    | "q"
                    | "h"
                    | "every"
                    | "each"
                    | "once"
                    | "twice"
                    | "weekends"
                    | "early"
                    | "late"
                    | "mid"
                    | "earlier"
                    | "later"
                    | "end"
                    | "beginning"
                    | "start"
                    | "middle"
                    | "rest"
                    | "year"
                    | "more"
                    | "less"
                    | "fewer"
                    | "no"
                    | "not"
                    | "at"
                    | "up"
                    | "close"
                    | "nearly"
                    | "almost"
                    | "about"
                    | "around"
                    | "approximately"
                    | "roughly"
                    | "over"
                    | "under"
                    | "right"
                    | "as"
                    | "twenty"
                    | "thirty"
            )
            || self.holidays.begins(word)
    }

    /// A month's name where it is a month; those that are also other words only where they have a capital or a day.
    pub(crate) fn month(&self, sentence: &Sentence<'_>, at: usize) -> Option<i8> {
        let month = self.month_name(sentence, at)?;
        let is_other_word = matches!(sentence.word(at), "may" | "march" | "mar" | "dec" | "jun");
        // "Wei-jan": a short form needs a capital, a full stop or a day beside it.
        let is_short = sentence.word(at).len() < 5 && !matches!(sentence.word(at), "june" | "july");
        let leads = matches!(sentence.word_before(at, 1), "in" | "of" | "last" | "this" | "next")
            || at > 0 && sentence.is_digits(at - 1);
        let is_clear = !is_other_word && (!is_short || leads)
            || sentence.is_capitalized(at)
            || sentence.word(at).ends_with('.')
            || is_day(sentence, at + 1);
        is_clear.then_some(month)
    }

    /// A month's name, whatever it is here.
    pub(crate) fn month_name(&self, sentence: &Sentence<'_>, at: usize) -> Option<i8> {
        match self.get(sentence, at) {
            Some(TimeWord::Month(month)) => Some(month),
            _ => None,
        }
    }

    /// A weekday's name; those that are also other words only where they have a capital, and "Sun" and "Sat" behind "on".
    pub(crate) fn weekday(&self, sentence: &Sentence<'_>, at: usize) -> Option<i8> {
        let Some(TimeWord::Weekday(weekday)) = self.get(sentence, at) else { return None };
        let is_clear = match sentence.word(at) {
            "sun" | "sat" | "mon" => sentence.is_capitalized(at) && sentence.word_before(at, 1) == "on",
            "wed" => sentence.is_capitalized(at) || sentence.raw(at + 1) == ",",
            _ => true,
        };
        is_clear.then_some(weekday)
    }
}

/// A day behind a month: "may 7", "may the eleventh", but not "may first try".
fn is_day(sentence: &Sentence<'_>, at: usize) -> bool {
    let at = if sentence.word(at) == "the" || sentence.is_hyphen(at) || sentence.raw(at) == "/" { at + 1 } else { at };
    sentence.is_digits(at) || ordinal_at(sentence, at).is_some_and(|(_, end)| !sentence.is_word(end))
}
