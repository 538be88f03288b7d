//! The words that stand in dates and beside them, in the languages that news are written in.

use std::{collections::HashMap, sync::LazyLock};

static MONTHS: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
    let mut months = HashMap::new();
    for line in include_str!("../../data/months.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        if let Some(number) = words.next().and_then(|number| number.parse().ok()) {
            months.extend(words.map(|name| (name, number)));
        }
    }
    months
});

/// What a word beside a date says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DateWord {
    /// The date is that of publication.
    Published,
    /// It is that of a change, or of something else.
    Updated,
    /// Nothing: a weekday, "on", "at".
    Filler,
    /// The offset from UTC, in hours.
    Zone(i8),
}

static WORDS: LazyLock<HashMap<&'static str, DateWord>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in include_str!("../../data/date-words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((kind, list)) = line.split_once(' ') else { continue };
        let kind = match kind {
            "published" => DateWord::Published,
            "updated" => DateWord::Updated,
            "zone" => {
                let Some((name, hours)) = list.split_once(' ') else { continue };
                words.extend(hours.parse().ok().map(|hours| (name, DateWord::Zone(hours))));
                continue;
            }
            _ => DateWord::Filler,
        };
        words.extend(list.split(' ').map(|word| (word, kind)));
    }
    words
});

/// The month that a word, in lower case, names.
pub(super) fn month(word: &str) -> Option<i8> {
    MONTHS.get(word).copied()
}

/// What a word, in lower case, says beside a date.
pub(super) fn word_of_date(word: &str) -> Option<DateWord> {
    WORDS.get(word).copied()
}

/// Whether a word, in lower case, is a month, a weekday or another word of dates.
pub(super) fn is_of_date(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ':']);
    MONTHS.contains_key(word) || WORDS.contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_many_languages() {
        for (word, expected) in
            [("march", 3), ("märz", 3), ("марта", 3), ("mart", 3), ("مارس", 3), ("maaliskuuta", 3), ("październik", 10)]
        {
            assert_eq!(month(word), Some(expected), "{word}");
        }
        assert_eq!(month("storm"), None);
        for word in MONTHS.keys().chain(WORDS.keys()) {
            assert_eq!(*word, word.to_lowercase());
        }
        assert!((1..=12).all(|number| MONTHS.values().any(|month| *month == number)));
    }

    #[test]
    fn words_say_what_the_date_is() {
        assert_eq!(word_of_date("veröffentlicht"), Some(DateWord::Published));
        assert_eq!(word_of_date("bijgewerkt"), Some(DateWord::Updated));
        assert_eq!(word_of_date("est"), Some(DateWord::Zone(-5)));
        assert!(is_of_date("sat") && !is_of_date("ono"));
    }
}
