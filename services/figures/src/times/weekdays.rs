//! Weekdays: "Friday", "last Friday", "Friday, March 8", "the first Friday of March".

use jiff::civil::Weekday;

use super::{
    Grain, Time, TimeContext,
    calendar::{self, Reach, TimeUnit},
    dates,
    days::ordinal_at,
    digit_dates, tense,
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
    let behind = if matches!(sentence.raw(at + 1), "," | "(") || sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    let date = if context.words.month(sentence, behind).is_some() {
        dates::month(context, behind, behind, None)
    } else if sentence.is_digits(behind) {
        digit_dates::in_digits(context, behind).or_else(|| dates::day_first(context, behind))
    } else {
        None
    };
    let date = date.filter(|date| date.grain == Grain::Day)?;
    let date = in_matching_year(context, at, date);
    let end = if sentence.raw(at + 1) == "(" && sentence.raw(date.tokens.end) == ")" {
        date.tokens.end + 1
    } else {
        date.tokens.end
    };
    Some(date.from(first).until(end))
}

/// Of the years next to it, the weekday tells which is meant: "Friday, July 22" was in 2022.
fn in_matching_year(context: &TimeContext<'_, '_>, at: usize, date: Time) -> Time {
    let weekday = context.words.weekday(&context.sentence, at);
    let day = date.value.as_deref().filter(|_| date.is_open).and_then(calendar::first_day);
    let (Some(weekday), Some(day)) = (weekday, day) else { return date };
    let years = [0, 1, -1].map(|years| calendar::date(i64::from(day.year()) + years, day.month(), day.day()));
    let fits = |day: &jiff::civil::Date| day.weekday().to_monday_one_offset() == weekday;
    let value = years.into_iter().flatten().find(fits).unwrap_or(day).to_string();
    Time { value: Some(value), ..date }
}

/// "two Sundays ago", "three Fridays from now": `first` is the number.
pub(crate) fn counted(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let number = context
        .number_at(first)
        .filter(|number| (1.0..1e3).contains(&number.low) && number.low.to_bits() == number.high.to_bits())?;
    let at = number.tokens.end;
    let weekday = context.words.weekday(sentence, at)?;
    let (reach, end) = match (sentence.word(at + 1), sentence.word(at + 2)) {
        ("ago", _) => (Reach::Past, at + 2),
        ("from", "now" | "today") => (Reach::Future, at + 3),
        _ => return None,
    };
    let further = (number.low as i64).saturating_sub(1);
    let further = if reach == Reach::Past { -further } else { further };
    let day = context.published.and_then(|published| {
        let from = if reach == Reach::Past { published.yesterday().ok()? } else { published };
        calendar::moved(calendar::weekday(from, weekday, reach)?, TimeUnit::Week, further)
    });
    Some(Time::date(first..end, Grain::Day, day.map(|day| day.to_string())).counting(true))
}

/// "the first Friday of July", "the second Monday of next month", "the last Sunday in May"
pub(crate) fn nth_of_month(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let (nth, at) = match sentence.word(at) {
        "last" => (-1, at + 1),
        _ => ordinal_at(sentence, at).filter(|(nth, _)| *nth <= 5)?,
    };
    let weekday = Weekday::from_monday_one_offset(context.words.weekday(sentence, at)?).ok()?;
    if !matches!(sentence.word(at + 1), "of" | "in") {
        return None;
    }
    let of = at + 2;
    let month = context.words.month(sentence, of).and_then(|_| dates::month(context, of, of, None)).or_else(|| {
        let months = match sentence.word(of) {
            "last" | "previous" => -1,
            "this" | "the" => 0,
            "next" => 1,
            _ => return None,
        };
        let is_month = sentence.word(of + 1) == "month";
        is_month.then(|| Time::date(of..of + 2, Grain::Month, context.shifted(TimeUnit::Month, months)))
    });
    let month = month.filter(|month| month.grain == Grain::Month)?;
    let start = month.value.as_deref().and_then(calendar::first_day);
    let day = start.and_then(|start| start.nth_weekday_of_month(nth, weekday).ok());
    Some(Time::date(first..month.tokens.end, Grain::Day, day.map(|day| day.to_string())))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, values};

    #[test]
    fn weekdays() {
        one("It rained on Sunday, March 3.", "Sunday, March 3", "2024-03-03");
        one("It rained on Wed, 28 of Feb.", "Wed, 28 of Feb.", "2024-02-28");
        one("It rained on Thursday the 29th.", "Thursday the 29th", "2024-03-29");
        one("It rained on Friday (March 1).", "Friday (March 1)", "2024-03-01");
        one("It rained on Friday, July 22.", "Friday, July 22", "2022-07-22");
        one("It rained two Sundays ago.", "two Sundays ago", "2024-02-25");
        assert_eq!(values("They meet next week, on Monday and Friday."), ["2024-W11", "2024-03-11", "2024-03-15"]);
        one("It rained last Thursday.", "last Thursday", "2024-02-29");
        one("It rained on the first Friday of July 2019.", "the first Friday of July 2019", "2019-07-05");
        one("They meet on the second Monday of next month.", "the second Monday of next month", "2024-04-08");
        assert_eq!(values("It will rain from Friday through Sunday."), ["2024-03-08", "2024-03-10"]);
    }
}
