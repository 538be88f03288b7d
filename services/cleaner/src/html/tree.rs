//! From tokens to a list of nodes: which element stands in which, also where tags are missing or misplaced.
//!
//! It follows the HTML Living Standard (section 13.2.6) as far as it decides what text stands in which block: omitted
//! end tags, end tags without a start, scopes. What only moves nodes about is left out: text in a table stays where it
//! is written, and formatting that a block interrupts is not taken up again behind it.

use super::{
    Document, Node, NodeKind,
    tag::Tag,
    tokens::{Token, Tokens},
};
use crate::CleanError;

/// The largest page that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 10_000_000;
/// The most nodes of a page, many times what the largest article has.
const MAX_NODES: usize = 1_000_000;
/// The most attributes of a page and of one tag; further ones are not kept.
const MAX_ATTRIBUTES: usize = 1_000_000;
const MAX_ATTRIBUTES_OF_TAG: usize = 200;
/// The deepest nesting, as in Chromium's parser: elements further down stand side by side.
const MAX_DEPTH: usize = 512;
/// The most steps up the open elements over all tags of a page: a fraction of a second's worth.
const MAX_STEPS: usize = 50_000_000;

/// Parses a page; what is wrong with it is mended as a browser would.
///
/// # Errors
/// When it has more bytes, nodes or misplaced tags than a page ever has.
pub(crate) fn parse(html: &str) -> Result<Document<'_>, CleanError> {
    if html.len() > MAX_BYTES {
        return Err(CleanError::TooLarge { size: html.len(), limit: MAX_BYTES });
    }
    let mut tree = Builder::new(html);
    let mut tokens = Tokens::new(html);
    loop {
        let first = tree.document.attributes.len();
        let attributes = &mut tree.document.attributes;
        let token = tokens.next(|attribute| {
            if attributes.len() < MAX_ATTRIBUTES && attributes.len() - first < MAX_ATTRIBUTES_OF_TAG {
                attributes.push(attribute);
            }
        });
        match token {
            None => break,
            Some(Token::Text(text)) => tree.text(text),
            Some(Token::End { name }) => tree.end(name),
            Some(Token::Start { name, is_empty }) => {
                let tag = Tag::of(name);
                if tree.start(tag, name, first, is_empty) && tag.is_raw() {
                    tree.raw(tag, name, &mut tokens);
                }
            }
        }
        if tree.document.nodes.len() > MAX_NODES {
            return Err(CleanError::TooManyNodes { limit: MAX_NODES });
        }
        if tree.steps > MAX_STEPS {
            return Err(CleanError::TooComplex { bytes: html.len() });
        }
    }
    tree.close_to(0);
    Ok(tree.document)
}

/// An element that has no end yet.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    tag: Tag,
}

struct Builder<'h> {
    document: Document<'h>,
    /// The root first.
    open: Vec<Open>,
    /// How many of each are open, so that most searches need not begin.
    counts: [u16; Tag::COUNT],
    /// How many elements are open below the deepest level.
    buried: usize,
    /// Steps taken up the open elements.
    steps: usize,
    has_body: bool,
    /// There is no end tag of an `svg` in the rest of the page.
    svg_is_unclosed: bool,
}

impl<'h> Builder<'h> {
    fn new(html: &str) -> Self {
        // About one node in thirty bytes of a news page.
        let mut nodes = Vec::with_capacity(html.len() / 32 + 1);
        nodes.push(Node {
            parent: 0,
            end: 0,
            kind: NodeKind::Element { tag: Tag::Html, name: "html", attributes: (0, 0) },
        });
        let mut counts = [0; Tag::COUNT];
        counts[Tag::Html as usize] = 1;
        Self {
            document: Document { nodes, attributes: Vec::new() },
            open: vec![Open { node: 0, tag: Tag::Html }],
            counts,
            buried: 0,
            steps: 0,
            has_body: false,
            svg_is_unclosed: false,
        }
    }

    fn top(&self) -> Open {
        self.open.last().copied().unwrap_or(Open { node: 0, tag: Tag::Html })
    }

    fn add(&mut self, kind: NodeKind<'h>) -> u32 {
        let node = self.document.nodes.len() as u32;
        self.document.nodes.push(Node { parent: self.top().node, end: node + 1, kind });
        node
    }

    fn text(&mut self, text: &'h str) {
        if self.top().tag == Tag::Head && !text.trim_ascii().is_empty() {
            self.close_to(self.open.len() - 1);
        }
        self.add(NodeKind::Text(text));
    }

    /// A start tag; its attributes stand from `first` on. Whether it has opened an element.
    fn start(&mut self, tag: Tag, name: &'h str, first: usize, is_empty: bool) -> bool {
        let attributes = (first as u32, self.document.attributes.len() as u32);
        match tag {
            // Their second tags only add attributes, and the first says what they are.
            Tag::Html => {
                if let NodeKind::Element { attributes: known, .. } = &mut self.document.nodes[0].kind
                    && known.0 == known.1
                {
                    *known = attributes;
                }
                return false;
            }
            Tag::Head if self.has_body || self.document.nodes.len() > 1 && self.open.len() > 1 => return false,
            Tag::Body if self.has_body => return false,
            Tag::Body => {
                self.has_body = true;
                self.close_to(1);
            }
            _ => self.close_implied(tag),
        }
        let node = self.add(NodeKind::Element { tag, name, attributes });
        // Only elements that are not HTML's may be empty by their tag.
        if tag.is_void() || (is_empty && matches!(tag, Tag::Other | Tag::Svg | Tag::Math)) {
            return false;
        }
        if self.open.len() >= MAX_DEPTH {
            self.buried += 1;
            return true;
        }
        self.counts[tag as usize] += 1;
        self.open.push(Open { node, tag });
        true
    }

    /// The content of an element that holds no markup, which has just been opened.
    fn raw(&mut self, tag: Tag, name: &str, tokens: &mut Tokens<'h>) {
        let text = if tag == Tag::Svg {
            // Drawings are no text. One without an end holds nothing, as the rest of the page follows.
            self.svg_is_unclosed = self.svg_is_unclosed || tokens.raw_text(name).is_none();
            ""
        } else {
            tokens.raw_text(name).unwrap_or_else(|| tokens.rest())
        };
        if self.buried > 0 {
            // Its text would stand beside it.
            self.buried -= 1;
            return;
        }
        if !text.is_empty() {
            self.text(text);
        }
        self.close_to(self.open.len() - 1);
    }

    /// Ends what a start tag ends without saying so.
    fn close_implied(&mut self, tag: Tag) {
        if self.top().tag == Tag::Head && !tag.is_of_head() {
            self.close_to(self.open.len() - 1);
        }
        if tag.closes_p() {
            self.close(Tag::P, |above| above.is_boundary() || above == Tag::Button);
        }
        match tag {
            Tag::Li => self.close(Tag::Li, |above| above.is_boundary() || is_list(above)),
            Tag::Dt | Tag::Dd => {
                self.close(Tag::Dt, |above| above.is_boundary() || above == Tag::Dl);
                self.close(Tag::Dd, |above| above.is_boundary() || above == Tag::Dl);
            }
            Tag::Td | Tag::Th => {
                self.close(Tag::Td, |above| matches!(above, Tag::Tr | Tag::Table | Tag::Template));
                self.close(Tag::Th, |above| matches!(above, Tag::Tr | Tag::Table | Tag::Template));
            }
            Tag::Tr => self.close(Tag::Tr, |above| matches!(above, Tag::Table | Tag::Template)),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                for part in [Tag::Tbody, Tag::Thead, Tag::Tfoot, Tag::Tr] {
                    self.close(part, |above| matches!(above, Tag::Table | Tag::Template));
                }
            }
            Tag::Option | Tag::Optgroup => self.close(Tag::Option, Tag::is_special),
            Tag::A => self.close(Tag::A, |above| !above.is_formatting() && above != Tag::Span),
            Tag::Button => self.close(Tag::Button, Tag::is_boundary),
            _ if tag.is_heading() && self.top().tag.is_heading() => self.close_to(self.open.len() - 1),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.buried > 0 {
            self.buried -= 1;
            return;
        }
        let tag = Tag::of(name);
        match tag {
            // What follows them belongs to the body all the same.
            Tag::Html | Tag::Body => {}
            // As browsers do, a stray end tag is a line break, or a paragraph without text.
            Tag::Br => drop(self.add(NodeKind::Element { tag, name: "br", attributes: (0, 0) })),
            Tag::P if self.counts[Tag::P as usize] == 0 => {
                self.add(NodeKind::Element { tag, name: "p", attributes: (0, 0) });
            }
            Tag::Other => self.close_other(name),
            // A form often ends elsewhere than it began.
            Tag::Form if self.top().tag != Tag::Form => {}
            Tag::Td | Tag::Th | Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.close(tag, |above| matches!(above, Tag::Table | Tag::Template));
            }
            _ if tag.is_heading() => {
                if let Some(place) = self.find(Tag::is_heading, Tag::is_boundary) {
                    self.close_to(place);
                }
            }
            _ if tag.is_boundary() => self.close(tag, |_| false),
            _ if tag.is_special() => self.close(tag, Tag::is_boundary),
            _ => self.close(tag, Tag::is_special),
        }
    }

    /// Ends the innermost open element of a kind, unless one that stops the search stands above it.
    fn close(&mut self, tag: Tag, stops: impl Fn(Tag) -> bool) {
        if self.counts[tag as usize] > 0
            && let Some(place) = self.find(|other| other == tag, stops)
        {
            self.close_to(place);
        }
    }

    fn close_other(&mut self, name: &str) {
        if self.counts[Tag::Other as usize] == 0 {
            return;
        }
        for (place, open) in self.open.iter().enumerate().rev() {
            self.steps += 1;
            let NodeKind::Element { name: other, .. } = self.document.nodes[open.node as usize].kind else { continue };
            if open.tag == Tag::Other && other.eq_ignore_ascii_case(name) {
                self.close_to(place);
                return;
            }
            // Unknown elements hold whole pages, so only a table's cell and the like hide what is outside.
            if open.tag.is_boundary() {
                return;
            }
        }
    }

    /// The place of the innermost open element that is wanted.
    fn find(&mut self, is_wanted: impl Fn(Tag) -> bool, stops: impl Fn(Tag) -> bool) -> Option<usize> {
        for (place, open) in self.open.iter().enumerate().rev() {
            self.steps += 1;
            if is_wanted(open.tag) {
                return Some(place);
            }
            if stops(open.tag) {
                return None;
            }
        }
        None
    }

    /// Ends the open elements from a place on.
    fn close_to(&mut self, place: usize) {
        let end = self.document.nodes.len() as u32;
        for open in self.open.drain(place.min(self.open.len())..) {
            self.document.nodes[open.node as usize].end = end;
            self.counts[open.tag as usize] -= 1;
        }
    }
}

const fn is_list(tag: Tag) -> bool {
    matches!(tag, Tag::Ul | Tag::Ol | Tag::Menu | Tag::Dir)
}
