//! Times of the day: "10:35 a.m.", "19:00", "half past eight", "noon", "6 in the morning".

use super::{Grain, Time, TimeContext, words::TimeWord, years::below_hundred};
use crate::sentence::Sentence;
use tallywire_proto::TimeKind;

/// A time of the day; whose day, the text may say behind it.
pub(crate) fn clock(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if let Some(end) = middle_of_day(sentence, first) {
        return match sentence.word(end - 1) {
            "day" => Some(at_time(context, first, end, "12:00")),
            "night" => Some(at_time(context, first, end, "24:00")),
            _ => part(context, first, end),
        };
    }
    if matches!(sentence.word(first), "midmorning" | "midafternoon") {
        return part(context, first, first + 1);
    }
    if let Some(TimeWord::Clock(time)) = context.words.get(sentence, first) {
        return Some(at_time(context, first, first + 1, time));
    }
    if sentence.word(first) == "12"
        && let Some(TimeWord::Clock(time)) = context.words.get(sentence, first + 1)
    {
        return Some(at_time(context, first, first + 2, time));
    }
    military(context, first)
        .or_else(|| in_digits(context, first))
        .or_else(|| past_the_hour(context, first))
        .or_else(|| in_words(context, first))
}

fn at_time(context: &TimeContext<'_, '_>, first: usize, end: usize, time: &str) -> Time {
    let end = if is_zone(context.sentence.raw(end)) { end + 1 } else { end };
    let value = context.published.map(|day| format!("{day}T{time}"));
    Time::new(first..end, TimeKind::Time, Grain::Clock, value).open(true)
}

fn is_zone(word: &str) -> bool {
    matches!(
        word,
        "GMT" | "UTC" | "EST" | "EDT" | "CET" | "CEST" | "BST" | "PST" | "PDT" | "ET" | "PT" | "IST" | "AEST"
    )
}

/// "0735 GMT"
fn military(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if !matches!(sentence.raw(first + 1), "GMT" | "UTC") || !sentence.is_digits(first) {
        return None;
    }
    let (hours, minutes) = sentence.raw(first).split_at_checked(2).filter(|(_, rest)| rest.len() == 2)?;
    Some(at_time(context, first, first + 1, &format!("{hours}:{minutes}")))
}

/// "10:35 a.m.", "10.35pm" as in Britain, "19:00", "7 o'clock", "4 in the morning".
fn in_digits(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if !sentence.is_digits(first) || sentence.touches_previous(first) && sentence.raw(first - 1) == ":" {
        return None;
    }
    let digits = sentence.raw(first);
    // "1140 a.m."
    let is_glued = matches!(digits.len(), 3 | 4) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = match digits.split_at_checked(digits.len().saturating_sub(2)).filter(|_| is_glued) {
        Some(parts) => parts,
        None => digits.split_once('.').unwrap_or((digits, "")),
    };
    let hour: u8 = hour.parse().ok()?;
    let mut minute: u8 = if minute.len() == 2 { minute.parse().ok()? } else { 0 };
    let mut end = first + 1;
    let mut second = String::new();
    let follows = |end: usize| {
        let is_glued = sentence.raw(end) == ":" && sentence.touches_previous(end) && sentence.touches_next(end);
        (is_glued && sentence.raw(end + 1).len() == 2).then(|| sentence.raw(end + 1))
    };
    let has_minutes = follows(end).is_some();
    if let Some(minutes) = follows(end) {
        minute = minutes.parse().ok()?;
        end += 2;
        if let Some(seconds) = follows(end) {
            second = format!(":{seconds}");
            end += 2;
        }
    }
    if hour > 24 || minute > 59 {
        return None;
    }
    let (hour, end) = match half_of_day(context, first, hour, end) {
        Some(found) => found,
        None if has_minutes && !is_glued => (hour, end),
        None if is_glued => return None,
        None => (hour, oclock(sentence, end)?),
    };
    Some(at_time(context, first, end, &format!("{hour:02}:{minute:02}{second}")))
}

/// "seven thirty p.m.", "seven o'clock": hours in words only where the clock is named.
fn in_words(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let (hour, end) = below_hundred(sentence, first).filter(|(hour, _)| *hour <= 12)?;
    let (minute, behind) = below_hundred(sentence, end).unwrap_or((0, end));
    let hour = u8::try_from(hour).ok()?;
    let (hour, behind) = match half_of_day(context, first, hour, behind) {
        Some(found) => found,
        None if minute == 0 => (hour, oclock(sentence, end)?),
        None => return None,
    };
    Some(at_time(context, first, behind, &format!("{hour:02}:{minute:02}")))
}

fn oclock(sentence: &Sentence<'_>, at: usize) -> Option<usize> {
    matches!(sentence.word(at), "o'clock" | "o’clock" | "oclock").then_some(at + 1)
}

/// "p.m.", "in the morning", with the hour that they make of another, and one past the last token.
fn half_of_day(context: &TimeContext<'_, '_>, first: usize, hour: u8, at: usize) -> Option<(u8, usize)> {
    let sentence = &context.sentence;
    let behind = oclock(sentence, at).unwrap_or(at);
    let (is_late, end) = match sentence.word(behind) {
        "a.m." | "am" | "a.m" => (false, behind + 1),
        "p.m." | "pm" | "p.m" => (true, behind + 1),
        // "arrested 12 in the morning" counts people.
        "in" if sentence.word(behind + 1) == "the" && leads_to_hour(sentence.word_before(first, 1)) => {
            match sentence.word(behind + 2) {
                "morning" => (false, behind + 3),
                "afternoon" | "evening" => (true, behind + 3),
                "night" if (6..12).contains(&hour) => (true, behind + 3),
                _ => return None,
            }
        }
        half @ ("a" | "p") if sentence.word(behind + 1) == "." && sentence.word(behind + 2) == "m" => {
            (half == "p", if sentence.word(behind + 3) == "." { behind + 4 } else { behind + 3 })
        }
        half @ ("a" | "p") if sentence.word(behind + 1) == "m" => {
            (half == "p", if sentence.word(behind + 2) == "." { behind + 3 } else { behind + 2 })
        }
        _ => return None,
    };
    // "8 p.m. in the evening"
    let says_again = end > behind
        && sentence.word(end) == "in"
        && sentence.word(end + 1) == "the"
        && matches!(sentence.word(end + 2), "morning" | "afternoon" | "evening");
    let end = if says_again { end + 3 } else { end };
    (hour <= 12).then_some((if is_late { hour % 12 + 12 } else { hour % 12 }, end))
}

fn leads_to_hour(word: &str) -> bool {
    matches!(
        word,
        "at" | "around"
            | "about"
            | "by"
            | "until"
            | "till"
            | "from"
            | "to"
            | "past"
            | "before"
            | "after"
            | "since"
            | "is"
            | "was"
            | "it's"
            | "'s"
            | "’s"
    )
}

/// "half past eight", "a quarter to 8 in the morning", "20 minutes past five".
fn past_the_hour(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "a" { first + 1 } else { first };
    let (minutes, end) = match sentence.word(at) {
        "half" => (30, at + 1),
        "quarter" => (15, at + 1),
        // "ten past nine", "20 minutes past five"
        _ => {
            let (minutes, end) = small(sentence, at)?;
            let is_named = matches!(sentence.word(end), "minutes" | "minute" | "mins" | "min");
            if !is_named && sentence.word(end) != "past" {
                return None;
            }
            (minutes, if is_named { end + 1 } else { end })
        }
    };
    let is_before = match sentence.word(end) {
        "past" => false,
        "to" if minutes != 30 => true,
        _ => return None,
    };
    let (hour, end) = small(sentence, end + 1).filter(|(hour, _)| (1..=12).contains(hour))?;
    // "20 minutes to 5 hours", "a quarter to one club"
    let is_counted = context.words.unit(sentence, end).is_some() || is_before && sentence.is_word(end);
    let is_clock = oclock(sentence, end).is_some() || half_of_day(context, end - 1, hour, end).is_some();
    if is_counted && !is_clock && !matches!(sentence.word(end), "on" | "this" | "tomorrow" | "yesterday" | "today") {
        return None;
    }
    let (hour, end) = half_of_day(context, end - 1, hour, end).unwrap_or((hour, oclock(sentence, end).unwrap_or(end)));
    let (hour, minutes) = if is_before { ((hour + 23) % 24, 60 - minutes.min(59)) } else { (hour, minutes) };
    Some(at_time(context, first, end, &format!("{hour:02}:{minutes:02}")))
}

fn small(sentence: &Sentence<'_>, at: usize) -> Option<(u8, usize)> {
    let (number, end) = match sentence.raw(at).parse::<u8>() {
        Ok(number) => (number, at + 1),
        Err(_) => below_hundred(sentence, at).and_then(|(number, end)| Some((u8::try_from(number).ok()?, end)))?,
    };
    (number < 60).then_some((number, end))
}

/// "midday", "mid-afternoon": one past its last token.
fn middle_of_day(sentence: &Sentence<'_>, first: usize) -> Option<usize> {
    let at = if sentence.word(first) == "mid" { first + 1 } else { return None };
    let at = if sentence.is_hyphen(at) { at + 1 } else { at };
    matches!(sentence.word(at), "morning" | "afternoon" | "day" | "night").then_some(at + 1)
}

fn part(context: &TimeContext<'_, '_>, first: usize, end: usize) -> Option<Time> {
    let TimeWord::Part(letters) = context.words.get(&context.sentence, end - 1)? else { return None };
    let value = context.published.map(|day| format!("{day}T{letters}"));
    Some(Time::new(first..end, TimeKind::Time, Grain::Part, value).open(true))
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn times_of_the_day() {
        one("It rained at 10:35 a.m.", "10:35 a.m.", "2024-03-07T10:35");
        one("It rained at 10.35pm.", "10.35pm", "2024-03-07T22:35");
        one("It rained at 19:00:20.", "19:00:20", "2024-03-07T19:00:20");
        one("It rained at half past eight in the evening.", "half past eight in the evening", "2024-03-07T20:30");
        one("It rained at a quarter to 8.", "a quarter to 8", "2024-03-07T07:45");
        one("It rained at seven o’clock.", "seven o’clock", "2024-03-07T07:00");
        one("It rained at 4 in the morning.", "4 in the morning", "2024-03-07T04:00");
        one("It rained by mid-afternoon.", "mid-afternoon", "2024-03-07TAF");
        one("It rained at 0735 GMT.", "0735 GMT", "2024-03-07T07:35");
        assert_eq!(read("She gave a quarter to one club."), []);
        assert_eq!(read("They won 3:2 in the end, and half past the queue left."), []);
    }
}
