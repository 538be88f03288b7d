//! What an article is about.

use tallywire_proto::Entity;

/// How much less a mention at the end of the text counts than one at its start, where news puts what matters.
const DECLINE: f64 = 0.7;

/// Gives each entity its share of all mentions, early ones weighing more; the shares sum up to 1.
pub(crate) fn set_salience(entities: &mut [Entity], length: usize) {
    let weight = |start: usize| 1.0 - DECLINE * start as f64 / length.max(1) as f64;
    let mut total = 0.0;
    for entity in entities.iter_mut() {
        entity.salience = entity.mentions.iter().map(|mention| weight(mention.start)).sum();
        total += entity.salience;
    }
    for entity in entities {
        entity.salience /= total;
    }
}

#[cfg(test)]
mod tests {
    use crate::Tagger;

    #[test]
    fn early_and_frequent_names_matter_most() {
        let text = "France and Kenya signed a treaty. Officials from France spoke first. Later, Spain joined.";
        let entities = Tagger::new().read(text, None).entities;
        assert_eq!(entities.iter().map(|entity| &entity.name[..]).collect::<Vec<_>>(), ["France", "Kenya", "Spain"]);
        assert!(entities[0].salience > entities[1].salience && entities[1].salience > entities[2].salience);
        let sum: f64 = entities.iter().map(|entity| entity.salience).sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }
}
