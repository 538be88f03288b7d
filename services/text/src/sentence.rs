//! Where sentences end.

use std::ops::Range;

use crate::{Token, TokenKind};

/// The sentences of a text as ranges of its tokens. Every token is in exactly one.
///
/// A sentence ends at a blank line, and at `.`, `!`, `?` or `…` (with the quotation marks and brackets that close
/// behind it) where the next word does not go on in lower case.
pub fn sentences(text: &str, tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut first = 0;
    // The last token before `at` that is no closing mark: what ends a sentence stands before those.
    let mut last = None;
    let mut at = 0;
    while at < tokens.len() {
        if !is_closing(&tokens[at]) {
            last = Some(&tokens[at]);
        }
        at = if is_stop(&tokens[at]) { skip_closing(tokens, at + 1) } else { at + 1 };
        let ended = at > first + 1 && last.is_some_and(|last| closes(last, tokens.get(at))) && !goes_on(tokens, at);
        if at == tokens.len() || ended || blank_line_before(text, tokens, at) {
            sentences.push(first..at);
            first = at;
            last = None;
        }
    }
    sentences
}

fn is_stop(token: &Token<'_>) -> bool {
    matches!(token.text, "." | "!" | "?" | "…" | "。" | "！" | "？")
}

/// Whether a token is a stop, or an abbreviation that can stand at a sentence's end.
fn closes(last: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    is_stop(last) || (is_final_abbreviation(last) && next.is_some_and(starts_plainly))
}

/// Initials of two letters and more, and a few words, can end a sentence; titles cannot: "Mr. Ono".
fn is_final_abbreviation(token: &Token<'_>) -> bool {
    let stops = token.text.matches('.').count();
    token.kind == TokenKind::Word
        && (stops >= 2 || matches!(token.text, "Inc." | "Corp." | "Ltd." | "Co." | "Jr." | "Sr." | "etc."))
}

/// Words that begin a sentence far more often than a name: what tells "the U.S. The" from "the U.S. Senate".
fn starts_plainly(token: &Token<'_>) -> bool {
    const STARTERS: [&str; 24] = [
        "The", "A", "An", "He", "She", "It", "They", "We", "I", "In", "On", "At", "But", "And", "This", "That",
        "These", "His", "Her", "Its", "There", "After", "When", "However",
    ];
    STARTERS.contains(&token.text)
}

fn is_closing(token: &Token<'_>) -> bool {
    matches!(token.text, "\"" | "”" | "’" | "'" | ")" | "]" | "»")
}

fn skip_closing(tokens: &[Token<'_>], mut at: usize) -> usize {
    while at < tokens.len() && is_closing(&tokens[at]) && tokens[at - 1].touches(&tokens[at]) {
        at += 1;
    }
    at
}

/// Whether the token at `at` goes on with the sentence before it.
fn goes_on(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| {
        let glued = tokens[at - 1].touches(token);
        let lower = token.text.starts_with(char::is_lowercase);
        glued || lower || matches!(token.text, "," | ";" | ":" | "-" | "–")
    })
}

fn blank_line_before(text: &str, tokens: &[Token<'_>], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    text[tokens[at - 1].end..token.start].matches('\n').count() >= 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tokens;

    fn cut(text: &str) -> Vec<&str> {
        let tokens = tokens(text);
        sentences(text, &tokens)
            .into_iter()
            .map(|range| &text[tokens[range.start].start..tokens[range.end - 1].end])
            .collect()
    }

    #[test]
    fn ends_at_stops_but_not_at_abbreviations() {
        assert_eq!(
            cut("Mr. Ono left the U.S. Senate. “Why?” she asked. He paid 3.5 million."),
            ["Mr. Ono left the U.S. Senate.", "“Why?” she asked.", "He paid 3.5 million."]
        );
        assert_eq!(cut("They live in the U.S. The rest left."), ["They live in the U.S.", "The rest left."]);
    }

    #[test]
    fn ends_at_a_blank_line() {
        assert_eq!(cut("A heading\n\nThen text\ngoes on."), ["A heading", "Then text\ngoes on."]);
    }

    #[test]
    fn many_marks_take_no_longer_each_than_few() {
        let text = "\"".repeat(300_000);
        assert_eq!(cut(&text).len(), 1);
    }

    proptest! {
        #[test]
        fn every_token_is_in_one_sentence(text in "[A-Za-z .!?\"”\n]{0,80}") {
            let tokens = tokens(&text);
            let mut next = 0;
            for sentence in sentences(&text, &tokens) {
                prop_assert_eq!(sentence.start, next);
                prop_assert!(sentence.end > sentence.start);
                next = sentence.end;
            }
            prop_assert_eq!(next, tokens.len());
        }
    }
}
