//! Dates in digits: "2019-07-31", "31/7/2019", "31.7.2019", "2019-Jul-31".

use jiff::civil::Date;

use super::{Grain, Time, TimeContext, calendar};
use crate::sentence::Sentence;

/// A date in digits. Where either number could be the month, the country tells, and without it the date has no value.
pub(crate) fn in_digits(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if !sentence.is_digits(first) || sentence.touches_previous(first) && sentence.raw(first - 1) == "/" {
        return None;
    }
    with_dots(sentence, first).or_else(|| in_parts(context, first)).or_else(|| month_and_year(sentence, first))
}

/// "13.5.2015" is one token, as a number with separators is.
fn with_dots(sentence: &Sentence<'_>, at: usize) -> Option<Time> {
    let mut parts = sentence.raw(at).split('.');
    let (one, two, three) = (parts.next()?, parts.next()?, parts.next()?);
    let is_short = [one, two, three].iter().all(|part| matches!(part.len(), 1 | 2 | 4));
    if !is_short || parts.next().is_some() {
        return None;
    }
    // Dots are written where the day comes first.
    let part = |text: &str| text.parse::<i64>().ok();
    let (one, two, three) = (part(one)?, part(two)?, part(three)?);
    let day = if one > 999 { date(one, two, three) } else { date(three, two, one).filter(|_| three > 999) }?;
    Some(Time::date(at..at + 1, Grain::Day, Some(day.to_string())))
}

/// Three parts between two slashes or two hyphens; "12/31/19" with slashes only.
fn in_parts(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let is_glued = (first..first + 4).all(|at| sentence.touches_next(at));
    let separator = sentence.raw(first + 1);
    if !is_glued || sentence.raw(first + 3) != separator || !matches!(separator, "-" | "/" | "‑") {
        return None;
    }
    let part = |at: usize| sentence.raw(first + at).parse::<i64>().ok();
    let named = context.words.month_name(sentence, first + 2).map(i64::from);
    let (one, two, three) = (part(0)?, named.or_else(|| part(2))?, part(4)?);
    let has_short_year = three <= 99 && sentence.raw(first + 4).len() == 2 && separator == "/" && one <= 31;
    let three = if has_short_year { full_year(three) } else { three };
    let day = match (one, two) {
        (year, _) if year > 999 => date(one, two, three),
        _ if three <= 999 => None,
        (_, _) if named.is_some() => date(three, two, one),
        (month, day) if day > 12 => date(three, month, day),
        (day, month) if day > 12 || day == month => date(three, month, day),
        (one, two) => context
            .is_month_first
            .and_then(|is_month_first| if is_month_first { date(three, one, two) } else { date(three, two, one) }),
    };
    let is_date = day.is_some() || (three > 999 && one.max(two) <= 12 && one.min(two) > 0);
    is_date.then(|| Time::date(first..first + 5, Grain::Day, day.map(|day| day.to_string())))
}

/// "11/2016"; but "2016/17" is a season, and "1/2000" may be a ratio only where it has a small month.
fn month_and_year(sentence: &Sentence<'_>, first: usize) -> Option<Time> {
    let is_glued = (first..first + 2).all(|at| sentence.touches_next(at));
    let is_whole =
        !sentence.touches_next(first + 2) || !sentence.is_digits(first + 3) && sentence.raw(first + 3) != "/";
    if !is_glued || !is_whole || sentence.raw(first + 1) != "/" || sentence.raw(first).len() > 2 {
        return None;
    }
    let month = sentence.raw(first).parse::<i64>().ok()?;
    let year = sentence.raw(first + 2).parse::<i64>().ok().filter(|year| (1900..2100).contains(year))?;
    let start = date(year, month, 1)?;
    Some(Time::date(first..first + 3, Grain::Month, Some(calendar::month(start))))
}

/// Two digits as a year: from 1950 to 2049.
pub(crate) fn full_year(short: i64) -> i64 {
    if short < 50 { 2000 + short } else { 1900 + short }
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    calendar::date(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read, read_from};

    #[test]
    fn dates_in_digits() {
        one("It rained on 2019-07-31.", "2019-07-31", "2019-07-31");
        one("It rained on 7/31/2019.", "7/31/2019", "2019-07-31");
        one("It rained on 31/7/19.", "31/7/19", "2019-07-31");
        one("It rained on 31.7.2019, too.", "31.7.2019", "2019-07-31");
        one("It rained on 2019-Jul-31.", "2019-Jul-31", "2019-07-31");
        one("It rained in 11/2016.", "11/2016", "2016-11");
        let value = |country| read_from("It rained on 6/7/2019.", country)[0].1.clone();
        assert_eq!(value(None), None);
        assert_eq!(value(Some("US")).as_deref(), Some("2019-06-07"));
        assert_eq!(value(Some("IE")).as_deref(), Some("2019-07-06"));
        assert_eq!(read("version 1.2.3 of 4/5 of the tools"), []);
    }
}
