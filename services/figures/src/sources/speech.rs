//! Direct speech: what stands in quotation marks, followed over the sentences of a text.

use std::ops::Range;

use crate::sentence::Sentence;

/// A stretch of direct speech within one sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// Its tokens, the marks included.
    pub(crate) tokens: Range<usize>,
    /// Whether the speech was opened in a sentence before.
    pub(crate) goes_on: bool,
}

/// The kinds of quotation marks, told apart so that each is closed by its own.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark {
    Double,
    /// Two apostrophes, as wire services type it.
    Twin,
    Single,
}

/// Follows quotation marks over the sentences of a text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Speech {
    open: Option<Mark>,
}

impl Speech {
    /// The direct speech of the next sentence.
    ///
    /// Speech over several paragraphs opens anew in each of them, and is closed in the last only; a mark that was not
    /// closed in any other way is a slip, and ends with its paragraph.
    pub(crate) fn read(&mut self, sentence: &Sentence<'_>, opens_paragraph: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut start = 0;
        let mut goes_on = self.open.is_some();
        if opens_paragraph && goes_on {
            match mark(sentence, 0) {
                Some((mark, length, _)) if Some(mark) == self.open => at = length,
                _ => {
                    self.open = None;
                    goes_on = false;
                }
            }
        }
        while at < sentence.len() {
            let Some((mark, length, side)) = mark(sentence, at) else {
                at += 1;
                continue;
            };
            match self.open {
                None if side != Side::Close && mark_can_open(sentence, mark, at + length) => {
                    self.open = Some(mark);
                    (start, goes_on) = (at, false);
                }
                Some(open) if open == mark && side != Side::Open => {
                    self.open = None;
                    pieces.push(Piece { tokens: start..at + length, goes_on });
                }
                _ => {}
            }
            at += length;
        }
        if self.open.is_some() {
            pieces.push(Piece { tokens: start..sentence.len(), goes_on });
        }
        pieces
    }
}

/// Which side of the speech a mark can stand on, by the spaces around it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Open,
    Close,
    Either,
}

/// The quotation mark at `at`: its kind, how many tokens it has, its side.
fn mark(sentence: &Sentence<'_>, at: usize) -> Option<(Mark, usize, Side)> {
    let is_twin = |at: usize| sentence.raw(at) == "'" && sentence.raw(at + 1) == "'" && sentence.touches_next(at);
    let (mark, length) = match sentence.raw(at) {
        "“" | "«" => return Some((Mark::Double, 1, Side::Open)),
        "”" | "»" => return Some((Mark::Double, 1, Side::Close)),
        "\"" => (Mark::Double, 1),
        "'" if is_twin(at) => (Mark::Twin, 2),
        "‘" => return Some((Mark::Single, 1, Side::Open)),
        "'" | "’" => (Mark::Single, 1),
        _ => return None,
    };
    let (is_behind, is_before) = (sentence.touches_previous(at), sentence.touches_next(at + length - 1));
    let side = match (is_behind, is_before) {
        (false, true) => Side::Open,
        (true, false) => Side::Close,
        _ if matches!(sentence.raw(at + length), "," | "." | "?" | "!" | ";" | ")") => Side::Close,
        _ if matches!(sentence.raw_before(at, 1), "(" | "[" | "—" | "–" | "-" | "") => Side::Open,
        _ => Side::Either,
    };
    Some((mark, length, side))
}

/// A single mark before a digit or in doubt is an apostrophe: "the '90s".
fn mark_can_open(sentence: &Sentence<'_>, mark: Mark, next: usize) -> bool {
    mark != Mark::Single || (sentence.is_word(next) && !sentence.touches_previous(next - 1))
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    /// The pieces of some sentences, each with whether it goes on.
    fn pieces(sentences: &[(&str, bool)]) -> Vec<(String, bool)> {
        let mut speech = Speech::default();
        let mut all = Vec::new();
        for (text, opens_paragraph) in sentences {
            let tokens = tokens(text);
            let sentence = Sentence::new(text, text, &tokens);
            for piece in speech.read(&sentence, *opens_paragraph) {
                all.push((sentence.slice(&piece.tokens).to_owned(), piece.goes_on));
            }
        }
        all
    }

    fn piece(text: &str, goes_on: bool) -> (String, bool) {
        (text.to_owned(), goes_on)
    }

    #[test]
    fn marks_of_all_kinds() {
        for text in ["“We sold ten,” ", "\"We sold ten,\" ", "''We sold ten,'' ", "'We sold ten,' "] {
            assert_eq!(pieces(&[(&format!("{text}Ono said."), true)]), [piece(text.trim_end(), false)]);
        }
        assert_eq!(pieces(&[("The workers' pay in the '90s, Ono's firm", true)]), []);
    }

    #[test]
    fn speech_goes_on_over_sentences_and_paragraphs() {
        assert_eq!(
            pieces(&[("“We sold ten.", true), ("We lost two.", false), ("“Then we left,” she said.", true)]),
            [piece("“We sold ten.", false), piece("We lost two.", true), piece("“Then we left,”", true)]
        );
    }

    #[test]
    fn a_mark_left_open_ends_with_its_paragraph() {
        assert_eq!(pieces(&[("“We sold ten.", true), ("Nothing more.", true)]), [piece("“We sold ten.", false)]);
    }
}
