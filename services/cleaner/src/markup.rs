//! From a tree of elements to blocks of text.

use dom_query::NodeRef;
use tallywire_proto::ParagraphKind;

use crate::block::Block;

/// What an element means for the text in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Role {
    /// Part of the line: markup within a sentence.
    Inline,
    /// Begins and ends a block; `Some` where that says what kind of block.
    Block(Option<ParagraphKind>),
    /// A cell of a row.
    Cell,
    /// A line break.
    Break,
    /// Nothing in it is text of the article.
    Skipped,
}

/// The role of an element by its name (HTML Living Standard, section 15.3, "Non-replaced elements").
fn role(name: &str) -> Role {
    match name {
        "br" => Role::Break,
        "td" | "th" => Role::Cell,
        "tr" => Role::Block(Some(ParagraphKind::TableRow)),
        "li" | "dt" | "dd" => Role::Block(Some(ParagraphKind::ListItem)),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Block(Some(ParagraphKind::Heading)),
        "blockquote" => Role::Block(Some(ParagraphKind::Quote)),
        "pre" | "listing" | "xmp" => Role::Block(Some(ParagraphKind::Preformatted)),
        "address" | "article" | "aside" | "body" | "caption" | "center" | "details" | "dialog" | "dir" | "div"
        | "dl" | "fieldset" | "figure" | "footer" | "form" | "header" | "hgroup" | "hr" | "html" | "legend"
        | "main" | "menu" | "nav" | "ol" | "optgroup" | "p" | "search" | "section" | "summary" | "table" | "tbody"
        | "tfoot" | "thead" | "ul" => Role::Block(None),
        // A caption describes a picture, which the text does not carry; the rest is no text for readers.
        "figcaption" | "applet" | "audio" | "button" | "canvas" | "datalist" | "embed" | "frameset" | "head"
        | "iframe" | "input" | "map" | "math" | "noembed" | "noframes" | "noscript" | "object" | "option"
        | "progress" | "script" | "select" | "style" | "svg" | "template" | "textarea" | "title" | "video" => {
            Role::Skipped
        }
        _ => Role::Inline,
    }
}

fn role_of(node: NodeRef<'_>) -> Role {
    node.qual_name_ref().map_or(Role::Inline, |name| role(&name.local))
}

/// The text below a node as blocks.
///
/// The tree is walked along its links, not by recursion: a page may nest as deeply as it likes.
pub(crate) fn blocks(root: NodeRef<'_>) -> Vec<Block> {
    let mut builder = Builder::default();
    let mut node = root;
    loop {
        let entered = builder.enter(node);
        if let Some(child) = node.first_child().filter(|_| entered) {
            node = child;
            continue;
        }
        if entered {
            builder.leave(node);
        }
        // Up to the first ancestor that has another child to visit.
        loop {
            if node.id == root.id {
                builder.flush();
                return builder.blocks;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else {
                builder.flush();
                return builder.blocks;
            };
            node = parent;
            builder.leave(node);
        }
    }
}

/// What stands between the text so far and the next word; the stronger wins.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
    Line,
}

#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    /// The block being read.
    line: String,
    gap: Gap,
    /// The kind of text in each open block element.
    kinds: Vec<ParagraphKind>,
    /// How many of them are preformatted.
    preformatted: usize,
}

impl Builder {
    /// Takes up a node; false where its inside is not to be read.
    fn enter(&mut self, node: NodeRef<'_>) -> bool {
        if node.is_text() {
            self.text(&node.text());
            return true;
        }
        match role_of(node) {
            Role::Inline => !node.is_comment(),
            Role::Skipped => false,
            Role::Break => {
                self.line_break();
                true
            }
            Role::Cell => {
                self.gap = self.gap.max(Gap::Cell);
                true
            }
            Role::Block(kind) => {
                self.flush();
                self.kinds.push(kind.unwrap_or(self.inherited_kind()));
                self.preformatted += usize::from(kind == Some(ParagraphKind::Preformatted));
                true
            }
        }
    }

    fn leave(&mut self, node: NodeRef<'_>) {
        if !node.is_element() {
            return;
        }
        if let Role::Block(kind) = role_of(node) {
            self.flush();
            self.kinds.pop();
            self.preformatted -= usize::from(kind == Some(ParagraphKind::Preformatted));
        }
    }

    /// The kind of a block whose element says nothing. One in a cell means that the table lays out text.
    fn inherited_kind(&self) -> ParagraphKind {
        match self.kinds.last() {
            None | Some(ParagraphKind::TableRow) => ParagraphKind::Paragraph,
            Some(kind) => *kind,
        }
    }

    /// A line break is kept; a second one ends the block.
    fn line_break(&mut self) {
        if self.preformatted > 0 {
            self.line.push('\n');
        } else if self.gap == Gap::Line {
            self.flush();
        } else {
            self.gap = Gap::Line;
        }
    }

    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.line.extend(text.chars().filter(|character| !is_invisible(*character)));
            return;
        }
        for character in text.chars() {
            if character.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
            } else if !is_invisible(character) {
                self.close_gap();
                self.line.push(character);
            }
        }
    }

    fn close_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.line.is_empty() {
            return;
        }
        match gap {
            Gap::None => {}
            Gap::Space => self.line.push(' '),
            Gap::Cell => self.line.push('\t'),
            Gap::Line => self.line.push('\n'),
        }
    }

    /// Ends the block being read.
    fn flush(&mut self) {
        self.gap = Gap::None;
        let text = self.line.trim();
        if !text.is_empty() {
            let kind = self.kinds.last().copied().unwrap_or(ParagraphKind::Paragraph);
            self.blocks.push(Block { kind, text: text.to_owned() });
        }
        self.line.clear();
    }
}

/// Characters without a shape that cut words apart for a program: soft hyphen, zero-width space, word joiner, byte
/// order mark, and control characters. The joiners U+200C and U+200D stay, since they change what is read.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
        || (character.is_control() && !matches!(character, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use dom_query::Document;
    use proptest::prelude::*;

    use super::*;

    fn read(html: &str) -> Vec<(ParagraphKind, String)> {
        blocks(Document::fragment(html).root()).into_iter().map(|block| (block.kind, block.text)).collect()
    }

    fn texts(html: &str) -> Vec<String> {
        read(html).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn inline_markup_neither_glues_nor_splits() {
        assert_eq!(
            texts("<p>The <b>Hy</b>dra <i>rose</i>,\n  said <a href=x>Ono</a>.</p>"),
            ["The Hydra rose, said Ono."]
        );
        assert_eq!(texts("co\u{ad}operate&nbsp;&nbsp;now"), ["cooperate now"]);
    }

    #[test]
    fn a_break_is_a_line_and_two_are_a_paragraph() {
        assert_eq!(texts("<div>one <br> two<br><br/>three<br></div>"), ["one\ntwo", "three"]);
    }

    #[test]
    fn text_between_blocks_is_a_block() {
        assert_eq!(texts("<div>before<p>inside</p>after</div>"), ["before", "inside", "after"]);
    }

    #[test]
    fn kinds_follow_the_innermost_element() {
        use ParagraphKind::{Heading, ListItem, Paragraph, Preformatted, Quote, TableRow};
        assert_eq!(
            read(
                "<h2>Head</h2><ul><li>item<p>more</p></li></ul><blockquote><p>said</p></blockquote>\
                 <table><tr><th>Town</th><td>12</td></tr><tr><td><p>Laid out.</p></td></tr></table>\
                 <pre>a\n  b</pre><p>end</p>"
            ),
            [
                (Heading, "Head".into()),
                (ListItem, "item".into()),
                (ListItem, "more".into()),
                (Quote, "said".into()),
                (TableRow, "Town\t12".into()),
                (Paragraph, "Laid out.".into()),
                (Preformatted, "a\n  b".into()),
                (Paragraph, "end".into()),
            ]
        );
    }

    #[test]
    fn what_is_no_text_is_skipped() {
        assert_eq!(
            texts("<style>p{}</style>a<script>b()</script><!-- c --><figure><figcaption>d</figcaption></figure>"),
            ["a"]
        );
    }

    proptest! {
        #[test]
        fn blocks_are_trimmed_and_not_empty(html in "(<(/?(p|div|b|br|td|tr|table|li|pre|h2))>|[a-z é&\u{a0}\n]){0,40}") {
            for text in texts(&html) {
                prop_assert!(!text.is_empty());
                prop_assert_eq!(text.trim(), text.as_str());
            }
        }
    }
}
