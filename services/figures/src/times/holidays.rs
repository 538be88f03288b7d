//! Holidays by name: "Thanksgiving", "Easter Monday", "last Christmas".

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{
    Grain, Time, TimeContext,
    calendar::{self, Reach, TimeUnit},
    dates::year_after,
    tense,
};
use crate::{
    phrases::{Phrases, rows},
    sentence::Sentence,
};

/// How a holiday's day is found in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Fixed {
        month: i8,
        day: i8,
    },
    /// The nth weekday of a month, and so many days later.
    Weekday {
        month: i8,
        weekday: i8,
        nth: i8,
        later: i64,
    },
    Easter(i64),
    /// By a calendar that is not computed here.
    Unknown,
}

struct Holiday {
    rule: Rule,
    /// Whether only a capital tells the name from other words: "good Friday".
    needs_capital: bool,
}

/// The holidays by their names.
pub(crate) struct Holidays {
    names: Phrases<Holiday>,
}

impl Holidays {
    pub(crate) fn load() -> Self {
        let mut names = Phrases::new();
        for row in rows(include_str!("../../data/holidays.tsv"), '\t') {
            if let [name, day, rest @ ..] = &row[..] {
                let rule = Rule::parse(day).unwrap_or(Rule::Unknown);
                names.add(name, Holiday { rule, needs_capital: !rest.is_empty() });
            }
        }
        Self { names }
    }

    /// Whether a holiday's name can begin with a word.
    pub(crate) fn begins(&self, word: &str) -> bool {
        self.names.begins(word)
    }
}

impl Rule {
    /// From its letters in the data file.
    fn parse(text: &str) -> Option<Self> {
        if let Some(days) = text.strip_prefix("easter") {
            return days.parse().ok().map(Self::Easter);
        }
        let (month, day) = text.split_once('-')?;
        let month = month.parse().ok()?;
        let Some((weekday, nth)) = day.split_once('#') else {
            return Some(Self::Fixed { month, day: day.parse().ok()? });
        };
        let (nth, later) = nth.split_once('+').unwrap_or((nth, "0"));
        let weekday = weekday.parse().ok()?;
        Some(Self::Weekday { month, weekday, nth: nth.parse().ok()?, later: later.parse().ok()? })
    }

    /// The day in a year.
    fn day(self, year: i64) -> Option<Date> {
        match self {
            Self::Fixed { month, day } => calendar::date(year, month, day),
            Self::Weekday { month, weekday, nth, later } => {
                let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
                let day = calendar::date(year, month, 1)?.nth_weekday_of_month(nth, weekday).ok()?;
                day.checked_add(later.days()).ok()
            }
            Self::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
            Self::Unknown => None,
        }
    }
}

/// Easter Sunday in the Gregorian calendar, as computed by the anonymous algorithm (Meeus, Astronomical Algorithms, 8).
fn easter(year: i64) -> Option<Date> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let correction = (golden + 11 * moon + 22 * to_sunday) / 451;
    let days = moon + to_sunday - 7 * correction + 114;
    calendar::date(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?)
}

/// A holiday, with a year behind it if there is one; the tense tells which is meant if not.
pub(crate) fn holiday(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let (end, holiday) = named(context, first)?;
    if let Some((year, end)) = year_after(&context.sentence, end) {
        return Some(time(first, end, holiday.rule.day(year)));
    }
    let relative = relative_year(&context.sentence, end);
    if let (Some((years, end)), Some(published)) = (relative, context.published) {
        return Some(time(first, end, holiday.rule.day(i64::from(published.year()) + years)));
    }
    let is_one_word = end == first + 1;
    if is_one_word && !is_time(&context.sentence, first) {
        return None;
    }
    let reach = tense::reach(context, first);
    let day = context.published.and_then(|published| nearest(holiday.rule, published, reach));
    Some(with_week(context, time(first, end, day)))
}

/// "last Thanksgiving", "this Easter": a pointer at `first`, the holiday at `at`.
pub(crate) fn pointed(context: &TimeContext<'_, '_>, first: usize, at: usize, years: i64) -> Option<Time> {
    let (end, holiday) = named(context, at)?;
    let day = context.published.and_then(|published| match years {
        -1 => nearest(holiday.rule, published, Reach::Past),
        1 => nearest(holiday.rule, published, Reach::Future),
        _ => holiday.rule.day(i64::from(published.year())),
    });
    Some(with_week(context, time(first, end, day)))
}

fn named<'c>(context: &'c TimeContext<'_, '_>, first: usize) -> Option<(usize, &'c Holiday)> {
    let sentence = &context.sentence;
    let (length, holiday) = context.words.holidays.names.longest(|at| sentence.word(first + at))?;
    (!holiday.needs_capital || sentence.is_capitalized(first)).then_some((first + length, holiday))
}

fn time(first: usize, end: usize, day: Option<Date>) -> Time {
    Time::date(first..end, Grain::Day, day.map(|day| day.to_string()))
}

/// "Easter week", "Thanksgiving weekend"
fn with_week(context: &TimeContext<'_, '_>, time: Time) -> Time {
    let end = time.tokens.end;
    let unit = context.words.unit(&context.sentence, end);
    if !matches!(unit, Some(TimeUnit::Week | TimeUnit::Weekend)) {
        return time;
    }
    let week = time.value.as_deref().and_then(|value| value.parse().ok()).map(calendar::week);
    let value = if unit == Some(TimeUnit::Weekend) { week.map(|week| format!("{week}-WE")) } else { week };
    Time::date(time.tokens.start..end + 1, Grain::Week, value)
}

/// "of this year", "next year" behind a holiday.
fn relative_year(sentence: &Sentence<'_>, end: usize) -> Option<(i64, usize)> {
    let at = if sentence.word(end) == "of" { end + 1 } else { end };
    let years = match sentence.word(at) {
        "last" => -1,
        "this" => 0,
        "next" => 1,
        _ => return None,
    };
    (sentence.word(at + 1) == "year").then_some((years, at + 2))
}

/// A name of one word is also that of other things: "Christmas trees", "Easter Island".
fn is_time(sentence: &Sentence<'_>, at: usize) -> bool {
    let leads = matches!(
        sentence.word_before(at, 1),
        "at" | "on"
            | "by"
            | "before"
            | "after"
            | "since"
            | "until"
            | "till"
            | "over"
            | "during"
            | "for"
            | "of"
            | "from"
            | "to"
            | "this"
            | "as"
    );
    let ends = !sentence.is_word(at + 1)
        || matches!(
            sentence.word(at + 1),
            "and"
                | "or"
                | "when"
                | "as"
                | "is"
                | "was"
                | "week"
                | "weekend"
                | "in"
                | "to"
                | "after"
                | "because"
                | "with"
                | "but"
        );
    ends || leads && !sentence.is_capitalized(at + 1) && !sentence.word(at + 1).ends_with('s')
}

/// The holiday's day next to another.
fn nearest(rule: Rule, day: Date, reach: Reach) -> Option<Date> {
    let year = i64::from(day.year());
    let own = rule.day(year)?;
    match reach {
        Reach::Past if own > day => rule.day(year - 1),
        Reach::Future if own < day => rule.day(year + 1),
        _ => Some(own),
    }
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn holidays() {
        one("It snowed on Christmas Day.", "Christmas Day", "2023-12-25");
        one("It will snow at Christmas.", "Christmas", "2024-12-25");
        one("They met on Thanksgiving.", "Thanksgiving", "2023-11-23");
        one("They met on Good Friday 2019.", "Good Friday 2019", "2019-04-19");
        one("They met last Memorial Day.", "last Memorial Day", "2023-05-29");
        one("They voted on Election Day.", "Election Day", "2023-11-07");
        one("They met in Easter week.", "Easter week", "2023-W14");
        assert_eq!(read("They fasted in Ramadan."), [("Ramadan".to_owned(), None)]);
        assert_eq!(read("Christmas trees grow on Easter Island."), []);
    }
}
