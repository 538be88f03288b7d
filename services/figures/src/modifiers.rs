//! How exact a figure is said to be.

use tallywire_proto::Modifier;

use crate::{
    phrases::{Phrases, rows},
    quantity::Quantity,
    sentence::Sentence,
    units::UnitKind,
};

/// The phrases that say it, before and behind the figure.
pub(crate) struct Modifiers {
    before: Phrases<Modifier>,
    after: Phrases<Modifier>,
}

impl Modifiers {
    pub(crate) fn load() -> Self {
        let mut modifiers = Self { before: Phrases::new(), after: Phrases::new() };
        for row in rows(include_str!("../data/modifiers.tsv"), '\t') {
            let [phrase, modifier, place @ ..] = &row[..] else { continue };
            let modifier = match *modifier {
                "about" => Modifier::About,
                "at_least" => Modifier::AtLeast,
                "more_than" => Modifier::MoreThan,
                "at_most" => Modifier::AtMost,
                "less_than" => Modifier::LessThan,
                "up_to" => Modifier::UpTo,
                _ => continue,
            };
            if place.is_empty() {
                modifiers.before.add_backward(phrase, modifier);
            } else {
                modifiers.after.add(phrase, modifier);
            }
        }
        modifiers
    }

    /// Where the phrase begins with its modifier: at "up" in "up to 120 km/h".
    pub(crate) fn start(&self, sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> usize {
        let first = quantity.tokens.start;
        first - self.before.longest(|back| sentence.word_before(first, back + 1)).map_or(0, |(length, _)| length)
    }

    /// Reads the modifier before the phrase, or behind its number or its end, and makes it part of the phrase.
    pub(crate) fn read(&self, sentence: &Sentence<'_>, quantity: &mut Quantity<'_>) {
        let first = quantity.tokens.start;
        // "the", "a": "just under a 5 per cent stake", "about the 30 km".
        let article = usize::from(matches!(sentence.word_before(first, 1), "a" | "an"));
        if let Some((length, modifier)) = self.before.longest(|back| sentence.word_before(first - article, back + 1)) {
            let start = first - article - length;
            // "edged up to 4.3%": it went up, and that far.
            let moves = *modifier == Modifier::UpTo
                && matches!(
                    sentence.word_before(start, 1),
                    "edged"
                        | "ticked"
                        | "inched"
                        | "crept"
                        | "moved"
                        | "went"
                        | "climbed"
                        | "rose"
                        | "jumped"
                        | "pushed"
                        | "shot"
                        | "back"
                );
            let spans = length == 1 && sentence.word(start) == "over" && is_span(sentence, start, quantity);
            if !(moves || spans) {
                quantity.modifier = *modifier;
                quantity.tokens.start = start;
                return;
            }
        }
        for end in [quantity.number.end, quantity.tokens.end] {
            if let Some((length, modifier)) = self.after.longest(|ahead| sentence.word(end + ahead)) {
                quantity.modifier = *modifier;
                quantity.tokens.end = quantity.tokens.end.max(end + length);
                return;
            }
        }
    }
}

/// "$5bn over five years", "rain over two days": the time in which something happens, not one that is exceeded, as it is
/// in "for over five years" and "over five years ago".
fn is_span(sentence: &Sentence<'_>, over: usize, quantity: &Quantity<'_>) -> bool {
    let is_length = matches!(
        sentence.word_before(over, 1),
        "for"
            | "after"
            | "of"
            | "in"
            | "within"
            | "by"
            | "with"
            | "than"
            | "and"
            | "or"
            | "at"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "back"
            | "take"
            | "takes"
            | "took"
            | "taken"
            | "taking"
            | "last"
            | "lasts"
            | "lasted"
            | "lasting"
            | "spend"
            | "spent"
            | "spending"
            | "wait"
            | "waited"
            | "waiting"
            | "worked"
            | "lived"
            | "served"
            | "stayed"
            | "just"
            | "well"
    );
    let is_apart =
        matches!(sentence.word(quantity.tokens.end), "ago" | "later" | "earlier" | "before" | "away" | "late");
    quantity.kind() == Some(UnitKind::Time) && !quantity.is_age && !is_length && !is_apart
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords, units::Units};

    /// Modifier and phrase of the first figure.
    fn read(text: &str) -> (Modifier, String) {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        let mut quantity = units.measured(&sentence, &numbers[0]);
        Modifiers::load().read(&sentence, &mut quantity);
        (quantity.modifier, sentence.slice(&quantity.tokens).to_owned())
    }

    #[test]
    fn the_longest_phrase_counts() {
        assert_eq!(read("it took no more than 5 hours"), (Modifier::AtMost, "no more than 5 hours".into()));
        assert_eq!(read("it took more than 5 hours"), (Modifier::MoreThan, "more than 5 hours".into()));
        assert_eq!(read("it took just under an hour and 5 hours"), (Modifier::Exact, "5 hours".into()));
        assert_eq!(read("it took 5 hours or more"), (Modifier::AtLeast, "5 hours or more".into()));
        assert_eq!(read("it took 5 hours"), (Modifier::Exact, "5 hours".into()));
        assert_eq!(read("rain over 5 hours"), (Modifier::Exact, "5 hours".into()));
        assert_eq!(read("it took over 5 hours"), (Modifier::MoreThan, "over 5 hours".into()));
        assert_eq!(read("it fell over 5 hours ago"), (Modifier::MoreThan, "over 5 hours".into()));
        assert_eq!(read("about a dozen"), (Modifier::About, "about a dozen".into()));
    }
}
