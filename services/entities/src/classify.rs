//! Weighing the evidence: which candidates are names, and of what kind.

use std::{collections::HashMap, ops::Range};

use tallywire_proto::EntityKind;

use crate::{
    candidates::{Candidate, candidates},
    evidence::{Article, Points, Weights, evidence},
    gazetteer::Gazetteer,
    words::{Style, Word, Words},
};

/// A name of known kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Name {
    /// Its words.
    pub(crate) words: Range<usize>,
    pub(crate) kind: EntityKind,
    /// Whether a title stands before it.
    pub(crate) titled: bool,
    /// Whether it stands in a heading.
    pub(crate) heading: bool,
}

const KINDS: [EntityKind; 3] = [EntityKind::Person, EntityKind::Organization, EntityKind::Place];

/// The names of an English text, in order.
///
/// A mention is judged by its own evidence and, as much again, by that of all mentions with the same words: a name that
/// is clear in one sentence is known in the next.
pub(crate) fn names(text: &str, words: &Words<'_>, gazetteer: &Gazetteer, weights: &Weights) -> Vec<Name> {
    let candidates = candidates(text, words, gazetteer);
    let article = Article::new(&words.words, &candidates);
    let points: Vec<Points> = candidates
        .iter()
        .map(|candidate| {
            let mut points = Points::default();
            evidence(text, &words.words, candidate, &article, gazetteer, |name| weights.add(name, &mut points));
            points
        })
        .collect();
    let mut together: HashMap<&str, (Points, f32)> = HashMap::new();
    for (candidate, points) in candidates.iter().zip(&points) {
        let (sum, count) = together.entry(surface(text, &words.words, candidate)).or_default();
        add(sum, points);
        *count += 1.0;
    }
    let decide = |(candidate, own): (&Candidate, &Points)| {
        let (sum, count) = together.get(surface(text, &words.words, candidate))?;
        let mut points = sum.map(|point| point / count);
        add(&mut points, own);
        let (best, most) = KINDS.iter().zip(points).max_by(|left, right| left.1.total_cmp(&right.1))?;
        let name = Name {
            words: candidate.words.clone(),
            kind: *best,
            titled: candidate.titled,
            heading: candidate.style == Style::Heading,
        };
        (most > 0.0).then_some(name)
    };
    candidates.iter().zip(&points).filter_map(decide).collect()
}

/// The names of a text in another language than English: capitalised names that the gazetteer has.
pub(crate) fn known_names(text: &str, words: &Words<'_>, gazetteer: &Gazetteer) -> Vec<Name> {
    let kind = |candidate: &Candidate| {
        let name = surface(text, &words.words, candidate);
        if gazetteer.is_organization(name) {
            Some(EntityKind::Organization)
        } else {
            gazetteer.places(name).next().map(|_| EntityKind::Place)
        }
    };
    let name = |candidate: Candidate| {
        let heading = candidate.style == Style::Heading;
        kind(&candidate).map(|kind| Name { words: candidate.words, kind, titled: candidate.titled, heading })
    };
    candidates(text, words, gazetteer).into_iter().filter_map(name).collect()
}

fn surface<'t>(text: &'t str, words: &[Word<'_>], candidate: &Candidate) -> &'t str {
    &text[words[candidate.words.start].start..words[candidate.words.end - 1].end]
}

fn add(sum: &mut Points, points: &Points) {
    for (sum, point) in sum.iter_mut().zip(points) {
        *sum += point;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn kinds(text: &str) -> Vec<(String, EntityKind)> {
        let words = Words::new(text, &Lexicon::new());
        names(text, &words, &Gazetteer::new(), &Weights::new())
            .into_iter()
            .map(|name| {
                let range = words.words[name.words.start].start..words.words[name.words.end - 1].end;
                (text[range].to_owned(), name.kind)
            })
            .collect()
    }

    #[test]
    fn kinds_follow_the_evidence() {
        assert_eq!(
            kinds(
                "The Ministry of Health in Kampala said on Friday that Dr Grace Okello would visit Uganda and Rwanda."
            ),
            [
                ("Ministry of Health".to_owned(), EntityKind::Organization),
                ("Kampala".to_owned(), EntityKind::Place),
                ("Grace Okello".to_owned(), EntityKind::Person),
                ("Uganda".to_owned(), EntityKind::Place),
                ("Rwanda".to_owned(), EntityKind::Place),
            ]
        );
    }

    #[test]
    fn a_surname_is_known_by_its_full_name() {
        let found = kinds("Maria Delacroix won the vote. Turnout was high, and Delacroix thanked her voters.");
        assert_eq!(found[1], ("Delacroix".to_owned(), EntityKind::Person));
    }

    #[test]
    fn nationalities_and_months_are_no_names() {
        assert!(kinds("Russian and French troops met on Monday in January.").is_empty());
    }
}
