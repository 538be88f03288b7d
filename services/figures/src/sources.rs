//! Who says so: the attributions of a text.

use std::{collections::HashSet, ops::Range};

use crate::{phrases::words, sentence::Sentence};

/// The longest source, in words.
const LONGEST: usize = 12;

/// The verbs that attribute.
pub(crate) struct Cues {
    verbs: HashSet<&'static str>,
}

/// Words that attribute something to a source; in tokens of the sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribution {
    /// The words that name the source.
    pub(crate) source: Range<usize>,
    pub(crate) cue: Range<usize>,
}

impl Cues {
    pub(crate) fn load() -> Self {
        Self { verbs: words(include_str!("../data/cues.txt")).collect() }
    }

    /// The attributions of a sentence, in order.
    pub(crate) fn find(&self, sentence: &Sentence<'_>) -> Vec<Attribution> {
        let mut found = Vec::new();
        for at in 0..sentence.len() {
            if sentence.word(at) == "according" && sentence.word(at + 1) == "to" {
                let source = following(sentence, at + 2);
                if !source.is_empty() {
                    found.push(Attribution { source, cue: at..at + 2 });
                }
            } else if self.verbs.contains(sentence.word(at)) && !sentence.is_capitalized(at) {
                found.extend(around(sentence, at));
            }
        }
        found
    }
}

/// The subject of the verb at `at`: behind it in "..., said Ono", before it elsewhere.
fn around(sentence: &Sentence<'_>, at: usize) -> Option<Attribution> {
    let before = sentence.raw_before(at, 1);
    let is_inverted = matches!(before, "," | "\"" | "”" | "’" | "'" | "?" | "!");
    let starts_name = sentence.is_capitalized(at + 1) || matches!(sentence.word(at + 1), "the" | "a" | "an");
    if is_inverted && starts_name {
        let source = following(sentence, at + 1);
        return Some(Attribution { source, cue: at..at + 1 });
    }
    let mut end = at;
    while end > 0 && is_between(sentence.word(end - 1)) {
        end -= 1;
    }
    // "was told", "to say", "who said": no subject that is a source.
    if matches!(sentence.word_before(end, 1), "was" | "were" | "is" | "are" | "be" | "been" | "being" | "to" | "who") {
        return None;
    }
    let source = preceding(sentence, end)?;
    Some(Attribution { source, cue: at..at + 1 })
}

/// Words that stand between a subject and its verb.
fn is_between(word: &str) -> bool {
    matches!(
        word,
        "has" | "have" | "had" | "also" | "later" | "then" | "earlier" | "would" | "once" | "did" | "recently"
    ) || (word.len() > 4 && word.ends_with("ly") && !matches!(word, "family" | "assembly" | "italy"))
}

fn is_quote_mark(word: &str) -> bool {
    matches!(word, "\"" | "“" | "”" | "‘" | "«" | "»")
}

/// The noun phrase from `first` on, up to a comma, a quotation mark or the sentence's end.
fn following(sentence: &Sentence<'_>, first: usize) -> Range<usize> {
    let mut end = first;
    while end < sentence.len() && end - first < LONGEST {
        let word = sentence.word(end);
        let stops = matches!(
            word,
            "," | ";"
                | ":"
                | "("
                | ")"
                | "?"
                | "!"
                | "—"
                | "–"
                | "in"
                | "on"
                | "at"
                | "after"
                | "during"
                | "when"
                | "who"
                | "that"
                | "which"
                | "and"
                | "but"
                | "as"
                | "by"
                | "to"
        );
        let is_full_stop = word == "." && end + 1 >= sentence.len();
        if stops || is_full_stop || is_quote_mark(word) || word == "." {
            break;
        }
        end += 1;
    }
    first..end
}

/// The noun phrase that ends before `end`, without what stands in commas behind it: "Ono, who farms, said".
fn preceding(sentence: &Sentence<'_>, end: usize) -> Option<Range<usize>> {
    let mut end = end;
    if sentence.raw_before(end, 1) == "," {
        let comma = end - 1;
        let opening = (comma.saturating_sub(LONGEST * 2)..comma).rev().find(|at| sentence.raw(*at) == ",");
        end = opening.filter(|at| *at > 0)?;
    }
    let mut start = end;
    while start > 0 && end - start < LONGEST {
        let word = sentence.word(start - 1);
        let stops = matches!(
            word,
            "," | ";"
                | ":"
                | "("
                | ")"
                | "."
                | "?"
                | "!"
                | "—"
                | "–"
                | "that"
                | "but"
                | "as"
                | "while"
                | "when"
                | "because"
                | "if"
                | "which"
                | "what"
                | "than"
                | "where"
                | "since"
                | "although"
                | "though"
                | "so"
                | "how"
                | "who"
        );
        if stops || is_quote_mark(word) {
            break;
        }
        start -= 1;
    }
    // "and" opens a new clause at the start; inside, it joins two sources.
    while start < end && matches!(sentence.word(start), "and" | "or" | "then" | "still" | "yet" | "in" | "on" | "also")
    {
        start += 1;
    }
    // A source is a noun phrase: with a verb or a figure in it, the words before the cue are a clause of their own, and
    // behind an article the cue is a participle: "took an estimated 5".
    let is_clause = (start..end).any(|at| {
        sentence.is_digits(at)
            || matches!(
                sentence.word(at),
                "%" | "is" | "are" | "was" | "were" | "be" | "to" | "took" | "not" | "see" | "compared"
            )
    }) || matches!(
        sentence.word_before(end, 1),
        "a" | "an" | "the" | "its" | "his" | "her" | "their" | "of" | "in"
    );
    let has_name = (start..end).any(|at| sentence.is_word(at));
    (has_name && !is_clause && end - start < LONGEST).then_some(start..end)
}

/// The attribution that a figure falls under: the last one before it, else the first behind it; never one whose source
/// or cue holds the figure.
pub(crate) fn governing<'f>(found: &'f [Attribution], figure: &Range<usize>) -> Option<&'f Attribution> {
    let overlaps = |span: &Range<usize>| span.start < figure.end && figure.start < span.end;
    let mut outside = found.iter().filter(|one| !overlaps(&one.source) && !overlaps(&one.cue)).peekable();
    let first = outside.peek().copied();
    outside.take_while(|one| one.cue.end <= figure.start).last().or(first)
}

/// Follows quotation marks over the sentences of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Speech {
    pub(crate) is_open: bool,
}

impl Speech {
    /// Reads one sentence's quotation marks; whether the sentence begins inside of speech, or with it.
    pub(crate) fn read(&mut self, sentence: &Sentence<'_>) -> bool {
        let begins = self.is_open || matches!(sentence.raw(0), "“" | "\"" | "«");
        for at in 0..sentence.len() {
            match sentence.raw(at) {
                "“" | "«" => self.is_open = true,
                "”" | "»" => self.is_open = false,
                "\"" => self.is_open = !self.is_open,
                _ => {}
            }
        }
        begins
    }
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    /// Source and cue of the first attribution.
    fn first(text: &str) -> Option<(String, String)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let found = Cues::load().find(&sentence);
        let one = found.first()?;
        Some((sentence.slice(&one.source).to_owned(), sentence.slice(&one.cue).to_owned()))
    }

    #[test]
    fn finds_the_source() {
        for (text, source, cue) in [
            ("The harbour master said 12 boats sank.", "The harbour master", "said"),
            ("Twelve boats sank, the harbour master said.", "the harbour master", "said"),
            ("“Twelve boats sank,” said Ana Ono.", "Ana Ono", "said"),
            ("Twelve boats sank, according to the port authority.", "the port authority", "according to"),
            ("Ana Ono, who runs the port, said 12 boats sank.", "Ana Ono", "said"),
            ("But she has also said 12 boats sank.", "she", "said"),
        ] {
            assert_eq!(first(text), Some((source.to_owned(), cue.to_owned())), "{text}");
        }
    }

    #[test]
    fn no_source() {
        assert_eq!(first("Twelve boats sank."), None);
        assert_eq!(first("She was told to wait."), None);
        assert_eq!(first("The film took an estimated $5m."), None);
        assert_eq!(first("They left the United States."), None);
    }

    #[test]
    fn a_figure_in_the_source_is_not_governed() {
        let attribution = Attribution { source: 0..3, cue: 3..4 };
        assert_eq!(governing(std::slice::from_ref(&attribution), &(1..2)), None);
        assert!(governing(&[attribution], &(5..6)).is_some());
    }

    #[test]
    fn speech_goes_on_over_sentences() {
        let text = "“We sold ten";
        let tokens = tokens(text);
        let mut speech = Speech::default();
        assert!(speech.read(&Sentence::new(text, text, &tokens)));
        assert!(speech.is_open);
    }
}
