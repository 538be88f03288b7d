//! What happened to what is counted.

use tallywire_proto::Event;

use crate::{
    numbers::Form,
    phrases::{Phrases, rows},
    quantity::Quantity,
    sentence::Sentence,
    status::status,
    units::UnitKind,
};

/// How far from the figure a word may tell of its event, in tokens.
const REACH: usize = 6;

/// The words that tell of events.
pub(crate) struct Events {
    triggers: Phrases<Vec<Meaning>>,
}

/// A class that a word tells of, and what it can happen to.
#[derive(Clone, Copy)]
struct Meaning {
    class: &'static str,
    to: Things,
}

/// What an event can happen to.
#[derive(Clone, Copy)]
enum Things {
    Anything,
    Counts,
    Money,
    Time,
    /// Counts of persons by what they are called.
    Persons,
    /// Counts of what is named.
    Named,
    /// Counts of jobs and of those who have them.
    Jobs,
    /// Counts, measures and shares.
    Amounts,
}

/// A word or phrase that tells of an event: its first token, its length, and the class.
#[derive(Clone, Copy)]
struct Trigger {
    at: usize,
    length: usize,
    class: &'static str,
}

impl Events {
    pub(crate) fn load() -> Self {
        let mut meanings: Vec<(String, Vec<Meaning>)> = Vec::new();
        for row in rows(include_str!("../data/events.tsv"), '\t') {
            let [class, words, rest @ ..] = &row[..] else { continue };
            let to = match rest.first() {
                Some(&"people") => Things::Counts,
                Some(&"money") => Things::Money,
                Some(&"time") => Things::Time,
                Some(&"jobs") => Things::Jobs,
                Some(&"persons") => Things::Persons,
                Some(&"things") => Things::Named,
                Some(&"amount") => Things::Amounts,
                _ => Things::Anything,
            };
            for word in words.split(' ').map(|word| word.replace('+', " ")) {
                match meanings.iter_mut().find(|(other, _)| *other == word) {
                    Some((_, meanings)) => meanings.push(Meaning { class, to }),
                    None => meanings.push((word, vec![Meaning { class, to }])),
                }
            }
        }
        let mut triggers = Phrases::new();
        for (word, meanings) in meanings {
            triggers.add(&word, meanings);
        }
        Self { triggers }
    }

    /// The event of the figure at `index`: the nearest word that tells of one, in the same clause and with no other
    /// figure between; a verb right before the figure goes first, then what follows it.
    pub(crate) fn of(&self, sentence: &Sentence<'_>, quantities: &[Quantity<'_>], index: usize) -> Option<Event> {
        let quantity = quantities.get(index)?;
        let trigger = self.trigger(sentence, quantities, index, quantity)?;
        Some(Event {
            class: trigger.class.to_owned(),
            trigger: sentence.slice(&(trigger.at..trigger.at + trigger.length)).to_owned(),
            status: status(sentence, trigger.at, quantity.tokens.start),
        })
    }

    fn trigger(
        &self,
        sentence: &Sentence<'_>,
        quantities: &[Quantity<'_>],
        index: usize,
        quantity: &Quantity<'_>,
    ) -> Option<Trigger> {
        let hit = |at: usize| self.hit(sentence, quantity, at);
        let (first, end) = (quantity.tokens.start, quantity.tokens.end);
        // The whole of "three of the nine dams": what happens, happens to the three.
        let is_whole = |other: usize| is_partitive(sentence, &quantities[other], &quantities[other + 1]);
        let inside = || (quantity.number.end..end).find_map(hit);
        if index > 0 && is_whole(index - 1) && !is_none_of(sentence, quantities[index - 1].tokens.start) {
            return inside();
        }
        let (end, next) = match quantities.get(index + 1) {
            Some(whole) if is_whole(index) => (whole.tokens.end, index + 2),
            _ => (end, index + 1),
        };
        let left = index.checked_sub(1).and_then(|other| quantities.get(other)).map_or(0, |other| other.tokens.end);
        let right = quantities.get(next).map_or(sentence.len(), |other| other.tokens.start);
        // "seven killed and scores hurt": "killed" is what happened to the seven.
        let before = first.saturating_sub(REACH).max(left)..first;
        let is_previous = |trigger: &Trigger| trigger.at == left && left > 0;
        // "shut 700 sites and arrested 224 people": the verb is the next figure's, unless that is only a time.
        let other = quantities.get(next).filter(|other| other.kind() != Some(UnitKind::Time));
        let is_others =
            |trigger: &Trigger| other.is_some_and(|other| other.tokens.start == trigger.at + trigger.length);

        let adjacent = || {
            let near = before.clone().rev().take(2).take_while(|at| !matches!(sentence.word(*at), "and" | "," | "or"));
            near.into_iter().find_map(hit)
        };
        let following = || {
            let clause = (end..(end + REACH).min(right)).take_while(|at| !ends_clause(sentence, *at));
            clause.into_iter().filter_map(hit).find(|trigger| {
                // "4,300 patients found that it cut deaths": the deaths of others.
                let is_far = trigger.at > end + 1 && is_deaths(sentence.word(trigger.at));
                !is_others(trigger) && !is_far
            })
        };
        let preceding = || {
            // "charged with robbing 11 banks": the banks were robbed.
            let deed = before.clone().rev().find(|at| is_deed(sentence, *at)).unwrap_or(before.start);
            let clause = (deed..first).rev().take_while(|at| !ends_clause(sentence, *at));
            clause.into_iter().filter_map(hit).find(|trigger| !is_previous(trigger))
        };
        // "200 protesters had been shot dead": what was done to them goes before what they are.
        let suffered = || {
            let is_passive = |trigger: &Trigger| {
                matches!(sentence.word_before(trigger.at, 1), "was" | "were" | "been" | "be" | "are" | "being")
            };
            following().filter(is_passive)
        };
        adjacent().or_else(suffered).or_else(inside).or_else(following).or_else(preceding)
    }

    /// The event that the word at a token tells of; with the word before, where the two are one phrase: "shot dead".
    fn hit(&self, sentence: &Sentence<'_>, quantity: &Quantity<'_>, at: usize) -> Option<Trigger> {
        let fits = |meanings: &Vec<Meaning>| meanings.iter().find(|meaning| meaning.to.include(quantity)).copied();
        let found = |at: usize| {
            let (length, meanings) = self.triggers.longest(|ahead| sentence.word(at + ahead))?;
            fits(meanings).map(|meaning| Trigger { at, length, class: meaning.class })
        };
        let longer = at.checked_sub(1).and_then(found).filter(|trigger| trigger.length > 1);
        longer.or_else(|| found(at))
    }
}

impl Things {
    fn include(self, quantity: &Quantity<'_>) -> bool {
        let is_count = quantity.unit.is_none() && quantity.form != Form::Rank && quantity.form != Form::Score;
        match (self, quantity.kind()) {
            (Self::Time, kind) => kind == Some(UnitKind::Time),
            (_, Some(UnitKind::Time | UnitKind::Points)) => false,
            (Self::Anything, _) => true,
            (Self::Counts, kind) => is_count || kind == Some(UnitKind::Percent),
            (Self::Named, _) => is_count && quantity.noun.is_some(),
            (Self::Persons, _) => is_count && quantity.noun.as_ref().is_some_and(|noun| noun.is_people),
            (Self::Jobs, _) => is_count && quantity.noun.as_ref().is_some_and(|noun| is_job(&noun.counted.head)),
            (Self::Money, kind) => kind == Some(UnitKind::Money),
            (Self::Amounts, kind) => is_count || matches!(kind, Some(UnitKind::Measure | UnitKind::Percent)),
        }
    }
}

fn is_job(head: &str) -> bool {
    matches!(head, "jobs" | "job" | "posts" | "positions" | "roles" | "staff" | "workers" | "employees")
}

/// "three of the nine dams"
fn is_partitive(sentence: &Sentence<'_>, part: &Quantity<'_>, whole: &Quantity<'_>) -> bool {
    let gap = part.tokens.end..whole.tokens.start;
    !gap.is_empty() && gap.len() <= 2 && sentence.word(gap.start) == "of"
}

/// "none of the 212 passengers": there is no part.
fn is_none_of(sentence: &Sentence<'_>, first: usize) -> bool {
    sentence.word(first) == "none"
}

/// "with robbing", "for blocking": what somebody did, told by a preposition.
fn is_deed(sentence: &Sentence<'_>, at: usize) -> bool {
    let word = sentence.word(at);
    word.len() > 5
        && word.ends_with("ing")
        && matches!(sentence.word_before(at, 1), "with" | "of" | "for" | "by" | "from" | "without")
}

fn is_deaths(word: &str) -> bool {
    matches!(word, "death" | "deaths" | "fatality" | "fatalities" | "toll")
}

fn ends_clause(sentence: &Sentence<'_>, at: usize) -> bool {
    matches!(sentence.word(at), ";" | ":" | "," | "but" | "while" | "after" | "before" | "because" | "(" | ")")
}

#[cfg(test)]
mod tests {
    use tallywire_proto::EventStatus;
    use tallywire_text::tokens;

    use super::*;
    use crate::{digits::Separators, number_words::NumberWords, units::Units};

    /// Classes and statuses of the figures' events.
    fn events(text: &str) -> Vec<Option<(String, EventStatus)>> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let (units, numbers) = (Units::load(), NumberWords::load().find(&sentence, Separators::CommaThousands));
        let quantities: Vec<_> = numbers.iter().map(|number| units.measured(&sentence, number)).collect();
        let events = Events::load();
        let of = |index| events.of(&sentence, &quantities, index).map(|event| (event.class, event.status));
        (0..quantities.len()).map(of).collect()
    }

    fn classes(text: &str) -> Vec<Option<String>> {
        events(text).into_iter().map(|event| event.map(|(class, _)| class)).collect()
    }

    #[test]
    fn finds_the_event_on_either_side() {
        let is = |class: &str| Some(class.to_owned());
        assert_eq!(classes("Police arrested 12 men."), [is("arrested")]);
        assert_eq!(classes("12 men were arrested."), [is("arrested")]);
        assert_eq!(classes("The blast killed 3 and injured 9."), [is("killed"), is("injured")]);
        assert_eq!(classes("They razed 12 sites and arrested 30 men."), [is("destroyed"), is("arrested")]);
        assert_eq!(classes("12 men came, and others died."), [None]);
        assert_eq!(classes("Seven killed and 40 hurt"), [is("killed"), is("injured")]);
        assert_eq!(classes("Gunmen shot dead 12 herders."), [is("killed")]);
        assert_eq!(classes("Men were charged with robbing 11 banks."), [None]);
        assert_eq!(classes("A man was accused of killing 11 cooks."), [is("killed")]);
        assert_eq!(classes("It gave 4,300 patients a drug that cut deaths."), [None]);
        assert_eq!(classes("There were 12 road deaths."), [is("killed")]);
        assert_eq!(classes("Three of 9 dams were destroyed."), [is("destroyed"), None]);
    }

    #[test]
    fn a_word_tells_of_what_can_happen_to_the_figure() {
        let is = |class: &str| [Some(class.to_owned())];
        assert_eq!(classes("He was jailed for 12 years."), is("sentenced"));
        assert_eq!(classes("They jailed 12 men."), is("detained"));
        assert_eq!(classes("The fire burned 400 hectares."), is("destroyed"));
        assert_eq!(classes("Donors gave $4m."), is("donated"));
        assert_eq!(classes("Donors gave 4 talks."), [None]);
    }

    #[test]
    fn tells_what_did_not_happen() {
        let status = |text: &str| events(text)[0].clone().map(|(_, status)| status);
        assert_eq!(status("12 men were not hurt."), Some(EventStatus::Negated));
        assert_eq!(status("None of the 12 men was hurt."), Some(EventStatus::Negated));
        assert_eq!(status("They could not save 12 men."), Some(EventStatus::Negated));
        assert_eq!(status("The mill will lay off 12 men."), Some(EventStatus::Planned));
        assert_eq!(status("The army denied killing 12 men."), Some(EventStatus::Denied));
        assert_eq!(status("The army denied that 12 men had been killed."), Some(EventStatus::Denied));
        assert_eq!(status("A wall to 12 men who died stands."), Some(EventStatus::Actual));
        assert_eq!(status("12 men are feared dead."), Some(EventStatus::Possible));
        assert_eq!(status("The raid is believed to have killed 12 men."), Some(EventStatus::Possible));
        assert_eq!(status("The raid was said to have killed 12 men."), Some(EventStatus::Actual));
        assert_eq!(status("Crews managed to rescue 12 men."), Some(EventStatus::Actual));
        assert_eq!(status("Crews were not able to rescue 12 men."), Some(EventStatus::Negated));
        assert_eq!(status("Crews may be forced to rescue 12 men."), Some(EventStatus::Possible));
        assert_eq!(status("Crews failed to rescue 12 men."), Some(EventStatus::Negated));
        assert_eq!(status("He pleaded guilty to stealing 12 goats."), Some(EventStatus::Actual));
        assert_eq!(status("It swung to a loss of $12m."), Some(EventStatus::Actual));
        assert_eq!(status("The mill is to hire 12 men."), Some(EventStatus::Planned));
    }
}
