//! Decision trees that add up to how likely a line is the article's.
//!
//! They are grown by gradient boosting (Friedman 2001, "Greedy function approximation"), on pages whose article is
//! known: `training/article-lines` in the repository has the program and says on which pages.

use std::sync::LazyLock;

/// The trees, or what is wrong with their file.
static FOREST: LazyLock<Forest> = LazyLock::new(|| Forest::read(include_str!("../../data/article-lines.txt")));

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Which number decides, or [`LEAF`].
    feature: u32,
    /// Up to here the first child follows, beyond it the second; at a leaf, what the tree says.
    value: f32,
    /// The first child; the second stands behind it.
    child: u32,
}

const LEAF: u32 = u32::MAX;

/// Trees, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    roots: Vec<u32>,
    /// The numbers that it asks for, in order.
    names: Vec<&'static str>,
}

/// The forest of this program.
pub(super) fn forest() -> &'static Forest {
    &FOREST
}

impl Forest {
    /// Reads the forest's file: lines of names after `evidence`, and after `tree` the nodes from the root on, each
    /// either `feature:threshold:child` or `=value`, the second child behind the first. A line that cannot be read counts for nothing.
    fn read(text: &'static str) -> Self {
        let mut forest = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(' ') {
                Some(("evidence", names)) => forest.names.extend(names.split(' ')),
                Some(("tree", nodes)) => {
                    let first = forest.nodes.len() as u32;
                    let read: Option<Vec<Node>> = nodes.split(' ').map(|node| read_node(node, first)).collect();
                    if let Some(read) = read {
                        let end = first + read.len() as u32;
                        let width = forest.names.len() as u32;
                        // Children stand behind their parent, so that every walk ends.
                        let is_sound = |(place, node): (u32, &Node)| {
                            node.feature == LEAF
                                || (node.feature < width && node.child > place && node.child < end.saturating_sub(1))
                        };
                        if (first..).zip(&read).all(is_sound) {
                            forest.nodes.extend(read);
                            forest.roots.push(first);
                        }
                    }
                }
                _ => {}
            }
        }
        forest
    }

    /// How likely the line is that a row of numbers describes, from 0 to 1.
    pub(super) fn likelihood(&self, row: &[f32]) -> f32 {
        let sum: f32 = self.roots.iter().map(|root| self.leaf(*root, row)).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    fn leaf(&self, root: u32, row: &[f32]) -> f32 {
        let mut node = &self.nodes[root as usize];
        while node.feature != LEAF {
            // Which way a line goes cannot be foreseen: so the step is computed, not branched to.
            let step = u32::from(row[node.feature as usize] > node.value);
            node = &self.nodes[(node.child + step) as usize];
        }
        node.value
    }
}

/// A node whose children are numbered from its tree's first on.
fn read_node(text: &str, first: u32) -> Option<Node> {
    if let Some(value) = text.strip_prefix('=') {
        return Some(Node { feature: LEAF, value: value.parse().ok()?, child: 0 });
    }
    let mut parts = text.split(':');
    Some(Node {
        feature: parts.next()?.parse().ok()?,
        value: parts.next()?.parse().ok()?,
        child: first.checked_add(parts.next()?.parse().ok()?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::evidence;

    #[test]
    fn the_file_asks_for_the_evidence_that_there_is() {
        let names = evidence::names();
        assert_eq!(names.len(), evidence::WIDTH);
        assert_eq!(forest().names, names);
        let trees =
            include_str!("../../data/article-lines.txt").lines().filter(|line| line.starts_with("tree ")).count();
        assert!(trees > 10);
        assert_eq!(forest().roots.len(), trees);
    }

    #[test]
    fn trees_add_up() {
        let forest = Forest::read("evidence a b\ntree 0:1.5:1 =-1 1:0:3 =0.5 =2\ntree =1");
        assert_eq!(forest.roots.len(), 2);
        let odds = |row: [f32; 2]| {
            let likelihood = forest.likelihood(&row);
            (likelihood / (1.0 - likelihood)).ln()
        };
        for (row, expected) in [([1.5, 9.0], 0.0), ([2.0, 0.0], 1.5), ([2.0, 0.1], 3.0)] {
            assert!((odds(row) - expected).abs() < 1e-4, "{row:?}");
        }
    }

    #[test]
    fn trees_that_would_not_end_are_left_out() {
        for tree in ["0:1:0 =1 =1", "0:1:1 =1", "7:1:1 =1 =1", "0:1:1 =1 0:1:1", "0:1:4294967295 =1 =1", "x"] {
            assert!(
                Forest::read(Box::leak(format!("evidence a\ntree {tree}").into_boxed_str())).roots.is_empty(),
                "{tree}"
            );
        }
    }
}
