//! Dates and times in lines that have little else.

use super::{phrases::WORDS, rest::ends_sentence};
use crate::metadata::is_month;

/// Nothing, or a date or time and little else: "on 9 March 2026 at 12:30 by Ada Ono", "3 hours ago".
pub(super) fn is_dated(rest: &str) -> bool {
    const MAX_BYTES: usize = 90;
    const MAX_OTHERS: usize = 3;
    if !rest.contains(char::is_alphanumeric) {
        return true;
    }
    if rest.len() > MAX_BYTES || !rest.contains(|character: char| character.is_numeric()) {
        return false;
    }
    let date = Date::read(rest, MAX_OTHERS);
    // A sentence is "Published on 9 March, it sold out."; the author may follow where there is none.
    let last = rest.trim_end_matches('.').rsplit(' ').next().unwrap_or_default();
    let ends_with_time = last.contains(|character: char| character.is_numeric() || character == '.');
    let most = if ends_sentence(rest) && !ends_with_time { 0 } else { MAX_OTHERS };
    if date.months > 0 || date.numeric > 0 || date.clocks > 0 || date.units > 0 && date.gone > 0 {
        date.others <= most
    } else {
        // "Published 2019" and "Reading time 5 min", but not "Updated 2026 budget passes".
        (date.years > 0 || date.units > 0) && date.others == 0
    }
}

/// A day of a year, and nothing else but a time of day, or "3 hours ago".
///
/// A month alone or a year alone may head a part of an article.
pub(super) fn is_date(line: &str) -> bool {
    const MAX_BYTES: usize = 60;
    let is_short = line.len() <= MAX_BYTES && !line.ends_with(':');
    if !is_short || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let date = Date::read(line, 0);
    let is_written = date.months == 1 && date.days == 1 && date.years == 1 || date.numeric == 1;
    let is_gone = date.units == 1 && date.gone > 0 && date.counts + date.days == 1;
    date.others == 0 && (is_written && date.units == 0 || is_gone)
}

/// How many words of each sort a text has.
#[derive(Default)]
struct Date {
    years: usize,
    months: usize,
    days: usize,
    /// All of a date in one word: 2026-03-09, 9/3/2026.
    numeric: usize,
    /// Times of day.
    clocks: usize,
    /// Numbers that are no day.
    counts: usize,
    /// "hours", "minutes".
    units: usize,
    /// "ago".
    gone: usize,
    /// Long words that are none of these.
    others: usize,
}

impl Date {
    /// Reads until there are more than so many other words.
    fn read(text: &str, most_others: usize) -> Self {
        /// Words of three letters and fewer are "at", "on", "pm", "UTC" and the like.
        const LONGEST_SMALL: usize = 3;
        let mut date = Self::default();
        for word in text.split([' ', ',', '|', '(', ')', '\u{a0}', '·', '•', '\t']) {
            let word = word.trim_matches(|character: char| !character.is_alphanumeric());
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            if date.others > most_others {
                break;
            }
            if word.is_empty() {
                continue;
            }
            if digits == 0 {
                let lower = word.to_lowercase();
                let is_long = word.chars().nth(LONGEST_SMALL).is_some();
                let day = lower.rsplit('-').next().unwrap_or_default();
                if WORDS.units.contains(lower.as_str()) {
                    date.units += 1;
                } else if date.units == 0 && is_month(word) {
                    // "ago" is August in Spanish.
                    date.months += 1;
                } else if WORDS.gone.contains(lower.as_str()) {
                    date.gone += 1;
                } else if is_long && !WORDS.weekdays.contains(day) {
                    date.others += 1;
                }
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                match word.parse() {
                    Ok(1990..=2100) => date.years += 1,
                    Ok(1..=31) => date.days += 1,
                    Ok(32..=99) => date.counts += 1,
                    _ => date.others += 1,
                }
            } else if word.contains(':') {
                date.clocks += 1;
            } else if is_numeric(word) {
                date.numeric += 1;
                date.years += 1;
            } else if !is_ordinal(word) {
                date.others += 1;
            } else {
                date.days += 1;
            }
        }
        date
    }
}

/// 2026-03-09, 9/3/2026, 09.03.26, 2026年3月9日.
fn is_numeric(word: &str) -> bool {
    let word = word.split_once('T').map_or(word, |(day, _)| day);
    let mut parts = 0;
    for part in word.split(['/', '-', '.', '年', '月', '日']).filter(|part| !part.is_empty()) {
        parts += 1;
        if !matches!(part.len(), 1 | 2 | 4) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
    }
    parts == 3
}

/// 1st, 22nd, 9th, 5pm.
fn is_ordinal(word: &str) -> bool {
    let suffix = word.trim_start_matches(|character: char| character.is_ascii_digit());
    suffix.len() <= 2 && suffix.bytes().all(|byte| byte.is_ascii_alphabetic())
}
