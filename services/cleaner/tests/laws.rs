//! What holds of the text of any page: where its paragraphs stand, and that its words are the page's, in their order.

#[path = "support/paragraphs.rs"]
mod paragraphs;

use paragraphs::assert_paragraphs;
use proptest::prelude::*;
use tallywire_cleaner::extract;

/// A part of a page. Words and hidden words are numbered when it is written, so that each stands on a page once.
#[derive(Clone, Debug)]
enum Part {
    /// A run of this many words.
    Words(usize),
    /// What no reader sees: its element is one of [`HIDDEN`].
    Hidden(usize),
    /// A tag that holds nothing, or the end of what was never begun: one of [`ALONE`].
    Alone(usize),
    /// One of [`ELEMENTS`], ended or not.
    Element(usize, Vec<Part>, bool),
    /// Rows of cells. Always whole: what stands in a table but in no cell moves before it.
    Table(Vec<Vec<Part>>),
}

const HIDDEN: [(&str, &str); 5] = [
    ("<script>", "</script>"),
    ("<style>", "</style>"),
    ("<!-- ", " -->"),
    ("<template>", "</template>"),
    ("<img alt=\"", "\">"),
];
const ALONE: [&str; 11] =
    ["<br>", "<br><br>", "<hr>", "<img src=a>", "<wbr>", "</div>", "</p>", "</b>", "</li>", "</h2>", "</a>"];
const ELEMENTS: [&str; 30] = [
    "p",
    "p",
    "p",
    "p",
    "div",
    "div",
    "article",
    "main",
    "section",
    "blockquote",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "pre",
    "b",
    "i",
    "em",
    "span",
    "a href=/x",
    "nav",
    "aside",
    "footer",
    "header",
    "figure",
    "figcaption",
    "div class=share",
];

/// Tags in any order, and text between them.
const TORN: &str = "(<(/?(p|div|b|br|td|tr|table|li|pre|h2|blockquote|body|title|script))>|\
    [a-zA-Z é&\u{a0}\n.,]{1,30}){0,60}";

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let leaf = prop_oneof![
        6 => (1_usize..40).prop_map(Part::Words),
        1 => (0..HIDDEN.len()).prop_map(Part::Hidden),
        2 => (0..ALONE.len()).prop_map(Part::Alone),
    ];
    let part = leaf.prop_recursive(5, 80, 6, |part| {
        let some = prop::collection::vec(part, 0..6);
        prop_oneof![
            8 => (0..ELEMENTS.len(), some.clone(), prop::bool::weighted(0.8))
                .prop_map(|(name, inside, ends)| Part::Element(name, inside, ends)),
            1 => prop::collection::vec(some, 1..4).prop_map(Part::Table),
        ]
    });
    prop::collection::vec(part, 0..12)
}

/// A page, and how many words are on it: `w0`, `w1` and so on for a reader, `x0`, `x1` and so on for none.
#[derive(Default)]
struct Page {
    html: String,
    words: usize,
    hidden: usize,
}

impl Page {
    fn of(parts: &[Part]) -> Self {
        let mut page = Self::default();
        page.add(&["<!doctype html><html><head><title>t0 t1 t2</title></head><body><h1>t0 t1 t2</h1>"]);
        page.write(parts);
        page
    }

    fn add(&mut self, pieces: &[&str]) {
        self.html.extend(pieces.iter().copied());
    }

    fn write(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Words(count) => self.words(*count),
                Part::Hidden(kind) => {
                    let (before, after) = HIDDEN[*kind];
                    self.add(&[before, "x", &self.hidden.to_string(), after]);
                    self.hidden += 1;
                }
                Part::Alone(tag) => self.add(&[ALONE[*tag]]),
                Part::Element(name, inside, ends) => {
                    let tag = ELEMENTS[*name];
                    self.add(&["<", tag, ">"]);
                    self.write(inside);
                    if *ends {
                        self.add(&["</", tag.split_once(' ').map_or(tag, |(name, _)| name), ">"]);
                    }
                }
                Part::Table(rows) => self.table(rows),
            }
        }
    }

    fn words(&mut self, count: usize) {
        for _ in 0..count {
            self.add(&[" w", &self.words.to_string()]);
            self.words += 1;
        }
        self.add(&[". "]);
    }

    fn table(&mut self, rows: &[Vec<Part>]) {
        self.add(&["<table><tbody>"]);
        for row in rows {
            self.add(&["<tr>"]);
            for cell in row {
                self.add(&["<td>"]);
                self.write(std::slice::from_ref(cell));
                self.add(&["</td>"]);
            }
            self.add(&["</tr>"]);
        }
        self.add(&["</tbody></table>"]);
    }
}

proptest! {
    #[test]
    fn the_words_of_the_text_are_the_pages_in_their_order(parts in parts()) {
        let page = Page::of(&parts);
        let Ok(article) = extract(&page.html, None) else { return Ok(()) };
        let mut next = 0;
        for word in article.text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if ["t0", "t1", "t2"].contains(&word) {
                continue;
            }
            let number = word.strip_prefix('w').and_then(|number| number.parse::<usize>().ok());
            prop_assert!(number.is_some(), "{word} is no word of the page: {}", page.html);
            let number = number.unwrap();
            prop_assert!((next..page.words).contains(&number), "{word} comes after w{next}: {}", page.html);
            next = number + 1;
        }
    }

    #[test]
    fn paragraphs_are_trimmed_in_order_and_apart(parts in parts()) {
        if let Ok(article) = extract(&Page::of(&parts).html, None) {
            assert_paragraphs(&article.text, &article.paragraphs);
        }
    }

    #[test]
    fn paragraphs_of_torn_pages_are_so_too(html in TORN) {
        if let Ok(article) = extract(&html, None) {
            assert_paragraphs(&article.text, &article.paragraphs);
        }
    }

    #[test]
    fn any_text_is_read(html in "\\PC{0,300}") {
        if let Ok(article) = extract(&html, None) {
            assert_paragraphs(&article.text, &article.paragraphs);
        }
    }
}
