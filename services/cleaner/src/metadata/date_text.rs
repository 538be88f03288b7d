//! Dates as publishers write them.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::Offset,
};
use tallywire_proto::Moment;

use super::date_words::{DateWord, month, word_of_date};

/// Text longer than this is more than a date, in bytes.
const MAX_BYTES: usize = 300;
/// No web page is older; earlier dates are defaults of publishing systems, such as 0001-01-01 or 1970-01-01.
const FIRST_YEAR: i16 = 1990;

/// Whether the day or the month comes first in dates such as `03/04/2026`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DayOrder {
    /// As nearly everywhere.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

/// The date, and the time of day and offset where they are stated, in any of the usual forms.
///
/// `None` for what cannot be read, and, unless the order is known, for days that can be read in two ways.
pub(super) fn moment(text: &str, order: Option<DayOrder>) -> Option<Moment> {
    let text = text.trim();
    if text.len() > MAX_BYTES || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let found = text.parse().ok().or_else(|| loose(text, order)).or_else(|| unix(text))?;
    (FIRST_YEAR..=2100).contains(&found.day().year()).then_some(found)
}

/// How a date in numbers is written, where it can be read in one way only, as in `31/12/2026`.
pub(super) fn day_order(text: &str) -> Option<DayOrder> {
    let pieces = pieces(text);
    pieces.windows(5).find_map(|window| {
        let [
            Piece::Number(first),
            Piece::Mark('/' | '-'),
            Piece::Number(second),
            Piece::Mark('/' | '-'),
            Piece::Number(year),
        ] = *window
        else {
            return None;
        };
        let (first, second) = (number(first)?, number(second)?);
        match (first > 12, second > 12) {
            _ if year.len() != 4 => None,
            (true, false) => Some(DayOrder::DayFirst),
            (false, true) => Some(DayOrder::MonthFirst),
            _ => None,
        }
    })
}

/// What a short text says about a date.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Stated {
    /// The date, if it has one.
    pub(super) moment: Option<Moment>,
    /// It says that this is the date of publication.
    pub(super) is_published: bool,
    /// It says that this is the date of a change, or of something else.
    pub(super) is_updated: bool,
}

/// What a text says that says hardly anything else: "Published on 9 March 2026", "Ada Ono | 9 March 2026", "Updated:".
pub(super) fn stated(text: &str, read: impl Fn(&str) -> Option<Moment>) -> Stated {
    let mut found = Stated::default();
    for part in text.split(['|', '•', '·', '—', '–', '⋅']).flat_map(|part| part.split(" - ")) {
        let lower = part.trim().to_lowercase();
        let pieces = pieces(&lower);
        let (mut is_bare, mut is_published, mut is_updated) = (lower.len() <= LONGEST_DATE, false, false);
        // Nothing else stands before the date; behind it may stand what it is good for.
        for piece in pieces.iter().take_while(|piece| !matches!(piece, Piece::Number(_))) {
            match piece {
                Piece::Word(word) if month(word).is_some() => {}
                Piece::Word(word) => match word_of_date(word) {
                    Some(DateWord::Published) => is_published = true,
                    Some(DateWord::Updated) => is_updated = true,
                    Some(DateWord::Filler) => {}
                    Some(DateWord::Zone(_)) | None => is_bare = false,
                },
                Piece::Mark(mark) => is_bare &= !matches!(mark, '$' | '€' | '£' | '#' | '©'),
                Piece::Number(_) => {}
            }
        }
        if is_bare {
            found.is_published |= is_published;
            found.is_updated |= is_updated;
        }
        if is_bare && found.moment.is_none() {
            found.moment = read(part);
        }
    }
    found
}

/// A text that is a date and hardly anything else is no longer than this, in bytes.
const LONGEST_DATE: usize = 60;

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

/// Year, month and day in Chinese, Japanese and Korean dates.
fn is_cjk_unit(character: char) -> bool {
    matches!(character, '年' | '月' | '日' | '년' | '월' | '일')
}

/// Finds the day anywhere in the text, and the time of day behind it or, failing that, before it.
fn loose(text: &str, order: Option<DayOrder>) -> Option<Moment> {
    let lower = text.to_lowercase();
    let pieces = pieces(&lower);
    let (date, start, end) =
        (0..pieces.len()).find_map(|at| day(&pieces[at..], order).map(|(date, n)| (date, at, at + n)))?;
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
fn day(pieces: &[Piece<'_>], order: Option<DayOrder>) -> Option<(Date, usize)> {
    use Piece::{Mark, Number};
    match *pieces {
        // 2026-03-09, 2026/3/9, 2026.03.09, 2026年3月9日
        [Number(year), Mark(first), Number(month), Mark(second), Number(day), ..]
            if year.len() == 4 && (first == second || is_cjk_unit(first)) =>
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
            let order = if one > 12 || one == two {
                DayOrder::DayFirst
            } else if two > 12 {
                DayOrder::MonthFirst
            } else if mark == '.' {
                // With points the day comes first everywhere; with slashes it depends on the country.
                DayOrder::DayFirst
            } else {
                order?
            };
            match order {
                DayOrder::DayFirst => Some((date(year, two, first)?, 5)),
                DayOrder::MonthFirst => Some((date(year, one, second)?, 5)),
            }
        }
        _ => day_in_words(pieces),
    }
}

/// A day whose month is a word: `9 March 2026`, `9. März 2026`, `9 de marzo de 2026`, `March 9th, 2026`, `09-Mar-2026`, `2026. március 9.`.
fn day_in_words(pieces: &[Piece<'_>]) -> Option<(Date, usize)> {
    // At most: day, ordinal ending, mark, "of", month, mark, "of", year.
    let mut numbers: [Option<&str>; 2] = [None, None];
    let mut month = None;
    for (place, piece) in pieces.iter().take(8).enumerate() {
        match *piece {
            Piece::Number(number) if numbers[0].is_none() => numbers[0] = Some(number),
            Piece::Number(number) => numbers[1] = Some(number),
            Piece::Word(word) => match self::month(word) {
                Some(number) if month.is_none() => month = Some(number),
                _ if matches!(word, "st" | "nd" | "rd" | "th" | "de" | "of" | "do" | "del" | "er" | "d" | "m")
                    && place > 0 => {}
                _ => return None,
            },
            Piece::Mark('.' | '-' | '/') if place > 0 => {}
            Piece::Mark(_) => return None,
        }
        if let ([Some(day), Some(year)], Some(month)) = (numbers, month) {
            let (year, day) = if day.len() == 4 { (day, year) } else { (year, day) };
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

/// The offset from UTC at the start of the pieces: `Z`, `+01:00`, `-0500`, `GMT+1`, `EST`.
fn offset(pieces: &[Piece<'_>]) -> Option<Offset> {
    use Piece::{Mark, Number, Word};
    let zone = match *pieces {
        [Word(name), ..] => match word_of_date(name) {
            Some(DateWord::Zone(hours)) => Some(i32::from(hours) * 3600),
            _ => return None,
        },
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
        moment(text, None).map_or("none".to_owned(), |moment| moment.to_string())
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
            let _ = (moment(&text, None), stated(&text, |part| moment(part, None)));
        }
    }
}
