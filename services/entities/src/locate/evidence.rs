//! Which countries an article is about, as far as it leaves no doubt.

use foldhash::{HashMap, HashMapExt, HashSet};

use crate::{
    gazetteer::{Gazetteer, Place, PlaceClass},
    words::Word,
};

use super::hint::Hint;

/// How often a name or demonym counts.
const OFTEN: u8 = 3;
/// How often the country of the feed counts as named.
const HINTED: f64 = 2.0;
/// The most places that others can be near to.
const ANCHORS: usize = 24;
/// Near is within as many kilometres.
const NEAR: f64 = 300.0;
/// A place of fewer inhabitants says less: its name may be another's.
const SMALL: u64 = 100_000;

/// What speaks for countries.
#[derive(Default)]
pub(super) struct Evidence<'g> {
    /// For each country, how much it is named itself, or its people are.
    named: HashMap<&'static str, f64>,
    /// For each country, how many of its divisions and cities are named.
    inside: HashMap<&'static str, f64>,
    /// The divisions named.
    divisions: HashSet<&'static str>,
    anchors: Vec<&'g Place>,
    often: HashMap<u64, u8>,
}

impl<'g> Evidence<'g> {
    /// The evidence of where the article is from, and of its demonyms.
    pub(super) fn new(words: &[Word<'_>], gazetteer: &Gazetteer, hint: &Hint<'_>) -> Self {
        let mut evidence = Self::default();
        let hinted = hint.country.and_then(|code| gazetteer.country(code));
        evidence.named.extend(hinted.map(|country| (country.country(), HINTED)));
        let mut often: HashMap<&str, u8> = HashMap::new();
        for word in words.iter().filter(|word| word.is_capital()) {
            if let Some(country) = gazetteer.country_of_demonym(&word.lower) {
                let count = often.entry(country).or_default();
                *count += u8::from(*count < OFTEN);
            }
        }
        for (country, count) in often {
            if let Some(country) = gazetteer.country(country) {
                *evidence.named.entry(country.country()).or_default() += f64::from(count);
            }
        }
        evidence
    }

    /// Adds a place that is surely meant.
    pub(super) fn add(&mut self, place: &'g Place) {
        let count = self.often.entry(place.geonames).or_default();
        if *count >= OFTEN {
            return;
        }
        *count += 1;
        let first = *count == 1;
        match place.class {
            PlaceClass::Country => *self.named.entry(place.country()).or_default() += 1.0,
            PlaceClass::Division => {
                self.divisions.insert(place.code());
                *self.inside.entry(place.country()).or_default() += 1.0;
            }
            PlaceClass::City => {
                *self.inside.entry(place.country()).or_default() += if place.weight < SMALL { 0.5 } else { 1.0 };
            }
        }
        if first && self.anchors.len() < ANCHORS {
            self.anchors.push(place);
        }
    }

    /// Whether it speaks for any country.
    pub(super) fn is_any(&self) -> bool {
        !self.named.is_empty() || !self.inside.is_empty()
    }

    /// How much speaks for a place, in powers of ten of its inhabitants.
    pub(super) fn of(&self, place: &Place) -> f64 {
        let of = |counts: &HashMap<&str, f64>| counts.get(place.country()).map_or(0.0, |count| (count / 2.0).min(1.0));
        let division = place.class == PlaceClass::City && self.divisions.contains(place.code());
        let near = self.anchors.iter().any(|anchor| {
            anchor.class != PlaceClass::Country && anchor.geonames != place.geonames && anchor.distance(place) < NEAR
        });
        2.0f64.mul_add(of(&self.inside), of(&self.named))
            + if division { 1.5 } else { 0.0 }
            + if near { 0.7 } else { 0.0 }
    }
}
