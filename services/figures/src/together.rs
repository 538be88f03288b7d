//! What the figures of a sentence say together: how they relate, what happened to them, and what one leaves to another.

use tallywire_proto::{Counted, Event, Modifier, RelationKind};

use crate::{noun::Noun, numbers::Form, quantity::Quantity, reader::Reader, relations, sentence::Sentence};

impl Reader {
    /// Reads relations and events, and what is counted where only another figure names it.
    pub(crate) fn tell(&self, sentence: &Sentence<'_>, quantities: &mut [Quantity<'_>]) {
        let links = relations::find(sentence, quantities);
        for (quantity, link) in quantities.iter_mut().zip(links) {
            quantity.link = link;
        }
        for index in 0..quantities.len() {
            quantities[index].event = self.event(sentence, quantities, index);
            if has_elided_head(sentence, &quantities[index]) {
                // "four workers dead, 11 hurt"
                let named = named_before(sentence, &quantities[..index]);
                let end = quantities[index].number.end;
                quantities[index].noun = Some(named.map_or_else(|| people(end), |noun| Noun { end, ..noun }));
            }
        }
        for index in 1..quantities.len() {
            // "destroyed 14 homes and damaged 60 others"
            let is_others = quantities[index].noun.as_ref().is_some_and(|noun| noun.counted.head == "others");
            if is_others && let Some(noun) = named_before(sentence, &quantities[..index]) {
                quantities[index].noun = Some(Noun { end: quantities[index].tokens.end, ..noun });
            }
        }
        inherit_events(quantities);
        share_events(sentence, quantities);
        self.repeat(sentence, quantities);
        self.name_elided(sentence, quantities);
    }

    fn event(&self, sentence: &Sentence<'_>, quantities: &[Quantity<'_>], index: usize) -> Option<Event> {
        let quantity = quantities.get(index)?;
        // "a 12-storey block" tells what something is like, and "20 times more likely" how much.
        let describes =
            quantity.unit.is_none() && (sentence.is_hyphen(quantity.number.end) || is_difference(sentence, quantity));
        let can_happen = !describes
            && !quantity.is_age
            && quantity.noun.as_ref().is_none_or(|noun| noun.counted.head != "times")
            && quantity.direction.is_none()
            && !matches!(quantity.form, Form::Score | Form::Rank);
        if can_happen { self.events.of(sentence, quantities, index) } else { None }
    }

    /// What is said of an amount holds for the same in another unit: "more than 7 miles (11 km) a day".
    fn repeat(&self, sentence: &Sentence<'_>, quantities: &mut [Quantity<'_>]) {
        for index in 1..quantities.len() {
            let (before, rest) = quantities.split_at_mut(index);
            let (Some(first), Some(again)) = (before.last_mut(), rest.first_mut()) else { continue };
            if again.link.is_none_or(|link| link.kind != RelationKind::SameAs || link.other != Some(index - 1)) {
                continue;
            }
            if again.modifier == Modifier::Exact {
                again.modifier = first.modifier;
            }
            again.direction = again.direction.or(first.direction);
            // "27 tonnes (59,500 lb) of scrap"
            let behind = again.tokens.end + usize::from(sentence.raw(again.tokens.end) == ")");
            if first.noun.is_none() && sentence.word(behind) == "of" {
                let noun = self.nouns.whole(sentence, behind);
                first.noun = noun.clone().map(|noun| Noun { end: first.tokens.end, ..noun });
                again.noun = noun.map(|noun| Noun { end: again.tokens.end, ..noun });
            }
            if let Some((_, rate)) =
                self.units.rate(sentence, behind).filter(|_| first.per.is_none() && again.per.is_none())
            {
                first.per = Some(rate.clone());
                again.per = Some(rate);
            }
        }
    }

    /// What is counted where the words stand elsewhere: "31 houses burned and 200 were damaged", "exports fell by 8%".
    fn name_elided(&self, sentence: &Sentence<'_>, quantities: &mut [Quantity<'_>]) {
        for index in 0..quantities.len() {
            let quantity = &quantities[index];
            let (first, end) = (quantity.tokens.start, quantity.tokens.end);
            if quantity.noun.is_some() || quantity.is_age {
                continue;
            }
            let is_bare = quantity.unit.is_none() && quantity.is_number();
            let changes = quantity.direction.is_some()
                || quantity.link.is_some_and(|link| matches!(link.kind, RelationKind::From | RelationKind::To));
            // "30 on Saturday and a further 15", "23 of them"
            let leans = quantity
                .link
                .is_some_and(|link| matches!(link.kind, RelationKind::AdditionalTo | RelationKind::PartOf));
            let noun = if is_bare && leans {
                let other = quantity.link.and_then(|link| link.other).and_then(|other| quantities.get(other));
                other.and_then(|other| other.noun.clone()).map(|noun| Noun { end, ..noun })
            } else if is_bare && (quantity.event.is_some() || is_verb_of_state(sentence.word(end))) {
                named_before(sentence, &quantities[..index]).map(|noun| Noun { end, ..noun })
            } else if changes && quantity.unit.is_some() {
                let other = quantity.link.and_then(|link| link.other).and_then(|other| quantities.get(other));
                let of_other = other.filter(|other| other.link.is_some()).and_then(|other| other.noun.clone());
                let verb = self.directions.governor(sentence, first);
                of_other.or_else(|| self.nouns.changed(sentence, verb?, first, end)).map(|noun| Noun { end, ..noun })
            } else {
                None
            };
            quantities[index].noun = noun;
        }
    }
}

/// What the last count before a figure counts, which is not only where something happens: of "killed 12 men in 3 towns"
/// the men.
fn named_before(sentence: &Sentence<'_>, before: &[Quantity<'_>]) -> Option<Noun> {
    let is_where = |quantity: &Quantity<'_>| {
        matches!(
            sentence.word_before(quantity.tokens.start, 1),
            "in" | "at" | "across" | "near" | "on" | "from" | "into"
        )
    };
    let counts = |quantity: &&Quantity<'_>| quantity.unit.is_none() && quantity.is_number() && !is_where(quantity);
    before.iter().rev().filter(counts).find_map(|quantity| quantity.noun.clone())
}

fn is_verb_of_state(word: &str) -> bool {
    matches!(word, "are" | "were" | "is" | "was" | "have" | "had" | "remain" | "remained")
}

/// What happened to the whole happened to its parts, and what is said again in other units happened all the same.
fn inherit_events(quantities: &mut [Quantity<'_>]) {
    for index in 0..quantities.len() {
        let whole = quantities[index].link.filter(|link| {
            let is_bare = quantities[index].noun.is_none();
            let shares = match link.kind {
                RelationKind::PartOf | RelationKind::SameAs => true,
                RelationKind::AdditionalTo => is_bare,
                _ => false,
            };
            quantities[index].event.is_none() && shares
        });
        if let Some(other) = whole.and_then(|link| link.other).filter(|other| *other < index) {
            let event = quantities[other].event.clone();
            quantities[index].event = event;
        }
    }
}

/// "killed 50 cows and 200 sheep", "200 police and 40 troops were deployed": one word tells of all in a list.
fn share_events(sentence: &Sentence<'_>, quantities: &mut [Quantity<'_>]) {
    let is_listed = |left: &Quantity<'_>, right: &Quantity<'_>| {
        left.kind() == right.kind()
            && left.is_number()
            && right.is_number()
            && !left.is_age
            && !right.is_age
            && !is_difference(sentence, left)
            && !is_difference(sentence, right)
            && left.tokens.end + 1 == right.tokens.start
            && matches!(sentence.word(left.tokens.end), "and" | "," | "or")
    };
    for index in 1..quantities.len() {
        let (left, right) = (&quantities[index - 1], &quantities[index]);
        if right.event.is_none() && is_listed(left, right) {
            let event = left.event.clone();
            quantities[index].event = event;
        }
    }
    for index in (1..quantities.len()).rev() {
        let (left, right) = (&quantities[index - 1], &quantities[index]);
        if left.event.is_none() && is_listed(left, right) {
            let event = right.event.clone();
            quantities[index - 1].event = event;
        }
    }
}

/// "200 fewer than last year": how two numbers differ.
fn is_difference(sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> bool {
    let end = quantity.number.end;
    matches!(sentence.word(end), "more" | "fewer" | "less") && sentence.word(end + 1) == "than"
}

/// "seven killed": people are counted, and not named.
fn has_elided_head(sentence: &Sentence<'_>, quantity: &Quantity<'_>) -> bool {
    let is_bare = quantity.noun.is_none() && quantity.unit.is_none() && !quantity.is_age;
    let happens_to_people = quantity.event.as_ref().is_some_and(|event| {
        let class = event.class.as_str();
        let at = quantity.number.end + usize::from(matches!(sentence.word(quantity.number.end), "more" | "others"));
        matches!(
            class,
            "killed" | "injured" | "missing" | "arrested" | "detained" | "displaced" | "rescued" | "evacuated"
        ) && event.trigger.split_whitespace().next().is_some_and(|first| first == sentence.raw(at))
    });
    let (next, after) = (sentence.word(quantity.number.end), sentence.word(quantity.number.end + 1));
    let is_aboard = next == "aboard" || (next == "on" && after == "board");
    is_bare && (happens_to_people || is_aboard) && matches!(quantity.form, Form::Digits | Form::Words | Form::Vague)
}

fn people(end: usize) -> Noun {
    let word = || "people".to_owned();
    Noun { end, is_people: true, counted: Counted { head: word(), phrase: word(), lemma: word() } }
}
