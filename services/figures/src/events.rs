//! What happened to what is counted.

use tallywire_proto::{Event, EventStatus};

use crate::{
    phrases::{Phrases, rows},
    quantity::Quantity,
    sentence::Sentence,
    units::UnitKind,
};

/// How far from the figure a word may tell of its event, in tokens.
const REACH: usize = 6;

/// The words that tell of events.
pub(crate) struct Events {
    triggers: Phrases<&'static str>,
}

impl Events {
    pub(crate) fn load() -> Self {
        let mut triggers = Phrases::new();
        for row in rows(include_str!("../data/events.tsv"), '\t') {
            let [class, words] = row[..] else { continue };
            for word in words.split(' ') {
                triggers.add(&word.replace('+', " "), class);
            }
        }
        Self { triggers }
    }

    fn at(&self, sentence: &Sentence<'_>, at: usize) -> Option<(usize, &'static str)> {
        self.triggers.longest(|ahead| sentence.word(at + ahead)).map(|(length, class)| (length, *class))
    }

    /// The event of the figure at `index`: the nearest word that tells of one, in the same clause and with no other
    /// figure between; a verb right before the figure goes first, then what follows it.
    pub(crate) fn of(&self, sentence: &Sentence<'_>, quantities: &[Quantity<'_>], index: usize) -> Option<Event> {
        let quantity = quantities.get(index)?;
        let left = index.checked_sub(1).and_then(|other| quantities.get(other)).map_or(0, |other| other.tokens.end);
        let right = quantities.get(index + 1).map_or(sentence.len(), |other| other.tokens.start);
        let (first, end) = (quantity.tokens.start, quantity.tokens.end);
        let inside = quantity.number.end..end;
        let after = end..(end + REACH).min(right);
        let before = first.saturating_sub(REACH).max(left)..first;

        // "shut 700 sites and arrested 224 people": the verb is the next figure's, unless that is only a time.
        let next = quantities.get(index + 1).filter(|other| other.kind() != Some(UnitKind::Time));
        let is_others = |end: usize| next.is_some_and(|other| other.tokens.start == end);

        let adjacent = before.clone().rev().take(2).find_map(|at| self.hit(sentence, at));
        let found = adjacent
            .or_else(|| inside.clone().find_map(|at| self.hit(sentence, at)))
            .or_else(|| {
                let clause = after.take_while(|at| !ends_clause(sentence, *at));
                clause.filter_map(|at| self.hit(sentence, at)).find(|(at, length, _)| !is_others(at + length))
            })
            .or_else(|| {
                before.rev().take_while(|at| !ends_clause(sentence, *at)).find_map(|at| self.hit(sentence, at))
            });
        let (at, length, class) = found?;
        Some(Event {
            class: class.to_owned(),
            trigger: sentence.slice(&(at..at + length)).to_owned(),
            status: status(sentence, at),
        })
    }

    fn hit(&self, sentence: &Sentence<'_>, at: usize) -> Option<(usize, usize, &'static str)> {
        self.at(sentence, at).map(|(length, class)| (at, length, class))
    }
}

fn ends_clause(sentence: &Sentence<'_>, at: usize) -> bool {
    matches!(sentence.word(at), ";" | ":" | "," | "but" | "while" | "after" | "before" | "because" | "(" | ")")
}

/// Whether the words before a trigger deny it or put it into the future.
fn status(sentence: &Sentence<'_>, at: usize) -> EventStatus {
    for word in (1..=4).map(|back| sentence.word_before(at, back)) {
        match word {
            "not" | "no" | "never" | "didn't" | "wasn't" | "weren't" | "didn’t" | "wasn’t" | "weren’t" | "without" =>
            {
                return EventStatus::Negated;
            }
            "will" | "would" | "to" | "plans" | "could" | "may" | "might" | "should" | "shall" | "planning" => {
                return EventStatus::Planned;
            }
            "denied" | "denies" | "deny" | "denying" => return EventStatus::Denied,
            "," | ";" => break,
            _ => {}
        }
    }
    EventStatus::Actual
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords, units::Units};

    /// Class and status of the first figure's event.
    fn event(text: &str) -> Option<(String, EventStatus)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        let quantities: Vec<_> = numbers.iter().map(|number| units.measured(&sentence, number)).collect();
        Events::load().of(&sentence, &quantities, 0).map(|event| (event.class, event.status))
    }

    #[test]
    fn finds_the_event_on_either_side() {
        let actual = |class: &str| Some((class.to_owned(), EventStatus::Actual));
        assert_eq!(event("Police arrested 12 men."), actual("arrested"));
        assert_eq!(event("12 men were arrested."), actual("arrested"));
        assert_eq!(event("The blast killed 3 and injured 9."), actual("killed"));
        assert_eq!(event("They shut 12 sites and arrested 30 men."), None);
        assert_eq!(event("12 men came, and others died."), None);
    }

    #[test]
    fn tells_what_did_not_happen() {
        assert_eq!(event("12 men were not hurt.").unwrap().1, EventStatus::Negated);
        assert_eq!(event("The mill will lay off 12 men.").unwrap(), ("laid_off".to_owned(), EventStatus::Planned));
        assert_eq!(event("The army denied killing 12 men.").unwrap().1, EventStatus::Denied);
    }
}
