//! Why a page cannot be cleaned.

/// What is wrong with a page that cannot be cleaned. Trying again does not help.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CleanError {
    /// There is nothing to read on the page.
    #[error("no article text found in {size} bytes of {kind}: the page may be empty, a video, or filled in by scripts")]
    NoText {
        /// What was read: "HTML", "feed content", "page text".
        kind: &'static str,
        /// Its size in bytes.
        size: usize,
    },
    /// The page is larger than any article.
    #[error("the page has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// The size in bytes.
        size: usize,
        /// The most that is read.
        limit: usize,
    },
    /// The page has more tags than an article has.
    #[error("the page has more than {limit} tags")]
    TooManyTags {
        /// The most that are read.
        limit: usize,
    },
    /// The page has far more of what begins tags or character references than an article has.
    #[error("the page has more than {limit} {character:?} characters")]
    TooMuchMarkup {
        /// Which character.
        character: char,
        /// The most that are read.
        limit: usize,
    },
    /// The elements are nested more deeply than a browser would follow.
    #[error("the page nests its elements more than {limit} deep")]
    TooDeep {
        /// The deepest nesting that is read.
        limit: usize,
    },
    /// Many tags, deep nesting and many attributes together would take the parser seconds.
    #[error("the page's {bytes} bytes of nested tags and attributes would take the HTML parser seconds")]
    TooComplex {
        /// The size of the page in bytes.
        bytes: usize,
    },
    /// A tag has more attributes than any page needs.
    #[error("a tag of the page has more than {limit} attributes")]
    TooManyAttributes {
        /// The most that a tag may have.
        limit: usize,
    },
}
