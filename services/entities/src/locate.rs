//! Which of the places of a name is meant.

use std::collections::HashSet;

use tallywire_proto::EntityKind;

use crate::{
    classify::Name,
    gazetteer::{Gazetteer, Place, PlaceClass},
    words::Word,
};

/// How many times as many inhabitants a place must have as the next one of its name to be meant without support.
const CLEARLY_GREATER: u64 = 3;

/// The place that each name means; `None` for other names, unknown places, and where it is not clear.
pub(crate) fn locate<'g>(
    text: &str,
    words: &[Word<'_>],
    names: &[Name],
    gazetteer: &'g Gazetteer,
) -> Vec<Option<&'g Place>> {
    let known: Vec<Vec<&Place>> = names
        .iter()
        .map(|name| match name.kind {
            EntityKind::Place => {
                gazetteer.places(&text[words[name.words.start].start..words[name.words.end - 1].end]).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    // The countries that the article is in, by names that leave no doubt.
    let countries: HashSet<&str> =
        known.iter().filter_map(|places| if let [only] = places[..] { Some(only.country()) } else { None }).collect();
    let followed_by = |at: usize| {
        let next = names.get(at + 1)?;
        let comma = next.words.start == names[at].words.end + 1 && words[names[at].words.end].text == ",";
        known[at + 1].iter().find(|place| comma && place.class != PlaceClass::City).copied()
    };
    known.iter().enumerate().map(|(at, places)| choose(places, &countries, followed_by(at))).collect()
}

/// The place meant among those of a name: `within` is the country or state that follows it behind a comma.
fn choose<'g>(places: &[&'g Place], countries: &HashSet<&str>, within: Option<&Place>) -> Option<&'g Place> {
    let lies_in = |place: &&&Place| {
        within.is_some_and(|outer| match outer.class {
            PlaceClass::Division => {
                place.class == PlaceClass::City && place.country() == outer.country() && place.state == outer.state
            }
            _ => place.class != PlaceClass::Country && place.country() == outer.country(),
        })
    };
    if let Some(place) = places.iter().find(lies_in) {
        return Some(place);
    }
    let (greatest, next) = match places {
        [] => return None,
        [only] => return Some(only),
        // "New York" and "Washington" are the cities before the states.
        [state, city, ..] if state.class == PlaceClass::Division && city.population >= Some(500_000) => (*city, *state),
        [greatest, next, ..] => (*greatest, *next),
    };
    if countries.contains(greatest.country()) {
        // Within its country as well, the greatest must be clear: Springfield.
        let rival =
            places.iter().find(|place| !std::ptr::eq(**place, greatest) && place.country() == greatest.country());
        return rival.is_none_or(|rival| is_clear(greatest, rival)).then_some(greatest);
    }
    if let Some(other) = places.iter().find(|place| countries.contains(place.country())) {
        return Some(other);
    }
    is_clear(greatest, next).then_some(greatest)
}

fn is_clear(greatest: &Place, next: &Place) -> bool {
    // A country is meant before a city of its name, and so is a state; "New York" and "Washington" are dealt with above.
    let both_cities = greatest.class == PlaceClass::City && next.class == PlaceClass::City;
    if !both_cities && (greatest.class == PlaceClass::City || next.class == PlaceClass::City) {
        return true;
    }
    match (greatest.population, next.population) {
        (Some(greatest), Some(next)) => greatest >= CLEARLY_GREATER * next,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::Tagger;

    fn country(text: &str, name: &str) -> Option<String> {
        let entities = Tagger::new().read(text, None).entities;
        let entity = entities.into_iter().find(|entity| entity.name == name)?;
        entity.location.map(|location| location.country)
    }

    #[test]
    fn the_greatest_is_meant_unless_the_article_is_elsewhere() {
        assert_eq!(country("He lives in Birmingham.", "Birmingham").as_deref(), Some("GB"));
        assert_eq!(country("He left Atlanta and lives in Birmingham now.", "Birmingham").as_deref(), Some("US"));
        assert_eq!(country("He lives in Birmingham, Alabama.", "Birmingham").as_deref(), Some("US"));
    }

    #[test]
    fn what_is_not_clear_is_left_open() {
        assert_eq!(country("They met in Springfield.", "Springfield"), None);
    }
}
