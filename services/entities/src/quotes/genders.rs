//! Whether an entity is a "he" or a "she".

use tallywire_proto::EntityKind;

use crate::{gender::Gender, names::Name, resolve::Resolved, words::Word};

/// The gender of each entity: by a title, else by a role, else by the first name.
pub(super) fn genders(words: &[Word<'_>], names: &[Name], resolved: &Resolved) -> Vec<Option<Gender>> {
    let mut titles = vec![None; resolved.entities.len()];
    let mut firsts = vec![None; resolved.entities.len()];
    for (name, entity) in names.iter().zip(&resolved.of_name).filter(|(name, _)| name.kind == EntityKind::Person) {
        let title = name.words.start.checked_sub(1).and_then(|before| Gender::of_title(&words[before].lower));
        titles[*entity] = titles[*entity].or(title);
        let first = words.get(name.words.start).filter(|_| name.words.len() > 1);
        firsts[*entity] = firsts[*entity].or_else(|| Gender::of_first_name(&first?.lower));
    }
    let role = |entity: usize| {
        let mut roles = resolved.entities[entity].roles.iter();
        roles.find_map(|role| Gender::of_title(&role.text.split_whitespace().next_back()?.to_lowercase()))
    };
    let gender = |entity: usize| titles[entity].or_else(|| role(entity)).or(firsts[entity]);
    (0..resolved.entities.len()).map(gender).collect()
}
