//! Numbers that are no figures: parts of names, labels, addresses, dates, and the pronoun "one".

use foldhash::HashSet;

use crate::{
    combine::is_game,
    noun::Nouns,
    numbers::{Form, Number},
    phrases::words,
    sentence::Sentence,
};

/// How many tokens of an address are gone through.
const LONGEST_ADDRESS: usize = 60;

/// The words that tell a label from a figure.
pub(crate) struct Exclusions {
    labels: HashSet<&'static str>,
    streets: HashSet<&'static str>,
}

impl Exclusions {
    pub(crate) fn load() -> Self {
        Self {
            labels: words(include_str!("../data/labels.txt")).collect(),
            streets: words(include_str!("../data/streets.txt")).collect(),
        }
    }

    /// Whether the number, which has no unit, is no figure.
    pub(crate) fn is_excluded(&self, sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
        match number.form {
            Form::Digits => {
                continues_glued(sentence, number)
                    || is_list_marker(sentence, number)
                    || is_phone_or_code(sentence, number, nouns)
                    || self.is_house_number(sentence, number)
                    || is_postal_code(sentence, number)
                    || is_called(sentence, number, nouns)
                    || is_model(sentence, number, nouns)
                    || self.is_label(sentence, number, nouns)
                    || is_position(sentence, number, nouns)
                    || (is_year(sentence, number) && !counts(sentence, number, nouns))
            }
            Form::Words => {
                is_pronoun(sentence, number, nouns)
                    || is_name_in_words(sentence, number)
                    || is_position(sentence, number, nouns)
                    || self.is_label_in_words(sentence, number, nouns)
            }
            Form::Fraction | Form::Ratio | Form::Vague | Form::Rank | Form::Score => false,
        }
    }

    /// "Section 302", "flight 93", "Boeing 737", "iPhone 11".
    fn is_label(&self, sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
        let first = number.tokens.start;
        let before = sentence.word_before(first, 1).trim_end_matches('.');
        if before.is_empty() || number.scale > 1.0 {
            return false;
        }
        let is_plain = !sentence.raw(first).contains(',');
        if self.labels.contains(before) {
            return is_plain;
        }
        // "Ono 6-4" is a score.
        if sentence.is_hyphen(number.tokens.end) && sentence.is_digits(number.tokens.end + 1) {
            return false;
        }
        // A capitalised word inside a sentence names something: "Formula 1", "Galaxy S", "S&P 500"; unless something
        // is counted: "In Paris 12 people".
        let position = first - 1;
        let is_name = sentence.raw(position).chars().any(char::is_uppercase) && sentence.is_word(position);
        is_plain && is_name && position > 0 && !counts(sentence, number, nouns) && !sentence.raw(first).contains('.')
    }

    /// "number three", "part one".
    fn is_label_in_words(&self, sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
        let before = sentence.word_before(number.tokens.start, 1);
        self.labels.contains(before) && !nouns.is_plural(before) && !nouns.is_plural(sentence.word(number.tokens.end))
    }

    /// "16 Industrial Avenue".
    fn is_house_number(&self, sentence: &Sentence<'_>, number: &Number) -> bool {
        let mut end = number.tokens.end;
        if sentence.is_hyphen(end) && sentence.is_digits(end + 1) {
            end += 2;
        }
        // "7 rue des Lilas"
        if matches!(sentence.raw(end), "rue" | "calle" | "rua" | "via") && !sentence.raw(end - 1).contains([',', '.']) {
            return true;
        }
        if !sentence.is_capitalized(end) || sentence.raw(end - 1).contains([',', '.']) {
            return false;
        }
        // "22 Rue Verte", "9 E 71st St"
        let is_side = matches!(sentence.raw(end), "N" | "S" | "E" | "W") && sentence.is_digits(end + 1);
        let opens = matches!(sentence.word(end), "rue" | "ave" | "avenue" | "via" | "viale" | "calle" | "avenida")
            && sentence.is_capitalized(end + 1);
        if is_side || opens {
            return true;
        }
        (end + 1..=end + 3)
            .take_while(|at| sentence.is_capitalized(*at) || sentence.raw(*at) == ".")
            .any(|at| self.streets.contains(sentence.word(at)))
    }
}

/// Whether a longer string ends in the number: "G7", "F-16", "9/11", "#5", "example.org/2".
pub(crate) fn is_inside_word(sentence: &Sentence<'_>, first: usize) -> bool {
    if !sentence.is_digits(first) || !sentence.touches_previous(first) {
        return false;
    }
    let before = first - 1;
    let is_joined = sentence.is_dash(before) && sentence.touches_previous(before) && sentence.is_word(before - 1);
    let is_prefix =
        matches!(sentence.word_before(first, 2), "sub" | "pre" | "under" | "mid" | "minus" | "to" | "now" | "then");
    // "COVID -19"
    let is_dashed = sentence.is_dash(before)
        && sentence.raw_before(before, 1).len() > 2
        && sentence.raw_before(before, 1).chars().all(char::is_uppercase);
    sentence.is_word(before)
        || matches!(sentence.raw(before), "/" | "#" | "@" | "_" | ":" | "." | "\\" | "=" | "&")
        || (is_joined && !is_prefix)
        || is_dashed
        || is_in_address(sentence, before)
}

/// Whether a number carries on the list or the code of the one before it: "Sections 406 and 420", "(07) 5550 1234".
pub(crate) fn goes_on(sentence: &Sentence<'_>, end: usize, first: usize) -> bool {
    let lists = |at: usize| matches!(sentence.word(at), "and" | "or" | "," | ")" | "-" | "&");
    end == first || (first == end + 1 && lists(end) && sentence.is_digits(first))
}

/// Whether the token is within the address of a page: `https://example.org/?q=30%25`.
fn is_in_address(sentence: &Sentence<'_>, at: usize) -> bool {
    (0..=at)
        .rev()
        .take(LONGEST_ADDRESS)
        .take_while(|token| sentence.touches_next(*token))
        .any(|token| matches!(sentence.word(token), "http" | "https" | "www"))
}

/// "the 90049 ZIP code", "in postcode 2000".
fn is_postal_code(sentence: &Sentence<'_>, number: &Number) -> bool {
    let is_code = |word: &str| matches!(word, "zip" | "postcode" | "postal" | "pincode");
    is_code(sentence.word(number.tokens.end)) || is_code(sentence.word_before(number.tokens.start, 1))
}

/// "call 999", where no one is counted.
fn is_called(sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
    let before = sentence.word_before(number.tokens.start, 1);
    matches!(before, "call" | "dial" | "ring" | "phone" | "text")
        && number.scale.total_cmp(&1.0).is_eq()
        && sentence.raw(number.tokens.start).len() >= 3
        && !nouns.is_plural(sentence.word(number.tokens.end))
}

/// "its 787 Dreamliner", "the 11 Pro Max": digits that open a name. What is counted is a plural, "12 Kenyan soldiers".
fn is_model(sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
    let (first, end) = (number.tokens.start, number.tokens.end);
    let digits = sentence.raw(first);
    if number.tokens.len() > 1 || digits.contains([',', '.']) || !sentence.is_capitalized(end) {
        return false;
    }
    let behind = (end..end + 4).find(|at| !sentence.is_capitalized(*at)).unwrap_or(end + 4);
    let counts = (end..=behind).any(|at| nouns.is_plural(sentence.word(at)));
    let is_owned = matches!(sentence.word_before(first, 1), "the" | "a" | "an" | "'s" | "’s" | "own" | "its" | "new");
    !counts
        && is_owned
        && (digits.len() >= 3 || behind >= end + 2)
        && !matches!(sentence.word(behind), "people" | "men")
}

/// Whether a longer string begins with the number: "747s", "24/7", "4:39".
fn continues_glued(sentence: &Sentence<'_>, number: &Number) -> bool {
    let end = number.tokens.end;
    let in_word = sentence.touches_previous(end) && sentence.is_word(end);
    let in_string = sentence.touches_previous(end)
        && sentence.touches_next(end)
        && matches!(sentence.raw(end), "/" | ":" | "_" | "@" | "=" | "&");
    in_word || in_string
}

/// "1." or "1)" at a sentence's start.
fn is_list_marker(sentence: &Sentence<'_>, number: &Number) -> bool {
    let end = number.tokens.end;
    let opens = number.tokens.start == 0 || (number.tokens.start == 1 && sentence.raw(0) == "(");
    let closes = sentence.touches_previous(end) && matches!(sentence.raw(end), "." | ")");
    opens && closes && number.high < 100.0
}

/// Groups of digits joined by dashes, or more digits than anyone writes without separators.
fn is_phone_or_code(sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
    let (first, end) = (number.tokens.start, number.tokens.end);
    let digits = sentence.raw(first);
    let has_leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let joined = |hyphen: usize, other: usize| {
        sentence.is_hyphen(hyphen) && sentence.is_digits(other) && sentence.raw(other).len() >= 3 && digits.len() >= 3
    };
    let before = first >= 2 && joined(first - 1, first - 2);
    let is_range = digits.contains([',', '.']) || digits.len() > 4;
    let ends_phone = before && digits.len() == 4 && sentence.raw_before(first, 2).len() == 3;
    if digits.len() == 3 && is_hundreds(sentence, if before { first - 2 } else { first }, nouns) {
        return false;
    }
    // "the vote was 218-210"
    if number.tokens.len() == 1 && digits.len() == 3 && is_game(sentence, first..end + 2) {
        return false;
    }
    has_leading_zero
        || ends_phone
        || ((before || joined(end, end + 1)) && !is_range && digits.len() != 4)
        || (!digits.contains([',', '.']) && digits.len() > 9)
}

/// "200-300 people", "a range of 300-400 km": from the token on two groups of three digits, of which the second is the
/// larger, and what there are so many of.
fn is_hundreds(sentence: &Sentence<'_>, first: usize, nouns: &Nouns) -> bool {
    let (low, high, of) = (sentence.raw(first), sentence.raw(first + 2), first + 3);
    let is_alone = first == 0 || !sentence.is_hyphen(first - 1);
    let names = sentence.is_word(of) && !sentence.is_capitalized(of) && !nouns.stops(sentence.word(of));
    is_alone && sentence.is_hyphen(first + 1) && high.len() == 3 && low < high && names
}

/// Four digits without a separator, from 1400 to 2100.
pub(crate) fn is_year(sentence: &Sentence<'_>, number: &Number) -> bool {
    let digits = sentence.raw(number.tokens.start);
    number.tokens.len() == 1 && digits.len() == 4 && digits.parse().is_ok_and(|year: u32| (1400..=2100).contains(&year))
}

/// "1500 people": a plural that is no name follows.
fn counts(sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
    let end = number.tokens.end;
    nouns.is_plural(sentence.word(end)) && !sentence.is_capitalized(end)
}

/// "one" that stands for a thing or a person instead of counting.
fn is_pronoun(sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
    let (first, end) = (number.tokens.start, number.tokens.end);
    if number.tokens.len() != 1 || sentence.word(first) != "one" {
        return false;
    }
    let before = sentence.word_before(first, 1);
    if matches!(before, "minus" | "negative" | "plus") {
        return false;
    }
    if matches!(
        before,
        "the"
            | "this"
            | "that"
            | "these"
            | "each"
            | "every"
            | "no"
            | "any"
            | "which"
            | "another"
            | "a"
            | "an"
            | "not"
            | "good"
            | "new"
            | "big"
            | "other"
            | "same"
            | "right"
            | "wrong"
            | "whole"
            | "last"
            | "next"
            | "first"
            | "better"
            | "best"
            | "my"
            | "his"
            | "her"
            | "loved"
    ) {
        return true;
    }
    match sentence.word(end) {
        "of" => matches!(sentence.word(end + 1), "them" | "us" | "you" | "those"),
        "another" | "day" | "thing" | "such" | "way" => true,
        // "One dead, three hurt"
        "dead" | "killed" | "injured" | "wounded" | "hurt" | "missing" | "arrested" | "rescued" => false,
        next => !sentence.is_hyphen(end) && (!sentence.is_word(end) || nouns.stops(next)),
    }
}

/// "the top three": places in a table, where nothing is counted.
fn is_position(sentence: &Sentence<'_>, number: &Number, nouns: &Nouns) -> bool {
    let next = sentence.word(number.tokens.end);
    matches!(sentence.word_before(number.tokens.start, 1), "top" | "bottom" | "big")
        && (nouns.stops(next) || !sentence.is_word(number.tokens.end))
}

/// "BBC Two", "World War Two": a number word with a capital inside a sentence, behind a name.
fn is_name_in_words(sentence: &Sentence<'_>, number: &Number) -> bool {
    let first = number.tokens.start;
    first > 0 && sentence.is_capitalized(first) && sentence.is_capitalized(first - 1)
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords};

    /// The numbers of a text that are left.
    fn left(text: &str) -> Vec<String> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (exclusions, nouns) = (Exclusions::load(), Nouns::load());
        NumberWords::load()
            .find(&sentence, Separators::CommaThousands)
            .iter()
            .filter(|number| !is_inside_word(&sentence, number.tokens.start))
            .filter(|number| !exclusions.is_excluded(&sentence, number, &nouns))
            .map(|number| sentence.slice(&number.tokens).to_owned())
            .collect()
    }

    #[test]
    fn leaves_out_what_is_no_figure() {
        for text in [
            "charged under Section 302 of the code",
            "the crew of flight 815",
            "an ageing Boeing 737 landed",
            "since the attacks of 9/11",
            "they work 24/7 there",
            "the G7 met",
            "an F-16 crashed",
            "the budget of 2019",
            "call 555-0199 now",
            "call 0800 now",
            "call 999 now",
            "call 300-555-1234 now",
            "entered at number seven",
            "among the top 50",
            "and one of them fell",
            "at 16 Harbour Street",
            "in the bottom three after a loss",
            "the first one was better",
            "one must not say so",
            "they saw one another",
            "shown on BBC Two",
            "old 747s",
            "at 22 Rue Verte",
            "at 9 E 71st St",
            "in the 90049 ZIP code",
            "the debut of its 787 Dreamliner",
            "a test for COVID -19",
            "1. Boil the water",
            "(2) Let it cool",
            "see https://example.org/a/12?q=30%25 for more",
            "a drive along Highway 61",
            "read chapter 12 of it",
            "in postcode 2000",
        ] {
            assert_eq!(left(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn keeps_what_counts() {
        assert_eq!(left("the vote was 218-210"), ["218", "210"]);
        assert_eq!(left("In Lima 12 people waited"), ["12"]);
        assert_eq!(left("one of the oldest towns"), ["one"]);
        assert_eq!(left("only one bridge held"), ["one"]);
        assert_eq!(left("nearly 2,019 votes"), ["2,019"]);
        assert_eq!(left("the 300 Kenyan soldiers"), ["300"]);
        assert_eq!(left("a low of minus one"), ["one"]);
        assert_eq!(left("One dead, three hurt"), ["One", "three"]);
        assert_eq!(left("more than 1500 people waited"), ["1500"]);
        assert_eq!(left("200-300 people waited"), ["200", "300"]);
        assert_eq!(left("a range of 300-400 km"), ["300", "400"]);
    }
}
