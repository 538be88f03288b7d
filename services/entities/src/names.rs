//! The names of a text, each with its kind.

use std::ops::Range;

use tallywire_proto::EntityKind;

use crate::{
    features::Features,
    gazetteer::Gazetteer,
    lexicon::Class,
    model::{Found, Model, ModelError, find},
    own_names::OwnNames,
    words::{Style, Words, surface},
};

/// A name of known kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    /// Its words.
    pub(crate) words: Range<usize>,
    pub(crate) kind: EntityKind,
    /// How sure it is, from 0 to 1.
    pub(crate) confidence: f64,
    /// Whether a title stands before it.
    pub(crate) titled: bool,
    /// Whether it stands in a heading.
    pub(crate) heading: bool,
    /// The id that the user's own gazetteer gives it.
    pub(crate) own: Option<String>,
}

/// The most words of a name in the gazetteer.
const LONGEST: usize = 6;

/// The least weight of a place that is found in other languages, where nouns are names of small towns: German "Singen".
const WELL_KNOWN: u64 = 100_000;

/// How sure the names of texts in other languages are: they are known, but nothing around them was read.
const BY_LIST: f64 = 0.5;

/// The names of an English text as a model finds them, in order.
///
/// # Errors
///
/// The model fails.
pub(crate) fn names(
    text: &str,
    words: &Words<'_>,
    gazetteer: &Gazetteer,
    model: &dyn Model,
) -> Result<Vec<Name>, ModelError> {
    let features = Features::new(text, words, gazetteer);
    Ok(described(words, find(model, words, &features)?.into_iter()))
}

/// Puts the names of the user's own gazetteer in the place of those that they overlap.
pub(crate) fn add_own(words: &Words<'_>, own: &OwnNames, names: &mut Vec<Name>) {
    let matches = own.matches(&words.words);
    if matches.is_empty() {
        return;
    }
    let spans = matches.iter().map(|(range, kind, _)| Found { words: range.clone(), kind: *kind, confidence: 1.0 });
    let mut found = described(words, spans);
    for (name, (_, _, id)) in found.iter_mut().zip(&matches) {
        name.own = id.map(str::to_owned);
    }
    let mut later = found.iter().map(|name| name.words.clone()).peekable();
    names.retain(|name| {
        while later.next_if(|own| own.end <= name.words.start).is_some() {}
        later.peek().is_none_or(|own| own.start >= name.words.end)
    });
    names.extend(found);
    names.sort_by_key(|name| name.words.start);
}

/// The names of a text in another language than English: capitalised names that the gazetteer has.
pub(crate) fn known_names(text: &str, words: &Words<'_>, gazetteer: &Gazetteer) -> Vec<Name> {
    let kind = |range: &Range<usize>| {
        let name = surface(text, &words.words, range);
        if gazetteer.is_organization(name) {
            return Some(EntityKind::Organization);
        }
        gazetteer.places(name).any(|place| place.weight >= WELL_KNOWN).then_some(EntityKind::Place)
    };
    let mut found = Vec::new();
    for (sentence, _) in &words.sentences {
        let mut at = sentence.start;
        while at < sentence.end {
            let capitals =
                words.words[at..sentence.end].iter().take(LONGEST).take_while(|word| word.is_capital()).count();
            let longest = (1..=capitals).rev().find_map(|length| Some((at..at + length, kind(&(at..at + length))?)));
            at = longest.as_ref().map_or(at + 1, |(range, _)| range.end);
            found.extend(longest);
        }
    }
    let found = found.into_iter().map(|(words, kind)| Found { words, kind, confidence: BY_LIST });
    described(words, found)
}

/// Adds to names in order what is seen around them.
fn described(words: &Words<'_>, found: impl Iterator<Item = Found>) -> Vec<Name> {
    let mut sentences = words.sentences.iter().peekable();
    let name = |Found { words: range, kind, confidence }| {
        while sentences.next_if(|(sentence, _)| sentence.end <= range.start).is_some() {}
        let heading = sentences.peek().is_some_and(|(_, style)| *style == Style::Heading);
        let before = range.start.checked_sub(1).and_then(|before| words.words.get(before));
        let titled = before.is_some_and(|word| word.is_capital() && word.class.is(Class::TITLE));
        Name { words: range, kind, confidence, titled, heading, own: None }
    };
    found.map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lexicon::Lexicon, model::Fast};

    fn kinds(text: &str) -> Vec<(String, EntityKind)> {
        let words = Words::new(text, &Lexicon::new());
        let model = Fast::embedded().unwrap();
        names(text, &words, &Gazetteer::new(), &model)
            .unwrap()
            .into_iter()
            .map(|name| (surface(text, &words.words, &name.words).to_owned(), name.kind))
            .collect()
    }

    #[test]
    fn kinds_follow_words_and_context() {
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
    fn own_names_take_the_place_of_others() {
        let text = "Grace Okello of Blue Heron Trust left Kampala.";
        let words = Words::new(text, &Lexicon::new());
        let own = OwnNames::parse("Blue Heron Trust\torganization\tbht-7\nHeron\tplace").unwrap();
        let by_model = [(0..2, EntityKind::Person), (4..6, EntityKind::Place), (7..8, EntityKind::Place)];
        let found = by_model.map(|(words, kind)| Found { words, kind, confidence: 0.9 });
        let mut names = described(&words, found.into_iter());
        add_own(&words, &own, &mut names);
        let found: Vec<_> = names.iter().map(|name| (name.words.clone(), name.kind, name.own.as_deref())).collect();
        let expected = [
            (0..2, EntityKind::Person, None),
            (3..6, EntityKind::Organization, Some("bht-7")),
            (7..8, EntityKind::Place, None),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn of_other_languages_only_well_known_places_are_found() {
        let text = "Das Singen in Kenia und Berlin hat ein Ende.";
        let words = Words::new(text, &Lexicon::new());
        let names = known_names(text, &words, &Gazetteer::new());
        assert_eq!(
            names.iter().map(|name| words.words[name.words.start].text).collect::<Vec<_>>(),
            ["Kenia", "Berlin"]
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
