//! Blocks of text, and how they become an article's text and paragraphs.

use tallywire_proto::{Paragraph, ParagraphKind};
use tallywire_text::CodePoints;

use crate::plain;

/// A paragraph before it has its place in the text: not empty, no white space at either end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Block {
    pub(crate) kind: ParagraphKind,
    pub(crate) text: String,
}

impl Block {
    /// A block of running text.
    pub(crate) fn paragraph(text: &str) -> Self {
        Self { kind: ParagraphKind::Paragraph, text: text.to_owned() }
    }
}

/// What separates two blocks in the text.
const SEPARATOR: &str = "\n\n";

/// Joins blocks to a text, and says where each stands in it.
pub(crate) fn join(blocks: &[Block]) -> (String, Vec<Paragraph>) {
    let mut text = String::with_capacity(blocks.iter().map(|block| block.text.len() + SEPARATOR.len()).sum());
    let mut paragraphs = Vec::with_capacity(blocks.len());
    let mut at = 0;
    for block in blocks {
        if !text.is_empty() {
            text.push_str(SEPARATOR);
            at += SEPARATOR.len();
        }
        let normal = plain::nfc(&block.text);
        let end = at + normal.chars().count();
        paragraphs.push(Paragraph { start: at, end, kind: block.kind });
        text.push_str(&normal);
        at = end;
    }
    (text, paragraphs)
}

/// The paragraphs of a plain text: what stands between blank lines.
pub(crate) fn plain_paragraphs(text: &str) -> Vec<Paragraph> {
    let points = CodePoints::new(text);
    let mut paragraphs = Vec::new();
    let mut current: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if content.is_empty() {
            paragraphs.extend(current.take());
        } else {
            let start = at + (line.len() - line.trim_start().len());
            let end = start + content.len();
            current = Some((current.map_or(start, |(first, _)| first), end));
        }
        at += line.len();
    }
    paragraphs.extend(current);
    paragraphs
        .into_iter()
        .map(|(start, end)| Paragraph { start: points.at(start), end: points.at(end), kind: ParagraphKind::Paragraph })
        .collect()
}

/// The letters and digits of a text in lower case, words separated by one space: what two writings of the same
/// headline have in common.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|character: char| !character.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// Drops what the title already says from the start, and headings that head nothing from the end.
pub(crate) fn trim_ends(blocks: &mut Vec<Block>, title: Option<&str>) {
    // A section's name or a kicker may stand above the repeated title.
    const FIRST_BLOCKS: usize = 2;
    if let Some(title) = title.map(folded).filter(|title| !title.is_empty())
        && let Some(place) = blocks.iter().take(FIRST_BLOCKS).position(|block| folded(&block.text) == title)
        // A flash is its own headline.
        && blocks.len() > 1
    {
        blocks.remove(place);
    }
    let heads =
        |block: &Block| block.kind == ParagraphKind::Heading && !block.text.ends_with(['.', '!', '?', '…', '。']);
    while blocks.last().is_some_and(heads) {
        blocks.pop();
    }
}

/// Whether there is anything to read: a letter or a digit.
pub(crate) fn has_words(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| block.text.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heading(text: &str) -> Block {
        Block { kind: ParagraphKind::Heading, text: text.to_owned() }
    }

    #[test]
    fn offsets_are_code_points() {
        let (text, paragraphs) = join(&[Block::paragraph("Café"), Block::paragraph("Zoë")]);
        assert_eq!(text, "Café\n\nZoë");
        assert_eq!((paragraphs[1].start, paragraphs[1].end), (6, 9));
    }

    #[test]
    fn blank_lines_separate_plain_paragraphs() {
        let text = "  É one\nstill one \n \t\n\n two\n";
        let found: Vec<String> =
            plain_paragraphs(text).iter().map(|p| text.chars().skip(p.start).take(p.end - p.start).collect()).collect();
        assert_eq!(found, ["É one\nstill one", "two"]);
        assert!(plain_paragraphs(" \n ").is_empty());
    }

    #[test]
    fn a_repeated_title_and_a_last_heading_go() {
        let mut blocks = vec![heading("Rain: at last!"), Block::paragraph("It rained."), heading("More")];
        trim_ends(&mut blocks, Some("Rain at last"));
        assert_eq!(blocks, [Block::paragraph("It rained.")]);
    }

    proptest! {
        #[test]
        fn plain_paragraphs_are_trimmed_and_in_order(text in "[a-z é\n\t]{0,60}") {
            let characters: Vec<char> = text.chars().collect();
            let mut last = 0;
            for paragraph in plain_paragraphs(&text) {
                prop_assert!(paragraph.start >= last && paragraph.start < paragraph.end);
                let slice: String = characters[paragraph.start..paragraph.end].iter().collect();
                prop_assert_eq!(slice.trim(), slice.as_str());
                last = paragraph.end;
            }
        }
    }
}
