//! Weeks, months, quarters and years as periods: "the third quarter of 1998", "the week of March 6", "year-end".

use crate::{
    calendar::{self, Reach, TimeUnit},
    dates,
    sentence::Sentence,
    tense,
    time_words::TimeWord,
    times::{Grain, Time, TimeContext},
    years::{self, year_at},
};

/// A period that is named, or whose name stands for the one that the text is about.
pub(crate) fn period(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    quarter(context, first)
        .or_else(|| quarter_sign(context, first))
        .or_else(|| fiscal(context, first))
        .or_else(|| season(context, first))
        .or_else(|| compared(context, first))
        .or_else(|| around_date(context, first))
        .or_else(|| year_end(context, first))
        .or_else(|| year_to_date(context, first))
        .or_else(|| bare(context, first))
        .or_else(|| reference(context, first))
}

/// "the third quarter of 1998", "fourth-quarter", "the fiscal first quarter".
fn quarter(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let mut at = if sentence.word(first) == "the" { first + 1 } else { first };
    if sentence.word(at) == "fiscal" {
        at = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    }
    let which = match sentence.word(at) {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" | "final" => 4,
        _ => return None,
    };
    at += 1;
    let is_hyphened = sentence.is_dash(at);
    if is_hyphened || sentence.word(at) == "fiscal" {
        at += 1;
    }
    if sentence.word(at) != "quarter" {
        return None;
    }
    let (year, end) = year_behind(sentence, at + 1);
    // "the third-quarter loss": the article is the loss's.
    let start =
        if is_hyphened && sentence.is_word(end) && year.is_none() && first + 1 < at && sentence.word(first) == "the" {
            first + 1
        } else {
            first
        };
    Some(Time::date(start..end, Grain::Quarter, quarter_value(context, which, year)).open(year.is_none()))
}

fn year_behind(sentence: &Sentence<'_>, end: usize) -> (Option<i64>, usize) {
    let of = match (sentence.word(end), sentence.word(end + 1)) {
        ("of" | "in", "fiscal") => end + 2,
        ("of" | "in" | "fiscal", _) => end + 1,
        _ => end,
    };
    year_at(sentence, of).map_or((None, end), |(year, end)| (Some(year), end))
}

fn quarter_value(context: &TimeContext<'_, '_>, which: i8, year: Option<i64>) -> Option<String> {
    match (context.published, year) {
        (_, Some(year)) => Some(format!("{year:04}-Q{which}")),
        (Some(day), None) => Some(calendar::quarter_of(day, which)),
        (None, None) => None,
    }
}

/// "Q3", "Q3 2016", "2016 Q3", "H1 2016".
fn quarter_sign(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let year = years::year_in(sentence, first).or_else(|| {
        // "2016H2"
        let year = sentence.raw(first).parse().ok().filter(|year| (1900..2100).contains(year))?;
        (sentence.touches_next(first) && matches!(sentence.raw(first + 1), "Q" | "H")).then_some(year)
    });
    let at = if year.is_some() { first + 1 } else { first };
    let letter = sentence.raw(at);
    let number: i8 = sentence.raw(at + 1).parse().ok()?;
    let is_sign = sentence.touches_next(at)
        && (letter == "Q" && (1..=4).contains(&number) || letter == "H" && (1..=2).contains(&number));
    let is_whole = !(sentence.touches_next(at + 1) && (sentence.is_word(at + 2) || sentence.is_hyphen(at + 2)));
    if !is_sign || !is_whole {
        return None;
    }
    let (behind, end) = year_behind(sentence, at + 2);
    let year = year.or(behind);
    let value = match year {
        None if letter == "H" => return None,
        Some(year) => Some(format!("{year:04}-{letter}{number}")),
        None => quarter_value(context, number, None),
    };
    Some(Time::date(first..end, Grain::Quarter, value).open(year.is_none()))
}

/// "fiscal 1988", "fiscal year 1989"
fn fiscal(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if sentence.word(first) != "fiscal" {
        return None;
    }
    let at = if sentence.word(first + 1) == "year" { first + 2 } else { first + 1 };
    let (year, end) = year_at(sentence, at)?;
    Some(Time::date(first..end, Grain::Year, calendar::year(year)))
}

/// "summer 2016", "the winter of 1994", "the summer".
fn season(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let TimeWord::Season(season) = context.words.get(sentence, at)? else { return None };
    let of = if sentence.word(at + 1) == "of" { at + 2 } else { at + 1 };
    if let Some((year, end)) = year_at(sentence, of) {
        return Some(Time::date(first..end, Grain::Season, Some(format!("{year:04}-{season}"))));
    }
    // "the fall of the wall", "a spring in the bed": alone only summer, winter and autumn are times.
    let is_ambiguous = matches!(sentence.word(at), "fall" | "spring");
    let leads = matches!(
        sentence.word_before(first, 1),
        "in" | "over"
            | "during"
            | "of"
            | "for"
            | "this"
            | "by"
            | "into"
            | "until"
            | "since"
            | "throughout"
            | "early"
            | "late"
            | "mid"
    );
    let is_noun_behind =
        sentence.is_word(at + 1) && !matches!(sentence.word(at + 1), "and" | "or" | "when" | "as" | "with");
    let stands_alone = at > first && !sentence.is_word(at + 1);
    if is_ambiguous || !leads && !stands_alone || is_noun_behind && at == first {
        return None;
    }
    let value = context.published.map(|day| format!("{:04}-{season}", day.year()));
    Some(Time::date(first..at + 1, Grain::Season, value))
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
    if let Some(named) = quarter(context, end).filter(|named| named.is_open) {
        let value = named.value.as_deref().and_then(|value| {
            let (year, quarter) = value.split_once('-')?;
            Some(format!("{:04}-{quarter}", year.parse::<i64>().ok()? - 1))
        });
        return Time::date(first..named.tokens.end, Grain::Quarter, value);
    }
    let start = if sentence.word(first) == "the" { first + 1 } else { first };
    Time::date(start..end, Grain::Other, value)
}

/// "the week of March 6", "the week starting March 6", "the month of May".
fn around_date(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let unit = context.words.unit(sentence, at)?;
    let of = match (sentence.word(at + 1), sentence.word(at + 2)) {
        ("beginning" | "starting" | "commencing", "on") => at + 3,
        ("of" | "beginning" | "starting" | "commencing", _) => at + 2,
        _ => return None,
    };
    let inner = dates::date(context, of)?;
    match unit {
        TimeUnit::Week if inner.grain == Grain::Day => {
            let value = inner.value.as_deref().and_then(|value| value.parse().ok()).map(calendar::week);
            Some(Time::date(first..inner.tokens.end, Grain::Week, value))
        }
        TimeUnit::Month if inner.grain == Grain::Month => Some(inner.from(first)),
        _ => None,
    }
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
    let is_reported = matches!(sentence.word(at + 1), "ended" | "ending");
    if is_reported && unit >= TimeUnit::Quarter && unit != TimeUnit::Weekend {
        return Some(reported(context, first, at, unit));
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
fn reported(context: &TimeContext<'_, '_>, first: usize, at: usize, unit: TimeUnit) -> Time {
    if unit != TimeUnit::Quarter {
        return Time::duration(first..at + 1, unit.duration(Some(1.0)));
    }
    let ended = dates::date(context, at + 2).and_then(|date| date.value).and_then(|value| value.parse().ok());
    let value = ended.and_then(|day| calendar::shifted(day, TimeUnit::Quarter, 0));
    Time::date(first..at + 1, Grain::Quarter, value)
}

/// "the future", "the near term"
fn reference(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if sentence.word(first) != "the" {
        return None;
    }
    let at = if matches!(sentence.word(first + 1), "near" | "foreseeable" | "distant" | "short") {
        first + 2
    } else {
        first + 1
    };
    // "in the future", but not "the future of the mill"
    let leads = matches!(sentence.word_before(first, 1), "in" | "into") && sentence.word(at + 1) != "of";
    let is_future = leads && (sentence.word(at) == "future" || at > first + 1 && sentence.word(at) == "term");
    let value = is_future.then(|| "FUTURE_REF".to_owned())?;
    Some(Time::date(first..at + 1, Grain::Other, Some(value)))
}

/// A unit behind "the end of the", "later in the": the one that the publication falls in.
pub(crate) fn unit_of_today(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if matches!(sentence.word(first), "the" | "my" | "our") { first + 1 } else { first };
    let at = if sentence.word(at) == "fiscal" { at + 1 } else { at };
    let unit = context.words.unit(sentence, at).filter(|unit| *unit >= TimeUnit::Day)?;
    if sentence.word(at).ends_with('s') {
        return None;
    }
    let grain = match unit {
        TimeUnit::Day => Grain::Day,
        TimeUnit::Month => Grain::Month,
        TimeUnit::Year => Grain::Year,
        TimeUnit::Quarter => Grain::Quarter,
        _ => Grain::Week,
    };
    // "later in the day" follows what happened that day.
    let day = context.focus.day().filter(|_| unit == TimeUnit::Day).map(|day| day.to_string());
    Some(Time::date(first..at + 1, grain, day.or_else(|| context.shifted(unit, 0))))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read, values};

    #[test]
    fn quarters() {
        one("Sales fell in the third quarter of 2019.", "the third quarter of 2019", "2019-Q3");
        one("The third-quarter loss grew.", "third-quarter", "2023-Q3");
        one("Sales fell in Q3.", "Q3", "2023-Q3");
        one("Sales fell in H1 2016.", "H1 2016", "2016-H1");
        assert_eq!(values("Sales fell in the quarter ended Sept. 30, 2019."), ["2019-Q3", "2019-09-30"]);
    }

    #[test]
    fn what_is_compared() {
        let text = "Profit rose in the second quarter. In the year-ago period it fell. The latest quarter was wet.";
        assert_eq!(values(text), ["2023-Q2", "2022-Q2", "2023-Q2"]);
        assert_eq!(values("A loss in the third quarter followed a year-earlier profit."), ["2023-Q3", "2022-Q3"]);
        one("It compares with the 1988 period.", "the 1988 period", "1988");
        one("It was more than in the year-earlier first quarter.", "the year-earlier first quarter", "2023-Q1");
    }

    #[test]
    fn weeks_and_years() {
        one("The court meets in the week of March 25.", "the week of March 25", "2024-W13");
        one("It rained over the weekend.", "the weekend", "2024-W09-WE");
        one("It may rain by year-end.", "year-end", "2024");
        one("It cost a lot in fiscal 2019.", "fiscal 2019", "2019");
        one("It may rain in the near future.", "the near future", "FUTURE_REF");
        one("It snowed in the winter of 1994.", "the winter of 1994", "1994-WI");
        assert_eq!(read("He was there on the day when the roof fell."), []);
        assert_eq!(read("It led to the fall of the house."), []);
    }
}
