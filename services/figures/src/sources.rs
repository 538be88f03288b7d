//! Who says so: the attributions of a text.
//!
//! A cue, a word such as "said", links what is said to its source. One sentence is searched for cues ([`find`]), each
//! with the subject that is its source and the parts of the sentence that it holds; over the whole text, direct speech is
//! given to its speakers ([`Carried`]), and pronouns lead back to names ([`Namer`]).

mod carried;
mod cues;
mod name;
mod patterns;
mod phrase;
mod quotes;
mod speech;
mod subject;
mod words;

use std::ops::Range;

pub(crate) use self::{carried::Carried, cues::Cues, name::Namer, quotes::Quotes};
use self::{patterns::Patterns, phrase::Phrases, speech::Piece, subject::Subject, words::Class};
use crate::sentence::Sentence;

/// Words that attribute something to a source; in tokens of the sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribution {
    /// Who says it.
    pub(crate) subject: Subject,
    pub(crate) cue: Range<usize>,
    /// What is said before the cue and its subject: "40 ships sank, Ono said."
    pub(crate) before: Range<usize>,
    /// What is said behind them: "Ono said 40 ships sank."
    pub(crate) after: Range<usize>,
}

impl Attribution {
    /// Whether something falls under the attribution; never what its source or cue holds.
    fn holds(&self, tokens: &Range<usize>) -> bool {
        let overlaps = |span: &Range<usize>| span.start < tokens.end && tokens.start < span.end;
        (overlaps(&self.before) || overlaps(&self.after)) && !overlaps(&self.subject.tokens) && !overlaps(&self.cue)
    }
}

/// The attributions of a sentence, outside of its direct speech, in order.
pub(crate) fn find(cues: &Cues, sentence: &Sentence<'_>, pieces: &[Piece]) -> Vec<Attribution> {
    let patterns = Patterns { phrases: Phrases { sentence, cues }, pieces };
    let mut found: Vec<Attribution> = Vec::new();
    for at in 0..sentence.len() {
        if pieces.iter().any(|piece| piece.tokens.contains(&at)) {
            continue;
        }
        let last = found.last();
        let clause = last.filter(|last| last.after.is_empty()).map_or(0, |last| last.cue.end);
        let one = patterns.at(at, clause, last);
        found.extend(one);
    }
    end_at_the_next(&patterns.phrases, &mut found);
    end_at_asides(sentence, &mut found);
    found
}

/// What one source said ends where another begins: "Ono said 40 sank and Poe said 50 did".
fn end_at_the_next(phrases: &Phrases<'_>, found: &mut [Attribution]) {
    for index in 1..found.len() {
        let next = &found[index];
        let start = if next.subject.is_shared { next.cue.start } else { next.subject.tokens.start.min(next.cue.start) };
        // "While Ono says 40 sank, Poe says 50 did."
        let is_main = phrases.sentence.raw_before(start, 1) == "," && phrases.is(0, Class::Scene);
        if is_main || phrases.is_before(start, Class::Joint) || !next.before.is_empty() {
            for one in &mut found[..index] {
                one.after.end = one.after.end.min(start).max(one.after.start);
            }
        }
    }
}

/// What is said behind a cue ends where the writer adds something: "Ono said 40 ships sank, which is more than ...".
fn end_at_asides(sentence: &Sentence<'_>, found: &mut [Attribution]) {
    for one in found {
        let adds = |at: &usize| {
            sentence.raw(*at) == "," && matches!(sentence.word(at + 1), "which" | "when" | "where" | "since")
        };
        if let Some(end) = one.after.clone().skip(1).find(adds) {
            one.after.end = end;
        }
    }
}

/// The attribution that some tokens fall under: the outermost, which holds the most.
pub(crate) fn governing(found: &[Attribution], tokens: &Range<usize>) -> Option<usize> {
    let size = |number: &usize| found[*number].before.len() + found[*number].after.len();
    (0..found.len()).rev().filter(|number| found[*number].holds(tokens)).max_by_key(size)
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::{speech::Speech, *};

    /// Source and cue of the attribution that the first token with a digit falls under.
    fn source(text: &str) -> Option<(String, String)> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        let pieces = Speech::default().read(&sentence, true);
        let found = find(&Cues::load(), &sentence, &pieces);
        let figure = (0..sentence.len()).find(|at| sentence.is_digits(*at))?;
        let one = &found[governing(&found, &(figure..figure + 1))?];
        Some((sentence.slice(&one.subject.tokens).to_owned(), sentence.slice(&one.cue).to_owned()))
    }

    #[test]
    fn finds_the_source() {
        for (text, name, cue) in [
            ("The harbour master said 12 boats sank.", "The harbour master", "said"),
            ("The harbour master told reporters that 12 boats sank.", "The harbour master", "told"),
            ("Some 12 boats sank, the harbour master said.", "the harbour master", "said"),
            ("Some 12 boats sank, the harbour master said on Monday in a note.", "the harbour master", "said"),
            ("“We lost 12 boats,” said Ana Ono, who fishes.", "Ana Ono", "said"),
            ("''We lost 12 boats,'' said fisher Ana Ono.", "fisher Ana Ono", "said"),
            ("Some 12 boats sank, says port chief Ana Ono.", "port chief Ana Ono", "says"),
            ("So far, says port chief Ana Ono: 12 boats.", "port chief Ana Ono", "says"),
            ("Some 12 boats sank, according to the port authority.", "the port authority", "according to"),
            ("According to the port authority, 12 boats sank.", "the port authority", "According to"),
            ("But, according to the port authority, 12 boats sank.", "the port authority", "according to"),
            ("The storm, according to the port authority, sank 12 boats.", "the port authority", "according to"),
            ("As reported by the Port Mail, 12 boats sank.", "the Port Mail", "reported by"),
            ("Ana Ono, who runs the port, said 12 boats sank.", "Ana Ono", "said"),
            ("Ana Ono, the head of the port, said the storm sank 12 boats.", "Ana Ono", "said"),
            ("But she has also said 12 boats sank.", "she", "said"),
            ("Acme Lines lost a ship and says 12 men are missing.", "Acme Lines", "says"),
            ("“It was bad,” Ana Ono added, noting that 12 boats sank.", "Ana Ono", "noting"),
            ("The report is by Ana Ono, who said 12 boats sank.", "who", "said"),
            ("In a new poll of sailors, 12 percent were for it.", "a new poll of sailors", "In"),
            ("A poll last week has the mayor at 12 percent.", "A poll last week", "has"),
            ("Ana Ono put it differently: “We lost 12 boats.”", "Ana Ono", ":"),
            ("Ana Ono: We lost more than 12 boats that night.", "Ana Ono", ":"),
            ("The port reported at least 12 boats lost.", "The port", "reported"),
            ("Ana Ono hopes to sell 12 boats.", "Ana Ono", "hopes"),
            ("The mayor was quoted as saying 12 boats sank.", "The mayor", "saying"),
            ("By Ana Ono's count, 12 boats sank.", "Ana Ono", "By"),
            ("The mayor put the number of boats at 12.", "The mayor", "put"),
            ("Police: 12 boats lost", "Police", ":"),
            ("Some 12 boats lost in storm: UN", "UN", ":"),
            ("Ana Ono on Monday said 12 boats sank.", "Ana Ono", "said"),
            ("A spokeswoman, Ana Ono, said 12 boats sank.", "Ana Ono", "said"),
            ("Some 12 boats sank, new reports show.", "new reports", "show"),
            ("Some 12 boats sank, she told the court in a letter.", "she", "told"),
            ("Ana Ono said 12 boats sank but opposed a new quay.", "Ana Ono", "said"),
            ("While most of the boats are old, according to Ana Ono, 12 are new.", "Ana Ono", "according to"),
        ] {
            assert_eq!(source(text), Some((name.to_owned(), cue.to_owned())), "{text}");
        }
    }

    #[test]
    fn no_source() {
        for text in [
            "Some 12 boats sank.",
            "She was told to wait for 12 days.",
            "The film took an estimated $5m.",
            "They left the United States 12 years ago.",
            "Half of the sailors said they would go, 12 percent would not.",
            // Its own age is not what a source says, nor is what the writer adds.
            "Ana Ono, 12, said nothing.",
            "Ana Ono said the ship sank, which left 12 boats.",
            "Bernie Bo: 12.",
            "They want 12 things: peace.",
            "All told, up to 12 boats sank.",
            "Ana Ono's show ran for 12 years.",
            "By the time the talks concluded, 12 boats had sunk.",
            "They aren't admitted for 12 months.",
        ] {
            assert_eq!(source(text), None, "{text}");
        }
    }

    #[test]
    fn the_outermost_source_says_it() {
        let outer = |text| source(text).map(|(name, _)| name);
        assert_eq!(outer("Ana Ono said the port estimated 12 boats sank.").as_deref(), Some("Ana Ono"));
        assert_eq!(outer("The port believes 12 boats sank, Ana Ono said.").as_deref(), Some("Ana Ono"));
        assert_eq!(outer("Ana Ono said that, according to a letter, 12 boats sank.").as_deref(), Some("Ana Ono"));
        assert_eq!(outer("Ana Ono said boats sank and Bo Poe said 12 did.").as_deref(), Some("Bo Poe"));
        assert_eq!(outer("While Ana Ono says boats sank, Bo Poe says 12 did.").as_deref(), Some("Bo Poe"));
    }
}
