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
    /// The page has more elements and pieces of text than any article.
    #[error("the page has more than {limit} elements and pieces of text")]
    TooManyNodes {
        /// The most that are read.
        limit: usize,
    },
    /// So many tags are misplaced that mending them would take seconds.
    #[error("too many tags are misplaced in the page's {bytes} bytes of HTML")]
    TooComplex {
        /// The size of the page in bytes.
        bytes: usize,
    },
}
