//! Where sentences end.

use std::ops::Range;

use crate::{Token, TokenKind};

/// The sentences of a text as ranges of its tokens. Every token is in exactly one.
///
/// A sentence ends at a blank line, before an item of a list, and at `.`, `!`, `?` or `…` (with the quotation marks and
/// brackets that close behind it) where the next word does not go on in lower case.
pub fn sentences(text: &str, tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut first = 0;
    // The last token before `at` that is no closing mark: what ends a sentence stands before those.
    let mut last = None;
    let mut at = 0;
    while at < tokens.len() {
        if !is_closing(tokens, at) {
            last = Some(&tokens[at]);
        }
        at = if is_stop(&tokens[at]) { skip_closing(tokens, at + 1) } else { at + 1 };
        let ended = at > first + 1 && last.is_some_and(|last| closes(last, tokens, at)) && !goes_on(tokens, at);
        if at == tokens.len() || ended || breaks_before(text, tokens, at) {
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

/// Whether a token is a stop, or an abbreviation that can stand at a sentence's end; the next sentence begins at `at`.
fn closes(last: &Token<'_>, tokens: &[Token<'_>], at: usize) -> bool {
    is_stop(last) || (is_final_abbreviation(last) && (quoted(tokens, at) || tokens.get(at).is_some_and(starts_plainly)))
}

/// Whether a quotation mark closes right before the token at `at`.
fn quoted(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0 && is_closing(tokens, at - 1) && !matches!(tokens[at - 1].text, ")" | "]")
}

/// Any abbreviation can end a sentence but those that always stand before a name: "Mr. Ono".
fn is_final_abbreviation(token: &Token<'_>) -> bool {
    let before_names = matches!(token.text, "Mr." | "Mrs." | "Ms." | "Mx." | "Messrs." | "Dr." | "Drs." | "Prof.");
    token.kind == TokenKind::Word && token.text.ends_with('.') && !before_names
}

/// Words that begin a sentence far more often than a name: what tells "the U.S. The" from "the U.S. Senate".
fn starts_plainly(token: &Token<'_>) -> bool {
    const STARTERS: &str = include_str!("../data/starters.txt");
    token.is_capitalized() && STARTERS.lines().any(|line| line == token.text)
}

/// Whether the token at `at` is a mark that closes what stands right before it.
fn is_closing(tokens: &[Token<'_>], at: usize) -> bool {
    let mark = &tokens[at];
    let closes = match mark.text {
        "\"" | "”" | "’" | "'" | ")" | "]" | "»" => true,
        // Closes in German, opens in English.
        "“" => tokens.get(at + 1).is_none_or(|next| !mark.touches(next)),
        _ => false,
    };
    closes && at > 0 && tokens[at - 1].touches(mark)
}

fn skip_closing(tokens: &[Token<'_>], mut at: usize) -> usize {
    while at < tokens.len() && is_closing(tokens, at) {
        at += 1;
    }
    at
}

/// Whether the token at `at` goes on with the sentence before it.
fn goes_on(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| {
        // "It rained.The" lacks its space, "example.com" does not.
        let glued = tokens[at - 1].touches(token) && !starts_plainly(token);
        let lower = token.text.starts_with(char::is_lowercase);
        glued || lower || matches!(token.text, "," | ";" | ":" | "-" | "–")
    })
}

/// Whether a blank line stands before the token at `at`, or a new line that begins with a list's mark.
fn breaks_before(text: &str, tokens: &[Token<'_>], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let lines = text[tokens[at - 1].end..token.start].bytes().filter(|byte| *byte == b'\n').take(2).count();
    let bullet = || {
        let mark = matches!(token.text, "•" | "*" | "-" | "–" | "▪" | "‣" | "◦" | "·");
        mark && tokens.get(at + 1).is_none_or(|next| !token.touches(next))
    };
    lines == 2 || (lines == 1 && bullet())
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
    fn an_abbreviation_ends_a_sentence_before_a_plain_start() {
        assert_eq!(
            cut("She has a Ph.D. Her firm is in Miami, Fla. It grew."),
            ["She has a Ph.D.", "Her firm is in Miami, Fla.", "It grew."]
        );
        assert_eq!(
            cut("They chose plan B. Then Brig. Gen. Poe left."),
            ["They chose plan B.", "Then Brig. Gen. Poe left."]
        );
        assert_eq!(cut("Mr. He met Lee v. Poe on Jan. 5 at No. 3."), ["Mr. He met Lee v. Poe on Jan. 5 at No. 3."]);
        assert_eq!(cut("“So am I.” Tom left the “U.S. Navy.”"), ["“So am I.”", "Tom left the “U.S. Navy.”"]);
    }

    #[test]
    fn ends_behind_german_marks_and_without_a_space() {
        assert_eq!(cut("„Es ist spät.“ Er ging."), ["„Es ist spät.“", "Er ging."]);
        assert_eq!(cut("It rained.The road of example.com closed."), ["It rained.", "The road of example.com closed."]);
    }

    #[test]
    fn ends_before_an_item_of_a_list() {
        assert_eq!(cut("• One thing\n• A well-\nknown thing"), ["• One thing", "• A well-\nknown thing"]);
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
