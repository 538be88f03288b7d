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

/// What a part of a short text says about a date.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Stated {
    /// The date, if it has one.
    pub(super) moment: Option<Moment>,
    /// It says that this is the date of publication.
    pub(super) is_published: bool,
    /// It says that this is the date of a change, or of something else.
    pub(super) is_updated: bool,
}

impl Stated {
    /// Whether it says that the date is that of a change only.
    pub(super) const fn is_of_change(&self) -> bool {
        self.is_updated && !self.is_published
    }
}

/// What the parts of a text say that say hardly anything else, each for itself: "Published on 9 March 2026",
/// "Ada Ono | 9 March 2026", "Updated:". Nothing of a long text.
pub(super) fn stated(text: &str, read: impl Fn(&str) -> Option<Moment>) -> Vec<Stated> {
    if text.trim_ascii().len() > MAX_BYTES {
        return Vec::new();
    }
    let parts = text.split(['|', '•', '·', '—', '–', '⋅']).flat_map(|part| part.split(" - "));
    parts.filter(|part| !part.trim().is_empty()).map(|part| stated_in_part(part, &read)).collect()
}

fn stated_in_part(part: &str, read: impl Fn(&str) -> Option<Moment>) -> Stated {
    let lower = part.trim().to_lowercase();
    if lower.len() > LONGEST_DATE {
        return Stated::default();
    }
    let mut found = Stated::default();
    // Nothing else stands before the date; behind it may stand what it is good for.
    for piece in pieces(&lower).iter().take_while(|piece| !matches!(piece, Piece::Number(_))) {
        match piece {
            Piece::Word(word) if month(word).is_some() => {}
            Piece::Word(word) => match word_of_date(word) {
                Some(DateWord::Published) => found.is_published = true,
                Some(DateWord::Updated) => found.is_updated = true,
                Some(DateWord::Filler) => {}
                Some(DateWord::Zone(_)) | None => return Stated::default(),
            },
            Piece::Mark('$' | '€' | '£' | '#' | '©') => return Stated::default(),
            Piece::Mark(_) | Piece::Number(_) => {}
        }
    }
    Stated { moment: read(part), ..found }
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
    // What stands behind the next day, or behind "updated", is the time of another.
    let is_other = |at: &usize| match after[*at] {
        Piece::Word(word) => word_of_date(word) == Some(DateWord::Updated),
        _ => day(&after[*at..], order).is_some(),
    };
    let after = &after[..(0..after.len()).find(is_other).unwrap_or(after.len())];
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
    // The year may stand first, but not between the month and the day: "March 2026 5 min read" has no day.
    let mut is_number_first = false;
    for (place, piece) in pieces.iter().take(8).enumerate() {
        match *piece {
            Piece::Number(number) if numbers[0].is_none() => {
                is_number_first = month.is_none();
                numbers[0] = Some(number);
            }
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
            let (year, day) = if day.len() == 4 && is_number_first { (day, year) } else { (year, day) };
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
        // A bare dash with a number behind it is none: "14:05 - 3 min read".
        [Mark(sign), Number(hours), ..] if hours.len() <= 2 && zone.is_some() => (sign, hours, "0"),
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
mod tests;
