//! Two times that are one: "5 p.m." and "Tuesday", "June" and "last year", "this year’s" and "third quarter".

use jiff::civil::ISOWeekDate;
use tallywire_proto::TimeKind;

use super::{
    Grain, Time, TimeContext,
    calendar::{self, TimeUnit},
};

/// So many tokens behind "next week" a weekday is one of it.
const NEAR_WEEK: usize = 5;

/// The time that two neighbours make together, if they do.
pub(crate) fn joined(context: &TimeContext<'_, '_>, one: &Time, two: &Time) -> Option<Time> {
    if two.tokens.start.saturating_sub(one.tokens.end) > 2 || one.counts || two.counts {
        return None;
    }
    let tokens = one.tokens.start..two.tokens.end;
    let sentence = &context.sentence;
    let gap = one.tokens.end..two.tokens.start;
    let between = (sentence.word(gap.start), if gap.len() > 1 { sentence.word(gap.start + 1) } else { "" });
    let between = if gap.is_empty() { ("", "") } else { between };
    let value = match (one.grain, two.grain) {
        // "5 p.m. Tuesday", "noon on Nov. 6", "5 p.m. EST, Nov. 6"
        (Grain::Clock, Grain::Day) if one.is_open && matches!(between, ("" | "on" | ",", "") | (",", "on")) => {
            behind(one.value.as_deref(), 'T').zip(two.value.as_deref()).map(|(time, day)| format!("{day}T{time}"))
        }
        // "10pm tonight", "7, this morning"
        (Grain::Clock, Grain::Part) if one.is_open && matches!(between, ("" | "on" | "in" | ",", "")) => {
            behind(one.value.as_deref(), 'T')
                .zip(two.value.as_deref().and_then(|value| value.split_once('T')))
                .map(|(time, (day, part))| format!("{day}T{}", in_half(time, part)))
        }
        // "Tuesday at 5 p.m.", "tomorrow around 8:00", "tomorrow morning at 7"
        (Grain::Day | Grain::Part, Grain::Clock)
            if two.is_open
                && matches!(
                    between,
                    ("" | "at" | "around" | "for" | "," | "-" | "t", "") | ("at" | ",", "about" | "at")
                ) =>
        {
            day_of(one.value.as_deref())
                .zip(behind(two.value.as_deref(), 'T'))
                .map(|(day, time)| format!("{day}T{time}"))
        }
        // "tomorrow morning", "Friday mid-afternoon"
        (Grain::Day, Grain::Part) if two.is_open && between == ("", "") => day_of(one.value.as_deref())
            .zip(behind(two.value.as_deref(), 'T'))
            .map(|(day, part)| format!("{day}T{part}")),
        // "mid-afternoon yesterday"
        (Grain::Part, Grain::Day) if one.is_open && matches!(between, ("" | "on", "")) => day_of(two.value.as_deref())
            .zip(behind(one.value.as_deref(), 'T'))
            .map(|(day, part)| format!("{day}T{part}")),
        // "June last year", "May 4 of this year", "the third quarter this year", "summer next year"
        (Grain::Month | Grain::Day | Grain::Quarter | Grain::Season, Grain::Year)
            if one.is_open && is_pointer(context, two) && matches!(between, ("" | "of" | "in" | ",", "")) =>
        {
            in_year(one.value.as_deref(), two.value.as_deref())
        }
        // "the quarter a year ago"
        (Grain::Quarter, Grain::Other) if one.is_open && between == ("", "") && is_year_ago(context, two) => {
            let year = context.shifted(TimeUnit::Year, -1);
            in_year(one.value.as_deref(), year.as_deref())
        }
        // "this year’s third quarter", "the 1988 second quarter", "2016 November"
        (Grain::Year, Grain::Quarter | Grain::Month | Grain::Season)
            if two.is_open && matches!(between, ("" | "'s" | "’s", "")) =>
        {
            in_year(two.value.as_deref(), one.value.as_deref())
        }
        // "Friday of next week", "next week on Friday"
        (Grain::Day, Grain::Week) if one.is_open && matches!(between, ("" | "of", "")) => {
            in_week(one.value.as_deref(), two.value.as_deref())
        }
        (Grain::Week, Grain::Day) if two.is_open && matches!(between, ("" | "on", "")) && is_pointer(context, one) => {
            in_week(two.value.as_deref(), one.value.as_deref())
        }
        // "every morning at 9 a.m.", "5 p.m. on Sundays"
        (_, Grain::Clock) if one.kind == TimeKind::Set && matches!(between, ("" | "at", "")) => {
            at_clock(one.value.as_deref(), two.value.as_deref())
        }
        (Grain::Clock, _) if two.kind == TimeKind::Set && matches!(between, ("" | "on", "")) => {
            at_clock(two.value.as_deref(), one.value.as_deref())
        }
        _ => return None,
    };
    let (kind, grain) = match (one.grain, two.grain) {
        _ if one.kind == TimeKind::Set || two.kind == TimeKind::Set => (TimeKind::Set, Grain::Other),
        (Grain::Week, _) => (TimeKind::Date, Grain::Day),
        (Grain::Clock, _) | (_, Grain::Clock) => (TimeKind::Time, Grain::Clock),
        (Grain::Part, _) | (_, Grain::Part) => (TimeKind::Time, Grain::Part),
        (Grain::Year, _) => (TimeKind::Date, two.grain),
        _ => (TimeKind::Date, one.grain),
    };
    // "the 1988 second quarter": the article is the quarter's.
    let has_article = one.grain == Grain::Year && sentence.word_before(tokens.start, 1) == "the";
    let start = if has_article { tokens.start - 1 } else { tokens.start };
    Some(Time::new(start..tokens.end, kind, grain, value))
}

/// "between Jan. 1 and April 5": the second end is not before the first.
pub(crate) fn in_order(context: &TimeContext<'_, '_>, before: &[Time], day: Time) -> Time {
    let Some(first) = before.last().filter(|first| first.grain == Grain::Day && day.grain == Grain::Day && day.is_open)
    else {
        return day;
    };
    let joins = matches!(context.sentence.word(first.tokens.end), "to" | "until" | "till" | "through")
        || context.sentence.word_before(first.tokens.start, 1) == "between";
    let parse = |time: &Time| time.value.as_deref().and_then(calendar::first_day);
    let (Some(one), Some(two)) = (parse(first), parse(&day)) else { return day };
    let is_next = day.tokens.start == first.tokens.end + 1 && joins && day.tokens.len() > 1;
    if two >= one || !is_next {
        return day;
    }
    let later = calendar::date(i64::from(two.year()) + 1, two.month(), two.day());
    Time { value: later.map(|day| day.to_string()), ..day }
}

/// "next week, on Wednesday and Friday": weekdays close behind a week are that week's.
pub(crate) fn in_named_week(context: &TimeContext<'_, '_>, before: &[Time], day: Time) -> Time {
    let is_weekday = day.grain == Grain::Day && day.is_open && day.tokens.len() == 1;
    let week = before.iter().rev().take(3).find(|time| time.grain == Grain::Week && is_pointer(context, time));
    let close = |week: &&Time| day.tokens.start - week.tokens.end.min(day.tokens.start) <= NEAR_WEEK;
    let Some(week) = week.filter(close).filter(|_| is_weekday) else { return day };
    let value = in_week(day.value.as_deref(), week.value.as_deref());
    Time { value: value.or(day.value), ..day }
}

/// "last year", "this year", but no year in digits: it is no more than a list's next item.
fn is_pointer(context: &TimeContext<'_, '_>, time: &Time) -> bool {
    matches!(context.sentence.word(time.tokens.start), "last" | "this" | "next" | "that")
}

fn is_year_ago(context: &TimeContext<'_, '_>, time: &Time) -> bool {
    let sentence = &context.sentence;
    let first = time.tokens.start;
    sentence.word(first) == "a" && sentence.word(first + 1) == "year" && time.kind == TimeKind::Date
}

/// What stands behind a letter: the clock's part of a value.
pub(crate) fn behind(value: Option<&str>, letter: char) -> Option<&str> {
    value?.split_once(letter).map(|(_, behind)| behind)
}

pub(crate) fn day_of(value: Option<&str>) -> Option<&str> {
    value?.split('T').next()
}

/// The hour of a part of the day: 7:00 in the afternoon is 19:00.
fn in_half(time: &str, part: &str) -> String {
    let hour = time.get(..2).and_then(|hour| hour.parse::<u8>().ok()).filter(|hour| *hour < 12);
    match (hour, time.get(2..)) {
        (Some(hour), Some(rest)) if matches!(part, "AF" | "EV" | "NI") => format!("{:02}{rest}", hour + 12),
        _ => time.to_owned(),
    }
}

/// The weekday of a day, in another week.
fn in_week(day: Option<&str>, week: Option<&str>) -> Option<String> {
    let weekday = calendar::first_day(day?)?.weekday();
    let (year, week) = week?.split_once("-W")?;
    let day = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, weekday).ok()?;
    Some(day.date().to_string())
}

/// A set's value with the time of the day at which it comes again.
fn at_clock(set: Option<&str>, clock: Option<&str>) -> Option<String> {
    let (set, time) = (set?, behind(clock, 'T')?);
    let day = if set.starts_with("XXXX-WXX") { set.split('T').next()? } else { "XXXX-XX-XX" };
    Some(format!("{day}T{time}"))
}

/// A date's value with the year of another.
fn in_year(date: Option<&str>, year: Option<&str>) -> Option<String> {
    let (date, year) = (date?, year?);
    let value = format!("{year}{}", date.get(4..)?);
    // Not each year has a Feb. 29.
    (value.len() != 10 || calendar::first_day(&value).is_some()).then_some(value)
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn neighbours() {
        one("It rained at 5 p.m. EST Tuesday.", "5 p.m. EST Tuesday", "2024-03-05T17:00");
        one("It rained at noon on March 4.", "noon on March 4", "2024-03-04T12:00");
        one("It rained on Tuesday at 5 p.m.", "Tuesday at 5 p.m.", "2024-03-05T17:00");
        one("It will rain tomorrow morning.", "tomorrow morning", "2024-03-08TMO");
        one("It rained on Friday night.", "Friday night", "2024-03-01TNI");
        assert_eq!(read("The lake is shut between May 1 and April 5.")[1].1.as_deref(), Some("2025-04-05"));
        one("They meet on Friday of next week.", "Friday of next week", "2024-03-15");
        one("They meet next week on Friday.", "next week on Friday", "2024-03-15");
        one("It rained at 7:00 on Sunday afternoon.", "7:00 on Sunday afternoon", "2024-03-03T19:00");
        one("They sing at 5 p.m. on Sundays.", "5 p.m. on Sundays", "XXXX-WXX-7T17:00");
        one("They sing every day at 5 p.m.", "every day at 5 p.m.", "XXXX-XX-XXT17:00");
        one("It rained in June last year.", "June last year", "2023-06");
        one("Sales fell in this year’s first quarter.", "this year’s first quarter", "2024-Q1");
        one("Sales fell in the 1988 second quarter.", "the 1988 second quarter", "1988-Q2");
        assert_eq!(read("It rained in June, 2019 and 2020.").len(), 2);
    }
}
