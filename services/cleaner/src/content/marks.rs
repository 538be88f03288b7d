//! What the names of an element say of the text in it: its tag, class, id and role, and microdata.

use std::{collections::HashMap, sync::LazyLock};

use crate::html::{NodeRef, Tag};

/// What an element is marked as, by its place in [`Mark::NAMES`]. Marks that only words in classes give have no more
/// than a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark {
    /// Of readers' comments: a word in its class, as `data/class-words.txt` has them.
    Comment = 6,
    /// Elements of these names.
    Article = 8,
    Main,
    Aside,
    Figure,
    Figcaption,
    Table,
    List,
    /// `itemprop="articleBody"` of schema.org.
    ArticleBody,
    /// `nav` and `footer`.
    Frame,
    /// Not shown to readers, at least at first.
    Hidden,
}

impl Mark {
    /// How many there are.
    pub(super) const COUNT: usize = Self::NAMES.len();
    /// Their names in the evidence.
    pub(super) const NAMES: [&str; 18] = [
        "story",
        "body",
        "caption",
        "live",
        "tags",
        "widget",
        "comment",
        "related",
        "article",
        "main",
        "aside",
        "figure",
        "figcaption",
        "table",
        "list",
        "article_body",
        "frame",
        "hidden",
    ];
}

/// The marks of an element.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Marks(u32);

impl Marks {
    pub(super) const fn has(self, mark: Mark) -> bool {
        self.has_at(mark as usize)
    }

    /// Whether it has the mark at a place in [`Mark::NAMES`].
    pub(super) const fn has_at(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    const fn set(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u32;
    }
}

/// Which marks a word in a class stands for.
static WORDS: LazyLock<HashMap<&'static str, u32, foldhash::fast::RandomState>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    for line in include_str!("../../data/class-words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((category, row)) = line.split_once(' ') else { continue };
        let Some(place) = Mark::NAMES.iter().position(|name| *name == category) else { continue };
        for word in row.split(' ') {
            *words.entry(word).or_insert(0) |= 1 << place;
        }
    }
    words
});

/// The longest word in a class that is looked up.
const LONGEST_WORD: usize = 16;
/// Classes are read up to here, in bytes: some list the whole style.
const LONGEST_CLASS: usize = 400;

/// The marks of one element.
pub(super) fn of(node: NodeRef<'_, '_>) -> Marks {
    let mut marks = Marks::default();
    match node.tag() {
        // What these are called is about the page, not about a part of it.
        Some(Tag::Html | Tag::Body) | None => return marks,
        Some(Tag::Article) => marks.set(Mark::Article),
        Some(Tag::Main) => marks.set(Mark::Main),
        Some(Tag::Aside) => marks.set(Mark::Aside),
        Some(Tag::Figure) => marks.set(Mark::Figure),
        Some(Tag::Figcaption) => marks.set(Mark::Figcaption),
        Some(Tag::Table) => marks.set(Mark::Table),
        Some(Tag::Ul | Tag::Ol | Tag::Dl) => marks.set(Mark::List),
        Some(Tag::Nav | Tag::Footer) => marks.set(Mark::Frame),
        Some(_) => {}
    }
    // A tab shows its text once it is chosen, and a page that is streamed once it is there (React names the pieces "S:").
    let mut is_shown_later = false;
    for (name, value) in node.raw_attributes() {
        match name.len() {
            2 if name.eq_ignore_ascii_case("id") => {
                marks.0 |= of_class(value);
                is_shown_later |= value.starts_with("S:");
            }
            4 if name.eq_ignore_ascii_case("role") => {
                marks.0 |= of_class(value);
                is_shown_later |= matches!(value, "region" | "tabpanel");
            }
            5 if name.eq_ignore_ascii_case("class") => marks.0 |= of_class(value),
            5 if name.eq_ignore_ascii_case("style") && hides(value) => marks.set(Mark::Hidden),
            6 if name.eq_ignore_ascii_case("hidden") => marks.set(Mark::Hidden),
            8 if name.eq_ignore_ascii_case("itemprop") && value.eq_ignore_ascii_case("articleBody") => {
                marks.set(Mark::ArticleBody);
            }
            11 if name.eq_ignore_ascii_case("aria-hidden") && value == "true" => marks.set(Mark::Hidden),
            11 if name.eq_ignore_ascii_case("data-testid") => marks.0 |= of_class(value),
            _ => {}
        }
    }
    if is_shown_later {
        marks.0 &= !(1 << Mark::Hidden as u32);
    }
    // An article that may be commented on says so in its own class.
    if marks.has(Mark::Article) || marks.has(Mark::Main) {
        marks.0 &= !(1 << Mark::Comment as u32);
    }
    marks
}

/// Whether a style takes the element off the page.
fn hides(style: &str) -> bool {
    style.contains("display:none") || style.contains("display: none")
}

/// The marks that the words of a class, an id or a role stand for, as bits.
fn of_class(value: &str) -> u32 {
    let mut marks = 0;
    let mut word = [0_u8; LONGEST_WORD];
    let mut length = 0;
    let mut after_lower = false;
    for byte in value.bytes().take(LONGEST_CLASS).chain([b' ']) {
        if !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && after_lower) {
            if let Some(word) = word.get(..length).and_then(|word| std::str::from_utf8(word).ok()) {
                marks |= WORDS.get(word).copied().unwrap_or(0);
            }
            length = 0;
        }
        after_lower = byte.is_ascii_lowercase();
        if byte.is_ascii_alphabetic() {
            if let Some(place) = word.get_mut(length) {
                *place = byte.to_ascii_lowercase();
            }
            length += 1;
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse;

    fn marks(html: &str) -> Vec<&'static str> {
        let page = parse(html).unwrap();
        let marks = of(page.root().children().next().unwrap());
        Mark::NAMES.iter().enumerate().filter(|(place, _)| marks.0 >> place & 1 == 1).map(|(_, name)| *name).collect()
    }

    #[test]
    fn classes_are_read_word_by_word() {
        assert_eq!(marks("<div class='article__bodyText'>"), ["story", "body"]);
        assert_eq!(marks("<div id=relatedStories2 CLASS='x widget-1'>"), ["widget", "related"]);
        assert!(marks("<div class='tagged bodyguard storyline'>").is_empty());
        assert!(marks(&format!("<div class='{}'>", "x ".repeat(1_000_000))).is_empty());
    }

    #[test]
    fn every_mark_has_its_name() {
        let named = [
            (Mark::Comment, "comment"),
            (Mark::Article, "article"),
            (Mark::Main, "main"),
            (Mark::Aside, "aside"),
            (Mark::Figure, "figure"),
            (Mark::Figcaption, "figcaption"),
            (Mark::Table, "table"),
            (Mark::List, "list"),
            (Mark::ArticleBody, "article_body"),
            (Mark::Frame, "frame"),
            (Mark::Hidden, "hidden"),
        ];
        for (mark, name) in named {
            assert_eq!(Mark::NAMES[mark as usize], name);
        }
    }

    #[test]
    fn what_is_shown_later_is_not_hidden() {
        assert!(marks("<div role=tabpanel hidden>").is_empty());
        assert!(marks("<div id='S:1' hidden>").is_empty());
        assert_eq!(marks("<div id='s1' hidden>"), ["hidden"]);
    }

    #[test]
    fn elements_and_attributes_count() {
        assert_eq!(marks("<nav>"), ["frame"]);
        assert_eq!(marks("<ul hidden>"), ["list", "hidden"]);
        assert_eq!(marks("<p style='color:red;display: none'>"), ["hidden"]);
        assert_eq!(marks("<section itemprop=articlebody>"), ["article_body"]);
    }

    #[test]
    fn the_page_and_its_articles_have_no_comment_mark() {
        assert_eq!(marks("<article class='post comments-open'>"), ["story", "article"]);
        assert!(marks("<body class='single-post comments'>").is_empty());
        assert_eq!(marks("<div class=comment-list>"), ["comment"]);
    }
}
