//! Dates in every form that feeds write them.
//!
//! RFC 822 and 2822, RFC 3339 and ISO 8601, the form of C's `asctime`, and what people write by hand. Only what is
//! stated is read: a date without a time is a day, a time without a zone stays local.

use std::{collections::HashMap, sync::LazyLock};

use jiff::{Timestamp, civil::Date, tz::Offset};
use tallywire_proto::Moment;

use super::clock::{Clock, clock, clock_of, half_day, split_time, take_digits};

/// The first year of a date that can be right: those before it stand for none, as `WordPress` writes it (-0001-11-30).
const FIRST_YEAR: i16 = 1900;
/// The longest text that can be a date, in bytes.
const LONGEST: usize = 100;

/// Reads a date; `None` where it is none.
pub(super) fn read(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    iso(text).or_else(|| digits(text)).or_else(|| words(text))
}

/// A day, a time, and how far its zone is from UTC: what has been read of a date.
#[derive(Clone, Copy, Debug)]
struct Parts {
    date: Date,
    time: Option<Clock>,
    offset: Option<Offset>,
}

impl Parts {
    fn moment(self) -> Option<Moment> {
        if self.date.year() < FIRST_YEAR {
            return None;
        }
        let Some(time) = self.time else { return Some(Moment::Day(self.date)) };
        let local = time.on(self.date)?;
        match self.offset {
            None => Some(Moment::Local(local)),
            Some(offset) => Some(Moment::Instant(offset.to_timestamp(local).ok()?, offset)),
        }
    }
}

/// Dates of ISO 8601: `2026-03-09`, `20260309`, `2026-068`, `2026-03`, with a time behind `T` or a space.
fn iso(text: &str) -> Option<Moment> {
    let is_date = |c: char| c.is_ascii_digit() || c == '-';
    let end = text.find(|c| !is_date(c)).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let date = iso_date(date)?;
    if rest.is_empty() {
        return Parts { date, time: None, offset: None }.moment();
    }
    let rest = rest.trim_start_matches(['T', 't']).trim_start();
    let (time, rest) = clock(rest)?;
    let rest = rest.trim();
    let offset = if rest.is_empty() { None } else { Some(zone(rest)?) };
    Parts { date, time: Some(time), offset }.moment()
}

fn iso_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |text: &str| text.parse::<i16>().ok();
    let small = |text: &str| text.parse::<i8>().ok();
    let is = |text: &str, lengths: std::ops::RangeInclusive<usize>| lengths.contains(&text.len());
    match parts.as_slice() {
        [year, month, day] if is(year, 4..=4) && is(month, 1..=2) && is(day, 1..=2) => {
            Date::new(number(year)?, small(month)?, small(day)?).ok()
        }
        [year, month, day] if is(year, 2..=2) && is(month, 2..=2) && is(day, 2..=2) => {
            Date::new(full_year(number(year)?), small(month)?, small(day)?).ok()
        }
        [year, ordinal] if is(year, 4..=4) && is(ordinal, 3..=3) => ordinal_date(number(year)?, number(ordinal)?),
        // A month or a year alone stands for its first day, as it is usually read.
        [year, month] if is(year, 4..=4) && is(month, 2..=2) => Date::new(number(year)?, small(month)?, 1).ok(),
        [compact] => match compact.len() {
            8 => Date::new(number(compact.get(..4)?)?, small(compact.get(4..6)?)?, small(compact.get(6..)?)?).ok(),
            7 => ordinal_date(number(compact.get(..4)?)?, number(compact.get(4..)?)?),
            6 => {
                let year = full_year(number(compact.get(..2)?)?);
                Date::new(year, small(compact.get(2..4)?)?, small(compact.get(4..)?)?).ok()
            }
            4 => Date::new(number(compact)?, 1, 1).ok(),
            _ => None,
        },
        _ => None,
    }
}

fn ordinal_date(year: i16, day: i16) -> Option<Date> {
    let first = Date::new(year, 1, 1).ok()?;
    (1..=first.days_in_year()).contains(&day).then(|| first.checked_add(jiff::Span::new().days(day - 1)).ok())?
}

/// A zone: `Z`, `+01:00`, `-0330`, `+1`, `EST`, `GMT+1`, `UTC+01:00`. A name behind an offset is a comment.
fn zone(text: &str) -> Option<Offset> {
    let text = text.trim();
    let name_end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let named = if name.is_empty() { 0 } else { *ZONES.get(name.to_lowercase().as_str())? };
    let rest = rest.trim_start();
    let sign = match rest.chars().next() {
        Some('+') => 1,
        Some('-' | '−') => -1,
        _ if name.is_empty() => return None,
        _ => return Offset::from_seconds(named * 60).ok(),
    };
    let (hours, behind) = take_digits(rest.trim_start_matches(['+', '-', '−']))?;
    let number = |text: &str| text.parse::<i32>().ok();
    let (hours, minutes) = match (hours.len(), behind.strip_prefix(':').and_then(take_digits)) {
        (1 | 2, Some((minutes, _))) => (number(hours)?, number(minutes)?),
        (1 | 2, None) => (number(hours)?, 0),
        (4, _) => (number(hours.get(..2)?)?, number(hours.get(2..)?)?),
        _ => return None,
    };
    if hours > 15 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
}

/// Digits alone: seconds or milliseconds since 1970, or a date and time of ISO 8601 without its signs.
fn digits(text: &str) -> Option<Moment> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        9 | 10 => Timestamp::from_second(text.parse().ok()?).ok().map(Moment::from),
        13 => Timestamp::from_millisecond(text.parse().ok()?).ok().map(Moment::from),
        12 | 14 => {
            let (time, _) = clock_of(text.get(8..)?)?;
            Parts { date: iso_date(text.get(..8)?)?, time: Some(time), offset: None }.moment()
        }
        _ => None,
    }
}

/// Dates with words: `Mon, 09 Mar 2026 10:00:00 +0100`, `9. März 2026`, `Mon Mar 9 10:00:00 2026`, `2026/03/09 10:00`,
/// `2026년 03월 09일 오후 01:31`, `22.11.2026 18:30`, `11/22/2026 6:30 p.m.`.
fn words(text: &str) -> Option<Moment> {
    let text = &text.to_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    let (before, time, behind) = split_time(text)?;
    let mut month = None;
    let mut numbers: Vec<(i16, usize)> = Vec::new();
    // Where the time stands before the year, as `asctime` writes it, the zone is what is no number.
    let mut zones = String::new();
    for word in before.trim_end_matches('t').split(is_separator).filter(|word| !word.is_empty()) {
        if let Some(number) = cardinal(word) {
            numbers.push((number.parse().ok()?, number.len()));
        } else {
            // The last one counts: the name of a weekday before it may be that of a month too, as French "mar." is.
            month = MONTHS.get(word).copied().or(month);
        }
    }
    for word in behind.split_whitespace() {
        if word.len() == 4 && numbers.len() < 3 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push((word.parse().ok()?, 4));
        } else if !matches!(word, "am" | "pm") {
            zones.push_str(word);
        }
    }
    let is_year = |(value, length): (i16, usize)| length > 2 || value > 31;
    let (year, month, day) = match (month, numbers.as_slice()) {
        (Some(month), [first, second]) if is_year(*first) => (*first, month, second.0),
        (Some(month), [first, second, ..]) => (*second, month, first.0),
        (None, [first, month, day]) if is_year(*first) => (*first, i8::try_from(month.0).ok()?, day.0),
        (None, [first, second, year]) if year.1 == 4 => {
            // Between full stops the day goes first; between other signs, that depends on the country.
            let is_dotted = before.contains('.') && !before.contains(['/', '-']);
            let (day, month) = match (first.0, second.0) {
                (day, month) if is_dotted || day > 12 || day == month => (day, month),
                (month, day) if day > 12 => (day, month),
                _ => return None,
            };
            (*year, i8::try_from(month).ok()?, day)
        }
        _ => return None,
    };
    let year = if year.1 <= 2 { full_year(year.0) } else { year.0 };
    let date = Date::new(year, month, i8::try_from(day).ok()?).ok()?;
    let offset = if time.is_some() { zone(&zones) } else { None };
    Parts { date, time: time.map(|time| half_day(time, text)), offset }.moment()
}

/// The digits of a number, an ordinal number too: `22nd`, `1er`.
fn cardinal(word: &str) -> Option<&str> {
    let (digits, rest) = take_digits(word)?;
    matches!(rest, "" | "st" | "nd" | "rd" | "th" | "er").then_some(digits)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '،' | '.' | '-' | '/' | '\'' | '’' | '년' | '월' | '일' | '年' | '月' | '日')
}

/// The year that two digits mean (RFC 2822, section 4.3).
fn full_year(year: i16) -> i16 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

static MONTHS: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
    let months = rows(include_str!("../../data/months.tsv"));
    let months = months.filter_map(|(number, names)| Some((number.parse().ok()?, names)));
    months.flat_map(|(number, names)| names.split(' ').map(move |name| (name, number))).collect()
});

/// Minutes east of UTC.
static ZONES: LazyLock<HashMap<&'static str, i32>> = LazyLock::new(|| {
    let zones = rows(include_str!("../../data/zones.tsv"));
    zones.filter_map(|(name, minutes)| Some((name, minutes.parse().ok()?))).collect()
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(rows: &[(&str, &str)]) {
        for (text, wanted) in rows {
            assert_eq!(read(text).map(|moment| moment.to_string()).as_deref(), Some(*wanted), "{text}");
        }
    }

    #[test]
    fn reads_rfc_822() {
        reads(&[
            ("Mon, 09 Mar 2026 10:00:00 +0100", "2026-03-09T10:00:00+01:00"),
            ("Mon, 09 Mar 2026 10:00:00 GMT", "2026-03-09T10:00:00Z"),
            ("Tue, 9 Mar 26 10:00 EST", "2026-03-09T10:00:00-05:00"),
            ("09 Mar 99 10:00 Z", "1999-03-09T10:00:00Z"),
            ("9 March 2026 10:00:00 CEST", "2026-03-09T10:00:00+02:00"),
            ("Mon,9 Mar 2026 10:00:00 +01:00", "2026-03-09T10:00:00+01:00"),
            ("Mon, 09 Mar 2026 10:00:00 GMT+1", "2026-03-09T10:00:00+01:00"),
            ("Mon, 09 Mar 2026 10:00:00 +0100 (CET)", "2026-03-09T10:00:00+01:00"),
            ("Mon, 09 Mar 2026 10:00:00", "2026-03-09T10:00:00"),
            ("Mon, 09 Mar 2026 10:00:00 XYZ", "2026-03-09T10:00:00"),
            ("Mon, 09 Mar 2026", "2026-03-09"),
            ("Mon, 09-Mar-2026 10:00:00 GMT", "2026-03-09T10:00:00Z"),
        ]);
    }

    #[test]
    fn reads_iso_8601() {
        reads(&[
            ("2026-03-09T10:00:00Z", "2026-03-09T10:00:00Z"),
            ("2026-03-09t10:00:00.5z", "2026-03-09T10:00:00.5Z"),
            ("2026-03-09T10:00:00,25+01:00", "2026-03-09T10:00:00.25+01:00"),
            ("2026-03-09T10:00+0100", "2026-03-09T10:00:00+01:00"),
            ("2026-03-09T10Z", "2026-03-09T10:00:00Z"),
            ("2026-03-09 10:00:00 EST", "2026-03-09T10:00:00-05:00"),
            ("2026-03-09 10:00:00.0", "2026-03-09T10:00:00"),
            ("20260309T100000Z", "2026-03-09T10:00:00Z"),
            ("20260309100000", "2026-03-09T10:00:00"),
            ("2026-068", "2026-03-09"),
            ("2026068", "2026-03-09"),
            ("260309", "2026-03-09"),
            ("2026-03", "2026-03-01"),
            ("2026", "2026-01-01"),
            ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"),
        ]);
    }

    #[test]
    fn reads_other_forms_and_languages() {
        reads(&[
            ("Mon Mar  9 10:00:00 2026", "2026-03-09T10:00:00"),
            ("Mon Mar 9 10:00:00 CET 2026", "2026-03-09T10:00:00+01:00"),
            ("March 9, 2026", "2026-03-09"),
            ("9. März 2026, 10:00", "2026-03-09T10:00:00"),
            ("lun., 9 mars 2026 10:00:00 +0100", "2026-03-09T10:00:00+01:00"),
            ("Пн, 09 мар 2026 10:00:00 MSK", "2026-03-09T10:00:00+03:00"),
            ("Κυρ, 11 Ιούλ 2026 12:00:00 EST", "2026-07-11T12:00:00-05:00"),
            ("2026-július-13T9:15-05:00", "2026-07-13T09:15:00-05:00"),
            ("2026년 03월 09일  오후 01:31:15", "2026-03-09T13:31:15"),
            ("2026-03-09 오전 12:05", "2026-03-09T00:05:00"),
            ("Mon, 2026/03/09 10:00:00 EDT", "2026-03-09T10:00:00-04:00"),
            ("Mar 9, 2026 1:05 PM", "2026-03-09T13:05:00"),
            ("mar, 24 nov 2026 10:00:00 +0100", "2026-11-24T10:00:00+01:00"),
            ("mar. 24 novembre 2026", "2026-11-24"),
            ("mar, 3 mar 2026", "2026-03-03"),
            ("November 22, 2026, 6:30 p.m. EST", "2026-11-22T18:30:00-05:00"),
            ("Nov. 22nd, 2026 6:30pm", "2026-11-22T18:30:00"),
            ("le 1er août 2026", "2026-08-01"),
            ("2026年11月22日 18:30", "2026-11-22T18:30:00"),
            ("2026年11月22日下午6:30", "2026-11-22T18:30:00"),
            ("2026/11/22 午前 12:30", "2026-11-22T00:30:00"),
            ("2026/11/22 午後 6:30", "2026-11-22T18:30:00"),
            ("22.11.2026 18:30", "2026-11-22T18:30:00"),
            ("Mo., 03.09.2026", "2026-09-03"),
            ("22/11/2026", "2026-11-22"),
            ("11/22/2026 6:30:00 PM", "2026-11-22T18:30:00"),
            ("05-05-2026", "2026-05-05"),
            ("22 Kasım 2026 18:30 +0300", "2026-11-22T18:30:00+03:00"),
            ("22 AĞUSTOS 2026", "2026-08-22"),
            ("الأحد، 22 نوفمبر، 2026", "2026-11-22"),
            ("1773050400", "2026-03-09T10:00:00Z"),
            ("1773050400000", "2026-03-09T10:00:00Z"),
        ]);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "-0001-11-30T00:00:00+00:00",
            "Wed, 30 Nov -0001 00:00:00 +0000",
            "0000-00-00",
            "1899-12-31",
            "today",
            "2026-13-01",
            "32 Mar 2026",
            "03/09/2026",
            "10:00",
            "--03-09",
            "2026-03-09T25:00Z",
            "9",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"9".repeat(1000)), None);
    }

    proptest! {
        #[test]
        fn reads_what_is_written(seconds in -2_000_000_000i64..100_000_000_000, minutes in -840i32..=840) {
            let offset = Offset::from_seconds(minutes * 60).unwrap();
            let moment = Moment::Instant(Timestamp::from_second(seconds).unwrap(), offset);
            prop_assert_eq!(read(&moment.to_string()), Some(moment));
            let rfc = offset.to_datetime(Timestamp::from_second(seconds).unwrap()).strftime("%a, %d %b %Y %H:%M:%S").to_string();
            let sign = if minutes < 0 { '-' } else { '+' };
            let zone = format!("{rfc} {sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60);
            prop_assert_eq!(read(&zone), Some(moment));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(\\PC|[0-9:+ -]|Mar|T|GMT){0,20}") {
            let _ = read(&text);
        }
    }
}
