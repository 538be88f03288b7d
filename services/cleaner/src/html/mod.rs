//! A page as a flat list of nodes in document order.
//!
//! A node's parent stands before it, and all that is in an element stands right behind it: its inside is a range of
//! the list. So a walk over a page is a walk over a slice, without recursion, whatever the page looks like. Texts and
//! attributes are slices of the page; nothing is copied until it is asked for.

mod tag;
mod text;
mod tokens;
mod tree;

use std::{borrow::Cow, ops::Range};

pub(crate) use tag::Tag;
pub(crate) use text::{decode, decode_attribute};
use tokens::Attribute;
pub(crate) use tree::{MAX_BYTES, parse};

/// A parsed page.
#[derive(Debug)]
pub(crate) struct Document<'h> {
    nodes: Vec<Node<'h>>,
    attributes: Vec<Attribute<'h>>,
}

#[derive(Debug)]
struct Node<'h> {
    /// The element that it stands in; the root is its own.
    parent: u32,
    /// One past the last node in it.
    end: u32,
    kind: NodeKind<'h>,
}

#[derive(Debug)]
enum NodeKind<'h> {
    /// As written, character references and all.
    Text(&'h str),
    Element {
        tag: Tag,
        name: &'h str,
        /// Where its attributes stand.
        attributes: (u32, u32),
    },
}

impl<'h> Document<'h> {
    /// The `html` element, which all others stand in, also where the page has none.
    pub(crate) const fn root(&self) -> NodeRef<'_, 'h> {
        NodeRef { document: self, id: 0 }
    }

    /// How many nodes there are.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node of a number: nodes are numbered from 0 in document order.
    pub(crate) const fn node(&self, id: usize) -> NodeRef<'_, 'h> {
        NodeRef { document: self, id: id as u32 }
    }

    /// All nodes in document order.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeRef<'_, 'h>> {
        (0..self.nodes.len()).map(|id| self.node(id))
    }
}

/// A node of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRef<'d, 'h> {
    document: &'d Document<'h>,
    id: u32,
}

impl<'d, 'h> NodeRef<'d, 'h> {
    const fn node(self) -> &'d Node<'h> {
        // A number comes from the document itself.
        &self.document.nodes.as_slice()[self.id as usize]
    }

    /// The page that it stands on.
    pub(crate) const fn document(self) -> &'d Document<'h> {
        self.document
    }

    /// Its number in document order.
    pub(crate) const fn id(self) -> usize {
        self.id as usize
    }

    /// The text of a text node as written, character references and all ([`decode`] resolves them).
    pub(crate) const fn raw_text(self) -> Option<&'h str> {
        match self.node().kind {
            NodeKind::Text(text) => Some(text),
            NodeKind::Element { .. } => None,
        }
    }

    /// What element it is; `None` for text.
    pub(crate) const fn tag(self) -> Option<Tag> {
        match self.node().kind {
            NodeKind::Element { tag, .. } => Some(tag),
            NodeKind::Text(_) => None,
        }
    }

    /// The element's name as written; empty for text.
    pub(crate) const fn name(self) -> &'h str {
        match self.node().kind {
            NodeKind::Element { name, .. } => name,
            NodeKind::Text(_) => "",
        }
    }

    /// Whether it is this element.
    pub(crate) fn is(self, tag: Tag) -> bool {
        self.tag() == Some(tag)
    }

    /// Its attributes, names and values as written.
    pub(crate) fn raw_attributes(self) -> impl Iterator<Item = (&'h str, &'h str)> + use<'d, 'h> {
        let (start, end) = match self.node().kind {
            NodeKind::Element { attributes, .. } => attributes,
            NodeKind::Text(_) => (0, 0),
        };
        let attributes = &self.document.attributes[start as usize..end as usize];
        attributes.iter().map(|attribute| (attribute.name, attribute.value))
    }

    /// The value of an attribute as written, character references and all; its name is given in lower case.
    pub(crate) fn raw_attribute(self, name: &str) -> Option<&'h str> {
        self.raw_attributes().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of an attribute; its name is given in lower case.
    pub(crate) fn attribute(self, name: &str) -> Option<Cow<'h, str>> {
        self.raw_attribute(name).map(text::decode_attribute)
    }

    /// The element that it stands in; `None` for the root.
    pub(crate) fn parent(self) -> Option<Self> {
        (self.id > 0).then(|| Self { document: self.document, id: self.node().parent })
    }

    /// The elements that it stands in, the innermost first.
    pub(crate) fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// The numbers of what stands in it.
    pub(crate) const fn inside(self) -> Range<usize> {
        self.id as usize + 1..self.node().end as usize
    }

    /// What stands in it, in document order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Self> + use<'d, 'h> {
        let document = self.document;
        self.inside().map(move |id| document.node(id))
    }

    /// What stands directly in it.
    #[cfg(test)]
    pub(crate) fn children(self) -> impl Iterator<Item = Self> + use<'d, 'h> {
        let (document, inside) = (self.document, self.inside());
        let first = (!inside.is_empty()).then(|| document.node(inside.start));
        std::iter::successors(first, move |child| {
            let next = child.node().end as usize;
            (next < inside.end).then(|| document.node(next))
        })
    }

    /// All text in it, character references resolved, nothing between the pieces.
    #[cfg(test)]
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        for piece in std::iter::once(self).chain(self.descendants()).filter_map(Self::raw_text) {
            text.push_str(&decode(piece));
        }
        text
    }

    /// The text of a `script` or `style`, as written: there are no character references in it.
    pub(crate) fn script(self) -> &'h str {
        self.descendants().find_map(Self::raw_text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
