//! Stretches of time, and what lies so far away: "two years", "the past two days", "an hour ago".

use tallywire_proto::TimeKind;

use crate::{
    calendar::{self, TimeUnit},
    numbers::{Form, Number},
    times::{Grain, Time, TimeContext},
};

/// So many units of time: how many, if that is said, and one past the last token.
struct Amount {
    unit: TimeUnit,
    count: Option<f64>,
    end: usize,
    /// Whether a number in digits or words says how many.
    is_counted: bool,
    /// "2 1/2 years" is written with a fraction, not with a point.
    is_mixed: bool,
}

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
    let is_one = !sentence.word(at).ends_with('s') && !matches!(unit, TimeUnit::Second | TimeUnit::Minute);
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

/// A number and a unit: "two years", "10-year", "two to three weeks", "eight trading days".
fn counted(context: &TimeContext<'_, '_>, number: &Number) -> Option<Amount> {
    if matches!(number.form, Form::Rank | Form::Ratio | Form::Score) {
        return None;
    }
    let sentence = &context.sentence;
    let mut at = number.tokens.end;
    let mut count = (number.low.to_bits() == number.high.to_bits()).then_some(number.low);
    if number.form == Form::Vague && sentence.slice(&number.tokens).contains("couple") {
        count = Some(2.0);
    }
    let joins = matches!(sentence.word(at), "to" | "or") || sentence.is_dash(at);
    if joins && let Some(other) = context.number_at(at + 1) {
        (at, count) = (other.tokens.end, None);
    }
    if sentence.is_hyphen(at) || stands_between(sentence.word(at)) {
        at += 1;
    }
    let unit = context.words.unit(sentence, at)?;
    let old = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    if unit == TimeUnit::Weekend || matches!(sentence.word(old), "old" | "olds") {
        return None;
    }
    // "two quarters" are half a year, "a quarter" is mostly none; "first 2 second" is no time.
    if unit == TimeUnit::Quarter && !sentence.word(at).ends_with('s') || is_ordinal_second(context, at) {
        return None;
    }
    let is_mixed = number.tokens.len() > 1 && number.form != Form::Words
        || number.form == Form::Words && number.low.fract() != 0.0;
    let amount = Amount { unit, count, end: at + 1, is_counted: true, is_mixed };
    Some(with_smaller(context, amount))
}

/// "five more years", "eight trading days"
fn stands_between(word: &str) -> bool {
    matches!(
        word,
        "of" | "more"
            | "full"
            | "straight"
            | "consecutive"
            | "additional"
            | "extra"
            | "long"
            | "trading"
            | "business"
            | "working"
            | "calendar"
    )
}

/// "the 1988 second quarter"
fn is_ordinal_second(context: &TimeContext<'_, '_>, at: usize) -> bool {
    let sentence = &context.sentence;
    sentence.word(at) == "second" && matches!(sentence.word(at + 1), "quarter" | "half" | "-" | "period" | "week")
}

/// "1 month 21 days", "an hour and a half": the smaller unit is taken in, and the value is not known as one count.
fn with_smaller(context: &TimeContext<'_, '_>, amount: Amount) -> Amount {
    let sentence = &context.sentence;
    let end = amount.end;
    if sentence.word(end) == "and"
        && matches!((sentence.word(end + 1), sentence.word(end + 2)), ("a", "half") | ("half", _))
    {
        let end = if sentence.word(end + 1) == "a" { end + 3 } else { end + 2 };
        return Amount { count: amount.count.map(|count| count + 0.5), end, is_mixed: true, ..amount };
    }
    // "a year or two", "weeks or months"
    let other = (sentence.word(end) == "or").then(|| context.number_at(end + 1)).flatten();
    if let Some(other) = other
        && amount.count == Some(1.0)
        && (other.low - 2.0).abs() < f64::EPSILON
        && context.words.unit(sentence, other.tokens.end).is_none()
    {
        return Amount { count: None, end: other.tokens.end, ..amount };
    }
    amount
}

/// "a year", "an hour ago", "several months", "decades", "half an hour", "the weeks".
fn with_article(context: &TimeContext<'_, '_>, first: usize) -> Option<Amount> {
    let sentence = &context.sentence;
    let amount = |unit, count, end| Amount { unit, count, end, is_counted: false, is_mixed: false };
    if let Some(half) = half_a_unit(context, first) {
        return Some(half);
    }
    let (unit_at, count) = match (sentence.word(first), sentence.word(first + 1)) {
        ("a", "couple" | "few") if sentence.word(first + 2) == "of" => (first + 3, Some(2.0)),
        ("a", "couple") => (first + 2, Some(2.0)),
        ("a", "few" | "many") => (first + 2, None),
        ("a", "good" | "long") => return None,
        ("a" | "an", _) => (first + 1, Some(1.0)),
        ("several" | "few" | "many" | "recent" | "some", _) => (first + 1, None),
        _ => (first, None),
    };
    let unit_at = if sentence.is_hyphen(unit_at) { unit_at + 1 } else { unit_at };
    let unit = context.words.unit(sentence, unit_at)?;
    let word = sentence.word(unit_at);
    let is_plural = word.ends_with('s') && unit != TimeUnit::Second || matches!(word, "seconds" | "secs");
    // "several-year", "many-day"
    if unit_at == first + 2 && count.is_none() && !is_plural && sentence.word(first) == "several" {
        return Some(amount(unit, None, unit_at + 1));
    }
    if matches!(unit, TimeUnit::Second | TimeUnit::Weekend) && !is_plural || is_plural == (count == Some(1.0)) {
        return None;
    }
    // "37 years old": the number was no duration, and its unit is none.
    let is_age = matches!(sentence.word(unit_at + 1), "old") && unit_at == first;
    let is_of_hundreds = unit_at == first && sentence.is_digits(first.wrapping_sub(1));
    if is_age || is_of_hundreds || unit == TimeUnit::Quarter && unit_at == first {
        return None;
    }
    if unit_at == first + 1 && count == Some(1.0) {
        if unit == TimeUnit::Quarter {
            return None;
        }
        // "$5 a day" and "three times a week" are rates.
        let before = sentence.word_before(first, 1);
        let follows_amount = before == "%"
            || sentence.is_digits(first.wrapping_sub(1))
            || matches!(before, "million" | "billion" | "once" | "twice");
        if before.ends_with('s') && !matches!(before, "was" | "is" | "as" | "less" | "'s" | "’s") || follows_amount {
            let is_away = matches!(sentence.word(unit_at + 1), "ago" | "earlier");
            if !is_away {
                return None;
            }
        }
    }
    Some(with_smaller(context, amount(unit, count, unit_at + 1)))
}

/// "half an hour", "a half hour", "half a century".
fn half_a_unit(context: &TimeContext<'_, '_>, first: usize) -> Option<Amount> {
    let sentence = &context.sentence;
    let at = match (sentence.word(first), sentence.word(first + 1)) {
        ("half", "a" | "an") | ("a", "half") => first + 2,
        ("half", _) => first + 1,
        _ => return None,
    };
    let at = if sentence.is_hyphen(at) { at + 1 } else { at };
    let unit = context.words.unit(sentence, at)?;
    let is_one = !sentence.word(at).ends_with('s') && unit != TimeUnit::Quarter && unit != TimeUnit::Second;
    is_one.then_some(Amount { unit, count: Some(0.5), end: at + 1, is_counted: false, is_mixed: false })
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
        ("later", _) => (1.0, false, end + 1),
        ("hence", _) | ("from", "now" | "today") => {
            (1.0, true, if sentence.word(end) == "from" { end + 2 } else { end + 1 })
        }
        ("from" | "after", "tomorrow") => return away_from(context, first, amount, 1, end + 2),
        ("from", "yesterday") => return away_from(context, first, amount, -1, end + 2),
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
    let from = if is_from_today || amount.unit >= TimeUnit::Month { context.published } else { context.focus.day() };
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

/// "two days from tomorrow"
fn away_from(context: &TimeContext<'_, '_>, first: usize, amount: &Amount, days: i64, end: usize) -> Time {
    let count = amount.count.filter(|_| amount.unit == TimeUnit::Day).map(|count| count as i64 + days);
    let value = count.and_then(|count| context.shifted(TimeUnit::Day, count));
    Time::date(first..end, Grain::Day, value).counting(amount.is_counted)
}

/// "a year-earlier loss": the year before, or the same quarter of it.
fn periods_before(context: &TimeContext<'_, '_>, first: usize, amount: &Amount) -> Option<Time> {
    let count = amount.count.filter(|count| count.fract() == 0.0)? as i64;
    let value = (count == 1 && amount.unit == TimeUnit::Year).then(|| context.focus.quarter(-1)).flatten();
    let value = value.or_else(|| context.shifted(amount.unit, -count));
    let start = if amount.is_counted { first } else { first + 1 };
    Some(Time::date(start..amount.end + 2, Grain::Other, value).counting(amount.is_counted))
}

impl Amount {
    /// As in ISO 8601: "two and a half hours" are `PT2H30M`, 3.5 years `P3.5Y`.
    fn value(&self) -> String {
        let Some(count) = self.count else { return self.unit.duration(None) };
        let smaller = match self.unit {
            TimeUnit::Year => "6M",
            TimeUnit::Hour => "30M",
            TimeUnit::Minute => "30S",
            _ => return self.unit.duration(Some(count)),
        };
        if self.is_mixed && (count.fract() - 0.5).abs() < f64::EPSILON && count > 1.0 {
            format!("{}{smaller}", self.unit.duration(Some(count.trunc())))
        } else {
            self.unit.duration(Some(count))
        }
    }
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
        one("It rained all day.", "all day", "P1D");
        one("It rained for a couple of weeks.", "a couple of weeks", "P2W");
        one("It may rain for the next year or so.", "the next year or so", "2025");
        assert_eq!(read("a 30-year-old farmer, 37 years old"), []);
        assert_eq!(read("it costs 5 dollars a day"), []);
    }

    #[test]
    fn distances() {
        one("It rained two years ago.", "two years ago", "2022");
        one("It rained a year earlier.", "a year earlier", "2023");
        one("It rained a week or so ago.", "a week or so ago", "2024-W09");
        one("It will rain two days from now.", "two days from now", "2024-03-09");
        one("It rained three days before the fair.", "three days", "P3D");
        assert_eq!(values("The pump broke on May 4, 2019. Three days later it rained."), ["2019-05-04", "2019-05-07"]);
        assert_eq!(values("Profit rose in the third quarter from a year earlier."), ["2023-Q3", "2022-Q3"]);
    }
}
