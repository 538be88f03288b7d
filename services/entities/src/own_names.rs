//! The user's own gazetteer: names with a kind and an id, one a line.

use std::ops::Range;

use foldhash::HashMap;

use tallywire_proto::EntityKind;
use thiserror::Error;

use crate::{
    lexicon::Lexicon,
    words::{Word, Words},
};

/// The most lines of a file, comments included.
pub(crate) const MOST_LINES: usize = 100_000;
/// The most words of a name.
pub(crate) const MOST_WORDS: usize = 10;
/// The longest line, in bytes.
pub(crate) const LONGEST_LINE: usize = 1_000;

/// Why a gazetteer file cannot be used.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum OwnNamesError {
    /// It has too many lines.
    #[error("line {}: the file has more than {MOST_LINES} lines; split it or leave names out", MOST_LINES + 1)]
    TooManyLines,
    /// A line is too long.
    #[error("line {0}: longer than {LONGEST_LINE} bytes; write name, kind and id, separated by tabs")]
    LineTooLong(usize),
    /// A line has no kind, or more than three columns.
    #[error("line {0}: write a name, a tab, a kind and, if wanted, a tab and an id")]
    Columns(usize),
    /// The kind is none.
    #[error("line {line}: the kind '{kind}' is unknown; write person, organization or place")]
    Kind {
        /// The line.
        line: usize,
        /// What stands there.
        kind: String,
    },
    /// A name has too many words, or none.
    #[error("line {0}: the name has no word, or more than {MOST_WORDS}; shorten it")]
    Name(usize),
}

/// The names of a user's file. A name is found as it is written there; letters' case counts.
#[derive(Clone, Debug, Default)]
pub struct OwnNames {
    /// A number for each word of the names.
    words: HashMap<Box<str>, usize>,
    /// From the beginning of a name and its next word to the longer beginning.
    longer: HashMap<(usize, usize), usize>,
    /// For each beginning, its kind and id where it is a whole name; the first is empty.
    names: Vec<Option<Own>>,
}

/// Kind and id of a name.
type Own = (EntityKind, Option<Box<str>>);

impl OwnNames {
    /// Reads a file of lines `name<TAB>kind<TAB>id`; the id may be left out, and lines may be empty or begin with `#`.
    ///
    /// Of two lines with the same name, the later one holds.
    ///
    /// # Errors
    /// When a line is none of these, or there are too many; the error names the line and what to do.
    pub fn parse(file: &str) -> Result<Self, OwnNamesError> {
        let lexicon = Lexicon::new();
        let mut names = Self { names: vec![None], ..Self::default() };
        for (line, text) in file.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line + 1;
            if line > MOST_LINES {
                return Err(OwnNamesError::TooManyLines);
            }
            if text.len() > LONGEST_LINE {
                return Err(OwnNamesError::LineTooLong(line));
            }
            if !text.trim().is_empty() && !text.starts_with('#') {
                names.add(line, text, &lexicon)?;
            }
        }
        Ok(names)
    }

    fn add(&mut self, line: usize, text: &str, lexicon: &Lexicon) -> Result<(), OwnNamesError> {
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        let (name, kind, id) = match columns[..] {
            [name, kind] => (name, kind, ""),
            [name, kind, id] => (name, kind, id),
            _ => return Err(OwnNamesError::Columns(line)),
        };
        let kind = match kind {
            "person" => EntityKind::Person,
            "organization" => EntityKind::Organization,
            "place" => EntityKind::Place,
            _ => return Err(OwnNamesError::Kind { line, kind: kind.to_owned() }),
        };
        let words = Words::new(name, lexicon).words;
        if words.is_empty() || words.len() > MOST_WORDS {
            return Err(OwnNamesError::Name(line));
        }
        let mut beginning = 0;
        for word in words {
            let fresh = self.words.len();
            let word = *self.words.entry(word.text.into()).or_insert(fresh);
            let fresh = self.names.len();
            beginning = *self.longer.entry((beginning, word)).or_insert(fresh);
            if beginning == fresh {
                self.names.push(None);
            }
        }
        if let Some(name) = self.names.get_mut(beginning) {
            *name = Some((kind, Some(id).filter(|id| !id.is_empty()).map(Into::into)));
        }
        Ok(())
    }

    /// The names in a text, the longest at each spot, with their kinds and ids; none overlaps another.
    pub(crate) fn matches(&self, words: &[Word<'_>]) -> Vec<(Range<usize>, EntityKind, Option<&str>)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.longest(words, at) {
                Some((end, (kind, id))) => {
                    found.push((at..end, *kind, id.as_deref()));
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The end of the longest name that begins at a word.
    fn longest(&self, words: &[Word<'_>], at: usize) -> Option<(usize, &Own)> {
        let mut beginning = 0;
        let mut longest = None;
        for (place, word) in words.iter().enumerate().skip(at).take(MOST_WORDS) {
            let next = self.words.get(word.text).and_then(|word| self.longer.get(&(beginning, *word)));
            let Some(next) = next else { break };
            beginning = *next;
            if let Some(own) = self.names.get(beginning).and_then(Option::as_ref) {
                longest = Some((place + 1, own));
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> Vec<(String, EntityKind, Option<String>)> {
        let names = OwnNames::parse(file).unwrap();
        let words = Words::new(text, &Lexicon::new()).words;
        let matches = names.matches(&words).into_iter();
        matches
            .map(|(range, kind, id)| {
                let name = words[range].iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
                (name, kind, id.map(str::to_owned))
            })
            .collect()
    }

    #[test]
    fn the_longest_name_is_found_with_kind_and_id() {
        let file = "# ours\nLake\tplace\nLake Farm Union\torganization\tQ42\n\nMarta Lind\tperson\tcrm-7\n";
        let of = |name: &str, kind, id: Option<&str>| (name.to_owned(), kind, id.map(str::to_owned));
        assert_eq!(
            found(file, "At the Lake, Marta Lind's Lake Farm Union met. Lake Farm grew."),
            [
                of("Lake", EntityKind::Place, None),
                of("Marta Lind", EntityKind::Person, Some("crm-7")),
                of("Lake Farm Union", EntityKind::Organization, Some("Q42")),
                of("Lake", EntityKind::Place, None),
            ]
        );
    }

    #[test]
    fn compound_words_are_matched_whole() {
        assert_eq!(found("Acme-Nord\torganization", "Acme-Nord sued Acme.").len(), 1);
        assert!(found("Acme\torganization", "acme rose.").is_empty());
    }

    #[test]
    fn errors_name_the_line() {
        let error = |file: &str| OwnNames::parse(file).unwrap_err();
        assert_eq!(error("# a\nLake Farm"), OwnNamesError::Columns(2));
        assert_eq!(error("Lake\triver"), OwnNamesError::Kind { line: 1, kind: "river".to_owned() });
        assert_eq!(error("\tplace"), OwnNamesError::Name(1));
        assert_eq!(error(&format!("{}\tplace", "a ".repeat(11))), OwnNamesError::Name(1));
        assert_eq!(error(&"a".repeat(2_000)), OwnNamesError::LineTooLong(1));
        assert_eq!(error(&"\n".repeat(MOST_LINES + 1)), OwnNamesError::TooManyLines);
        assert!(error("Lake").to_string().starts_with("line 1: "));
    }

    #[test]
    fn names_of_one_beginning_take_linear_time() {
        let name = "a ".repeat(MOST_WORDS - 1);
        assert!(found(&format!("{name}b\tplace"), &"a ".repeat(100_000)).is_empty());
    }
}
