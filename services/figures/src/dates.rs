//! Days of the calendar by their names: weekdays, months, and months with days and years.

use crate::{
    calendar::{self, Reach},
    days::{day_at, day_in, ordinal_at},
    digit_dates::full_year,
    sentence::Sentence,
    tense,
    times::{Grain, Time, TimeContext},
    years::{year_at, year_in},
};

/// Which of a weekday's days is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Which {
    /// The tense of the clause tells.
    ByTense,
    /// "last Friday": on a Friday that is a week ago.
    Last,
    /// "this coming Friday"
    Coming,
    /// "next Friday": that of the week so many weeks from this one.
    OfWeek(i64),
}

/// A weekday, or a month with or without a day and a year.
pub(crate) fn date(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if let Some(number) = context.words.weekday(sentence, first) {
        return Some(weekday(context, first, first, number, Which::ByTense));
    }
    if context.words.month(sentence, first).is_some() {
        return month(context, first, first, None);
    }
    day_first(context, first).or_else(|| ordinal_alone(context, first))
}

/// "7 July 2019", "the seventh of July", "28-Nov"
fn day_first(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let (mut day, mut at) = day_at(sentence, at)?;
    // "26-28 July": the whole stands for its last day.
    if (sentence.is_dash(at) || matches!(sentence.word(at), "and" | "to"))
        && let Some((last, end)) = day_in(sentence, at + 1)
        && context.words.month(sentence, end).is_some()
    {
        (day, at) = (last, end);
    }
    // "7 of July", "16. Nov.", "28-Nov"
    if matches!(sentence.word(at), "of" | ".") || sentence.is_hyphen(at) {
        at += 1;
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

/// "on the 27th": of which month, the day of publication tells.
fn ordinal_alone(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let leads = matches!(sentence.word_before(first, 1), "on" | "by" | "until" | "till" | "since" | "from" | "after");
    if sentence.word(first) != "the" || !leads || !sentence.is_digits(first + 1) {
        return None;
    }
    let (day, end) = ordinal_at(sentence, first + 1)?;
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

/// A weekday at `at`, with a date behind it.
pub(crate) fn weekday(context: &TimeContext<'_, '_>, first: usize, at: usize, number: i8, which: Which) -> Time {
    let sentence = &context.sentence;
    if let Some(date) = date_behind_weekday(context, first, at) {
        return date;
    }
    let day = context.published.and_then(|day| match which {
        Which::Last => calendar::weekday(day.yesterday().ok()?, number, Reach::Past),
        Which::Coming => calendar::weekday(day, number, Reach::Future),
        Which::OfWeek(weeks) => calendar::weekday_of_week(day, number, weeks),
        Which::ByTense => calendar::weekday(day, number, tense::reach(context, first)),
    });
    // "Thursday the 21st"
    let the = if sentence.word(at + 1) == "the" { at + 2 } else { at + 1 };
    if the > at + 1
        && let Some((number, end)) = ordinal_at(sentence, the)
    {
        let value = day.and_then(|day| calendar::date(i64::from(day.year()), day.month(), number));
        return Time::date(first..end, Grain::Day, value.map(|day| day.to_string()));
    }
    Time::date(first..at + 1, Grain::Day, day.map(|day| day.to_string())).open(which == Which::ByTense)
}

/// "Sunday, March 8", "Wed, 22 of Jan", "Friday (July 3)".
fn date_behind_weekday(context: &TimeContext<'_, '_>, first: usize, at: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let behind = match sentence.raw(at + 1) {
        "," | "(" => at + 2,
        _ => at + 1,
    };
    let date = if context.words.month(sentence, behind).is_some() && day_at(sentence, behind + 1).is_some() {
        month(context, behind, behind, None)
    } else if sentence.is_digits(behind) {
        day_first(context, behind)
    } else {
        None
    }?;
    let end = if sentence.raw(at + 1) == "(" && sentence.raw(date.tokens.end) == ")" {
        date.tokens.end + 1
    } else {
        date.tokens.end
    };
    Some(date.from(first).until(end))
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
    let Some((day, end)) = day_at(sentence, behind) else { return (None, at + 1) };
    // "May 10:30" is no day, and "May 2 per cent" neither; nor is "May second-quarter sales".
    if sentence.raw(end) == ":" && sentence.touches_next(end - 1) && sentence.touches_next(end)
        || sentence.is_hyphen(end) && sentence.is_word(end + 1)
        || !sentence.is_digits(behind) && sentence.word(end) == "quarter"
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
    (None, end)
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
        one("It rained on Sunday, March 3.", "Sunday, March 3", "2024-03-03");
        one("It rained on Wed, 28 of Feb.", "Wed, 28 of Feb.", "2024-02-28");
        one("It rained on Thursday the 29th.", "Thursday the 29th", "2024-03-29");
        one("It rained on the 5th.", "the 5th", "2024-03-05");
        assert_eq!(read("It rained on the 5th floor."), []);
    }

    #[test]
    fn words_that_are_no_months() {
        assert_eq!(read("they may march on"), []);
        assert_eq!(read("May Chen sang"), []);
    }
}
