//! Whether something rose or fell by the figure.

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::Direction;

use crate::{
    phrases::{Phrases, rows},
    quantity::Quantity,
    sentence::Sentence,
    units::UnitKind,
};

/// How long the object of a word of change may be, in tokens: "cut its forecast for growth by".
const OBJECT: usize = 7;

/// How far before "from 5 to 7" the word of change may stand, in tokens.
const CLAUSE: usize = 12;

/// The words of change.
pub(crate) struct Directions {
    before: Phrases<Direction>,
    after: HashMap<&'static str, Direction>,
}

impl Directions {
    pub(crate) fn load() -> Self {
        let mut directions = Self { before: Phrases::new(), after: HashMap::new() };
        for row in rows(include_str!("../data/directions.tsv"), '\t') {
            let [word, direction, place] = row[..] else { continue };
            let direction = if direction == "up" { Direction::Up } else { Direction::Down };
            if place == "before" {
                directions.before.add_backward(word, direction);
            } else {
                directions.after.insert(word, direction);
            }
        }
        directions
    }

    fn before(&self, sentence: &Sentence<'_>, at: usize) -> Option<Direction> {
        self.before.longest(|back| sentence.word_before(at, back + 1)).map(|(_, direction)| *direction)
    }

    /// Whether a word of change stands in the few words before a token.
    pub(crate) fn changes_before(&self, sentence: &Sentence<'_>, at: usize) -> bool {
        (at.saturating_sub(3)..=at).any(|end| self.before(sentence, end).is_some())
    }

    /// "cut its staff by", "raised rates by": the nearest word of change in the clause before "by".
    fn changed_by(&self, sentence: &Sentence<'_>, by: usize) -> Option<Direction> {
        (by.saturating_sub(OBJECT)..by)
            .rev()
            .take_while(|at| !matches!(sentence.word(*at), "," | ";" | "." | ":") && !sentence.is_digits(*at))
            .find_map(|at| self.before(sentence, at + 1))
    }

    /// Whether a word of change stands in the clause before a token, or in the one before that: "jumped 40%, from".
    pub(crate) fn changes_in_clause(&self, sentence: &Sentence<'_>, at: usize) -> bool {
        (at.saturating_sub(CLAUSE)..=at).any(|end| self.before(sentence, end).is_some())
    }

    /// The word of change that governs a figure, by its last token: "rose" of "rose 3%", "rose to 3%".
    pub(crate) fn governor(&self, sentence: &Sentence<'_>, first: usize) -> Option<usize> {
        (first.saturating_sub(5)..=first)
            .rev()
            .take_while(|end| !matches!(sentence.word(*end), ";" | ":" | "."))
            .find(|end| self.before(sentence, *end).is_some())
            .map(|end| end - 1)
    }

    /// The direction in which a figure changed something: "rose 3%", "fell by a further 2 points", "5% higher".
    ///
    /// Only amounts rise and fall by themselves: in "lost 12 soldiers" and "added 30 jobs" the verb is an event.
    pub(crate) fn of(&self, sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> Option<Direction> {
        let amount = match quantity.kind() {
            Some(kind) => kind != UnitKind::Time && !quantity.is_age,
            None => quantity
                .noun
                .as_ref()
                .is_some_and(|noun| matches!(noun.counted.lemma.as_str(), "point" | "place" | "spot")),
        };
        let is_by = sentence.word_before(quantity.tokens.start, 1) == "by";
        if is_by
            && !quantity.is_age
            && let Some(direction) = self.changed_by(sentence, quantity.tokens.start - 1)
        {
            return Some(direction);
        }
        // "fell below $1tn": what it crossed, and not how far it fell.
        let is_crossed = matches!(sentence.word(quantity.tokens.start), "below" | "above");
        if !amount || is_crossed {
            return None;
        }
        // "5 per cent less than a year ago"
        let end = quantity.tokens.end;
        if quantity.unit.is_some() && sentence.word(end + 1) == "than" {
            match sentence.word(end) {
                "more" => return Some(Direction::Up),
                "less" | "fewer" => return Some(Direction::Down),
                _ => {}
            }
        }
        let mut at = quantity.tokens.start;
        for _ in 0..3 {
            let filler = matches!(
                sentence.word_before(at, 1),
                "by" | "another" | "a" | "an" | "further" | "additional" | "just" | "only" | "nearly" | "as" | "much"
            );
            if !filler {
                break;
            }
            at -= 1;
        }
        // "added a 30-degree bend"
        if quantity.kind() == Some(UnitKind::Measure) && sentence.word_before(at, 1) == "added" {
            return None;
        }
        self.before(sentence, at).or_else(|| self.after.get(sentence.word(quantity.tokens.end)).copied())
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords, units::Units};

    /// The direction of the first figure.
    fn direction(text: &str) -> Option<Direction> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        Directions::load().of(&sentence, &units.measured(&sentence, &numbers[0]))
    }

    #[test]
    fn amounts_rise_and_fall() {
        assert_eq!(direction("rents rose 3%"), Some(Direction::Up));
        assert_eq!(direction("rents fell by a further 3%"), Some(Direction::Down));
        assert_eq!(direction("rents were 3% lower"), Some(Direction::Down));
    }

    #[test]
    fn what_is_reached_or_counted_does_not() {
        assert_eq!(direction("rents rose to 300 euros"), None);
        assert_eq!(direction("the mill added 30 jobs"), None);
        assert_eq!(direction("it lasted 3 hours longer"), None);
    }
}
