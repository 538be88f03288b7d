//! What elements say of their content by their names, classes and other attributes.

use crate::html::{NodeRef, Tag};

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Marks(u16);

impl Marks {
    /// Microdata's `author` and the like, which mean the author and nothing else.
    pub(super) const AUTHOR_ITEM: Self = Self(1);
    /// Microdata's `name`, of an author or of anything else.
    pub(super) const NAME_ITEM: Self = Self(2);
    /// A class for bylines.
    pub(super) const BYLINE: Self = Self(4);
    /// A class or an address that has to do with authors.
    pub(super) const AUTHOR: Self = Self(8);
    /// Microdata's `datePublished`.
    pub(super) const PUBLISHED_ITEM: Self = Self(16);
    /// Microdata's `dateModified`.
    pub(super) const MODIFIED_ITEM: Self = Self(32);
    /// The element `time`.
    pub(super) const TIME: Self = Self(64);
    /// A class for dates of publication.
    pub(super) const PUBLISHED: Self = Self(128);
    /// A class that has to do with dates.
    pub(super) const DATE: Self = Self(256);
    /// A class for dates of changes.
    pub(super) const MODIFIED: Self = Self(512);
    /// A box about something other than the article: comments, links to other articles.
    pub(super) const ASIDE: Self = Self(1024);
    /// Those that say whether a date is that of publication or of a change.
    pub(super) const KINDS: Self = Self(16 | 32 | 128 | 512);
    /// All that the finders look for.
    pub(super) const SOURCE: Self = Self(1023);

    /// Whether any of these is among them.
    pub(super) const fn has(self, any: Self) -> bool {
        self.0 & any.0 > 0
    }

    /// Whether they say that a date is that of a change.
    pub(super) const fn is_change(self) -> bool {
        self.has(Self::MODIFIED.with(Self::MODIFIED_ITEM)) && !self.has(Self::PUBLISHED.with(Self::PUBLISHED_ITEM))
    }

    /// Both sets.
    pub(super) const fn with(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }
}

/// A class longer than this is generated, and says nothing beyond.
const MAX_CLASS: usize = 500;

/// The marks of an element.
pub(super) fn of(node: NodeRef<'_, '_>, tag: Tag) -> Marks {
    let mut marks = if tag == Tag::Time { Marks::TIME } else { Marks::default() };
    for (name, value) in node.raw_attributes() {
        let more = match name.len() {
            2 if name.eq_ignore_ascii_case("id") => of_class(value),
            3 if name.eq_ignore_ascii_case("rel") => of_tokens(value, &[("author", Marks::AUTHOR_ITEM)]),
            4 if tag == Tag::A && name.eq_ignore_ascii_case("href") => of_address(value),
            5 if name.eq_ignore_ascii_case("class") => of_class(value),
            7 if tag == Tag::Time && name.eq_ignore_ascii_case("pubdate") => Marks::PUBLISHED,
            8 if name.eq_ignore_ascii_case("itemprop") => of_tokens(
                value,
                &[
                    ("author", Marks::AUTHOR_ITEM),
                    ("creator", Marks::AUTHOR_ITEM),
                    ("comment", Marks::ASIDE),
                    ("name", Marks::NAME_ITEM),
                    ("datePublished", Marks::PUBLISHED_ITEM),
                    ("dateModified", Marks::MODIFIED_ITEM),
                ],
            ),
            _ => continue,
        };
        marks = marks.with(more);
    }
    // Those of articles have bylines.
    let is_of_article = || node.ancestors().any(|outer| outer.is(Tag::Article));
    if tag == Tag::Nav || (matches!(tag, Tag::Aside | Tag::Footer) && !is_of_article()) {
        marks = marks.with(Marks::ASIDE);
    }
    // A class of the whole page is about how it is shown.
    if matches!(tag, Tag::Html | Tag::Body | Tag::Main) {
        return Marks::default();
    }
    marks
}

fn of_tokens(value: &str, known: &[(&str, Marks)]) -> Marks {
    value.split_ascii_whitespace().take(10).fold(Marks::default(), |marks, token| {
        known
            .iter()
            .filter(|(name, _)| token.eq_ignore_ascii_case(name))
            .fold(marks, |marks, (_, more)| marks.with(*more))
    })
}

/// Links to what authors have written.
fn of_address(address: &str) -> Marks {
    let mut parts = address.as_bytes().split(|byte| *byte == b'/').skip(1);
    // A part with another behind it: an author's page, not the list of all.
    let is_author = parts.any(|part| matches!(part, b"author" | b"authors" | b"profile")) && parts.next().is_some();
    if is_author { Marks::AUTHOR } else { Marks::default() }
}

/// Where in a class a word has to begin.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Begins {
    Anywhere,
    /// `post-date`, `postDate`, but not `update`.
    Word,
    /// `widget-links`, but not `page-widget`, which page builders put around all that they build.
    Token,
}

/// Where in a class a word has to end.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Ends {
    Anywhere,
    /// `authors`, `author-box`, `authorBox`, but not `authority`.
    Word,
}

/// The words that are known, in lower case.
const WORDS: [(&str, Begins, Ends, Marks); 33] = [
    ("author", Begins::Anywhere, Ends::Word, Marks::AUTHOR),
    ("author-name", Begins::Anywhere, Ends::Anywhere, Marks::BYLINE),
    ("author_name", Begins::Anywhere, Ends::Anywhere, Marks::BYLINE),
    ("authorbio", Begins::Anywhere, Ends::Anywhere, Marks::AUTHOR),
    ("authorbox", Begins::Anywhere, Ends::Anywhere, Marks::AUTHOR),
    ("authored", Begins::Word, Ends::Word, Marks::AUTHOR),
    ("authorinfo", Begins::Anywhere, Ends::Anywhere, Marks::AUTHOR),
    ("authorname", Begins::Anywhere, Ends::Anywhere, Marks::AUTHOR.with(Marks::BYLINE)),
    ("byline", Begins::Anywhere, Ends::Anywhere, Marks::BYLINE),
    ("comment", Begins::Word, Ends::Word, Marks::ASIDE),
    ("date", Begins::Word, Ends::Anywhere, Marks::DATE),
    ("entry-date", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("modif", Begins::Anywhere, Ends::Anywhere, Marks::MODIFIED),
    ("most-popular", Begins::Word, Ends::Word, Marks::ASIDE),
    ("most-read", Begins::Word, Ends::Word, Marks::ASIDE),
    ("mostread", Begins::Word, Ends::Word, Marks::ASIDE),
    ("posted-on", Begins::Anywhere, Ends::Anywhere, Marks::DATE),
    ("pubdate", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("publicado", Begins::Anywhere, Ends::Word, Marks::PUBLISHED),
    ("publication", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("publish", Begins::Token, Ends::Word, Marks::PUBLISHED),
    ("publish-date", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("publish-time", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("publish_date", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("publishdate", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("published", Begins::Anywhere, Ends::Anywhere, Marks::PUBLISHED),
    ("recommend", Begins::Word, Ends::Anywhere, Marks::ASIDE),
    ("related", Begins::Word, Ends::Word, Marks::ASIDE),
    ("sidebar", Begins::Token, Ends::Word, Marks::ASIDE),
    ("time", Begins::Word, Ends::Anywhere, Marks::DATE),
    ("timestamp", Begins::Word, Ends::Anywhere, Marks::DATE),
    ("update", Begins::Anywhere, Ends::Anywhere, Marks::MODIFIED),
    ("widget", Begins::Token, Ends::Anywhere, Marks::ASIDE),
];

/// Which pairs of letters a word begins with: most of what stands in classes need not be compared with any.
const PAIRS: [bool; 1024] = {
    let mut pairs = [false; 1024];
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at].0.as_bytes();
        pairs[pair(word[0], word[1])] = true;
        at += 1;
    }
    pairs
};

/// The number of a pair of letters, the same in either case.
const fn pair(first: u8, second: u8) -> usize {
    ((first & 31) as usize) << 5 | (second & 31) as usize
}

/// The marks of a class or an id: known words anywhere in it, in whatever case.
fn of_class(class: &str) -> Marks {
    let bytes = &class.as_bytes()[..class.len().min(MAX_CLASS)];
    let mut marks = Marks::default();
    for (at, window) in bytes.windows(2).enumerate() {
        if PAIRS[pair(window[0], window[1])] {
            marks = marks.with(of_words_at(bytes, at));
        }
    }
    marks
}

/// The marks of the words that begin at a place.
fn of_words_at(class: &[u8], at: usize) -> Marks {
    let (before, rest) = class.split_at(at);
    // What an article has or lacks is beside it.
    let is_of_other = [&b"has-"[..], b"no-", b"with-"].iter().any(|start| before.ends_with(start));
    let before = before.last().copied().unwrap_or(b' ');
    let is_capital = rest.first().is_some_and(u8::is_ascii_uppercase);
    WORDS.iter().fold(Marks::default(), |marks, (word, begins, ends, more)| {
        let is_begun = match begins {
            Begins::Anywhere => true,
            Begins::Word => !before.is_ascii_alphabetic() || (is_capital && before.is_ascii_lowercase()),
            Begins::Token => before.is_ascii_whitespace(),
        };
        let is_there =
            is_begun && rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        let is_ended = || *ends == Ends::Anywhere || ends_word(rest.get(word.len()..).unwrap_or_default());
        if is_there && is_ended() && !(is_of_other && more.has(Marks::ASIDE)) { marks.with(*more) } else { marks }
    })
}

/// Whether nothing of a word, but for the ending of its plural, is at the start of a text.
fn ends_word(rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b"s").unwrap_or(rest);
    !rest.first().is_some_and(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html;

    fn marks(html: &str) -> Marks {
        let page = html::parse(html).unwrap();
        page.nodes().nth(1).map(|node| of(node, node.tag().unwrap())).unwrap()
    }

    #[test]
    fn classes_say_what_is_inside() {
        for (html, expected) in [
            ("<p class='Post-AuthorName x'>", Marks::AUTHOR.with(Marks::BYLINE)),
            ("<p id=articleDate>", Marks::DATE),
            ("<p class=last-update>", Marks::MODIFIED),
            ("<p class=candidate>", Marks::default()),
            ("<p class='x related-links'>", Marks::ASIDE),
            ("<p class=unrelated>", Marks::default()),
            ("<p class=post-comments>", Marks::ASIDE),
            ("<p class=post_related>", Marks::ASIDE),
            ("<p class='x most-read'>", Marks::ASIDE),
            ("<p class=has-comments>", Marks::default()),
            ("<p class=commentary>", Marks::default()),
            ("<p itemprop=comment>", Marks::ASIDE),
            ("<aside>", Marks::ASIDE),
            ("<footer>", Marks::ASIDE),
            ("<p class='authority status-publish public'>", Marks::default()),
            ("<p class=datePublished>", Marks::DATE.with(Marks::PUBLISHED)),
            ("<p class=authors>", Marks::AUTHOR),
            ("<a href='/author/ono'>", Marks::AUTHOR),
            ("<p href='/author/ono'>", Marks::default()),
            ("<meta itemprop='name datepublished'>", Marks::NAME_ITEM.with(Marks::PUBLISHED_ITEM)),
            ("<time pubdate>", Marks::TIME.with(Marks::PUBLISHED)),
            ("<main class=comments>", Marks::default()),
            ("<p class=a>", Marks::default()),
        ] {
            assert_eq!(marks(html), expected, "{html}");
        }
    }
}
