//! Parts of a whole in words: "a third of", "two-thirds", "half a million", "five and a quarter".

use super::{Form, Number, words::Cardinal};
use crate::{
    number_words::{NumberWords, Role},
    sentence::Sentence,
};

impl NumberWords {
    /// A share that begins with an article or with the fraction itself: "half of", "a third of", "quarter of a million".
    pub(super) fn share(&self, sentence: &Sentence<'_>, first: usize) -> Option<Number> {
        let has_article = matches!(sentence.word(first), "a" | "an");
        let at = if has_article { first + 1 } else { first };
        let value = match sentence.word(at) {
            "half" => 0.5,
            "quarter" => 0.25,
            _ if has_article => match self.role(sentence.word(at))? {
                (Role::Fraction, parts) => 1.0 / parts,
                _ => return None,
            },
            _ => return None,
        };
        let number = |end, value: f64, scale, form| Number { tokens: first..end, low: value, high: value, scale, form };
        if let Some((scale, end)) = self.scale_of(sentence, at + 1) {
            return Some(number(end, super::scaled(value, scale), scale, Form::Words));
        }
        let next = sentence.word(at + 1);
        let is_share = match sentence.word(at) {
            // "the second half of the year", "a half-hour"
            "half" => {
                let before = sentence.word_before(first, 1);
                let is_part = matches!(before, "first" | "second" | "other" | "latter" | "opening" | "the" | "in");
                let names = matches!(next, "of" | "the" | "its" | "their" | "his" | "her" | "our");
                !is_part && !sentence.is_hyphen(at + 1) && (names || is_measured(before) || next == "a" || next == "an")
            }
            "quarter" if !has_article => false,
            // "a third less than"
            _ => next == "of" || is_measured(sentence.word_before(first, 1)) || sentence.word(at + 2) == "than",
        };
        // "half a pint"
        let end = if !has_article && matches!(next, "a" | "an") { at + 2 } else { at + 1 };
        is_share.then(|| number(end, value, 1.0, Form::Fraction))
    }

    /// "two-thirds", "one third", "three quarters of", "two thirds of a million", "one twenty-fifth".
    pub(super) fn fraction_behind(&self, sentence: &Sentence<'_>, first: usize, above: Cardinal) -> Option<Number> {
        let at = if sentence.raw(above.end) == "-" { above.end + 1 } else { above.end };
        let (of, at) = self.denominator(sentence, at)?;
        let value = above.value / of;
        let number = |end, value: f64, scale, form| Number { tokens: first..end, low: value, high: value, scale, form };
        if let Some((scale, end)) = self.scale_of(sentence, at + 1) {
            return Some(number(end, super::scaled(value, scale), scale, Form::Words));
        }
        // "three quarters" are also nine months, and "one half" one of a game's.
        let is_share = at > above.end || !sentence.word(at).starts_with("quarter") || sentence.word(at + 1) == "of";
        // "twenty-third" is a rank, "twenty thirds" are parts.
        let is_small = value < 10.0 || sentence.word(at).ends_with("ths");
        (is_share && is_small).then(|| number(at + 1, value, 1.0, Form::Fraction))
    }

    /// What a whole is parted by, and its last token: "thirds", "twenty-fifth".
    fn denominator(&self, sentence: &Sentence<'_>, at: usize) -> Option<(f64, usize)> {
        match self.role(sentence.word(at))? {
            (Role::Fraction, of) => Some((of, at)),
            (Role::Ten, tens) => {
                let last = if sentence.is_hyphen(at + 1) { at + 2 } else { at + 1 };
                match self.role(sentence.word(last).trim_end_matches('s'))? {
                    (Role::Fraction | Role::Ordinal, ones) if ones < 10.0 => Some((tens + ones, last)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A number with "and a half", "and two thirds" behind it: of the scale that it ends in, if of a thousand or more.
    pub(super) fn and_a_fraction(&self, sentence: &Sentence<'_>, whole: Cardinal) -> Cardinal {
        let Some((part, mut end)) = self.added_fraction(sentence, whole.end) else { return whole };
        let unit = if whole.scale >= 1000.0 { whole.scale } else { 1.0 };
        let mut scale = 1.0;
        while let Some(factor) = self.scale(sentence, end) {
            scale *= factor;
            end += 1;
        }
        let value = if scale < unit && scale > 1.0 {
            // "one billion and a half million"
            whole.value + part * scale
        } else if scale > 1.0 {
            super::scaled(whole.value + part, scale)
        } else {
            whole.value + part * unit
        };
        Cardinal { value, end, scale: scale.max(unit) }
    }

    /// "and a half", "and one fourth", "and two thirds".
    fn added_fraction(&self, sentence: &Sentence<'_>, at: usize) -> Option<(f64, usize)> {
        if sentence.word(at) != "and" {
            return None;
        }
        let above = match sentence.word(at + 1) {
            "a" | "an" => Cardinal { value: 1.0, end: at + 2, scale: 1.0 },
            _ => self.cardinal(sentence, at + 1)?,
        };
        let at = if sentence.is_hyphen(above.end) { above.end + 1 } else { above.end };
        match self.role(sentence.word(at))? {
            (Role::Fraction, of) if above.value < of => Some((above.value / of, at + 1)),
            _ => None,
        }
    }

    /// The scale that a fraction is of, and one past it: "half a million", "two thirds of a million", "half million".
    fn scale_of(&self, sentence: &Sentence<'_>, at: usize) -> Option<(f64, usize)> {
        let of = if sentence.word(at) == "of" { at + 1 } else { at };
        let mut end = if matches!(sentence.word(of), "a" | "an") { of + 1 } else { of };
        let mut scale = self.scale(sentence, end)?;
        end += 1;
        while let Some(factor) = self.scale(sentence, end) {
            scale *= factor;
            end += 1;
        }
        Some((scale, end))
    }
}

/// Words behind which a bare fraction is a share: "fell by a third", "more than half were".
fn is_measured(before: &str) -> bool {
    matches!(
        before,
        "by" | "than"
            | "nearly"
            | "almost"
            | "about"
            | "around"
            | "roughly"
            | "over"
            | "under"
            | "only"
            | "least"
            | "some"
    )
}
