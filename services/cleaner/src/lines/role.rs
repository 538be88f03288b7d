//! What elements mean for the text in them.

use tallywire_proto::ParagraphKind;

use crate::html::{NodeRef, Tag};

/// What an element means for the text in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// Part of the line: markup within a sentence.
    Inline,
    /// A link: part of the line as well.
    Link,
    /// Begins and ends a block; `Some` where that says what kind of block.
    Block(Option<ParagraphKind>),
    /// Part of the line, and set off from the rest.
    Emphasis,
    /// Part of the line, a space from what is around it.
    Apart,
    /// A cell of a row.
    Cell,
    /// A line break.
    Break,
    /// Nothing in it is text for readers.
    Skipped,
    /// Nothing in it is text for readers, but it has a place in the line: a picture, a button.
    Replaced,
}

/// The role of an element (HTML Living Standard, section 15.3, "Non-replaced elements").
pub(super) fn of(node: NodeRef<'_, '_>, tag: Tag) -> Role {
    match tag {
        // Without an address it is a place to jump to.
        Tag::A if node.raw_attribute("href").is_some() => Role::Link,
        Tag::B | Tag::Em | Tag::I | Tag::Strong => Role::Emphasis,
        Tag::Br => Role::Break,
        Tag::Td | Tag::Th => Role::Cell,
        Tag::Tr => Role::Block(Some(ParagraphKind::TableRow)),
        Tag::Li | Tag::Dt | Tag::Dd => Role::Block(Some(ParagraphKind::ListItem)),
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => Role::Block(Some(ParagraphKind::Heading)),
        Tag::Blockquote => Role::Block(Some(ParagraphKind::Quote)),
        Tag::Pre | Tag::Listing | Tag::Xmp => Role::Block(Some(ParagraphKind::Preformatted)),
        Tag::Address
        | Tag::Article
        | Tag::Aside
        | Tag::Body
        | Tag::Caption
        | Tag::Center
        | Tag::Details
        | Tag::Dialog
        | Tag::Dir
        | Tag::Div
        | Tag::Dl
        | Tag::Fieldset
        | Tag::Figcaption
        | Tag::Figure
        | Tag::Footer
        | Tag::Form
        | Tag::Header
        | Tag::Hgroup
        | Tag::Hr
        | Tag::Html
        | Tag::Legend
        | Tag::Main
        | Tag::Menu
        | Tag::Nav
        | Tag::Ol
        | Tag::P
        | Tag::Search
        | Tag::Section
        | Tag::Summary
        | Tag::Table
        | Tag::Tbody
        | Tag::Tfoot
        | Tag::Thead
        | Tag::Ul => Role::Block(None),
        // Without data it shows what is in it.
        Tag::Object if node.raw_attribute("data").is_none() => Role::Inline,
        Tag::Applet
        | Tag::Audio
        | Tag::Button
        | Tag::Canvas
        | Tag::Embed
        | Tag::Iframe
        | Tag::Img
        | Tag::Input
        | Tag::Object
        | Tag::Select
        | Tag::Svg
        | Tag::Textarea
        | Tag::Video => Role::Replaced,
        // Shown from the start where it is a root of shadow trees.
        Tag::Template if node.raw_attribute("shadowrootmode").is_some() => Role::Inline,
        Tag::Datalist
        | Tag::Frame
        | Tag::Frameset
        | Tag::Head
        | Tag::Math
        | Tag::Noembed
        | Tag::Noframes
        | Tag::Noscript
        | Tag::Optgroup
        | Tag::Option
        | Tag::Script
        | Tag::Style
        | Tag::Template
        | Tag::Title => Role::Skipped,
        // A custom element is more than a word.
        Tag::Other if node.name().contains('-') => Role::Apart,
        // How Han characters are read aloud.
        Tag::Other if matches!(node.name(), "rt" | "rp") => Role::Skipped,
        _ => Role::Inline,
    }
}
