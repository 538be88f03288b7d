//! Dates of the calendar, years, and the clock.

use jiff::civil::Date;
use tallywire_proto::TimeKind;

use crate::{
    calendar::{self, Reach},
    sentence::Sentence,
    time_words::TimeWord,
    times::{Time, TimeContext},
};

/// The year that a token is: four digits, from 1000 to 2199.
pub(crate) fn year_in(sentence: &Sentence<'_>, at: usize) -> Option<i64> {
    let digits = sentence.raw(at);
    let is_whole = !(sentence.touches_next(at) && sentence.is_word(at + 1));
    if digits.len() != 4 || !is_whole {
        return None;
    }
    digits.parse().ok().filter(|year| (1000..2200).contains(year))
}

/// The day of the month that a token is, and one past its last token: "7", "7th".
fn day_in(sentence: &Sentence<'_>, at: usize) -> Option<(i8, usize)> {
    let day: i8 = sentence.raw(at).parse().ok()?;
    if !(1..=31).contains(&day) || !sentence.is_digits(at) {
        return None;
    }
    let has_ending = sentence.touches_next(at) && matches!(sentence.word(at + 1), "st" | "nd" | "rd" | "th");
    let is_percent = matches!(sentence.raw(at + 1), "%" | "per" | "percent");
    (!is_percent).then_some((day, if has_ending { at + 2 } else { at + 1 }))
}

/// A weekday, a month with or without a day and a year, or a date in digits.
pub(crate) fn date(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    // "late November", "mid-2019", "fiscal 2019"
    if matches!(sentence.word(first), "early" | "late" | "mid" | "fiscal") {
        let at = if sentence.is_hyphen(first + 1) { first + 2 } else { first + 1 };
        let is_month = context.words.month(sentence, at).is_some();
        let found = if is_month { month(context, first, at, None) } else { year(context, at) };
        return found.map(|time| Time { tokens: first..time.tokens.end, ..time });
    }
    if let Some(weekday_number) = context.words.weekday(sentence, first) {
        return weekday(context, first, first, weekday_number, context.reach(first));
    }
    if context.words.month(sentence, first).is_some() {
        return month(context, first, first, None);
    }
    if !sentence.is_digits(first) {
        return None;
    }
    in_digits(sentence, first).or_else(|| day_first(context, first))
}

/// "7 July 2019"
fn day_first(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let (mut day, mut at) = day_in(sentence, first)?;
    // "26-28 July": the whole stands for its last day.
    if (sentence.is_dash(at) || matches!(sentence.word(at), "and" | "to"))
        && let Some((last, end)) = day_in(sentence, at + 1)
        && context.words.month(sentence, end).is_some()
    {
        (day, at) = (last, end);
    }
    if sentence.word(at) == "of" {
        at += 1;
    }
    let month = context.words.month(sentence, at)?;
    let year_at = if sentence.raw(at + 1) == "," { at + 2 } else { at + 1 };
    let year = year_in(sentence, year_at);
    let end = if year.is_some() { year_at + 1 } else { at + 1 };
    Some(TimeContext::time(first..end, TimeKind::Date, resolve(context, month, Some(day), year, None)))
}

/// "2019-07-31"; "7/31/2019" as in the United States, if it can be no other way.
fn in_digits(sentence: &Sentence<'_>, first: usize) -> Option<Time> {
    let is_glued = (first..first + 4).all(|at| sentence.touches_next(at));
    let separator = sentence.raw(first + 1);
    if !is_glued || sentence.raw(first + 3) != separator || !matches!(separator, "-" | "/") {
        return None;
    }
    let part = |at: usize| sentence.raw(first + at).parse::<i16>().ok();
    let (one, two, three) = (part(0)?, part(2)?, part(4)?);
    let small = |value: i16| i8::try_from(value).ok();
    let day = if one > 999 {
        Date::new(one, small(two)?, small(three)?).ok()
    } else if three > 999 && two > 12 {
        Date::new(three, small(one)?, small(two)?).ok()
    } else if three > 999 && one > 12 {
        Date::new(three, small(two)?, small(one)?).ok()
    } else {
        None
    };
    let is_date = day.is_some() || three > 999;
    is_date.then(|| TimeContext::time(first..first + 5, TimeKind::Date, day.map(|day| day.to_string())))
}

/// A weekday at `at`, with a part of the day or a date behind it.
pub(crate) fn weekday(
    context: &TimeContext<'_, '_>,
    first: usize,
    at: usize,
    number: i8,
    reach: Reach,
) -> Option<Time> {
    let sentence = &context.sentence;
    let comma = if sentence.raw(at + 1) == "," { at + 2 } else { at + 1 };
    if context.words.month(sentence, comma).is_some() && day_in(sentence, comma + 1).is_some() {
        return month(context, first, comma, None);
    }
    // "last Friday" on a Friday is a week ago; "Friday" is today.
    let day = context.published.and_then(|day| {
        let from = if reach == Reach::Past && at > first { day.yesterday().ok()? } else { day };
        calendar::weekday(from, number, reach)
    });
    match context.words.get(sentence, at + 1) {
        Some(TimeWord::Part(part)) => {
            let value = day.map(|day| format!("{day}T{part}"));
            Some(TimeContext::time(first..at + 2, TimeKind::Time, value))
        }
        _ => Some(TimeContext::time(first..at + 1, TimeKind::Date, day.map(|day| day.to_string()))),
    }
}

/// A month at `at`, with a day and a year behind it.
pub(crate) fn month(context: &TimeContext<'_, '_>, first: usize, at: usize, reach: Option<Reach>) -> Option<Time> {
    let sentence = &context.sentence;
    let month = context.words.month(sentence, at)?;
    let (day, mut end) = match day_in(sentence, at + 1) {
        Some((day, end)) => (Some(day), end),
        None => (None, at + 1),
    };
    let year_at = if matches!(sentence.word(end), "," | "of") { end + 1 } else { end };
    let year = year_in(sentence, year_at);
    if year.is_some() {
        end = year_at + 1;
    }
    let is_bare = day.is_none() && year.is_none() && reach.is_none();
    if is_bare && is_other_word(sentence, at) {
        return None;
    }
    Some(TimeContext::time(first..end, TimeKind::Date, resolve(context, month, day, year, reach)))
}

/// "May", "March", "April" and "June" are also names and verbs: they are months behind a word that leads to a time.
fn is_other_word(sentence: &Sentence<'_>, at: usize) -> bool {
    let leads = matches!(
        sentence.word_before(at, 1),
        "in" | "since"
            | "by"
            | "until"
            | "till"
            | "from"
            | "of"
            | "to"
            | "early"
            | "late"
            | "mid"
            | "-"
            | "during"
            | "and"
            | "between"
            | "through"
            | "before"
            | "after"
            | "for"
            | "or"
    );
    let is_ambiguous =
        matches!(sentence.word(at), "may" | "march" | "april" | "june" | "august" | "mar" | "dec" | "apr");
    (is_ambiguous && !leads) || (!leads && sentence.is_capitalized(at + 1) && at > 0 && sentence.is_capitalized(at - 1))
}

fn resolve(
    context: &TimeContext<'_, '_>,
    month: i8,
    day: Option<i8>,
    year: Option<i64>,
    reach: Option<Reach>,
) -> Option<String> {
    let start = match year {
        Some(year) => Date::new(i16::try_from(year).ok()?, month, 1).ok()?,
        None => calendar::month_of(context.published?, month, reach.unwrap_or(Reach::Nearest))?,
    };
    match day {
        Some(day) => Date::new(start.year(), month, day).ok().map(|day| day.to_string()),
        None => Some(calendar::month(start)),
    }
}

/// "2019", "1990s": years that stand alone.
pub(crate) fn year(context: &TimeContext<'_, '_>, at: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if !sentence.is_digits(at) {
        return None;
    }
    let digits = sentence.raw(at);
    if sentence.touches_next(at)
        && sentence.word(at + 1) == "s"
        && matches!(digits.len(), 2 | 4)
        && digits.ends_with('0')
    {
        let decade = digits.get(..3).map(|three| format!("{three}X"));
        return Some(TimeContext::time(at..at + 2, TimeKind::Date, decade));
    }
    let year = year_in(sentence, at)?;
    let before = sentence.word_before(at, 1);
    let leads = matches!(
        before,
        "in" | "since"
            | "by"
            | "until"
            | "till"
            | "from"
            | "of"
            | "to"
            | "early"
            | "late"
            | "during"
            | "fiscal"
            | "year"
            | "before"
            | "after"
            | "and"
            | "between"
            | "through"
            | "the"
    );
    let is_recent = (1850..=2060).contains(&year);
    let is_joined = sentence.touches_previous(at) && !matches!(before, "(" | "-" | "–" | "'" | "’" | "\"" | "“" | "/");
    let is_amount =
        matches!(before, "$" | "£" | "€" | "about" | "than" | "least" | "some" | "nearly" | "almost" | "over");
    let has_unit = sentence.touches_next(at) && matches!(sentence.raw(at + 1), "%" | "-" | "/") && !leads;
    let plain = !is_joined && !is_amount && !has_unit && (is_recent || (leads && year >= 1400));
    plain.then(|| TimeContext::time(at..at + 1, TimeKind::Date, calendar::year(year)))
}

/// "10:35 a.m.", "5 p.m. Tuesday", "noon".
pub(crate) fn clock(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if let Some(TimeWord::Clock(time)) = context.words.get(sentence, first) {
        let value = context.published.map(|day| format!("{day}T{time}"));
        return Some(TimeContext::time(first..first + 1, TimeKind::Time, value));
    }
    if !sentence.is_digits(first) || sentence.touches_previous(first) && sentence.raw(first - 1) == ":" {
        return None;
    }
    let is_zone = matches!(sentence.raw(first + 1), "GMT" | "UTC");
    if is_zone
        && let Some((hours, minutes)) = sentence.raw(first).split_at_checked(2).filter(|(_, rest)| rest.len() == 2)
    {
        let value = context.published.map(|day| format!("{day}T{hours}:{minutes}"));
        return Some(TimeContext::time(first..first + 2, TimeKind::Time, value));
    }
    // "10.35pm" is written in Britain.
    let (hour, minute) = sentence.raw(first).split_once('.').unwrap_or((sentence.raw(first), ""));
    let mut hour: u8 = hour.parse().ok()?;
    let mut minute: u8 = if minute.len() == 2 { minute.parse().ok()? } else { 0 };
    let mut end = first + 1;
    let has_minutes = sentence.raw(end) == ":"
        && sentence.touches_next(first)
        && sentence.touches_next(end)
        && sentence.raw(end + 1).len() == 2;
    if has_minutes {
        minute = sentence.raw(end + 1).parse().ok()?;
        end += 2;
    }
    match sentence.word(end) {
        "a.m." | "am" | "a.m" if hour <= 12 => hour %= 12,
        "p.m." | "pm" | "p.m" if hour <= 12 => hour = hour % 12 + 12,
        _ if has_minutes && hour < 24 && minute < 60 => end -= 1,
        _ => return None,
    }
    end += 1;
    if matches!(
        sentence.raw(end),
        "GMT" | "UTC" | "EST" | "EDT" | "CET" | "BST" | "PST" | "PDT" | "ET" | "PT" | "IST" | "AEST"
    ) {
        end += 1;
    }
    let mut day = context.published;
    let day_at = if sentence.word(end) == "on" { end + 1 } else { end };
    if let Some(weekday) = context.words.weekday(sentence, day_at) {
        day = day.and_then(|day| calendar::weekday(day, weekday, context.reach(day_at)));
        end = day_at + 1;
    }
    let value = day.map(|day| format!("{day}T{hour:02}:{minute:02}"));
    Some(TimeContext::time(first..end, TimeKind::Time, value))
}
