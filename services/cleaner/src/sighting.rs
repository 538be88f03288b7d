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
            // Most are; their other case is a bit away.
            if character.is_ascii() {
                line.hash = hashed(line.hash, &[character.to_ascii_lowercase() as u8]);
                continue;
            }
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

/// The text of each paragraph, as far as the text goes; what a paragraph shares with the one before it is that one's.
pub(crate) fn texts(article: &Article) -> Vec<&str> {
    let (mut rest, mut at) = (article.text.as_str(), 0);
    // Paragraphs are in order, so the text is walked once, with no table of its code points.
    let mut take_until = |point: usize| {
        let mut after = rest.chars();
        if let Some(last) = point.saturating_sub(at).checked_sub(1) {
            after.nth(last);
            at = point;
        }
        let before = rest.get(..rest.len() - after.as_str().len()).unwrap_or_default();
        rest = after.as_str();
        before
    };
    let text_of = |paragraph: &Paragraph| {
        take_until(paragraph.start);
        take_until(paragraph.end)
    };
    article.paragraphs.iter().map(text_of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tallywire_proto::{Cleaned, ParagraphKind};

    use super::*;

    fn article(text: &str, paragraphs: &[(usize, usize)]) -> Article {
        let message = include_bytes!("../../../proto/samples/cleaned.json");
        let mut article = serde_json::from_slice::<Cleaned>(message).unwrap().article;
        let paragraph = |&(start, end): &(usize, usize)| Paragraph { start, end, kind: ParagraphKind::Paragraph };
        article.text = text.to_owned();
        article.paragraphs = paragraphs.iter().map(paragraph).collect();
        article
    }

    #[test]
    fn lines_are_compared_by_letters_and_digits_in_lower_case() {
        let [one, other] = ["READ More: ÉTÉ 24", "read more été, 24!"].map(Line::of);
        assert_eq!(one, other);
        assert_eq!((one.weight, one.has_letters, Line::of("24").has_letters), (13, true, false));
        // It is stored, and compared with what other versions have stored.
        assert_eq!(one.hash, hashed(EMPTY, "readmoreété24".as_bytes()));
    }

    proptest! {
        #[test]
        fn paragraphs_in_order_are_what_stands_at_their_code_points(
            text in "\\PC{0,60}",
            mut points in prop::collection::vec(0..70_usize, 0..8),
        ) {
            points.sort_unstable();
            let pairs = points.as_chunks().0.iter();
            let paragraphs: Vec<(usize, usize)> = pairs.map(|[start, end]| (*start, *end)).collect();
            let expected: Vec<String> =
                paragraphs.iter().map(|(start, end)| text.chars().skip(*start).take(end - start).collect()).collect();
            let article = article(&text, &paragraphs);
            prop_assert_eq!(texts(&article), expected);
        }

        #[test]
        fn offsets_of_any_kind_do_no_harm(
            text in "\\PC{0,60}",
            paragraphs in prop::collection::vec(any::<(usize, usize)>(), 0..8),
        ) {
            let article = article(&text, &paragraphs);
            let texts = texts(&article);
            prop_assert_eq!(texts.len(), paragraphs.len());
            prop_assert!(texts.iter().map(|part| part.len()).sum::<usize>() <= text.len());
        }
    }
}
