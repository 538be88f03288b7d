//! Periods that stand for the one that a report is about: "the quarter", "the year-ago period", "year-end", "the weekend".

use super::{
    Grain, Time, TimeContext,
    calendar::{self, Reach, TimeUnit},
    dates, periods, tense,
    years::year_at,
};

/// A period whose name alone does not tell which it is.
pub(crate) fn reported(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    compared(context, first)
        .or_else(|| year_end(context, first))
        .or_else(|| year_to_date(context, first))
        .or_else(|| bare(context, first))
}

/// What reports compare: "the latest quarter", "the year-ago period", "the same quarter", "a year-earlier loss".
fn compared(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let has_article = sentence.word(first) == "the";
    let mut at = if has_article { first + 1 } else { first };
    if has_article && matches!(sentence.word(at), "comparable" | "corresponding" | "same") {
        at += 1;
        if matches!(sentence.word(at), "quarter" | "period") {
            let value = context.focus.quarter(0);
            return Some(Time::date(first..at + 1, Grain::Quarter, value).open(true));
        }
    }
    let years_back = sentence.word(at) == "year"
        && sentence.is_dash(at + 1)
        && matches!(sentence.word(at + 2), "ago" | "earlier" | "before");
    if years_back {
        return Some(year_back(context, first, at + 3));
    }
    if has_article && let Some((year, end)) = year_at(sentence, at) {
        // "the 1988 period", "the 1988 quarter"
        let is_period = matches!(sentence.word(end), "period" | "quarter");
        let value = context.focus.quarter_of(year).or_else(|| calendar::year(year));
        return is_period.then(|| Time::date(first..end + 1, Grain::Quarter, value));
    }
    if !matches!(sentence.word(at), "latest" | "recent" | "just") || !has_article {
        return None;
    }
    let behind = at + 1;
    let end = if sentence.word(behind) == "fiscal" { behind + 1 } else { behind };
    match sentence.word(end) {
        "quarter" | "period" => {
            let value = context.focus.quarter(0).or_else(|| calendar::last_quarter(context.published?));
            Some(Time::date(first..end + 1, Grain::Quarter, value))
        }
        "year" => Some(Time::date(first..end + 1, Grain::Year, context.shifted(TimeUnit::Year, -1))),
        "week" | "month" => {
            let unit = context.words.unit(sentence, end)?;
            Some(Time::date(first..end + 1, Grain::Month, context.shifted(unit, -1)))
        }
        _ => None,
    }
}

/// "year-earlier", and the period behind it.
fn year_back(context: &TimeContext<'_, '_>, first: usize, end: usize) -> Time {
    let sentence = &context.sentence;
    let year = context.published.map(|day| i64::from(day.year()) - 1);
    let value = context.focus.quarter(-1).or_else(|| calendar::year(year?));
    if matches!(sentence.word(end), "quarter" | "period") {
        return Time::date(first..end + 1, Grain::Quarter, value);
    }
    if let Some(named) = periods::quarter(context, end).filter(|named| named.is_open) {
        let value = named.value.as_deref().and_then(|value| {
            let (year, quarter) = value.split_once('-')?;
            Some(format!("{:04}-{quarter}", year.parse::<i64>().ok()? - 1))
        });
        return Time::date(first..named.tokens.end, Grain::Quarter, value);
    }
    let start = if sentence.word(first) == "the" { first + 1 } else { first };
    Time::date(start..end, Grain::Other, value)
}

/// "year-end", "year’s end"
fn year_end(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let unit = match sentence.word(at) {
        "year" => TimeUnit::Year,
        "month" => TimeUnit::Month,
        _ => return None,
    };
    let is_joined = sentence.is_hyphen(at + 1) || matches!(sentence.word(at + 1), "'s" | "’s");
    let end = if is_joined { at + 2 } else { at + 1 };
    let leads = matches!(
        sentence.word_before(first, 1),
        "by" | "at" | "around" | "before" | "until" | "since" | "the" | "after"
    );
    if sentence.word(end) != "end" || !is_joined && !leads {
        return None;
    }
    let grain = if unit == TimeUnit::Year { Grain::Year } else { Grain::Month };
    Some(Time::date(first..end + 1, grain, context.shifted(unit, 0)))
}

/// "the year to date"
fn year_to_date(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let words = (sentence.word(first), sentence.word(first + 1), sentence.word(first + 2));
    (words == ("year", "to", "date"))
        .then(|| Time::date(first..first + 3, Grain::Year, context.shifted(TimeUnit::Year, 0)))
}

/// "for the quarter", "over the weekend", "in the year ended March 31": the one that the text is about.
fn bare(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if sentence.word(first) != "the" {
        return None;
    }
    let adjective = matches!(sentence.word(first + 1), "fiscal" | "full" | "whole" | "entire");
    let at = if adjective { first + 2 } else { first + 1 };
    let unit = context.words.unit(sentence, at)?;
    let leads = matches!(
        sentence.word_before(first, 1),
        "for" | "in" | "during" | "over" | "throughout" | "through" | "of" | "at" | "until"
    );
    // "in the week after", "on the day when"
    let is_defined = matches!(
        sentence.word(at + 1),
        "after"
            | "before"
            | "when"
            | "that"
            | "of"
            | "to"
            | "since"
            | "following"
            | "he"
            | "she"
            | "they"
            | "it"
            | "ahead"
    );
    let is_ended = matches!(sentence.word(at + 1), "ended" | "ending");
    if is_ended && unit >= TimeUnit::Quarter && unit != TimeUnit::Weekend {
        return Some(ended(context, first, at, unit));
    }
    let is_weekend = unit == TimeUnit::Weekend;
    // "Coach of the Year"
    let is_title = sentence.is_capitalized(at);
    if is_title || !leads && !is_weekend || is_defined || sentence.word(at).ends_with('s') {
        return None;
    }
    match unit {
        TimeUnit::Weekend => {
            let is_ahead = tense::reach(context, first) == Reach::Future;
            let weeks = if is_ahead || context.published.is_some_and(|day| day.weekday().to_monday_one_offset() >= 6) {
                0
            } else {
                -1
            };
            Some(Time::date(first..at + 1, Grain::Week, context.shifted(unit, weeks)))
        }
        TimeUnit::Quarter => {
            let value = context.focus.quarter(0).or_else(|| calendar::last_quarter(context.published?));
            Some(Time::date(first..at + 1, Grain::Quarter, value).open(true))
        }
        TimeUnit::Year | TimeUnit::Month | TimeUnit::Week => {
            let grain = if unit == TimeUnit::Year { Grain::Year } else { Grain::Month };
            Some(Time::date(first..at + 1, grain, context.shifted(unit, 0)))
        }
        _ => None,
    }
}

/// "the quarter ended Sept. 30" is a quarter of the calendar; "the year ended March 31" is a year long.
fn ended(context: &TimeContext<'_, '_>, first: usize, at: usize, unit: TimeUnit) -> Time {
    if unit != TimeUnit::Quarter {
        return Time::duration(first..at + 1, unit.duration(Some(1.0)));
    }
    let ended = dates::date(context, at + 2).and_then(|date| date.value).and_then(|value| value.parse().ok());
    let value = ended.and_then(|day| calendar::shifted(day, TimeUnit::Quarter, 0));
    Time::date(first..at + 1, Grain::Quarter, value)
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read, values};

    #[test]
    fn what_is_compared() {
        let text = "Profit rose in the second quarter. In the year-ago period it fell. The latest quarter was wet.";
        assert_eq!(values(text), ["2023-Q2", "2022-Q2", "2023-Q2"]);
        assert_eq!(values("A loss in the third quarter followed a year-earlier profit."), ["2023-Q3", "2022-Q3"]);
        one("It compares with the 1988 period.", "the 1988 period", "1988");
        one("It was more than in the year-earlier first quarter.", "the year-earlier first quarter", "2023-Q1");
    }

    #[test]
    fn what_the_text_is_about() {
        assert_eq!(values("Sales fell in the quarter ended Sept. 30, 2019."), ["2019-Q3", "2019-09-30"]);
        one("It rained over the weekend.", "the weekend", "2024-W09-WE");
        one("It will rain over the weekend.", "the weekend", "2024-W10-WE");
        one("It may rain by year-end.", "year-end", "2024");
        one("Rain is down in the year to date.", "year to date", "2024");
        assert_eq!(read("He was there on the day when the roof fell."), []);
        assert_eq!(read("She was Coach of the Year."), []);
    }
}
