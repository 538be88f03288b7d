//! From mentions to entities: which names mean the same person, organization or place.

mod fold;
mod groups;
mod kinds;
mod organization_form;
mod organizations;
mod people;
mod person_form;

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::{Entity, EntityKind, Links, Location, Mention};
use tallywire_text::CodePoints;

pub(crate) use self::kinds::settle_kinds;
use self::{fold::fold, groups::Groups, organizations::join_organizations, people::join_people};
use crate::{
    gazetteer::{Gazetteer, Place},
    locate::{Hint, locate},
    metonym::metonyms,
    names::Name,
    words::{Case, Word, Words, surface},
};

/// The entities of a text, and which of them each name means.
pub(crate) struct Resolved {
    pub(crate) entities: Vec<Entity>,
    /// For each name, the number of its entity.
    pub(crate) of_name: Vec<usize>,
}

/// Gathers names into entities, in the order of their first mentions.
pub(crate) fn resolve(
    text: &str,
    words: &Words<'_>,
    names: &[Name],
    gazetteer: &Gazetteer,
    hint: &Hint<'_>,
    points: &CodePoints,
) -> Resolved {
    let places = locate(text, &words.words, names, gazetteer, hint);
    let metonyms = metonyms(&words.words, names);
    let surface = |name: &Name| surface(text, &words.words, &name.words);
    let mut groups = Groups::new(names.len());
    join_people(&words.words, names, &mut groups);
    join_organizations(&words.words, names, |word| gazetteer.is_organization(word), &mut groups);
    join_places(names, &places, surface, &mut groups);

    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut resolved = Resolved { entities: Vec::new(), of_name: Vec::with_capacity(names.len()) };
    let mut fullest = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let number = *numbers.entry(groups.first(at)).or_insert(resolved.entities.len());
        if number == resolved.entities.len() {
            resolved.entities.push(entity(number, name.kind));
            fullest.push(None);
        }
        resolved.of_name.push(number);
        let (entity, best) = (&mut resolved.entities[number], &mut fullest[number]);
        entity.confidence = entity.confidence.max(name.confidence);
        if entity.location.is_none()
            && let Some(place) = places[at]
        {
            (entity.links, entity.location) = (links(place, entity.links.own.take()), Some(location(place)));
        }
        entity.links.own = entity.links.own.take().or_else(|| name.own.clone());
        let written = surface(name);
        let fullness = Some(fullness(&words.words, name));
        if fullness > *best {
            *best = fullness;
            entity.name = written.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let start = words.words[name.words.start].start;
        let (start, end) = (points.at(start), points.at(start + written.len()));
        entity.mentions.push(Mention { start, end, text: written.to_owned(), metonym: metonyms[at] });
    }
    resolved
}

/// How good a form is as the entity's name: one in running text is better than one in a heading, and one that is not all
/// in capitals than one that is; then the one with most words that are no initials is best, then the longest.
fn fullness(words: &[Word<'_>], name: &Name) -> (bool, bool, usize, usize) {
    let named = &words[name.words.clone()];
    let mixed = named.iter().any(|word| word.case == Case::Capital);
    let whole = named.iter().filter(|word| word.text.chars().filter(|letter| letter.is_alphabetic()).nth(1).is_some());
    (!name.heading, mixed, whole.count(), named.iter().map(|word| word.text.len()).sum())
}

/// Joins the places with one entry, and those without one with each other and with a located place of their name: the
/// "Thames" is the "River Thames".
fn join_places<'t>(names: &[Name], places: &[Option<&Place>], surface: impl Fn(&Name) -> &'t str, groups: &mut Groups) {
    let mut by_entry: HashMap<u64, usize> = HashMap::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let of = |located: bool| {
        names
            .iter()
            .zip(places)
            .enumerate()
            .filter(move |(_, (name, place))| name.kind == EntityKind::Place && place.is_some() == located)
    };
    for (at, (name, place)) in of(true) {
        let Some(place) = place else { continue };
        groups.join(*by_entry.entry(place.geonames).or_insert(at), at);
        by_name.entry(fold(surface(name))).or_insert(at);
    }
    for (at, (name, _)) in of(false) {
        let name = fold(surface(name));
        let bare = without_feature(&name);
        let known = by_name.get(&name).or_else(|| by_name.get(bare)).copied().unwrap_or(at);
        by_name.entry(bare.to_owned()).or_insert(known);
        groups.join(*by_name.entry(name).or_insert(known), at);
    }
}

/// A place's name without the word that says what it is, which comes and goes with rivers and mountains only.
fn without_feature(name: &str) -> &str {
    let bare = ["river ", "mount ", "mt "].into_iter().find_map(|feature| name.strip_prefix(feature));
    let bare = bare.or_else(|| {
        [" river", " mountains", " mountain", " hills"].into_iter().find_map(|feature| name.strip_suffix(feature))
    });
    bare.unwrap_or(name)
}

fn entity(number: usize, kind: EntityKind) -> Entity {
    let id = format!("e{}", number + 1);
    let links = Links::default();
    let (name, roles, mentions) = (String::new(), vec![], vec![]);
    Entity { id, kind, name, roles, mentions, links, location: None, salience: 0.0, confidence: 0.0 }
}

fn links(place: &Place, own: Option<String>) -> Links {
    Links {
        wikidata: place.wikidata.map(str::to_owned),
        geonames: Some(place.geonames),
        iso3166: place.iso3166().map(str::to_owned),
        own,
    }
}

fn location(place: &Place) -> Location {
    Location {
        country: place.country().to_owned(),
        subdivision: place.subdivision.map(str::to_owned),
        latitude: place.latitude,
        longitude: place.longitude,
        population: place.population,
    }
}

#[cfg(test)]
mod tests {
    use crate::marked;

    fn entities(marked: &str) -> Vec<(String, usize)> {
        let entities = marked::entities(marked);
        entities.into_iter().map(|entity| (entity.name, entity.mentions.len())).collect()
    }

    #[test]
    fn surnames_and_titled_forms_mean_the_full_name() {
        assert_eq!(
            entities(
                "[Peter Mwangi] resigned. Mr. [Mwangi] said [Mwangi]'s critics were wrong. [Anna Schmidt] agreed with [Mwangi]."
            ),
            [("Peter Mwangi".to_owned(), 4), ("Anna Schmidt".to_owned(), 1)]
        );
    }

    #[test]
    fn two_surnames_mean_the_full_name() {
        assert_eq!(entities("[Maria Fernandez Lopez] won. But [Fernandez Lopez] was tired.")[0].1, 2);
    }

    #[test]
    fn an_acronym_in_brackets_means_the_organization() {
        assert_eq!(
            entities(
                "The [o: Lakeside Farmers Association] ([o: LFA]) met on Monday. The [o: LFA] said it would wait."
            ),
            [("Lakeside Farmers Association".to_owned(), 3)]
        );
    }

    #[test]
    fn a_river_is_named_with_and_without_the_word() {
        use super::without_feature;
        assert_eq!([without_feature("river thames"), without_feature("tana river")], ["thames", "tana"]);
        assert_eq!(without_feature("kherson region"), "kherson region");
    }

    #[test]
    fn forms_of_a_country_are_one() {
        assert_eq!(entities("The [l: U.S.] and [l: Kenya] agreed. [l: Kenya] thanked the [l: United States].")[0].1, 2);
    }
}
