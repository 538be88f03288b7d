//! The article in a page that was scraped to plain text, menus and all.

use tallywire_proto::ParagraphKind;

use crate::block::Block;

/// A line of prose has at least so many words.
const LEAST_WORDS: i64 = 8;
/// A line of prose is worth so many lines that are none.
const WORTH: i64 = 3;
/// Words of a line count up to this towards the run's worth.
const MOST_LINES: i64 = 5;
/// Longest line that may be a sub-heading, in characters.
const LONGEST_HEADING: usize = 100;

/// The main run of prose: menus before it and lists after it are dropped, sub-headings and short lines inside it stay.
///
/// Each line of prose counts for the run that it is in, each other line a little against it, and the run with the
/// highest sum is the article (Kadane's algorithm for the maximum subarray).
pub(crate) fn main_run(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let worths: Vec<i64> = lines.iter().map(|line| worth(line)).collect();
    let (start, end) = best_run(&worths);
    lines[start..end]
        .iter()
        .zip(&worths[start..end])
        .map(|(line, worth)| Block { kind: kind(line, *worth), text: (*line).to_owned() })
        .collect()
}

/// What a line counts for the run that it is in.
fn worth(line: &str) -> i64 {
    let words = i64::try_from(line.split_whitespace().count()).unwrap_or(i64::MAX);
    // Scripts without spaces: a character counts for half a word.
    let characters = line.chars().filter(|character| is_unspaced(*character)).count() / 2;
    let words = words.max(i64::try_from(characters).unwrap_or(i64::MAX));
    if words < LEAST_WORDS || !has_sentence_end(line) {
        return -1;
    }
    WORTH * (words / LEAST_WORDS).clamp(1, MOST_LINES)
}

/// Letters of scripts that are written without spaces between words: Thai, kana and Han.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

fn has_sentence_end(line: &str) -> bool {
    let ended = line.trim_end_matches(['"', '”', '’', '\'', ')', '»']);
    ended.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '؟']) || ended.contains(". ")
}

/// The run with the highest sum, the first of equal ones; empty where no line is worth anything.
fn best_run(worths: &[i64]) -> (usize, usize) {
    let (mut best, mut run) = ((0, 0, 0), (0, 0));
    for (at, worth) in worths.iter().enumerate() {
        if run.0 <= 0 {
            run = (0, at);
        }
        run.0 += worth;
        if run.0 > best.0 {
            best = (run.0, run.1, at + 1);
        }
    }
    (best.1, best.2)
}

fn kind(line: &str, worth: i64) -> ParagraphKind {
    if line.starts_with(['•', '*', '–', '▪']) {
        ParagraphKind::ListItem
    } else if worth < 0 && line.chars().nth(LONGEST_HEADING).is_none() && !line.ends_with(['.', ',', ';']) {
        ParagraphKind::Heading
    } else {
        ParagraphKind::Paragraph
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = "Home\nNews\nSport\nSubscribe\n\nStorm closes harbour\n\
        The harbour was closed on Tuesday after a storm had torn two ferries loose.\n\nWeeks of work\n\
        Nobody was hurt, the mayor said, but the quays will take weeks to clear and mend.\n\
        \nMost read\nOne headline\nAnother headline\nAbout us\nPrivacy";

    #[test]
    fn menus_and_lists_are_dropped() {
        let blocks = main_run(PAGE);
        let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts.len(), 3);
        assert!(texts[0].starts_with("The harbour") && texts[2].starts_with("Nobody"));
        assert_eq!((texts[1], blocks[1].kind), ("Weeks of work", ParagraphKind::Heading));
    }

    #[test]
    fn a_menu_is_no_article() {
        assert!(main_run("Home\nNews\nSport").is_empty());
        assert!(main_run("").is_empty());
    }

    proptest! {
        #[test]
        fn the_run_is_of_the_text(text in "([A-Za-z]{1,9}[ .\n]){0,120}") {
            for block in main_run(&text) {
                prop_assert!(!block.text.is_empty() && text.contains(&block.text));
            }
        }
    }
}
