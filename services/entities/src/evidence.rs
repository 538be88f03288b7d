//! What speaks for a candidate being a person, an organization, a place, or none of them.

use std::collections::{HashMap, HashSet};

use crate::{
    candidates::Candidate,
    gazetteer::{Gazetteer, PlaceClass},
    lexicon::{Class, entries},
    words::{Case, Style, Word},
};

/// Points for person, organization, place; those for "no name" are subtracted already.
pub(crate) type Points = [f32; 3];

/// How many points each piece of evidence has.
pub(crate) struct Weights(HashMap<&'static str, Points>);

impl Weights {
    /// Reads the embedded table.
    pub(crate) fn new() -> Self {
        let parse = |line: &'static str| {
            let mut columns = line.split('\t');
            let name = columns.next()?;
            let mut points = [0.0; 3];
            for point in &mut points {
                *point = columns.next()?.parse().ok()?;
            }
            Some((name, points))
        };
        Self(entries(include_str!("../data/evidence.tsv")).filter_map(parse).collect())
    }

    /// Adds the points of a piece of evidence; evidence without an entry counts nothing.
    pub(crate) fn add(&self, evidence: &str, points: &mut Points) {
        if let Some(found) = self.0.get(evidence) {
            for (sum, point) in points.iter_mut().zip(found) {
                *sum += point;
            }
        }
    }
}

/// What the article as a whole says about names.
#[derive(Default)]
pub(crate) struct Article<'w> {
    /// Last and first words of names that are likely people's: "Carter" of "Jimmy Carter".
    people: HashSet<&'w str>,
    /// Words of other names of two words and more.
    parts: HashSet<&'w str>,
    /// Initials of names that end like an organization's: "WFP".
    initials: HashSet<String>,
}

impl<'w> Article<'w> {
    /// Gathers it from all candidates.
    pub(crate) fn new(words: &'w [Word<'_>], candidates: &[Candidate]) -> Self {
        let mut article = Self::default();
        for candidate in candidates {
            let name = &words[candidate.words.clone()];
            let (Some(first), Some(last)) = (name.first(), name.last()) else { continue };
            if name.iter().any(|word| word.class.is(Class::ORGANIZATION_HEAD)) {
                let capitals = name.iter().filter(|word| word.is_capital());
                article.initials.insert(capitals.filter_map(|word| word.text.chars().next()).collect());
            }
            if candidate.style == Style::Heading {
                continue;
            }
            if candidate.titled || (name.len() > 1 && first.class.is(Class::FIRST_NAME)) {
                article.people.insert(last.text);
                article.people.insert(first.text);
            } else if name.len() > 1 {
                article.parts.insert(last.text);
                article.parts.insert(first.text);
            }
        }
        article
    }
}

/// Names every piece of evidence for a candidate.
pub(crate) fn evidence(
    text: &str,
    words: &[Word<'_>],
    candidate: &Candidate,
    article: &Article<'_>,
    gazetteer: &Gazetteer,
    mut found: impl FnMut(&str),
) {
    let name = &words[candidate.words.clone()];
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return };
    let surface = &text[first.start..last.end];
    found(match name.len() {
        1 => "words:1",
        2 => "words:2",
        3 => "words:3",
        _ => "words:4",
    });
    of_gazetteer(surface, gazetteer, &mut found);
    of_classes(name, &mut found);
    of_article(name, article, &mut found);
    if candidate.titled {
        found("titled");
    }
    if candidate.style == Style::Heading {
        found("heading");
    } else if first.initial {
        found("initial");
    }
    let mut key = String::with_capacity(32);
    let mut pair = |kind: &str, word: &str| {
        key.clear();
        key.push_str(kind);
        key.push(':');
        key.push_str(word);
        found(&key);
    };
    if name.len() > 1 {
        pair("first", &first.lower);
        pair("last", &last.lower);
    } else if gazetteer.places(surface).next().is_none() {
        // Of places, sports news would teach that they are teams.
        pair("only", &first.lower);
    }
    let of_sentence =
        |at: Option<usize>| at.filter(|at| candidate.sentence.contains(at)).map_or("|", |at| shown(&words[at]));
    let (start, end) = (candidate.words.start, candidate.words.end);
    let before = of_sentence(start.checked_sub(1));
    pair("before", before);
    pair("before2", of_sentence(start.checked_sub(2)));
    if matches!(before, "the" | "of") {
        let further = of_sentence(start.checked_sub(2));
        pair(if before == "the" { "before the" } else { "before of" }, further);
    }
    let after = of_sentence(Some(end));
    pair("after", after);
    pair(if matches!(after, "," | "'s" | "’s" | "(") { "after mark" } else { "after2" }, of_sentence(Some(end + 1)));
}

/// A word of the context: numbers and unknown names are all alike.
fn shown<'w>(word: &'w Word<'_>) -> &'w str {
    if word.text.starts_with(|character: char| character.is_ascii_digit()) {
        return "0";
    }
    let class = word.class;
    if word.is_capital() && !class.is(Class::COMMON.or(Class::FUNCTION).or(Class::TITLE).or(Class::CALENDAR)) {
        return match () {
            () if class.is(Class::DEMONYM) => "Demonym",
            () if class.is(Class::FIRST_NAME) => "First",
            () => "Name",
        };
    }
    if class.is(Class::CALENDAR) { "Calendar" } else { &word.lower }
}

fn of_gazetteer(surface: &str, gazetteer: &Gazetteer, found: &mut impl FnMut(&str)) {
    if let Some(place) = gazetteer.places(surface).next() {
        found(match (place.class, place.population) {
            (PlaceClass::Country, _) => "country",
            (PlaceClass::Division, _) => "division",
            (PlaceClass::City, Some(1_000_000..)) => "city of a million",
            (PlaceClass::City, Some(300_000..)) => "large city",
            (PlaceClass::City, _) => "city",
        });
    }
    if gazetteer.is_region(surface) {
        found("region");
    }
    if gazetteer.is_organization(surface) {
        found("organization");
    }
}

fn of_classes(name: &[Word<'_>], found: &mut impl FnMut(&str)) {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return };
    let single = name.len() == 1;
    for (class, alone, leads, ends) in [
        (Class::FIRST_NAME, "first name", "first name leads", "first name ends"),
        (Class::SURNAME, "surname", "surname leads", "surname ends"),
        (Class::ORGANIZATION_HEAD, "organization head", "organization head leads", "organization head ends"),
        (Class::PLACE_HEAD, "place head", "place head leads", "place head ends"),
        (Class::COMMON, "common", "common leads", "common ends"),
        (Class::DEMONYM, "demonym", "demonym leads", "demonym ends"),
    ] {
        if single && first.class.is(class) {
            found(alone);
        }
        if !single && first.class.is(class) {
            found(leads);
        }
        if !single && last.class.is(class) {
            found(ends);
        }
    }
    if !single && first.class.is(Class::FIRST_NAME) && last.class.is(Class::SURNAME) {
        found("first name and surname");
    }
    if !single && name.iter().all(|word| word.class.is(Class::COMMON.or(Class::DEMONYM))) {
        found("all common");
    }
    if name.iter().any(|word| matches!(word.text, "of" | "for" | "and" | "&")) {
        found("inner connector");
    }
    if name.iter().any(|word| word.lower.chars().count() == 1) {
        found("initial letter");
    }
    if single && first.case == Case::Upper {
        found(if first.text.chars().filter(|character| character.is_alphabetic()).count() <= 5 {
            "acronym"
        } else {
            "capitals"
        });
    } else if name.iter().all(|word| word.case != Case::Capital) {
        found("all capitals");
    }
    if single && first.case == Case::Capital {
        let inner = first.text.chars().skip(1).any(char::is_uppercase);
        if inner {
            found("inner capital");
        }
        if first.text.contains(|character: char| character.is_ascii_digit()) {
            found("digits");
        }
        if first.text.contains('-') {
            found("hyphen");
        }
    }
}

fn of_article(name: &[Word<'_>], article: &Article<'_>, found: &mut impl FnMut(&str)) {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return };
    if name.len() == 1 {
        if article.people.contains(first.text) {
            found("part of a person's name");
        }
        if article.parts.contains(first.text) {
            found("part of another name");
        }
        if first.case == Case::Upper && article.initials.contains(first.text) {
            found("initials of an organization");
        }
    } else if article.people.contains(last.text) {
        found("ends like a person's name");
    }
}
