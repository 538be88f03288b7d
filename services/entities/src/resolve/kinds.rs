//! One kind for names of the same words.

use foldhash::{HashMap, HashMapExt};

use tallywire_proto::EntityKind;

use super::{fold::fold, organization_form::is_acronym};
use crate::{
    gazetteer::Gazetteer,
    names::Name,
    words::{Case, Word, Words, surface},
};

/// The most words between a dateline's first name and its dash: ", Peru, March 12 (NSO)".
const LONGEST_DATELINE: usize = 10;

/// How often names of some words are of each kind.
#[derive(Clone, Copy, Default)]
struct Counts {
    people: usize,
    organizations: usize,
    places: usize,
}

/// Gives names of the same words one kind, where it is clear that they mean the same:
///
/// - several words, or an acronym, that no gazetteer has as a place are hardly ever the name of two: they are of their
///   most frequent kind
/// - what stands first in a dateline ("AREQUIPA, Peru –") is a place, if the gazetteer has it, and so is the same name in
///   the text
/// - a word that no gazetteer has as a place is a person, if it mostly is
///
/// Any other name may be that of two: Lincoln the president, Lincoln the city; New York that plays, New York where it
/// plays.
pub(crate) fn settle_kinds(text: &str, words: &Words<'_>, names: &mut [Name], gazetteer: &Gazetteer) {
    let words = &words.words;
    let keys: Vec<String> = names.iter().map(|name| fold(surface(text, words, &name.words))).collect();
    let mut counts: HashMap<&str, Counts> = HashMap::new();
    for (name, key) in names.iter().zip(&keys) {
        let counts = counts.entry(key).or_default();
        match name.kind {
            EntityKind::Person => counts.people += 1,
            EntityKind::Organization => counts.organizations += 1,
            EntityKind::Place => counts.places += 1,
        }
    }
    let dateline = keys.first().filter(|_| names.first().is_some_and(|name| opens_dateline(words, name)));
    for (name, key) in names.iter_mut().zip(&keys) {
        let surface = surface(text, words, &name.words);
        let Some(counts) = counts.get(&**key) else { continue };
        let place = gazetteer.places(surface).next().is_some();
        name.kind = if place && name.kind == EntityKind::Organization && dateline == Some(key) {
            EntityKind::Place
        } else if !place && (name.words.len() > 1 || is_acronym(surface)) {
            counts.most_frequent()
        } else if name.kind != EntityKind::Person && !place && counts.people > counts.organizations + counts.places {
            EntityKind::Person
        } else {
            name.kind
        };
    }
}

/// Whether a name is the text's first words, with a dash behind it before the text begins.
fn opens_dateline(words: &[Word<'_>], name: &Name) -> bool {
    let behind = words.iter().skip(name.words.end).take(LONGEST_DATELINE);
    let mut behind = behind.take_while(|word| word.case != Case::Lower);
    name.words.start == 0 && behind.any(|word| matches!(word.text, "-" | "–" | "—"))
}

impl Counts {
    fn most_frequent(self) -> EntityKind {
        if self.people > self.organizations.max(self.places) {
            EntityKind::Person
        } else if self.organizations > self.places {
            EntityKind::Organization
        } else {
            EntityKind::Place
        }
    }
}

#[cfg(test)]
mod tests {
    use tallywire_proto::EntityKind::{self, Organization, Person, Place};

    use crate::{gazetteer::Gazetteer, marked::with_names};

    fn kinds(marked: &str) -> Vec<EntityKind> {
        with_names(marked, Person, |text, words, names| {
            let mut names = names.to_vec();
            super::settle_kinds(text, words, &mut names, &Gazetteer::new());
            names.into_iter().map(|name| name.kind).collect()
        })
    }

    #[test]
    fn names_of_the_same_words_have_one_kind() {
        assert_eq!(kinds("[o: Acme Steel], [l: Acme Steel] and [o: Acme Steel]"), [Organization; 3]);
        assert_eq!(kinds("[o: LFA] is [o: LFA], not [LFA]"), [Organization; 3]);
        assert_eq!(kinds("[Okafor] is [Okafor], not [o: Okafor]"), [Person; 3]);
    }

    #[test]
    fn a_dateline_begins_with_a_place() {
        assert_eq!(kinds("[o: AREQUIPA], [l: Peru] – A bus left [o: Arequipa]."), [Place; 3]);
        assert_eq!(kinds("[o: Arequipa] won, and [o: Enugu] - who lost - left."), [Organization; 2]);
    }

    #[test]
    fn a_town_and_its_team_stay_apart() {
        assert_eq!(kinds("[o: Enugu] won in [l: Enugu]"), [Organization, Place]);
        assert_eq!(kinds("[o: Cape Town] won in [l: Cape Town]"), [Organization, Place]);
        assert_eq!(kinds("[o: ENUGU] 3 1 0\n\n[l: ENUGU] 26 May"), [Organization, Place]);
    }

    #[test]
    fn a_person_and_a_place_of_one_name_stay_apart() {
        assert_eq!(kinds("[Lincoln] never saw [l: Lincoln]"), [Person, Place]);
    }
}
