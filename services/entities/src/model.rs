//! Models say of each word which part of a name it is.

mod accurate;
mod decode;
mod fast;

use std::{ops::Range, path::PathBuf};

use tallywire_proto::EntityKind;

#[cfg(feature = "training")]
pub(crate) use self::accurate::pieces::Pieces;
use self::decode::Transitions;
pub(crate) use self::{accurate::Accurate, fast::Fast};
use crate::{features::Features, words::Words};

/// The tags of words: none, and for each kind the first, an inner, the last, and the only word of a name (BIOES).
pub(crate) const TAGS: usize = 13;

/// The kinds in the order of their tags.
const KINDS: [EntityKind; 3] = [EntityKind::Person, EntityKind::Organization, EntityKind::Place];

/// How probable each tag is for one word, as logarithms or up to a constant of the word.
pub(crate) type Scores = [f32; TAGS];

/// The scores of the words of a window, one after the other.
pub(crate) struct Scored {
    words: Range<usize>,
    scores: Vec<Scores>,
}

/// Knows names by their words and by what is around them.
pub(crate) trait Model: Send + Sync {
    /// The scores of a text's words, in windows one behind the other. Windows are made of whole sentences, where those are
    /// short enough.
    ///
    /// # Errors
    ///
    /// What runs the model fails; it may do at another time.
    fn score(&self, words: &Words<'_>, features: &Features) -> Result<Vec<Scored>, ModelError>;
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
    /// A file of the accurate model cannot be read.
    #[error("the accurate model's {}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: std::io::Error,
    },
    /// The vocabulary is none.
    #[error("the accurate model's {} is no vocabulary of word pieces", path.display())]
    Vocabulary {
        /// The file.
        path: PathBuf,
    },
    /// ONNX Runtime cannot be loaded.
    #[error("ONNX Runtime cannot be loaded from {}, which the accurate model needs: {error}", path.display())]
    Library {
        /// The library.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// ONNX Runtime cannot load or run the network.
    #[error("the accurate model's {} cannot be run: {error}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: ort::Error,
    },
}

/// A name that a model finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) words: Range<usize>,
    pub(crate) kind: EntityKind,
    /// How probable its tags are, from 0 to 1: the geometric mean over its words.
    pub(crate) confidence: f64,
}

/// The names of a text, in order; they do not overlap.
pub(crate) fn find(model: &dyn Model, words: &Words<'_>, features: &Features) -> Result<Vec<Found>, ModelError> {
    let transitions = Transitions::new();
    let mut found = Vec::new();
    let mut sentences = words.sentences.iter().map(|(sentence, _)| sentence).peekable();
    for Scored { words: window, scores } in model.score(words, features)? {
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
    Ok(found)
}

/// Cuts a text into windows between sentences, where it can: `size` says how much a word takes of the `longest`.
fn windows(words: &Words<'_>, longest: usize, size: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    let mut used = 0;
    for (sentence, _) in &words.sentences {
        let mut start = sentence.start;
        while start < sentence.end {
            let (mut end, mut taken) = (start + 1, size(start));
            while end < sentence.end && taken + size(end) <= longest {
                taken += size(end);
                end += 1;
            }
            match windows.last_mut() {
                Some(window) if used + taken <= longest => (window.end, used) = (end, used + taken),
                _ => {
                    windows.push(start..end);
                    used = taken;
                }
            }
            start = end;
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
        assert_eq!(windows(&words("One two. Three four. Five six."), 6, |_| 1), [0..6, 6..9]);
        assert_eq!(windows(&words("One two three four five."), 4, |_| 1), [0..4, 4..6]);
        assert_eq!(
            windows(&words("One two three four. Five."), 4, |word| if word == 2 { 9 } else { 1 }),
            [0..2, 2..3, 3..7]
        );
        assert!(windows(&words(""), 4, |_| 1).is_empty());
    }
}
