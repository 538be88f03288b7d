//! What is counted of each line, and of any run of lines.

use std::{hash::BuildHasher, ops::Range};

use crate::{
    lines::{Line, Lines},
    script::{SENTENCE_ENDS, is_unspaced},
};

/// What is counted of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    /// Its words; in scripts without spaces, two characters count for one.
    pub(super) words: f32,
    /// How much of it is text of links, from 0 to 1.
    pub(super) density: f32,
    /// Whether it reads like a sentence or more.
    pub(super) is_prose: bool,
    /// How many of its words begin with a capital, from 0 to 1.
    pub(super) capital: f32,
    /// Whether it ends as a sentence does.
    pub(super) ends_sentence: bool,
}

/// A line with fewer words is no prose.
const LEAST_PROSE: f32 = 10.0;
/// A line with more words is prose however it ends.
const LONG: f32 = 25.0;
/// What may stand behind the end of a sentence. Which quotation marks close differs from language to language.
const CLOSING: [char; 19] =
    ['"', '\'', '“', '”', '„', '‘', '’', '«', '»', '‹', '›', '」', '』', '）', ')', ']', '*', '†', '\u{200f}'];
/// Words of a line behind this one are not compared with other lines.
const COMPARED: usize = 40;

/// The lines' measures, and their words as numbers: equal words have equal numbers.
#[derive(Default)]
pub(super) struct Measures {
    pub(super) of_line: Vec<Measure>,
    words: Vec<u64>,
    /// Where each line's words stand.
    words_of: Vec<Range<usize>>,
    /// The sums over all lines before each one, and over all.
    sums: Vec<Sum>,
}

/// The sum of a run of lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) words: f32,
    /// Words of links.
    pub(super) linked: f32,
    /// Words in lines of prose.
    pub(super) prose: f32,
}

impl Sum {
    /// How much of it is text of links, from 0 to 1.
    pub(super) fn density(self) -> f32 {
        self.linked / self.words.max(1.0)
    }

    fn plus(self, measure: &Measure) -> Self {
        Self {
            words: self.words + measure.words,
            linked: self.linked + measure.words * measure.density,
            prose: self.prose + measure.prose(),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self { words: self.words - other.words, linked: self.linked - other.linked, prose: self.prose - other.prose }
    }
}

impl Measure {
    /// Its words if it is prose.
    pub(super) const fn prose(&self) -> f32 {
        if self.is_prose { self.words } else { 0.0 }
    }
}

impl Measures {
    pub(super) fn new(lines: &Lines, hasher: &impl BuildHasher) -> Self {
        let mut all = Self::default();
        for line in &lines.lines {
            let start = all.words.len();
            let measure = measure(lines.text(line), line, |word| all.words.push(hasher.hash_one(word)));
            all.words_of.push(start..all.words.len());
            all.of_line.push(measure);
        }
        all.add_up();
        all
    }

    /// Drops the lines that do not stay.
    pub(super) fn retain(&mut self, stays: &[bool]) {
        retain(&mut self.of_line, stays);
        retain(&mut self.words_of, stays);
        self.add_up();
    }

    fn add_up(&mut self) {
        let mut sum = Sum::default();
        self.sums.clear();
        self.sums.push(sum);
        for measure in &self.of_line {
            sum = sum.plus(measure);
            self.sums.push(sum);
        }
    }

    /// The first words of a line as numbers.
    pub(super) fn words(&self, line: usize) -> &[u64] {
        &self.words[self.words_of[line].clone()]
    }

    /// The sum of all lines.
    pub(super) fn total(&self) -> Sum {
        self.sums.last().copied().unwrap_or_default()
    }

    /// The sum of a run of lines.
    pub(super) fn sum(&self, lines: Range<usize>) -> Sum {
        self.sums[lines.end].minus(self.sums[lines.start])
    }
}

/// Drops the items of lines that do not stay.
pub(super) fn retain<T>(items: &mut Vec<T>, stays: &[bool]) {
    let mut stay = stays.iter();
    items.retain(|_| stay.next().is_some_and(|stays| *stays));
}

fn measure<'t>(text: &'t str, line: &Line, mut compared: impl FnMut(&'t str)) -> Measure {
    let (mut words, mut capital) = (0, 0);
    for word in text.split_whitespace() {
        if words < COMPARED {
            compared(word);
        }
        capital += usize::from(word.starts_with(char::is_uppercase));
        words += 1;
    }
    let spaced = words as f32;
    let words = if text.is_ascii() {
        spaced
    } else {
        spaced.max(text.chars().filter(|character| is_unspaced(*character)).count() as f32 / 2.0)
    };
    let density = line.linked as f32 / line.len() as f32;
    let ended = text.trim_end_matches(CLOSING);
    let ends_sentence = ended.ends_with(SENTENCE_ENDS);
    let reads_like_prose = ends_sentence || ended.ends_with(':') || words > LONG || text.contains(". ");
    Measure {
        words,
        density,
        is_prose: words >= LEAST_PROSE && density < 0.5 && reads_like_prose,
        capital: capital as f32 / spaced.max(1.0),
        ends_sentence,
    }
}
