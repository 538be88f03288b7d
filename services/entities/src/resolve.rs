//! From mentions to entities: which names mean the same person, organization or place.

use std::collections::HashMap;

use tallywire_proto::{Entity, EntityKind, Links, Location, Mention};
use tallywire_text::CodePoints;

use crate::{
    classify::Name,
    gazetteer::{Gazetteer, Place},
    locate::locate,
    words::{Word, Words},
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
    points: &CodePoints,
) -> Resolved {
    let places = locate(text, &words.words, names, gazetteer);
    let keys = keys(text, &words.words, names, &places);
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut resolved = Resolved { entities: Vec::new(), of_name: Vec::with_capacity(names.len()) };
    let mut fullest: Vec<(bool, usize)> = Vec::new();
    for ((name, key), place) in names.iter().zip(&keys).zip(places) {
        let number = *numbers.entry(key).or_insert(resolved.entities.len());
        if number == resolved.entities.len() {
            resolved.entities.push(entity(number, name.kind, place));
            fullest.push((false, 0));
        }
        resolved.of_name.push(number);
        let (start, end) = (words.words[name.words.start].start, words.words[name.words.end - 1].end);
        let (entity, best) = (&mut resolved.entities[number], &mut fullest[number]);
        // A form in running text is better than one in a heading, then the longest is best.
        let fullness = (!name.heading, end - start);
        if entity.mentions.is_empty() || fullness > *best {
            *best = fullness;
            entity.name = text[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let mention = Mention { start: points.at(start), end: points.at(end), text: text[start..end].to_owned() };
        entity.mentions.push(mention);
    }
    resolved
}

fn entity(number: usize, kind: EntityKind, place: Option<&Place>) -> Entity {
    let links = place.map_or_else(Links::default, |place| Links {
        wikidata: None,
        geonames: Some(place.geonames),
        iso3166: place.has_own_code().then(|| place.code.to_owned()),
    });
    let location = place.map(|place| Location {
        country: place.country().to_owned(),
        latitude: place.latitude,
        longitude: place.longitude,
        population: place.population,
    });
    let id = format!("e{}", number + 1);
    Entity { id, kind, name: String::new(), roles: vec![], mentions: vec![], links, location, salience: 0.0 }
}

/// A key for each name: names with the same key mean the same.
fn keys(text: &str, words: &[Word<'_>], names: &[Name], places: &[Option<&Place>]) -> Vec<String> {
    let full = FullNames::new(words, names);
    let acronyms = acronyms(words, names);
    let mut last_bearer: HashMap<&str, String> = HashMap::new();
    let mut keys = Vec::with_capacity(names.len());
    for (name, place) in names.iter().zip(places) {
        let (first, last) = ends(words, name);
        let surface = text[first.start..last.end].to_lowercase();
        let key = match (name.kind, place) {
            (EntityKind::Person, _) if name.words.len() > 1 => {
                let surnames = (&*words[name.words.end - 2].lower, &*last.lower);
                let longer = full.people_by_last_two.get(&surnames).filter(|_| name.words.len() == 2);
                let key = longer.cloned().unwrap_or_else(|| person_key(first, last));
                last_bearer.insert(&last.lower, key.clone());
                key
            }
            (EntityKind::Person, _) => last_bearer
                .get(&*last.lower)
                .or_else(|| full.people_by_last.get(&*last.lower))
                .or_else(|| full.people_by_first.get(&*last.lower).and_then(Option::as_ref))
                .cloned()
                .unwrap_or_else(|| format!("person {surface}")),
            (EntityKind::Organization, _) => {
                let one = name.words.len() == 1;
                let long =
                    one.then(|| full.organizations_by_first.get(&*first.lower).and_then(Option::as_ref)).flatten();
                acronyms
                    .get(first.text)
                    .filter(|_| one)
                    .or(long)
                    .cloned()
                    .unwrap_or_else(|| organization_key(words, name))
            }
            (EntityKind::Place, Some(place)) => format!("place {}", place.geonames),
            (EntityKind::Place, None) => format!("place {surface}"),
        };
        keys.push(key);
    }
    keys
}

fn ends<'w, 't>(words: &'w [Word<'t>], name: &Name) -> (&'w Word<'t>, &'w Word<'t>) {
    (&words[name.words.start], &words[name.words.end - 1])
}

/// "George W. Bush" and "George Bush" are one.
fn person_key(first: &Word<'_>, last: &Word<'_>) -> String {
    format!("person {} {}", first.lower, last.lower)
}

/// Without "Inc" and its like, which come and go.
fn organization_key(words: &[Word<'_>], name: &Name) -> String {
    let legal = |word: &Word<'_>| {
        matches!(&*word.lower, "inc" | "corp" | "ltd" | "co" | "plc" | "llc" | "limited" | "ag" | "sa")
    };
    let mut key = "organization".to_owned();
    for word in
        words[name.words.clone()].iter().enumerate().filter(|(at, word)| *at == 0 || !legal(word)).map(|(_, word)| word)
    {
        key.push(' ');
        key.push_str(&word.lower);
    }
    key
}

/// The full names of the article by the word that later stands for them alone.
struct FullNames<'w> {
    people_by_last: HashMap<&'w str, String>,
    /// "Perez Soto" of "Ana Perez Soto"
    people_by_last_two: HashMap<(&'w str, &'w str), String>,
    /// `None` where two people share the first name.
    people_by_first: HashMap<&'w str, Option<String>>,
    /// "Acme" of "Acme Holdings"; `None` where two organizations begin with the word.
    organizations_by_first: HashMap<&'w str, Option<String>>,
}

impl<'w> FullNames<'w> {
    fn new(words: &'w [Word<'_>], names: &[Name]) -> Self {
        let mut full = Self {
            people_by_last: HashMap::new(),
            people_by_last_two: HashMap::new(),
            people_by_first: HashMap::new(),
            organizations_by_first: HashMap::new(),
        };
        for name in names.iter().filter(|name| name.words.len() > 1) {
            let (first, last) = ends(words, name);
            match name.kind {
                EntityKind::Person => {
                    let key = person_key(first, last);
                    if name.words.len() > 2 {
                        let surnames = (&*words[name.words.end - 2].lower, &*last.lower);
                        full.people_by_last_two.entry(surnames).or_insert_with(|| key.clone());
                    }
                    full.people_by_last.entry(&last.lower).or_insert_with(|| key.clone());
                    insert_unless_shared(&mut full.people_by_first, &first.lower, key);
                }
                EntityKind::Organization => {
                    insert_unless_shared(&mut full.organizations_by_first, &first.lower, organization_key(words, name));
                }
                EntityKind::Place => {}
            }
        }
        full
    }
}

fn insert_unless_shared<'w>(map: &mut HashMap<&'w str, Option<String>>, word: &'w str, key: String) {
    map.entry(word)
        .and_modify(|known| {
            if known.as_ref() != Some(&key) {
                *known = None;
            }
        })
        .or_insert(Some(key));
}

/// Short forms introduced in brackets: "World Food Programme (WFP)".
fn acronyms<'w>(words: &'w [Word<'_>], names: &[Name]) -> HashMap<&'w str, String> {
    let mut acronyms = HashMap::new();
    for pair in names.windows(2) {
        let (long, short) = (&pair[0], &pair[1]);
        let organizations = long.kind == EntityKind::Organization && short.kind == EntityKind::Organization;
        let bracketed = short.words.start == long.words.end + 1
            && words[long.words.end].text == "("
            && words.get(short.words.end).is_some_and(|word| word.text == ")");
        if organizations && bracketed && long.words.len() > 1 && short.words.len() == 1 {
            acronyms.insert(words[short.words.start].text, organization_key(words, long));
        }
    }
    acronyms
}

#[cfg(test)]
mod tests {
    use crate::Tagger;

    fn entities(text: &str) -> Vec<(String, usize)> {
        let entities = Tagger::new().read(text, None).entities;
        entities.into_iter().map(|entity| (entity.name, entity.mentions.len())).collect()
    }

    #[test]
    fn surnames_and_titled_forms_mean_the_full_name() {
        assert_eq!(
            entities(
                "Peter Mwangi resigned. Mr. Mwangi said Mwangi's critics were wrong. Anna Schmidt agreed with Mwangi."
            ),
            [("Peter Mwangi".to_owned(), 4), ("Anna Schmidt".to_owned(), 1)]
        );
    }

    #[test]
    fn two_surnames_mean_the_full_name() {
        assert_eq!(entities("Maria Fernandez Lopez won. But Fernandez Lopez was tired.")[0].1, 2);
    }

    #[test]
    fn an_acronym_in_brackets_means_the_organization() {
        assert_eq!(
            entities("The Lakeside Farmers Association (LFA) met on Monday. The LFA said it would wait."),
            [("Lakeside Farmers Association".to_owned(), 3)]
        );
    }

    #[test]
    fn forms_of_a_country_are_one() {
        assert_eq!(entities("The U.S. and Kenya agreed. Kenya thanked the United States.")[0].1, 2);
    }
}
