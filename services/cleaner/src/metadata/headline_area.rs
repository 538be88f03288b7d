//! What stands around the headline without saying what it is: "By Ada Ono", "9 March 2026".

use std::{borrow::Cow, cell::OnceCell, ops::Range};

use super::{
    marks::{self, Marks},
    sources::Marked,
    title::without_last_part,
};
use crate::{
    block::folded,
    html::{self, Document, NodeRef, Tag},
    plain,
};

/// Pieces of text before and behind the headline that are looked at.
const BEFORE: usize = 12;
const BEHIND: usize = 40;
/// Nodes before and behind the headline that are looked at.
const MAX_NODES: usize = 2_000;
/// Pieces of text longer than this are the article's.
const LONGEST: usize = 80;
/// Boxes that are looked at.
const MAX_ASIDES: usize = 100;
/// Behind so many of them the article has begun: the first may be its summary.
const MAX_LONG: usize = 3;

/// The surroundings of a headline.
pub(super) struct HeadlineArea<'d, 'h> {
    page: &'d Document<'h>,
    /// The element with the headline.
    pub(super) heading: Option<NodeRef<'d, 'h>>,
    /// The boxes near it that are not about the article.
    asides: Vec<Range<usize>>,
    pieces: OnceCell<Vec<Piece<'h>>>,
}

impl<'d, 'h> HeadlineArea<'d, 'h> {
    /// The surroundings of the element with the headline; without one, of the text that says the same, if that is
    /// anywhere.
    ///
    /// What stands in one of the `asides` does not belong to it.
    pub(super) fn new(
        page: &'d Document<'h>,
        heading: Option<NodeRef<'d, 'h>>,
        headline: Option<&str>,
        asides: &[Range<usize>],
    ) -> Self {
        let heading = heading.or_else(|| headline.and_then(|headline| text_like(page, headline)));
        let is_near = |aside: &&Range<usize>| {
            heading.is_some_and(|heading| {
                let id = heading.id();
                !aside.contains(&id) && aside.start < id + 2 * MAX_NODES && aside.end + MAX_NODES > id
            })
        };
        let asides = asides.iter().filter(is_near).take(MAX_ASIDES).cloned().collect();
        Self { page, heading, asides, pieces: OnceCell::new() }
    }

    /// Whether an element stands in a box that is not about the article: one that does not hold the headline too.
    pub(super) fn is_elsewhere(&self, marked: &Marked<'_, '_>) -> bool {
        marked.aside.is_some_and(|aside| !self.heading.is_some_and(|heading| aside.inside().contains(&heading.id())))
    }

    /// How far a node is from the headline, what stands before it counting thrice.
    pub(super) fn distance(&self, node: NodeRef<'_, '_>) -> usize {
        let Some(heading) = self.heading else { return node.id() };
        let end = heading.inside().end;
        if node.id() >= heading.id() { node.id().saturating_sub(end) } else { 3 * (heading.id() - node.id()) }
    }

    /// The short pieces of text around the headline, those behind it first, in the order of their distance; none
    /// without a headline.
    pub(super) fn pieces(&self) -> &[Piece<'h>] {
        self.pieces.get_or_init(|| {
            let Some(heading) = self.heading else { return Vec::new() };
            let end = heading.inside().end;
            let behind = (end..self.page.len().min(end + MAX_NODES)).map(|id| self.page.node(id));
            let before = (heading.id().saturating_sub(MAX_NODES)..heading.id()).rev().map(|id| self.page.node(id));
            let mut long = 0;
            let piece = |node: NodeRef<'_, 'h>| {
                let is_elsewhere = self.asides.iter().any(|aside| aside.contains(&node.id()));
                piece(node).filter(|_| !is_elsewhere)
            };
            let behind = behind.filter_map(piece).take(BEHIND).map_while(|piece| {
                long += usize::from(piece.text.len() > LONGEST);
                (long < MAX_LONG).then_some(Piece { is_early: long == 0, ..piece })
            });
            let before = before.filter_map(piece).take(BEFORE).take_while(|piece| piece.text.len() <= LONGEST);
            behind.chain(before).filter(|piece| piece.text.len() <= LONGEST).collect()
        })
    }
}

impl<'h> HeadlineArea<'_, 'h> {
    /// The short pieces of text in an element, of no more than so many nodes.
    pub(super) fn pieces_in(element: NodeRef<'_, 'h>, most: usize) -> Vec<Piece<'h>> {
        element.descendants().take(most).filter_map(piece).filter(|piece| piece.text.len() <= LONGEST).collect()
    }
}

/// The first text on a page that says what the headline says, with what stands behind its last separator or without.
fn text_like<'d, 'h>(page: &'d Document<'h>, headline: &str) -> Option<NodeRef<'d, 'h>> {
    let part = without_last_part(headline).unwrap_or(headline);
    let wanted = [folded(headline), folded(part)];
    // Character references and white space take more room, but hardly twice as much.
    let lengths = wanted[1].len().max(1)..=headline.len().saturating_mul(2);
    let is_as_long =
        |node: &NodeRef<'_, '_>| node.raw_text().is_some_and(|text| lengths.contains(&text.trim_ascii().len()));
    page.nodes().filter(is_as_long).take(MAX_NODES).find(|node| {
        let is_shown =
            !node.parent().and_then(NodeRef::tag).is_some_and(|tag| tag == Tag::Title || plain::is_hidden(tag));
        is_shown && wanted.contains(&folded(&html::decode(node.raw_text().unwrap_or_default())))
    })
}

/// A piece of text.
pub(super) struct Piece<'h> {
    /// On one line.
    pub(super) text: String,
    /// What the `time` element around it says.
    pub(super) time: Option<Cow<'h, str>>,
    /// What the nearest elements around it say of the dates in them.
    pub(super) marks: Marks,
    /// No long text stands between it and the headline.
    pub(super) is_early: bool,
}

/// Elements around a piece of text that are asked what it is.
const MAX_OUTER: usize = 3;

/// The text of a text node that readers see.
fn piece<'h>(node: NodeRef<'_, 'h>) -> Option<Piece<'h>> {
    let text = node.raw_text().filter(|text| !text.trim_ascii().is_empty())?;
    if node.ancestors().filter_map(NodeRef::tag).any(plain::is_hidden) {
        return None;
    }
    // Longer than any piece, whatever its character references stand for.
    if text.len() > 20 * LONGEST {
        return Some(Piece { text: "…".repeat(LONGEST), time: None, marks: Marks::default(), is_early: true });
    }
    let time = node.ancestors().take(MAX_OUTER).find(|outer| outer.is(Tag::Time));
    let time = time.and_then(|time| time.attribute("datetime"));
    let outer = node.ancestors().take(MAX_OUTER).filter_map(|outer| Some(marks::of(outer, outer.tag()?)));
    // The nearest that says whether the date is the first or that of a change.
    let marks =
        outer.fold(Marks::default(), |inner, outer| if inner.has(Marks::KINDS) { inner } else { inner.with(outer) });
    Some(Piece { text: plain::one_line(&html::decode(text))?, time, marks, is_early: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(html: &str) -> Vec<String> {
        let page = html::parse(html).unwrap();
        let heading = page.nodes().find(|node| node.is(Tag::H1));
        HeadlineArea::new(&page, heading, None, &[]).pieces().iter().map(|piece| piece.text.clone()).collect()
    }

    #[test]
    fn pieces_come_in_the_order_of_their_distance() {
        let html = "<p>far</p><p>near</p><h1>Head</h1><p>first <b>second</b></p><script>x</script>";
        assert_eq!(pieces(html), ["first", "second", "near", "far"]);
        assert!(pieces("<p>text").is_empty());
    }
}
