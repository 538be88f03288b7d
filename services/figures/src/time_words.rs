//! The words that times are made of.

use std::collections::HashMap;

use crate::{calendar::TimeUnit, phrases::rows, sentence::Sentence};

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
}

impl TimeWords {
    pub(crate) fn load() -> Self {
        let mut words = HashMap::new();
        for row in rows(include_str!("../data/time_words.tsv"), '\t') {
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
        Self { words }
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

    /// A month's name; those that are also other words only where they have a capital.
    pub(crate) fn month(&self, sentence: &Sentence<'_>, at: usize) -> Option<i8> {
        match self.get(sentence, at) {
            Some(TimeWord::Month(month)) if sentence.is_capitalized(at) || sentence.word(at).ends_with('.') => {
                Some(month)
            }
            _ => None,
        }
    }

    pub(crate) fn weekday(&self, sentence: &Sentence<'_>, at: usize) -> Option<i8> {
        match self.get(sentence, at) {
            Some(TimeWord::Weekday(weekday)) if sentence.is_capitalized(at) => Some(weekday),
            _ => None,
        }
    }
}
