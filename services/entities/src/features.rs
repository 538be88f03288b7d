//! What a word looks like to the fast model: the rows of its embedding table that stand for it.
//!
//! The table has no vocabulary: forms and affixes are hashed into their parts of it (spaCy's hash embeddings; Weinberger
//! et al., "Feature Hashing for Large Scale Multitask Learning", 2009). Training reads the same numbers, by the example
//! `features`.

use foldhash::{HashSet, HashSetExt};

use crate::{
    gazetteer::{Gazetteer, PlaceClass},
    words::{Case, Style, Word, Words, surface},
};

/// Rows for words in lower case; each word has two, so that hardly any two words share both.
const WORDS: u32 = 1 << 16;
/// Rows for beginnings and ends of words, of one to four letters.
const AFFIXES: u32 = 1 << 16;
/// Rows for the shapes of words: "Xx", "X.X.", "d,d".
const SHAPES: u32 = 1 << 10;
/// Rows for what the lists and the rest of the article say of a word.
const FLAGS: u32 = 64;

const AFFIX_BASE: u32 = WORDS;
const SHAPE_BASE: u32 = AFFIX_BASE + AFFIXES;
const FLAG_BASE: u32 = SHAPE_BASE + SHAPES;

/// The marks of the accurate model.
pub(crate) const MARKS: usize = 128;

/// The rows of the whole table.
pub(crate) const ROWS: u32 = FLAG_BASE + FLAGS;

/// The most words of a name in the gazetteer.
const LONGEST_NAME: usize = 6;

/// The rows of each word of a text.
pub(crate) struct Features {
    rows: Vec<u32>,
    /// For each word, one past its last row.
    ends: Vec<usize>,
}

impl Features {
    /// The rows of all words of a text.
    pub(crate) fn new(text: &str, words: &Words<'_>, gazetteer: &Gazetteer) -> Self {
        let listed = listed(text, &words.words, gazetteer);
        let article = Article::new(words);
        let mut features =
            Self { rows: Vec::with_capacity(words.words.len() * 16), ends: Vec::with_capacity(words.words.len()) };
        for (sentence, style) in &words.sentences {
            for at in sentence.clone() {
                features.push(&words.words[at], *style, &listed[at], &article);
            }
        }
        features
    }

    /// The rows of the word at `at`.
    pub(crate) fn of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[start..self.ends[at]]
    }

    /// What the accurate model is told of the word at `at`, by numbers below `MARKS`: the flags, and the shape by a hash.
    pub(crate) fn marks(&self, at: usize) -> impl Iterator<Item = usize> {
        let mark = |row: &u32| match row {
            FLAG_BASE.. => Some(row - FLAG_BASE),
            SHAPE_BASE.. => Some(FLAGS + (row - SHAPE_BASE) % (MARKS as u32 - FLAGS)),
            _ => None,
        };
        self.of(at).iter().filter_map(mark).map(|mark| mark as usize)
    }

    fn push(&mut self, word: &Word<'_>, style: Style, listed: &[u8], article: &Article<'_>) {
        of_form(word, &mut self.rows);
        let flags = &mut self.rows;
        for bit in 0..10 {
            if word.class.bit(bit) {
                flags.push(FLAG_BASE + bit);
            }
        }
        flags.push(FLAG_BASE + 10 + word.case as u32);
        let mut flag = |number: u32, holds: bool| {
            if holds {
                flags.push(FLAG_BASE + number);
            }
        };
        flag(14, word.initial);
        flag(15, style == Style::Heading);
        if word.is_capital() {
            flag(16, article.lower.contains(&*word.lower));
            flag(17, article.capital.contains(word.text));
        }
        for list in listed {
            flags.push(FLAG_BASE + 20 + u32::from(*list));
        }
        self.ends.push(self.rows.len());
    }
}

/// The rows for a word's letters.
fn of_form(word: &Word<'_>, rows: &mut Vec<u32>) {
    let lower = word.lower.as_bytes();
    let whole = hash(1, lower);
    rows.push(low(whole) % WORDS);
    rows.push(high(whole) % WORDS);
    if word.text.starts_with(char::is_alphabetic) {
        let ends = word.lower.char_indices().map(|(at, _)| at).chain([word.lower.len()]);
        for (kind, end) in (2..).zip(ends.skip(1).take(4)) {
            rows.push(AFFIX_BASE + low(hash(kind, &lower[..end])) % AFFIXES);
        }
        let starts = word.lower.char_indices().rev().map(|(at, _)| at);
        for (kind, start) in (6..).zip(starts.take(4)) {
            rows.push(AFFIX_BASE + low(hash(kind, &lower[start..])) % AFFIXES);
        }
    }
    rows.push(SHAPE_BASE + low(shape(word.text)) % SHAPES);
}

/// The hash of a word's shape: kinds of characters in order, the same kind in a row once.
fn shape(text: &str) -> u64 {
    let mut hash = OFFSET;
    let mut last = 0;
    for character in text.chars() {
        let kind = match character {
            _ if character.is_uppercase() => b'X',
            _ if character.is_alphabetic() => b'x',
            _ if character.is_numeric() => b'd',
            _ if character.is_ascii() => character as u8,
            _ => b'?',
        };
        if kind != last {
            hash = step(hash, kind);
        }
        last = kind;
    }
    hash
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a (draft-eastlake-fnv), which is the same on every machine for ever, as trained weights ask.
fn hash(kind: u8, bytes: &[u8]) -> u64 {
    bytes.iter().fold(step(OFFSET, kind), |hash, byte| step(hash, *byte))
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// The low half, with the high bits, which are mixed best, folded in.
fn low(hash: u64) -> u32 {
    ((hash ^ (hash >> 29)) & 0xffff_ffff) as u32
}

fn high(hash: u64) -> u32 {
    (hash >> 37) as u32
}

/// What the article says of a word elsewhere.
struct Article<'w> {
    /// Words in lower case.
    lower: HashSet<&'w str>,
    /// Words with a capital where no sentence asks for it.
    capital: HashSet<&'w str>,
}

impl<'w> Article<'w> {
    fn new(words: &'w Words<'_>) -> Self {
        let mut article = Self { lower: HashSet::new(), capital: HashSet::new() };
        for (sentence, style) in &words.sentences {
            for word in &words.words[sentence.clone()] {
                if word.case == Case::Lower {
                    article.lower.insert(word.text);
                } else if word.case == Case::Capital && !word.initial && *style == Style::Running {
                    article.capital.insert(word.text);
                }
            }
        }
        article
    }
}

/// For each word, the lists that have a name which it is part of: the longest from each word on.
fn listed(text: &str, words: &[Word<'_>], gazetteer: &Gazetteer) -> Vec<Vec<u8>> {
    let mut listed = vec![Vec::new(); words.len()];
    for at in 0..words.len() {
        if !words[at].is_capital() {
            continue;
        }
        let longest = (at + 1..=words.len().min(at + LONGEST_NAME)).rev();
        let mut open = [true; 3];
        for end in longest.filter(|end| words[end - 1].is_capital()) {
            let name = surface(text, words, &(at..end));
            if name.len() > 60 {
                continue;
            }
            let place = gazetteer.places(name).next().map(|place| match (place.class, place.population) {
                (PlaceClass::Country, _) => 0,
                (PlaceClass::Division, _) => 1,
                (PlaceClass::City, Some(300_000..)) => 2,
                (PlaceClass::City, _) => 3,
            });
            let found = [place, gazetteer.is_region(name).then_some(4), gazetteer.is_organization(name).then_some(5)];
            for (open, list) in open.iter_mut().zip(found) {
                let Some(list) = list.filter(|_| *open) else { continue };
                *open = false;
                for (inside, lists) in listed[at..end].iter_mut().enumerate() {
                    // The first, a later one, the only one.
                    let part = if end == at + 1 { 0 } else { 1 + u8::from(inside > 0) };
                    let flag = list * 3 + part;
                    if !lists.contains(&flag) {
                        lists.push(flag);
                    }
                }
            }
        }
    }
    listed
}
