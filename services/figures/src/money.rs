//! Whose dollar an article means by "$".

use tallywire_proto::{Entity, EntityKind};

/// Countries whose dollar is written "$" at home, with its ISO 4217 code.
const DOLLARS: [(&str, &str); 8] = [
    ("US", "USD"),
    ("CA", "CAD"),
    ("AU", "AUD"),
    ("NZ", "NZD"),
    ("HK", "HKD"),
    ("SG", "SGD"),
    ("TW", "TWD"),
    ("JM", "JMD"),
];

/// The dollar of the country that the article names most often among those that have one; none if it names none.
pub(crate) fn dollar_of(entities: &[Entity]) -> Option<&'static str> {
    let country = |entity: &Entity| {
        let linked = entity.links.iso3166.as_deref().and_then(|code| code.split('-').next());
        let located = entity.location.as_ref().map(|location| location.country.as_str());
        let code = linked.or(located)?;
        DOLLARS.iter().position(|(country, _)| *country == code)
    };
    let mut mentions = [0usize; DOLLARS.len()];
    for entity in entities.iter().filter(|entity| entity.kind == EntityKind::Place) {
        if let Some(index) = country(entity) {
            mentions[index] += entity.mentions.len();
        }
    }
    let (index, most) = mentions.iter().enumerate().max_by_key(|(index, count)| (**count, usize::MAX - index))?;
    (*most > 0).then(|| DOLLARS[index].1)
}

#[cfg(test)]
mod tests {
    use tallywire_proto::{Links, Mention};

    use super::*;

    fn place(code: &str, mentions: usize) -> Entity {
        let mention = Mention { start: 0, end: 1, text: "x".into(), metonym: false };
        Entity {
            id: "e1".into(),
            kind: EntityKind::Place,
            name: "x".into(),
            roles: Vec::new(),
            mentions: vec![mention; mentions],
            links: Links { iso3166: Some(code.into()), ..Links::default() },
            location: None,
            salience: 0.0,
            confidence: 1.0,
        }
    }

    #[test]
    fn the_country_named_most_often_decides() {
        assert_eq!(dollar_of(&[place("US", 1), place("AU-NSW", 2), place("FR", 9)]), Some("AUD"));
        assert_eq!(dollar_of(&[place("FR", 9)]), None);
        assert_eq!(dollar_of(&[]), None);
    }
}
