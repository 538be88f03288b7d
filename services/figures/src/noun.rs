//! What is counted: the noun phrase behind a number.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt, HashSet};

use tallywire_proto::Counted;

use crate::{
    phrases::{rows, words},
    sentence::Sentence,
};

/// How far before its verb a clause may begin, in tokens.
const LONGEST_SUBJECT: usize = 16;

/// The longest noun phrase, in words: news seldom counts in longer ones.
const LONGEST: usize = 5;

/// The words that end a noun phrase, and the plurals that no rule tells.
pub(crate) struct Nouns {
    stops: HashSet<&'static str>,
    irregular: HashMap<&'static str, &'static str>,
    /// In the singular.
    persons: HashSet<&'static str>,
}

/// A counted noun phrase and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Noun {
    /// One past its last token.
    pub(crate) end: usize,
    pub(crate) counted: Counted,
    /// Whether it stands for people.
    pub(crate) is_people: bool,
}

impl Nouns {
    pub(crate) fn load() -> Self {
        let mut irregular = HashMap::new();
        for row in rows(include_str!("../data/plurals.tsv"), '\t') {
            if let [plural, singular] = row[..] {
                irregular.insert(plural, singular);
            }
        }
        Self {
            stops: words(include_str!("../data/stop_words.txt")).collect(),
            irregular,
            persons: words(include_str!("../data/persons.txt")).collect(),
        }
    }

    /// Whether a word (in lower case) is in no counted noun phrase.
    pub(crate) fn stops(&self, word: &str) -> bool {
        self.stops.contains(word)
    }

    /// Whether a word (in lower case) looks like a plural.
    pub(crate) fn is_plural(&self, word: &str) -> bool {
        if self.irregular.contains_key(word) {
            return true;
        }
        word.len() > 3
            && word.ends_with('s')
            && !["ss", "us", "is", "ous"].iter().any(|ending| word.ends_with(ending))
            && !self.stops(word)
    }

    /// Whether a word (in lower case) stands for one person: "suspect".
    pub(crate) fn is_person(&self, word: &str) -> bool {
        self.persons.contains(word)
    }

    /// A noun in the singular, in the case in which it is written.
    pub(crate) fn singular(&self, word: &str) -> String {
        let lower = word.to_ascii_lowercase();
        if let Some(singular) = self.irregular.get(lower.as_str()) {
            return (*singular).to_owned();
        }
        if !self.is_plural(&lower) {
            return word.to_owned();
        }
        let cut = |letters: usize| word.get(..word.len() - letters).unwrap_or(word).to_owned();
        if lower.ends_with("ies") && lower.len() > 4 {
            return cut(3) + "y";
        }
        if ["ches", "shes", "xes", "sses", "zzes"].iter().any(|ending| lower.ends_with(ending)) {
            return cut(2);
        }
        cut(1)
    }

    /// The noun phrase that the number before `at` counts.
    pub(crate) fn counted(&self, sentence: &Sentence<'_>, at: usize, is_one: bool) -> Option<Noun> {
        let mut first = at;
        if sentence.is_hyphen(first) {
            return self.hyphenated(sentence, first + 1);
        }
        if sentence.word(first) == "of" {
            first += 1;
            if is_determiner(sentence.word(first)) {
                first += 1;
            }
            // "four of them children"
            if matches!(sentence.word(first), "them" | "whom") {
                return self.phrase(sentence, first + 1, false);
            }
            // "one of Kenya's dams", "one of the most expensive flats"
            first = behind_owner(sentence, first);
            let adjective =
                usize::from(matches!(sentence.word(first), "most" | "least") && sentence.is_word(first + 1));
            let noun = self.phrase(sentence, first + adjective, false)?;
            return Some(if adjective > 0 { self.noun(sentence, first..noun.end) } else { noun });
        }
        while matches!(sentence.word(first), "more" | "most" | "other" | "additional" | "further" | "such" | "whole") {
            first += 1;
        }
        self.phrase(sentence, first, is_one)
    }

    /// What a share or a measure is of, from its "of" on; also of what is not counted: "half of the crop".
    pub(crate) fn whole(&self, sentence: &Sentence<'_>, of: usize) -> Option<Noun> {
        let mut first = of + 1;
        if is_determiner(sentence.word(first)) {
            first += 1;
        }
        first = behind_owner(sentence, first);
        self.phrase(sentence, first, false).or_else(|| self.phrase(sentence, first, true))
    }

    /// The noun right before a token: "winds" before "of up to 120 km/h". `end` is where the figure's phrase ends.
    pub(crate) fn before(&self, sentence: &Sentence<'_>, at: usize, end: usize) -> Option<Noun> {
        let noun = at.checked_sub(1).filter(|noun| sentence.is_word(*noun) && !self.stops(sentence.word(*noun)))?;
        Some(Noun { end, ..self.noun(sentence, noun..at) })
    }

    /// What changed, by the verb at `verb`, by the figure at `first`: the verb's object, "its forecast" of "cut its forecast
    /// by 2%", or else its subject.
    pub(crate) fn changed(&self, sentence: &Sentence<'_>, verb: usize, first: usize, end: usize) -> Option<Noun> {
        let object = verb + 1 + usize::from(is_determiner(sentence.word(verb + 1)));
        let object = behind_owner(sentence, object);
        let is_object = object < first && sentence.is_word(object) && !self.stops(sentence.word(object));
        if !is_object {
            return self.subject(sentence, verb, end);
        }
        let last = (object..first).find(|at| !sentence.is_word(*at) || self.stops(sentence.word(*at))).unwrap_or(first);
        (last - object <= LONGEST).then(|| Noun { end, ..self.noun(sentence, object..last) })
    }

    /// The subject of the verb at `verb`: the noun phrase with which its clause begins, without what hangs on it by a
    /// preposition: "onion prices" of "Onion prices in Dhaka jumped". `end` is where the figure's phrase ends.
    fn subject(&self, sentence: &Sentence<'_>, verb: usize, end: usize) -> Option<Noun> {
        let begins = |at: &usize| {
            !matches!(sentence.word(*at), "," | ";" | ":" | "." | "as" | "while" | "and" | "but" | "that" | "“" | "\"")
        };
        let mut first = (verb.saturating_sub(LONGEST_SUBJECT)..verb).rev().take_while(begins).last()?;
        if is_determiner(sentence.word(first)) || matches!(sentence.word(first), "a" | "an") {
            first += 1;
        }
        first = behind_owner(sentence, first);
        let last = (first..verb).find(|at| !sentence.is_word(*at) || self.stops(sentence.word(*at))).unwrap_or(verb);
        // "The S&P 500 gained": no noun that is understood.
        let is_whole = last == verb || sentence.is_word(last);
        let is_phrase = last > first && last - first <= LONGEST && !sentence.is_digits(first) && is_whole;
        is_phrase.then(|| Noun { end, ..self.noun(sentence, first..last) })
    }

    /// "a 12-member panel": members.
    fn hyphenated(&self, sentence: &Sentence<'_>, at: usize) -> Option<Noun> {
        let word = sentence.word(at);
        // "two-legged" tells what something is like.
        let is_noun = sentence.is_word(at) && word.len() > 2 && !self.stops(word) && !is_participle(word);
        is_noun.then(|| self.noun(sentence, at..at + 1))
    }

    /// Up to the first plural that is followed by no other; where one thing is counted, up to a word that ends it.
    fn phrase(&self, sentence: &Sentence<'_>, first: usize, is_one: bool) -> Option<Noun> {
        let mut at = first;
        let mut words = 0;
        let mut end = None;
        while words < LONGEST {
            if sentence.is_hyphen(at) && at > first {
                at += 1;
            }
            // "digital and printed copies"
            if sentence.word(at) == "and" && words > 0 && !is_one && sentence.is_word(at + 1) {
                at += 1;
            }
            let word = sentence.word(at);
            // "CO2" is two tokens.
            let is_digit_word = sentence.is_digits(at) && words > 0 && (!is_one || sentence.touches_previous(at));
            // "saved 12 lives"
            let is_stop = self.stops(word) && !(word == "lives" && words == 0);
            if !(sentence.is_word(at) || is_digit_word) || is_stop {
                break;
            }
            let is_plural = (self.is_plural(word) || word == "lives") && !sentence.is_hyphen(at + 1);
            // "one point last year"
            if is_one && words > 0 && matches!(word, "last" | "next" | "this") {
                break;
            }
            if is_one && words > 0 && (is_plural || is_participle(word)) {
                break;
            }
            at += 1;
            words += 1;
            if is_one {
                end = Some(at);
            } else if is_plural {
                end = Some(at);
                // "two record sales", but "19 fouls proves it"
                let is_verb = matches!(
                    sentence.word(at + 1),
                    "the" | "a" | "an" | "it" | "that" | "this" | "how" | "him" | "her" | "them" | "us" | "to"
                );
                if !(self.is_plural(sentence.word(at)) && sentence.is_word(at)) || is_verb {
                    break;
                }
            }
        }
        // A possessive parts the number from what it counts: "two years' notice".
        end.map(|end| self.noun(sentence, first..end))
    }

    fn noun(&self, sentence: &Sentence<'_>, tokens: Range<usize>) -> Noun {
        let phrase = sentence.slice(&tokens);
        let last = tokens.end - 1;
        let is_joined = last > tokens.start && sentence.is_digits(last) && sentence.touches_previous(last);
        let head = sentence.slice(&(last - usize::from(is_joined)..tokens.end));
        let before = phrase.strip_suffix(head).unwrap_or("");
        let mut lemma = format!("{before}{}", self.singular(head));
        // A sentence's first word has a capital that is not its own.
        let is_first = tokens.start == 0 && lemma.chars().nth(1).is_some_and(char::is_lowercase);
        if is_first && let Some(first) = lemma.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        let is_people = self.is_person(&self.singular(head).to_ascii_lowercase()) || head == "people";
        Noun {
            end: tokens.end,
            is_people,
            counted: Counted { head: head.to_owned(), phrase: phrase.to_owned(), lemma },
        }
    }
}

fn is_participle(word: &str) -> bool {
    word.ends_with("ed") && !matches!(word, "bed" | "seed" | "speed" | "breed" | "shed" | "weed" | "feed")
}

fn is_determiner(word: &str) -> bool {
    matches!(word, "the" | "these" | "those" | "its" | "their" | "his" | "her" | "our" | "my" | "all")
}

/// One past a possessive and its owner, if one stands there: "Kenya's dams", "the club's players".
fn behind_owner(sentence: &Sentence<'_>, first: usize) -> usize {
    (first..first + 3).find(|at| sentence.is_possessive(*at)).map_or(first, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use tallywire_text::tokens;

    use super::*;

    /// The lemma of what the first token of a text counts.
    fn lemma(text: &str) -> Option<String> {
        let lower = text.to_ascii_lowercase();
        let tokens = tokens(text);
        let sentence = Sentence::new(text, &lower, &tokens);
        Nouns::load().counted(&sentence, 1, lower.starts_with("one")).map(|noun| noun.counted.lemma)
    }

    #[test]
    fn finds_the_phrase_and_its_singular() {
        for (text, expected) in [
            ("400 new conscripts arrived", "new conscript"),
            ("14 first-team players left", "first-team player"),
            ("60 commercial fishermen who", "commercial fisherman"),
            ("Two women", "woman"),
            ("Six shipping companies said", "shipping company"),
            ("Four of the churches", "church"),
            ("A 12-member panel".strip_prefix("A ").unwrap(), "member"),
            ("one wooden bridge over", "wooden bridge"),
            ("400-bed hospital", "bed"),
        ] {
            assert_eq!(lemma(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_counted() {
        for text in ["12 to", "12 .", "12 said", "12"] {
            assert_eq!(lemma(text), None, "{text}");
        }
    }
}
