//! Where a figure belongs: the place of its sentence that the grammar ties it to.

use tallywire_proto::EntityKind;

use crate::{mentions::Named, quantity::Quantity, sentence::Sentence};

/// The places that a sentence names.
pub(crate) struct Places<'e> {
    /// Those where something is said to be or to happen: "in Accra", "struck Vanuatu", a dateline.
    located: Vec<Place<'e>>,
    /// Those that something belongs to: "Kenya's".
    owners: Vec<Place<'e>>,
    /// Those that people come from: "evacuated from Lyon".
    origins: Vec<Place<'e>>,
    /// The one that the sentence names, if it names no other.
    only: Option<&'e str>,
}

struct Place<'e> {
    /// Its first token.
    first: usize,
    /// One past its last token.
    end: usize,
    id: &'e str,
}

impl<'e> Places<'e> {
    /// Sorts the mentions of a sentence. `tokens` tells the tokens that a mention covers.
    pub(crate) fn new<'m>(
        sentence: &Sentence<'_>,
        is_first: bool,
        mentions: impl Iterator<Item = &'m Named<'e>>,
        tokens: impl Fn(&Named<'e>) -> (usize, usize),
    ) -> Self
    where
        'e: 'm,
    {
        let mut places = Self { located: Vec::new(), owners: Vec::new(), origins: Vec::new(), only: None };
        let mut others = false;
        for named in mentions.filter(|named| named.entity.kind == EntityKind::Place && !named.is_metonym) {
            let (first, end) = tokens(named);
            let id = named.entity.id.as_str();
            others |= places.only.is_some_and(|only| only != id);
            places.only = Some(id);
            let place = Place { first, end, id };
            let is_dateline = is_first && first == 0 && opens_dateline(sentence, end);
            if is_dateline || is_located(sentence, first) {
                places.located.push(place);
            } else if sentence.is_possessive(end) {
                places.owners.push(place);
            } else if sentence.word_before(first, 1) == "from" {
                places.origins.push(place);
            }
        }
        if others {
            places.only = None;
        }
        places
    }

    /// The place of the figure at `index`: its owner; else the nearest where something happens, or the one right behind
    /// it where each of several figures has its own; else the only one there is.
    pub(crate) fn of(&self, quantities: &[Quantity<'_>], index: usize) -> Option<&'e str> {
        let quantity = quantities.get(index)?;
        if quantity.is_age {
            return None;
        }
        let distance = |place: &&Place<'_>| {
            if place.first >= quantity.tokens.end {
                place.first - quantity.tokens.end
            } else {
                quantity.tokens.start.saturating_sub(place.end)
            }
        };
        let owner = self.owners.iter().find(|place| place.end + 1 == quantity.tokens.start);
        let leaves = quantity.event.as_ref().is_some_and(|event| {
            matches!(event.class.as_str(), "evacuated" | "displaced" | "rescued" | "kidnapped" | "stolen")
        });
        let origin = || self.origins.iter().filter(|_| leaves).min_by_key(distance);
        // "3 dead in Manila and 12 dead in Cebu"
        let before = index.checked_sub(1).map_or(0, |other| quantities[other].tokens.end);
        let next = quantities.get(index + 1).map_or(usize::MAX, |other| other.tokens.start);
        let is_others = self.located.iter().any(|place| (before..quantity.tokens.start).contains(&place.first));
        let own = || {
            let behind = self.located.iter().find(|place| (quantity.tokens.end..next).contains(&place.first));
            behind.filter(|_| index > 0 && is_others)
        };
        let located = || own().or_else(|| self.located.iter().min_by_key(distance));
        owner.or_else(origin).or_else(located).map(|place| place.id).or(self.only)
    }
}

/// "in Accra", "across northern Kenya", "hit Vanuatu": a word of place before it, with an adjective or two between.
fn is_located(sentence: &Sentence<'_>, first: usize) -> bool {
    let mut at = first;
    for _ in 0..3 {
        let word = sentence.word_before(at, 1);
        let is_place_word = matches!(
            word,
            "in" | "at"
                | "near"
                | "across"
                | "throughout"
                | "outside"
                | "off"
                | "around"
                | "inside"
                | "hit"
                | "struck"
                | "crossed"
                | "lashed"
                | "rocked"
                | "shook"
                | "flooded"
                | "battered"
                | "swept"
                | "ravaged"
        );
        if is_place_word {
            return true;
        }
        let is_adjective = word == "the" || word.ends_with("ern") || word.ends_with("al") || word == "rural";
        if !is_adjective {
            return false;
        }
        at -= 1;
    }
    false
}

/// "RABAT, Morocco (Agency) — ": a dash within the few tokens behind the first place.
fn opens_dateline(sentence: &Sentence<'_>, end: usize) -> bool {
    (end..end + 10).any(|at| sentence.is_dash(at) && !sentence.touches_next(at) && !sentence.touches_previous(at))
}
