//! Finding the times that a sentence names.

use std::ops::Range;

use jiff::civil::Date;
use tallywire_proto::TimeKind;

use crate::{
    calendar::{self, Reach, TimeUnit},
    dates,
    numbers::{Form, Number},
    sentence::Sentence,
    time_words::{TimeWord, TimeWords},
};

/// A time and the tokens it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Time {
    pub(crate) tokens: Range<usize>,
    pub(crate) kind: TimeKind,
    /// In TIMEX3; none where it cannot be resolved.
    pub(crate) value: Option<String>,
    /// Whether the numbers in it count something: "two" in "two years ago", but not "7" in "July 7".
    pub(crate) counts: bool,
}

/// What the steps of the grammar share.
pub(crate) struct TimeContext<'c, 'a> {
    pub(crate) sentence: Sentence<'a>,
    pub(crate) words: &'c TimeWords,
    pub(crate) numbers: &'c [Number],
    /// The day of publication.
    pub(crate) published: Option<Date>,
}

/// The times of a sentence, in order; none overlaps another.
pub(crate) fn find(
    sentence: Sentence<'_>,
    words: &TimeWords,
    numbers: &[Number],
    published: Option<Date>,
) -> Vec<Time> {
    let context = TimeContext { sentence, words, numbers, published };
    let mut times = Vec::new();
    let mut at = 0;
    let mut number = 0;
    while at < sentence.len() {
        while numbers.get(number).is_some_and(|candidate| candidate.tokens.start < at) {
            number += 1;
        }
        let here = numbers.get(number).filter(|candidate| candidate.tokens.start == at);
        match context.time_at(at, here) {
            Some(time) if time.tokens.end > at => {
                at = time.tokens.end;
                times.push(time);
            }
            _ => at += 1,
        }
    }
    times
}

impl TimeContext<'_, '_> {
    fn time_at(&self, at: usize, number: Option<&Number>) -> Option<Time> {
        dates::clock(self, at)
            .or_else(|| dates::date(self, at))
            .or_else(|| self.relative(at))
            .or_else(|| self.quarter(at))
            .or_else(|| number.and_then(|number| self.counted(number)))
            .or_else(|| self.with_article(at))
            .or_else(|| self.every(at))
            .or_else(|| self.word(at))
            .or_else(|| dates::year(self, at))
    }

    pub(crate) fn time(tokens: Range<usize>, kind: TimeKind, value: Option<String>) -> Time {
        Time { tokens, kind, value, counts: false }
    }

    /// Which weekday is meant at a token where nothing more is said: the next one in a clause about what is to come.
    pub(crate) fn reach(&self, at: usize) -> Reach {
        let clause =
            (1..=10).map(|back| self.sentence.word_before(at, back)).take_while(|word| !matches!(*word, ";" | "said"));
        let is_future = clause.into_iter().any(|word| matches!(word, "will" | "shall" | "scheduled" | "until" | "due"));
        if is_future { Reach::Future } else { Reach::Past }
    }

    fn shifted(&self, unit: TimeUnit, count: i64) -> Option<String> {
        self.published.and_then(|day| calendar::shifted(day, unit, count))
    }

    /// "last week", "this morning", "the past two days", "earlier this year".
    fn relative(&self, first: usize) -> Option<Time> {
        let sentence = self.sentence;
        let mut at = first;
        if matches!(sentence.word(at), "earlier" | "later" | "early" | "late") {
            at += 1;
        }
        if sentence.word(at) == "the" {
            at += 1;
        }
        let has_article = at > 0 && sentence.word(at - 1) == "the" && at > first;
        let which = match sentence.word(at) {
            "last" | "previous" => -1,
            "this" | "current" => 0,
            "next" | "following" | "coming" => 1,
            "past" | "first" | "final" => {
                return self.stretch(first, at + 1);
            }
            _ => return None,
        };
        let target = self.words.get(&sentence, at + 1);
        let tokens = first..at + 2;
        let reach = match which {
            -1 => Reach::Past,
            1 => Reach::Future,
            _ => Reach::Nearest,
        };
        match target {
            Some(TimeWord::Unit(unit))
                if sentence.word(at + 1).ends_with('s') && !matches!(unit, TimeUnit::Century) =>
            {
                Some(Self::time(tokens, TimeKind::Duration, Some(unit.duration(None))))
            }
            Some(TimeWord::Unit(unit)) if !matches!(unit, TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour) => {
                if has_article && which != 0 && matches!(sentence.word(at), "last" | "next") {
                    return Some(Self::time(tokens, TimeKind::Duration, Some(unit.duration(Some(1.0)))));
                }
                Some(Self::time(tokens, TimeKind::Date, self.shifted(unit, which)))
            }
            Some(TimeWord::Part(part)) => {
                let day = self.shifted(TimeUnit::Day, if part == "NI" && which == -1 { -1 } else { which });
                Some(Self::time(tokens, TimeKind::Time, day.map(|day| format!("{day}T{part}"))))
            }
            Some(TimeWord::Season(season)) => {
                let value = self.published.and_then(|day| calendar::year(i64::from(day.year()) + which));
                Some(Self::time(tokens, TimeKind::Date, value.map(|year| format!("{year}-{season}"))))
            }
            Some(TimeWord::Weekday(weekday)) => dates::weekday(self, first, at + 1, weekday, reach),
            Some(TimeWord::Month(_)) => dates::month(self, first, at + 1, Some(reach)),
            _ => self.stretch(first, at + 1),
        }
    }

    /// What follows "the past", "the last", "the next": a number and a unit, or a unit.
    fn stretch(&self, first: usize, at: usize) -> Option<Time> {
        if let Some(number) = self.numbers.iter().find(|number| number.tokens.start == at) {
            let mut time = self.counted(number).filter(|time| time.kind == TimeKind::Duration)?;
            time.tokens.start = first;
            return Some(time);
        }
        let is_vague = matches!(self.sentence.word(at), "few" | "several" | "couple");
        let unit_at = if is_vague { at + 1 } else { at };
        let unit = self.words.unit(&self.sentence, unit_at)?;
        if matches!(self.sentence.word_before(at, 1), "first" | "final") && !is_vague {
            return None;
        }
        let is_plural = self.sentence.word(unit_at).ends_with('s');
        let value = unit.duration((!is_plural).then_some(1.0));
        Some(Self::time(first..unit_at + 1, TimeKind::Duration, Some(value)))
    }

    /// "the third quarter of 1998", "fourth-quarter".
    fn quarter(&self, first: usize) -> Option<Time> {
        let sentence = self.sentence;
        let mut at = if sentence.word(first) == "the" { first + 1 } else { first };
        if sentence.word(at) == "fiscal" {
            at += 1;
        }
        let which = match sentence.word(at) {
            "first" => 1,
            "second" => 2,
            "third" => 3,
            "fourth" | "final" => 4,
            _ => return None,
        };
        at += 1;
        if sentence.is_hyphen(at) || sentence.word(at) == "fiscal" {
            at += 1;
        }
        if sentence.word(at) != "quarter" {
            return None;
        }
        let mut end = at + 1;
        let mut year = None;
        let of = if sentence.word(end) == "of" { end + 1 } else { end };
        if let Some(stated) = dates::year_in(&sentence, of) {
            year = Some(stated);
            end = of + 1;
        }
        let value = match (self.published, year) {
            (_, Some(year)) => Some(format!("{year:04}-Q{which}")),
            (Some(day), None) => Some(calendar::quarter_of(day, which)),
            (None, None) => None,
        };
        Some(Self::time(first..end, TimeKind::Date, value))
    }

    /// A number and a unit of time: "two years", "two years ago", "10-year".
    fn counted(&self, number: &Number) -> Option<Time> {
        if matches!(number.form, Form::Rank | Form::Ratio | Form::Score) {
            return None;
        }
        let sentence = self.sentence;
        let mut at = number.tokens.end;
        if sentence.is_hyphen(at) || matches!(sentence.word(at), "of" | "more" | "full" | "straight" | "consecutive") {
            at += 1;
        }
        let unit = self.words.unit(&sentence, at)?;
        let is_ordinary = !matches!(unit, TimeUnit::Weekend | TimeUnit::Quarter);
        let old = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
        if !is_ordinary || matches!(sentence.word(old), "old" | "olds") {
            return None;
        }
        let count = (number.low.to_bits() == number.high.to_bits()).then_some(number.low);
        let mut time = self.distance(number.tokens.start, at + 1, unit, count);
        time.counts = true;
        Some(time)
    }

    /// "a year", "an hour ago", "several months", "decades".
    fn with_article(&self, first: usize) -> Option<Time> {
        let sentence = self.sentence;
        let unit_at = if matches!(sentence.word(first), "a" | "an" | "several" | "few" | "many" | "recent") {
            first + 1
        } else {
            first
        };
        let unit = self.words.unit(&sentence, unit_at)?;
        let is_plural = sentence.word(unit_at).ends_with('s') && unit != TimeUnit::Second;
        if matches!(unit, TimeUnit::Second | TimeUnit::Quarter | TimeUnit::Weekend) || (unit_at == first && !is_plural)
        {
            return None;
        }
        if unit_at > first && matches!(sentence.word(first), "a" | "an") {
            // "$5 a day" and "three times a week" are rates.
            let before = sentence.word_before(first, 1);
            if is_plural || before.ends_with('s') || before == "%" || sentence.is_digits(first.wrapping_sub(1)) {
                return None;
            }
        }
        let count = (!is_plural).then_some(1.0);
        Some(self.distance(first, unit_at + 1, unit, count))
    }

    /// A duration, or the day that far away where "ago", "earlier" or "later" follows.
    fn distance(&self, first: usize, end: usize, unit: TimeUnit, count: Option<f64>) -> Time {
        let sentence = self.sentence;
        let sign = match sentence.word(end) {
            "ago" | "earlier" | "before" => -1.0,
            "later" | "hence" => 1.0,
            "from" if sentence.word(end + 1) == "now" => 1.0,
            "-" if sentence.word(end + 1) == "ago" || sentence.word(end + 1) == "earlier" => -1.0,
            _ => return Self::time(first..end, TimeKind::Duration, Some(unit.duration(count))),
        };
        let end = if matches!(sentence.word(end), "from" | "-") { end + 2 } else { end + 1 };
        let value =
            count.filter(|count| count.fract() == 0.0).and_then(|count| self.shifted(unit, (sign * count) as i64));
        Self::time(first..end, TimeKind::Date, value)
    }

    /// "every day", "each Friday".
    fn every(&self, first: usize) -> Option<Time> {
        if !matches!(self.sentence.word(first), "every" | "each") {
            return None;
        }
        let value = match self.words.get(&self.sentence, first + 1)? {
            TimeWord::Unit(unit) => unit.duration(Some(1.0)),
            TimeWord::Weekday(weekday) => format!("XXXX-WXX-{weekday}"),
            TimeWord::Part(part) => format!("XXXX-XX-XXT{part}"),
            _ => return None,
        };
        Some(Self::time(first..first + 2, TimeKind::Set, Some(value)))
    }

    /// Words that are times by themselves.
    fn word(&self, at: usize) -> Option<Time> {
        let one = |kind, value| Some(Self::time(at..at + 1, kind, value));
        match self.words.get(&self.sentence, at)? {
            TimeWord::Day(count) => one(TimeKind::Date, self.shifted(TimeUnit::Day, count)),
            TimeWord::Tonight => one(TimeKind::Time, self.shifted(TimeUnit::Day, 0).map(|day| format!("{day}TNI"))),
            // The night before the day of publication, if it says so in the past; which one is not certain.
            TimeWord::Overnight => one(TimeKind::Time, None),
            TimeWord::Reference(value) => one(TimeKind::Date, Some(value.to_owned())),
            TimeWord::Set(value) => one(TimeKind::Set, Some(value.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords};

    /// The times of a text of Thursday, 7 March 2024.
    pub(crate) fn read(text: &str) -> Vec<(String, Option<String>)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let numbers = NumberWords::load().find(&sentence, Separators::CommaThousands);
        find(sentence, &TimeWords::load(), &numbers, Some(date(2024, 3, 7)))
            .into_iter()
            .map(|time| (sentence.slice(&time.tokens).to_owned(), time.value))
            .collect()
    }

    #[track_caller]
    fn one(text: &str, written: &str, value: &str) {
        assert_eq!(read(text), [(written.to_owned(), Some(value.to_owned()))], "{text}");
    }

    #[test]
    fn relative_times() {
        one("It rained last week.", "last week", "2024-W09");
        one("It rained yesterday.", "yesterday", "2024-03-06");
        one("It rained for the past two days.", "the past two days", "P2D");
        one("It rained earlier this year.", "earlier this year", "2024");
        one("It rained two years ago.", "two years ago", "2022");
        one("It rained a year earlier.", "a year earlier", "2023");
        one("It rained last night.", "last night", "2024-03-06TNI");
    }

    #[test]
    fn dates() {
        one("It rained on Friday.", "Friday", "2024-03-01");
        one("It will rain on Friday.", "Friday", "2024-03-08");
        one("It rained on July 7, 2019.", "July 7, 2019", "2019-07-07");
        one("It rained on 7 July 2019.", "7 July 2019", "2019-07-07");
        one("It rained on Dec. 7.", "Dec. 7", "2023-12-07");
        one("It rained in January.", "January", "2024-01");
        one("It rained in 2019.", "2019", "2019");
        one("It rained in the 1990s.", "1990s", "199X");
        one("It rained at 10:35 a.m.", "10:35 a.m.", "2024-03-07T10:35");
        one("It rained in the third quarter of 2019.", "the third quarter of 2019", "2019-Q3");
    }

    #[test]
    fn durations_and_sets() {
        one("a three-year drought", "three-year", "P3Y");
        one("It rained for several months.", "several months", "PXM");
        one("It rains every day.", "every day", "P1D");
        assert_eq!(read("a 30-year-old farmer"), []);
        assert_eq!(read("it costs 5 dollars a day"), []);
    }

    #[test]
    fn words_that_are_no_months() {
        assert_eq!(read("they may march on"), []);
        assert_eq!(read("May Chen sang"), []);
    }
}
