//! So many units of time: "two years", "a couple of weeks", "half an hour", "two to three days".

use super::{TimeContext, calendar::TimeUnit};
use crate::numbers::{Form, Number};

/// So many units of time: how many, if that is said, and one past the last token.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    pub(crate) unit: TimeUnit,
    pub(crate) count: Option<f64>,
    pub(crate) end: usize,
    /// Whether a number in digits or words says how many.
    pub(crate) is_counted: bool,
    /// "2 1/2 years" is written with a fraction, not with a point.
    is_mixed: bool,
    /// "and three months" behind "two years".
    pub(crate) rest: Vec<(TimeUnit, f64)>,
}

impl Amount {
    /// As in ISO 8601: "two and a half hours" are `PT2H30M`, 3.5 years `P3.5Y`.
    pub(crate) fn value(&self) -> String {
        let Some(count) = self.count else { return self.unit.duration(None) };
        if !self.rest.is_empty() {
            return self.composed(count);
        }
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

    /// "2 years 1 month 3 hours": days and more, then what is less than a day.
    fn composed(&self, count: f64) -> String {
        let (mut date, mut time) = (String::new(), String::new());
        for (unit, count) in std::iter::once(&(self.unit, count)).chain(&self.rest) {
            let value = unit.duration(Some(*count));
            match value.strip_prefix("PT") {
                Some(part) => time.push_str(part),
                None => date.push_str(value.trim_start_matches('P')),
            }
        }
        if time.is_empty() { format!("P{date}") } else { format!("P{date}T{time}") }
    }
}

/// A number and a unit: "two years", "10-year", "two to three weeks", "eight trading days".
pub(crate) fn counted(context: &TimeContext<'_, '_>, number: &Number) -> Option<Amount> {
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
    let unit = context.words.unit(sentence, at).or_else(|| {
        // "3h"
        let is_hours = sentence.word(at) == "h"
            && number.form == Form::Digits
            && at == number.tokens.end
            && !(sentence.touches_next(at) && sentence.is_digits(at + 1));
        is_hours.then_some(TimeUnit::Hour)
    })?;
    let old = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    if unit == TimeUnit::Weekend || matches!(sentence.word(old), "old" | "olds") {
        return None;
    }
    // "the twenty second" is a day.
    if unit == TimeUnit::Second
        && number.form == Form::Words
        && number.tokens.end == at
        && sentence.word(at) == "second"
    {
        return None;
    }
    if unit == TimeUnit::Day && number.tokens.end == at && is_some_day(context, number.tokens.start) {
        return None;
    }
    // "two quarters" are half a year, "a quarter" is mostly none; "first 2 second" is no time.
    if unit == TimeUnit::Quarter && !sentence.word(at).ends_with('s') || is_ordinal_second(context, at) {
        return None;
    }
    let is_mixed = number.tokens.len() > 1 && number.form != Form::Words
        || number.form == Form::Words && number.low.fract() != 0.0;
    let amount = Amount { unit, count, end: at + 1, is_counted: true, is_mixed, rest: Vec::new() };
    Some(with_smaller(context, amount))
}

/// "One day she asked", "will one day be asked"
fn is_some_day(context: &TimeContext<'_, '_>, one: usize) -> bool {
    let sentence = &context.sentence;
    let is_measured = !sentence.is_word(one + 2)
        || matches!(sentence.word(one + 2), "ago" | "later" | "earlier" | "after" | "before" | "in" | "of")
        || matches!(
            sentence.word_before(one, 1),
            "in" | "for"
                | "within"
                | "of"
                | "only"
                | "just"
                | "after"
                | "than"
                | "least"
                | "by"
                | "last"
                | "past"
                | "next"
        );
    sentence.word(one) == "one" && !is_measured
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

/// "an hour and a half", "a year or two", "two years and three months"
fn with_smaller(context: &TimeContext<'_, '_>, mut amount: Amount) -> Amount {
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
    while let Some((unit, count, end)) = further(context, amount.end).filter(|_| amount.count.is_some()) {
        amount.rest.push((unit, count));
        amount.end = end;
    }
    amount
}

/// Another number with a unit right behind the one before, or behind "and".
fn further(context: &TimeContext<'_, '_>, end: usize) -> Option<(TimeUnit, f64, usize)> {
    let sentence = &context.sentence;
    let at = if sentence.word(end) == "and" { end + 1 } else { end };
    let number = context.number_at(at).filter(|number| number.low.to_bits() == number.high.to_bits())?;
    let unit = context.words.unit(sentence, number.tokens.end)?;
    let end = number.tokens.end + 1;
    let is_plain = !matches!(unit, TimeUnit::Weekend | TimeUnit::Quarter) && sentence.word(end) != "old";
    is_plain.then_some((unit, number.low, end))
}

/// "a year", "an hour ago", "several months", "decades", "half an hour", "the weeks".
pub(crate) fn with_article(context: &TimeContext<'_, '_>, first: usize) -> Option<Amount> {
    let sentence = &context.sentence;
    let amount = |unit, count, end| Amount { unit, count, end, is_counted: false, is_mixed: false, rest: Vec::new() };
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
    // "day-to-day"
    let is_compound = sentence.is_hyphen(unit_at + 1)
        && !matches!(sentence.word(unit_at + 2), "long" | "ago" | "earlier" | "old" | "end");
    let is_of_hundreds = unit_at == first && sentence.is_digits(first.wrapping_sub(1));
    if is_age || is_compound || is_of_hundreds || unit == TimeUnit::Quarter && unit_at == first {
        return None;
    }
    if count == Some(1.0) && (unit == TimeUnit::Quarter || is_rate(context, first, unit_at)) {
        return None;
    }
    Some(with_smaller(context, amount(unit, count, unit_at + 1)))
}

/// "$5 a day", "three times a week": the article is a "per".
fn is_rate(context: &TimeContext<'_, '_>, first: usize, unit_at: usize) -> bool {
    let sentence = &context.sentence;
    let before = sentence.word_before(first, 1);
    let follows_amount =
        sentence.is_digits(first.wrapping_sub(1)) || matches!(before, "%" | "million" | "billion" | "once" | "twice");
    let follows_plural = before.ends_with('s') && !matches!(before, "was" | "is" | "as" | "less" | "'s" | "’s");
    // "$12-an-hour"
    if sentence.touches_previous(first) && sentence.is_dash(first - 1) {
        return true;
    }
    (follows_amount || follows_plural) && !matches!(sentence.word(unit_at + 1), "ago" | "earlier")
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
    is_one.then(|| Amount { unit, count: Some(0.5), end: at + 1, is_counted: false, is_mixed: false, rest: Vec::new() })
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn amounts() {
        one("The shop ran for 3h.", "3h", "PT3H");
        one("They stayed one day.", "one day", "P1D");
        one("It was a decades-long quarrel.", "decades-long", "PXE");
        one("It was a several-year lease.", "several-year", "PXY");
        one("It may take a month or two.", "a month or two", "PXM");
        assert_eq!(read("One day she asked who owned the goats."), []);
        assert_eq!(read("They sell 40 hats a day on a day-to-day basis for $12-an-hour."), []);
    }
}
