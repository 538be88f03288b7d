//! The tags of a page or an XML document, one after the other, however sloppy it is.
//!
//! No tree is made and nothing is checked, so that nothing is refused: what a tag says is all that is asked for. Time is
//! proportional to the document's length, and nothing is kept of it.

use std::borrow::Cow;

/// A tag of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'t> {
    /// The text between the markup before and this tag, as written.
    pub(crate) before: &'t str,
    /// Whether it is `</name>`.
    pub(crate) is_end: bool,
    /// Whether it is `<name/>`.
    pub(crate) is_empty: bool,
    name: &'t str,
    attributes: &'t str,
}

impl<'t> Tag<'t> {
    /// Whether it has this name, in whatever case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of the first attribute with this name, in whatever case: without space around it, its character
    /// references resolved. An `&` that begins none is itself, as pages have it in addresses.
    pub(crate) fn attribute(&self, name: &str) -> Option<Cow<'t, str>> {
        let mut attributes = Attributes(self.attributes);
        let (_, value) = attributes.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(htmlize::unescape_attribute(value.trim()))
    }
}

/// The tags of a document. Comments, processing instructions, and what stands in elements that hold no markup are
/// passed over.
pub(crate) fn tags(text: &str) -> Tags<'_> {
    Tags { rest: text }
}

/// See [`tags`].
pub(crate) struct Tags<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Tags<'t> {
    type Item = Tag<'t>;

    fn next(&mut self) -> Option<Tag<'t>> {
        let mut from = 0;
        loop {
            let at = from + self.rest.get(from..)?.find('<')?;
            let (before, markup) = self.rest.split_at(at);
            let (is_end, inside) = match (markup.strip_prefix("</"), markup.strip_prefix('<')) {
                (Some(inside), _) => (true, inside),
                (None, inside) => (false, inside?),
            };
            if inside.starts_with(|first: char| first.is_ascii_alphabetic()) {
                let (inside, rest) = inside.split_at(end_of_tag(inside));
                self.rest = rest.strip_prefix('>').unwrap_or(rest);
                let name_end = inside.find(|next| is_space(next) || next == '/').unwrap_or(inside.len());
                let (name, attributes) = inside.split_at(name_end);
                let tag = Tag { before, is_end, is_empty: attributes.ends_with('/'), name, attributes };
                if !is_end && !tag.is_empty && RAW.iter().any(|raw| tag.is(raw)) {
                    self.skip_to_end_of(name);
                }
                return Some(tag);
            }
            match end_of_no_tag(markup) {
                Some(end) => {
                    self.rest = markup.get(end..)?;
                    from = 0;
                }
                // A sign in the text.
                None => from = at + 1,
            }
        }
    }
}

impl Tags<'_> {
    /// Goes on at the end tag with this name, or at the document's end where there is none.
    fn skip_to_end_of(&mut self, name: &str) {
        let is_named = |rest: &str| rest.get(2..2 + name.len()).is_some_and(|other| other.eq_ignore_ascii_case(name));
        let ends = self.rest.match_indices("</").filter_map(|(at, _)| self.rest.get(at..));
        self.rest = ends.into_iter().find(|rest| is_named(rest)).unwrap_or_default();
    }
}

/// Elements whose content is no markup (HTML standard, section 13.1.2, raw text and escapable raw text elements).
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// Where a tag ends: at the first `>` that is in no quoted value (HTML standard, sections 13.2.5.32 to 13.2.5.39).
fn end_of_tag(inside: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in inside.bytes().enumerate() {
        match quote {
            None if byte == b'>' => return at,
            None if matches!(byte, b'"' | b'\'') && before == b'=' => quote = Some(byte),
            Some(mark) if mark == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    inside.len()
}

/// Where a comment, an instruction or the like ends; where it does not, it ends with the document.
fn end_of_no_tag(markup: &str) -> Option<usize> {
    let end_after = |begin: usize, mark: &str| {
        let end = markup.get(begin..).and_then(|rest| rest.find(mark)).map(|at| begin + at + mark.len());
        Some(end.unwrap_or(markup.len()))
    };
    if markup.starts_with("<!--") {
        // `<!-->` is a whole comment (HTML standard, section 13.2.5.43).
        end_after(2, "-->")
    } else if markup.starts_with("<![CDATA[") {
        end_after(0, "]]>")
    } else if markup.starts_with("<!") || markup.starts_with("<?") || markup.starts_with("</") {
        end_after(0, ">")
    } else {
        None
    }
}

/// The attributes of a tag, name and value as written.
struct Attributes<'t>(&'t str);

impl<'t> Iterator for Attributes<'t> {
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(|next| is_space(next) || next == '/');
        if rest.is_empty() {
            return None;
        }
        let name_end = rest.find(|next| is_space(next) || matches!(next, '/' | '=')).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(name_end);
        let (value, rest) = match rest.trim_start().strip_prefix('=') {
            Some(value) => value_at(value.trim_start()),
            None => ("", rest),
        };
        self.0 = rest;
        Some((name, value))
    }
}

/// The value at the start of a text, and what is behind it.
fn value_at(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(text.find(is_space).unwrap_or(text.len()))
}

fn is_space(character: char) -> bool {
    character.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn first<'t>(text: &'t str, attribute: &str) -> Option<Cow<'t, str>> {
        tags(text).next().unwrap().attribute(attribute)
    }

    fn names(text: &str) -> Vec<&str> {
        tags(text).map(|tag| tag.name).collect()
    }

    #[test]
    fn reads_attributes_however_they_are_written() {
        for text in ["<a href=\"/x?a=1&amp;b=2\">", "<A HREF = '/x?a=1&b=2' >", "<a class=y href=/x?a=1&b=2>"] {
            assert_eq!(first(text, "href").as_deref(), Some("/x?a=1&b=2"), "{text}");
        }
        assert_eq!(first("<a href=/feed/>", "href").as_deref(), Some("/feed/"));
        assert_eq!(first("<a download href=x>", "download").as_deref(), Some(""));
        assert_eq!(first("<a href=x>", "title"), None);
        assert_eq!(first("<a title='a > b' href=x>", "href").as_deref(), Some("x"));
        assert_eq!(first("<a href=x\" title=y>z<b>\"", "title").as_deref(), Some("y"), "a stray quote opens nothing");
        assert_eq!(first("<a =x href=y", "href").as_deref(), Some("y"));
    }

    #[test]
    fn passes_over_what_is_no_tag() {
        assert_eq!(names("1 < 2 <!-- <a> --><b><!--><c><![CDATA[<d>]]><?e <f?></g>"), ["b", "c", "g"]);
        assert_eq!(names("<script>if (a<b) '<c>'</SCRIPT><d>"), ["script", "SCRIPT", "d"]);
        assert_eq!(names("<title/><a>"), ["title", "a"]);
        assert_eq!(names("<style><a>"), ["style"]);
        assert_eq!(names("<!-- <a>"), [""; 0]);
    }

    #[test]
    fn tells_starts_from_ends_and_has_the_text_before() {
        let kinds: Vec<_> = tags("<a>x<b/> y &lt;</a>").map(|tag| (tag.before, tag.is_end, tag.is_empty)).collect();
        assert_eq!(kinds, [("", false, false), ("x", false, true), (" y &lt;", true, false)]);
    }

    #[test]
    fn hostile_documents_take_no_longer_than_others() {
        for part in ["<", "<a \"", "<a =", "<!--", "<script>", "</", "<a href='", "<a b c", "</script", "&a"] {
            let text = part.repeat(400_000 / part.len());
            let begun = Instant::now();
            let count = tags(&text).filter(|tag| tag.attribute("href").is_some()).count();
            assert!(begun.elapsed() < Duration::from_secs(10), "{part} {count}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_end(text in "(<(/|!--|\\?)?(a|script|é)?|[ ='\"/>&;xé]|-->|]]>){0,60}") {
            let length: usize = tags(&text).map(|tag| tag.before.len() + tag.name.len() + tag.attributes.len() + 1).sum();
            prop_assert!(length <= text.len(), "each piece is of the text, and of it once");
            for tag in tags(&text) {
                tag.attribute("x");
            }
        }
    }
}
