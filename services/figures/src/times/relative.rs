//! Times counted from the day of publication, or from the last one named: "last week", "this morning", "that year".

use std::ops::Range;

use jiff::{ToSpan, civil::Date};
use tallywire_proto::TimeKind;

use super::{
    Grain, Time, TimeContext,
    calendar::{self, Reach, TimeUnit},
    dates, durations, holidays,
    weekdays::{self, Which},
    words::TimeWord,
};

/// Which one a word points to.
#[derive(Clone, Copy, PartialEq)]
enum Pointer {
    /// So many units from today: "last", "this", "next".
    Today(i64),
    /// So many units from what was named last: "the following", "that".
    Named(i64),
}

impl Pointer {
    fn count(self) -> i64 {
        match self {
            Self::Today(count) | Self::Named(count) => count,
        }
    }
}

/// "last week", "this morning", "the following day", "that year"; and stretches: "the past two days".
pub(crate) fn relative(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if let Some(time) = next_but_one(context, first) {
        return Some(time);
    }
    let has_article = sentence.word(first) == "the";
    let at = if has_article { first + 1 } else { first };
    let mut pointer = match sentence.word(at) {
        "last" | "past" => Pointer::Today(-1),
        "this" | "current" => Pointer::Today(0),
        "these" if sentence.word(at + 1) == "days" => Pointer::Today(0),
        "next" | "following" if has_article => Pointer::Named(1),
        "next" | "coming" | "upcoming" => Pointer::Today(1),
        "previous" => Pointer::Named(-1),
        "that" | "same" => Pointer::Named(0),
        "first" | "final" | "latest" | "opening" => return durations::stretch(context, first, at + 1),
        _ => return None,
    };
    let mut at = at;
    match (sentence.word(at), sentence.word(at + 1)) {
        ("that" | "this", "same") => at += 1,
        ("this", "past") => (at, pointer) = (at + 1, Pointer::Today(-1)),
        ("this", "coming") => (at, pointer) = (at + 1, Pointer::Today(1)),
        _ => {}
    }
    let is_stretch = !matches!(pointer, Pointer::Named(0)) && sentence.word(at) != "this";
    if let Some(time) = durations::stretch(context, first, at + 1).filter(|_| is_stretch) {
        return Some(time);
    }
    // "in the past"
    if sentence.word(at) == "past" && has_article && at == first + 1 && !sentence.is_word(at + 1) {
        return Some(Time::date(first..at + 1, Grain::Other, Some("PAST_REF".to_owned())));
    }
    let behind =
        if matches!(sentence.word(at + 1), "fiscal" | "calendar" | "financial" | "academic") { at + 2 } else { at + 1 };
    if let Some(holiday) = holidays::pointed(context, first, behind, pointer.count()) {
        return Some(holiday);
    }
    let word = context.words.get(sentence, behind)?;
    // "CBS This Morning": a name.
    let is_common = matches!(word, TimeWord::Unit(_) | TimeWord::Part(_));
    if is_common && sentence.is_capitalized(at) && sentence.is_capitalized(behind) {
        return None;
    }
    match word {
        TimeWord::Unit(unit) => unit_behind(context, first..behind, at, unit, pointer),
        TimeWord::Part(part) => {
            // "this morning", "last night"; "last morning" is nothing that is said.
            let day = anchor(context, pointer)?;
            Some(Time::new(first..behind + 1, TimeKind::Time, Grain::Part, Some(format!("{day}T{part}"))))
        }
        TimeWord::Season(season) => Some(season_behind(context, first..behind + 1, season, pointer.count())),
        TimeWord::Weekday(_) => weekday_behind(context, first..behind, at, pointer),
        TimeWord::Month(_) => month(context, first, behind, pointer),
        _ => None,
    }
}

/// "last week", "the last week", "past years": `tokens` end before the unit, `at` is the pointer.
fn unit_behind(
    context: &TimeContext<'_, '_>,
    tokens: Range<usize>,
    at: usize,
    unit: TimeUnit,
    pointer: Pointer,
) -> Option<Time> {
    let sentence = &context.sentence;
    // "the last year" and "the past year" are a year long, "last year" is the one before; "the next decade" is ten.
    let is_bygone = sentence.word(at) == "past" && sentence.word_before(at, 1) != "this";
    let is_the_newest = sentence.word(at) == "last" && sentence.word(tokens.start) == "the";
    let is_plural = sentence.word(tokens.end).ends_with('s');
    let is_decade = unit == TimeUnit::Decade && sentence.word(tokens.start) == "the";
    if (is_bygone || is_the_newest || is_decade) && !is_plural && unit != TimeUnit::Weekend {
        return Some(Time::duration(tokens.start..tokens.end + 1, unit.duration(Some(1.0))));
    }
    unit_from(context, tokens.start, tokens.end, unit, pointer)
}

/// "this summer", "last fall"
fn season_behind(context: &TimeContext<'_, '_>, tokens: Range<usize>, season: &str, years: i64) -> Time {
    let year =
        context.published.and_then(|day| calendar::year(i64::from(day.year()) + season_shift(day, season, years)));
    Time::date(tokens, Grain::Season, year.map(|year| format!("{year}-{season}")))
}

/// "last Friday", "next Tuesday", "the previous Friday": `tokens` end before the weekday, `at` is the pointer.
fn weekday_behind(context: &TimeContext<'_, '_>, tokens: Range<usize>, at: usize, pointer: Pointer) -> Option<Time> {
    let sentence = &context.sentence;
    let number = context.words.weekday(sentence, tokens.end)?;
    if let (Pointer::Named(-1), Some(day)) = (pointer, context.focus.day()) {
        let day = day.yesterday().ok().and_then(|day| calendar::weekday(day, number, Reach::Past));
        return Some(Time::date(tokens.start..tokens.end + 1, Grain::Day, day.map(|day| day.to_string())));
    }
    let which = match pointer.count() {
        -1 => Which::Last,
        _ if matches!(sentence.word(at), "coming" | "upcoming") => Which::Coming,
        weeks => Which::OfWeek(weeks),
    };
    Some(weekdays::weekday(context, tokens.start, tokens.end, number, which))
}

/// "the day before yesterday", "the day after tomorrow", "the week after next"
fn next_but_one(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let unit = context.words.unit(sentence, at)?;
    let (grain, count) = match (unit, sentence.word(at + 1), sentence.word(at + 2)) {
        (TimeUnit::Day, "before", "yesterday") => (Grain::Day, -2),
        (TimeUnit::Day, "after", "tomorrow") => (Grain::Day, 2),
        (TimeUnit::Week, "before", "last") => (Grain::Week, -2),
        (TimeUnit::Week, "after", "next") => (Grain::Week, 2),
        (TimeUnit::Year, "before", "last") => (Grain::Year, -2),
        (TimeUnit::Year, "after", "next") => (Grain::Year, 2),
        _ => return None,
    };
    // "the week after next week" names the second of the two.
    let is_whole = context.words.unit(sentence, at + 3).is_none();
    is_whole.then(|| Time::date(first..at + 3, grain, context.shifted(unit, count)))
}

/// "last fall" in March is that of the year before; in November it is this year's or the last; the one that has ended.
fn season_shift(day: Date, season: &str, years: i64) -> i64 {
    let has_ended = match season {
        "SP" => day.month() > 5,
        "SU" => day.month() > 8,
        _ => false,
    };
    if years == -1 && has_ended { 0 } else { years }
}

/// "this September" is this year's; "last" and "next" reach for the nearest.
fn month(context: &TimeContext<'_, '_>, first: usize, at: usize, pointer: Pointer) -> Option<Time> {
    let reach = match pointer.count() {
        -1 => Reach::Past,
        1 => Reach::Future,
        _ => {
            let time = dates::month(context, first, at, Some(Reach::Nearest))?;
            let value = time
                .value
                .zip(context.published)
                .and_then(|(value, day)| Some(format!("{:04}{}", day.year(), value.get(4..)?)));
            return Some(Time { value, ..time });
        }
    };
    dates::month(context, first, at, Some(reach))
}

/// The day that a pointer points to.
fn anchor(context: &TimeContext<'_, '_>, pointer: Pointer) -> Option<Date> {
    let (day, days) = match pointer {
        Pointer::Today(days) => (context.published?, days),
        Pointer::Named(days) => (context.focus.day().or(context.published)?, days),
    };
    day.checked_add(days.days()).ok()
}

fn unit_from(context: &TimeContext<'_, '_>, first: usize, at: usize, unit: TimeUnit, pointer: Pointer) -> Option<Time> {
    let is_plural = context.sentence.word(at).ends_with('s');
    let reference = match pointer {
        _ if !is_plural => None,
        Pointer::Today(1) => Some("FUTURE_REF"),
        Pointer::Today(0) if context.sentence.word(at) == "days" => Some("PRESENT_REF"),
        Pointer::Today(-1) => Some("PAST_REF"),
        _ => return None,
    };
    if let Some(reference) = reference {
        return Some(Time::date(first..at + 1, Grain::Other, Some(reference.to_owned())));
    }
    let grain = match unit {
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour => return None,
        TimeUnit::Day => Grain::Day,
        TimeUnit::Week | TimeUnit::Fortnight | TimeUnit::Weekend => Grain::Week,
        TimeUnit::Month => Grain::Month,
        TimeUnit::Quarter => Grain::Quarter,
        TimeUnit::Year => Grain::Year,
        TimeUnit::Decade | TimeUnit::Century => Grain::Other,
    };
    let value = match pointer {
        Pointer::Today(count) => context.shifted(unit, count),
        Pointer::Named(count) => {
            let named = match unit {
                TimeUnit::Day | TimeUnit::Week | TimeUnit::Weekend => context.focus.day(),
                TimeUnit::Month => context.focus.month(),
                _ => context.focus.year(),
            };
            let from = named.or(if count == 0 { None } else { context.published });
            match unit {
                TimeUnit::Quarter => context.focus.quarter(0).filter(|_| count == 0),
                _ => from.and_then(|day| calendar::shifted(day, unit, count)),
            }
        }
    };
    // "that day" and "that year" are times only where one was named.
    let is_pronoun = matches!(pointer, Pointer::Named(0)) && value.is_none();
    (!is_pronoun).then(|| Time::date(first..at + 1, grain, value))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read, values};

    #[test]
    fn from_today() {
        one("It rained last week.", "last week", "2024-W09");
        one("It rained last night.", "last night", "2024-03-06TNI");
        one("It rained this morning.", "this morning", "2024-03-07TMO");
        one("It will rain next Tuesday.", "next Tuesday", "2024-03-12");
        one("It will rain this coming Sunday.", "this coming Sunday", "2024-03-10");
        one("It will rain this September.", "this September", "2024-09");
        one("It rained last fall.", "last fall", "2023-FA");
        one("It rained the day before yesterday.", "the day before yesterday", "2024-03-05");
        one("It will rain the week after next.", "the week after next", "2024-W12");
        one("It rains little these days.", "these days", "PRESENT_REF");
        one("It rained for the past year.", "the past year", "P1Y");
        one("It will rain over the next decade.", "the next decade", "P10Y");
        one("It will rain in coming months.", "coming months", "FUTURE_REF");
        one("It will rain in the current fiscal year.", "the current fiscal year", "2024");
    }

    #[test]
    fn from_what_was_named() {
        assert_eq!(values("The pump broke on May 4, 2019. The next day it rained."), ["2019-05-04", "2019-05-05"]);
        assert_eq!(values("She left in 2015. The following year she came back."), ["2015", "2016"]);
        assert_eq!(values("It opened in June 2016 and closed later that year."), ["2016-06", "2016"]);
        assert_eq!(read("He said that day care is dear."), []);
        assert_eq!(read("She sang on This Morning."), []);
    }
}
