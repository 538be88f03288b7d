//! Numbers in digits, with the separators of the text's language.

use crate::sentence::Sentence;

/// How a language writes thousands and decimals.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Separators {
    /// `1,200.5`
    CommaThousands,
    /// `1.200,5`
    CommaDecimals,
}

impl Separators {
    /// By language (Unicode CLDR, number symbols of the languages' main regions).
    pub(crate) fn of(language: Option<&str>) -> Self {
        const COMMA_DECIMALS: [&str; 30] = [
            "bg", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "id", "is", "it", "lt", "lv", "nb",
            "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk",
        ];
        let primary = language.unwrap_or("en").split(['-', '_']).next().unwrap_or("en");
        if COMMA_DECIMALS.contains(&primary) { Self::CommaDecimals } else { Self::CommaThousands }
    }
}

/// The value of a token of digits, commas and full stops; none where they make no number ("1.2.3", "12,34,5").
///
/// What makes no number with the separators of the text's language is read with the others: "1,5 million" in English.
pub(crate) fn value(token: &str, separators: Separators) -> Option<f64> {
    // Longer ones are no numbers of the news, and a double could not hold them.
    if token.len() > 40 {
        return None;
    }
    let other = match separators {
        Separators::CommaThousands => Separators::CommaDecimals,
        Separators::CommaDecimals => Separators::CommaThousands,
    };
    written_with(token, separators).or_else(|| written_with(token, other))
}

fn written_with(token: &str, separators: Separators) -> Option<f64> {
    let (thousands, decimal) = match separators {
        Separators::CommaThousands => (',', '.'),
        Separators::CommaDecimals => ('.', ','),
    };
    let (whole, fraction) = match token.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (token, None),
    };
    if fraction.is_some_and(|digits| !digits.bytes().all(|byte| byte.is_ascii_digit())) || !is_grouped(whole, thousands)
    {
        return None;
    }
    let plain: String = whole
        .chars()
        .filter(char::is_ascii_digit)
        .chain(fraction.map(|_| '.'))
        .chain(fraction.unwrap_or("").chars())
        .collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Whether the separators stand at thousands, or at lakhs and crores as in India: "12,34,567".
fn is_grouped(whole: &str, separator: char) -> bool {
    if !whole.contains(separator) {
        return whole.bytes().all(|byte| byte.is_ascii_digit());
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let Some(((first, last), middle)) =
        groups.split_first().and_then(|(first, rest)| rest.split_last().map(|(last, middle)| ((first, last), middle)))
    else {
        return false;
    };
    let by = |size: usize| middle.iter().all(|group| group.len() == size);
    (1..=3).contains(&first.len())
        && last.len() == 3
        && (by(3) || by(2))
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The value of a character that is a fraction: ½.
pub(crate) fn vulgar_fraction(token: &str) -> Option<f64> {
    Some(match token {
        "½" => 0.5,
        "⅓" => 1.0 / 3.0,
        "⅔" => 2.0 / 3.0,
        "¼" => 0.25,
        "¾" => 0.75,
        "⅕" => 0.2,
        "⅖" => 0.4,
        "⅗" => 0.6,
        "⅘" => 0.8,
        "⅙" => 1.0 / 6.0,
        "⅚" => 5.0 / 6.0,
        "⅐" => 1.0 / 7.0,
        "⅑" => 1.0 / 9.0,
        "⅒" => 0.1,
        "⅛" => 0.125,
        "⅜" => 0.375,
        "⅝" => 0.625,
        "⅞" => 0.875,
        _ => return None,
    })
}

/// "1/16": a fraction in digits, and one past its last token.
pub(crate) fn fraction_in_digits(sentence: &Sentence<'_>, at: usize) -> Option<(f64, usize)> {
    let is_slash =
        matches!(sentence.raw(at + 1), "/" | "⁄") && sentence.touches_next(at) && sentence.touches_next(at + 1);
    if !is_slash || sentence.raw(at + 3) == "/" {
        return None;
    }
    let (above, below) = (sentence.raw(at).parse::<u32>().ok()?, sentence.raw(at + 2).parse::<u32>().ok()?);
    let is_usual = matches!(below, 2..=6 | 8 | 10 | 16 | 32 | 64 | 100 | 128) && above < below && above > 0;
    is_usual.then(|| (f64::from(above) / f64::from(below), at + 3))
}

/// A power of ten behind a number, and one past its last token: "×10−9", "x 10^6", "e-9".
pub(crate) fn exponent(sentence: &Sentence<'_>, at: usize) -> Option<(f64, usize)> {
    if sentence.word(at) == "e" && sentence.touches_previous(at) {
        let sign = usize::from(matches!(sentence.raw(at + 1), "-" | "−" | "+"));
        let exponent: i32 = sentence.raw(at + 1 + sign).parse().ok().filter(|exponent| *exponent < 100)?;
        let is_joined = sentence.touches_next(at) && sentence.touches_previous(at + 1 + sign);
        let power = if matches!(sentence.raw(at + 1), "-" | "−") { -exponent } else { exponent };
        return is_joined.then(|| (10f64.powi(power), at + 2 + sign));
    }
    if !matches!(sentence.raw(at), "×" | "x" | "*") || sentence.raw(at + 1) != "10" {
        return None;
    }
    let hat = usize::from(sentence.raw(at + 2) == "^");
    let sign = usize::from(matches!(sentence.raw(at + 2 + hat), "-" | "−" | "–"));
    let digits = at + 2 + hat + sign;
    if hat + sign == 0 || !sentence.touches_previous(digits) {
        return None;
    }
    let exponent: i32 = sentence.raw(digits).parse().ok().filter(|exponent| *exponent < 100)?;
    Some((10f64.powi(if sign > 0 { -exponent } else { exponent }), digits + 1))
}

/// A group of three digits behind a space that parts thousands, with the decimals behind it.
pub(crate) fn spaced_group(sentence: &Sentence<'_>, at: usize, separators: Separators) -> Option<f64> {
    let (before, group) = (sentence.token(at.checked_sub(1)?)?, sentence.token(at)?);
    let is_group = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = group.text.get(..3).filter(|whole| is_group(whole))?;
    let decimals = group.text.strip_prefix(whole)?;
    let is_last = decimals.starts_with(['.', ',']) && is_group(&decimals[1..]);
    if !is_group(before.text) || before.text.len() > 3 || !(decimals.is_empty() || is_last) {
        return None;
    }
    let gap = sentence.slice(&(at - 1..at + 1));
    let gap = gap.get(before.text.len()..gap.len() - group.text.len())?;
    // In English a plain space is rare there: never behind a name ("May 5 300 people"), nor before a glued unit.
    let is_plain = gap == " "
        && before.text != "0"
        && (separators == Separators::CommaDecimals || !(at >= 2 && sentence.is_capitalized(at - 2)))
        && (separators == Separators::CommaDecimals || !sentence.touches_next(at) || !sentence.is_word(at + 1));
    let parts = matches!(gap, "\u{a0}" | "\u{202f}" | "\u{2009}") || is_plain;
    if parts { value(group.text, separators) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_separators_of_the_language() {
        let english = |token| value(token, Separators::of(Some("en-GB")));
        let german = |token| value(token, Separators::of(Some("de")));
        assert_eq!(english("1,200.50"), Some(1200.5));
        assert_eq!(english("12,34,567"), Some(1_234_567.0));
        assert_eq!(english("12,34"), Some(12.34));
        assert_eq!(english("22,24,26"), None);
        assert_eq!(english("1.111,5"), Some(1111.5));
        assert_eq!(english("1.2.3"), None);
        assert_eq!(german("1.200,5"), Some(1200.5));
        assert_eq!(german("1,5"), Some(1.5));
    }

    #[test]
    fn endless_digits_are_no_number() {
        assert_eq!(value(&"9".repeat(10_000), Separators::CommaThousands), None);
    }
}
