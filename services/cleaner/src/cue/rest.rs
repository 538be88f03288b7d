//! What may stand beside a phrase for a line to be what the phrase says.

use super::{
    Cue,
    phrases::{WORDS, lower},
};
use crate::{
    metadata::is_month,
    script::{SENTENCE_ENDS, is_unspaced},
};

/// Whether the text ends as a sentence does, quotation marks and brackets aside. Several dots end none.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', '“', '」', '』', ' ']);
    text.ends_with(SENTENCE_ENDS) && !text.ends_with('…') && !text.ends_with("..")
}

/// Nothing, and after one word no mark of a sentence: "Home." is one, "Loading…" is none.
pub(super) fn is_whole(rest: &str, is_one_word: bool) -> bool {
    let is_sentence = is_one_word && ends_sentence(rest) && !rest.ends_with('?');
    !is_sentence && !rest.contains(char::is_alphanumeric)
}

/// Nothing, or a mark that ends a label: "Tags: sea", "Read more »".
pub(super) fn is_labelled(rest: &str, is_one_word: bool) -> bool {
    is_whole(rest, is_one_word)
        || rest.trim_start().starts_with([':', '：', '|', '»', '›', '→', '▶', '►', '>', '▸', '】', '丨'])
}

/// A few words that begin with a capital and end no sentence: "More from The Gull".
pub(super) fn is_head(rest: &str) -> bool {
    const MAX_WORDS: usize = 4;
    let rest = rest.trim();
    !rest.starts_with(char::is_lowercase)
        && !rest.ends_with(['.', '!', '?', ',', ';'])
        && rest.split(' ').nth(MAX_WORDS).is_none()
}

/// A few words, which with the phrase behind them end no sentence: "Ada Ono · 5 min read".
pub(super) fn is_tail(before: &str, after: &str) -> bool {
    const MAX_WORDS: usize = 8;
    let mut words = before.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    !ends_sentence(after) && words.nth(MAX_WORDS).is_none()
}

/// Nothing, or names: of people after a byline's phrase, who have two words each at least, else of companies as well.
///
/// `is_one_word`: so is the phrase, which may then be part of a name as in "Credit Suisse", so that a mark must follow.
pub(super) fn is_named(rest: &str, cue: Cue, is_one_word: bool) -> bool {
    const MAX_BYTES: usize = 120;
    const MAX_WORDS: usize = 9;
    /// "Reporting by .. and ..; Editing by .." is longer.
    const MAX_ABOUT: (usize, usize) = (250, 40);
    let Some(start) = rest.find(char::is_alphanumeric) else {
        return true;
    };
    let (mark, names) = rest.split_at(start);
    let (max_bytes, max_words) = if cue == Cue::About { MAX_ABOUT } else { (MAX_BYTES, MAX_WORDS) };
    if names.len() > max_bytes || names.ends_with(['!', '?', ':']) {
        return false;
    }
    if names.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase() && !first.is_uppercase()) {
        return mark.contains([':', '：']) && is_caseless_names(names);
    }
    let is_people = cue == Cue::Byline;
    if is_one_word && !is_people && mark.trim().is_empty() {
        return false;
    }
    let words = || names.split([' ', '/', '\u{a0}']).filter(|word| word.contains(char::is_alphanumeric));
    let is_particle = |word: &str| WORDS.particles.contains(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_name =
        |word: &str| word.trim_start_matches(['@', '(', '©', '"', '“']).starts_with(|c: char| !c.is_lowercase());
    let is_first_name = words().next().is_some_and(is_name);
    if !is_first_name || words().nth(max_words).is_some() || !words().all(|word| is_name(word) || is_particle(word)) {
        return false;
    }
    !is_people || is_of_people(words())
}

/// A few words that end no sentence, where no letter is a capital to tell names by.
fn is_caseless_names(names: &str) -> bool {
    const MAX_WORDS: usize = 4;
    /// Longest name in Han, where words have no spaces between them, in characters.
    const MAX_UNSPACED: usize = 4;
    let mut words = names.split([' ', '/', '、', '，', '\u{3000}']);
    !ends_sentence(names)
        && words.clone().nth(MAX_WORDS).is_none()
        && words.all(|word| word.chars().filter(|letter| is_unspaced(*letter)).nth(MAX_UNSPACED).is_none())
}

/// Two to nine capitalized words, of which none says that it is no name.
fn is_of_people<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let mut names = 0;
    let mut latest = 0;
    for word in words {
        let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
        let folded: String = bare.chars().map(lower).collect();
        if WORDS.nameless.contains(folded.as_str())
            || WORDS.weekdays.contains(folded.as_str())
            // "By Late August" is no name, but "By Marco Biondi" and "By April Day" are.
            || latest > 0 && is_month(bare)
            || bare.starts_with(char::is_numeric)
        {
            return false;
        }
        if WORDS.joiners.contains(bare) {
            if latest == 0 {
                return false;
            }
            latest = 0;
        } else {
            latest += 1;
            names += 1;
        }
        if word.ends_with([',', ';']) {
            latest = 0;
        }
    }
    (2..=9).contains(&names)
}
