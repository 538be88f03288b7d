//! What the stage before would say of a text, as far as figures need it: the places that it names, and who is quoted.

use tallywire_proto::{Entity, EntityKind, Links, Location, Mention, Quote, Speaker};

/// The places that are marked wherever they are named.
const PLACES: [&str; 2] = ["Mombasa", "Nairobi"];

/// The places of a text, and what stands between “ and ”, said by the first of them.
pub(crate) fn marked(text: &str) -> (Vec<Entity>, Vec<Quote>) {
    let mut entities: Vec<Entity> = PLACES.into_iter().zip(1..).map(|(name, number)| place(name, number)).collect();
    let mut quotes = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (point, (byte, character)) in text.char_indices().enumerate() {
        match character {
            'M' | 'N' => {
                for entity in entities.iter_mut().filter(|entity| text[byte..].starts_with(&entity.name)) {
                    let mention = Mention {
                        start: point,
                        end: point + entity.name.len(),
                        text: entity.name.clone(),
                        metonym: false,
                    };
                    entity.mentions.push(mention);
                }
            }
            '“' => open = Some((point + 1, byte + character.len_utf8())),
            '”' => quotes.extend(open.take().map(|(start, first)| quote(start, point, &text[first..byte]))),
            _ => {}
        }
    }
    entities.retain(|entity| !entity.mentions.is_empty());
    (entities, quotes)
}

fn place(name: &str, number: usize) -> Entity {
    let location =
        Location { country: "KE".to_owned(), subdivision: None, latitude: -1.3, longitude: 36.8, population: None };
    Entity {
        id: format!("e{number}"),
        kind: EntityKind::Place,
        name: name.to_owned(),
        roles: Vec::new(),
        mentions: Vec::new(),
        links: Links::default(),
        location: Some(location),
        salience: 0.5,
        confidence: 1.0,
    }
}

fn quote(start: usize, end: usize, text: &str) -> Quote {
    let speaker = Speaker { entity: Some("e1".to_owned()), name: PLACES[0].to_owned() };
    Quote { start, end, text: text.to_owned(), speaker: Some(speaker), cue: Some("said".to_owned()) }
}
