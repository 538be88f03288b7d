//! What stands around a place's name and says which place it is: "Moscow, Idaho", "the Kherson region".

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use crate::{
    gazetteer::{Gazetteer, Place, PlaceClass, title_case},
    lexicon::entries,
    names::Name,
    words::{Case, Word},
};

/// The most words between a name and what it is in, or the country whose it is.
const FAR: usize = 5;

/// Heads of divisions' names, with the countries where they are.
static DIVISIONS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    entries(include_str!("../../data/division-heads.tsv")).filter_map(|line| line.split_once('\t')).collect()
});
static SETTLEMENTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/settlement-heads.txt")).collect());
static EPITHETS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/place-epithets.txt")).collect());

/// What a name is called by the words in and around it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Called {
    /// Nothing: "Kherson".
    Nothing,
    /// A division, with the countries that the word is for: "Kherson region".
    Division(&'static str),
    /// "the city of Kherson".
    City,
}

impl Called {
    fn by(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        let division = DIVISIONS.get(&*word).map(|countries| Self::Division(countries));
        division.or_else(|| SETTLEMENTS.contains(&*word).then_some(Self::City))
    }

    /// Whether a place can be called so.
    pub(super) fn fits(self, place: &Place) -> bool {
        match self {
            Self::Nothing => true,
            Self::City => place.class == PlaceClass::City,
            Self::Division(countries) => {
                place.class == PlaceClass::Division
                    && (countries.is_empty() || countries.split('|').any(|country| country == place.country()))
            }
        }
    }
}

/// A name with what it is called; names all in capitals are as they are written elsewhere.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Form {
    /// All words of the name.
    pub(super) full: String,
    /// Without "region", "city of", ...
    pub(super) bare: String,
    pub(super) called: Called,
}

/// How the words in and right around a name call it.
pub(super) fn form(text: &str, words: &[Word<'_>], name: &Name) -> Option<Form> {
    let slice = |range: std::ops::Range<usize>| {
        let inside = words.get(range)?;
        text.get(inside.first()?.start..inside.last()?.end).map(|name| title_case(name).into_owned())
    };
    let range = name.words.clone();
    let full = slice(range.clone())?;
    if range.len() > 1 {
        if let Some(called) = words.get(range.end - 1).and_then(|word| Called::by(word.text)) {
            return Some(Form { full, bare: slice(range.start..range.end - 1)?, called });
        }
        let of = words.get(range.start + 1).is_some_and(|word| word.text == "of");
        if let Some(called) =
            words.get(range.start).filter(|_| of && range.len() > 2).and_then(|word| Called::by(word.text))
        {
            return Some(Form { full, bare: slice(range.start + 2..range.end)?, called });
        }
    }
    let behind = words.get(range.end).filter(|word| word.case != Case::None).and_then(|word| Called::by(word.text));
    let before = range.start.checked_sub(2).and_then(|at| words.get(at..range.start));
    let before = before.and_then(|before| match before {
        [head, of] if of.text == "of" => Called::by(head.text),
        _ => None,
    });
    Some(Form { bare: full.clone(), full, called: behind.or(before).unwrap_or(Called::Nothing) })
}

/// What the text says that a place is in.
pub(super) enum Within {
    /// In the place of another name. Behind a comma it means only that: "Springfield, Vermont" is no other Springfield.
    Name { at: usize, comma: bool },
    /// "The Ukrainian city of ...".
    Country(&'static str),
}

/// What a name is said to be in, the surest first.
pub(super) fn within(words: &[Word<'_>], names: &[Name], at: usize, gazetteer: &Gazetteer) -> Vec<Within> {
    let mut found = Vec::new();
    let Some(name) = names.get(at) else { return found };
    let behind = names.get(at + 1).and_then(|next| words.get(name.words.end..next.words.start));
    match behind {
        Some([comma]) if matches!(comma.text, "," | "(") => found.push(Within::Name { at: at + 1, comma: true }),
        Some(between) if leads_outside(between) => found.push(Within::Name { at: at + 1, comma: false }),
        _ => {}
    }
    let first = name.words.start.saturating_sub(FAR);
    for place in (first..name.words.start).rev() {
        let Some(word) = words.get(place) else { break };
        if matches!(word.text, "'s" | "’s") {
            let owner =
                at.checked_sub(1).filter(|before| names.get(*before).is_some_and(|owner| owner.words.end == place));
            found.extend(owner.map(|at| Within::Name { at, comma: false }));
            break;
        }
        if let Some(country) = gazetteer.country_of_demonym(&word.lower).filter(|_| word.is_capital()) {
            found.push(Within::Country(country));
            break;
        }
        let lower = word.lower.to_lowercase();
        if !EPITHETS.contains(&*lower) && Called::by(&lower).is_none() && word.text != "-" {
            break;
        }
    }
    found
}

/// Whether the words between two names say that the first is in the second: "in", ", the second city of".
fn leads_outside(between: &[Word<'_>]) -> bool {
    let leads = |word: &Word<'_>| matches!(word.text, "in" | "of");
    let known = |word: &Word<'_>| {
        leads(word)
            || matches!(word.text, "," | "a" | "an" | "-" | "city's")
            || EPITHETS.contains(word.text)
            || Called::by(word.text).is_some()
    };
    between.len() <= FAR + 2 && between.iter().any(leads) && between.iter().all(known)
}
