//! The elements that lines stand in.

use std::{collections::HashMap, hash::BuildHasher, ops::Range};

use super::{
    marks::{self, Mark, Marks},
    measure::Measures,
};
use crate::{
    html::{Document, NodeRef, Tag},
    lines::Lines,
};

/// An element that lines stand in, directly or further down.
pub(super) struct Container {
    /// The container around it; the outermost is its own.
    pub(super) parent: usize,
    pub(super) depth: u16,
    pub(super) tag: Tag,
    /// Equal for elements of the same name and class.
    signature: u64,
    /// How far up the nearest element with each mark is: 0 for none, 1 for this one, ...
    pub(super) near: [u8; Mark::COUNT],
    /// The lines in it.
    pub(super) lines: Range<usize>,
    /// How much text speaks for it, as Readability counts.
    pub(super) score: f32,
    /// How many containers beside it, itself included, have its name and class, and how many of them hold prose.
    pub(super) twins: (u32, u32),
}

/// All of them, outer before inner.
pub(super) struct Containers {
    pub(super) all: Vec<Container>,
    /// The innermost container of each line.
    pub(super) of_line: Vec<usize>,
}

impl Containers {
    pub(super) fn new(document: &Document<'_>, lines: &Lines, hasher: &impl BuildHasher) -> Self {
        let mut found = Self { all: Vec::new(), of_line: Vec::with_capacity(lines.lines.len()) };
        let mut known: Vec<Option<u32>> = vec![None; document.len()];
        let mut unknown = Vec::new();
        for line in &lines.lines {
            let mut node = Some(document.node(line.element as usize));
            let mut container = None;
            while let Some(element) = node {
                container = known[element.id()];
                if container.is_some() {
                    break;
                }
                unknown.push(element);
                node = element.parent();
            }
            for element in unknown.drain(..).rev() {
                let place = found.all.len();
                found.add(element, container.map(|outer| outer as usize), hasher);
                known[element.id()] = Some(place as u32);
                container = Some(place as u32);
            }
            found.of_line.push(container.unwrap_or(0) as usize);
        }
        found
    }

    fn add(&mut self, element: NodeRef<'_, '_>, parent: Option<usize>, hasher: &impl BuildHasher) {
        let own: Marks = marks::of(element);
        let outer = parent.map(|parent| &self.all[parent]);
        let mut near = outer.map_or([0; Mark::COUNT], |outer| outer.near);
        for (place, steps) in near.iter_mut().enumerate() {
            *steps = if own.has_at(place) { 1 } else { steps.saturating_add(u8::from(*steps > 0)) };
        }
        let tag = element.tag().unwrap_or(Tag::Other);
        self.all.push(Container {
            parent: parent.unwrap_or(0),
            depth: outer.map_or(0, |outer| outer.depth + 1),
            tag,
            signature: hasher.hash_one((tag, element.raw_attribute("class").unwrap_or_default())),
            near,
            lines: 0..0,
            score: 0.0,
            twins: (0, 0),
        });
    }

    /// The nearest container with a mark that a line stands in.
    pub(super) fn marked(&self, line: usize, mark: Mark) -> Option<usize> {
        let place = self.of_line[line];
        let steps = self.all[place].near[mark as usize].checked_sub(1)?;
        self.places_upwards(place).nth(usize::from(steps))
    }

    /// Settles which lines each container holds, and what that says of it, once it is known which lines count.
    pub(super) fn settle(&mut self, lines: &Lines, measures: &Measures) {
        for (line, place) in self.of_line.iter().enumerate() {
            let container = &mut self.all[*place];
            let first = if container.lines.is_empty() { line } else { container.lines.start };
            container.lines = first..line + 1;
        }
        for place in (1..self.all.len()).rev() {
            let (parent, inner) = (self.all[place].parent, self.all[place].lines.clone());
            let outer = self.all[parent].lines.clone();
            if inner.is_empty() {
                continue;
            }
            self.all[parent].lines = match outer.len() {
                0 => inner,
                _ => outer.start.min(inner.start)..outer.end.max(inner.end),
            };
        }
        self.count_twins(measures);
        self.score(lines, measures);
    }

    fn count_twins(&mut self, measures: &Measures) {
        let mut twins: HashMap<(usize, u64), (u32, u32), foldhash::fast::RandomState> = HashMap::default();
        for container in self.all.iter().filter(|container| !container.lines.is_empty()) {
            let count = twins.entry((container.parent, container.signature)).or_default();
            count.0 += 1;
            count.1 += u32::from(measures.sum(container.lines.clone()).prose > 0.0);
        }
        for container in &mut self.all {
            container.twins = twins.get(&(container.parent, container.signature)).copied().unwrap_or_default();
        }
    }

    /// Scores containers for the prose in them, as Readability does: a point a line, one a comma, one for every
    /// hundred bytes up to three; half of it for the container around, then a third, ... of a half.
    fn score(&mut self, lines: &Lines, measures: &Measures) {
        const LEVELS: u8 = 5;
        for (place, line) in lines.lines.iter().enumerate().filter(|(place, _)| measures.of_line[*place].is_prose) {
            let commas = memchr::memchr_iter(b',', lines.text(line).as_bytes()).count();
            let score = 1.0 + commas as f32 + (line.len() as f32 / 100.0).min(3.0);
            let mut at = self.of_line[place];
            // A line that stands in a division without a paragraph of its own counts for the division.
            if !matches!(self.all[at].tag, Tag::Div | Tag::Section | Tag::Article | Tag::Td) {
                at = self.all[at].parent;
            }
            for level in 0..LEVELS {
                self.all[at].score += match level {
                    0 => score,
                    1 => score / 2.0,
                    _ => score / (3.0 * f32::from(level)),
                };
                if at == 0 {
                    break;
                }
                at = self.all[at].parent;
            }
        }
    }

    /// A container and those around it, the innermost first; the outermost again and again.
    pub(super) fn upwards(&self, from: usize) -> impl Iterator<Item = &Container> {
        self.places_upwards(from).map(|at| &self.all[at])
    }

    fn places_upwards(&self, from: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(from), |at| Some(self.all[*at].parent))
    }

    /// Of each container, whether it holds another one, or is it.
    pub(super) fn holding(&self, inner: usize) -> Vec<bool> {
        let mut holds = vec![false; self.all.len()];
        for place in self.places_upwards(inner) {
            if std::mem::replace(&mut holds[place], true) {
                break;
            }
        }
        holds
    }

    /// The container with the highest score, links counted against it.
    pub(super) fn best(&self, measures: &Measures) -> usize {
        let worth = |container: &Container| container.score * (1.0 - measures.sum(container.lines.clone()).density());
        let places = self.all.iter().map(worth).enumerate();
        places.max_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(place, _)| place)
    }

    /// The innermost container that holds at least a share of the page's prose.
    pub(super) fn innermost_with(&self, share: f32, measures: &Measures) -> usize {
        let least = share * measures.total().prose;
        let places = self.all.iter().enumerate();
        places
            .filter(|(_, container)| measures.sum(container.lines.clone()).prose >= least)
            .max_by_key(|(_, container)| container.depth)
            .map_or(0, |(place, _)| place)
    }

    /// Of each container, how many steps up and then down it takes to another one.
    pub(super) fn steps_to(&self, to: usize) -> Vec<(u16, u16)> {
        let holds = self.holding(to);
        let depth = self.all[to].depth;
        let mut steps: Vec<(u16, u16)> = Vec::with_capacity(self.all.len());
        for (place, container) in self.all.iter().enumerate() {
            steps.push(if holds[place] {
                (0, depth - container.depth)
            } else {
                let (up, down) = steps[container.parent];
                (up + 1, down)
            });
        }
        steps
    }

    /// Equal for lines whose elements, and the two around them, have the same names and classes.
    pub(super) fn pattern(&self, line: usize) -> u64 {
        let signatures = self.upwards(self.of_line[line]).take(3).map(|container| container.signature);
        signatures.enumerate().fold(0, |all, (level, signature)| all ^ signature.rotate_left(17 * level as u32))
    }
}
