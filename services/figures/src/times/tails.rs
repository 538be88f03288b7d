//! Words behind a time that belong to it, or that name another one: "Friday night", "April 24 and 25".

use tallywire_proto::TimeKind;

use super::{Grain, Time, TimeContext, calendar, days::day_in, join::day_of, words::TimeWord, years::below_hundred};

/// A time with the words behind it that belong to it: "Friday night", "the next year or so", "tonight at 7".
pub(crate) fn with_tail(context: &TimeContext<'_, '_>, time: Time) -> Time {
    let end = time.tokens.end;
    let sentence = &context.sentence;
    if sentence.word(end) == "or" && sentence.word(end + 1) == "so" {
        return time.until(end + 2);
    }
    // "last year’s quarter"
    let is_period = matches!(sentence.word(end), "'s" | "’s") && matches!(sentence.word(end + 1), "quarter" | "period");
    if time.grain == Grain::Year && is_period {
        let year = time.value.as_deref().and_then(|value| value.parse().ok());
        let value = year.and_then(|year| context.focus.quarter_of(year)).or(time.value);
        return Time::date(time.tokens.start..end + 2, Grain::Quarter, value);
    }
    let time = with_part(context, time);
    at_hour(context, &time).unwrap_or(time)
}

/// "Friday night", "tomorrow morning"
fn with_part(context: &TimeContext<'_, '_>, day: Time) -> Time {
    let end = day.tokens.end;
    let Some(TimeWord::Part(part)) = context.words.get(&context.sentence, end).filter(|_| day.grain == Grain::Day)
    else {
        return day;
    };
    let value = day_of(day.value.as_deref()).map(|day| format!("{day}T{part}"));
    Time::new(day.tokens.start..end + 1, TimeKind::Time, Grain::Part, value)
}

/// "tonight at 7", "Friday at seven": an hour where nothing counted follows it.
fn at_hour(context: &TimeContext<'_, '_>, day: &Time) -> Option<Time> {
    let sentence = &context.sentence;
    let at = day.tokens.end + 1;
    // "every night at 9"
    let is_set = day.kind == TimeKind::Set && day.value.as_deref().is_some_and(|value| value.starts_with("XXXX"));
    let leads =
        matches!(sentence.word(at - 1), "at" | "around") && (matches!(day.grain, Grain::Day | Grain::Part) || is_set);
    if !leads || sentence.is_word(at + 1) || sentence.touches_next(at) && !matches!(sentence.raw(at + 1), "." | ",") {
        return None;
    }
    let hour = match sentence.raw(at).parse() {
        Ok(hour) => hour,
        Err(_) => below_hundred(sentence, at)?.0,
    };
    if !(1..=12).contains(&hour) || sentence.touches_next(at + 1) && sentence.is_digits(at + 2) {
        return None;
    }
    let value = day.value.as_deref().map(|value| {
        let (day, part) = value.split_once('T').unwrap_or((value, ""));
        let is_late = matches!(part, "AF" | "EV" | "NI") && hour < 12;
        format!("{day}T{:02}:00", if is_late { hour + 12 } else { hour })
    });
    let (kind, grain) = if is_set { (TimeKind::Set, Grain::Other) } else { (TimeKind::Time, Grain::Clock) };
    Some(Time::new(day.tokens.start..at + 1, kind, grain, value))
}

/// "April 24 and 25", "November 19 to the 21st": the second day, whose month is the first one's.
pub(crate) fn second_day(context: &TimeContext<'_, '_>, time: &Time) -> Option<Time> {
    let sentence = &context.sentence;
    let end = time.tokens.end;
    let joins = matches!(sentence.word(end), "to" | "through" | "and" | "until" | "till" | "or");
    let last = end.checked_sub(1).filter(|last| {
        let ends_in_day = !sentence.is_word(*last) || matches!(sentence.word(*last), "st" | "nd" | "rd" | "th");
        time.grain == Grain::Day && joins && ends_in_day
    })?;
    // It is a month with a day, and no more: the year would be the second’s.
    let has_month = (time.tokens.start..last).any(|at| context.words.month(sentence, at).is_some());
    let first = end + 1;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let (day, behind) = day_in(sentence, at).filter(|_| has_month && time.is_open)?;
    let is_counted = sentence.is_word(behind)
        && !matches!(sentence.word(behind), "in" | "at" | "when" | "with" | "for" | "and")
        || sentence.is_hyphen(behind)
        || matches!(sentence.raw(behind), "%" | ":" | "/");
    if is_counted {
        return None;
    }
    let start = time.value.as_deref().and_then(calendar::first_day);
    let value = start.and_then(|start| calendar::date(i64::from(start.year()), start.month(), day));
    Some(Time::date(first..behind, Grain::Day, value.map(|day| day.to_string())))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read, values};

    #[test]
    fn tails() {
        one("It will rain tonight at 7.", "tonight at 7", "2024-03-07T19:00");
        one("They sing every night at 9.", "every night at 9", "XXXX-XX-XXT21:00");
        one("They met on Friday at seven.", "Friday at seven", "2024-03-01T07:00");
        assert_eq!(values("They met on Feb. 24 and 25."), ["2024-02-24", "2024-02-25"]);
        assert_eq!(values("They met from Feb. 3 through the 7th."), ["2024-02-03", "2024-02-07"]);
        assert_eq!(values("They met on Feb. 24 and 25 goats came."), ["2024-02-24"]);
        assert_eq!(read("They met on Friday at 7 inns.").len(), 1);
    }
}
