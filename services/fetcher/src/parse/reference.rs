//! References in text: `&amp;`, `&eacute;`, `&#233;`, and what a document declares itself.

use std::{borrow::Cow, collections::HashMap};

use encoding_rs::WINDOWS_1252;

/// The longest name of a reference, in bytes (the longest of HTML has 31).
const LONGEST_NAME: usize = 32;
/// The longest text of an entity that a document declares, in bytes: `&a;` grows 21-fold, and
/// nothing grows more.
const LONGEST_ENTITY: usize = 64;
/// The most entities that a document may declare.
const MOST_ENTITIES: usize = 256;

/// The entities that a document declares in its internal subset (XML 1.0, section 4.2). None is ever fetched, and
/// none is expanded within another.
#[derive(Debug, Default)]
pub(super) struct Entities(HashMap<String, String>);

impl Entities {
    /// Reads the declarations of a document type.
    pub(super) fn declare(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1).take(MOST_ENTITIES) {
            let declaration = declaration.trim_start();
            let Some((name, value)) = declaration.split_once(|c: char| c.is_ascii_whitespace()) else { continue };
            let value = value.trim_start();
            let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { continue };
            let Some((value, _)) = value[1..].split_once(quote) else { continue };
            // In an entity's own text a numeric reference stands for its character.
            let value = decode(value, &Self::default()).into_owned();
            if name.len() <= LONGEST_NAME && value.len() <= LONGEST_ENTITY {
                self.0.entry(name.to_owned()).or_insert(value);
            }
        }
    }
}

/// The text with each reference replaced by what it stands for, once. What stands for nothing is kept as it is.
pub(super) fn decode<'a>(text: &'a str, entities: &Entities) -> Cow<'a, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let (start, mut rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len());
    out.push_str(start);
    while let Some(behind) = rest.strip_prefix('&') {
        let replaced = name_of(behind).and_then(|name| Some((name, value_of(name, entities)?)));
        if let Some((name, value)) = replaced {
            out.push_str(&value);
            rest = behind.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = behind;
        }
        let (plain, next) = rest.split_at(rest.find('&').unwrap_or(rest.len()));
        out.push_str(plain);
        rest = next;
    }
    Cow::Owned(out)
}

/// The name between `&` and `;`.
fn name_of(behind: &str) -> Option<&str> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'-' | b'.');
    let length = behind.bytes().take(LONGEST_NAME + 1).position(|byte| !is_name(&byte))?;
    let (name, rest) = behind.split_at(length);
    (length > 0 && rest.starts_with(';')).then_some(name)
}

fn value_of<'a>(name: &str, entities: &'a Entities) -> Option<Cow<'a, str>> {
    if let Some(number) = name.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let code = hexadecimal.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16)).ok()?;
        return char::from_u32(code)
            .map(|character| Cow::Owned(clean(character.encode_utf8(&mut [0; 4])).into_owned()));
    }
    match name {
        "amp" => return Some(Cow::Borrowed("&")),
        "lt" => return Some(Cow::Borrowed("<")),
        "gt" => return Some(Cow::Borrowed(">")),
        "quot" => return Some(Cow::Borrowed("\"")),
        "apos" => return Some(Cow::Borrowed("'")),
        _ => {}
    }
    if let Some(value) = entities.0.get(name) {
        return Some(Cow::Borrowed(value));
    }
    let reference = format!("&{name};");
    let value = htmlize::unescape(&reference).into_owned();
    (value != reference).then_some(Cow::Owned(value))
}

/// The text without control characters. Those from U+0080 to U+009F are windows-1252 that took a wrong turn (HTML,
/// section 13.2.5.80).
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let is_odd = |character: char| character.is_control() && !matches!(character, '\t' | '\n' | '\r');
    // Bytes that can start an odd character; most texts have none.
    if !text.bytes().any(|byte| byte == 0xc2 || byte < b' ' && !byte.is_ascii_whitespace() || byte == 0x7f) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match u32::from(character) {
            code @ 0x80..=0x9f => out.push_str(&WINDOWS_1252.decode_without_bom_handling(&[code as u8]).0),
            _ if is_odd(character) => {}
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// Appends text so that it reads the same in HTML and XML.
pub(super) fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(character),
        }
    }
}

/// Appends a value between double quotes.
pub(super) fn quote(out: &mut String, value: &str) {
    out.push('"');
    let mut parts = value.split('"');
    escape(out, parts.next().unwrap_or_default());
    for part in parts {
        out.push_str("&quot;");
        escape(out, part);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn replaces_each_reference_once() {
        let read = |text| decode(text, &Entities::default()).into_owned();
        assert_eq!(read("a &amp;lt; b &eacute;&#233;&#xE9;&#XE9; &apos;"), "a &lt; b éééé '");
        assert_eq!(read("Q&A &unheard; &amp &#; &#xD800; & &;"), "Q&A &unheard; &amp &#; &#xD800; & &;");
        assert_eq!(read("it&#146;s &#8217;&#128;"), "it’s ’€");
        assert_eq!(read("a&#0;b&#7;c"), "abc");
    }

    #[test]
    fn knows_what_the_document_declares() {
        let mut entities = Entities::default();
        entities.declare(
            "<!DOCTYPE rss [<!ENTITY paper 'The &#8220;Paper&#8221;'> <!ENTITY % x SYSTEM 'y'> <!ENTITY z SYSTEM 'f'>",
        );
        assert_eq!(decode("&paper;: &z;", &entities), "The “Paper”: &z;");
    }

    #[test]
    fn declared_entities_do_not_multiply() {
        let mut entities = Entities::default();
        entities.declare("<!DOCTYPE a [<!ENTITY b 'xx'><!ENTITY c '&b;&b;'>");
        assert_eq!(decode("&c;", &entities), "&b;&b;");
    }

    proptest! {
        #[test]
        fn what_is_escaped_reads_as_before(text in "\\PC{0,40}") {
            let mut escaped = String::new();
            escape(&mut escaped, &text);
            prop_assert_eq!(decode(&escaped, &Entities::default()), text.as_str());
            let mut quoted = String::new();
            quote(&mut quoted, &text);
            prop_assert_eq!(decode(&quoted[1..quoted.len() - 1], &Entities::default()), text.as_str());
        }
    }
}
