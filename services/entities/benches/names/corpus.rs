//! Articles whose names are known, and how many of them a reader finds.

use std::{collections::HashSet, fs, path::Path};

use serde::Deserialize;
use tallywire_proto::EntityKind;

use crate::peer::Name;

/// An article of a file `*.docs.jsonl`.
#[derive(Deserialize)]
pub(crate) struct Article {
    pub(crate) text: String,
    /// Its names: first code point, one past the last, PER, ORG or LOC.
    gold: Vec<(usize, usize, String)>,
}

/// The articles of a file.
pub(crate) fn load(path: &Path) -> Vec<Article> {
    let file = fs::read_to_string(path).unwrap();
    file.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The words of all articles.
pub(crate) fn words(articles: &[Article]) -> usize {
    articles.iter().map(|article| article.text.split_whitespace().count()).sum()
}

/// The harmonic mean of precision and recall, of names whose span and kind are right.
///
/// Articles before a name and a possessive ending behind it count for nothing: those who annotate do not agree on them.
pub(crate) fn f1(articles: &[Article], found: &[Vec<Name>]) -> f64 {
    assert_eq!(articles.len(), found.len(), "every article is read");
    let (mut right, mut all) = (0, 0);
    for (article, found) in articles.iter().zip(found) {
        let characters: Vec<char> = article.text.chars().collect();
        let bare = |(start, end, kind): Name| {
            let (start, end) = bare(&characters, start, end);
            (start, end, kind)
        };
        let gold = article.gold.iter().map(|(start, end, label)| (*start, *end, kind(label)));
        let gold: HashSet<_> = gold.map(bare).collect();
        let found: HashSet<_> = found.iter().copied().map(bare).collect();
        right += gold.intersection(&found).count();
        all += gold.len() + found.len();
    }
    2.0 * right as f64 / all.max(1) as f64
}

fn kind(label: &str) -> EntityKind {
    match label {
        "PER" => EntityKind::Person,
        "ORG" => EntityKind::Organization,
        "LOC" => EntityKind::Place,
        _ => panic!("an unknown kind of name: {label}"),
    }
}

/// A span without article and possessive ending.
fn bare(characters: &[char], mut start: usize, mut end: usize) -> (usize, usize) {
    let name: String = characters[start..end].iter().collect();
    if let Some((article, _)) = name.split_once(char::is_whitespace)
        && ["the", "a", "an"].iter().any(|known| article.eq_ignore_ascii_case(known))
    {
        start += article.len() + 1;
    }
    if let Some(ending) = ["'s", "’s", "'", "’"].into_iter().find(|ending| name.ends_with(ending)) {
        end -= ending.chars().count();
    }
    // A span of nothing else stays empty on both sides.
    (start, end.max(start))
}
