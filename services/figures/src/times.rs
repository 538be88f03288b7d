//! Finding the times that a sentence names, in the grammar of TIMEX3 (`TimeML` annotation guidelines 1.2.1).

mod amounts;
mod calendar;
mod clock;
mod dates;
mod days;
mod digit_dates;
mod durations;
mod edges;
mod focus;
mod holidays;
mod join;
mod periods;
mod publication;
mod relative;
mod reports;
mod sets;
mod tails;
mod tense;
mod weekdays;
mod words;
mod years;

use std::ops::Range;

use jiff::civil::Date;
use tallywire_proto::TimeKind;

use crate::{numbers::Number, sentence::Sentence};

use self::{calendar::TimeUnit, words::TimeWord};

pub(crate) use self::{focus::Focus, publication::Publication, words::TimeWords};

/// A time and the tokens it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Time {
    pub(crate) tokens: Range<usize>,
    pub(crate) kind: TimeKind,
    /// In TIMEX3; none where it cannot be resolved.
    pub(crate) value: Option<String>,
    /// Whether the numbers in it count something: "two" in "two years ago", but not "7" in "July 7".
    pub(crate) counts: bool,
    pub(crate) grain: Grain,
    /// Whether the text leaves out what is larger than the grain: the day of "5 p.m.", the year of "July 7".
    pub(crate) is_open: bool,
}

/// How precise a time is, and so what may be joined to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, PartialOrd)]
pub(crate) enum Grain {
    Clock,
    /// "morning"
    Part,
    Day,
    Week,
    Month,
    /// A quarter or a half of a year.
    Quarter,
    Season,
    Year,
    /// Durations, sets, and what is no date of the calendar.
    Other,
}

impl Time {
    pub(crate) fn new(tokens: Range<usize>, kind: TimeKind, grain: Grain, value: Option<String>) -> Self {
        Self { tokens, kind, value, counts: false, grain, is_open: false }
    }

    pub(crate) fn date(tokens: Range<usize>, grain: Grain, value: Option<String>) -> Self {
        Self::new(tokens, TimeKind::Date, grain, value)
    }

    pub(crate) fn duration(tokens: Range<usize>, value: String) -> Self {
        Self::new(tokens, TimeKind::Duration, Grain::Other, Some(value))
    }

    pub(crate) fn set(tokens: Range<usize>, value: String) -> Self {
        Self::new(tokens, TimeKind::Set, Grain::Other, Some(value))
    }

    pub(crate) fn from(self, first: usize) -> Self {
        Self { tokens: first..self.tokens.end, ..self }
    }

    pub(crate) fn until(self, end: usize) -> Self {
        Self { tokens: self.tokens.start..end, ..self }
    }

    pub(crate) fn open(self, is_open: bool) -> Self {
        Self { is_open, ..self }
    }

    pub(crate) fn counting(self, counts: bool) -> Self {
        Self { counts, ..self }
    }
}

/// What the steps of the grammar share.
pub(crate) struct TimeContext<'c, 'a> {
    pub(crate) sentence: Sentence<'a>,
    pub(crate) words: &'c TimeWords,
    pub(crate) numbers: &'c [Number],
    /// The day of publication.
    pub(crate) published: Option<Date>,
    /// Whether months come first in dates in digits, if that is known.
    pub(crate) is_month_first: Option<bool>,
    /// The times that the text has named so far.
    pub(crate) focus: Focus,
}

/// The times of a sentence, in order; none overlaps another. They come into the text's focus.
pub(crate) fn find(
    sentence: Sentence<'_>,
    words: &TimeWords,
    numbers: &[Number],
    publication: Publication,
    focus: &mut Focus,
) -> Vec<Time> {
    focus.next_sentence();
    let Publication { day: published, is_month_first } = publication;
    let mut context = TimeContext { sentence, words, numbers, published, is_month_first, focus: *focus };
    let mut times: Vec<Time> = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        let Some(time) = context.time_at(at).filter(|time| time.tokens.end > at) else {
            at += 1;
            continue;
        };
        let time = tails::with_tail(&context, time);
        at = time.tokens.end;
        let joined = times.last().and_then(|last| join::joined(&context, last, &time));
        let is_joined = joined.is_some();
        let time = join::in_order(&context, &times, joined.unwrap_or(time));
        let time = join::in_named_week(&context, &times, time);
        context.focus.see(&time, published);
        if is_joined {
            times.pop();
        }
        let second = tails::second_day(&context, &time);
        times.push(time);
        if let Some(second) = second {
            at = second.tokens.end;
            times.push(second);
        }
    }
    *focus = context.focus;
    times
}

impl TimeContext<'_, '_> {
    fn time_at(&self, at: usize) -> Option<Time> {
        let can_open = self.number_at(at).is_some() || self.words.opens(&self.sentence, at);
        if can_open { edges::edged(self, at).or_else(|| self.plain(at)) } else { None }
    }

    /// A time without a word before it that tells how much or which part of it is meant.
    pub(crate) fn plain(&self, at: usize) -> Option<Time> {
        clock::clock(self, at)
            .or_else(|| holidays::holiday(self, at))
            .or_else(|| sets::set(self, at))
            .or_else(|| digit_dates::in_digits(self, at))
            .or_else(|| dates::date(self, at))
            .or_else(|| relative::relative(self, at))
            .or_else(|| years::spelled(self, at))
            .or_else(|| periods::period(self, at))
            .or_else(|| reports::reported(self, at))
            .or_else(|| durations::duration(self, at))
            .or_else(|| self.word(at))
            .or_else(|| self.phrase(at))
            .or_else(|| years::year(self, at))
    }

    /// The number that begins at a token.
    pub(crate) fn number_at(&self, at: usize) -> Option<&Number> {
        let found = self.numbers.binary_search_by_key(&at, |number| number.tokens.start).ok()?;
        self.numbers.get(found)
    }

    pub(crate) fn shifted(&self, unit: TimeUnit, count: i64) -> Option<String> {
        self.published.and_then(|day| calendar::shifted(day, unit, count))
    }

    /// "right now", "as soon as possible"
    fn phrase(&self, at: usize) -> Option<Time> {
        let sentence = &self.sentence;
        let word = |ahead: usize| sentence.word(at + ahead);
        let (end, value) = match (word(0), word(1), word(2), word(3)) {
            ("right", "now", ..) => (at + 2, "PRESENT_REF"),
            ("as", "soon", "as", "possible") => (at + 4, "FUTURE_REF"),
            _ => return None,
        };
        Some(Time::date(at..end, Grain::Other, Some(value.to_owned())))
    }

    /// Words that are times by themselves.
    fn word(&self, at: usize) -> Option<Time> {
        let sentence = &self.sentence;
        let date = |value| Some(Time::date(at..at + 1, Grain::Other, value));
        match self.words.get(sentence, at)? {
            TimeWord::Day(count) => Some(Time::date(at..at + 1, Grain::Day, self.shifted(TimeUnit::Day, count))),
            TimeWord::Tonight => {
                let value = self.shifted(TimeUnit::Day, 0).map(|day| format!("{day}TNI"));
                Some(Time::new(at..at + 1, TimeKind::Time, Grain::Part, value))
            }
            // The night before the day of publication, if it says so in the past; which one is not certain.
            TimeWord::Overnight => Some(Time::new(at..at + 1, TimeKind::Time, Grain::Other, None)),
            TimeWord::Reference(value) => {
                // "as soon as", "soon after": no time, but how two of them follow.
                let is_linking = sentence.word(at) == "soon"
                    && (sentence.word_before(at, 1) == "as" || matches!(sentence.word(at + 1), "after" | "as"));
                if is_linking { None } else { date(Some(value.to_owned())) }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::date;
    use tallywire_text::{sentences, tokens};

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords};

    /// The times of a text of Thursday, 7 March 2024.
    pub(crate) fn read(text: &str) -> Vec<(String, Option<String>)> {
        read_from(text, None)
    }

    /// The times of such a text from a country.
    pub(crate) fn read_from(text: &str, country: Option<&str>) -> Vec<(String, Option<String>)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let (words, number_words) = (TimeWords::load(), NumberWords::load());
        let mut focus = Focus::default();
        let mut found = Vec::new();
        for range in sentences(text, &tokens) {
            let sentence = Sentence::new(text, &lower, &tokens[range]);
            let numbers = number_words.find(&sentence, Separators::CommaThousands);
            let publication = Publication::new(Some(date(2024, 3, 7)), country);
            let times = find(sentence, &words, &numbers, publication, &mut focus);
            found.extend(times.into_iter().map(|time| (sentence.slice(&time.tokens).to_owned(), time.value)));
        }
        found
    }

    /// The only time of a text, as written and in TIMEX3.
    #[track_caller]
    pub(crate) fn one(text: &str, written: &str, value: &str) {
        assert_eq!(read(text), [(written.to_owned(), Some(value.to_owned()))], "{text}");
    }

    /// The values of a text's times.
    pub(crate) fn values(text: &str) -> Vec<String> {
        read(text).into_iter().filter_map(|(_, value)| value).collect()
    }

    #[test]
    fn words_that_are_times() {
        one("It rained yesterday.", "yesterday", "2024-03-06");
        one("It rains now.", "now", "PRESENT_REF");
        one("It will rain soon.", "soon", "FUTURE_REF");
        assert_eq!(read("He left as soon as he could, soon after the rain."), []);
    }
}
