//! Ages without a unit: "aged 34", "Ono, 34, a farmer".

use crate::{numbers::Form, quantity::Quantity, sentence::Sentence, time_words::TimeWords};

/// Whether a number without a unit is an age; and the first token of its phrase.
pub(crate) fn phrase_start(sentence: &Sentence<'_>, quantity: &Quantity<'_>, times: &TimeWords) -> Option<usize> {
    let is_whole = quantity.low.fract() == 0.0 && (0.0..=120.0).contains(&quantity.low);
    if !is_whole || quantity.scale > 1.0 || !matches!(quantity.form, Form::Digits | Form::Words) {
        return None;
    }
    let first = quantity.number.start;
    if matches!(sentence.word_before(first, 1), "aged" | "age") {
        return Some(first - 1);
    }
    if sentence.word_before(first, 1) == "of" && sentence.word_before(first, 2) == "age" {
        return Some(first - 2);
    }
    let is_apposition = quantity.form == Form::Digits
        && sentence.raw_before(first, 1) == ","
        && matches!(sentence.raw(quantity.number.end), "," | ";" | "." | "")
        && first >= 2
        && is_name(sentence, first - 2, times)
        && quantity.low >= 1.0;
    is_apposition.then_some(first)
}

/// A name's last word, which is no month: "Ono", but not "Dec.", nor the first of a list of numbers.
fn is_name(sentence: &Sentence<'_>, at: usize, times: &TimeWords) -> bool {
    sentence.is_capitalized(at) && times.get(sentence, at).is_none()
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords, units::Units};

    fn is_age(text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        phrase_start(&sentence, &units.measured(&sentence, &numbers[0]), &TimeWords::load()).is_some()
    }

    #[test]
    fn ages_in_apposition() {
        assert!(is_age("Ana Ono, 34, sells fish."));
        assert!(is_age("a man aged 90 sat there"));
        assert!(!is_age("on Friday, 34, or so, came"));
        assert!(!is_age("in the town, 34, or so, came"));
        assert!(!is_age("From Ghent, 2,000 came"));
    }
}
