//! What is compared of an article: its lines, each a hash of its letters and digits.

use tallywire_proto::{Article, ArticleId, Paragraph};

/// Lines that are remembered of one article, half from either end, where boilerplate mostly stands.
pub(crate) const MAX_ARTICLE_LINES: usize = 128;

/// What there is to learn from an article, without its text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// Its id, by [`key`].
    pub(crate) article: u64,
    /// Its lines with letters, in no order, each once; at most [`MAX_ARTICLE_LINES`].
    pub(crate) lines: Vec<Line>,
}

/// A paragraph as it is compared: by its letters and digits, in lower case.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    /// The hash of its letters and digits; what stands between them does not count.
    pub(crate) hash: u64,
    /// How many letters and digits it has.
    pub(crate) weight: usize,
    /// Whether there is a letter in it: bare numbers agree by chance.
    pub(crate) has_letters: bool,
}

impl Sighting {
    /// The lines of an article, before any of them is dropped: boilerplate that is not seen again is soon unlearnt.
    pub fn of(article: &Article) -> Self {
        let mut lines: Vec<Line> = texts(article).into_iter().map(Line::of).filter(|line| line.has_letters).collect();
        if lines.len() > MAX_ARTICLE_LINES {
            lines.drain(MAX_ARTICLE_LINES / 2..lines.len() - MAX_ARTICLE_LINES / 2);
        }
        lines.sort_unstable_by_key(|line| line.hash);
        lines.dedup_by_key(|line| line.hash);
        Self { article: key(article.id), lines }
    }
}

impl Line {
    /// How a paragraph of this text is compared.
    pub(crate) fn of(text: &str) -> Self {
        let mut line = Self { hash: EMPTY, weight: 0, has_letters: false };
        for character in text.chars().filter(|character| character.is_alphanumeric()) {
            line.weight += 1;
            line.has_letters |= character.is_alphabetic();
            for folded in character.to_lowercase() {
                line.hash = hashed(line.hash, folded.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        line
    }
}

/// The hash of no bytes.
const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// Adds bytes to a hash. It is FNV-1a: the same in every process and version, as what is stored must be. A site that
/// makes lines of equal hashes harms only itself.
fn hashed(hash: u64, bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// An article's id, as short as a line's hash.
pub(crate) fn key(id: ArticleId) -> u64 {
    hashed(EMPTY, id.to_string().as_bytes())
}

/// The text of each paragraph.
pub(crate) fn texts(article: &Article) -> Vec<&str> {
    let text = article.text.as_str();
    let mut bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    bytes.push(text.len());
    let cut = |paragraph: &Paragraph| text.get(*bytes.get(paragraph.start)?..*bytes.get(paragraph.end)?);
    article.paragraphs.iter().map(|paragraph| cut(paragraph).unwrap_or_default()).collect()
}
