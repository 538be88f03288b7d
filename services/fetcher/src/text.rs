//! Where an article's text is: in its feed, or on its page.

use tallywire_proto::FeedEntry;

use crate::{feeds::FullText, fingerprint::fingerprint};

/// A text of the feed that is this long stands for the article, unless it says that it goes on (in characters of text).
const WHOLE: usize = 1500;
/// How a text ends that goes on elsewhere, in lower case.
const TRUNCATED: [&str; 10] =
    ["…", "...", "[…]", "[...]", "&hellip;", "&#8230;", "[&#8230;]", "read more", "continue reading", "weiterlesen"];

/// Changes when the article does, as far as its feed tells.
pub(crate) fn entry_fingerprint(entry: &FeedEntry) -> String {
    fingerprint([&entry.title, &entry.summary, &entry.content].map(|part| part.as_deref().unwrap_or_default()))
}

/// Whether the page is needed beside what the feed has.
pub(crate) fn needs_page(full_text: FullText, entry: &FeedEntry) -> bool {
    match full_text {
        FullText::Feed => false,
        FullText::Page => true,
        FullText::Auto => ![&entry.content, &entry.summary].into_iter().flatten().any(|text| is_whole(text)),
    }
}

/// The text that the feed has of the article, as HTML; its title alone where there is nothing else.
pub(crate) fn feed_text(entry: &FeedEntry) -> String {
    // Some feeds put the whole text into what should be the summary.
    let texts = [&entry.summary, &entry.content].into_iter().flatten();
    let longest = texts.max_by_key(|text| visible(text).len());
    longest.or(entry.title.as_ref()).cloned().unwrap_or_default()
}

fn is_whole(html: &str) -> bool {
    let text = visible(html);
    let text = text.trim_end();
    // Arrows and quotation marks may stand behind the mark.
    let text =
        text.trim_end_matches(|last: char| last.is_whitespace() || matches!(last, '→' | '»' | '›' | '>' | '”' | '"'));
    let lower = text.get(text.floor_char_boundary(text.len().saturating_sub(40))..).unwrap_or(text).to_lowercase();
    text.chars().count() >= WHOLE && !TRUNCATED.iter().any(|mark| lower.ends_with(mark))
}

/// A text without its tags: enough to tell how long it is and how it ends.
fn visible(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|character| match character {
            '<' => {
                inside = true;
                false
            }
            '>' if inside => {
                inside = false;
                false
            }
            _ => !inside,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(content: Option<&str>) -> FeedEntry {
        FeedEntry { content: content.map(str::to_owned), ..FeedEntry::default() }
    }

    #[test]
    fn a_short_or_truncated_text_needs_its_page() {
        let long = format!("<p>{}</p>", "word ".repeat(400));
        assert!(!needs_page(FullText::Auto, &entry(Some(&long))));
        assert!(needs_page(FullText::Auto, &entry(Some(&format!("{long}<a href=x>Read more</a>")))));
        assert!(needs_page(FullText::Auto, &entry(Some("<p>Short.</p>"))));
        assert!(needs_page(FullText::Auto, &entry(None)));
        assert!(!needs_page(FullText::Feed, &entry(None)));
        assert!(needs_page(FullText::Page, &entry(Some(&long))));
        let summary = FeedEntry { summary: Some(long.clone()), ..entry(Some("<p>Short.</p>")) };
        assert!(!needs_page(FullText::Auto, &summary));
        assert_eq!(feed_text(&summary), long);
        assert_eq!(feed_text(&FeedEntry { title: Some("A".to_owned()), ..entry(None) }), "A");
        let markup = format!("<img alt=\"{}\">", "word ".repeat(400));
        assert!(needs_page(FullText::Auto, &entry(Some(&markup))), "an attribute is no text");
    }

    #[test]
    fn a_changed_text_has_another_fingerprint() {
        let one = entry(Some("a"));
        assert_eq!(entry_fingerprint(&one), entry_fingerprint(&one.clone()));
        assert_ne!(entry_fingerprint(&one), entry_fingerprint(&entry(Some("b"))));
        let moved = FeedEntry { title: Some("a".to_owned()), ..entry(None) };
        assert_ne!(entry_fingerprint(&one), entry_fingerprint(&moved));
    }
}
