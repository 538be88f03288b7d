//! Years, decades and centuries.

use super::{Grain, Time, TimeContext, calendar, days::ordinal_at};
use crate::sentence::Sentence;

/// The year that a token is: four digits, from 1000 to 2199.
pub(crate) fn year_in(sentence: &Sentence<'_>, at: usize) -> Option<i64> {
    let digits = sentence.raw(at);
    let is_whole = !(sentence.touches_next(at) && sentence.is_word(at + 1));
    if digits.len() != 4 || !is_whole {
        return None;
    }
    digits.parse().ok().filter(|year| (1000..2200).contains(year))
}

/// The year that begins at a token, in digits or words, and one past its last token.
pub(crate) fn year_at(sentence: &Sentence<'_>, at: usize) -> Option<(i64, usize)> {
    year_in(sentence, at).map(|year| (year, at + 1)).or_else(|| year_in_words(sentence, at))
}

/// "2019", "1990s", "'99": years that stand alone.
pub(crate) fn year(context: &TimeContext<'_, '_>, at: usize) -> Option<Time> {
    let sentence = &context.sentence;
    if !sentence.is_digits(at) {
        return None;
    }
    if let Some((end, decade)) = decade(sentence, at) {
        return Some(Time::date(at..end, Grain::Other, decade));
    }
    let year = year_in(sentence, at)?;
    let before = sentence.word_before(at, 1);
    let leads = leads_to_year(before);
    let is_recent = (1850..=2060).contains(&year);
    let is_joined = sentence.touches_previous(at) && !matches!(before, "(" | "-" | "–" | "'" | "’" | "\"" | "“" | "/");
    let is_amount =
        matches!(before, "$" | "£" | "€" | "about" | "than" | "least" | "some" | "nearly" | "almost" | "over");
    let has_unit = sentence.touches_next(at) && matches!(sentence.raw(at + 1), "%" | "-" | "/") && !leads;
    // "arrested 2000 protesters", but "the 2000 elections" and "in 2000 sales"
    let counts = year % 100 == 0
        && is_plural(sentence, at + 1)
        && !matches!(
            before,
            "in" | "since"
                | "until"
                | "from"
                | "during"
                | "year"
                | "the"
                | "its"
                | "their"
                | "his"
                | "her"
                | "'s"
                | "’s"
        );
    let plain = !is_joined && !is_amount && !has_unit && !counts && (is_recent || (leads && year >= 1400));
    plain.then(|| Time::date(at..at + 1, Grain::Year, calendar::year(year)))
}

/// Whether a token looks like what is counted: a plural in lower case.
fn is_plural(sentence: &Sentence<'_>, at: usize) -> bool {
    let word = sentence.word(at);
    let ends = word.len() > 4 && word.ends_with('s') && !word.ends_with("ss");
    !sentence.is_capitalized(at) && (ends || matches!(word, "people" | "men" | "women" | "children"))
}

/// Words behind which four digits are a year.
fn leads_to_year(word: &str) -> bool {
    matches!(
        word,
        "in" | "since"
            | "by"
            | "until"
            | "till"
            | "from"
            | "of"
            | "to"
            | "early"
            | "late"
            | "during"
            | "fiscal"
            | "year"
            | "before"
            | "after"
            | "and"
            | "between"
            | "through"
            | "the"
    )
}

/// "1990s", "'80s": one past its last token, and `199X`.
pub(crate) fn decade(sentence: &Sentence<'_>, at: usize) -> Option<(usize, Option<String>)> {
    let digits = sentence.raw(at);
    let is_decade = sentence.touches_next(at)
        && matches!(sentence.word(at + 1), "s" | "'s" | "’s")
        && matches!(digits.len(), 2 | 4)
        && digits.ends_with('0');
    if !is_decade {
        return None;
    }
    // "in his 30s" is an age; the '30s have an apostrophe or an article.
    let before = sentence.word_before(at, 1);
    let century = match digits.get(..digits.len() - 1)? {
        three if three.len() == 3 => three.to_owned(),
        one if matches!(before, "'" | "’" | "‘" | "the") => format!("19{one}"),
        _ => return None,
    };
    Some((at + 2, Some(format!("{century}X"))))
}

/// "the year two thousand", "nineteen ninety-six", "the nineties", "the 20th century".
pub(crate) fn spelled(context: &TimeContext<'_, '_>, first: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let at = if sentence.word(first) == "the" { first + 1 } else { first };
    if let Some(time) = century(context, first, at) {
        return Some(time);
    }
    if at > first
        && let Some(ten) = tens_in_plural(sentence.word(at))
    {
        return Some(Time::date(first..at + 1, Grain::Other, Some(format!("19{ten}X"))));
    }
    let digits = if matches!(sentence.raw(at), "'" | "’" | "‘") { at + 1 } else { at };
    if at > first && sentence.is_digits(digits) && decade(sentence, digits).is_some() {
        return year(context, digits).map(|time| time.from(first));
    }
    if sentence.word(at) == "year"
        && let Some((year, end)) = year_at(sentence, at + 1)
    {
        return Some(Time::date(first..end, Grain::Year, calendar::year(year)));
    }
    let (year, end) = year_in_words(sentence, first)?;
    Some(Time::date(first..end, Grain::Year, calendar::year(year)))
}

/// "the 20th century", "11th-century".
fn century(context: &TimeContext<'_, '_>, first: usize, at: usize) -> Option<Time> {
    let sentence = &context.sentence;
    let (number, end) = ordinal_at(sentence, at)?;
    let end = if sentence.is_hyphen(end) { end + 1 } else { end };
    let is_century = sentence.word(end) == "century" && (2..=21).contains(&number);
    is_century.then(|| Time::date(first..end + 1, Grain::Other, Some(format!("{:02}XX", number - 1))))
}

/// "nineteen ninety-six", "nineteen oh four", "two thousand and eighteen".
fn year_in_words(sentence: &Sentence<'_>, at: usize) -> Option<(i64, usize)> {
    let hundreds = match sentence.word(at) {
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "two" if sentence.word(at + 1) == "thousand" => {
            let behind = if sentence.word(at + 2) == "and" { at + 3 } else { at + 2 };
            let leads = leads_to_year(sentence.word_before(at, 1)) || sentence.is_capitalized(at.wrapping_sub(1));
            return match below_hundred(sentence, behind) {
                Some((rest, end)) if leads && !names_amount(sentence, end) => Some((2000 + rest, end)),
                _ if sentence.word_before(at, 1) == "year" => Some((2000, at + 2)),
                _ => None,
            };
        }
        _ => return None,
    };
    let (rest, end) = match sentence.word(at + 1) {
        "hundred" => return None,
        "oh" => below_hundred(sentence, at + 2)?,
        _ => below_hundred(sentence, at + 1).filter(|(rest, _)| *rest >= 10)?,
    };
    (!names_amount(sentence, end)).then_some((100 * hundreds + rest, end))
}

/// Whether a scale follows: "nineteen ninety thousand" is no year.
fn names_amount(sentence: &Sentence<'_>, end: usize) -> bool {
    matches!(sentence.word(end), "thousand" | "million" | "billion" | "hundred" | "percent" | "dollars")
}

/// A number below a hundred in words, and one past its last token.
pub(crate) fn below_hundred(sentence: &Sentence<'_>, at: usize) -> Option<(i64, usize)> {
    const SMALL: [&str; 19] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    let position = |list: &[&str], at: usize| {
        list.iter().position(|word| *word == sentence.word(at)).and_then(|position| i64::try_from(position).ok())
    };
    if let Some(small) = position(&SMALL, at) {
        return Some((small + 1, at + 1));
    }
    let tens = 10 * (position(&TENS, at)? + 2);
    let next = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
    Some(match position(&SMALL[..9], next) {
        Some(unit) => (tens + unit + 1, next + 1),
        None => (tens, at + 1),
    })
}

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// "nineties" as its digit.
fn tens_in_plural(word: &str) -> Option<usize> {
    let stem = word.strip_suffix("ies")?;
    TENS.iter().position(|ten| ten.strip_suffix('y') == Some(stem)).map(|position| position + 2)
}

#[cfg(test)]
mod tests {
    use crate::times::tests::{one, read};

    #[test]
    fn years_and_decades() {
        one("It rained in 2019.", "2019", "2019");
        one("It rained in the 1990s.", "the 1990s", "199X");
        one("It rained in the ’80s.", "the ’80s", "198X");
        one("It rained in the sixties.", "the sixties", "196X");
        one("It rained in nineteen ninety-six.", "nineteen ninety-six", "1996");
        one("It may rain by the year two thousand.", "the year two thousand", "2000");
        one("It is a church of the 12th century.", "the 12th century", "11XX");
        assert_eq!(read("a farmer in his 30s"), []);
        assert_eq!(read("twenty-two boats and nineteen hundred nets"), []);
    }
}
