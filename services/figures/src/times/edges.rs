//! Words before a time that belong to it: how much of it ("nearly a year") and which part ("the end of May").

use tallywire_proto::TimeKind;

use super::{Grain, Time, TimeContext, periods};

/// A time behind such words; they are inside its span as the guidelines of `TimeML` have it for its `mod`.
pub(crate) fn edged(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    match context.sentence.word(first) {
        "the" | "end" | "beginning" | "start" | "middle" | "rest" | "first" | "second" | "third" | "fourth"
        | "last" | "final" => part_of(context, first),
        "early" | "late" | "mid" | "earlier" | "later" => early_or_late(context, first),
        _ => bounded(context, first),
    }
    .or_else(|| early_or_late(context, first).filter(|_| context.sentence.word(first) == "the"))
}

/// "more than four hours", "nearly a decade", "at least the past 18 months"
fn bounded(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let length = match (sentence.word(first), sentence.word(first + 1)) {
        ("no" | "not", "more" | "less" | "fewer") if sentence.word(first + 2) == "than" => 3,
        ("more" | "less" | "fewer", "than") | ("at", "least" | "most") | ("up" | "close", "to") => 2,
        // "over the years" is when, "over an hour" how long.
        ("nearly" | "almost" | "about" | "around" | "approximately" | "roughly", _)
        | ("over" | "under", "a" | "an") => 1,
        _ => return None,
    };
    let inner = context.plain(first + length)?;
    let is_possessive = matches!(sentence.word(inner.tokens.end), "'s" | "’s");
    if sentence.word(first) == "around" && !is_possessive && inner.kind != TimeKind::Set && inner.grain != Grain::Other
    {
        return Some(inner.from(first));
    }
    let is_amount = inner.kind == TimeKind::Duration || inner.counts || is_away(context, &inner);
    is_amount.then(|| inner.from(first))
}

/// "a year ago"
fn is_away(context: &TimeContext<'_, '_>, time: &Time) -> bool {
    matches!(context.sentence.word(time.tokens.end - 1), "ago" | "earlier" | "later")
}

/// "the end of November", "the second half of 2022", "the rest of the week"
fn part_of(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    let (half, at) = match (sentence.word(at), sentence.word(at + 1)) {
        ("end" | "beginning" | "start" | "middle" | "rest" | "remainder" | "close" | "turn" | "height", _) => {
            (None, at + 1)
        }
        ("first", "half") => (Some(1), at + 2),
        ("second" | "last" | "latter", "half") => (Some(2), at + 2),
        // "the early part of May", "the first week of October"
        ("early" | "latter" | "better", "part")
        | (
            "first" | "second" | "third" | "fourth" | "last" | "final",
            "week" | "weeks" | "weekend" | "days" | "months",
        ) => (None, at + 2),
        _ => return None,
    };
    // "the third week next year"
    let is_week = sentence.word(at - 1) == "week" && matches!(sentence.word(at), "last" | "this" | "next");
    let at = if is_week { at - 1 } else { at };
    if sentence.word(at) != "of" && !is_week {
        return None;
    }
    let inner = periods::unit_of_today(context, at + 1)
        .or_else(|| context.plain(at + 1))
        .filter(|inner| matches!(inner.kind, TimeKind::Date) && !inner.counts)?;
    let value = match (half, inner.grain) {
        (Some(half), Grain::Year) => inner.value.map(|year| format!("{year}-H{half}")),
        _ => inner.value,
    };
    Some(Time { value, ..inner }.from(first))
}

/// "late November", "mid-2019", "the early 1990s", "earlier this year", "later in the day"
fn early_or_late(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let has_article = sentence.word(first) == "the";
    let at = if has_article { first + 1 } else { first };
    let is_comparison = match sentence.word(at) {
        "early" | "late" | "mid" => false,
        "earlier" | "later" if !has_article => true,
        _ => return None,
    };
    let behind = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    if sentence.word(behind) == "in" && !has_article {
        let inner = periods::unit_of_today(context, behind + 1).filter(|_| sentence.word(behind + 1) == "the");
        let inner = inner.or_else(|| context.plain(behind + 1).filter(|inner| inner.grain >= Grain::Week))?;
        return (inner.kind == TimeKind::Date && inner.grain != Grain::Other).then(|| inner.from(first));
    }
    if sentence.word(behind) == "the" {
        return None;
    }
    let inner = context.plain(behind)?;
    let is_decade = inner.value.as_deref().is_some_and(|value| value.ends_with('X'));
    let is_date = inner.kind != TimeKind::Duration && inner.kind != TimeKind::Set && !inner.counts;
    let points = matches!(sentence.word(behind), "this" | "last" | "next" | "that" | "today" | "tomorrow");
    let fits = is_date && (inner.grain != Grain::Other || is_decade) && (!is_comparison || points);
    // "the early 1990s", "the early summer", but "the late March storm"
    let start = if has_article && !is_decade && inner.grain != Grain::Season { at } else { first };
    fits.then(|| inner.from(start))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn how_much() {
        one("It rained for more than four hours.", "more than four hours", "PT4H");
        one("It rained for nearly a decade.", "nearly a decade", "P10Y");
        one("It rained almost two years ago.", "almost two years ago", "2022");
        one("It rained over the past week.", "the past week", "P1W");
        assert_eq!(read("More than 40 boats sank."), []);
    }

    #[test]
    fn which_part() {
        one("It rained at the end of November.", "the end of November", "2023-11");
        one("It rained in the second half of 2022.", "the second half of 2022", "2022-H2");
        one("It may rain for the rest of the week.", "the rest of the week", "2024-W10");
        one("It rained in the first week of October.", "the first week of October", "2023-10");
        one("It rained in the late 1970s.", "the late 1970s", "197X");
        one("It rained in mid-2019.", "mid-2019", "2019");
        one("It rained earlier this year.", "earlier this year", "2024");
        one("It may rain later in the day.", "later in the day", "2024-03-07");
        one("It rained late yesterday.", "late yesterday", "2024-03-06");
        assert_eq!(read("the late mayor, of late, at the end of the road"), []);
    }
}
