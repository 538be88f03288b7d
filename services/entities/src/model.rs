//! Models say of each word which part of a name it is.

mod decode;
mod fast;

use std::ops::Range;

use tallywire_proto::EntityKind;

use self::decode::Transitions;
pub(crate) use self::fast::Fast;
use crate::{features::Features, words::Words};

/// The tags of words: none, and for each kind the first, an inner, the last, and the only word of a name (BIOES).
pub(crate) const TAGS: usize = 13;

/// The kinds in the order of their tags.
const KINDS: [EntityKind; 3] = [EntityKind::Person, EntityKind::Organization, EntityKind::Place];

/// How probable each tag is for one word, as logarithms or up to a constant of the word.
pub(crate) type Scores = [f32; TAGS];

/// Knows names by their words and by what is around them.
pub(crate) trait Model: Send + Sync {
    /// The scores of the words of each window of a text. Windows are made of whole sentences, where those are short
    /// enough.
    fn score(&self, words: &Words<'_>, features: &Features, windows: &[Range<usize>]) -> Vec<Vec<Scores>>;

    /// The most words of a window that it reads at once.
    fn longest_window(&self) -> usize;
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is no model of this kind.
    #[error("the model's weights cannot be read: {0}")]
    Format(#[from] safetensors::SafeTensorError),
    /// A part of the model does not fit the others.
    #[error("the model's weights {name} have the wrong type or shape")]
    Shape {
        /// The part's name in the file.
        name: &'static str,
    },
}

/// A name that a model finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) words: Range<usize>,
    pub(crate) kind: EntityKind,
}

/// The names of a text, in order; they do not overlap.
pub(crate) fn find(model: &dyn Model, words: &Words<'_>, features: &Features) -> Vec<Found> {
    let windows = windows(words, model.longest_window());
    let transitions = Transitions::new();
    let mut found = Vec::new();
    let mut sentences = words.sentences.iter().map(|(sentence, _)| sentence).peekable();
    for (window, scores) in windows.iter().zip(model.score(words, features, &windows)) {
        while let Some(sentence) = sentences.peek().filter(|sentence| sentence.start < window.end) {
            let inside = sentence.start.max(window.start)..sentence.end.min(window.end);
            transitions.names(
                &scores[inside.start - window.start..inside.end - window.start],
                inside.start,
                &mut found,
            );
            if sentence.end > window.end {
                break;
            }
            sentences.next();
        }
    }
    found
}

/// Cuts a text into windows of at most `longest` words, between sentences where it can.
fn windows(words: &Words<'_>, longest: usize) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    for (sentence, _) in &words.sentences {
        match windows.last_mut() {
            Some(window) if sentence.end - window.start <= longest => window.end = sentence.end,
            _ => {
                let parts = sentence.clone().step_by(longest);
                windows.extend(parts.map(|start| start..sentence.end.min(start + longest)));
            }
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn windows_are_made_of_sentences_where_these_are_short() {
        let words = |text| Words::new(text, &Lexicon::new());
        assert_eq!(windows(&words("One two. Three four. Five six."), 6), [0..6, 6..9]);
        assert_eq!(windows(&words("One two three four five."), 4), [0..4, 4..6]);
        assert!(windows(&words(""), 4).is_empty());
    }
}
