//! Which words are gone through: those that can be part of a name, and for each layer those that it needs for them.
//!
//! Of 100 words of news, 15 have a capital, and 47 stand so near to one that a name can reach them.

use std::ops::Range;

use crate::words::{Case, Word, Words};

/// How far the words of a name stand from one with a capital: "Bank of the West", "Mohammed bin al Thani".
const NEAR: usize = 2;

/// For each of some words, whether it can be part of a name.
pub(super) fn asked(words: &Words<'_>, window: &Range<usize>) -> Vec<bool> {
    let mut asked = vec![false; window.len()];
    let first = words.sentences.partition_point(|(sentence, _)| sentence.end <= window.start);
    for (sentence, _) in words.sentences[first..].iter().take_while(|(sentence, _)| sentence.start < window.end) {
        let inside = sentence.start.max(window.start)..sentence.end.min(window.end);
        let own = inside.start - window.start..inside.end - window.start;
        let mut before = None;
        for (asked, word) in asked[own.clone()].iter_mut().zip(&words.words[inside.clone()]) {
            *asked = is_marked(word, before);
            before = Some(word);
        }
        // In a text without capitals, having none says nothing, whatever else is there: "the 5th of may".
        if !words.words[inside].iter().any(|word| word.text.contains(char::is_uppercase)) {
            asked[own].fill(true);
        }
    }
    (0..NEAR).fold(asked, |asked, _| widened(&asked, 1))
}

/// Whether a word is written as no common one is: with a capital, in letters that have none, right behind a number.
fn is_marked(word: &Word<'_>, before: Option<&Word<'_>>) -> bool {
    let is_plain = |character: char| character.is_lowercase() || !character.is_alphabetic();
    let is_number = |before: &Word<'_>| before.text.ends_with(|last: char| last.is_ascii_digit());
    let goes_on = || word.case == Case::Lower && before.is_some_and(|it| it.end == word.start && is_number(it));
    !word.text.chars().all(is_plain) || goes_on()
}

/// For each layer from the first on, and behind the last, the words that are needed for those that are asked for: numbers
/// of rows, of which so many empty ones stand before the first word's. A layer sees neighbours at its distance.
pub(super) fn needed(asked: &[bool], distances: &[usize], empty: usize) -> Vec<Vec<usize>> {
    let rows = |words: &[bool]| (empty..).zip(words).filter(|(_, is_needed)| **is_needed).map(|(row, _)| row).collect();
    let mut needed = vec![rows(asked)];
    let mut words = asked.to_vec();
    for distance in distances.iter().rev() {
        words = widened(&words, *distance);
        needed.push(rows(&words));
    }
    needed.reverse();
    needed
}

/// The same, and whatever stands so far from them.
fn widened(words: &[bool], distance: usize) -> Vec<bool> {
    let at = |word: Option<usize>| word.and_then(|word| words.get(word)).is_some_and(|word| *word);
    let near = |word: usize| at(Some(word)) || at(word.checked_sub(distance)) || at(word.checked_add(distance));
    (0..words.len()).map(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn asked_of(text: &str) -> String {
        let words = Words::new(text, &Lexicon::new());
        let asked = asked(&words, &(0..words.words.len()));
        let shown = words.words.iter().zip(asked).filter(|(_, asked)| *asked).map(|(word, _)| word.text);
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_near_a_capital_can_be_part_of_a_name() {
        assert_eq!(
            asked_of("They said that the head of the bank of the West had gone to see friends."),
            "They said that of the West had gone"
        );
        assert_eq!(asked_of("It was so long ago that the firm 6sense had no staff."), "It was so firm 6 sense had no");
        assert_eq!(asked_of("And then all of us went home at 9 on foot."), "And then all");
    }

    #[test]
    fn windows_have_words_of_their_own() {
        let words = Words::new("Ada Reyes came home. all was well. Then Ben left.", &Lexicon::new());
        let asked_in = |window| asked(&words, &window);
        // A window may cut a sentence, and begin where one ends.
        assert_eq!(asked_in(1..5), [true, true, true, false]);
        assert_eq!(asked_in(5..9), [true; 4]);
        assert_eq!(asked_in(9..9), [] as [bool; 0]);
    }

    #[test]
    fn layers_know_what_the_next_one_asks_for() {
        let mut asked = [false; 9];
        asked[5] = true;
        let expected = [vec![4, 5, 6, 7, 8, 9, 10], vec![5, 7, 9], vec![7]];
        assert_eq!(needed(&asked, &[1, 2], 2), expected);
        assert_eq!(needed(&[true; 2], &[1, 2], 2), [[2, 3]; 3]);
    }

    #[test]
    fn without_capitals_any_word_can() {
        assert_eq!(asked_of("angela merkel went home in 2021."), "angela merkel went home in 2021 .");
        let fifth = "on the 5th of may we all saw angela merkel";
        assert_eq!(asked_of(fifth).split(' ').count(), asked_of(&fifth.replace("5th", "day")).split(' ').count() + 1);
        let scripts = "It was long ago that people here saw 北京 and went away.";
        assert_eq!(asked_of(scripts), "It was long here saw 北京 and went");
    }
}
