//! Days of the month, as numbers: "7", "7th", "the seventh", "twenty-first".

use crate::sentence::Sentence;

/// The day of the month that a token is, and one past its last token: "7", "7th".
pub(crate) fn day_in(sentence: &Sentence<'_>, at: usize) -> Option<(i8, usize)> {
    let digits = sentence.raw(at);
    let day: i8 = if digits.len() <= 2 { digits.parse().ok()? } else { return None };
    if !(1..=31).contains(&day) || !sentence.is_digits(at) {
        return None;
    }
    let is_percent = matches!(sentence.raw(at + 1), "%" | "per" | "percent");
    (!is_percent).then_some((day, if has_ending(sentence, at) { at + 2 } else { at + 1 }))
}

/// The same, or an ordinal in words.
pub(crate) fn day_at(sentence: &Sentence<'_>, at: usize) -> Option<(i8, usize)> {
    day_in(sentence, at).or_else(|| in_words(sentence, at))
}

/// "27th", "twenty-seventh": an ordinal up to 31.
pub(crate) fn ordinal_at(sentence: &Sentence<'_>, at: usize) -> Option<(i8, usize)> {
    if has_ending(sentence, at) { day_in(sentence, at) } else { in_words(sentence, at) }
}

fn has_ending(sentence: &Sentence<'_>, at: usize) -> bool {
    sentence.is_digits(at) && sentence.touches_next(at) && matches!(sentence.word(at + 1), "st" | "nd" | "rd" | "th")
}

fn in_words(sentence: &Sentence<'_>, at: usize) -> Option<(i8, usize)> {
    let tens = match sentence.word(at) {
        "twenty" => 20,
        "thirty" => 30,
        word => return Some((ordinal(word)?, at + 1)),
    };
    let next = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    let unit = ordinal(sentence.word(next)).filter(|unit| *unit < 10 && tens + unit <= 31)?;
    Some((tens + unit, next + 1))
}

fn ordinal(word: &str) -> Option<i8> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}
