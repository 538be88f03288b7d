//! The tags of a page, as the HTML tokenizer finds them, in one pass.

use super::MAX_ATTRIBUTES;
use crate::CleanError;

/// A start or end tag.
pub(super) struct Tag {
    /// Its name in lower case.
    pub(super) name: String,
    /// Whether it is an end tag.
    pub(super) closes: bool,
    /// Whether it ends in `/>`.
    pub(super) self_closing: bool,
    /// How many attributes it has.
    pub(super) attributes: usize,
}

/// What is left of a page to scan.
pub(super) struct Scan<'h> {
    rest: &'h str,
}

impl<'h> Scan<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { rest: html }
    }

    /// The next tag. Comments are passed over; raw text is not, since only the parser's state tells what is raw.
    pub(super) fn next_tag(&mut self) -> Result<Option<Tag>, CleanError> {
        while let Some(at) = self.rest.find('<') {
            let after = &self.rest[at + 1..];
            match after.as_bytes().first() {
                Some(b'!') => self.rest = skip_declaration(after),
                Some(b'/') if after[1..].starts_with(|first: char| first.is_ascii_alphabetic()) => {
                    return self.read_tag(&after[1..], true).map(Some);
                }
                Some(b'?' | b'/') => self.rest = skip_past(after, ">"),
                Some(first) if first.is_ascii_alphabetic() => return self.read_tag(after, false).map(Some),
                _ => self.rest = after,
            }
        }
        Ok(None)
    }

    /// Reads a tag from its name on.
    fn read_tag(&mut self, text: &'h str, closes: bool) -> Result<Tag, CleanError> {
        let length = text.find(|next: char| is_space(next) || matches!(next, '/' | '>')).unwrap_or(text.len());
        let mut tag = Tag { name: text[..length].to_ascii_lowercase(), closes, self_closing: false, attributes: 0 };
        let mut rest = &text[length..];
        loop {
            let next = rest.trim_start_matches(|next: char| is_space(next) || next == '/');
            tag.self_closing = rest[..rest.len() - next.len()].ends_with('/');
            if next.is_empty() || next.starts_with('>') {
                self.rest = next.get(1..).unwrap_or("");
                return Ok(tag);
            }
            rest = skip_attribute(next);
            tag.attributes += 1;
            if tag.attributes > MAX_ATTRIBUTES {
                return Err(CleanError::TooManyAttributes { limit: MAX_ATTRIBUTES });
            }
        }
    }

    /// Goes on at the end tag of an element whose inside is text, or at the end of the page.
    pub(super) fn skip_raw_text(&mut self, name: &str) {
        let mut script = Script::Plain;
        let mut at = 0;
        while let Some(next) = self.rest.as_bytes()[at..].iter().position(|byte| matches!(byte, b'<' | b'-')) {
            at += next;
            let here = &self.rest[at..];
            let end_tag = here.strip_prefix("</").is_some_and(|rest| starts_with_name(rest, name));
            if end_tag && script != Script::Nested {
                self.rest = here;
                return;
            }
            if name == "script" {
                script = script.after(here, end_tag);
            }
            // The dashes of a comment's start may also be those of its end.
            at += if here.starts_with("<!--") { "<!".len() } else { 1 };
        }
        self.rest = "";
    }
}

/// Where in a script the scan is: a script may hold a script in a comment, whose end tag does not end it
/// (section 13.2.5.17 and on).
#[derive(Clone, Copy, Eq, PartialEq)]
enum Script {
    Plain,
    Comment,
    Nested,
}

impl Script {
    fn after(self, here: &str, end_tag: bool) -> Self {
        match self {
            Self::Plain if here.starts_with("<!--") => Self::Comment,
            Self::Comment | Self::Nested if here.starts_with("-->") => Self::Plain,
            Self::Comment if here.strip_prefix('<').is_some_and(|rest| starts_with_name(rest, "script")) => {
                Self::Nested
            }
            Self::Nested if end_tag => Self::Comment,
            _ => self,
        }
    }
}

/// White space between attributes.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn starts_with_name(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && text[name.len()..].starts_with(|next: char| is_space(next) || matches!(next, '/' | '>'))
}

fn skip_past<'h>(text: &'h str, end: &str) -> &'h str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// Past a comment or a document type, from its `!` on. A comment ends at `-->` or `--!>`, and is empty as `<!-->`.
fn skip_declaration(text: &str) -> &str {
    if !text.starts_with("!--") {
        return skip_past(text, ">");
    }
    let mut rest = &text[1..];
    while let Some(at) = rest.find("--") {
        let after = &rest[at + 2..];
        // The first two dashes are the start's, and end only the empty comments `<!-->` and `<!--->`.
        if let Some(after) = after.strip_prefix('>') {
            return after;
        }
        if let Some(after) = after.strip_prefix("!>").filter(|_| at > 0) {
            return after;
        }
        rest = &rest[at + 1..];
    }
    ""
}

/// Past one attribute: a name, and perhaps `=` and a value.
fn skip_attribute(text: &str) -> &str {
    // An equals sign at the start belongs to the name.
    let first = text.chars().next().map_or(0, char::len_utf8);
    let name_end = text[first..]
        .find(|next: char| is_space(next) || matches!(next, '/' | '>' | '='))
        .map_or(text.len(), |at| first + at);
    let after_name = &text[name_end..];
    let Some(value) = after_name.trim_start_matches(is_space).strip_prefix('=') else {
        return after_name;
    };
    let value = value.trim_start_matches(is_space);
    match value.as_bytes().first() {
        Some(b'"') => skip_past(&value[1..], "\""),
        Some(b'\'') => skip_past(&value[1..], "'"),
        _ => value.find(|next: char| is_space(next) || next == '>').map_or("", |at| &value[at..]),
    }
}
