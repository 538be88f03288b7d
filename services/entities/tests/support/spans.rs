//! The law that every reading keeps.

#![allow(clippy::expect_used, reason = "a law that does not hold fails the test")]

use std::collections::HashSet;

use tallywire_proto::{Entity, Quote};

/// Checks that each span is within the text and holds what the record says, that quotes stand in order, apart, that ids
/// count, that quotes name entities that there are, and that all salience is one.
///
/// # Panics
/// Where they do not.
pub(crate) fn assert_spans(text: &str, entities: &[Entity], quotes: &[Quote]) {
    let characters: Vec<char> = text.chars().collect();
    let slice = |start: usize, end: usize| {
        characters.get(start..end).expect("a span is within the text").iter().collect::<String>()
    };
    let sum: f64 = entities.iter().map(|entity| entity.salience).sum();
    assert!(entities.is_empty() || (sum - 1.0).abs() < 1e-6, "salience is {sum} in all");
    for (number, entity) in (1..).zip(entities) {
        assert_eq!(entity.id, format!("e{number}"));
        assert!(!entity.mentions.is_empty(), "{} is mentioned", entity.name);
        for mention in &entity.mentions {
            assert!(mention.start < mention.end, "a mention is not empty");
            assert_eq!(slice(mention.start, mention.end), mention.text);
        }
        for role in &entity.roles {
            assert_eq!(slice(role.start, role.end), role.text);
        }
    }
    let ids: HashSet<&str> = entities.iter().map(|entity| &*entity.id).collect();
    let mut last = 0;
    for quote in quotes {
        assert!(last <= quote.start && quote.start < quote.end, "{}..{} after {last}", quote.start, quote.end);
        assert_eq!(slice(quote.start, quote.end), quote.text);
        let speaker = quote.speaker.as_ref().and_then(|speaker| speaker.entity.as_deref());
        assert!(speaker.is_none_or(|id| ids.contains(id)), "there is an entity {speaker:?}");
        last = quote.end;
    }
}
