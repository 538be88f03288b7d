//! Texts as the models see them, for training.

use std::ops::Range;

use tallywire_text::CodePoints;

use crate::{features::Features, gazetteer::Gazetteer, lexicon::Lexicon, model::Pieces, words::Words};

/// A text as the models see it.
pub struct Export {
    /// The words, in code points.
    pub words: Vec<Range<usize>>,
    /// The sentences, as ranges of words.
    pub sentences: Vec<Range<usize>>,
    /// The rows of the fast model's embedding table for each word.
    pub rows: Vec<Vec<u32>>,
    /// The pieces that the accurate model sees of each word.
    pub pieces: Vec<Vec<i64>>,
}

/// Cuts texts, and says what the models see of each. `vocabulary` has the accurate model's pieces, one a line; without what
/// every text needs there are none.
pub fn export(texts: impl Iterator<Item = String>, vocabulary: &str) -> impl Iterator<Item = Export> {
    let pieces = Pieces::parse(vocabulary);
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
            pieces: pieces.iter().flat_map(|pieces| words.words.iter().map(|word| pieces.of(word.text))).collect(),
        }
    })
}
