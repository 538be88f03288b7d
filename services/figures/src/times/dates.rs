//! Days of the calendar by their names: weekdays, months, and months with days and years.

use super::{
    Grain, Time, TimeContext,
    calendar::{self, Reach, TimeUnit},
    days::{day_at, day_in, ordinal_at},
    digit_dates::full_year,
    tense, weekdays,
    years::{below_hundred, year_at, year_in},
};
use crate::sentence::Sentence;

/// A weekday, or a month with or without a day and a year.
pub(crate) fn date(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if let Some(number) = context.words.weekday(sentence, first) {
        return Some(weekdays::weekday(context, first, first, number, weekdays::Which::ByTense));
    }
    if context.words.month(sentence, first).is_some() {
        return month(context, first, first, None);
    }
    weekdays::counted(context, first)
        .or_else(|| day_first(context, first))
        .or_else(|| weekdays::nth_of_month(context, first))
        .or_else(|| ordinal_alone(context, first))
}

/// "7 July 2019", "the seventh of July", "28-Nov"
pub(crate) fn day_first(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let (mut day, mut at) = day_at(sentence, at)?;
    // "26-28 July": the whole stands for its last day.
    if (sentence.is_dash(at) || matches!(sentence.word(at), "and" | "to" | "until" | "till" | "through"))
        && let Some((last, end)) = day_in(sentence, at + 1)
        && context.words.month(sentence, end).is_some()
    {
        (day, at) = (last, end);
    }
    // "7 of July", "16. Nov.", "28-Nov"
    if matches!(sentence.word(at), "of" | ".") || sentence.is_hyphen(at) {
        at += 1;
    }
    if let Some(time) = of_pointed_month(context, first, day, at) {
        return Some(time);
    }
    let month = context.words.month(sentence, at).or_else(|| context.words.month_name(sentence, at))?;
    // "second March": an ordinal in words needs "of".
    let is_clear = sentence.is_digits(first) || sentence.word(at - 1) == "of" || sentence.word(first) == "the";
    if !is_clear {
        return None;
    }
    let (year, end) = year_behind(sentence, at + 1);
    let year_meant = year.or_else(|| tense::year_of(context, first, month, Some(day)));
    let value = year_meant.and_then(|year| calendar::date(year, month, day)).map(|day| day.to_string());
    Some(Time::date(first..end, Grain::Day, value).open(year.is_none()))
}

/// "the 20th of next month", "31 of this month": `at` is behind "of".
fn of_pointed_month(context: &TimeContext<'_, '_>, first: usize, day: i8, at: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let months = match sentence.word(at) {
        "last" | "previous" => -1,
        "this" | "the" => 0,
        "next" | "following" => 1,
        _ => return None,
    };
    if sentence.word(at - 1) != "of" || sentence.word(at + 1) != "month" {
        return None;
    }
    let month: Option<String> = context.shifted(TimeUnit::Month, months);
    let value = month.and_then(|month| format!("{month}-{day:02}").parse::<jiff::civil::Date>().ok());
    Some(Time::date(first..at + 2, Grain::Day, value.map(|day| day.to_string())))
}

/// "on the 27th": of which month, the day of publication tells.
fn ordinal_alone(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let leads =
        matches!(sentence.word_before(first, 1), "on" | "by" | "until" | "till" | "since" | "from" | "after" | "for");
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    if !leads || !sentence.is_digits(at) {
        return None;
    }
    let (day, end) = ordinal_at(sentence, at)?;
    // "on the 27th floor"
    let is_alone = !sentence.is_word(end) || matches!(sentence.word(end), "at" | "in" | "and" | "of" | "when" | "to");
    if !is_alone || sentence.is_hyphen(end) {
        return None;
    }
    let value = context.published.and_then(|published| {
        let month = if day <= published.day() || tense::reach(context, first) == Reach::Future {
            published
        } else {
            published.first_of_month().yesterday().ok()?
        };
        calendar::date(i64::from(month.year()), month.month(), day)
    });
    Some(Time::date(first..end, Grain::Day, value.map(|day| day.to_string())))
}

/// A month at `at`, with a day and a year behind it.
pub(crate) fn month(context: &TimeContext<'_, '_>, first: usize, at: usize, reach: Option<Reach>) -> Option<Time> {
    let sentence = &context.sentence;
    let month = context.words.month(sentence, at)?;
    let (day, end) = day_behind(context, at);
    let (year, end) = year_behind(sentence, end);
    let is_bare = day.is_none() && year.is_none() && reach.is_none();
    if is_bare && is_other_word(sentence, at) {
        return None;
    }
    let grain = if day.is_some() { Grain::Day } else { Grain::Month };
    let meant = year.or_else(|| match reach {
        Some(reach) => Some(i64::from(calendar::month_of(context.published?, month, reach)?.year())),
        None => tense::year_of(context, first, month, day),
    });
    // "Feb. 29" is that of the last leap year.
    let is_leap_day = year.is_none() && month == 2 && day == Some(29);
    let meant = meant.map(|year| {
        if is_leap_day {
            (0..8).map(|back| year - back).find(|year| calendar::date(*year, 2, 29).is_some()).unwrap_or(year)
        } else {
            year
        }
    });
    let value = meant.and_then(|year| match day {
        Some(day) => calendar::date(year, month, day).map(|day| day.to_string()),
        None => calendar::date(year, month, 1).map(calendar::month),
    });
    Some(Time::date(first..end, grain, value).open(year.is_none() && reach.is_none()))
}

/// "7", "7th", "the seventh" behind a month, or "19-20", which stands for its last day.
fn day_behind(context: &TimeContext<'_, '_>, at: usize) -> (Option<i8>, usize) {
    let sentence = &context.sentence;
    let behind = match sentence.word(at + 1) {
        "the" => at + 2,
        "." | "-" | "/" if sentence.touches_previous(at + 1) && sentence.is_digits(at + 2) => at + 2,
        _ => at + 1,
    };
    let Some((day, end)) = day_at(sentence, behind).or_else(|| spoken_day(sentence, behind)) else {
        return (None, at + 1);
    };
    // "May 10:30" is no day, and "May 2 per cent" neither; nor is "In May first lady Ono".
    if sentence.raw(end) == ":" && sentence.touches_next(end - 1) && sentence.touches_next(end)
        || sentence.is_hyphen(end) && sentence.is_word(end + 1)
        || !sentence.is_digits(behind) && !ends_day(sentence, end)
    {
        return (None, at + 1);
    }
    if (sentence.is_hyphen(end) || sentence.raw(end) == "–")
        && let Some((last, end)) = day_in(sentence, end + 1)
        && last > day
        && !sentence.is_hyphen(end)
    {
        return (Some(last), end);
    }
    (Some(day), end)
}

/// Whether a day in words can end before a token: a noun would be what it ranks.
fn ends_day(sentence: &Sentence<'_>, end: usize) -> bool {
    !sentence.is_word(end)
        || matches!(sentence.word(end), "and" | "at" | "in" | "of" | "to" | "through" | "until" | "when")
        || year_at(sentence, end).is_some()
}

/// "May twenty-one": a cardinal of two words.
fn spoken_day(sentence: &Sentence<'_>, at: usize) -> Option<(i8, usize)> {
    let (day, end) = below_hundred(sentence, at).filter(|(day, end)| *end > at + 1 && *day <= 31)?;
    Some((i8::try_from(day).ok()?, end))
}

/// "2019", ", 2019", "of 2019", "’99" behind a month or a day, and one past its last token.
fn year_behind(sentence: &Sentence<'_>, end: usize) -> (Option<i64>, usize) {
    let at = if matches!(sentence.word(end), "," | "of" | ".") { end + 1 } else { end };
    if let Some((year, end)) = year_at(sentence, at) {
        return (Some(year), end);
    }
    let has_apostrophe = matches!(sentence.raw(end), "'" | "’" | "‘") && sentence.touches_next(end);
    if has_apostrophe
        && sentence.raw(end + 1).len() == 2
        && !sentence.touches_next(end + 1)
        && let Ok(short) = sentence.raw(end + 1).parse()
    {
        return (Some(full_year(short)), end + 2);
    }
    // "August 99" has no such day.
    let short = sentence.raw(end).parse().ok().filter(|short| (32..100).contains(short));
    match short.filter(|_| sentence.raw(end).len() == 2 && !sentence.is_word(end + 1) && !sentence.touches_next(end)) {
        Some(short) => (Some(full_year(short)), end + 1),
        None => (None, end),
    }
}

/// "May", "March", "April" and "June" are also names and verbs: they are months behind a word that leads to a time.
fn is_other_word(sentence: &Sentence<'_>, at: usize) -> bool {
    // "2016 June", "June next year"
    let has_year = is_year(sentence, at) || at > 0 && year_in(sentence, at - 1).is_some();
    let leads = has_year
        || matches!(
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
    let is_ambiguous = matches!(
        sentence.word(at),
        "may" | "march" | "april" | "june" | "august" | "mar" | "dec" | "apr" | "jan" | "jun"
    );
    // "of Jan Kavan and"
    let is_given_name = is_ambiguous
        && sentence.is_capitalized(at + 1)
        && !matches!(
            sentence.word_before(at, 1),
            "in" | "since" | "by" | "until" | "till" | "early" | "late" | "during"
        );
    is_given_name
        || (is_ambiguous && !leads)
        || (!leads && sentence.is_capitalized(at + 1) && at > 0 && sentence.is_capitalized(at - 1))
}

/// "next year" behind a month.
fn is_year(sentence: &Sentence<'_>, at: usize) -> bool {
    matches!(sentence.word(at + 1), "last" | "this" | "next") && sentence.word(at + 2) == "year"
}

/// The year behind a comma or "of", as a month has it: used by what is named like one.
pub(crate) fn year_after(sentence: &Sentence<'_>, end: usize) -> Option<(i64, usize)> {
    let at = if matches!(sentence.word(end), "," | "of" | "in") { end + 1 } else { end };
    year_in(sentence, at).map(|year| (year, at + 1))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn months_and_days() {
        one("It rained on July 7, 2019.", "July 7, 2019", "2019-07-07");
        one("It rained on 7 July 2019.", "7 July 2019", "2019-07-07");
        one("It rained on the seventh of July 2019.", "the seventh of July 2019", "2019-07-07");
        one("It rained on July the seventh.", "July the seventh", "2023-07-07");
        one("It rained on Dec. 7.", "Dec. 7", "2023-12-07");
        one("It rained on 28-Nov.", "28-Nov.", "2023-11-28");
        one("It rained in January.", "January", "2024-01");
        one("It rained in October, 2019.", "October, 2019", "2019-10");
        one("It rained on the 5th.", "the 5th", "2024-03-05");
        one("It will rain on the 20th of next month.", "the 20th of next month", "2024-04-20");
        assert_eq!(read("It rained on the 5th floor."), []);
    }

    #[test]
    fn words_that_are_no_months() {
        assert_eq!(read("they may march on, they may first rest"), []);
        one("In May first lady Ono spoke.", "May", "2023-05");
        assert_eq!(read("May Chen sang"), []);
    }
}
