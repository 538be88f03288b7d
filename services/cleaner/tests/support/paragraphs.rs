//! The law that every text of the cleaner's own making keeps.

#![allow(clippy::expect_used, reason = "a law that does not hold fails the test")]

use tallywire_proto::Paragraph;

/// Checks that paragraphs are in order, apart, trimmed and within the text, and that the last ends where the text ends.
///
/// # Panics
/// Where they are not.
pub(crate) fn assert_paragraphs(text: &str, paragraphs: &[Paragraph]) {
    let characters: Vec<char> = text.chars().collect();
    let mut last = 0;
    for paragraph in paragraphs {
        assert!(last <= paragraph.start && paragraph.start < paragraph.end, "{paragraph:?} after {last}");
        let slice: String = characters.get(paragraph.start..paragraph.end).expect("within the text").iter().collect();
        assert_eq!(slice.trim(), slice, "{paragraph:?} is trimmed");
        last = paragraph.end;
    }
    assert_eq!(last, characters.len(), "the last paragraph ends where the text ends");
}
