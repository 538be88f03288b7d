//! Roles of a person whom a pronoun means: "Ann Poe left early. She was a nurse."

use tallywire_proto::EntityKind;

use super::{Reader, Statement};
use crate::resolve::Resolved;

/// How many words before a pronoun the person is named.
const REACH: usize = 60;

/// How many names are looked at before a pronoun.
const MOST_NAMES: usize = 8;

impl Reader<'_, '_> {
    /// The roles behind a pronoun, and the last name of whom it means: nobody where two people are near, or in direct
    /// speech.
    pub(super) fn of_pronoun(&self, at: usize, resolved: &Resolved) -> Option<(usize, Vec<Statement>)> {
        let verbs = self.copula(at + 1);
        let quoted = |at: usize| matches!(self.text(at), "\"" | "“" | "”" | "«" | "»");
        let near = at.saturating_sub(REACH)..at;
        if verbs == 0 || (near.start.max(self.sentence.start)..at).any(quoted) {
            return None;
        }
        let roles = self.row(at + 1 + verbs);
        let end = self.names.partition_point(|name| name.words.start < at);
        let people = (0..end).rev().take(MOST_NAMES).filter(|name| {
            let name = &self.names[*name];
            name.kind == EntityKind::Person && name.words.start >= near.start
        });
        let last = people.clone().next().filter(|_| !roles.is_empty())?;
        let alone = people.map(|name| resolved.of_name[name]).all(|person| person == resolved.of_name[last]);
        alone.then_some((last, roles))
    }
}
