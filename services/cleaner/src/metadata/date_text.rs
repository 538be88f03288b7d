//! Dates as publishers write them.

use std::{collections::HashMap, sync::LazyLock};

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::Offset,
};
use tallywire_proto::Moment;

static MONTHS: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
    let mut months = HashMap::new();
    for line in include_str!("../../data/months.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        if let Some(number) = words.next().and_then(|number| number.parse().ok()) {
            months.extend(words.map(|name| (name, number)));
        }
    }
    months
});

/// Text longer than this is more than a date.
const MAX_BYTES: usize = 300;
/// No web page is older; earlier dates are defaults of publishing systems, such as 0001-01-01 or 1970-01-01.
const FIRST_YEAR: i16 = 1990;

/// The date, and the time of day and offset where they are stated, in any of the usual forms.
///
/// `None` for what cannot be read, and for days that can be read in two ways, such as `03/04/2026`.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_BYTES {
        return None;
    }
    let found = text.parse().ok().or_else(|| loose(text)).or_else(|| unix(text))?;
    (FIRST_YEAR..=2100).contains(&found.day().year()).then_some(found)
}

/// Whether a word names a month.
pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.contains_key(word.to_lowercase().as_str())
}

/// The date of a text that says hardly anything else: "Published on 9 March 2026".
pub(crate) fn bare_moment(text: &str) -> Option<Moment> {
    const WORDS: [&str; 6] = ["published", "posted", "on", "date", "created", "publication"];
    let lower = text.trim().to_lowercase();
    let first_word = |piece: &Piece<'_>| match piece {
        Piece::Word(word) => WORDS.contains(word) || MONTHS.contains_key(word) || is_weekday(word),
        Piece::Number(_) => true,
        Piece::Mark(_) => false,
    };
    let is_short = lower.len() <= 40 && pieces(&lower).first().is_some_and(first_word);
    moment(text).filter(|_| is_short)
}

/// English names of days; in other languages they do not begin the dates that stand alone.
fn is_weekday(word: &str) -> bool {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|day| word.len() >= 3 && day.starts_with(word))
}

/// Seconds or milliseconds since 1970, as in `1770000000`.
fn unix(text: &str) -> Option<Moment> {
    let number: i64 = text.parse().ok()?;
    let time = match text.len() {
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    Some(time.ok()?.into())
}

/// A piece of a date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Piece<'t> {
    Number(&'t str),
    Word(&'t str),
    Mark(char),
}

/// Numbers, words and marks; white space is dropped, and so is the comma, which means nothing in a date.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let is_letter = |character: char| character.is_alphabetic() && !is_cjk_unit(character);
        let end = if is_digit {
            rest.find(|next: char| !next.is_ascii_digit())
        } else if is_letter(first) {
            rest.find(|next: char| !is_letter(next))
        } else {
            Some(first.len_utf8())
        };
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        if is_digit {
            pieces.push(Piece::Number(piece));
        } else if is_letter(first) {
            pieces.push(Piece::Word(piece));
        } else if !first.is_whitespace() && first != ',' {
            pieces.push(Piece::Mark(first));
        }
        rest = after;
    }
    pieces
}

/// Year, month and day in Chinese and Japanese dates.
fn is_cjk_unit(character: char) -> bool {
    matches!(character, '年' | '月' | '日')
}

/// Finds the day anywhere in the text, and the time of day behind it or, failing that, before it.
fn loose(text: &str) -> Option<Moment> {
    let lower = text.to_lowercase();
    let pieces = pieces(&lower);
    let (date, start, end) = (0..pieces.len()).find_map(|at| day(&pieces[at..]).map(|(date, n)| (date, at, at + n)))?;
    let (before, after) = (&pieces[..start], &pieces[end..]);
    let Some((time, offset)) = time_in(after).or_else(|| time_in(before)) else {
        return Some(Moment::Day(date));
    };
    let local = date.to_datetime(time);
    match offset {
        Some(offset) => Some(Moment::Instant(offset.to_timestamp(local).ok()?, offset)),
        None => Some(Moment::Local(local)),
    }
}

/// The day at the start of the pieces, and how many it takes.
fn day(pieces: &[Piece<'_>]) -> Option<(Date, usize)> {
    use Piece::{Mark, Number};
    match *pieces {
        // 2026-03-09, 2026/3/9, 2026.03.09, 2026年3月9日
        [Number(year), Mark(first), Number(month), Mark(second), Number(day), ..]
            if year.len() == 4 && (first == second || first == '年') =>
        {
            Some((date(year, number(month)?, day)?, 5))
        }
        // 20260309
        [Number(compact), ..] if compact.len() == 8 => {
            Some((date(&compact[..4], number(&compact[4..6])?, &compact[6..])?, 1))
        }
        // 09.03.2026, 31/12/2026, 12/31/2026
        [Number(first), Mark(mark), Number(second), Mark(same), Number(year), ..]
            if year.len() == 4 && mark == same && matches!(mark, '.' | '/' | '-') =>
        {
            let (one, two) = (number(first)?, number(second)?);
            // With points the day comes first everywhere; with slashes it depends on the country.
            if mark == '.' || one > 12 || one == two {
                Some((date(year, two, first)?, 5))
            } else if two > 12 {
                Some((date(year, one, second)?, 5))
            } else {
                None
            }
        }
        _ => day_in_words(pieces),
    }
}

/// A day whose month is a word: `9 March 2026`, `9. März 2026`, `9 de marzo de 2026`, `March 9th, 2026`, `09-Mar-2026`.
fn day_in_words(pieces: &[Piece<'_>]) -> Option<(Date, usize)> {
    // At most: day, ordinal ending, mark, "of", month, mark, "of", year.
    let mut numbers: [Option<&str>; 2] = [None, None];
    let mut month = None;
    for (place, piece) in pieces.iter().take(8).enumerate() {
        match *piece {
            Piece::Number(number) if numbers[0].is_none() => numbers[0] = Some(number),
            Piece::Number(number) => numbers[1] = Some(number),
            Piece::Word(word) => match MONTHS.get(word) {
                Some(number) if month.is_none() => month = Some(*number),
                _ if matches!(word, "st" | "nd" | "rd" | "th" | "de" | "of" | "do" | "del" | "er") && place > 0 => {}
                _ => return None,
            },
            Piece::Mark('.' | '-' | '/') if place > 0 => {}
            Piece::Mark(_) => return None,
        }
        if let ([Some(day), Some(year)], Some(month)) = (numbers, month) {
            return Some((date(year, month, day)?, place + 1));
        }
    }
    None
}

/// A day from a year of four digits, a month, and a day of one or two digits.
fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    if year.len() != 4 || day.len() > 2 {
        return None;
    }
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// A number of one or two digits.
fn number(text: &str) -> Option<i8> {
    text.parse().ok().filter(|_| text.len() <= 2)
}

/// The first time of day in the pieces, and its offset from UTC.
fn time_in(pieces: &[Piece<'_>]) -> Option<(Time, Option<Offset>)> {
    (0..pieces.len()).find_map(|at| time_at(&pieces[at..]))
}

/// `14:05`, `14:05:30.250`, `2:05 p.m.`, `2 pm`, with what follows them.
fn time_at(pieces: &[Piece<'_>]) -> Option<(Time, Option<Offset>)> {
    use Piece::{Mark, Number};
    let &[Number(hour), ref rest @ ..] = pieces else { return None };
    let hour = number(hour)?;
    let (minute, second, rest) = match *rest {
        [Mark(':'), Number(minute), Mark(':'), Number(second), Mark('.'), Number(_), ref rest @ ..]
        | [Mark(':'), Number(minute), Mark(':'), Number(second), ref rest @ ..] => {
            (number(minute)?, number(second)?, rest)
        }
        [Mark(':'), Number(minute), ref rest @ ..] => (number(minute)?, 0, rest),
        _ => (0, 0, rest),
    };
    let has_minutes = rest.len() + 1 < pieces.len();
    let (half, rest) = half_of_day(rest);
    let hour = match half {
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        None if has_minutes => hour,
        _ => return None,
    };
    Some((Time::new(hour, minute, second, 0).ok()?, offset(rest)))
}

/// Whether the pieces begin with a.m. (false) or p.m. (true).
fn half_of_day<'p, 't>(pieces: &'p [Piece<'t>]) -> (Option<bool>, &'p [Piece<'t>]) {
    use Piece::{Mark, Word};
    match *pieces {
        [Word(half @ ("am" | "pm")), ref rest @ ..] => (Some(half == "pm"), rest),
        [Word(half @ ("a" | "p")), Mark('.'), Word("m"), Mark('.'), ref rest @ ..] => (Some(half == "p"), rest),
        _ => (None, pieces),
    }
}

/// Names of zones and their offsets in hours: those of RFC 5322, section 4.3, and central Europe's.
const ZONES: [(&str, i32); 13] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("cet", 1),
    ("cest", 2),
];

/// The offset from UTC at the start of the pieces: `Z`, `+01:00`, `-0500`, `GMT+1`, `EST`.
fn offset(pieces: &[Piece<'_>]) -> Option<Offset> {
    use Piece::{Mark, Number, Word};
    let zone = match *pieces {
        [Word(name), ..] => Some(ZONES.iter().find(|(zone, _)| *zone == name).map(|(_, hours)| hours * 3600)?),
        _ => None,
    };
    let signed = if zone == Some(0) { &pieces[1..] } else { pieces };
    let (sign, hours, minutes) = match *signed {
        [Mark(sign), Number(hours), Mark(':'), Number(minutes), ..] => (sign, hours, minutes),
        [Mark(sign), Number(digits), ..] if digits.len() == 4 => (sign, &digits[..2], &digits[2..]),
        [Mark(sign), Number(hours), ..] if hours.len() <= 2 => (sign, hours, "0"),
        _ => return zone.and_then(|seconds| Offset::from_seconds(seconds).ok()),
    };
    let sign = match sign {
        '+' => 1,
        '-' | '−' => -1,
        _ => return zone.and_then(|seconds| Offset::from_seconds(seconds).ok()),
    };
    let seconds = i32::from(number(hours)?) * 3600 + i32::from(number(minutes)?) * 60;
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        moment(text).map_or("none".to_owned(), |moment| moment.to_string())
    }

    #[test]
    fn reads_days() {
        for text in [
            "2026-03-09",
            "2026/3/9",
            "20260309",
            "9 March 2026",
            "March 9, 2026",
            "Mar. 9th, 2026",
            "09-Mar-2026",
            "9. März 2026",
            "9 de marzo de 2026",
            "Published: Monday, 9 Mar 2026 | News",
            "09.03.2026",
            "2026年3月9日",
            "le 9 mars 2026",
        ] {
            assert_eq!(read(text), "2026-03-09", "{text}");
        }
        assert_eq!(read("12/31/2026"), "2026-12-31");
        assert_eq!(read("31/12/2026"), "2026-12-31");
    }

    #[test]
    fn reads_times_and_keeps_offsets() {
        for (text, expected) in [
            ("2026-03-09T14:05:00+0100", "2026-03-09T14:05:00+01:00"),
            ("2026-03-09 14:05", "2026-03-09T14:05:00"),
            ("2026-03-09T14:05:00.000Z", "2026-03-09T14:05:00Z"),
            ("Mon, 09 Mar 2026 14:05:30 GMT", "2026-03-09T14:05:30Z"),
            ("March 9, 2026 at 2:05 p.m. EDT", "2026-03-09T14:05:00-04:00"),
            ("12 am, 9 March 2026", "2026-03-09T00:00:00"),
            ("Mon Mar 09 2026 14:05:00 GMT+0100 (CET)", "2026-03-09T14:05:00+01:00"),
            ("1773065100", "2026-03-09T14:05:00Z"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_unclear_is_not_read() {
        for text in [
            "",
            "yesterday",
            "03/04/2026",
            "March 2026",
            "31 April 2026",
            "0001-01-01",
            "1970-01-01T00:00:00Z",
            "12:30",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}|[0-9 :./+a-z-]{0,60}") {
            let _ = moment(&text);
        }
    }
}
