//! Stretches of time, and what lies so far away: "two years", "the past two days", "an hour ago".

use jiff::civil::Date;
use tallywire_proto::TimeKind;

use super::{
    Grain, Time, TimeContext,
    amounts::{Amount, counted, with_article},
    calendar::{self, TimeUnit},
};

/// A duration, or the day that far away.
pub(crate) fn duration(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if let Some(time) = whole(context, first) {
        return Some(time);
    }
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let amount = match context.number_at(at).and_then(|number| counted(context, number)) {
        Some(amount) => amount,
        None if at > first => return None,
        None => with_article(context, first)?,
    };
    // "the two years", but "the two-year plan"
    if at > first && (sentence.is_hyphen(amount.end - 2) || amount.count == Some(1.0)) {
        return Some(distance(context, at, &amount));
    }
    // "recent years"
    if sentence.word(first) == "recent" {
        return Some(Time::date(first..amount.end, Grain::Other, Some("PAST_REF".to_owned())));
    }
    // "a decades-long dispute"
    if sentence.is_hyphen(amount.end) && matches!(sentence.word(amount.end + 1), "long") {
        return Some(Time::duration(first..amount.end + 2, amount.value()));
    }
    Some(distance(context, first, &amount))
}

/// "all day", "the full year", "the whole week", "full-year": one unit.
fn whole(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = match sentence.word(first) {
        "a" if matches!(sentence.word(first + 1), "full" | "whole") => first + 2,
        "all" | "full" | "whole" | "another" | "entire" => first + 1,
        _ => return None,
    };
    let at = if sentence.is_hyphen(at) { at + 1 } else { at };
    let unit = context.words.unit(sentence, at)?;
    let is_one =
        !sentence.word(at).ends_with('s') && !matches!(unit, TimeUnit::Second | TimeUnit::Minute | TimeUnit::Quarter);
    is_one.then(|| Time::duration(first..at + 1, unit.duration(Some(1.0))))
}

/// What follows "the past", "the last", "the next": a number and a unit, or a unit in the plural.
pub(crate) fn stretch(context: &TimeContext<'_, '_>, first: usize, at: usize) -> Option<Time> {
    if let Some(number) = context.number_at(at) {
        let amount = counted(context, number)?;
        let time = Time::duration(first..amount.end, amount.value()).counting(true);
        return Some(time);
    }
    let sentence = &context.sentence;
    let is_vague = matches!(sentence.word(at), "few" | "several" | "couple" | "many");
    if !is_vague {
        return None;
    }
    let is_couple = sentence.word(at) == "couple";
    let unit_at = if sentence.word(at + 1) == "of" { at + 2 } else { at + 1 };
    let unit = context.words.unit(sentence, unit_at)?;
    Some(Time::duration(first..unit_at + 1, unit.duration(is_couple.then_some(2.0))))
}

/// A duration, or the day that far away where "ago", "earlier" or "later" follows.
fn distance(context: &TimeContext<'_, '_>, first: usize, amount: &Amount) -> Time {
    let sentence = &context.sentence;
    let end = if sentence.word(amount.end) == "or" && sentence.word(amount.end + 1) == "so" {
        amount.end + 2
    } else {
        amount.end
    };
    let stays = || Time::duration(first..amount.end, amount.value()).counting(amount.is_counted);
    let (sign, is_from_today, end) = match (sentence.word(end), sentence.word(end + 1)) {
        ("ago", _) => (-1.0, true, end + 1),
        ("earlier", _) => (-1.0, false, end + 1),
        ("prior", next) if next != "to" => (-1.0, false, end + 1),
        ("later", _) => (1.0, false, end + 1),
        ("hence", _) => (1.0, true, end + 1),
        ("from", "now" | "today") => (1.0, true, end + 2),
        (word @ ("from" | "after" | "before"), day @ ("today" | "tomorrow" | "yesterday")) => {
            return away_from(context, first, amount, (word, day));
        }
        ("-", "ago" | "earlier") => return periods_before(context, first, amount).unwrap_or_else(stays),
        // "two weeks before." without anything behind that it is before.
        ("before" | "previously", next)
            if !sentence.is_word(end + 1) && !next.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            (-1.0, false, end + 1)
        }
        // "the weeks ahead"
        ("ahead", next) if next != "of" && amount.count.is_none() => {
            let start = if sentence.word_before(first, 1) == "the" { first - 1 } else { first };
            return stays().from(start).until(end + 1);
        }
        _ => return stays(),
    };
    if !amount.rest.is_empty() {
        let value = far_day(context, amount, sign);
        return Time::date(first..end, Grain::Day, value).counting(amount.is_counted);
    }
    let from = if is_from_today { context.published } else { named_before(context, amount.unit, sign) };
    let whole = amount.count.filter(|count| count.fract() == 0.0).map(|count| (sign * count) as i64);
    let mut value = from.zip(whole).and_then(|(day, count)| calendar::shifted(day, amount.unit, count));
    if amount.unit == TimeUnit::Year && amount.count == Some(1.0) && sign < 0.0 {
        // A report compares a quarter with the same one of the year before.
        value = context.focus.quarter(-1).or(value);
    }
    if amount.count.is_none() && amount.unit >= TimeUnit::Day && (is_from_today || sign < 0.0) {
        value = Some(if sign < 0.0 { "PAST_REF" } else { "FUTURE_REF" }.to_owned());
    }
    let grain = match amount.unit {
        TimeUnit::Day => Grain::Day,
        _ => Grain::Other,
    };
    if value.is_none() && !is_from_today {
        return Time::duration(first..end, amount.value()).counting(amount.is_counted);
    }
    Time::new(first..end, TimeKind::Date, grain, value).counting(amount.is_counted)
}

/// What "earlier" and "later" count from: what was named last, as precise as the unit asks; a report’s own time if nothing
/// was, but only back from it.
fn named_before(context: &TimeContext<'_, '_>, unit: TimeUnit, sign: f64) -> Option<Date> {
    let named = match unit {
        TimeUnit::Month | TimeUnit::Quarter => context.focus.month(),
        unit if unit >= TimeUnit::Year => context.focus.year(),
        _ => context.focus.day(),
    };
    let is_long = unit >= TimeUnit::Month;
    let named = named.filter(|named| sign > 0.0 || context.published.is_none_or(|published| *named <= published));
    named.or(context.published.filter(|_| is_long && sign < 0.0))
}

/// "two days from tomorrow", "two days before yesterday"
fn away_from(context: &TimeContext<'_, '_>, first: usize, amount: &Amount, from: (&str, &str)) -> Time {
    let sign = if from.0 == "before" { -1.0 } else { 1.0 };
    let days = match from.1 {
        "tomorrow" => 1,
        "yesterday" => -1,
        _ => 0,
    };
    let value = context.published.zip(amount.count).and_then(|(day, count)| {
        let from = calendar::moved(day, TimeUnit::Day, days)?;
        calendar::moved(from, amount.unit, (sign * count) as i64)
    });
    Time::date(first..amount.end + 2, Grain::Day, value.map(|day| day.to_string())).counting(amount.is_counted)
}

/// The day that is some units, and some more, away.
fn far_day(context: &TimeContext<'_, '_>, amount: &Amount, sign: f64) -> Option<String> {
    let mut day = context.published?;
    for (unit, count) in std::iter::once((amount.unit, amount.count?)).chain(amount.rest.iter().copied()) {
        day = calendar::moved(day, unit, (sign * count) as i64)?;
    }
    Some(day.to_string())
}

/// "a year-earlier loss": the year before, or the same quarter of it.
fn periods_before(context: &TimeContext<'_, '_>, first: usize, amount: &Amount) -> Option<Time> {
    let count = amount.count.filter(|count| count.fract() == 0.0 && *count < 1e4)? as i64;
    let value = (count == 1 && amount.unit == TimeUnit::Year).then(|| context.focus.quarter(-1)).flatten();
    let value = value.or_else(|| context.shifted(amount.unit, -count));
    let start = if amount.is_counted { first } else { first + 1 };
    Some(Time::date(start..amount.end + 2, Grain::Other, value).counting(amount.is_counted))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read, values};

    #[test]
    fn durations() {
        one("a three-year drought", "three-year", "P3Y");
        one("It rained for several months.", "several months", "PXM");
        one("It rained for the six months.", "the six months", "P6M");
        one("It rained for the past two days.", "the past two days", "P2D");
        one("It rained for two and a half hours.", "two and a half hours", "PT2H30M");
        one("It rained for 3.5 hours.", "3.5 hours", "PT3.5H");
        one("It rained for a minute and a half.", "a minute and a half", "PT1M30S");
        one("It rained for half an hour.", "half an hour", "PT0.5H");
        one("It rained for two to three weeks.", "two to three weeks", "PXW");
        one("It rained for eight trading days.", "eight trading days", "P8D");
        one("It rained for 1 day 30 minutes.", "1 day 30 minutes", "P1DT30M");
        one("It rained all day.", "all day", "P1D");
        one("It rained for a couple of weeks.", "a couple of weeks", "P2W");
        one("It may rain for the next year or so.", "the next year or so", "2025");
        assert_eq!(read("a 30-year-old farmer, 37 years old"), []);
        assert_eq!(read("it costs 5 dollars a day"), []);
    }

    #[test]
    fn distances() {
        one("It rained 2 years and 3 months ago.", "2 years and 3 months ago", "2021-12-07");
        one("It rained two days before yesterday.", "two days before yesterday", "2024-03-04");
        one("It rained two years ago.", "two years ago", "2022");
        one("It rained a year prior.", "a year prior", "2023");
        one("It rained a year earlier.", "a year earlier", "2023");
        one("It rained a week or so ago.", "a week or so ago", "2024-W09");
        one("It will rain two days from now.", "two days from now", "2024-03-09");
        one("It rained three days before the fair.", "three days", "P3D");
        assert_eq!(values("The pump broke on May 4, 2019. Three days later it rained."), ["2019-05-04", "2019-05-07"]);
        assert_eq!(values("She sailed in 1885. Two years later she wrote."), ["1885", "1887"]);
        one("Two years later she wrote.", "Two years later", "P2Y");
        assert_eq!(values("Profit rose in the third quarter from a year earlier."), ["2023-Q3", "2022-Q3"]);
    }
}
