//! Which lines of a page are its article.
//!
//! 1. What is surely no article is set aside: menus, footers, comments, what is not shown (unless hardly anything else
//!    would be left).
//! 2. Every line that remains is described by numbers: its length and links, the containers that it stands in and how
//!    much prose they hold (scored as Readability does), where it stands to the headline and to the best container,
//!    what its classes say, what its words say (`cue`), and what repeats on the page (`evidence`).
//! 3. A forest of small decision trees weighs them, line by line (`forest`). So a body that is spread over several
//!    containers is found as well as one in a single container, and a promotion inside it goes.

mod containers;
mod evidence;
mod forest;
mod marks;
mod measure;

use std::collections::HashSet;

use crate::{
    block::Block,
    html::Document,
    lines::{self, Line, Lines},
};
use containers::Containers;
use evidence::Evidence;
use marks::Mark;
use measure::Measures;

/// The article's blocks; none where the page has none. `title` is the page's headline, if it is known.
pub(crate) fn main_content(page: &Document<'_>, title: Option<&str>) -> Vec<Block> {
    let mut lines = lines::lines(page.root());
    let mut likelihoods = Vec::new();
    weigh(page, &mut lines, title, |row| likelihoods.push(forest::forest().likelihood(row)));
    let mut seen = HashSet::new();
    let mut is_kept = |(line, likelihood): &(&Line, f32)| {
        let text = lines.text(line);
        // Some pages have their text twice, for two widths of the screen.
        *likelihood >= LEAST && (text.split_whitespace().nth(REPEATED_FROM - 1).is_none() || seen.insert(text))
    };
    let kept: Vec<Line> =
        lines.lines.iter().zip(likelihoods).filter(|line| is_kept(line)).map(|(line, _)| *line).collect();
    lines.blocks(&kept)
}

/// A line is the article's from this likelihood on.
const LEAST: f32 = 0.5;
/// Nobody says so many words again as they are, so that a line is kept once.
const REPEATED_FROM: usize = 10;

/// Hands out the evidence on each line that may be the article's, in order; the other lines are dropped.
fn weigh(page: &Document<'_>, lines: &mut Lines, title: Option<&str>, mut take: impl FnMut(&[f32])) {
    // Which words are equal does not depend on the numbers that they get.
    let hasher = foldhash::fast::RandomState::default();
    let mut containers = Containers::new(page, lines, &hasher);
    let mut measures = Measures::new(lines, &hasher);
    set_aside(lines, &mut containers, &mut measures);
    containers.settle(lines, &measures);
    let evidence = Evidence::new(lines, &measures, &containers, title, &hasher);
    let mut row = Vec::with_capacity(evidence::WIDTH);
    for line in 0..lines.lines.len() {
        evidence.of_line(line, &mut row);
        take(&row);
    }
}

/// Drops the lines in parts of the page that hold no article, each kind of part only where enough prose is left: a
/// share of what there was, and so many words at least.
fn set_aside(lines: &mut Lines, containers: &mut Containers, measures: &mut Measures) {
    // Comments may well be longer than the article. Some pages are hidden until a script shows them.
    const PARTS: [(Mark, f32); 3] = [(Mark::Frame, 0.3), (Mark::Comment, 0.04), (Mark::Hidden, 0.2)];
    const LEAST_WORDS: f32 = 60.0;
    let total = measures.total().prose;
    let mut stays = vec![true; lines.lines.len()];
    for (mark, share) in PARTS {
        let narrower: Vec<bool> =
            stays.iter().enumerate().map(|(line, stays)| *stays && !containers.is_in(line, mark)).collect();
        let left: f32 = measures.of_line.iter().zip(&narrower).filter(|line| *line.1).map(|line| line.0.prose()).sum();
        if left >= share * total && (left >= LEAST_WORDS || left >= total) {
            stays = narrower;
        }
    }
    measures.retain(&stays);
    let mut stay = stays.iter();
    lines.lines.retain(|_| stay.next().is_some_and(|stays| *stays));
    let mut stay = stays.iter();
    containers.of_line.retain(|_| stay.next().is_some_and(|stays| *stays));
}

/// The names of the numbers, the texts of the lines, and the numbers of each line.
#[cfg(feature = "training")]
pub(crate) type Rows = (Vec<String>, Vec<String>, Vec<Vec<f32>>);

/// The lines of a page and the evidence on each, for growing the forest.
#[cfg(feature = "training")]
pub(crate) fn evidence_on(page: &Document<'_>, title: Option<&str>) -> Rows {
    let mut lines = lines::lines(page.root());
    let mut rows = Vec::new();
    weigh(page, &mut lines, title, |row| rows.push(row.to_vec()));
    let texts = lines.lines.iter().map(|line| lines.text(line).to_owned()).collect();
    (evidence::names(), texts, rows)
}
