//! The tags of a page and the text between them, as a browser's tokenizer would find them (HTML Living Standard,
//! section 13.2.5), one after the other, in time proportional to the page's length.

use memchr::{memchr, memmem};

/// A tag or the text between two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token<'h> {
    /// Text as written, character references and all; an article may have several in a row.
    Text(&'h str),
    /// `<name ...>`; its attributes have been handed out.
    Start {
        /// As written.
        name: &'h str,
        /// Whether it is `<name/>`.
        is_empty: bool,
    },
    /// `</name>`
    End {
        /// As written.
        name: &'h str,
    },
}

/// An attribute of a tag, as written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Attribute<'h> {
    /// Its name, in whatever case.
    pub(super) name: &'h str,
    /// Its value, character references and all.
    pub(super) value: &'h str,
}

/// Reads tokens from a page.
pub(super) struct Tokens<'h> {
    html: &'h str,
    at: usize,
}

impl<'h> Tokens<'h> {
    pub(super) const fn new(html: &'h str) -> Self {
        Self { html, at: 0 }
    }

    fn bytes(&self) -> &'h [u8] {
        self.html.as_bytes()
    }

    /// Where the next byte of a kind is, or the end of the page.
    fn find(&self, byte: u8, from: usize) -> usize {
        self.bytes().get(from..).and_then(|rest| memchr(byte, rest)).map_or(self.html.len(), |found| from + found)
    }

    /// The next token; a start tag's attributes go to `attribute`. Comments and declarations are passed over.
    pub(super) fn next(&mut self, mut attribute: impl FnMut(Attribute<'h>)) -> Option<Token<'h>> {
        loop {
            let start = self.at;
            // Up to what is markup: a `<` before anything else is text.
            let mut markup = self.find(b'<', start);
            while markup < self.html.len() && !self.is_markup(markup) {
                markup = self.find(b'<', markup + 1);
            }
            if markup > start {
                self.at = markup;
                return Some(Token::Text(&self.html[start..markup]));
            }
            match self.bytes().get(markup + 1)? {
                b'!' if self.html[markup..].starts_with("<!--") => self.at = self.end_of_comment(markup + 4),
                b'/' if self.bytes().get(markup + 2).is_some_and(u8::is_ascii_alphabetic) => {
                    let name = self.name(markup + 2);
                    self.at = self.attributes(markup + 2 + name.len(), |_| ())?.0;
                    return Some(Token::End { name });
                }
                b'!' | b'?' | b'/' => self.at = self.find(b'>', markup) + 1,
                _ => {
                    let name = self.name(markup + 1);
                    let (end, is_empty) = self.attributes(markup + 1 + name.len(), &mut attribute)?;
                    self.at = end;
                    return Some(Token::Start { name, is_empty });
                }
            }
            if self.at >= self.html.len() {
                return None;
            }
        }
    }

    /// The text up to the end tag of an element whose content is no markup, and passes the end tag. Without an end tag
    /// it is `None`, and nothing is passed.
    pub(super) fn raw_text(&mut self, name: &str) -> Option<&'h str> {
        let start = self.at;
        let mut from = start;
        loop {
            let end = from + memmem::find(self.bytes().get(from..)?, b"</")?;
            let after = end + 2 + name.len();
            let found = self.bytes().get(end + 2..after)?;
            let is_whole = self.bytes().get(after).is_none_or(|next| is_space(*next) || matches!(next, b'>' | b'/'));
            if found.eq_ignore_ascii_case(name.as_bytes()) && is_whole {
                self.at = self.attributes(after, |_| ()).map_or(self.html.len(), |(at, _)| at);
                return Some(&self.html[start..end]);
            }
            from = end + 2;
        }
    }

    /// Passes the rest of the page.
    pub(super) fn rest(&mut self) -> &'h str {
        let start = std::mem::replace(&mut self.at, self.html.len());
        self.html.get(start..).unwrap_or_default()
    }

    fn is_markup(&self, at: usize) -> bool {
        self.bytes().get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'))
    }

    /// The name of the tag that begins here.
    fn name(&self, start: usize) -> &'h str {
        let rest = &self.html[start..];
        let end = rest.bytes().position(|byte| is_space(byte) || matches!(byte, b'/' | b'>'));
        &rest[..end.unwrap_or(rest.len())]
    }

    /// Where a comment ends whose content begins here: also at `--!>`, and at once at `>` and `->`.
    fn end_of_comment(&self, start: usize) -> usize {
        let rest = &self.bytes()[start..];
        if rest.starts_with(b">") {
            return start + 1;
        }
        if rest.starts_with(b"->") {
            return start + 2;
        }
        memmem::find_iter(rest, b"--")
            .find_map(|dashes| match &rest[dashes + 2..] {
                [b'>', ..] => Some(start + dashes + 3),
                // The pairs found do not overlap: `--->`, `---!>`.
                [b'!' | b'-', b'>', ..] => Some(start + dashes + 4),
                [b'-', b'!', b'>', ..] => Some(start + dashes + 5),
                _ => None,
            })
            .unwrap_or(self.html.len())
    }

    /// Hands out the attributes of a tag from behind its name on; where the tag ends, and whether it ends with `/>`.
    /// `None` where the page ends within the tag.
    fn attributes(&self, start: usize, mut attribute: impl FnMut(Attribute<'h>)) -> Option<(usize, bool)> {
        let bytes = self.bytes();
        let mut at = start;
        loop {
            let before = at;
            while is_space(*bytes.get(at)?) || bytes[at] == b'/' {
                at += 1;
            }
            if bytes[at] == b'>' {
                return Some((at + 1, at > before && bytes[at - 1] == b'/'));
            }
            let name = at;
            // An equals sign at the start belongs to the name.
            at += 1;
            while !matches!(*bytes.get(at)?, b'/' | b'>' | b'=') && !is_space(bytes[at]) {
                at += 1;
            }
            let end_of_name = at;
            while is_space(*bytes.get(at)?) {
                at += 1;
            }
            let (mut value, mut end) = (at, at);
            if bytes[at] == b'=' {
                at += 1;
                while is_space(*bytes.get(at)?) {
                    at += 1;
                }
                match bytes[at] {
                    quote @ (b'"' | b'\'') => {
                        value = at + 1;
                        end = value + memchr(quote, &bytes[value..])?;
                        at = end + 1;
                    }
                    b'>' => (value, end) = (at, at),
                    _ => {
                        value = at;
                        while *bytes.get(at)? != b'>' && !is_space(bytes[at]) {
                            at += 1;
                        }
                        end = at;
                    }
                }
            }
            attribute(Attribute { name: &self.html[name..end_of_name], value: &self.html[value..end] });
        }
    }
}

/// White space in a tag (HTML Living Standard, "ASCII whitespace").
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}
