//! Plain text on one line: out of elements of a page, and out of what may hold markup or character references, as
//! titles of feeds and values of JSON-LD do.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::html::{self, NodeRef, Tag};

/// The text on one line, markup and character references resolved; `None` where nothing is left.
pub(crate) fn plain(text: &str) -> Option<String> {
    if !text.contains(['<', '&']) {
        return one_line(text);
    }
    text_of(html::parse(text).ok()?.root(), text.len())
}

/// The text in a node on one line, blocks and lines apart, without what is no text for readers. `None` where there is
/// none, or where it takes more than about `most` bytes, as it is then not what it was thought to be.
pub(crate) fn text_of(node: NodeRef<'_, '_>, most: usize) -> Option<String> {
    let mut text = String::new();
    // Where the open blocks end.
    let mut ends: Vec<usize> = Vec::new();
    let mut hidden_to = 0;
    // An element without text may hold a million others.
    for (steps, node) in std::iter::once(node).chain(node.descendants()).enumerate() {
        if text.len() > most.saturating_mul(2) || steps > most.saturating_add(100) {
            return None;
        }
        while ends.pop_if(|end| *end <= node.id()).is_some() {
            text.push(' ');
        }
        match node.tag() {
            _ if node.id() < hidden_to => {}
            Some(tag) if is_hidden(tag) => hidden_to = node.inside().end,
            Some(tag) if tag.is_special() || tag == Tag::Br => {
                text.push(' ');
                ends.push(node.inside().end);
            }
            Some(_) => {}
            None => text.push_str(&html::decode(node.raw_text().unwrap_or_default())),
        }
    }
    one_line(&text).filter(|line| line.len() <= most)
}

/// Whether nothing in such an element is text for readers.
pub(crate) const fn is_hidden(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Script | Tag::Style | Tag::Template | Tag::Noscript | Tag::Head | Tag::Svg | Tag::Select | Tag::Button
    )
}

/// The text in Unicode's normal form C (Unicode Standard Annex #15): a letter and its accent as one character.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) }
}

/// The words of a text with one space between them; `None` where there are none.
pub(crate) fn one_line(text: &str) -> Option<String> {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|character: char| character.is_whitespace() || character.is_control()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    (!line.is_empty()).then(|| nfc(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn resolves_markup_and_entities() {
        assert_eq!(plain("Ono &amp; Sons\n<b>r</b>ise &#8217;til noon").unwrap(), "Ono & Sons rise ’til noon");
        assert_eq!(plain("3 < 5").unwrap(), "3 < 5");
        assert_eq!(plain("&amp;lt;b>").unwrap(), "&lt;b>");
        assert_eq!(plain(" \n<br>"), None);
    }

    #[test]
    fn blocks_and_lines_are_apart() {
        assert_eq!(plain("one<br>two<p>three</p>four<script>five</script>").unwrap(), "one two three four");
        assert_eq!(plain("<ul><li>one<li>t<i>w</i>o</ul>").unwrap(), "one two");
    }

    #[test]
    fn long_text_is_not_read() {
        let page = html::parse("<h1>one two</h1><h1></h1>").unwrap();
        let heading = page.nodes().find(|node| node.is(Tag::H1)).unwrap();
        assert_eq!(text_of(heading, 7).unwrap(), "one two");
        assert_eq!(text_of(heading, 6), None);
        let empty = format!("<h1>{}x</h1>", "<i></i>".repeat(100_000));
        let page = html::parse(&empty).unwrap();
        assert_eq!(text_of(page.root(), 300), None);
    }

    proptest! {
        #[test]
        fn plain_text_is_on_one_line(text in "(<(/?(p|b|br|script|td))>|&amp;|&|[a-z é\u{a0}\n]){0,30}") {
            if let Some(plain) = plain(&text) {
                prop_assert!(!plain.contains("  ") && !plain.contains('\n'));
                prop_assert!(!plain.is_empty() && plain.trim() == plain);
            }
        }
    }
}
