//! What an article is about.

use tallywire_proto::Entity;

/// How much sooner than at the text's length a mention's weight is halved: news puts what matters first.
const STEEPNESS: f64 = 4.0;

/// Gives each entity its share of all mentions, early ones weighing more; the shares sum up to 1.
///
/// A mention weighs 1 / (1 + 4p), p being how far into the text it stands, from 0 to 1: a whole at the start, half at a
/// quarter, a fifth at the end. An entity's salience is the weight of its mentions divided by the weight of all.
pub(crate) fn set_salience(entities: &mut [Entity], length: usize) {
    let weight = |start: usize| 1.0 / (1.0 + STEEPNESS * start as f64 / length.max(1) as f64);
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
    use crate::marked;

    #[test]
    fn early_and_frequent_names_matter_most() {
        let text = "[l: France] and [l: Kenya] signed a treaty. Officials from [l: France] spoke first. Later, [l: Spain] joined.";
        let entities = marked::entities(text);
        assert_eq!(entities.iter().map(|entity| &entity.name[..]).collect::<Vec<_>>(), ["France", "Kenya", "Spain"]);
        assert!(entities[0].salience > entities[1].salience && entities[1].salience > entities[2].salience);
        let sum: f64 = entities.iter().map(|entity| entity.salience).sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }
}
