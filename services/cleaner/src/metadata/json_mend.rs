//! Broken JSON made whole: publishing systems put line breaks and quotes into strings, forget commas and brackets,
//! escape the whole for HTML, or cut it off.

use std::borrow::Cow;

use crate::html;

/// The deepest nesting that is kept; the reader of the result allows a little more.
const MAX_DEPTH: usize = 100;
/// A longer key is none, in bytes.
const MAX_KEY: usize = 100;

/// JSON as close to a text as it can be made, always a list of the values found; what cannot be understood is left
/// out. It takes one pass, and does not recurse.
pub(super) fn mend(text: &str) -> String {
    // A script holds no character references; one that does was escaped as a whole.
    let text = if text.contains("&quot;") && !text.contains("\":") { html::decode(text) } else { Cow::Borrowed(text) };
    let mut mender = Mender { text: &text, at: 0, out: String::with_capacity(text.len() + 2), open: Vec::new() };
    mender.out.push('[');
    mender.open.push(Open { is_object: false, is_empty: true, key: Key::None });
    mender.run();
    mender.close_to(0);
    mender.out
}

/// Where in an entry of an object the reader is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Key {
    /// Before its key, or in a list.
    None,
    /// Behind its key, before its value.
    Written,
}

/// A list or object that has no end yet.
struct Open {
    is_object: bool,
    is_empty: bool,
    key: Key,
}

struct Mender<'t> {
    text: &'t str,
    at: usize,
    out: String,
    open: Vec<Open>,
}

impl Mender<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'{' | b'[' => {
                    if self.open.len() > MAX_DEPTH {
                        return;
                    }
                    self.at += 1;
                    if self.begin_value() {
                        self.out.push(char::from(byte));
                        self.open.push(Open { is_object: byte == b'{', is_empty: true, key: Key::None });
                    }
                }
                b'}' | b']' => {
                    self.at += 1;
                    // A bracket without a beginning is left out; the list around all is not closed from inside.
                    let is_object = byte == b'}';
                    if let Some(place) = self.open.iter().rposition(|open| open.is_object == is_object)
                        && place > 0
                    {
                        self.close_to(place);
                    }
                }
                b'"' => {
                    let is_key = self.expects_key();
                    let string = self.string(is_key);
                    self.write_string(&string, is_key);
                }
                b',' => {
                    self.at += 1;
                    if self.open.last().is_some_and(|open| open.key == Key::Written) && self.begin_value() {
                        self.out.push_str("null");
                    }
                }
                b'/' if self.text[self.at..].starts_with("//") => self.skip_past("\n"),
                b'/' if self.text[self.at..].starts_with("/*") => self.skip_past("*/"),
                _ if is_of_word(byte) => self.word(),
                _ => self.at += 1,
            }
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn skip_past(&mut self, end: &str) {
        self.at = self.text[self.at..].find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_object && open.key == Key::None)
    }

    /// Writes what stands between two values; whether a value may stand here.
    fn begin_value(&mut self) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        if open.is_object {
            // A value without a key is left out, and what is in it belongs to the object around it.
            return std::mem::replace(&mut open.key, Key::None) == Key::Written;
        }
        if !std::mem::replace(&mut open.is_empty, false) {
            self.out.push(',');
        }
        true
    }

    fn write_string(&mut self, string: &str, is_key: bool) {
        if !is_key {
            if self.begin_value() {
                self.out.push_str(string);
            }
            return;
        }
        if let Some(open) = self.open.last_mut() {
            if !std::mem::replace(&mut open.is_empty, false) {
                self.out.push(',');
            }
            open.key = Key::Written;
            self.out.push_str(string);
            self.out.push(':');
        }
    }

    /// Numbers, `true`, `false`, `null`; keys without quotes.
    fn word(&mut self) {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.bytes().position(|byte| !is_of_word(byte)).unwrap_or(rest.len())];
        self.at += word.len();
        let is_value = serde_json::from_str::<serde_json::Value>(word).is_ok();
        if self.expects_key() {
            if rest[word.len()..].trim_start().starts_with(':') {
                self.write_string(&format!("\"{word}\""), true);
            }
        } else if is_value && self.open.len() > 1 && self.begin_value() {
            self.out.push_str(word);
        }
    }

    /// The string that begins here, written as JSON wants it. It ends at the first quote that something follows which
    /// can follow a string; other quotes are its own.
    fn string(&mut self, is_key: bool) -> String {
        let mut string = String::from('"');
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(stop) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte < 0x20) else {
                string.push_str(rest);
                self.at = self.text.len();
                break;
            };
            string.push_str(&rest[..stop]);
            self.at += stop + 1;
            match rest.as_bytes()[stop] {
                b'"' if self.ends_string(is_key) => break,
                b'"' => string.push_str("\\\""),
                b'\\' => self.escape(&mut string),
                _ => string.push(' '),
            }
        }
        string.push('"');
        string
    }

    /// What stands behind a backslash.
    fn escape(&mut self, string: &mut String) {
        let Some(byte) = self.byte(self.at) else { return };
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                string.push('\\');
                string.push(char::from(byte));
                self.at += 1;
            }
            b'u' => {
                // Whole pairs only: the reader refuses halves.
                let unit = |at: usize| u32::from_str_radix(self.text.get(at..at + 4)?, 16).ok();
                let first = unit(self.at + 1);
                let second = unit(self.at + 7).filter(|_| self.text[self.at..].get(5..7) == Some("\\u"));
                let (character, length) = match (first, second) {
                    (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                        (char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 11)
                    }
                    (Some(unit), _) => (char::from_u32(unit), 5),
                    (None, _) => (None, 1),
                };
                self.at += length;
                string
                    .extend(character.filter(|character| !character.is_control() && !matches!(character, '"' | '\\')));
            }
            // Any other character needs no backslash.
            _ => {}
        }
    }

    /// Whether a quote in front of this place ends a string.
    fn ends_string(&self, is_key: bool) -> bool {
        let (next, at) = self.next_from(self.at);
        match next {
            None => true,
            Some(b':') => is_key,
            Some(b'}' | b']') => !is_key,
            Some(b',') => {
                !is_key
                    && match self.next_from(at + 1) {
                        (Some(b'"'), at) => !self.is_in_object() || self.is_key_at(at),
                        (Some(b'}' | b']' | b',') | None, _) => true,
                        // A list goes on with any value.
                        (Some(b'{' | b'[' | b'-' | b'0'..=b'9'), _) => !self.is_in_object(),
                        _ => false,
                    }
            }
            // The comma between two lines was forgotten.
            Some(b'"') => !is_key && self.text[self.at..at].contains('\n'),
            _ => false,
        }
    }

    fn is_in_object(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_object)
    }

    /// Whether a key may stand at this quote: another quote follows soon, and a colon behind it.
    fn is_key_at(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes().get(at + 1..).unwrap_or_default();
        let near = &bytes[..bytes.len().min(MAX_KEY)];
        let end = near.iter().position(|byte| matches!(byte, b',' | b'{' | b'}')).unwrap_or(near.len());
        let mut quotes = near[..end].iter().enumerate().filter(|(_, byte)| **byte == b'"');
        let is_before_colon =
            |(at, _): (usize, &u8)| near[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
        // What was cut off may have been one.
        quotes.any(is_before_colon) || end == bytes.len()
    }

    /// The next byte that is no white space, and where it is.
    fn next_from(&self, from: usize) -> (Option<u8>, usize) {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let at = from + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        (self.byte(at), at)
    }

    /// Ends the open lists and objects from a place on.
    fn close_to(&mut self, place: usize) {
        while self.open.len() > place
            && let Some(open) = self.open.pop()
        {
            if open.key == Key::Written {
                self.out.push_str("null");
            }
            self.out.push(if open.is_object { '}' } else { ']' });
        }
    }
}

/// Letters, digits and what numbers and names are written with.
const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'@' | b'$')
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn mended(text: &str) -> Value {
        serde_json::from_str(&mend(text)).unwrap_or_else(|error| panic!("{error} in {}", mend(text)))
    }

    #[test]
    fn what_is_broken_is_mended() {
        for (broken, expected) in [
            ("{\"a\":\"one\ntwo\"}", json!([{"a": "one two"}])),
            ("{\"a\":1,}", json!([{"a": 1}])),
            ("{\"a\":[1,2,],\"b\":\"c\",,}", json!([{"a": [1, 2], "b": "c"}])),
            ("{\"a\":\"b\"\n\"c\":\"d\"}", json!([{"a": "b", "c": "d"}])),
            ("{\"a\":{\"b\":[1", json!([{"a": {"b": [1]}}])),
            ("{\"a\":\"cut o", json!([{"a": "cut o"}])),
            ("{\"a\":", json!([{"a": null}])),
            ("{\"a\":,\"b\":2}", json!([{"a": null, "b": 2}])),
            ("{&quot;a&quot;:&quot;b &amp; c&quot;}", json!([{"a": "b & c"}])),
            ("/* x */ {\"a\":1 // y\n}", json!([{"a": 1}])),
            ("{\"a\":1} {\"b\":2}", json!([{"a": 1}, {"b": 2}])),
            ("{\"a\":1},\n[{\"b\":2}];", json!([{"a": 1}, [{"b": 2}]])),
            ("{\"a\":\"the \"Gull\", a ship\",\"b\":1}", json!([{"a": "the \"Gull\", a ship", "b": 1}])),
            (
                "{\"a\":\"the \"Gull\", \"Tern\" and \"Auk\" sunk\",\"b\":1}",
                json!([{"a": "the \"Gull\", \"Tern\" and \"Auk\" sunk", "b": 1}]),
            ),
            ("{\"a\":\"b\nc\",\"d", json!([{"a": "b c", "d": null}])),
            ("{\"a\":\"\"Late\" she said\"}", json!([{"a": "\"Late\" she said"}])),
            ("{\"a\":\"it\\'s \\x \\u00e9 \\ud83d!\"}", json!([{"a": "it's x é !"}])),
            ("{\"a\":\"\\ud83d\\ude00\"}", json!([{"a": "😀"}])),
            ("{a:1, \"b\":undefined}", json!([{"a": 1, "b": null}])),
            ("{\"a\":1]}", json!([{"a": 1}])),
            ("}]", json!([])),
            ("", json!([])),
        ] {
            assert_eq!(mended(broken), expected, "{broken}");
        }
    }

    #[test]
    fn hostile_text_takes_no_time() {
        for piece in ["[{\"a\":", "[", "\"", "\" ", "{\"a\" ", "/*", "//", "}", "\\u", "1", "\",", "a ", "\"a\":\"b\" "]
        {
            let start = Instant::now();
            let _ = mended(&piece.repeat(1_000_000 / piece.len()));
            let _ = mended(&format!("{{\"a\":\"{}", piece.repeat(1_000_000 / piece.len())));
            assert!(start.elapsed() < Duration::from_secs(20), "{piece}");
        }
    }

    proptest! {
        #[test]
        fn the_result_is_json(text in "([\\[\\]{}:,\"\\\\ \n/*au0-9é-]|\\\\u[0-9a-f]{4}|true|\"a\":){0,60}") {
            let _ = mended(&text);
        }

        #[test]
        fn sound_json_stays_as_it_is(strings in proptest::collection::vec("[a-z\"\\\\\n,:é😀]{0,9}", 0..6), number: i32) {
            // Only quotes that look like ends are lost, and control characters.
            let clean: Vec<String> = strings.iter().map(|text| text.replace(['"', '\n', '\\'], "")).collect();
            let value = json!({"a": clean, "b": {"c": number, "d": [null, true]}});
            prop_assert_eq!(mended(&value.to_string()), json!([value]));
        }
    }
}
