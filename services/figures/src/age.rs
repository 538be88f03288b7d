//! Ages without a unit: "aged 34", "Ono, 34, a farmer".

use crate::{noun::Nouns, numbers::Form, quantity::Quantity, sentence::Sentence, times::TimeWords};

/// Whether a number without a unit is an age; and the first token of its phrase.
pub(crate) fn phrase_start(
    sentence: &Sentence<'_>,
    quantity: &Quantity<'_>,
    times: &TimeWords,
    nouns: &Nouns,
) -> Option<usize> {
    let is_whole = quantity.low.fract() == 0.0 && (0.0..=120.0).contains(&quantity.low);
    if !is_whole || quantity.scale > 1.0 || !matches!(quantity.form, Form::Digits | Form::Words) {
        return None;
    }
    let first = quantity.number.start;
    let is_said =
        matches!((sentence.word_before(first, 2), sentence.word_before(first, 1)), (_, "aged" | "age") | ("age", "of"));
    if is_said || matches!(sentence.word(quantity.number.end), "yo" | "y.o.") {
        return Some(first);
    }
    // "children under five", but "jailed men over 12 thefts"
    let (next, who) = (sentence.word(quantity.number.end), sentence.word_before(first, 2));
    let is_group = matches!(who, "people" | "those" | "anyone" | "everyone")
        || (nouns.is_plural(who) && nouns.is_person(&nouns.singular(who)));
    let is_bound = is_group
        && matches!(sentence.word_before(first, 1), "under" | "over" | "below" | "above")
        && !sentence.is_hyphen(quantity.number.end)
        && !nouns.is_plural(next);
    if is_bound && quantity.low < 100.0 && !sentence.is_capitalized(quantity.number.end) {
        return Some(first);
    }
    // "a woman of 19"
    let is_aged = matches!(
        who,
        "man" | "woman" | "boy" | "girl" | "child" | "teenager" | "youth" | "student" | "suspect" | "victim" | "driver"
    );
    let goes_on = sentence.is_word(quantity.number.end) && !matches!(next, "was" | "were" | "and" | "is" | "has");
    let is_of = sentence.word_before(first, 1) == "of" && is_aged && !goes_on;
    if is_of && quantity.low >= 5.0 {
        return Some(first);
    }
    if turns(sentence, first, quantity) {
        return Some(first);
    }
    let is_apposition = quantity.form == Form::Digits
        && sentence.raw_before(first, 1) == ","
        && matches!(sentence.raw(quantity.number.end), "," | ";" | "." | "")
        && first >= 2
        && is_name(sentence, first - 2, times, nouns)
        && quantity.low >= 1.0;
    is_apposition.then_some(first)
}

/// "he will be 35 in May", "she turned 60": a person, and nothing that is counted.
fn turns(sentence: &Sentence<'_>, first: usize, quantity: &Quantity<'_>) -> bool {
    let is_person = |word: &str| matches!(word, "he" | "she" | "i" | "who");
    let ends = |at: usize| {
        !sentence.is_word(at)
            || matches!(sentence.word(at), "in" | "on" | "by" | "this" | "next" | "last" | "when" | "and" | "at")
    };
    let is_verb = match sentence.word_before(first, 1) {
        "turned" | "turns" | "turn" | "turning" => quantity.low > 17.0 || is_person(sentence.word_before(first, 2)),
        "is" | "was" | "’m" | "'m" => is_person(sentence.word_before(first, 2)),
        "be" => sentence.word_before(first, 2) == "will" && is_person(sentence.word_before(first, 3)),
        _ => false,
    };
    is_verb && quantity.low >= 10.0 && ends(quantity.number.end)
}

/// A name's last word, which is no month: "Ono", but not "Dec.", nor the first of a list of numbers.
///
/// Or a word for a person that stands where a name could: "The suspect, 23, ran".
fn is_name(sentence: &Sentence<'_>, at: usize, times: &TimeWords, nouns: &Nouns) -> bool {
    nouns.is_person(sentence.word(at)) || (sentence.is_capitalized(at) && times.get(sentence, at).is_none())
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
        phrase_start(&sentence, &units.measured(&sentence, &numbers[0]), &TimeWords::load(), &Nouns::load()).is_some()
    }

    #[test]
    fn ages_in_apposition() {
        assert!(is_age("Ana Ono, 34, sells fish."));
        assert!(is_age("The suspect, 23, ran."));
        assert!(is_age("The former senator, 71, ran."));
        assert!(is_age("a man aged 90 sat there"));
        assert!(is_age("vaccines for pupils under five"));
        assert!(!is_age("they jailed men over 12 thefts"));
        assert!(!is_age("on Friday, 34, or so, came"));
        assert!(!is_age("in the town, 34, or so, came"));
        assert!(!is_age("From Ghent, 2,000 came"));
    }
}
