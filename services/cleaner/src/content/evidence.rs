//! What speaks for and against a line being the article's: numbers, the same for every line of every page.

use std::{collections::HashMap, hash::BuildHasher};

use super::{containers::Containers, marks::Mark, measure::Measures};
use crate::{
    block::folded,
    cue::{self, Cue},
    html::Tag,
    lines::Lines,
};

/// Of the line itself.
const LINE: [&str; 13] = [
    "words",
    "density",
    "emphasis",
    "commas",
    "capital",
    "upper",
    "ends_sentence",
    "address",
    "element",
    "heading",
    "kind",
    "depth",
    "cue",
];
/// Of where it stands: prose and words before and behind it, and how far behind the headline.
const PLACE: [&str; 6] = [
    "prose_before",
    "prose_after",
    "words_before",
    "lines_since_headline",
    "words_since_headline",
    "prose_since_headline",
];
/// Of what else on the page says the same.
const REPEATED: [&str; 5] = ["times", "repeats", "again", "again_share", "of_title"];
/// Of the lines around it.
const AROUND: [&str; 6] = ["density_before", "density_after", "cue_before", "cue_after", "since_related", "since_end"];
/// Of the lines that look the same.
const PATTERN: [&str; 4] = ["alike", "alike_words", "alike_prose", "alike_mean"];
/// Of each of the [`LEVELS`] containers around it.
const CONTAINER: [&str; 8] = ["lines", "words", "density", "prose", "prose_share", "score", "twins", "prose_twins"];
const LEVELS: usize = 5;
/// Of where it stands to each of the [`LANDMARKS`].
const DISTANCE: [&str; 5] = ["lines", "up", "down", "share", "before"];
/// The container with the best score, the innermost with half and with four fifths of the prose, the headline's.
const LANDMARKS: [&str; 4] = ["best", "half", "most", "headline"];

/// How many numbers there are for a line.
pub(super) const WIDTH: usize = LINE.len()
    + PLACE.len()
    + REPEATED.len()
    + AROUND.len()
    + PATTERN.len()
    + LEVELS * CONTAINER.len()
    + LANDMARKS.len() * DISTANCE.len()
    + Mark::COUNT;

/// The name of each number.
#[cfg(any(test, feature = "training"))]
pub(super) fn names() -> Vec<String> {
    let own = |name: &&str| (*name).to_owned();
    let mut names: Vec<String> =
        LINE.iter().chain(&PLACE).chain(&REPEATED).chain(&AROUND).chain(&PATTERN).map(own).collect();
    names.extend((0..LEVELS).flat_map(|level| CONTAINER.map(|name| format!("up{level}_{name}"))));
    names.extend(LANDMARKS.iter().flat_map(|landmark| DISTANCE.map(|name| format!("{landmark}_{name}"))));
    names.extend(Mark::NAMES.iter().map(|name| format!("in_{name}")));
    names
}

/// "Not there" where a distance is asked for.
const NOWHERE: f32 = 99.0;

/// What all lines of a page are judged by.
pub(super) struct Evidence<'p> {
    lines: &'p Lines,
    measures: &'p Measures,
    containers: &'p Containers,
    cues: Vec<Option<Cue>>,
    /// How far back the last line is that heads or links other articles, and that ends articles.
    since_related: Vec<f32>,
    since_end: Vec<f32>,
    /// The line that is the headline.
    headline: Option<usize>,
    landmarks: [usize; LANDMARKS.len()],
    /// Of each container, the steps up and down to each of them.
    steps: [Vec<(u16, u16)>; LANDMARKS.len()],
    /// Of each line's pattern: how many lines have it, their words and their prose.
    patterns: HashMap<u64, [f32; 3], foldhash::fast::RandomState>,
    repeated: Vec<[f32; REPEATED.len()]>,
}

impl<'p> Evidence<'p> {
    pub(super) fn new(
        lines: &'p Lines,
        measures: &'p Measures,
        containers: &'p Containers,
        title: Option<&str>,
        headline: Option<usize>,
        hasher: &impl BuildHasher,
    ) -> Self {
        let cues: Vec<Option<Cue>> = lines.lines.iter().map(|line| cue::cue(lines.text(line))).collect();
        let landmarks = [
            containers.best(measures),
            containers.innermost_with(0.5, measures),
            containers.innermost_with(0.8, measures),
            headline.map_or(0, |line| containers.of_line[line]),
        ];
        let mut patterns: HashMap<u64, [f32; 3], foldhash::fast::RandomState> = HashMap::default();
        for (line, measure) in measures.of_line.iter().enumerate() {
            let pattern = patterns.entry(containers.pattern(line)).or_default();
            pattern[0] += 1.0;
            pattern[1] += measure.words;
            pattern[2] += measure.prose();
        }
        Self {
            since_related: since(&cues, |cue| matches!(cue, Cue::Related | Cue::ReadMore | Cue::Advertisement)),
            since_end: since(&cues, |cue| {
                matches!(cue, Cue::Comments | Cue::About | Cue::Newsletter | Cue::Copyright | Cue::Tags)
            }),
            repeated: repeated(lines, measures, title, hasher),
            lines,
            measures,
            containers,
            cues,
            headline,
            steps: landmarks.map(|landmark| containers.steps_to(landmark)),
            landmarks,
            patterns,
        }
    }

    /// The numbers of a line, in the order of [`names`].
    pub(super) fn of_line(&self, line: usize, row: &mut Vec<f32>) {
        row.clear();
        row.extend(self.itself(line));
        row.extend(self.place(line));
        row.extend(self.repeated[line]);
        row.extend(self.around(line));
        row.extend(self.pattern(line));
        self.levels(line, row);
        for (landmark, steps) in self.landmarks.iter().zip(&self.steps) {
            row.extend(self.distance(line, *landmark, steps[self.containers.of_line[line]]));
        }
        row.extend(self.containers.all[self.containers.of_line[line]].near.map(|steps| f32::from(steps.min(12))));
    }

    fn itself(&self, place: usize) -> [f32; LINE.len()] {
        let line = &self.lines.lines[place];
        let text = self.lines.text(line);
        let measure = &self.measures.of_line[place];
        let container = &self.containers.all[self.containers.of_line[place]];
        let (element, heading) = match container.tag {
            Tag::P => (1.0, 0.0),
            Tag::Div => (2.0, 0.0),
            Tag::H1 => (3.0, 1.0),
            Tag::H2 => (3.0, 2.0),
            Tag::H3 => (3.0, 3.0),
            Tag::H4 => (3.0, 4.0),
            Tag::H5 => (3.0, 5.0),
            Tag::H6 => (3.0, 6.0),
            _ => (0.0, 0.0),
        };
        let upper = if text.is_ascii() {
            text.bytes().filter(u8::is_ascii_uppercase).count()
        } else {
            text.chars().filter(|character| character.is_uppercase()).count()
        };
        [
            measure.words,
            measure.density,
            line.emphasized as f32 / line.len() as f32,
            memchr::memchr_iter(b',', text.as_bytes()).count() as f32,
            measure.capital,
            upper as f32 / text.len() as f32,
            flag(measure.ends_sentence),
            flag(["http", "www.", ".com"].iter().any(|part| text.contains(part))),
            element,
            heading,
            f32::from(line.kind as u8),
            f32::from(container.depth),
            cue_number(self.cues[place]),
        ]
    }

    fn place(&self, line: usize) -> [f32; PLACE.len()] {
        let end = self.measures.of_line.len();
        let (all, before, after) =
            (self.measures.total(), self.measures.sum(0..line), self.measures.sum(line + 1..end));
        let since = self.headline.map_or([-999.0, -9_999.0, -9_999.0], |headline| {
            let at = self.measures.sum(0..headline);
            [line as f32 - headline as f32, before.words - at.words, before.prose - at.prose]
        });
        [
            before.prose / all.prose.max(1.0),
            after.prose,
            before.words / all.words.max(1.0),
            since[0],
            since[1],
            since[2],
        ]
    }

    fn around(&self, line: usize) -> [f32; AROUND.len()] {
        let density = |line: Option<usize>| {
            line.and_then(|line| self.measures.of_line.get(line)).map_or(-1.0, |measure| measure.density)
        };
        let cue = |line: Option<usize>| cue_number(line.and_then(|line| self.cues.get(line).copied().flatten()));
        let (before, after) = (line.checked_sub(1), line.checked_add(1));
        [density(before), density(after), cue(before), cue(after), self.since_related[line], self.since_end[line]]
    }

    fn pattern(&self, line: usize) -> [f32; PATTERN.len()] {
        let all = self.measures.total();
        let [lines, words, prose] = self.patterns.get(&self.containers.pattern(line)).copied().unwrap_or_default();
        [lines, words / all.words.max(1.0), prose / all.prose.max(1.0), words / lines.max(1.0)]
    }

    fn levels(&self, line: usize, row: &mut Vec<f32>) {
        let all = self.measures.total();
        let best = self.containers.all[self.landmarks[0]].score.max(1.0);
        for container in self.containers.upwards(self.containers.of_line[line]).take(LEVELS) {
            let sum = self.measures.sum(container.lines.clone());
            row.extend::<[f32; CONTAINER.len()]>([
                container.lines.len() as f32,
                sum.words,
                sum.density(),
                sum.prose / sum.words.max(1.0),
                sum.prose / all.prose.max(1.0),
                container.score / best,
                container.twins.0 as f32,
                container.twins.1 as f32,
            ]);
        }
    }

    fn distance(&self, line: usize, landmark: usize, (up, down): (u16, u16)) -> [f32; DISTANCE.len()] {
        let all = self.measures.total();
        let lines = &self.containers.all[landmark].lines;
        let sum = self.measures.sum(lines.clone());
        let (away, before) = if line < lines.start {
            (-((lines.start - line) as f32), -1.0)
        } else if line >= lines.end {
            ((line - lines.end + 1) as f32, -1.0)
        } else {
            (0.0, self.measures.sum(lines.start..line).prose / sum.prose.max(1.0))
        };
        [away, f32::from(up), f32::from(down), sum.prose / all.prose.max(1.0), before]
    }
}

fn flag(is_so: bool) -> f32 {
    f32::from(u8::from(is_so))
}

fn cue_number(cue: Option<Cue>) -> f32 {
    cue.map_or(0.0, |cue| f32::from(cue as u8) + 1.0)
}

/// The line that is the page's headline: the first that an `h1` or else any element has as the title says it, else
/// the first `h1`.
pub(super) fn headline(lines: &Lines, containers: &Containers, title: Option<&str>) -> Option<usize> {
    let title = title.map(folded).filter(|title| !title.is_empty());
    let is_title = |line: usize| {
        let text = lines.text(&lines.lines[line]);
        title.as_ref().is_some_and(|title| text.len() < 2 * title.len() + 20 && folded(text) == *title)
    };
    let is_h1 = |line: &usize| containers.all[containers.of_line[*line]].tag == Tag::H1;
    let all = 0..lines.lines.len();
    let mut headings = all.clone().filter(is_h1);
    let first = headings.clone().next();
    headings.find(|line| is_title(*line)).or(first).or_else(|| all.clone().find(|line| is_title(*line)))
}

/// How many lines back the last one of a kind is.
fn since(cues: &[Option<Cue>], is_wanted: fn(Cue) -> bool) -> Vec<f32> {
    /// Further back it means nothing any more.
    const FARTHEST: f32 = 20.0;
    let mut last = NOWHERE;
    let step = |cue: &Option<Cue>| {
        let steps = if last <= FARTHEST { last } else { NOWHERE };
        last = if cue.is_some_and(is_wanted) { 1.0 } else { last + 1.0 };
        steps
    };
    cues.iter().map(step).collect()
}

/// What of each line stands on the page more than once: the whole line, runs of four words, words of the title.
fn repeated(
    lines: &Lines,
    measures: &Measures,
    title: Option<&str>,
    hasher: &impl BuildHasher,
) -> Vec<[f32; REPEATED.len()]> {
    /// Words in a run.
    const RUN: usize = 4;
    /// The runs of shorter lines are no sign of anything.
    const LEAST_WORDS: f32 = 6.0;
    let run_of = |words: &[u64]| words.iter().fold(0_u64, |run, word| run.rotate_left(13) ^ word);
    let mut runs: HashMap<u64, u32, foldhash::fast::RandomState> = HashMap::default();
    let mut texts: HashMap<&str, (u32, usize), foldhash::fast::RandomState> = HashMap::default();
    for (place, line) in lines.lines.iter().enumerate() {
        texts.entry(lines.text(line)).or_insert((0, place)).0 += 1;
        if measures.of_line[place].words >= LEAST_WORDS {
            for run in measures.words(place).windows(RUN) {
                *runs.entry(run_of(run)).or_default() += 1;
            }
        }
    }
    let title: Vec<u64> =
        title.unwrap_or_default().split_whitespace().take(40).map(|word| hasher.hash_one(word)).collect();
    let of_line = |(place, line)| {
        let words = measures.words(place);
        let (times, first) = texts.get(lines.text(line)).copied().unwrap_or((1, place));
        let again =
            words.windows(RUN).filter(|run| runs.get(&run_of(run)).is_some_and(|times| *times > 1)).count() as f32;
        let share = again / (words.len() + 1).saturating_sub(RUN).max(1) as f32;
        let shared = words.iter().filter(|word| title.contains(word)).count() as f32;
        [times as f32, flag(first < place), again, share, shared / title.len().max(1) as f32]
    };
    lines.lines.iter().enumerate().map(of_line).collect()
}
