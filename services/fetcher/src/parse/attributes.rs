//! The inside of a start tag, whatever its state.

use super::markup::Dialect;

/// The most attributes of one element that are looked at.
const ATTRIBUTES: usize = 256;

/// The attributes of a start tag.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Attributes<'a> {
    /// From behind the tag's name to the document's end: what a quote means is decided by what follows.
    pub(super) text: &'a str,
    /// Where the tag ends.
    pub(super) length: usize,
    pub(super) dialect: Dialect,
}

/// An attribute as written: its value still has its references.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Where the value stands in [`Attributes::text`], its quotes included.
    pub(super) span: (usize, usize),
}

impl<'a> Attributes<'a> {
    /// The tag's text behind its name.
    pub(super) fn text(self) -> &'a str {
        self.text.get(..self.length).unwrap_or_default()
    }

    /// The attributes in their order, those past the 256th left out.
    pub(super) fn iter(self) -> impl Iterator<Item = Attribute<'a>> {
        let mut at = 0;
        std::iter::from_fn(move || match step(self.text, at, self.dialect) {
            Step::Attribute { name, value, span, next } => {
                at = next;
                Some(Attribute { name, value, span })
            }
            Step::End { .. } | Step::CutOff => None,
        })
        .take(ATTRIBUTES)
    }
}

/// One step through the inside of a tag.
pub(super) enum Step<'a> {
    Attribute { name: &'a str, value: &'a str, span: (usize, usize), next: usize },
    End { next: usize, empty: bool },
    CutOff,
}

pub(super) fn step(text: &str, from: usize, dialect: Dialect) -> Step<'_> {
    let bytes = text.as_bytes();
    let find = |from: usize, is_end: fn(u8) -> bool| {
        bytes.get(from..).and_then(|rest| rest.iter().position(|byte| is_end(*byte))).map(|length| from + length)
    };
    let slice = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let Some(start) = find(from, |byte| !is_space(byte) && byte != b'/') else { return Step::CutOff };
    match bytes.get(start) {
        Some(b'>') => {
            let empty = start > from && bytes.get(start - 1) == Some(&b'/');
            return Step::End { next: start + 1, empty };
        }
        Some(b'<') => return Step::End { next: start, empty: false },
        _ => {}
    }
    let is_name_end = |byte| is_space(byte) || matches!(byte, b'=' | b'>' | b'/' | b'<');
    let Some(end) = find(start + 1, is_name_end) else { return Step::CutOff };
    let name = slice(start, end);
    let Some(sign) = find(end, |byte| !is_space(byte)) else { return Step::CutOff };
    if bytes.get(sign) != Some(&b'=') {
        return Step::Attribute { name, value: "", span: (end, end), next: end };
    }
    let Some(opening) = find(sign + 1, |byte| !is_space(byte)) else { return Step::CutOff };
    let Some(quote) = bytes.get(opening).copied().filter(|byte| matches!(byte, b'"' | b'\'')) else {
        let Some(end) = find(opening, is_word_end) else { return Step::CutOff };
        return Step::Attribute { name, value: slice(opening, end), span: (opening, end), next: end };
    };
    match closing(bytes, opening, quote, dialect) {
        Closing::At(at) => {
            Step::Attribute { name, value: slice(opening + 1, at), span: (opening, at + 1), next: at + 1 }
        }
        // The value ends with its first word.
        Closing::Nowhere => match find(opening + 1, is_word_end) {
            Some(end) => Step::Attribute { name, value: slice(opening + 1, end), span: (opening, end), next: end },
            None => Step::CutOff,
        },
        Closing::CutOff => Step::CutOff,
    }
}

/// Where a quoted value ends.
enum Closing {
    At(usize),
    /// The quote is never closed.
    Nowhere,
    CutOff,
}

fn closing(bytes: &[u8], opening: usize, quote: u8, dialect: Dialect) -> Closing {
    let rest = bytes.get(opening + 1..).unwrap_or_default();
    let is_end = |byte: &u8| *byte == quote || (*byte == b'<' && dialect == Dialect::Xml);
    let Some(length) = rest.iter().position(is_end) else { return Closing::CutOff };
    let at = opening + 1 + length;
    if bytes.get(at) == Some(&quote) { Closing::At(at) } else { closing_behind(bytes, at, quote) }
}

/// The quote that closes a value, behind a `<` in it: before the next `>`, with an attribute or the tag's end behind it
/// and none before it.
fn closing_behind(bytes: &[u8], from: usize, quote: u8) -> Closing {
    let rest = bytes.get(from..).unwrap_or_default();
    let Some(length) = rest.iter().position(|byte| *byte == quote || *byte == b'>') else { return Closing::CutOff };
    let at = from + length;
    let is_opening = bytes.get(from..at).is_some_and(|inside| inside.trim_ascii_end().ends_with(b"="));
    match bytes.get(at + 1) {
        _ if bytes.get(at) == Some(&b'>') || is_opening => Closing::Nowhere,
        None => Closing::CutOff,
        Some(next) if is_space(*next) || matches!(next, b'/' | b'>') => Closing::At(at),
        Some(_) => Closing::Nowhere,
    }
}

fn is_word_end(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'>' | b'<')
}

pub(super) fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}
