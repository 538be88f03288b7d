//! From a byline to the people in it.

use std::{collections::HashSet, sync::LazyLock};

use super::date_words::{DateWord, is_of_date, month, word_of_date};
use crate::plain;

/// The words around the names in a byline.
#[derive(Default)]
struct BylineWords {
    /// The longest first, and the languages that they are of where they are names in others.
    before: Vec<(&'static str, Option<&'static str>)>,
    label: Vec<&'static str>,
    between: HashSet<&'static str>,
    after: HashSet<&'static str>,
    role: HashSet<&'static str>,
    group: HashSet<&'static str>,
}

static WORDS: LazyLock<BylineWords> = LazyLock::new(|| {
    let mut words = BylineWords::default();
    for line in include_str!("../../data/byline-words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((kind, word)) = line.split_once(' ') else { continue };
        let (kind, languages) = kind.split_once(':').map_or((kind, None), |(kind, languages)| (kind, Some(languages)));
        match kind {
            "before" => words.before.push((word, languages)),
            "label" => words.label.push(word),
            "between" => drop(words.between.insert(word)),
            "after" => drop(words.after.insert(word)),
            "group" => drop(words.group.insert(word)),
            _ => drop(words.role.insert(word)),
        }
    }
    words.before.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    words
});

/// A byline longer than this is a text about its author.
const MAX_BYLINE: usize = 200;
/// A name longer than this is none.
const MAX_NAME: usize = 60;
/// Capitals no longer than this are no name behind another one.
const MAX_TITLE: usize = 5;
/// A name has no more words than this.
const MAX_WORDS: usize = 6;

/// The names in a byline such as "By Ada Ono and Ben Lund, Staff Writers".
pub(crate) fn people(byline: &str) -> Vec<String> {
    if byline.len() > 4 * MAX_BYLINE || byline.contains("://") || byline.trim_start().starts_with('@') {
        return Vec::new();
    }
    let Some(line) = plain::plain(byline).filter(|line| line.chars().count() <= MAX_BYLINE) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // "9 March 2026 · Ada Ono | The Gull": the first part that has a name.
    for part in line.split(['|', '•', '·', '⋅']) {
        found = names_in(names_only(part));
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// Whether nothing but the words around names is in a text: "By", "and".
pub(super) fn is_joint(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|edge: char| !edge.is_alphanumeric() && edge != '&');
    bare.is_empty() || WORDS.between.contains(bare) || WORDS.before.iter().any(|(phrase, _)| *phrase == bare)
}

/// What stands behind the phrase at the start of a text that introduces names, and the languages that it is of where
/// it begins names in others.
pub(super) fn introduced(text: &str) -> Option<(&str, Option<&'static str>)> {
    WORDS.before.iter().find_map(|(phrase, languages)| {
        let start = text.get(..phrase.len())?;
        let rest = text.get(phrase.len()..)?;
        let is_there = start.eq_ignore_ascii_case(phrase) && (rest.is_empty() || rest.starts_with([' ', ':']));
        is_there.then_some((rest, *languages))
    })
}

/// What stands behind the label at the start of a text that introduces names anywhere on a page.
pub(super) fn labelled(text: &str) -> Option<&str> {
    WORDS.label.iter().find_map(|label| {
        let start = text.get(..label.len())?;
        text.get(label.len()..).filter(|_| start.eq_ignore_ascii_case(label))
    })
}

/// The group of authors that a byline names instead of people: "By the Gull's News Desk".
pub(super) fn group(byline: &str) -> Option<String> {
    let line = plain::plain(byline).filter(|line| line.len() <= MAX_NAME)?;
    let line = names_only(&line);
    let words: Vec<String> = line.split(' ').map(str::to_lowercase).collect();
    let is_group =
        (2..=MAX_WORDS).contains(&words.len()) && words.iter().any(|word| WORDS.group.contains(word.as_str()));
    let is_sentence = line.ends_with('.') || line.contains([':', ',']);
    (is_group && !is_sentence && is_capitalized(words_from(line))).then(|| line.to_owned())
}

/// Whether a text may be what an author or organization is called, though it is no person's name.
pub(super) fn is_title(text: &str) -> bool {
    let words: Vec<String> = text.split(' ').map(str::to_lowercase).collect();
    (1..=2 * MAX_WORDS).contains(&words.len())
        && text.len() <= MAX_NAME
        && text.starts_with(char::is_alphanumeric)
        && !is_account(text)
        && !text.contains(['@', '/'])
        && !words.iter().all(|word| WORDS.role.contains(word.as_str()))
}

/// A group's name without its article.
fn words_from(line: &str) -> &str {
    line.strip_prefix("the ")
        .or_else(|| line.strip_prefix("our "))
        .unwrap_or(line)
        .split(' ')
        .next()
        .unwrap_or_default()
}

/// The names in a line that has nothing else.
fn names_in(line: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut at_commas = 0;
    for part in line.split([';', '/']).flat_map(|part| part.split(',')) {
        split_at_joints(part, &mut parts);
        at_commas += usize::from(!part.trim().is_empty());
    }
    if let [last, first] = parts.as_slice()
        && line.contains(", ")
        && [last, first].iter().all(|part| part.split(' ').count() == 1 && is_name(part))
    {
        return vec![format!("{first} {last}")];
    }
    // Behind a single comma stands where they are, or for whom they work, unless "and" makes it a list.
    if parts.len() == 2
        && at_commas == 2
        && !line.contains([';', '/'])
        && parts.first().is_some_and(|part| is_name(part))
    {
        parts.truncate(1);
    }
    let mut names: Vec<String> = Vec::new();
    for name in parts.into_iter().filter(|part| is_name(part)) {
        // A title or an employer behind a name: "Ada Ono, MD".
        let is_title =
            !names.is_empty() && name.len() <= MAX_TITLE && name.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_title && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The line without what introduces the names and what follows them.
fn names_only(line: &str) -> &str {
    let mut line = line.trim_matches(|edge: char| !edge.is_alphanumeric() && edge != '.');
    // "Author: By Ada Ono" has two.
    for _ in 0..2 {
        let Some((rest, _)) = introduced(line) else { break };
        line = rest.trim_start_matches([' ', ':']);
    }
    let end = line
        .find(['(', '—', '–', '@'])
        .into_iter()
        .chain(line.find(" - "))
        .chain(first_number(line))
        .min()
        .unwrap_or(line.len());
    let names = line[..end].trim();
    // "Ada Ono June 12": the month goes with the day.
    match names.rsplit_once(' ') {
        Some((names, last))
            if line[end..].starts_with(|day: char| day.is_ascii_digit()) && month(&last.to_lowercase()).is_some() =>
        {
            names
        }
        _ => names,
    }
}

/// Where the first word begins that is a number.
fn first_number(line: &str) -> Option<usize> {
    let mut before = ' ';
    line.char_indices().find_map(|(at, character)| {
        let begins = !before.is_alphanumeric();
        before = character;
        (begins && character.is_ascii_digit()).then_some(at)
    })
}

/// Splits at "and" and the like; stops at a word that begins something else.
fn split_at_joints(part: &str, names: &mut Vec<String>) {
    let mut name: Vec<&str> = Vec::new();
    let mut words = part.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let lower = word.to_lowercase();
        // "Dan" is a name, "dan" joins two in Indonesian.
        if WORDS.between.contains(word) || matches!(lower.as_str(), "and" | "with") {
            names.push(name.join(" "));
            name.clear();
        } else if !name.is_empty() && ends_names(word, words.peek().copied()) {
            break;
        } else {
            name.push(word);
        }
    }
    names.push(name.join(" "));
    for name in names {
        // A full stop ends an initial ("J. K."), and begins nothing.
        let trimmed = name
            .trim_start_matches(|edge: char| !edge.is_alphanumeric())
            .trim_end_matches(|edge: char| !edge.is_alphanumeric() && edge != '.');
        if trimmed.len() < name.len() {
            *name = trimmed.to_owned();
        }
    }
}

/// Whether a word ends the names before it. It is a name itself where it has a capital ("Jonathan Last"), unless it says
/// what the date behind it is: "Updated", "Last updated".
fn ends_names(word: &str, next: Option<&str>) -> bool {
    let is_of_date = |word: &str| {
        let word = word.trim_end_matches(':').to_lowercase();
        let of_date = matches!(word_of_date(&word), Some(DateWord::Published | DateWord::Updated));
        of_date && WORDS.after.contains(word.as_str())
    };
    WORDS.after.contains(word.trim_end_matches(':'))
        || is_of_date(word)
        || (WORDS.after.contains(word.to_lowercase().as_str()) && next.is_some_and(is_of_date))
}

fn is_name(text: &str) -> bool {
    let words: Vec<String> = text.split(' ').map(str::to_lowercase).collect();
    text.chars().filter(|character| character.is_alphabetic()).count() >= 2
        && text.chars().count() <= MAX_NAME
        && words.len() <= MAX_WORDS
        && !is_account(text)
        && !text.contains(':')
        && !words.iter().all(|word| is_of_date(word))
        && !words.iter().any(|word| WORDS.role.contains(word.as_str()))
}

/// Accounts, hosts and variables of templates: `ada.ono`, `www.n.example`, `page.author`.
fn is_account(text: &str) -> bool {
    !text.contains(' ') && text.trim_end_matches('.').contains(['.', '_']) && !text.contains(char::is_uppercase)
}

/// Whether every word is written as in a name: with a capital, or one of the small words of family names.
pub(crate) fn is_capitalized(name: &str) -> bool {
    const PARTICLES: [&str; 14] =
        ["al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "van", "von"];
    !name.starts_with(char::is_lowercase)
        && name.split(' ').all(|word| !word.starts_with(char::is_lowercase) || PARTICLES.contains(&word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splits_into_people() {
        for (byline, expected) in [
            ("By Ada Ono and Ben Lund", vec!["Ada Ono", "Ben Lund"]),
            ("Ada Ono, Ben Lund & J. K. Lee", vec!["Ada Ono", "Ben Lund", "J. K. Lee"]),
            ("Written by: Ada Ono, Senior Reporter", vec!["Ada Ono"]),
            ("Ada Ono | 3 March 2026", vec!["Ada Ono"]),
            ("By ADA ONO Published March", vec!["ADA ONO"]),
            ("Ono, Ada", vec!["Ada Ono"]),
            ("By Ada Ono, Associated Press", vec!["Ada Ono"]),
            ("Ada Ono, Cape Town", vec!["Ada Ono"]),
            ("Ada Ono, Ben Lund, Cy Dee", vec!["Ada Ono", "Ben Lund", "Cy Dee"]),
            ("Ada Ono; Ben Lund", vec!["Ada Ono", "Ben Lund"]),
            ("Jonathan Last", vec!["Jonathan Last"]),
            ("Jonathan Last Last Updated: 9 March", vec!["Jonathan Last"]),
            ("Ada Ono in Cape Town", vec!["Ada Ono"]),
            ("İnci Ono", vec!["İnci Ono"]),
            ("Von <a href='/a'>Ada Ono</a>", vec!["Ada Ono"]),
            ("Byron Lund", vec!["Byron Lund"]),
            ("Ada Ono June 12, 2026", vec!["Ada Ono"]),
            (". Ada Ono", vec!["Ada Ono"]),
        ] {
            assert_eq!(people(byline), expected, "{byline}");
        }
    }

    #[test]
    fn what_is_no_name_is_dropped() {
        for byline in [
            "",
            "https://n.example/authors/ada",
            "@ada",
            "Staff",
            "admin",
            "By",
            "12 March",
            "…",
            "ada.ono",
            "Written By:",
        ] {
            assert!(people(byline).is_empty(), "{byline}");
        }
        assert!(people(&"word ".repeat(100_000)).is_empty());
    }

    proptest! {
        #[test]
        fn names_are_trimmed(byline in "(\\PC|İ|[Bb]y ){0,80}") {
            for name in people(&byline) {
                prop_assert!(!name.is_empty());
                prop_assert_eq!(name.trim(), name.as_str());
            }
        }
    }
}
