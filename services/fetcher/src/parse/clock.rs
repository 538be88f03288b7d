//! The time of day in a date.

use jiff::civil::{Date, DateTime, Time};

/// A time of day as written: 24:00 and leap seconds included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
}

impl Clock {
    /// 24:00 is the start of the next day (ISO 8601); a leap second is the second before it, which jiff can hold.
    pub(super) fn on(self, date: Date) -> Option<DateTime> {
        let Self { hour, minute, second, nanosecond } = self;
        if (hour, minute, second) == (24, 0, 0) {
            return Some(date.tomorrow().ok()?.to_datetime(Time::midnight()));
        }
        Some(date.to_datetime(Time::new(hour, minute, if second == 60 { 59 } else { second }, nanosecond).ok()?))
    }
}

/// A time at the start of `text`, and what follows it: `10:05`, `10:05:30.5`, `100530`, `10`, `9:15`.
pub(super) fn clock(text: &str) -> Option<(Clock, &str)> {
    let (hour, mut rest) = take_digits(text)?;
    let small = |text: &str| text.parse::<i8>().ok();
    let mut time = Clock { hour: 0, minute: 0, second: 0, nanosecond: 0 };
    match hour.len() {
        1 | 2 => time.hour = small(hour)?,
        4 | 6 => {
            time.hour = small(hour.get(..2)?)?;
            time.minute = small(hour.get(2..4)?)?;
            time.second = hour.get(4..).filter(|second| !second.is_empty()).map_or(Some(0), small)?;
        }
        _ => return None,
    }
    if hour.len() <= 2
        && let Some(behind) = rest.strip_prefix(':')
    {
        let (minute, behind) = take_digits(behind)?;
        time.minute = small(minute)?;
        rest = behind;
        if let Some((second, behind)) = rest.strip_prefix(':').and_then(take_digits) {
            time.second = small(second)?;
            rest = behind;
        }
    }
    if let Some((fraction, behind)) = rest.strip_prefix(['.', ',']).and_then(take_digits) {
        let nine: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
        time.nanosecond = nine.parse().ok()?;
        rest = behind;
    }
    Some((time, rest))
}

pub(super) fn take_digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

pub(super) fn clock_of(text: &str) -> Option<(Clock, &str)> {
    clock(text).filter(|(_, rest)| rest.is_empty())
}

/// What stands before the time, the time, and what stands behind it.
pub(super) fn split_time(text: &str) -> Option<(&str, Option<Clock>, &str)> {
    let Some(colon) = text.find(':') else { return Some((text, None, "")) };
    let hour = text.get(..colon)?.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (time, rest) = clock(text.get(hour..)?)?;
    Some((text.get(..hour)?, Some(time), rest))
}

/// The time in 24 hours, where the text says which half of the day it is.
pub(super) fn half_day(time: Clock, lower: &str) -> Clock {
    let is_word = |word: &str| lower.split(|c: char| !c.is_alphabetic()).any(|part| part == word);
    // Korean, Chinese and Japanese put no space between words.
    let says = |word: &str, others: [&str; 3]| is_word(word) || others.iter().any(|other| lower.contains(other));
    if time.hour < 12 && says("pm", ["오후", "下午", "午後"]) {
        Clock { hour: time.hour + 12, ..time }
    } else if time.hour == 12 && says("am", ["오전", "上午", "午前"]) {
        Clock { hour: 0, ..time }
    } else {
        time
    }
}
