//! An organization's name taken apart.

use std::{ops::Range, sync::LazyLock};

use foldhash::{HashMap, HashSet};

use super::fold::fold;
use crate::{
    lexicon::{Class, entries},
    words::{Word, is_possessive},
};

/// How many words of a name are looked at for a part that can stand for it.
const LONGEST: usize = 10;

static LEGAL_FORMS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../data/legal-forms.txt")).collect());

/// From a country's name or adjective to the country.
static COUNTRIES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    entries(include_str!("../../data/nationalities.tsv")).filter_map(|line| line.split_once('\t')).collect()
});

/// An organization's name as it is compared.
#[derive(Clone, Debug)]
pub(super) struct OrganizationForm {
    /// Its words, folded, without articles, prepositions and legal form: "health ministry" of "Ministry of Health".
    pub(super) core: Vec<String>,
    /// The country whose it is, where the core alone does not say which it is: "russia" of "Russian Defense Ministry".
    pub(super) country: Option<&'static str>,
    /// Whether many organizations could be called so: all words are common ones.
    pub(super) generic: bool,
    /// Whether it is written as an acronym.
    pub(super) acronym: bool,
}

impl OrganizationForm {
    pub(super) fn new(words: &[Word<'_>], range: &Range<usize>) -> Self {
        let before = words.get(..range.start).unwrap_or_default();
        let whole = without_legal_form(words.get(range.clone()).unwrap_or_default());
        let acronym = matches!(whole, [word] if is_acronym(word.text));
        let (rest, own) = without_country(whole);
        let generic = rest.iter().all(is_common);
        let country = own.or_else(|| country_before(before)).filter(|_| generic && !acronym);
        // "Ministry of Health" is the "Health Ministry".
        let (rest, head) = match if generic { rest } else { whole } {
            [head, of, rest @ ..] if of.text == "of" && head.class.is(Class::ORGANIZATION_HEAD) => (rest, Some(head)),
            rest => (rest, None),
        };
        let telling = rest.iter().chain(head).filter(|word| !is_link(word));
        let mut core: Vec<String> = telling.map(|word| spelled(fold(word.text))).collect();
        if core.len() > 2 && core.last().is_some_and(|head| head == "ministry") {
            core.retain(|word| word != "affairs");
        }
        Self { core, country, generic, acronym }
    }

    /// What names of the same organization share.
    pub(super) fn key(&self) -> String {
        let mut key = self.core.join(" ");
        if let Some(country) = self.country {
            key.push('|');
            key.push_str(country);
        }
        key
    }

    /// The parts of the name, each of consecutive words.
    pub(super) fn parts(&self) -> impl Iterator<Item = String> {
        let core = &self.core[..self.core.len().min(LONGEST)];
        (1..core.len()).flat_map(move |length| core.windows(length).map(|part| part.join(" ")))
    }

    /// Whether the name can be a part of another that stands for all of it: "Lakeside" can, "Ministry" and "NATO"
    /// cannot.
    pub(super) fn can_be_part(&self) -> bool {
        !self.acronym && self.country.is_none() && (!self.generic || self.core.len() > 1)
    }

    /// Whether the name is a single word that other organizations' names end with, and means one that was named before.
    pub(super) fn is_head(&self) -> bool {
        let many = |head: &str| {
            matches!(
                head,
                "ministry"
                    | "department"
                    | "government"
                    | "congress"
                    | "parliament"
                    | "senate"
                    | "house"
                    | "army"
                    | "navy"
                    | "police"
                    | "treasury"
                    | "cabinet"
                    | "church"
                    | "times"
                    | "post"
                    | "state"
                    | "opposition"
            )
        };
        self.generic && self.country.is_none() && matches!(&self.core[..], [head] if !many(head))
    }
}

/// The first letters of a name's words, without and with "of" and its like; none of a single word.
pub(super) fn initials(words: &[Word<'_>]) -> [String; 2] {
    let of = |links: bool| {
        let words = words
            .iter()
            .filter(|word| (links && word.text != "the" || !is_link(word)) && !word.text.starts_with(['\'', '’']));
        let pieces = words.flat_map(|word| word.text.split(['-', '‑'])).map(fold);
        let letters: String = pieces.filter_map(|piece| piece.chars().next()).collect();
        if letters.len() > 1 { letters } else { String::new() }
    };
    [of(false), of(true)]
}

/// Two capitals and more in a short word.
pub(super) fn is_acronym(word: &str) -> bool {
    word.chars().count() <= 8 && word.chars().filter(|letter| letter.is_uppercase()).count() >= 2
}

fn without_legal_form<'w, 't>(mut named: &'w [Word<'t>]) -> &'w [Word<'t>] {
    while let [rest @ .., last] = named
        && !rest.is_empty()
        && (LEGAL_FORMS.contains(fold(last.text).as_str()) || matches!(last.text, "," | "." | "&"))
    {
        named = rest;
    }
    named
}

/// A name without the country at its start ("Russian Defense Ministry") or end ("Supreme Court of India").
fn without_country<'w, 't>(named: &'w [Word<'t>]) -> (&'w [Word<'t>], Option<&'static str>) {
    for length in [2, 1] {
        if let Some((lead, rest)) = named.split_at_checked(length)
            && !rest.is_empty()
            && let Some(country) = country(lead)
        {
            return (rest, Some(country));
        }
        if let Some((rest, end)) = named.len().checked_sub(length).and_then(|at| named.split_at_checked(at))
            && let Some(country) = country(end)
            && let [rest @ .., of, Word { text: "the", .. }] | [rest @ .., of] = rest
            && matches!(of.text, "of" | "in")
            && !rest.is_empty()
        {
            return (rest, Some(country));
        }
    }
    (named, None)
}

/// The country whose name, or adjective, stands before: "Russia's", "the Russian".
fn country_before(before: &[Word<'_>]) -> Option<&'static str> {
    let before = match before {
        [before @ .., possessive] if is_possessive(possessive.text) => before,
        before => before,
    };
    [2, 1].into_iter().find_map(|length| country(before.get(before.len().checked_sub(length)?..)?))
}

fn country(words: &[Word<'_>]) -> Option<&'static str> {
    if !words.iter().all(Word::is_capital) {
        return None;
    }
    let folded: Vec<String> = words.iter().map(|word| fold(word.text)).collect();
    COUNTRIES.get(folded.join(" ").as_str()).copied()
}

fn is_common(word: &Word<'_>) -> bool {
    !word.is_capital()
        || !is_acronym(word.text)
            && word.class.is(Class::COMMON.or(Class::ORGANIZATION_HEAD).or(Class::FUNCTION))
            && !word.class.is(Class::DEMONYM)
}

/// Words that come and go within a name.
fn is_link(word: &Word<'_>) -> bool {
    matches!(
        word.text,
        "of" | "for" | "the" | "The" | "and" | "&" | "on" | "in" | "de" | "," | "." | "'" | "’" | "'s" | "’s"
    )
}

/// British spelling as American.
fn spelled(word: String) -> String {
    match &word[..] {
        "defence" => "defense".to_owned(),
        "centre" => "center".to_owned(),
        "labour" => "labor".to_owned(),
        "harbour" => "harbor".to_owned(),
        "programme" => "program".to_owned(),
        "organisation" => "organization".to_owned(),
        _ => word,
    }
}
