//! A sentence as the steps read it: its tokens, and the same tokens in lower case.

use std::ops::Range;

use tallywire_text::{Token, TokenKind};

/// The tokens of one sentence. Indices count from its first token; whatever lies outside reads as an empty word.
#[derive(Clone, Copy)]
pub(crate) struct Sentence<'a> {
    text: &'a str,
    /// The text with its ASCII letters in lower case, so that byte offsets stay the same.
    lower: &'a str,
    tokens: &'a [Token<'a>],
}

impl<'a> Sentence<'a> {
    pub(crate) fn new(text: &'a str, lower: &'a str, tokens: &'a [Token<'a>]) -> Self {
        Self { text, lower, tokens }
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(crate) fn token(&self, at: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(at)
    }

    /// The token as written.
    pub(crate) fn raw(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    /// The token in lower case.
    pub(crate) fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.lower[token.start..token.end])
    }

    /// The token `back` places before `at`, in lower case.
    pub(crate) fn word_before(&self, at: usize, back: usize) -> &'a str {
        at.checked_sub(back).map_or("", |index| self.word(index))
    }

    pub(crate) fn raw_before(&self, at: usize, back: usize) -> &'a str {
        at.checked_sub(back).map_or("", |index| self.raw(index))
    }

    fn is_kind(&self, at: usize, kind: TokenKind) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == kind)
    }

    pub(crate) fn is_digits(&self, at: usize) -> bool {
        self.is_kind(at, TokenKind::Number)
    }

    pub(crate) fn is_word(&self, at: usize) -> bool {
        self.is_kind(at, TokenKind::Word)
    }

    pub(crate) fn is_capitalized(&self, at: usize) -> bool {
        self.is_word(at) && self.tokens.get(at).is_some_and(Token::is_capitalized)
    }

    /// Whether nothing stands between the token and the next one.
    pub(crate) fn touches_next(&self, at: usize) -> bool {
        matches!((self.tokens.get(at), self.tokens.get(at + 1)), (Some(token), Some(next)) if token.touches(next))
    }

    /// Whether nothing stands between the token and the one before it.
    pub(crate) fn touches_previous(&self, at: usize) -> bool {
        at > 0 && self.touches_next(at - 1)
    }

    /// Whether the token makes the word before it an owner: "Kenya's", "voters’".
    pub(crate) fn is_possessive(&self, at: usize) -> bool {
        matches!(self.raw(at), "'s" | "’s" | "'" | "’")
    }

    /// Whether the token is a hyphen or a dash.
    pub(crate) fn is_dash(&self, at: usize) -> bool {
        matches!(self.raw(at), "-" | "–" | "‑" | "−" | "—")
    }

    /// Whether the token is a hyphen with no space on either side.
    pub(crate) fn is_hyphen(&self, at: usize) -> bool {
        self.is_dash(at) && self.touches_previous(at) && self.touches_next(at)
    }

    /// Bytes of the text that the tokens cover.
    pub(crate) fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(self.text.len(), |token| token.start);
        let end = tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        start..end.max(start)
    }

    /// The first token whose first byte fulfils a condition that holds from some byte on.
    pub(crate) fn first_at(&self, holds: impl Fn(usize) -> bool) -> usize {
        self.tokens.partition_point(|token| !holds(token.start))
    }

    /// Whether the sentence stands at the beginning of a line.
    pub(crate) fn opens_paragraph(&self) -> bool {
        let before = &self.text[..self.bytes(&(0..1)).start];
        let gap = &before[before.trim_end().len()..];
        gap.len() == before.len() || gap.contains('\n')
    }

    /// The words that the tokens cover, as written.
    pub(crate) fn slice(&self, tokens: &Range<usize>) -> &'a str {
        &self.text[self.bytes(tokens)]
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    #[test]
    fn outside_reads_as_empty() {
        let text = "Two men";
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        assert_eq!((sentence.word(0), sentence.word(2), sentence.word_before(0, 1)), ("two", "", ""));
        assert_eq!(sentence.slice(&(0..2)), "Two men");
        assert_eq!(sentence.slice(&(5..9)), "");
    }
}
