//! Texts as the models see them, for training.

use std::ops::Range;

use tallywire_text::CodePoints;

use crate::{features::Features, gazetteer::Gazetteer, lexicon::Lexicon, words::Words};

/// A text as the models see it.
pub struct Export {
    /// The words, in code points.
    pub words: Vec<Range<usize>>,
    /// The sentences, as ranges of words.
    pub sentences: Vec<Range<usize>>,
    /// The rows of the fast model's embedding table for each word.
    pub rows: Vec<Vec<u32>>,
}

/// Cuts texts, and says what the models see of each.
pub fn export(texts: impl Iterator<Item = String>) -> impl Iterator<Item = Export> {
    let lexicon = Lexicon::new();
    let gazetteer = Gazetteer::new();
    texts.map(move |text| {
        let words = Words::new(&text, &lexicon);
        let points = CodePoints::new(&text);
        let features = Features::new(&text, &words, &gazetteer);
        Export {
            words: words.words.iter().map(|word| points.at(word.start)..points.at(word.end)).collect(),
            sentences: words.sentences.iter().map(|(sentence, _)| sentence.clone()).collect(),
            rows: (0..words.words.len()).map(|at| features.of(at).to_vec()).collect(),
        }
    })
}
