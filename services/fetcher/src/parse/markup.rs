//! Markup to tokens, whatever its state: nothing is refused, and what cannot be markup is text.
//!
//! The reading is linear and looks only ahead to the end of the token at hand: a document that is cut off yields the
//! tokens of the whole one up to the cut.

/// The most attributes of one element that are looked at.
const ATTRIBUTES: usize = 256;

/// A piece of a document, as it is written there. Comments and processing instructions are passed over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token<'a> {
    /// `<name ...>`, or `<name ... />`, which is `empty`.
    Start { name: &'a str, attributes: Attributes<'a>, empty: bool },
    /// `</name>`.
    End { name: &'a str },
    /// Text with its references.
    Text(&'a str),
    /// Text without references: the inside of `<![CDATA[...]]>`.
    CData(&'a str),
    /// The inside of `<!DOCTYPE ...>`.
    Doctype(&'a str),
}

/// Reads the tokens of a document.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    cut_off: bool,
}

/// Whose rules hold within a tag.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dialect {
    /// `<` within a quoted value means that the quote was never closed (XML 1.0, section 3.1).
    Xml,
    /// `<` may stand within a quoted value (HTML, section 13.1.2.3).
    Html,
}

/// The attributes of a start tag.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Attributes<'a> {
    /// From behind the tag's name to the document's end: what a quote means is decided by what follows.
    text: &'a str,
    /// Where the tag ends.
    length: usize,
    dialect: Dialect,
}

/// An attribute as written: its value still has its references.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Where the value stands in [`Attributes::text`], its quotes included.
    pub(super) span: (usize, usize),
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self { text, at: 0, dialect, cut_off: false }
    }

    /// How many bytes are read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Whether the text ends within a token, which is left out.
    pub(super) fn is_cut_off(&self) -> bool {
        self.cut_off
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Everything up to `mark`, which is passed over; the text ends here where there is none.
    fn until(&mut self, from: usize, mark: &str) -> Option<&'a str> {
        let rest = self.rest().get(from..).unwrap_or_default();
        let Some((inside, _)) = rest.split_once(mark) else {
            self.end_within_token();
            return None;
        };
        self.at += from + inside.len() + mark.len();
        Some(inside)
    }

    fn end_within_token(&mut self) {
        self.at = self.text.len();
        self.cut_off = true;
    }

    /// Text up to the next `<`; one right here is text too.
    fn text(&mut self) -> Token<'a> {
        let rest = self.rest();
        let own = usize::from(rest.starts_with('<'));
        let end = rest.get(own..).and_then(|behind| behind.find('<')).map_or(rest.len(), |at| own + at);
        self.at += end;
        Token::Text(rest.get(..end).unwrap_or(rest))
    }

    fn start(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let name = name_at(rest, 1);
        let from = 1 + name.len();
        let mut at = from;
        loop {
            match step(rest, at, self.dialect) {
                Step::Attribute { next, .. } => at = next,
                Step::End { next, empty } => {
                    self.at += next;
                    let text = rest.get(from..).unwrap_or_default();
                    let attributes = Attributes { text, length: next - from, dialect: self.dialect };
                    return Some(Token::Start { name, attributes, empty });
                }
                Step::CutOff => {
                    self.end_within_token();
                    return None;
                }
            }
        }
    }

    fn end(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let name = name_at(rest, 2);
        let Some(length) = rest.get(2..).and_then(|behind| behind.find(['>', '<'])) else {
            self.end_within_token();
            return None;
        };
        // An end tag whose `>` is missing ends where the next tag starts.
        let ends = usize::from(rest.as_bytes().get(2 + length) == Some(&b'>'));
        self.at += 2 + length + ends;
        Some(Token::End { name })
    }

    /// A document type with its internal subset, in which declarations have a `>` of their own.
    fn doctype(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let (mut quote, mut subset, mut behind_comment) = (None, false, 0);
        for (at, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                _ if at < behind_comment => {}
                (Some(mark), _) if mark == byte => quote = None,
                (None, b'<') if rest.get(at..).is_some_and(|rest| rest.starts_with("<!--")) => {
                    let length = rest.get(at..).and_then(|comment| comment.find("-->")).unwrap_or(rest.len());
                    behind_comment = at + length;
                }
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'[') => subset = true,
                (None, b']') => subset = false,
                (None, b'>') if !subset => {
                    self.at += at + 1;
                    return Some(Token::Doctype(rest.get(..at).unwrap_or_default()));
                }
                _ => {}
            }
        }
        self.end_within_token();
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            let bytes = rest.as_bytes();
            match (bytes.first()?, bytes.get(1).copied()) {
                (b'<', Some(b'!')) if rest.starts_with("<!--") => {
                    self.until(4, "-->")?;
                }
                (b'<', Some(b'!')) if rest.starts_with("<![CDATA[") => return self.until(9, "]]>").map(Token::CData),
                (b'<', Some(b'!')) if starts_with(rest, "<!doctype") => return self.doctype(),
                // A processing instruction, or a declaration that belongs into a document type.
                (b'<', Some(b'?')) => {
                    self.until(2, ">")?;
                }
                (b'<', Some(b'!')) if bytes.get(2).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'[') => {
                    self.until(2, ">")?;
                }
                (b'<', Some(b'/')) => return self.end(),
                (b'<', Some(byte)) if byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii() => {
                    return self.start();
                }
                _ => return Some(self.text()),
            }
        }
    }
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
enum Step<'a> {
    Attribute { name: &'a str, value: &'a str, span: (usize, usize), next: usize },
    End { next: usize, empty: bool },
    CutOff,
}

fn step(text: &str, from: usize, dialect: Dialect) -> Step<'_> {
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
    let closing = match bytes.get(opening) {
        Some(b'"') => find(opening + 1, if dialect == Dialect::Html { is_double } else { |b| b == b'"' || b == b'<' }),
        Some(b'\'') => {
            find(opening + 1, if dialect == Dialect::Html { is_single } else { |b| b == b'\'' || b == b'<' })
        }
        _ => {
            let Some(end) = find(opening, |byte| is_space(byte) || byte == b'>' || byte == b'<') else {
                return Step::CutOff;
            };
            return Step::Attribute { name, value: slice(opening, end), span: (opening, end), next: end };
        }
    };
    let Some(closing) = closing else { return Step::CutOff };
    if bytes.get(closing) != Some(&b'<') {
        let span = (opening, closing + 1);
        return Step::Attribute { name, value: slice(opening + 1, closing), span, next: closing + 1 };
    }
    // The quote is never closed: the value ends with its first word.
    let end = find(opening + 1, |byte| is_space(byte) || byte == b'>' || byte == b'<').unwrap_or(closing);
    Step::Attribute { name, value: slice(opening + 1, end), span: (opening, end), next: end }
}

fn is_double(byte: u8) -> bool {
    byte == b'"'
}

fn is_single(byte: u8) -> bool {
    byte == b'\''
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

fn name_at(text: &str, from: usize) -> &str {
    let rest = text.get(from..).unwrap_or_default();
    let is_end = |byte: &u8| is_space(*byte) || matches!(byte, b'>' | b'/' | b'<');
    rest.get(..rest.as_bytes().iter().position(is_end).unwrap_or(rest.len())).unwrap_or_default()
}

/// Whether `text` starts with `lower`, in whichever case.
pub(super) fn starts_with(text: &str, lower: &str) -> bool {
    text.get(..lower.len()).is_some_and(|start| start.eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |token| match token {
            Token::Start { name, attributes, empty } => {
                let attributes: Vec<_> = attributes.iter().map(|a| format!(" {}[{}]", a.name, a.value)).collect();
                format!("<{name}{}{}>", attributes.concat(), if empty { "/" } else { "" })
            }
            Token::End { name } => format!("</{name}>"),
            Token::Text(text) => text.to_owned(),
            Token::CData(text) => format!("[{text}]"),
            Token::Doctype(text) => format!("!{text}"),
        };
        Tokens::new(text, Dialect::Xml).map(show).collect()
    }

    #[test]
    fn reads_what_is_well_formed() {
        assert_eq!(
            shown("<?xml version='1.0'?><a b = 'c>d' e=\"f'g\"/><!-- <x> --><![CDATA[<y>]]>t</a >"),
            ["<a b[c>d] e[f'g]/>", "[<y>]", "t", "</a>"]
        );
        assert_eq!(shown("<!DOCTYPE a [<!ENTITY b 'c>'> ]><a>"), ["!<!DOCTYPE a [<!ENTITY b 'c>'> ]", "<a>"]);
        assert_eq!(shown("<!DOCTYPE a [<!-- isn't > ] --> ]><a>"), ["!<!DOCTYPE a [<!-- isn't > ] --> ]", "<a>"]);
    }

    #[test]
    fn reads_what_is_not() {
        assert_eq!(shown("1 < 2 <3 <!' <a"), ["1 ", "< 2 ", "<3 ", "<!' "]);
        assert_eq!(shown("<a b=c d e='f <g>"), ["<a b[c] d[] e[f]>", "<g>"]);
        assert_eq!(shown("<a href=http://x.example/y>z</a<b>"), ["<a href[http://x.example/y]>", "z", "</a>", "<b>"]);
    }

    #[test]
    fn text_of_any_script_ends_at_the_next_tag() {
        assert_eq!(shown("<a>éé</a>ж<b>"), ["<a>", "éé", "</a>", "ж", "<b>"]);
    }

    #[test]
    fn says_when_the_text_is_cut_off() {
        for text in ["<a b='c", "<!-- a", "<![CDATA[a", "</a", "<?a", "<!DOCTYPE a ["] {
            let mut tokens = Tokens::new(text, Dialect::Xml);
            assert_eq!(tokens.next(), None, "{text}");
            assert!(tokens.is_cut_off(), "{text}");
        }
    }

    #[test]
    fn an_attribute_of_html_may_hold_tags() {
        let mut tokens = Tokens::new("<img alt='a<br>b'>", Dialect::Html);
        let Some(Token::Start { attributes, .. }) = tokens.next() else { panic!() };
        assert_eq!(attributes.iter().next().unwrap().value, "a<br>b");
    }

    proptest! {
        #[test]
        fn a_text_cut_off_yields_the_tokens_up_to_the_cut(text in "[<>/!a b='\"\\[\\]?é-]{0,60}", cut in 0usize..60) {
            let cut = text.floor_char_boundary(cut.min(text.len()));
            let whole = shown(&text);
            let mut part = shown(&text[..cut]);
            // Text may go on behind the cut.
            if let Some(Token::Text(_)) = Tokens::new(&text[..cut], Dialect::Xml).last() {
                part.pop();
            }
            prop_assert_eq!(&whole[..part.len()], &part[..]);
        }
    }
}
