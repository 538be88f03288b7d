//! Countries, their first-level divisions, and cities, with their entries in registers.

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use crate::lexicon::entries;

/// What sort of place it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
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
    /// ISO 3166-1 of a country, the `GeoNames` code of a division or of the division that a city is in.
    code: &'static str,
    /// ISO 3166-2 of the division that it is or is in, where known.
    pub(crate) subdivision: Option<&'static str>,
    /// Its item in Wikidata, where known.
    pub(crate) wikidata: Option<&'static str>,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) population: Option<u64>,
    /// Its inhabitants, or as many as it counts for: a division those of its cities, a capital many times its own.
    pub(crate) weight: u64,
}

/// A capital is meant before a city of its name with this many times its inhabitants.
const CAPITAL: u64 = 20;

impl Place {
    /// ISO 3166-1 alpha-2 code of its country.
    pub(crate) fn country(&self) -> &'static str {
        self.code.get(..2).unwrap_or(self.code)
    }

    /// ISO 3166-1 of a country, the `GeoNames` code of a division or of the division that a city is in.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// Its own code in ISO 3166: none for a city.
    pub(crate) fn iso3166(&self) -> Option<&'static str> {
        match self.class {
            PlaceClass::Country => Some(self.code),
            PlaceClass::Division => self.subdivision,
            PlaceClass::City => None,
        }
    }

    /// Whether it is inside the other one.
    pub(crate) fn is_in(&self, outer: &Self) -> bool {
        match (self.class, outer.class) {
            (PlaceClass::City, PlaceClass::Division) => self.code == outer.code,
            (PlaceClass::City | PlaceClass::Division, PlaceClass::Country) => self.country() == outer.code,
            _ => false,
        }
    }

    /// Kilometres to the other one, as the crow flies.
    pub(crate) fn distance(&self, other: &Self) -> f64 {
        const RADIUS: f64 = 6371.0;
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let across = ((other.longitude - self.longitude).to_radians() / 2.0).sin();
        let along = ((to - from) / 2.0).sin();
        let half = along.mul_add(along, from.cos() * to.cos() * across * across);
        2.0 * RADIUS * half.sqrt().min(1.0).asin()
    }
}

/// A place with its other names.
type Named = (Place, &'static str);

/// All places of the embedded files, countries first, and for each its other names, separated by bars.
pub(super) fn read() -> (Vec<Place>, Vec<&'static str>) {
    let (mut places, mut others) = (Vec::with_capacity(40_000), Vec::with_capacity(40_000));
    let mut capitals = HashSet::with_capacity(300);
    for ((country, names), capital) in entries(include_str!("../../data/countries.tsv")).filter_map(country) {
        places.push(country);
        others.push(names);
        capitals.extend(capital);
    }
    let mut divisions = HashMap::with_capacity(4_000);
    for (division, names) in entries(include_str!("../../data/divisions.tsv")).filter_map(division) {
        divisions.insert(division.code, places.len());
        places.push(division);
        others.push(names);
    }
    for (mut city, names) in entries(include_str!("../../data/cities.tsv")).filter_map(city) {
        if let Some(division) = divisions.get(city.code).and_then(|number| places.get_mut(*number)) {
            division.weight += city.weight;
            city.subdivision = division.subdivision;
        }
        if capitals.contains(&city.geonames) {
            city.weight *= CAPITAL;
        }
        places.push(city);
        others.push(names);
    }
    (places, others)
}

fn country(line: &'static str) -> Option<(Named, Option<u64>)> {
    let [geonames, code, name, wikidata, latitude, longitude, population, capital, others] = columns(line)?;
    let population = population.parse().ok();
    let place = Place {
        geonames: geonames.parse().ok()?,
        class: PlaceClass::Country,
        name,
        code,
        subdivision: None,
        wikidata: filled(wikidata),
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        population,
        weight: population.unwrap_or_default(),
    };
    Some(((place, others), capital.parse().ok()))
}

fn division(line: &'static str) -> Option<Named> {
    let [geonames, code, subdivision, name, wikidata, latitude, longitude, others] = columns(line)?;
    let place = Place {
        geonames: geonames.parse().ok()?,
        class: PlaceClass::Division,
        name,
        code,
        subdivision: filled(subdivision),
        wikidata: filled(wikidata),
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        population: None,
        weight: 0,
    };
    Some((place, others))
}

fn city(line: &'static str) -> Option<Named> {
    let [geonames, name, code, latitude, longitude, population, others] = columns(line)?;
    let population = population.parse().ok();
    let place = Place {
        geonames: geonames.parse().ok()?,
        class: PlaceClass::City,
        name,
        code,
        subdivision: None,
        wikidata: None,
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        population,
        weight: population.unwrap_or_default(),
    };
    Some((place, others))
}

/// The columns of a line, which must be as many as asked for.
fn columns<const COUNT: usize>(line: &'static str) -> Option<[&'static str; COUNT]> {
    let mut columns = [""; COUNT];
    let mut found = line.split('\t');
    for column in &mut columns {
        *column = found.next()?;
    }
    found.next().is_none().then_some(columns)
}

fn filled(column: &'static str) -> Option<&'static str> {
    Some(column).filter(|column| !column.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let files = [
            include_str!("../../data/countries.tsv"),
            include_str!("../../data/divisions.tsv"),
            include_str!("../../data/cities.tsv"),
        ];
        let lines: usize = files.into_iter().map(|file| entries(file).count()).sum();
        assert_eq!(read().0.len(), lines);
    }

    #[test]
    fn distances_are_in_kilometres() {
        let (places, _) = read();
        let find = |number| places.iter().find(|place| place.geonames == number).unwrap();
        let (kyiv, kherson) = (find(703_448), find(706_448));
        assert!((kyiv.distance(kherson) - 450.0).abs() < 15.0);
        assert_eq!(kherson.subdivision, Some("UA-65"));
    }
}
