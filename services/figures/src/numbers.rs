//! Finding numbers: digits, words, mixtures of both, fractions, and vague ones.

use std::ops::Range;

use crate::{
    digits::{self, Separators, fraction_in_digits, spaced_group},
    number_words::{NumberWords, Role},
    sentence::Sentence,
};

/// A number and the tokens it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) tokens: Range<usize>,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// What its digits or words are multiplied by: a million in "3 million", else 1.
    pub(crate) scale: f64,
    pub(crate) form: Form,
}

/// Numbers above are a mistake: the news counts in trillions.
const LARGEST: f64 = 1e24;

/// How a number is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Digits,
    Words,
    Fraction,
    /// One of so many: "one in five".
    Ratio,
    /// Only its size is told: "dozens".
    Vague,
    /// A position: "third-largest".
    Rank,
    /// The score of a game: "3-1".
    Score,
}

impl NumberWords {
    /// The numbers of a sentence, in order.
    pub(crate) fn find(&self, sentence: &Sentence<'_>, separators: Separators) -> Vec<Number> {
        let mut numbers = Vec::new();
        let mut at = 0;
        while at < sentence.len() {
            match self.number_at(sentence, at, separators) {
                // A chain of scales can exceed any number that means something.
                Some(number) if number.high.abs() < LARGEST => {
                    at = number.tokens.end;
                    numbers.push(number);
                }
                Some(number) => at = number.tokens.end,
                None => at += 1,
            }
        }
        numbers
    }

    fn number_at(&self, sentence: &Sentence<'_>, at: usize, separators: Separators) -> Option<Number> {
        if sentence.is_digits(at) || digits::vulgar_fraction(sentence.raw(at)).is_some() {
            return self.in_digits(sentence, at, separators);
        }
        if sentence.is_word(at) {
            return self
                .vague_at(sentence, at)
                .or_else(|| self.in_words(sentence, at))
                .or_else(|| self.rank(sentence, at));
        }
        // ".5"
        if sentence.raw(at) == "." && sentence.touches_next(at) && !sentence.touches_previous(at) {
            let mut number = self.in_digits(sentence, at + 1, separators)?;
            let length = i32::try_from(sentence.raw(at + 1).len()).unwrap_or(0);
            number.low /= 10f64.powi(length);
            number.high = number.low;
            number.tokens.start = at;
            return Some(number);
        }
        None
    }

    fn in_digits(&self, sentence: &Sentence<'_>, first: usize, separators: Separators) -> Option<Number> {
        let (mut value, mut end, mut form) = fraction_in_digits(sentence, first).map_or_else(
            || {
                let vulgar = digits::vulgar_fraction(sentence.raw(first));
                let value = vulgar.or_else(|| digits::value(sentence.raw(first), separators))?;
                Some((value, first + 1, if vulgar.is_some() { Form::Fraction } else { Form::Digits }))
            },
            |(value, end)| Some((value, end, Form::Fraction)),
        )?;
        if form == Form::Digits {
            // "12 000": thousands behind a space, which is narrow or does not break, or of one width in these languages.
            while let Some(group) = spaced_group(sentence, end, separators) {
                value = value * 1000.0 + group;
                end += 1;
            }
            let fraction = fraction_in_digits(sentence, end).filter(|_| !sentence.is_dash(end));
            let vulgar = digits::vulgar_fraction(sentence.raw(end)).map(|value| (value, end + 1));
            if let Some((part, behind)) = fraction.or(vulgar) {
                value += part;
                end = behind;
                form = Form::Digits;
            }
        }
        let (scale, behind) = self.scales_behind_digits(sentence, first, end);
        let value = scaled(value, scale);
        Some(Number { tokens: first..behind, low: value, high: value, scale, form })
    }

    /// The scales behind digits: "3 million", "3bn", "4 hundred million", "1.8 billion-mile".
    fn scales_behind_digits(&self, sentence: &Sentence<'_>, first: usize, mut end: usize) -> (f64, usize) {
        let mut scale = 1.0;
        let glued = sentence.touches_previous(end);
        let is_money =
            first > 0 && matches!(sentence.raw(first - 1), "$" | "£" | "€" | "¥" | "₹" | "RM" | "USD" | "US" | "A");
        if let Some((role, value)) = self.role(sentence.word(end)) {
            let written = match role {
                Role::Abbreviation => glued || sentence.word(end).len() > 1,
                // "4.3M sales", "£3m", but "5 m" are metres, and so are "5m" unless money.
                Role::MoneyAbbreviation => is_money || (glued && sentence.raw(end) == "M" && value > 1.0),
                _ => false,
            };
            if written {
                return (value, end + 1);
            }
        }
        loop {
            let at = if sentence.is_hyphen(end) { end + 1 } else { end };
            let Some(value) = self.scale(sentence, at) else { break };
            scale *= value;
            end = at + 1;
        }
        (scale, end)
    }

    /// "dozens", "tens of thousands", "a handful of", "several hundred".
    fn vague_at(&self, sentence: &Sentence<'_>, at: usize) -> Option<Number> {
        let number = |end, low, high, scale| Some(Number { tokens: at..end, low, high, scale, form: Form::Vague });
        if let Some((length, &(low, high, needs_scale))) = self.vague.longest(|back| sentence.word(at + back)) {
            let mut end = at + length;
            let mut scale = 1.0;
            while let Some(value) = self.scale(sentence, end) {
                scale *= value;
                end += 1;
            }
            let is_written_out = !needs_scale || scale > 1.0;
            return if is_written_out { number(end, low * scale, high * scale, scale) } else { None };
        }
        let (Role::Plural, size) = self.role(sentence.word(at))? else { return None };
        let of = sentence.word(at + 1) == "of";
        if let (true, Some((Role::Plural, scale))) = (of, self.role(sentence.word(at + 2))) {
            return number(at + 3, size * scale, size * scale * 10.0, size * scale);
        }
        // "scores" and "tens" are also what players do and a card; "hundreds" and "millions" can stand alone.
        let alone = !matches!(sentence.word(at), "scores" | "tens");
        (of || alone).then(|| number(at + 1, size, size * 10.0, size))?
    }

    fn in_words(&self, sentence: &Sentence<'_>, first: usize) -> Option<Number> {
        let word = sentence.word(first);
        if matches!(word, "a" | "an" | "half" | "the") {
            return self.with_article(sentence, first);
        }
        let (total, end) = self.cardinal(sentence, first)?;
        if let Some(number) = self.fraction_behind(sentence, first, total, end) {
            return Some(number);
        }
        let mut value = total;
        let mut scale = 1.0;
        let mut behind = end;
        if sentence.word(end) == "and" && sentence.word(end + 1) == "a" && sentence.word(end + 2) == "half" {
            value += 0.5;
            behind = end + 3;
            while let Some(factor) = self.scale(sentence, behind) {
                scale *= factor;
                behind += 1;
            }
        } else if let Some(last) = self.scale(sentence, end - 1) {
            scale = last;
            return Some(Number { tokens: first..end, low: value, high: value, scale, form: Form::Words });
        }
        let value = value * scale;
        Some(Number { tokens: first..behind, low: value, high: value, scale, form: Form::Words })
    }

    /// "a million", "a dozen", "half a million", "a third of", "half of".
    fn with_article(&self, sentence: &Sentence<'_>, first: usize) -> Option<Number> {
        let number =
            |end, value, scale, form| Some(Number { tokens: first..end, low: value, high: value, scale, form });
        if sentence.word(first) == "half" {
            let next = sentence.word(first + 1);
            if matches!(next, "a" | "an") {
                return match self.scale(sentence, first + 2) {
                    Some(scale) => number(first + 3, scale / 2.0, scale, Form::Words),
                    None => number(first + 2, 0.5, 1.0, Form::Fraction),
                };
            }
            // "the second half of the year" is no half of it.
            let is_part = matches!(sentence.word_before(first, 1), "first" | "second" | "other" | "latter" | "opening");
            let is_share = !is_part && matches!(next, "of" | "the" | "its" | "their" | "his" | "her" | "our");
            return if is_share { number(first + 1, 0.5, 1.0, Form::Fraction) } else { None };
        }
        match self.role(sentence.word(first + 1))? {
            (Role::Scale, mut value) if sentence.word(first) != "the" => {
                let scale = value;
                let mut end = first + 2;
                while let Some(factor) = self.scale(sentence, end) {
                    value *= factor;
                    end += 1;
                }
                if sentence.word(end) == "and" && sentence.word(end + 1) == "a" && sentence.word(end + 2) == "half" {
                    return number(end + 3, value * 1.5, scale, Form::Words);
                }
                number(end, value, scale, Form::Words)
            }
            (Role::Fraction, parts) if sentence.word(first + 2) == "of" && sentence.word(first) != "the" => {
                number(first + 2, 1.0 / parts, 1.0, Form::Fraction)
            }
            _ => None,
        }
    }

    /// "two-thirds", "one third", "three quarters of".
    fn fraction_behind(&self, sentence: &Sentence<'_>, first: usize, parts: f64, end: usize) -> Option<Number> {
        let at = if sentence.is_hyphen(end) { end + 1 } else { end };
        let (Role::Fraction, of) = self.role(sentence.word(at))? else { return None };
        // "three quarters" are also nine months, and "one half" one of a game's.
        let is_share = at > end || !sentence.word(at).starts_with("quarter") || sentence.word(at + 1) == "of";
        let value = parts / of;
        (is_share && value < 10.0).then(|| Number {
            tokens: first..at + 1,
            low: value,
            high: value,
            scale: 1.0,
            form: Form::Fraction,
        })
    }

    /// A cardinal in words from `first` on: its value and one past its last token.
    fn cardinal(&self, sentence: &Sentence<'_>, first: usize) -> Option<(f64, usize)> {
        let (mut total, mut current, mut at) = (0.0, 0.0, first);
        let mut last = None;
        loop {
            let joined =
                last.is_some() && (sentence.is_hyphen(at) || (sentence.word(at) == "and" && after_scale(last)));
            let next = if joined { at + 1 } else { at };
            let Some((role, value)) = self.role(sentence.word(next)) else { break };
            match (role, last) {
                (Role::Unit | Role::Ten, None | Some(Role::Scale)) => current += value,
                (Role::Unit, Some(Role::Ten)) if (1.0..10.0).contains(&value) => current += value,
                (Role::Scale, Some(_)) if value <= 100.0 => current *= value,
                (Role::Scale, Some(_)) if current > 0.0 => {
                    total += current * value;
                    current = 0.0;
                }
                (Role::Scale, Some(_)) => total *= value,
                _ => break,
            }
            last = Some(role);
            at = next + 1;
        }
        last.map(|_| (total + current, at))
    }

    /// An ordinal that ranks: "third-largest", "second most expensive".
    fn rank(&self, sentence: &Sentence<'_>, at: usize) -> Option<Number> {
        let value = match self.role(sentence.word(at))? {
            (Role::Ordinal | Role::Fraction, value) if value > 1.0 && !sentence.word(at).ends_with('s') => value,
            _ => return None,
        };
        let next = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
        let word = sentence.word(next);
        let is_superlative = word == "most"
            || (word.len() > 5
                && word.ends_with("est")
                && !matches!(
                    word,
                    "harvest"
                        | "interest"
                        | "request"
                        | "protest"
                        | "contest"
                        | "conquest"
                        | "forest"
                        | "arrest"
                        | "invest"
                        | "suggest"
                ));
        (is_superlative && sentence.word(at) != "half").then(|| Number {
            tokens: at..at + 1,
            low: value,
            high: value,
            scale: 1.0,
            form: Form::Rank,
        })
    }
}

/// A product without the last digits that binary fractions leave behind: 16.4 million is 16,400,000.
fn scaled(value: f64, scale: f64) -> f64 {
    let product = value * scale;
    let is_nearly_whole = (product - product.round()).abs() < product.abs() * 1e-12;
    if scale > 1.0 && is_nearly_whole { product.round() } else { product }
}

fn after_scale(last: Option<Role>) -> bool {
    matches!(last, Some(Role::Scale))
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    fn read(text: &str) -> Vec<(String, f64, f64)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let numbers = NumberWords::load().find(&sentence, Separators::CommaThousands);
        numbers.iter().map(|number| (sentence.slice(&number.tokens).to_owned(), number.low, number.high)).collect()
    }

    #[track_caller]
    fn one(text: &str, written: &str, value: f64) {
        assert_eq!(read(text), [(written.to_owned(), value, value)], "{text}");
    }

    #[test]
    fn digits_with_scales() {
        one("worth 3.2bn crowns", "3.2bn", 3.2e9);
        one("a £3m fund", "3m", 3e6);
        one("some 4 hundred million eggs", "4 hundred million", 4e8);
        one("over 25 lakh ballots", "25 lakh", 2.5e6);
        one("a 1.8 billion-mile trip", "1.8 billion", 1.8e9);
        one("about 2 1/2 miles", "2 1/2", 2.5);
        one("only .5 per cent", ".5", 0.5);
    }

    #[test]
    fn words() {
        one("twenty-five boats", "twenty-five", 25.0);
        one("two hundred and six bones", "two hundred and six", 206.0);
        one("three million two hundred thousand hens", "three million two hundred thousand", 3.2e6);
        one("two and a half million", "two and a half million", 2.5e6);
        one("a million and a half", "a million and a half", 1.5e6);
        one("half a dozen eggs", "half a dozen", 6.0);
        one("a hundred goats", "a hundred", 100.0);
        one("two dozen goats", "two dozen", 24.0);
    }

    #[test]
    fn fractions() {
        one("two-thirds of farmers", "two-thirds", 2.0 / 3.0);
        one("a quarter of the town", "a quarter", 0.25);
        one("half of them", "half", 0.5);
        assert_eq!(read("in the second half of May"), []);
        one("16.4 million", "16.4 million", 16_400_000.0);
    }

    #[test]
    fn vague() {
        assert_eq!(read("tens of thousands of fans"), [("tens of thousands".to_owned(), 1e4, 1e5)]);
        assert_eq!(read("several hundred fans"), [("several hundred".to_owned(), 200.0, 900.0)]);
        assert_eq!(read("scores of fans"), [("scores".to_owned(), 20.0, 200.0)]);
        assert_eq!(read("she scores often, several times"), []);
    }

    #[test]
    fn ordinals_only_where_they_rank() {
        one("the third-largest port", "third", 3.0);
        assert_eq!(read("the third attack"), []);
    }
}
