//! Places with their register entries, and well-known organizations.

mod places;

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

pub(crate) use places::{Place, PlaceClass};

use crate::lexicon::entries;
use places::read;

/// A place is meant by another name than its main one only before places with this many times fewer inhabitants.
const BY_OTHER_NAME: u64 = 20;

/// Words within names that begin in lower case.
const JOINING: [&str; 20] = [
    "of", "and", "the", "de", "da", "do", "dos", "das", "del", "di", "du", "la", "le", "el", "es", "al", "am", "upon",
    "on", "sur",
];

/// Names of places and organizations.
pub(crate) struct Gazetteer {
    places: Vec<Place>,
    /// From a name to the first of its bearers.
    by_name: HashMap<&'static str, usize>,
    bearers: Vec<Bearer>,
    demonyms: HashMap<&'static str, &'static str>,
    regions: HashSet<&'static str>,
    organizations: HashSet<&'static str>,
}

/// A place that has a name.
struct Bearer {
    place: usize,
    /// The next lesser place of the name.
    next: Option<usize>,
}

impl Gazetteer {
    /// Reads the embedded files.
    pub(crate) fn new() -> Self {
        let (places, others) = read();
        // Countries come before all others.
        let weight = |place: &Place, by: u64| {
            place.weight / by + if place.class == PlaceClass::Country { u64::MAX / 2 } else { 0 }
        };
        let numbered = || places.iter().enumerate().rev();
        let main = numbered().map(|(number, place)| (weight(place, 1), number, place.name));
        let other = numbered().zip(others.iter().rev()).flat_map(|((number, place), others)| {
            let others = others.split('|').filter(|other| !other.is_empty());
            others.map(move |other| (weight(place, BY_OTHER_NAME), number, other))
        });
        let mut names = Vec::with_capacity(3 * places.len());
        names.extend(main.chain(other));
        // The greatest of a name comes last, and first in the chain. The files are nearly in this order.
        names.sort_by_key(|(weight, ..)| *weight);
        let mut by_name = HashMap::with_capacity(names.len());
        let mut bearers: Vec<Bearer> = Vec::with_capacity(names.len());
        for (_, place, name) in names {
            let next = by_name.insert(name, bearers.len());
            bearers.push(Bearer { place, next });
        }
        let demonyms = entries(include_str!("../data/country-demonyms.tsv"))
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(country, words)| words.split('|').map(move |word| (word, country)))
            .collect();
        let mut regions = HashSet::with_capacity(25_000);
        regions.extend(entries(include_str!("../data/regions.txt")));
        let organizations = entries(include_str!("../data/organizations.txt")).collect();
        Self { places, by_name, bearers, demonyms, regions, organizations }
    }

    /// The places of a name, the greatest first.
    pub(crate) fn places(&self, name: &str) -> impl Iterator<Item = &Place> {
        let name = straight(name);
        let first = self.by_name.get(name.as_ref()).or_else(|| self.by_name.get(title_case(&name).as_ref())).copied();
        let bearers = std::iter::successors(first.and_then(|first| self.bearers.get(first)), |bearer| {
            bearer.next.and_then(|next| self.bearers.get(next))
        });
        bearers.filter_map(|bearer| self.places.get(bearer.place))
    }

    /// The country of an ISO 3166-1 code, in any case.
    pub(crate) fn country(&self, code: &str) -> Option<&Place> {
        let mut countries = self.places.iter().take_while(|place| place.class == PlaceClass::Country);
        countries.find(|country| country.country().eq_ignore_ascii_case(code))
    }

    /// The country whose people a word in lower case means: UA for "ukrainian".
    pub(crate) fn country_of_demonym(&self, word: &str) -> Option<&'static str> {
        self.demonyms.get(word).copied()
    }

    /// Whether it is the name of a region, water, town, ... without a register entry here.
    pub(crate) fn is_region(&self, name: &str) -> bool {
        self.regions.contains(name.to_lowercase().as_str())
    }

    /// Whether it is the name of a well-known organization.
    pub(crate) fn is_organization(&self, name: &str) -> bool {
        self.organizations.contains(name) || self.organizations.contains(title_case(name).as_ref())
    }
}

/// With straight apostrophes, as the files have them.
fn straight(name: &str) -> Cow<'_, str> {
    if name.contains(['’', '‘', 'ʼ']) {
        Cow::Owned(name.replace(['’', '‘', 'ʼ'], "'"))
    } else {
        Cow::Borrowed(name)
    }
}

/// A name all in capitals as it is written elsewhere: "ISLE OF MAN" as "Isle of Man"; any other name as it is.
///
/// Up to three letters stay as they are, since they are initials more often than not.
pub(crate) fn title_case(name: &str) -> Cow<'_, str> {
    if name.len() <= 3 || name.chars().any(char::is_lowercase) {
        return Cow::Borrowed(name);
    }
    let mut cased = String::with_capacity(name.len());
    for (at, word) in name.split(' ').enumerate() {
        let lower = word.to_lowercase();
        if at > 0 {
            cased.push(' ');
        }
        if at > 0 && JOINING.contains(&&*lower) {
            cased.push_str(&lower);
        } else {
            capitalize(word, &mut cased);
        }
    }
    Cow::Owned(cased)
}

/// Adds a word with a capital where letters begin: "GUINEA-BISSAU" as "Guinea-Bissau".
fn capitalize(word: &str, cased: &mut String) {
    let mut inside = false;
    for character in word.chars() {
        if inside {
            cased.extend(character.to_lowercase());
        } else {
            cased.push(character);
        }
        inside = character.is_alphabetic();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_place_of_a_name_comes_first() {
        let gazetteer = Gazetteer::new();
        let codes = |name| gazetteer.places(name).map(Place::country).collect::<Vec<_>>();
        assert_eq!(codes("Britain"), ["GB"]);
        assert_eq!(codes("Birmingham")[..2], ["GB", "US"]);
        assert_eq!(codes("PARIS")[0], "FR");
        assert_eq!(codes("Georgia")[..2], ["GE", "US"]);
        assert_eq!(codes("Moscow").last(), Some(&"US"));
        assert!(codes("Nowhereville").is_empty());
    }

    #[test]
    fn names_are_found_as_news_writes_them() {
        let gazetteer = Gazetteer::new();
        let first = |name| gazetteer.places(name).next().map(|place| place.geonames);
        assert_eq!(first("Kiev"), first("Kyiv"));
        assert_eq!(first("Sao Paulo"), first("São Paulo"));
        assert_eq!(first("N’Djamena"), first("N'Djamena"));
        assert_eq!(first("RIO DE JANEIRO"), first("Rio de Janeiro"));
        assert_eq!(first("Washington"), Some(4_140_963));
    }

    #[test]
    fn demonyms_say_the_country() {
        let gazetteer = Gazetteer::new();
        assert_eq!(gazetteer.country_of_demonym("ukrainian"), Some("UA"));
        assert_eq!(gazetteer.country_of_demonym("congolese"), None);
    }

    #[test]
    fn names_in_capitals_are_found() {
        let gazetteer = Gazetteer::new();
        assert!(gazetteer.is_organization("WORLD BANK"));
        assert!(gazetteer.is_region("Black Sea"));
        assert_eq!(title_case("NEW YORK"), "New York");
        assert_eq!(title_case("ISLE OF MAN"), "Isle of Man");
        assert_eq!(title_case("GUINEA-BISSAU"), "Guinea-Bissau");
        assert_eq!(title_case("UN"), "UN");
    }
}
