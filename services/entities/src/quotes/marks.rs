//! Which words stand between quotation marks.

use std::ops::Range;

use crate::{
    lexicon::{Class, Lexicon},
    words::{Case, Word},
};

/// The most words between two marks: what is longer lacks its closing mark.
const LONGEST: usize = 800;

/// Words between quotation marks, all of one paragraph.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Span {
    /// The words, without the marks.
    pub(super) words: Range<usize>,
    /// The words with their marks.
    pub(super) marked: Range<usize>,
}

impl Span {
    /// Whether a closing mark stands behind the words. It lacks where the next paragraph carries the speech on.
    pub(super) fn is_closed(&self) -> bool {
        self.words.end < self.marked.end
    }
}

/// The words between the outermost quotation marks of a text, in order.
pub(super) fn spans(text: &str, words: &[Word<'_>], lexicon: &Lexicon) -> Vec<Span> {
    let marks = Marks { text, words, lexicon, widths: widths(words) };
    let double = marks.double();
    let single = marks.single(&double);
    let mut spans: Vec<Span> = Vec::with_capacity(double.len() + single.len());
    let mut double = double.into_iter().peekable();
    for outer in single {
        while let Some(span) = double.next_if(|span| span.words.start < outer.words.end) {
            if span.words.start < outer.words.start {
                spans.push(span);
            }
        }
        spans.push(outer);
    }
    spans.extend(double);
    spans
}

/// How many line ends stand between two words: two are a paragraph's end.
pub(super) fn line_ends(gap: &str) -> usize {
    gap.bytes().filter(|byte| *byte == b'\n').take(2).count()
}

/// How many words a mark is: two where it is typed as two single ones, and none for the second of them.
fn widths(words: &[Word<'_>]) -> Vec<usize> {
    let mut widths = vec![1; words.len()];
    for at in 1..words.len() {
        let pair = matches!((words[at - 1].text, words[at].text), ("'", "'") | ("`", "`"));
        if pair && words[at - 1].end == words[at].start && widths[at - 1] == 1 {
            (widths[at - 1], widths[at]) = (2, 0);
        }
    }
    widths
}

struct Marks<'r, 't> {
    text: &'t str,
    words: &'r [Word<'t>],
    lexicon: &'r Lexicon,
    widths: Vec<usize>,
}

/// A mark that waits for the one that closes it.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    /// The first word of the next line.
    line: Option<usize>,
    /// A mark that may close it or be an apostrophe: "the players'".
    apostrophe: Option<usize>,
}

impl Open {
    fn new(at: usize) -> Self {
        Self { at, line: None, apostrophe: None }
    }
}

impl Marks<'_, '_> {
    fn text(&self, at: usize) -> &str {
        match self.widths.get(at) {
            Some(1) => self.words[at].text,
            Some(2) => "\"",
            _ => "",
        }
    }

    fn span(&self, open: usize, close: usize) -> Span {
        Span { words: open + self.widths[open]..close, marked: open..close + self.widths[close] }
    }

    /// Whether nothing stands between a word and the one before it.
    fn touches_last(&self, at: usize) -> bool {
        at > 0 && self.words.get(at).is_some_and(|word| self.words[at - 1].end == word.start)
    }

    fn touches_next(&self, at: usize) -> bool {
        self.touches_last(at + self.widths[at])
    }

    fn line_ends_before(&self, at: usize) -> usize {
        if at == 0 { 2 } else { line_ends(&self.text[self.words[at - 1].end..self.words[at].start]) }
    }

    /// Whether the mark stands where speech begins: behind a space, a bracket, a dash.
    fn begins(&self, at: usize) -> bool {
        let last = if at == 0 { "" } else { self.text(at - 1) };
        !self.touches_last(at) || matches!(last, "(" | "[" | "—" | "–" | "-" | "/" | "‘" | "'" | "“" | "\"" | "„")
    }

    fn opens(&self, at: usize) -> bool {
        match self.text(at) {
            "“" | "„" | "«" => !self.touches_last(at) || self.touches_next(at),
            "\"" if self.touches_next(at) => self.begins(at) || matches!(self.text(at - 1), ":" | ","),
            "\"" => !self.touches_last(at),
            // Closes in English and French, opens in Swedish and Danish.
            "”" | "»" => !self.touches_last(at) && self.touches_next(at),
            _ => false,
        }
    }

    fn closes(&self, open: &str, at: usize) -> bool {
        let (last, next) = (self.touches_last(at), self.touches_next(at));
        match (open, self.text(at)) {
            ("„", "“" | "”" | "\"") | ("«", "»") | ("»", "«") => true,
            ("“" | "”" | "\"", "”") => last || !next,
            ("“" | "”" | "\"", "\"") => !next || (last && !self.begins(at)),
            ("“", "“") => last && !next,
            _ => false,
        }
    }

    fn double(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut open: Option<Open> = None;
        // Of marks within marks, the outer one.
        let mut outer: Option<Open> = None;
        for at in 0..self.words.len() {
            let ends = self.line_ends_before(at);
            if let Some(mark) = open.as_mut().filter(|_| ends > 0) {
                mark.line.get_or_insert(at);
                if ends == 2 || self.opens(at) {
                    let mark = *mark;
                    if spans.last().is_none_or(|last| last.words.start < mark.at) {
                        spans.extend(self.unclosed(mark, at));
                    }
                    (open, outer) = (None, None);
                }
            }
            if open.is_some_and(|mark| at - mark.at > LONGEST) {
                (open, outer) = (None, None);
            }
            match open {
                Some(mark) if self.closes(self.text(mark.at), at) => {
                    while spans.last().is_some_and(|last| last.words.start > mark.at) {
                        spans.pop();
                    }
                    spans.push(self.span(mark.at, at));
                    open = outer.take();
                }
                Some(mark) if self.opens(at) => {
                    // A straight mark cannot stand within straight ones: the first was never closed.
                    outer = outer.or(Some(mark)).filter(|outer| self.text(outer.at) != "\"");
                    open = Some(Open::new(at));
                }
                None if self.opens(at) => open = Some(Open::new(at)),
                _ => {}
            }
        }
        if let Some(mark) = open.filter(|mark| spans.last().is_none_or(|last| last.words.start < mark.at)) {
            spans.extend(self.unclosed(mark, self.words.len()));
        }
        spans.retain(|span: &Span| !span.words.is_empty());
        spans
    }

    /// The words of a line behind a mark that nothing closes, where they are speech: the line begins with them, a colon
    /// stands before them, or the next line carries them on.
    fn unclosed(&self, mark: Open, next: usize) -> Option<Span> {
        let led = mark.at == 0 || self.line_ends_before(mark.at) > 0 || matches!(self.text(mark.at - 1), ":" | ",");
        let carried_on = next < self.words.len() && (self.opens(next) || self.opens_single(next));
        let end = mark.line.unwrap_or(next).min(next);
        let words = mark.at + self.widths[mark.at]..end;
        (led || carried_on).then_some(Span { words, marked: mark.at..end })
    }

    fn opens_single(&self, at: usize) -> bool {
        matches!(self.text(at), "‘" | "'") && self.touches_next(at) && self.begins(at) && !self.is_elision(at + 1)
    }

    /// Words that begin with an apostrophe: "'em", "'90s".
    fn is_elision(&self, at: usize) -> bool {
        let text = self.text(at);
        let year = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        year || matches!(text, "em" | "til" | "tis" | "twas" | "cause" | "cos" | "n" | "round" | "bout" | "s" | "t")
    }

    /// Whether the mark can close, and whether it can be no apostrophe.
    fn closes_single(&self, at: usize) -> (bool, bool) {
        let glued = self.touches_next(at)
            && self.words.get(at + 1).is_some_and(|next| next.text.starts_with(char::is_alphanumeric));
        if !matches!(self.text(at), "'" | "’") || !self.touches_last(at) || glued {
            return (false, false);
        }
        let last = &self.words[at - 1];
        let clipped = last.case != Case::None && (last.text.ends_with(['s', 'S']) || last.text.ends_with("in"));
        // A possessor stands before a noun.
        let noun = self
            .words
            .get(at + 1)
            .is_some_and(|next| next.case != Case::None && !self.lexicon.class(&next.lower).is(Class::FUNCTION));
        (true, !(clipped && noun))
    }

    /// The words between single marks outside of double ones.
    fn single(&self, double: &[Span]) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut double = double.iter().peekable();
        let mut open: Option<Open> = None;
        for at in 0..self.words.len() {
            while double.next_if(|span| span.marked.end <= at).is_some() {}
            if double.peek().is_some_and(|span| span.marked.start <= at) {
                continue;
            }
            let ends = self.line_ends_before(at);
            if let Some(mark) = open.as_mut().filter(|_| ends > 0) {
                mark.line.get_or_insert(at);
                if ends == 2 || self.opens_single(at) {
                    spans.extend(self.unclosed_single(*mark, at));
                    open = None;
                }
            }
            let (closes, firm) = self.closes_single(at);
            open = match open {
                Some(mark) if at - mark.at > LONGEST => None,
                Some(mark) if closes && firm => {
                    spans.push(self.span(mark.at, at));
                    None
                }
                Some(mark) if closes => Some(Open { apostrophe: mark.apostrophe.or(Some(at)), ..mark }),
                Some(mark) if self.opens_single(at) => {
                    spans.extend(mark.apostrophe.map(|end| self.span(mark.at, end)));
                    Some(Open::new(at))
                }
                None if self.opens_single(at) => Some(Open::new(at)),
                open => open,
            };
        }
        spans.extend(open.and_then(|mark| self.unclosed_single(mark, self.words.len())));
        spans.retain(|span: &Span| !span.words.is_empty());
        spans
    }

    /// What looked like an apostrophe closes where nothing else does. Single marks are too often apostrophes to trust one
    /// alone, but where the next line carries the speech on.
    fn unclosed_single(&self, mark: Open, next: usize) -> Option<Span> {
        let carried_on = next < self.words.len() && self.opens_single(next);
        let sentence = self.words.get(mark.at + 1).is_some_and(Word::is_capital);
        match mark.apostrophe {
            Some(end) if !(carried_on && sentence) => Some(self.span(mark.at, end)),
            _ => self.unclosed(mark, next).filter(|_| carried_on),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Words, surface};

    fn quoted(text: &str) -> Vec<&str> {
        let lexicon = Lexicon::new();
        let words = Words::new(text, &lexicon).words;
        let cut = |span: Span| surface(text, &words, &span.words);
        spans(text, &words, &lexicon).into_iter().map(cut).collect()
    }

    #[test]
    fn marks_of_all_kinds_pair() {
        assert_eq!(quoted("“One, two,” he said. \"Three four.\" She left."), ["One, two,", "Three four."]);
        assert_eq!(
            quoted("„Eins, zwei“, sagte er. « Un, deux », dit-il. »En, to,« sa han. ''One two'' ``so''."),
            ["Eins, zwei", "Un, deux", "En, to,", "One two", "so"]
        );
        assert_eq!(quoted("He said:\"One two.\"Then (\"three four\") five."), ["One two.", "three four"]);
    }

    #[test]
    fn single_marks_are_told_from_apostrophes() {
        assert_eq!(quoted("'It's the players' choice,' he said."), ["It's the players' choice,"]);
        assert_eq!(
            quoted("It's the players' cup. ‘We’re the ’90s boys’ club,’ he said."),
            ["We’re the ’90s boys’ club,"]
        );
        assert_eq!(quoted("‘At six hours’ notice and no lorries’ she left."), ["At six hours’ notice and no lorries"]);
        assert_eq!(quoted("Rock 'n' roll of the '60s, and get 'em on the dogs' side."), [""; 0]);
        assert_eq!(quoted("They chose 'the best of days' and went 'home to us'."), ["the best of days", "home to us"]);
    }

    #[test]
    fn only_the_outermost_marks_count() {
        assert_eq!(quoted("“He told me ‘go home now’ and left,” she said."), ["He told me ‘go home now’ and left,"]);
        assert_eq!(
            quoted("'He told me \"go home now\" and left,' she said."),
            ["He told me \"go home now\" and left,"]
        );
        assert_eq!(quoted("“He told me “go home” and left,” she said."), ["He told me “go home” and left,"]);
    }

    #[test]
    fn a_paragraph_carries_on_without_a_closing_mark() {
        assert_eq!(quoted("Lee said: “One.\n\n“Two.\n\n“Three,” Lee said."), ["One.", "Two.", "Three,"]);
        assert_eq!(quoted("'One.\n\n'Two,' he said."), ["One.", "Two,"]);
    }

    #[test]
    fn marks_without_a_partner_reach_no_further_than_their_paragraph() {
        assert_eq!(quoted("An open “mark here.\n\nThen more. Five\" wide."), [""; 0]);
        assert_eq!(quoted("“An open mark.\nThen more.\n\nAnd more."), ["An open mark."]);
        assert_eq!(quoted("He said \"one two. \"Three four,\" he said."), ["Three four,"]);
    }
}
