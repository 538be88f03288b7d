//! The phrases and words of the data file, and how a phrase is found at either end of a line.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::Cue;
use crate::script::is_unspaced;

const DATA: &str = include_str!("../../data/line-cues.txt");

/// Where a phrase must stand for the line to be what it says, as the data file has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// It is the line.
    Whole,
    /// It is the line, or a mark such as a colon follows.
    Label,
    /// It is the line, or a mark follows and what is no sentence.
    Brief,
    /// It begins a line of few words that is no sentence.
    Head,
    /// It ends a line of few words that is no sentence.
    Tail,
    /// The line begins with it.
    Start,
    /// The line ends with it.
    End,
    /// A date or a time follows, or nothing.
    Dated,
    /// Names follow, or nothing.
    Named,
}

impl Place {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "whole" => Self::Whole,
            "label" => Self::Label,
            "brief" => Self::Brief,
            "head" => Self::Head,
            "tail" => Self::Tail,
            "start" => Self::Start,
            "end" => Self::End,
            "dated" => Self::Dated,
            "named" => Self::Named,
            _ => return None,
        })
    }
}

pub(super) struct Phrase {
    pub(super) cue: Cue,
    pub(super) place: Place,
    /// In lower case.
    pub(super) text: &'static str,
    pub(super) is_one_word: bool,
}

/// The phrases by the word that a line begins or ends with, the longest first.
pub(super) struct Phrases {
    at_start: HashMap<u64, Vec<Phrase>>,
    at_end: HashMap<u64, Vec<Phrase>>,
}

/// All phrases.
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases { at_start: HashMap::new(), at_end: HashMap::new() };
    for phrase in DATA.lines().filter_map(parse) {
        let (map, key) = match phrase.place {
            Place::End | Place::Tail => (&mut phrases.at_end, key(phrase.text.chars().rev())),
            _ => (&mut phrases.at_start, key(phrase.text.chars())),
        };
        map.entry(key).or_default().push(phrase);
    }
    for bucket in phrases.at_start.values_mut().chain(phrases.at_end.values_mut()) {
        bucket.sort_by_key(|phrase| std::cmp::Reverse(phrase.text.len()));
    }
    phrases
});

impl Phrases {
    /// The phrases that the text begins with, and what follows each. The text begins with a letter or digit.
    pub(super) fn before<'t>(&self, text: &'t str) -> impl Iterator<Item = (&Phrase, &'t str)> {
        let bucket = self.at_start.get(&key(text.chars())).into_iter().flatten();
        bucket.filter_map(|phrase| Some((phrase, text.get(taken(text.chars(), phrase.text.chars())?..)?)))
    }

    /// The phrases that the text ends with, and what stands before each. The text ends with a letter or digit.
    pub(super) fn after<'t>(&self, text: &'t str) -> impl Iterator<Item = (&Phrase, &'t str)> {
        let bucket = self.at_end.get(&key(text.chars().rev())).into_iter().flatten();
        bucket.filter_map(|phrase| {
            let taken = taken(text.chars().rev(), phrase.text.chars().rev())?;
            Some((phrase, text.get(..text.len() - taken)?))
        })
    }
}

/// A line of the data file: cue, place, phrase.
pub(super) fn parse(line: &'static str) -> Option<Phrase> {
    let mut parts = line.splitn(3, ' ');
    let (cue, place, text) = (parts.next()?, parts.next()?, parts.next()?);
    let is_one_word = !text.contains(' ');
    Some(Phrase { cue: Cue::named(cue)?, place: Place::named(place)?, text, is_one_word })
}

/// The words that help to tell dates and names.
pub(super) struct Words {
    /// What hours and days are called: "minutes".
    pub(super) units: HashSet<&'static str>,
    /// Words that say that these have passed: "ago".
    pub(super) gone: HashSet<&'static str>,
    /// Days of the week, of four letters or more.
    pub(super) weekdays: HashSet<&'static str>,
    /// Small words in and between names: "van".
    pub(super) particles: HashSet<&'static str>,
    /// Of these, those that part two people: "and".
    pub(super) joiners: HashSet<&'static str>,
    /// Words that the name of a person has not: "the", "family".
    pub(super) nameless: HashSet<&'static str>,
}

/// All words.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    const DATES: &str = include_str!("../../data/date-words.txt");
    /// Shorter words are abbreviations, which are parts of names as well: "Di", "Sun".
    const SHORTEST_WEEKDAY: usize = 4;
    let list = |data: &'static str, kind: &str| {
        let lines = data.lines().filter_map(|line| line.split_once(' ')).filter(|(first, _)| *first == kind);
        lines.flat_map(|(_, words)| words.split(' ')).collect::<HashSet<_>>()
    };
    let mut weekdays = list(DATES, "weekday");
    weekdays.retain(|word| word.chars().count() >= SHORTEST_WEEKDAY);
    let joiners = list(DATA, "joiner");
    let mut particles = list(DATA, "particle");
    particles.extend(&joiners);
    Words {
        units: list(DATA, "unit"),
        gone: list(DATA, "gone"),
        weekdays,
        particles,
        joiners,
        nameless: list(DATA, "nameless"),
    }
});

/// A hash (FNV-1a) of the first word, or of the first two letters where words are written without spaces.
fn key(characters: impl Iterator<Item = char>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut last = ' ';
    for (count, character) in characters.enumerate() {
        if !character.is_alphanumeric() || count == 2 && is_unspaced(last) {
            break;
        }
        last = character;
        hash = (hash ^ u64::from(lower(character))).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// The first character of the lower-case form, which is all of it but for a few letters.
pub(super) fn lower(character: char) -> char {
    if character.is_ascii() {
        character.to_ascii_lowercase()
    } else {
        character.to_lowercase().next().unwrap_or(character)
    }
}

/// How many bytes of the text the phrase takes, if the text begins with it and it ends with a word there.
///
/// Any run of marks and spaces equals any other.
fn taken(text: impl Iterator<Item = char>, phrase: impl Iterator<Item = char>) -> Option<usize> {
    let mut text = text.peekable();
    let (mut bytes, mut last) = (0, ' ');
    for expected in phrase {
        if expected.is_alphanumeric() {
            let character = text.next().filter(|character| lower(*character) == expected)?;
            bytes += character.len_utf8();
        } else if last.is_alphanumeric() {
            let before = bytes;
            while let Some(mark) = text.next_if(|character| !character.is_alphanumeric()) {
                bytes += mark.len_utf8();
            }
            if bytes == before {
                return None;
            }
        }
        last = expected;
    }
    let goes_on = text.peek().is_some_and(|next| next.is_alphanumeric()) && !is_unspaced(last);
    (!goes_on).then_some(bytes)
}
