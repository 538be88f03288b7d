//! Finding numbers: digits, words, mixtures of both, fractions, and vague ones.

use std::ops::Range;

use self::words::{Cardinal, is_plural_scale};
use crate::{
    digits::{self, Separators, exponent, fraction_in_digits, spaced_group},
    number_words::{NumberWords, Role},
    sentence::Sentence,
};

mod fractions;
mod vague;
mod words;

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
            if let Some((power, behind)) = exponent(sentence, end) {
                value *= power;
                end = behind;
            }
        }
        let (scale, behind) = self.scales_behind_digits(sentence, first, end);
        let (value, end) = self.smaller_scales(sentence, scaled(value, scale), scale, behind, separators);
        let whole = Cardinal { value, end, scale };
        let Cardinal { value, end, scale } = if scale >= 1000.0 { self.and_a_fraction(sentence, whole) } else { whole };
        Some(Number { tokens: first..end, low: value, high: value, scale, form })
    }

    /// "2 crore 50 lakh", "3 hundred and 21": what follows in smaller scales, and one past its last token.
    fn smaller_scales(
        &self,
        sentence: &Sentence<'_>,
        mut total: f64,
        mut scale: f64,
        mut end: usize,
        separators: Separators,
    ) -> (f64, usize) {
        while scale > 1.0 {
            let first = if scale.total_cmp(&100.0).is_eq() && sentence.word(end) == "and" { end + 1 } else { end };
            let in_digits = digits::value(sentence.raw(first), separators).map(|value| (value, first + 1));
            let in_words =
                || self.cardinal(sentence, first).filter(|_| first > end).map(|found| (found.value, found.end));
            let Some((value, behind)) = in_digits.or_else(in_words) else { break };
            let (next, behind) = self.scales_behind_digits(sentence, first, behind);
            let is_smaller = value * next < scale && (next > 1.0 || first > end);
            if !is_smaller || sentence.touches_previous(first) {
                break;
            }
            total += value * next;
            (scale, end) = (next, behind);
        }
        (total, end)
    }

    /// The scales behind digits: "3 million", "3bn", "4 hundred million", "1.8 billion-mile".
    fn scales_behind_digits(&self, sentence: &Sentence<'_>, first: usize, mut end: usize) -> (f64, usize) {
        let mut scale = 1.0;
        let glued = sentence.touches_previous(end);
        let is_money = first > 0
            && matches!(
                sentence.raw(first - 1),
                "$" | "£" | "€" | "¥" | "₹" | "RM" | "R" | "Rs" | "Rs." | "PS" | "=" | "USD" | "US"
            );
        if let Some((role, value)) = self.role(sentence.word(end).trim_end_matches('.')) {
            let written = match role {
                Role::Abbreviation => glued || sentence.word(end).len() > 1,
                // "4.3M sales", "£3m", but "5 m" are metres, and so are "5m" unless money.
                // At a sentence's end the tokenizer takes "M." for an initial.
                Role::MoneyAbbreviation => {
                    is_money
                        || (glued && matches!(sentence.raw(end), "M" | "M."))
                        || (glued && sentence.raw(end) == "m" && counts_millions(sentence.word(end + 1)))
                        || (glued && sentence.raw(end) == "b" && sentence.raw(first).contains('.'))
                }
                _ => false,
            };
            if written {
                return (value, end + 1);
            }
        }
        loop {
            let at = if sentence.is_hyphen(end) { end + 1 } else { end };
            let value = match self.role(sentence.word(at)) {
                Some((Role::Scale, value)) => value,
                Some((role, value)) if is_plural_scale(role, value) => value,
                _ => break,
            };
            scale *= value;
            end = at + 1;
        }
        (scale, end)
    }

    /// An ordinal that ranks: "third-largest", "second most expensive".
    fn rank(&self, sentence: &Sentence<'_>, at: usize) -> Option<Number> {
        let value = match self.role(sentence.word(at))? {
            (Role::Ordinal | Role::Fraction, value) if value > 1.0 && !sentence.word(at).ends_with('s') => value,
            _ => return None,
        };
        let next = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
        let word = sentence.word(next);
        let is_placed = matches!(
            sentence.word_before(at, 1),
            "came" | "come" | "comes" | "finished" | "finish" | "finishing" | "placed" | "ranked" | "ranks" | "ranking"
        );
        let is_superlative = is_placed || is_superlative(word);
        (is_superlative && sentence.word(at) != "half").then(|| Number {
            tokens: at..at + 1,
            low: value,
            high: value,
            scale: 1.0,
            form: Form::Rank,
        })
    }
}

/// "largest", "most": the words with which a rank counts.
pub(crate) fn is_superlative(word: &str) -> bool {
    word == "most"
        || (word.len() > 4
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
                    | "guest"
                    | "quest"
                    | "chest"
                    | "digest"
                    | "modest"
                    | "honest"
            ))
}

/// Whether "3.4m" before a word is a number of them, and no length: "3.4m followers", but "3.4m waves".
fn counts_millions(next: &str) -> bool {
    let is_people = matches!(next, "people" | "men" | "women" | "children" | "staff");
    let is_plural = next.len() > 4 && next.ends_with('s') && !next.ends_with("ss");
    let has_length = matches!(
        next,
        "waves"
            | "walls"
            | "swells"
            | "statues"
            | "trees"
            | "poles"
            | "pools"
            | "hurdles"
            | "fences"
            | "cliffs"
            | "boats"
            | "yachts"
            | "ships"
            | "towers"
            | "tunnels"
            | "jumps"
            | "races"
            | "finals"
            | "sprints"
            | "heats"
            | "towards"
            | "across"
            | "events"
            | "butterfly"
            | "medals"
            | "breaststrokes"
    );
    is_people || (is_plural && !has_length)
}

/// A product without the last digits that binary fractions leave behind: 16.4 million is 16,400,000.
fn scaled(value: f64, scale: f64) -> f64 {
    let product = value * scale;
    let is_nearly_whole = (product - product.round()).abs() < product.abs() * 1e-12;
    if scale > 1.0 && is_nearly_whole { product.round() } else { product }
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
        one("has 3.4m followers", "3.4m", 3.4e6);
        one("A 5m wall fell", "5", 5.0);
        one("saw 3.4m waves", "3.4", 3.4);
        one("some 4 hundred million eggs", "4 hundred million", 4e8);
        one("over 25 lakh ballots", "25 lakh", 2.5e6);
        one("a 1.8 billion-mile trip", "1.8 billion", 1.8e9);
        one("about 2 1/2 miles", "2 1/2", 2.5);
        one("only .5 per cent", ".5", 0.5);
        one("some 1.3x10^6 cells", "1.3x10^6", 1.3e6);
        one("some 2 × 10−3 grams", "2 × 10−3", 2e-3);
        one("spent 2 crore 50 lakh", "2 crore 50 lakh", 2.5e7);
        one("on 3 hundred and 21 days", "3 hundred and 21", 321.0);
        one("about 3 million and a half", "3 million and a half", 3.5e6);
        one("about 1 414 021 100 people", "1 414 021 100", 1_414_021_100.0);
        one("around 1,5 million", "1,5 million", 1.5e6);
    }

    #[test]
    fn words() {
        one("twenty-five boats", "twenty-five", 25.0);
        one("two hundred and six bones", "two hundred and six", 206.0);
        one("three million two hundred thousand hens", "three million two hundred thousand", 3.2e6);
        one("two and a half million", "two and a half million", 2.5e6);
        one("a million and a half", "a million and a half", 1.5e6);
        one("half a dozen eggs", "half a dozen", 6.0);
        one("three dozens of eggs", "three dozens", 36.0);
        one("hundred thousand hens", "hundred thousand", 1e5);
        one("one point two million eggs", "one point two million", 1.2e6);
        one("nought point zero three", "nought point zero three", 0.03);
        one("five and a quarter acres", "five and a quarter", 5.25);
        one("three and one fourth", "three and one fourth", 3.25);
        one("two million and three fifths", "two million and three fifths", 2.6e6);
        one("a quarter of a million hens", "a quarter of a million", 250_000.0);
        one("two thirds of a million hens", "two thirds of a million", 2e6 / 3.0);
        one("a hundred goats", "a hundred", 100.0);
        one("two dozen goats", "two dozen", 24.0);
    }

    #[test]
    fn fractions() {
        one("two-thirds of farmers", "two-thirds", 2.0 / 3.0);
        one("a quarter of the town", "a quarter", 0.25);
        one("half of them", "half", 0.5);
        one("a fifth lower than theirs", "a fifth", 0.2);
        one("a quarter more than that", "a quarter", 0.25);
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
