//! Markup to tokens, whatever its state: nothing is refused, and what cannot be markup is text.
//!
//! The reading is linear and looks only ahead to the end of the token at hand: a document that is cut off yields the
//! tokens of the whole one up to the cut.

use super::attributes::{Attributes, Step, is_space, step};

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
    /// `<` within a quoted value means that the quote was never closed (XML 1.0, section 3.1), unless it is plain that
    /// it is closed behind it.
    Xml,
    /// `<` may stand within a quoted value (HTML, section 13.1.2.3).
    Html,
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
    fn a_quoted_value_may_hold_what_opens_a_tag() {
        assert_eq!(
            shown("<a b=\"Is 3 < 4?\" c='d'/><e f='1<2'><g h=\"i <j>k</j>\"><l m=\"n <o p=\"q\">"),
            ["<a b[Is 3 < 4?] c[d]/>", "<e f[1<2]>", "<g h[i]>", "<j>", "k", "</j>", "\">", "<l m[n]>", "<o p[q]>"]
                .map(str::to_owned)
                .as_slice()
        );
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
