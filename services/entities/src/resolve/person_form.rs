//! A person's name taken apart, and whether two such names can mean the same person.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::fold::fold;
use crate::{
    gender::Gender,
    lexicon::{entries, is_in},
    names::Name,
    words::{Case, Word},
};

/// How many words behind a name a pronoun is taken to mean its bearer.
const REACH: usize = 40;

/// The most parts of a name that are compared.
const MOST_PARTS: usize = 8;

/// What stands before a surname and comes and goes with it: "van", "de la", the "al" of "al-Bashir".
const PARTICLES: &str = "van von der den ter ten de del della di da das do dos du des la las le los y e i zu zur af av al el \
    ad an ar as ash at az ul ur uz bin ibn bint ben De Del La Le Von Van Ter Bin Ibn Di Da El";

/// Words for kin; "law" of "brother-in-law".
const KIN: &str = "wife husband spouse widow widower son daughter brother sister father mother nephew niece cousin \
    uncle aunt grandson stepson twin child law partner fiancé fiancée siblings";

/// Forms of first names, in families: "bill" and "william" share one.
static FAMILIES: LazyLock<Vec<Vec<&str>>> =
    LazyLock::new(|| entries(include_str!("../../data/nicknames.txt")).map(|line| line.split(' ').collect()).collect());

/// From each form of a first name to the numbers of its families.
static FAMILIES_OF: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut families: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, family) in FAMILIES.iter().enumerate() {
        for form in family {
            families.entry(form).or_default().push(number);
        }
    }
    families
});

static FAMILY_NAMES_FIRST: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/family-names-first.txt")).collect());

/// A person's name as it is compared.
#[derive(Clone, Debug)]
pub(super) struct PersonForm {
    /// Given names and surnames, folded, without particles: "jan", "berg" of "Jan van der Berg".
    pub(super) parts: Vec<String>,
    /// "jr" of "John Carter Jr."
    pub(super) suffix: Option<String>,
    /// As the form of address before the name says.
    pub(super) gender: Option<Gender>,
    /// As the first name says, or else the next pronoun.
    pub(super) likely: Option<Gender>,
    /// Whether the person is named as someone's kin: "his wife Ann Carter".
    pub(super) is_kin: bool,
}

/// How well two names fit.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Fit {
    /// Only as far as an initial or a pet form goes.
    Loose,
    Good,
}

impl PersonForm {
    /// Takes a name apart; `next` is the first word of the next person's name.
    pub(super) fn new(words: &[Word<'_>], name: &Name, next: usize) -> Self {
        let named = words.get(name.words.clone()).unwrap_or_default();
        let before = words.get(..name.words.start).unwrap_or_default();
        let lead = named.iter().take_while(|word| word.is_form_of_address()).count().min(named.len().saturating_sub(1));
        let (addresses, named) = named.split_at(lead);
        let gender = addresses
            .iter()
            .chain(before.iter().rev().take(3).take_while(|word| word.is_form_of_address()))
            .find_map(|word| Gender::of_address(&word.lower));
        let mixed = named.iter().any(|word| word.case == Case::Capital);
        let mut parts = Vec::new();
        let mut suffix = None;
        for (at, word) in named.iter().enumerate() {
            let folded = fold(word.text);
            if at > 0 && matches!(&folded[..], "jr" | "sr" | "ii" | "iii" | "iv") {
                suffix = Some(folded);
            } else if mixed && at == 0 && word.case == Case::Upper && folded.len() == 2 {
                // "JD Carter"
                parts.extend(folded.chars().map(String::from));
            } else if !is_particle(word.text) || named.len() == 1 {
                parts.extend(pieces(word.text));
            }
        }
        if parts.is_empty() {
            parts.extend(named.iter().map(|word| fold(word.text)));
        }
        parts.truncate(MOST_PARTS);
        let behind = words.get(name.words.end..).unwrap_or_default();
        let first = parts.first().and_then(|first| Gender::of_first_name(first));
        let pronoun = || {
            behind
                .iter()
                .take(next.saturating_sub(name.words.end).min(REACH))
                .find_map(|word| Gender::of_pronoun(word.text))
        };
        let likely = first.or_else(pronoun);
        Self { parts, suffix, gender, likely, is_kin: is_kin(before, behind) }
    }

    pub(super) fn is_full(&self) -> bool {
        self.parts.len() > 1
    }

    /// Of two forms of a name the one with more words that are no initials, then the one with more initials.
    pub(super) fn fullness(&self) -> (usize, usize) {
        (self.parts.iter().filter(|part| !is_initial(part)).count(), self.parts.len())
    }

    pub(super) fn has_family_name_first(&self) -> bool {
        self.parts.first().is_some_and(|first| FAMILY_NAMES_FIRST.contains(first.as_str()))
    }

    /// Whether a full name can mean the person of one before it, `self`: one has all parts of the other in their order, from the first name
    /// on ("George Bush", "George W. Bush") or up to the end ("Fernandez Lopez", "Maria Fernandez Lopez").
    pub(super) fn fit(&self, other: &Self) -> Option<Fit> {
        let apart = self.suffix.is_some() && other.suffix.is_some() && self.suffix != other.suffix
            || self.gender.is_some() && other.gender.is_some() && self.gender != other.gender;
        let (short, long) = if self.parts.len() <= other.parts.len() { (self, other) } else { (other, self) };
        // "Donald Trump Jr." is another than "Donald Trump" before him; but behind "Martin Luther King Jr." the suffix may
        // be left out.
        let junior = self.suffix.is_none() && matches!(other.suffix.as_deref(), Some("jr" | "sr"));
        if apart || junior {
            return None;
        }
        let mut fit = if self.suffix == other.suffix { Fit::Good } else { Fit::Loose };
        if long.parts.ends_with(&short.parts) {
            return Some(fit);
        }
        let mut rest = long.parts.iter();
        for (at, part) in short.parts.iter().enumerate() {
            // The first name must be the first, whatever stands between it and the surname.
            let found = if at == 0 { rest.next().and_then(|other| alike(part, other, true)) } else { None };
            let found = if at == 0 { found? } else { rest.find_map(|other| alike(part, other, false))? };
            fit = fit.min(found);
        }
        Some(fit)
    }
}

/// The parts of a word: "Ji", "hoon" of "Ji-hoon", "Bashir" of "al-Bashir".
fn pieces(word: &str) -> impl Iterator<Item = String> {
    let article =
        |(at, piece): &(usize, &str)| *at == 0 && piece.len() < word.len() && is_particle(&piece.to_lowercase());
    let pieces = word.split(['-', '‑', '.']).enumerate().filter(move |piece| !article(piece));
    pieces.map(|(_, piece)| fold(piece)).filter(|piece| !piece.is_empty())
}

fn alike(one: &str, other: &str, first: bool) -> Option<Fit> {
    if one == other {
        return Some(Fit::Good);
    }
    let initial = (is_initial(one) && other.starts_with(one)) || (is_initial(other) && one.starts_with(other));
    let shared = || other_forms(one).any(|form| form == other);
    (initial || first && shared()).then_some(Fit::Loose)
}

/// The other forms of a first name: "bill" and "will" of "william".
pub(super) fn other_forms(first: &str) -> impl Iterator<Item = &'static str> {
    let families = FAMILIES_OF.get(first).into_iter().flatten();
    families.filter_map(|family| FAMILIES.get(*family)).flatten().copied().filter(move |form| *form != first)
}

pub(super) fn is_initial(part: &str) -> bool {
    part.len() == 1
}

fn is_particle(word: &str) -> bool {
    is_in(PARTICLES, word)
}

/// Whether someone is said to be kin of another: "his wife Ann Carter", "Ann Carter, his wife".
fn is_kin(before: &[Word<'_>], behind: &[Word<'_>]) -> bool {
    let kin = |word: &&Word<'_>| is_in(KIN, word.text);
    let before = before.iter().rev().take(4).find(|word| word.text != "," && !word.is_form_of_address());
    let apposed = behind.first().is_some_and(|word| word.text == ",");
    before.is_some_and(|word| kin(&word))
        || apposed && behind.iter().take(5).skip(1).take_while(|word| word.case == Case::Lower).any(|word| kin(&word))
}
