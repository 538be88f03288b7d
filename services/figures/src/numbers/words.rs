//! Cardinals in words: "two hundred and six", "half a dozen", "nine point four".

use super::{Form, Number};
use crate::{
    number_words::{NumberWords, Role},
    sentence::Sentence,
};

/// A cardinal that was read.
#[derive(Clone, Copy)]
pub(super) struct Cardinal {
    pub(super) value: f64,
    /// One past its last token.
    pub(super) end: usize,
    /// The scale that it ends in, else 1: a million in "three million".
    pub(super) scale: f64,
}

impl NumberWords {
    pub(super) fn in_words(&self, sentence: &Sentence<'_>, first: usize) -> Option<Number> {
        if let Some(number) = self.share(sentence, first) {
            return Some(number);
        }
        let cardinal = if matches!(sentence.word(first), "a" | "an") {
            self.with_article(sentence, first)?
        } else {
            self.cardinal(sentence, first)?
        };
        if let Some(number) = self.fraction_behind(sentence, first, cardinal) {
            return Some(number);
        }
        let Cardinal { value, end, scale } =
            self.decimals(sentence, cardinal).unwrap_or_else(|| self.and_a_fraction(sentence, cardinal));
        Some(Number { tokens: first..end, low: value, high: value, scale, form: Form::Words })
    }

    /// "a million", "a dozen", "a hundred thousand".
    fn with_article(&self, sentence: &Sentence<'_>, first: usize) -> Option<Cardinal> {
        let mut scale = self.scale(sentence, first + 1)?;
        let (mut value, mut end) = (scale, first + 2);
        while let Some(factor) = self.scale(sentence, end) {
            value *= factor;
            scale = factor;
            end += 1;
        }
        Some(Cardinal { value, end, scale })
    }

    /// "two hundred point zero three", and a scale behind: "one point two million".
    fn decimals(&self, sentence: &Sentence<'_>, whole: Cardinal) -> Option<Cardinal> {
        if sentence.word(whole.end) != "point" {
            return None;
        }
        let (mut value, mut end, mut place) = (whole.value, whole.end + 1, 0.1);
        while let Some((Role::Unit, digit)) = self.role(sentence.word(end)).filter(|(_, digit)| *digit < 10.0) {
            value += digit * place;
            place /= 10.0;
            end += 1;
        }
        if end == whole.end + 1 {
            let fraction = self.cardinal(sentence, end).filter(|fraction| fraction.value < 100.0)?;
            value += fraction.value / 100.0;
            end = fraction.end;
        }
        let mut scale = 1.0;
        while let Some(factor) = self.scale(sentence, end) {
            scale *= factor;
            end += 1;
        }
        Some(Cardinal { value: super::scaled(value, scale), end, scale })
    }

    /// A cardinal in words from `first` on.
    pub(super) fn cardinal(&self, sentence: &Sentence<'_>, first: usize) -> Option<Cardinal> {
        let (mut total, mut current, mut at) = (0.0, 0.0, first);
        let mut last: Option<(Role, f64)> = None;
        loop {
            let next = self.next_word(sentence, at, last);
            let Some((role, value)) = self.role(sentence.word(next)) else { break };
            let is_scale = matches!(role, Role::Scale) || (last.is_some() && is_plural_scale(role, value));
            match (role, last) {
                (Role::Unit | Role::Ten, None | Some((Role::Scale, _))) => current += value,
                (Role::Unit, Some((Role::Ten, _))) if (1.0..10.0).contains(&value) => current += value,
                (_, Some(_)) if is_scale && value <= 100.0 => current *= value,
                (_, Some(_)) if is_scale && current > 0.0 => {
                    total += current * value;
                    current = 0.0;
                }
                (_, Some(_)) if is_scale => total *= value,
                // "hundred thousand dollars"
                (Role::Scale, None) if self.scale(sentence, next + 1).is_some() => current = value,
                _ => break,
            }
            last = Some((if is_scale { Role::Scale } else { role }, value));
            at = next + 1;
        }
        let (role, value) = last?;
        let scale = if matches!(role, Role::Scale) { value } else { 1.0 };
        Some(Cardinal { value: total + current, end: at, scale })
    }

    /// Where the cardinal's next word is looked for: behind a hyphen, or behind "and" that follows a scale and leads
    /// to no fraction: "two million and three quarters".
    fn next_word(&self, sentence: &Sentence<'_>, at: usize, last: Option<(Role, f64)>) -> usize {
        let is_joined = match last {
            Some((Role::Ten, _)) if sentence.raw(at) == "-" => self.is_digit(sentence, at + 1),
            Some(_) if sentence.is_hyphen(at) => true,
            Some((Role::Scale, _)) => sentence.word(at) == "and" && !self.is_fraction(sentence, at + 2),
            _ => false,
        };
        if is_joined { at + 1 } else { at }
    }

    fn is_digit(&self, sentence: &Sentence<'_>, at: usize) -> bool {
        matches!(self.role(sentence.word(at)), Some((Role::Unit, value)) if value < 10.0)
    }

    fn is_fraction(&self, sentence: &Sentence<'_>, at: usize) -> bool {
        let at = if sentence.is_hyphen(at) { at + 1 } else { at };
        matches!(self.role(sentence.word(at)), Some((Role::Fraction, _)))
    }
}

/// "dozens" and "millions" behind a number are scales: "three dozens".
pub(super) fn is_plural_scale(role: Role, value: f64) -> bool {
    matches!(role, Role::Plural) && (value.total_cmp(&12.0).is_eq() || value >= 1000.0)
}
