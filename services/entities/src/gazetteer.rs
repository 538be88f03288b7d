//! Places with their register entries, and well-known organizations.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use crate::lexicon::entries;

/// What sort of place it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PlaceClass {
    Country,
    /// A first-level division of a country.
    Division,
    City,
}

/// A place with its entry in `GeoNames`.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) geonames: u64,
    pub(crate) class: PlaceClass,
    pub(crate) name: &'static str,
    /// ISO 3166-1 of a country or of a city's country, ISO 3166-2 of a division.
    pub(crate) code: &'static str,
    /// The state of the USA it is in.
    pub(crate) state: Option<&'static str>,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) population: Option<u64>,
}

impl Place {
    /// ISO 3166-1 alpha-2 code of its country.
    pub(crate) fn country(&self) -> &'static str {
        self.code.get(..2).unwrap_or(self.code)
    }

    /// Whether `code` is its own: a city's is its country's.
    pub(crate) fn has_own_code(&self) -> bool {
        self.class != PlaceClass::City
    }

    fn parse(line: &'static str) -> Option<(Self, &'static str)> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let geonames = next()?.parse().ok()?;
        let class = match next()? {
            "country" => PlaceClass::Country,
            "division" => PlaceClass::Division,
            _ => PlaceClass::City,
        };
        let (name, code) = (next()?, next()?);
        let state = Some(next()?).filter(|state| !state.is_empty());
        let latitude = next()?.parse().ok()?;
        let longitude = next()?.parse().ok()?;
        let population = next()?.parse().ok();
        let others = next()?;
        Some((Self { geonames, class, name, code, state, latitude, longitude, population }, others))
    }
}

/// Names of places and organizations.
pub(crate) struct Gazetteer {
    places: Vec<Place>,
    /// From a name to its places, the one with most inhabitants first, countries before all.
    by_name: HashMap<&'static str, Vec<usize>>,
    regions: HashSet<&'static str>,
    organizations: HashSet<&'static str>,
}

impl Gazetteer {
    /// Reads the embedded files.
    pub(crate) fn new() -> Self {
        let mut places = Vec::with_capacity(7_000);
        let mut by_name: HashMap<&'static str, Vec<usize>> = HashMap::with_capacity(9_000);
        for (place, others) in entries(include_str!("../data/places.tsv")).filter_map(Place::parse) {
            for name in others.split('|').filter(|name| !name.is_empty()).chain([place.name]) {
                by_name.entry(name).or_default().push(places.len());
            }
            places.push(place);
        }
        let rank = |place: &Place| (place.class == PlaceClass::Country, place.population.unwrap_or(u64::MAX / 2));
        for numbers in by_name.values_mut() {
            numbers.sort_by_key(|number| std::cmp::Reverse(rank(&places[*number])));
        }
        let regions = entries(include_str!("../data/regions.txt")).collect();
        let organizations = entries(include_str!("../data/organizations.txt")).collect();
        Self { places, by_name, regions, organizations }
    }

    /// The places of a name, the greatest first.
    pub(crate) fn places(&self, name: &str) -> impl Iterator<Item = &Place> {
        let title = title_case(name);
        let numbers = self.by_name.get(name).or_else(|| self.by_name.get(title.as_ref()));
        numbers.into_iter().flatten().map(|number| &self.places[*number])
    }

    /// Whether it is the name of a region, water, town, ... without a register entry here.
    pub(crate) fn is_region(&self, name: &str) -> bool {
        self.regions.contains(name.to_lowercase().as_str())
    }

    /// Whether it is the name of a well-known organization.
    pub(crate) fn is_organization(&self, name: &str) -> bool {
        self.organizations.contains(name) || self.organizations.contains(title_case(name).as_ref())
    }

    /// Whether any list has the name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.places(name).next().is_some() || self.is_organization(name) || self.is_region(name)
    }
}

/// A name all in capitals as it is written elsewhere: "NEW YORK" as "New York"; any other name as it is.
///
/// Up to three letters stay as they are, since they are initials more often than not.
pub(crate) fn title_case(name: &str) -> Cow<'_, str> {
    if name.len() <= 3 || name.chars().any(char::is_lowercase) {
        return Cow::Borrowed(name);
    }
    let mut cased = String::with_capacity(name.len());
    let mut inside = false;
    for character in name.chars() {
        if inside {
            cased.extend(character.to_lowercase());
        } else {
            cased.push(character);
        }
        inside = character.is_alphabetic();
    }
    Cow::Owned(cased)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_place_of_a_name_comes_first() {
        let gazetteer = Gazetteer::new();
        let codes = |name| gazetteer.places(name).map(|place| place.code).collect::<Vec<_>>();
        assert_eq!(codes("Britain"), ["GB"]);
        assert_eq!(codes("Birmingham"), ["GB", "US"]);
        assert_eq!(codes("PARIS")[0], "FR");
        assert_eq!(codes("Georgia"), ["GE", "US-GA"]);
        assert!(codes("Nowhereville").is_empty());
    }

    #[test]
    fn every_line_is_read() {
        let lines = entries(include_str!("../data/places.tsv")).count();
        assert_eq!(Gazetteer::new().places.len(), lines);
    }

    #[test]
    fn names_in_capitals_are_found() {
        let gazetteer = Gazetteer::new();
        assert!(gazetteer.is_organization("WORLD BANK"));
        assert!(gazetteer.is_region("Black Sea"));
        assert_eq!(title_case("NEW YORK"), "New York");
        assert_eq!(title_case("UN"), "UN");
    }
}
