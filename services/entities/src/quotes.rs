//! Direct speech, and who speaks.

use std::ops::Range;

use tallywire_proto::{EntityKind, Quote, Speaker};
use tallywire_text::CodePoints;

use crate::{
    classify::Name,
    lexicon::{Class, Lexicon},
    resolve::Resolved,
    words::{Case, Word, Words},
};

/// The fewest words of direct speech: less is a title or a term.
const FEWEST_WORDS: usize = 3;
/// How many words from the quotation mark the attributing verb may stand.
const REACH: usize = 14;

/// The direct speech of a text, in order.
pub(crate) fn quotes(
    text: &str,
    words: &Words<'_>,
    names: &[Name],
    resolved: &Resolved,
    lexicon: &Lexicon,
    points: &CodePoints,
) -> Vec<Quote> {
    let speech = quoted(text, &words.words);
    let mut spoken = vec![false; names.len()];
    for marks in &speech {
        let first = names.partition_point(|name| name.words.start < marks.start);
        let last = names.partition_point(|name| name.words.start < marks.end);
        spoken[first..last].fill(true);
    }
    let reader = Reader { text, words: &words.words, names, spoken, resolved, lexicon };
    let mut quotes: Vec<Quote> = Vec::new();
    let mut last: Option<usize> = None;
    for marks in speech {
        let opened = words.words[marks.start].end;
        let inside = &text[opened..end_of(text, &words.words, &marks).max(opened)];
        let inner = inside.trim();
        if inner.split_whitespace().count() < FEWEST_WORDS {
            continue;
        }
        let start = opened + inside.len() - inside.trim_start().len();
        let attribution = reader.behind(&marks).or_else(|| reader.before(&marks));
        if attribution.is_none() && is_title(&words.words[marks.start + 1..marks.end], lexicon) {
            continue;
        }
        let (speaker, cue) = if let Some((speaker, cue)) = attribution {
            (speaker, Some(cue))
        } else {
            // Speech that goes on in the same paragraph is the same speaker's.
            let same = last.is_some_and(|last| !has_blank_line(&text[words.words[last].end..start]));
            (quotes.last().filter(|_| same).and_then(|quote| quote.speaker.clone()), None)
        };
        last = Some(marks.end - 1);
        let (from, to) = (points.at(start), points.at(start + inner.len()));
        quotes.push(Quote { start: from, end: to, text: inner.to_owned(), speaker, cue });
    }
    quotes
}

/// Where the quoted text ends: at the closing mark, or at the paragraph's last word where there is none.
fn end_of(text: &str, words: &[Word<'_>], marks: &Range<usize>) -> usize {
    let last = &words[marks.end - 1];
    let closed = matches!(last.text, "”" | "\"" | "»" | "“") && marks.len() > 1;
    if closed { last.start } else { last.end.min(text.len()) }
}

/// Ranges of words from an opening quotation mark to its closing one, or to the paragraph's end.
fn quoted(text: &str, words: &[Word<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, word) in words.iter().enumerate() {
        let paragraph = at > 0 && has_blank_line(&text[words[at - 1].end..word.start]);
        if let Some(start) = open.filter(|_| paragraph) {
            found.push(start..at);
            open = None;
        }
        open = match (open, word.text) {
            (None, "“" | "«") => Some(at),
            (None, "\"") => (words.get(at + 1).is_some_and(|next| next.start == word.end)).then_some(at),
            (Some(start), "”" | "»" | "\"") if words[start].text != "\"" || word.text == "\"" => {
                found.push(start..at + 1);
                None
            }
            (open, _) => open,
        };
    }
    found
}

/// Whether all words but articles and the like have capitals, two at least: the name of a book or film, not speech.
fn is_title(words: &[Word<'_>], lexicon: &Lexicon) -> bool {
    let plain = |word: &Word<'_>| word.case == Case::None || lexicon.class(&word.lower).is(Class::FUNCTION);
    let mut telling = words.iter().filter(|word| !plain(word));
    telling.clone().count() >= 2 && telling.all(|word| word.case != Case::Lower)
}

fn has_blank_line(gap: &str) -> bool {
    gap.bytes().filter(|byte| *byte == b'\n').take(2).count() == 2
}

struct Reader<'r, 't> {
    text: &'t str,
    words: &'r [Word<'t>],
    names: &'r [Name],
    /// Of each name, whether it stands within direct speech.
    spoken: Vec<bool>,
    resolved: &'r Resolved,
    lexicon: &'r Lexicon,
}

impl Reader<'_, '_> {
    /// The attribution behind a quote: `…,” Carter said`, `…,” said Carter`, `…,” he added`.
    fn behind(&self, marks: &Range<usize>) -> Option<(Option<Speaker>, String)> {
        let window = self.window(marks.end, (marks.end..self.words.len().min(marks.end + REACH)).collect());
        let cue = window.clone().find(|at| self.is_cue(*at))?;
        let speaker = self
            .speaker(window.start..cue, marks.start, false)
            .or_else(|| self.speaker(cue + 1..window.end, marks.start, true));
        Some((speaker, self.words[cue].text.to_owned()))
    }

    /// The attribution before a quote: `Carter said: “…`, `According to Carter, “…`.
    fn before(&self, marks: &Range<usize>) -> Option<(Option<Speaker>, String)> {
        let window = self.window(marks.start, (marks.start.saturating_sub(REACH)..marks.start).rev().collect());
        let cue = window.clone().rev().find(|at| self.is_cue(*at))?;
        let text = self.words[cue].text;
        let according = text.eq_ignore_ascii_case("according");
        let ahead = || self.speaker(window.start..cue, marks.start, false);
        let later = || self.speaker(cue + 1..window.end, marks.start, true);
        let speaker = if according { later() } else { ahead().or_else(later) };
        let cue = if according { format!("{text} to") } else { text.to_owned() };
        Some((speaker, cue))
    }

    /// The words around a quotation mark up to the end of the sentence, another quote or a blank line.
    fn window(&self, edge: usize, order: Vec<usize>) -> Range<usize> {
        let mut window = edge..edge;
        for at in order {
            let word = &self.words[at];
            let stops = matches!(word.text, "." | "!" | "?" | ";" | "“" | "”" | "\"" | "«" | "»");
            let gap = if at >= edge {
                at.checked_sub(1).map_or("", |before| &self.text[self.words[before].end..word.start])
            } else {
                self.words.get(at + 1).map_or("", |after| &self.text[word.end..after.start])
            };
            if stops || has_blank_line(gap) {
                break;
            }
            if at >= edge { window.end = at + 1 } else { window.start = at }
        }
        window
    }

    fn is_cue(&self, at: usize) -> bool {
        let word = &self.words[at];
        let text = word.text;
        // "States" is no verb.
        let lower = word.case == Case::Lower || (word.initial && word.case == Case::Capital);
        lower
            && (self.lexicon.class(&word.lower).is(Class::SPEECH_VERB)
                || text.eq_ignore_ascii_case("according")
                    && self.words.get(at + 1).is_some_and(|next| next.text == "to"))
    }

    /// Who speaks among the words of a range: a name, a pronoun for the last person named, or a plain noun phrase.
    fn speaker(&self, range: Range<usize>, quote: usize, behind_verb: bool) -> Option<Speaker> {
        let first = self.names.partition_point(|name| name.words.start < range.start);
        let inside = || self.names[first..].iter().enumerate().take_while(|(_, name)| name.words.end <= range.end);
        let near = |name: &Name| !behind_verb || name.words.start <= range.start + 6;
        let person = inside().find(|(_, name)| name.kind == EntityKind::Person && near(name));
        let other = || inside().find(|(_, name)| name.kind == EntityKind::Organization && near(name));
        if let Some((offset, _)) = person {
            return Some(self.named(first + offset));
        }
        let mut words = &self.words[range.clone()];
        if words.iter().take(4).any(|word| matches!(&*word.lower, "he" | "she")) {
            let before = self.names[..self.names.partition_point(|name| name.words.start < quote)].iter();
            let named = |(at, name): &(usize, &Name)| name.kind == EntityKind::Person && !self.spoken[*at];
            let last = before.enumerate().rev().take(50).find(named);
            return last.map(|(at, _)| self.named(at));
        }
        if let Some((offset, _)) = other() {
            return Some(self.named(first + offset));
        }
        // "the mayor also", "the star then"
        while let [rest @ .., last] = words
            && self.lexicon.class(&last.lower).is(Class::FUNCTION)
        {
            words = rest;
        }
        let (start, end) = (words.first()?, words.last()?);
        let phrase = matches!(&*start.lower, "the" | "a" | "an" | "one" | "another" | "his" | "her" | "their");
        let plain = words.len() <= 6 && words.iter().all(|word| word.case != Case::None || word.text == "-");
        let name = self.text[start.start..end.end].to_owned();
        (phrase && plain && words.len() > 1).then_some(Speaker { entity: None, name })
    }

    fn named(&self, name: usize) -> Speaker {
        let entity = &self.resolved.entities[self.resolved.of_name[name]];
        Speaker { entity: Some(entity.id.clone()), name: entity.name.clone() }
    }
}

#[cfg(test)]
mod tests {
    use crate::Tagger;

    fn quotes(text: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let quotes = Tagger::new().read(text, None).quotes;
        quotes.into_iter().map(|quote| (quote.text, quote.speaker.map(|speaker| speaker.name), quote.cue)).collect()
    }

    fn row(text: &str, speaker: Option<&str>, cue: Option<&str>) -> (String, Option<String>, Option<String>) {
        (text.to_owned(), speaker.map(str::to_owned), cue.map(str::to_owned))
    }

    #[test]
    fn the_speaker_behind_the_quote() {
        assert_eq!(
            quotes("“The road is closed,” said Peter Mwangi. “We will open it soon,” he added."),
            [
                row("The road is closed,", Some("Peter Mwangi"), Some("said")),
                row("We will open it soon,", Some("Peter Mwangi"), Some("added")),
            ]
        );
        assert_eq!(
            quotes("\"Nobody knows the reason,\" a spokesman told reporters."),
            [row("Nobody knows the reason,", Some("a spokesman"), Some("told"))]
        );
    }

    #[test]
    fn the_speaker_before_the_quote() {
        assert_eq!(
            quotes("Anna Schmidt told reporters: “It was a long night.” It rained."),
            [row("It was a long night.", Some("Anna Schmidt"), Some("told"))]
        );
    }

    #[test]
    fn speech_goes_on_in_the_same_paragraph() {
        let found = quotes(
            "“This is the first part,” Anna Schmidt said. “And this is the second one.”\n\n“Who says this here?”",
        );
        assert_eq!(found[1].1.as_deref(), Some("Anna Schmidt"));
        assert_eq!(found[2], row("Who says this here?", None, None));
    }

    #[test]
    fn terms_are_no_speech() {
        assert!(quotes("The “green deal” passed. She read “The House of the Wind” again. An open “mark").is_empty());
    }
}
