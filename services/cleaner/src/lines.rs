//! From a page to its lines of text: what a reader sees as a line or a block, in the order of the page.

mod role;

use tallywire_proto::ParagraphKind;

use crate::{
    CleanError,
    block::Block,
    html::{self, NodeRef, Tag, decode},
};
use role::Role;

/// The lines of a page or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// The text of all lines, one behind the other.
    text: String,
    /// In the order of the page; none is empty, none has white space at its ends.
    pub(crate) lines: Vec<Line>,
}

/// A line of text: a block, or a part of one between two line breaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Where it stands in the text of all lines.
    start: u32,
    end: u32,
    /// How much of it is text of links, in bytes.
    pub(crate) linked: u32,
    /// How much of it is emphasized, in bytes.
    pub(crate) emphasized: u32,
    /// The block element that it stands in.
    pub(crate) element: u32,
    /// What kind of text that element holds.
    pub(crate) kind: ParagraphKind,
    /// Whether only a line break separates it from the line before, in the same block.
    pub(crate) continues: bool,
}

impl Lines {
    /// The text of a line.
    pub(crate) fn text(&self, line: &Line) -> &str {
        &self.text[line.start as usize..line.end as usize]
    }

    /// Some of the lines as blocks: lines of one block that only a line break separates stay together.
    pub(crate) fn blocks(&self, chosen: &[Line]) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut element = None;
        for line in chosen {
            let text = self.text(line);
            match blocks.last_mut() {
                Some(block) if line.continues && element == Some(line.element) => {
                    block.text.push('\n');
                    block.text.push_str(text);
                }
                _ => blocks.push(Block { kind: line.kind, text: text.to_owned() }),
            }
            element = Some(line.element);
        }
        blocks
    }
}

impl Line {
    /// Its length in bytes.
    pub(crate) const fn len(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// The blocks of an HTML fragment, all of it.
pub(crate) fn fragment(html: &str) -> Result<Vec<Block>, CleanError> {
    let page = html::parse(html)?;
    let lines = lines(page.root());
    Ok(lines.blocks(&lines.lines))
}

/// The blocks of a text that may hold markup, at least one a line.
pub(crate) fn of_text(text: &str) -> Vec<Block> {
    let has_blocks = ["<p", "<br", "<div"].iter().any(|tag| text.contains(tag));
    if text.contains(['<', '&'])
        && let Ok(blocks) = if has_blocks { fragment(text) } else { fragment(&text.replace('\n', "<br><br>")) }
    {
        return blocks;
    }
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Block::paragraph).collect()
}

/// The lines below a node.
pub(crate) fn lines(root: NodeRef<'_, '_>) -> Lines {
    let mut reader = Reader::default();
    // An article's text is a small part of its page.
    reader.found.text.reserve(root.inside().len() * 8);
    reader.open(root);
    let document = root.document();
    let inside = root.inside();
    let mut at = inside.start;
    while at < inside.end {
        while reader.open.last().is_some_and(|open| open.end <= at) {
            reader.close();
        }
        let node = document.node(at);
        at += 1;
        if let Some(text) = node.raw_text() {
            reader.text(&decode(text));
        } else if !reader.open(node) {
            at = node.inside().end;
        }
    }
    while !reader.open.is_empty() {
        reader.close();
    }
    reader.flush(false);
    reader.found
}

/// What stands between the text so far and the next word; the stronger wins.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
}

/// An element whose end is still to come.
struct Open {
    end: usize,
    role: Role,
}

/// A block element that is open.
#[derive(Clone, Copy)]
struct OpenBlock {
    element: u32,
    kind: ParagraphKind,
}

#[derive(Default)]
struct Reader {
    found: Lines,
    /// Where the line being read begins.
    start: usize,
    /// How much of it is text of links.
    linked: usize,
    /// Whether it continues the block of the line before it.
    continues: bool,
    gap: Gap,
    open: Vec<Open>,
    blocks: Vec<OpenBlock>,
    /// How much of it is emphasized.
    emphasized: usize,
    /// How many links, emphases and preformatted elements are open.
    links: usize,
    emphases: usize,
    preformatted: usize,
}

impl Reader {
    /// Enters an element; false where its inside is not to be read.
    fn open(&mut self, node: NodeRef<'_, '_>) -> bool {
        let Some(tag) = node.tag() else { return true };
        let role = role::of(node, tag);
        match role {
            Role::Inline => {}
            Role::Link => self.links += 1,
            Role::Emphasis => self.emphases += 1,
            Role::Apart => self.gap = self.gap.max(Gap::Space),
            Role::Replaced => {
                self.gap = self.gap.max(Gap::Space);
                return false;
            }
            Role::Skipped => return false,
            Role::Break => self.line_break(),
            Role::Cell => self.gap = self.gap.max(Gap::Cell),
            Role::Block(kind) => {
                self.flush(false);
                let kind_of_text = kind.unwrap_or_else(|| self.inherited_kind(tag));
                self.blocks.push(OpenBlock { element: node.id() as u32, kind: kind_of_text });
                self.preformatted += usize::from(kind == Some(ParagraphKind::Preformatted));
            }
        }
        if node.inside().is_empty() && role != Role::Break {
            self.left(role);
        } else if role != Role::Break {
            self.open.push(Open { end: node.inside().end, role });
        }
        true
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            self.left(open.role);
        }
    }

    fn left(&mut self, role: Role) {
        match role {
            Role::Link => self.links -= 1,
            Role::Emphasis => self.emphases -= 1,
            Role::Cell => self.gap = self.gap.max(Gap::Cell),
            Role::Block(kind) => {
                self.flush(false);
                self.blocks.pop();
                self.preformatted -= usize::from(kind == Some(ParagraphKind::Preformatted));
            }
            Role::Apart => self.gap = self.gap.max(Gap::Space),
            Role::Inline | Role::Break | Role::Skipped | Role::Replaced => {}
        }
    }

    /// The kind of a block whose element says nothing. One in a cell means that the table lays out text; a paragraph
    /// is no heading, also where the heading before it has no end.
    fn inherited_kind(&self, tag: Tag) -> ParagraphKind {
        match self.blocks.last() {
            None | Some(OpenBlock { kind: ParagraphKind::TableRow, .. }) => ParagraphKind::Paragraph,
            Some(OpenBlock { kind: ParagraphKind::Heading, .. }) if tag == Tag::P => ParagraphKind::Paragraph,
            Some(block) => block.kind,
        }
    }

    /// A line break ends the line; a second one ends the block.
    fn line_break(&mut self) {
        if self.preformatted > 0 {
            self.found.text.push('\n');
        } else {
            let is_second = self.is_empty();
            self.flush(!is_second);
        }
    }

    fn is_empty(&self) -> bool {
        self.found.text.len() == self.start
    }

    fn text(&mut self, text: &str) {
        let before = self.found.text.len();
        if self.preformatted > 0 {
            // A line ends with a line feed, whatever it is written with.
            self.found.text.extend(text.chars().filter(|character| !is_invisible(*character) && *character != '\r'));
        } else {
            self.words(text);
        }
        let added = self.found.text.len() - before;
        self.linked += if self.links > 0 { added } else { 0 };
        self.emphasized += if self.emphases > 0 { added } else { 0 };
    }

    /// Adds text, runs of white space as one space.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
                rest = rest.trim_start();
            } else if is_invisible(first) {
                rest = &rest[first.len_utf8()..];
            } else {
                let end = rest.find(|next: char| next.is_whitespace() || is_invisible(next)).unwrap_or(rest.len());
                self.close_gap();
                self.found.text.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }

    fn close_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if !self.is_empty() {
            match gap {
                Gap::None => {}
                Gap::Space => self.found.text.push(' '),
                Gap::Cell => self.found.text.push('\t'),
            }
        }
    }

    /// Ends the line being read; the next one may continue its block.
    fn flush(&mut self, next_continues: bool) {
        self.gap = Gap::None;
        let line = &self.found.text[self.start..];
        let (start, end) = (self.start + (line.len() - line.trim_start().len()), self.start + line.trim_end().len());
        if start < end {
            let block = self.blocks.last().copied().unwrap_or(OpenBlock { element: 0, kind: ParagraphKind::Paragraph });
            self.found.lines.push(Line {
                start: start as u32,
                end: end as u32,
                linked: self.linked.min(end - start) as u32,
                emphasized: self.emphasized.min(end - start) as u32,
                element: block.element,
                kind: block.kind,
                continues: self.continues,
            });
            self.start = end;
            self.continues = next_continues;
        } else {
            self.continues &= next_continues;
        }
        self.found.text.truncate(self.start);
        self.linked = 0;
        self.emphasized = 0;
    }
}

/// Characters without a shape that cut words apart for a program: soft hyphen, zero-width space, word joiner, byte
/// order mark, and control characters. The joiners U+200C and U+200D stay, since they change what is read.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\0'..='\x08' | '\x0e'..='\x1f' | '\x7f'..='\u{9f}')
}

#[cfg(test)]
mod tests;
