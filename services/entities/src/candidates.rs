//! What may be a name: runs of capitalised words, cut where titles, nationalities and sentence starts do not belong.

use std::{collections::HashSet, ops::Range};

use crate::{
    gazetteer::Gazetteer,
    lexicon::Class,
    words::{Case, Style, Word, Words},
};

/// A run of words that may be a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Candidate {
    /// Its words.
    pub(crate) words: Range<usize>,
    /// The words of its sentence.
    pub(crate) sentence: Range<usize>,
    /// Whether a title stands before it.
    pub(crate) titled: bool,
    /// How its sentence is written.
    pub(crate) style: Style,
}

/// The most words of a name in the gazetteer.
const LONGEST: usize = 6;

/// The most words of a run: more capitalised words in a row are no name, and every run is looked at word by word.
const LONGEST_RUN: usize = 16;

/// All candidates of a text, in order; they do not overlap.
pub(crate) fn candidates(text: &str, words: &Words<'_>, gazetteer: &Gazetteer) -> Vec<Candidate> {
    let mut finder = Finder { text, words: &words.words, gazetteer, seen: seen(words), found: Vec::new() };
    for (sentence, style) in &words.sentences {
        finder.sentence(sentence, *style);
    }
    finder.found
}

/// The words that are capitalised where a sentence does not ask for it.
fn seen<'w>(words: &'w Words<'_>) -> HashSet<&'w str> {
    let running = words.sentences.iter().filter(|(_, style)| *style == Style::Running);
    running
        .flat_map(|(sentence, _)| &words.words[sentence.clone()])
        .filter(|word| word.case == Case::Capital && !word.initial)
        .map(|word| word.text)
        .collect()
}

const HEAD: Class = Class::ORGANIZATION_HEAD.or(Class::PLACE_HEAD);

struct Finder<'w, 't> {
    text: &'t str,
    words: &'w [Word<'t>],
    gazetteer: &'w Gazetteer,
    seen: HashSet<&'w str>,
    found: Vec<Candidate>,
}

impl Finder<'_, '_> {
    fn sentence(&mut self, sentence: &Range<usize>, style: Style) {
        let mut at = sentence.start;
        while at < sentence.end {
            let end = self.run_end(at, sentence.end, style);
            if end > at {
                self.cut(at..end, sentence, style);
            }
            at = end.max(at + 1);
        }
    }

    /// One past the last word of the run that begins at `at`; `at` itself where none does.
    fn run_end(&self, at: usize, limit: usize, style: Style) -> usize {
        let mut end = at;
        while end < limit && end < at + LONGEST_RUN {
            let length = if style == Style::Heading { self.known_length(end..limit) } else { 0 };
            let next = if length > 1 {
                end + length
            } else if self.is_name_word(end, end == at, style) {
                end + 1
            } else if end > at {
                end + self.connector_length(at..end, limit)
            } else {
                end
            };
            if next == end {
                break;
            }
            end = next;
        }
        end
    }

    fn is_name_word(&self, at: usize, first: bool, style: Style) -> bool {
        let word = &self.words[at];
        let class = word.class;
        if !word.is_capital() {
            return false;
        }
        // "May" goes on with a person's name, else it is the month.
        let goes_on = !first && self.words[at - 1].class.is(Class::FIRST_NAME.or(Class::TITLE));
        let stops = class.is(Class::CALENDAR) && !goes_on
            || class.is(Class::FUNCTION) && (!first || word.initial) && word.case == Case::Capital
            || style == Style::Heading
                && class.is(Class::COMMON.or(Class::FUNCTION))
                && !class.is(Class::TITLE.or(HEAD));
        !stops
    }

    /// How many words go on with the run though the next one has no capital: "of", "and the", "van der", "&".
    fn connector_length(&self, run: Range<usize>, limit: usize) -> usize {
        let (end, last) = (run.end, &self.words[run.end - 1]);
        let capital =
            |at: usize| at < limit && self.words[at].is_capital() && !self.words[at].class.is(Class::CALENDAR);
        let person = |at: usize| self.words[at].class.is(Class::FIRST_NAME.or(Class::TITLE));
        let next = &self.words[end];
        match next.text {
            "&" | "al" | "el" | "bin" | "ibn" | "bint" | "van" | "von" | "de" | "du" | "da" | "dos" | "di" | "del"
            | "della" | "la" | "le" | "den" | "der" | "ter" | "af" | "ben" | "abu" | "ul" | "ur" => {
                if capital(end + 1) {
                    1
                } else if end + 1 < limit && is_particle(self.words[end + 1].text) && capital(end + 2) {
                    2
                } else {
                    0
                }
            }
            "of" | "for" | "on" if last.class.is(HEAD) => {
                let article = usize::from(end + 1 < limit && self.words[end + 1].text == "the");
                let behind = end + 1 + article;
                let title = |at: usize| self.words[at].class.is(Class::TITLE) && &*self.words[at].lower != "justice";
                if capital(behind) && !title(behind) { 1 + article } else { 0 }
            }
            "and" => usize::from(capital(end + 1) && self.joins_with_and(run, limit)),
            // "Abdel Fattah al - Sisi", as some pages space it
            "-" => usize::from(matches!(&*last.lower, "al" | "el") && capital(end + 1)),
            // "People's Republic", "Workers' Party"
            "'s" | "’s" | "'" | "’" => usize::from(
                last.end == next.start && last.class.is(Class::COMMON) && capital(end + 1) && !person(end + 1),
            ),
            _ => 0,
        }
    }

    /// Whether "and" behind a run is within a name: "Ministry of Trade and Industry", "Foreign Policy and Security
    /// Committee", but not "the University of Leeds and Oxford Council".
    fn joins_with_and(&self, run: Range<usize>, limit: usize) -> bool {
        let common = |word: &Word<'_>| word.class.is(Class::COMMON) && !word.class.is(Class::TITLE.or(Class::DEMONYM));
        let end = run.end;
        let (last, next) = (&self.words[end - 1], &self.words[end + 1]);
        if !common(last) {
            return false;
        }
        let within = self.words[run].iter().any(|word| matches!(word.text, "of" | "for" | "on"));
        let name = Class::FIRST_NAME.or(Class::TITLE).or(Class::DEMONYM);
        if within && !last.class.is(HEAD) {
            return !next.class.is(name) && self.gazetteer.places(next.text).next().is_none();
        }
        // Both sides share the head behind them.
        let behind = self.words[end + 2..limit].iter().take(LONGEST);
        let headed = behind.take_while(|word| word.is_capital()).last();
        common(next) && headed.is_some_and(|word| word.class.is(Class::ORGANIZATION_HEAD)) && !last.class.is(HEAD)
    }

    /// The length of the longest gazetteer name of two words and more at the start of a range; 0 for none.
    fn known_length(&self, range: Range<usize>) -> usize {
        if !self.words[range.start].is_capital() {
            return 0;
        }
        let longest = range.len().min(LONGEST);
        (2..=longest)
            .rev()
            .find(|length| {
                let last = range.start + length - 1;
                self.words[last].is_capital() && self.gazetteer.contains(self.surface(range.start..last + 1))
            })
            .unwrap_or(0)
    }

    fn surface(&self, range: Range<usize>) -> &str {
        &self.text[self.words[range.start].start..self.words[range.end - 1].end]
    }

    /// Cuts a run into candidates.
    fn cut(&mut self, run: Range<usize>, sentence: &Range<usize>, style: Style) {
        let run = self.without_lead(run);
        let Some(last) = run.clone().last() else { return };
        let ends_with_head = run.len() > 1 && self.words[last].class.is(HEAD);
        let known = run.len() > 1 && self.known_length(run.clone()) == run.len();
        let title = run.clone().rev().find(|at| self.words[*at].class.is(Class::TITLE));
        // "Department of Justice": what stands behind "of" is part of the name.
        let inner = |title: usize| run.clone().take_while(|at| *at < title).any(|at| self.words[at].text == "of");
        let title = title.filter(|title| !inner(*title));
        let title = title.filter(|_| !known && (!ends_with_head || self.words[last].class.is(Class::TITLE)));
        let Some(title) = title else {
            self.found.push(Candidate { words: run, sentence: sentence.clone(), titled: false, style });
            return;
        };
        let before = self.without_title(run.start..title);
        if !before.is_empty() {
            self.found.push(Candidate { words: before, sentence: sentence.clone(), titled: false, style });
        }
        let name = self.without_lead(title + 1..run.end);
        if !name.is_empty() && self.words[name.start].is_capital() {
            self.found.push(Candidate { words: name, sentence: sentence.clone(), titled: true, style });
        }
    }

    /// Without the words at the start that are capitalised for another reason than being a name.
    fn without_lead(&self, mut run: Range<usize>) -> Range<usize> {
        while let Some(word) = run.clone().next().map(|at| &self.words[at]) {
            if run.len() > 1 && self.known_length(run.clone()) > 1 {
                break;
            }
            let headed = run.len() > 1 && self.words[run.end - 1].class.is(HEAD);
            let heads = word.class.is(HEAD) && run.len() > 1 && self.words[run.start + 1].text == "of";
            let nationality = word.class.is(Class::DEMONYM) && !headed;
            let function = word.class.is(Class::FUNCTION) && word.case == Case::Capital;
            let initial = word.initial && word.class.is(Class::COMMON) && !word.class.is(Class::TITLE);
            let start = initial && !headed && !heads && (run.len() > 1 || !self.seen.contains(word.text));
            if !(function || nationality || start || !word.is_capital()) {
                break;
            }
            run.start += 1;
        }
        run
    }

    /// What stands before a title without the words that belong to the title: "EU Foreign Affairs" as "EU".
    fn without_title(&self, mut run: Range<usize>) -> Range<usize> {
        while let Some(word) = run.clone().last().map(|at| &self.words[at]) {
            let whole = run.len() > 1 && self.known_length(run.clone()) == run.len();
            let part = word.class.is(Class::TITLE.or(Class::DEMONYM).or(Class::COMMON).or(Class::FUNCTION));
            let head = run.len() > 1 && word.class.is(HEAD);
            if whole || (head && !word.class.is(Class::TITLE)) || (word.is_capital() && !part) {
                break;
            }
            run.end -= 1;
        }
        run
    }
}

fn is_particle(text: &str) -> bool {
    matches!(text, "la" | "las" | "los" | "der" | "den" | "al" | "el" | "le")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn names(text: &str) -> Vec<String> {
        let words = Words::new(text, &Lexicon::new());
        candidates(text, &words, &Gazetteer::new())
            .iter()
            .map(|found| {
                let range = words.words[found.words.start].start..words.words[found.words.end - 1].end;
                text[range].to_owned()
            })
            .collect()
    }

    #[test]
    fn titles_and_nationalities_are_no_part_of_a_name() {
        assert_eq!(
            names("On Monday the French Prime Minister Jean Dupont met U.S. Treasury Secretary Mary Poe."),
            ["Jean Dupont", "U.S. Treasury", "Mary Poe"]
        );
        assert_eq!(names("He met Lagos State Governor Ade Bello."), ["Lagos State", "Ade Bello"]);
    }

    #[test]
    fn connectors_join_names() {
        assert_eq!(
            names(
                "The Ministry of Trade and Industry, the Transport and Culture Committee and the Bank of Ghana asked Ludwig van der Berg."
            ),
            [
                "Ministry of Trade and Industry",
                "Transport and Culture Committee",
                "Bank of Ghana",
                "Ludwig van der Berg"
            ]
        );
        assert_eq!(names("He met the President of Kenya."), ["Kenya"]);
    }

    #[test]
    fn a_word_at_the_start_of_a_sentence_is_a_name_only_with_support() {
        assert_eq!(names("Police searched the house."), Vec::<String>::new());
        assert_eq!(names("Parliament met. They left the Parliament early."), ["Parliament", "Parliament"]);
        assert_eq!(names("Nairobi is large."), ["Nairobi"]);
    }

    #[test]
    fn headings_keep_known_names_only() {
        assert_eq!(names("Floods Close Roads Across South Africa After Heavy Rain"), ["South Africa"]);
    }

    #[test]
    fn months_are_no_names() {
        assert_eq!(names("It began in May and ended on Friday. Theresa May left."), ["Theresa May"]);
    }
}
