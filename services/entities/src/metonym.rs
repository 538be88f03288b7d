//! Places named for their governments: "Moscow announced", "Washington's response".

use std::sync::LazyLock;

use foldhash::HashSet;

use tallywire_proto::EntityKind;

use crate::{
    lexicon::{Class, entries},
    names::Name,
    words::{Case, Word},
};

/// The most words between a subject and its verb: "Moscow on Friday announced", "Moscow has repeatedly denied".
const FAR: usize = 4;

/// Words before which a place is just a place: "in Moscow said".
const PLACING: [&str; 23] = [
    "in", "at", "from", "to", "near", "of", "outside", "around", "across", "through", "into", "over", "via", "for",
    "by", "on", "towards", "toward", "inside", "within", "beyond", "leaving", "visiting",
];

/// Words that may stand between a subject and its verb, beside adverbs in -ly.
const BETWEEN: [&str; 22] = [
    "on", "also", "has", "had", "have", "later", "then", "again", "already", "never", "still", "today", "not", "did",
    "does", "will", "would", "long", "since", "earlier", "this", "last",
];

/// Verbs in the active voice whose object is who can answer.
const ADDRESSING: [&str; 10] =
    ["accused", "accuses", "asked", "asks", "blamed", "blames", "pressed", "urged", "urges", "warned"];

static VERBS: LazyLock<HashSet<&str>> = LazyLock::new(|| entries(include_str!("../data/acting-verbs.txt")).collect());
static ACTS: LazyLock<HashSet<&str>> = LazyLock::new(|| entries(include_str!("../data/acts.txt")).collect());

/// For each name, whether it stands for the government of the place that it means.
pub(crate) fn metonyms(words: &[Word<'_>], names: &[Name]) -> Vec<bool> {
    let mut found = vec![false; names.len()];
    for (at, name) in names.iter().enumerate() {
        let is_place = name.kind == EntityKind::Place && !name.heading;
        let mut behind = words.get(name.words.end..).unwrap_or_default();
        if !is_place || is_placed(words, name) {
            continue;
        }
        // "Kinshasa and Brazzaville promised": both or none.
        let other = names.get(at + 1).filter(|other| other.kind == EntityKind::Place && is_joined(words, name, other));
        if let Some(other) = other {
            behind = words.get(other.words.end..).unwrap_or_default();
        }
        let second =
            at.checked_sub(1).and_then(|before| names.get(before)).filter(|before| is_joined(words, before, name));
        let government = match (second, behind) {
            (Some(_), _) => at.checked_sub(1).and_then(|before| found.get(before)).is_some_and(|first| *first),
            (None, [possessive, act, ..]) if matches!(possessive.text, "'s" | "’s") => ACTS.contains(act.text),
            (None, _) => acts(behind) || (other.is_none() && is_addressed(words, name)),
        };
        if let Some(found) = found.get_mut(at) {
            *found = government;
        }
    }
    found
}

fn is_joined(words: &[Word<'_>], first: &Name, second: &Name) -> bool {
    let between = words.get(first.words.end..second.words.start).unwrap_or_default();
    matches!(between, [and] if and.text == "and")
}

/// The word before a name and its article.
fn before<'w, 't>(words: &'w [Word<'t>], name: &Name) -> Option<&'w Word<'t>> {
    let before = words.get(..name.words.start)?;
    match before {
        [.., word, article] if article.text.eq_ignore_ascii_case("the") => Some(word),
        _ => before.last(),
    }
}

/// Whether something is said to be in or of the place.
fn is_placed(words: &[Word<'_>], name: &Name) -> bool {
    before(words, name).is_some_and(|word| PLACING.contains(&&*word.lower.to_lowercase()))
}

/// Whether the place is asked, told, accused, ...
fn is_addressed(words: &[Word<'_>], name: &Name) -> bool {
    before(words, name).is_some_and(|word| ADDRESSING.contains(&word.text))
}

/// Whether the words begin with a verb of acting in the active voice.
fn acts(behind: &[Word<'_>]) -> bool {
    let skipped =
        |word: &Word<'_>| BETWEEN.contains(&word.text) || word.text.ends_with("ly") || word.class.is(Class::CALENDAR);
    let verb = behind.iter().take(FAR).position(|word| !skipped(word));
    let Some((verb, words)) = verb.and_then(|at| behind.get(at..)).and_then(<[_]>::split_first) else { return false };
    let plain = verb.case == Case::Lower && VERBS.contains(verb.text);
    // "Moscow called", but not "Moscow called off by"; "Georgia asked by".
    plain && words.first().is_none_or(|next| next.text != "by")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lexicon::Lexicon, words::Words};

    /// Whether the word of a text is a metonym.
    fn metonym(text: &str, name: &str) -> bool {
        let words = Words::new(text, &Lexicon::new()).words;
        let at = words.iter().position(|word| word.text == name).unwrap();
        let found = Name {
            words: at..at + 1,
            kind: EntityKind::Place,
            confidence: 1.0,
            titled: false,
            heading: false,
            own: None,
        };
        metonyms(&words, &[found])[0]
    }

    #[test]
    fn a_place_that_acts_is_its_government() {
        assert!(metonym("Moscow announced a truce.", "Moscow"));
        assert!(metonym("On Friday Moscow on Friday again denied it.", "Moscow"));
        assert!(metonym("Georgia has repeatedly rejected the plan.", "Georgia"));
        assert!(metonym("Farmers asked Moscow for help.", "Moscow"));
        assert!(metonym("Critics met Moscow's decision with silence.", "Moscow"));
    }

    #[test]
    fn a_place_where_something_is_is_none() {
        assert!(!metonym("A spokesman in Moscow announced a truce.", "Moscow"));
        assert!(!metonym("Moscow was asked by Kyiv to leave.", "Moscow"));
        assert!(!metonym("Moscow's streets were empty.", "Moscow"));
        assert!(!metonym("Moscow grew by a tenth.", "Moscow"));
    }
}
