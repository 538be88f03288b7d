//! Two times that are one: "5 p.m." and "Tuesday", "June" and "last year", "this year’s" and "third quarter".

use tallywire_proto::TimeKind;

use crate::{
    calendar::TimeUnit,
    time_words::TimeWord,
    times::{Grain, Time, TimeContext},
};

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
        (Grain::Clock, Grain::Part) if one.is_open && matches!(between, ("" | "in" | ",", "")) => {
            behind(one.value.as_deref(), 'T')
                .zip(day_of(two.value.as_deref()))
                .map(|(time, day)| format!("{day}T{time}"))
        }
        // "Tuesday at 5 p.m.", "tomorrow around 8:00", "tomorrow morning at 7"
        (Grain::Day | Grain::Part, Grain::Clock)
            if two.is_open && matches!(between, ("" | "at" | "around" | ",", "") | ("at" | ",", "about" | "at")) =>
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
        // "Friday of next week"
        (Grain::Day, Grain::Week) if one.is_open && matches!(between, ("" | "of", "")) => return None,
        _ => return None,
    };
    let (kind, grain) = match (one.grain, two.grain) {
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

/// A time with the words behind it that belong to it: "Friday night", "tomorrow morning", "the next year or so".
pub(crate) fn with_tail(context: &TimeContext<'_, '_>, time: Time) -> Time {
    let end = time.tokens.end;
    let sentence = &context.sentence;
    if sentence.word(end) == "or" && sentence.word(end + 1) == "so" {
        return time.until(end + 2);
    }
    // "last year’s quarter"
    let is_period = matches!(sentence.word(end), "'s" | "’s") && matches!(sentence.word(end + 1), "quarter" | "period");
    if time.grain == Grain::Year && is_period {
        let year = time.value.as_deref().and_then(|value| value.parse().ok());
        let value = year.and_then(|year| context.focus.quarter_of(year)).or(time.value);
        return Time::date(time.tokens.start..end + 2, Grain::Quarter, value);
    }
    with_part(context, time)
}

fn with_part(context: &TimeContext<'_, '_>, day: Time) -> Time {
    let end = day.tokens.end;
    let Some(TimeWord::Part(part)) = context.words.get(&context.sentence, end).filter(|_| day.grain == Grain::Day)
    else {
        return day;
    };
    let value = day_of(day.value.as_deref()).map(|day| format!("{day}T{part}"));
    Time::new(day.tokens.start..end + 1, TimeKind::Time, Grain::Part, value)
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
fn behind(value: Option<&str>, letter: char) -> Option<&str> {
    value?.split_once(letter).map(|(_, behind)| behind)
}

fn day_of(value: Option<&str>) -> Option<&str> {
    value?.split('T').next()
}

/// A date's value with the year of another.
fn in_year(date: Option<&str>, year: Option<&str>) -> Option<String> {
    let (date, year) = (date?, year?);
    Some(format!("{year}{}", date.get(4..)?))
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
        one("It rained in June last year.", "June last year", "2023-06");
        one("Sales fell in this year’s first quarter.", "this year’s first quarter", "2024-Q1");
        one("Sales fell in the 1988 second quarter.", "the 1988 second quarter", "1988-Q2");
        assert_eq!(read("It rained in June, 2019 and 2020.").len(), 2);
    }
}
