//! The fast model: hashed embeddings, three convolutions, and what is read of the same word elsewhere in the text.
//!
//! For each word, the rows of its features are added up (`crate::features`). Convolutions over three words each let it
//! know its neighbours, as far as four words away. Words that can be part of no name are left out (`reach`). Then, of all
//! words with a capital that are the same, the strongest hint of each sort is handed to each of them: a name that is clear
//! in one sentence is known in the others (cf. Akbik et al., "Pooled Contextualized Embeddings for Named Entity
//! Recognition", 2019). `training/names` makes the weights, and has the model card.

mod layers;
mod multiply;
mod reach;

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use pulp::Arch;
use safetensors::SafeTensors;

use self::{
    layers::{AddInput, Dense, Inputs, Norm, Rows, SumRows, Table},
    multiply::LANES,
    reach::{asked, needed},
};
use super::{Model, ModelError, Scored, Scores, TAGS, windows};
use crate::{
    features::{Features, ROWS},
    words::{Word, Words},
};

/// The longest window, in words: longer texts are read in parts, so that memory is bounded.
const LONGEST: usize = 2000;

/// How far away the neighbours are that each convolution sees.
const DISTANCES: [usize; 3] = [1, 1, 2];

/// Empty words before a window's first and behind its last: as many as the farthest neighbour is away.
const PADDING: usize = 2;

/// The scores of a word that is no part of a name.
const NO_NAME: Scores = {
    let mut scores = [f32::NEG_INFINITY; TAGS];
    scores[0] = 0.0;
    scores
};

/// The model's weights.
pub(crate) struct Fast {
    arch: Arch,
    table: Table,
    norm: Norm,
    convolutions: [(Dense, Norm); DISTANCES.len()],
    memory: Dense,
    hidden: Dense,
    out: Dense,
}

impl Fast {
    /// Reads the embedded weights.
    ///
    /// # Errors
    ///
    /// The file is damaged, or was made for other features than this program's.
    pub(crate) fn embedded() -> Result<Self, ModelError> {
        let file = SafeTensors::deserialize(include_bytes!("../../data/names.safetensors"))?;
        let table = Table::read(&file, "table", "scales", ROWS as usize)?;
        let width = table.width;
        let convolution = |weights, bias, scale, shift| -> Result<_, ModelError> {
            let convolution = Dense::read(&file, weights, bias, (3, width))?;
            let fits = convolution.outputs == width && width.is_multiple_of(LANES);
            let norm = Norm::read(&file, scale, shift, width)?;
            fits.then_some((convolution, norm)).ok_or(ModelError::Shape { name: weights })
        };
        let convolutions = [
            convolution("convolution1.weights", "convolution1.bias", "norm1.scale", "norm1.shift")?,
            convolution("convolution2.weights", "convolution2.bias", "norm2.scale", "norm2.shift")?,
            convolution("convolution3.weights", "convolution3.bias", "norm3.scale", "norm3.shift")?,
        ];
        let memory = Dense::read(&file, "memory.weights", "memory.bias", (1, width))?;
        let hidden = Dense::read(&file, "hidden.weights", "hidden.bias", (1, width + memory.outputs))?;
        let out = Dense::read(&file, "out.weights", "out.bias", (1, hidden.outputs))?;
        if !(memory.outputs.is_multiple_of(LANES) && hidden.outputs.is_multiple_of(LANES)) {
            return Err(ModelError::Shape { name: "memory.weights" });
        }
        if out.outputs != TAGS {
            return Err(ModelError::Shape { name: "out.weights" });
        }
        let norm = Norm::read(&file, "norm.scale", "norm.shift", width)?;
        Ok(Self { arch: Arch::new(), table, norm, convolutions, memory, hidden, out })
    }

    fn window(&self, words: &Words<'_>, features: &Features, window: &Range<usize>) -> Vec<Scores> {
        let rows = needed(&asked(words, window), &DISTANCES, PADDING);
        let mut inputs = self.embed(features, window, &rows[0]);
        let mut outputs = Rows::new(window.len() + 2 * PADDING, inputs.width);
        for (layer, (convolution, norm)) in self.convolutions.iter().enumerate() {
            let distance = DISTANCES[layer].cast_signed();
            let known = Inputs { rows: &inputs, known: &rows[layer], offsets: &[-distance, 0, distance] };
            convolution.apply(self.arch, known, &rows[layer + 1], &mut outputs);
            for row in &rows[layer + 1] {
                self.arch.dispatch(AddInput { norm, input: inputs.row(*row), output: outputs.row_mut(*row) });
            }
            std::mem::swap(&mut inputs, &mut outputs);
        }
        let asked = &rows[DISTANCES.len()];
        let inputs = inputs.only(asked);
        let mut memory = self.memory.of(self.arch, &inputs);
        share(&mut memory, asked.iter().map(|row| &words.words[window.start + row - PADDING]));
        memory.rectify();
        let mut hidden = self.hidden.of(self.arch, &inputs.beside(&memory));
        hidden.rectify();
        let mut scores = vec![NO_NAME; window.len()];
        for (row, out) in asked.iter().zip(self.out.of(self.arch, &hidden).iter()) {
            scores[row - PADDING] = std::array::from_fn(|tag| out[tag]);
        }
        scores
    }

    /// The sums of some words' rows, between empty words.
    fn embed(&self, features: &Features, window: &Range<usize>, rows: &[usize]) -> Rows {
        let mut inputs = Rows::new(window.len() + 2 * PADDING, self.table.width);
        for row in rows {
            let (rows, sum) = (features.of(window.start + row - PADDING), inputs.row_mut(*row));
            self.arch.dispatch(SumRows { table: &self.table, norm: &self.norm, rows, sum });
        }
        inputs
    }
}

impl Model for Fast {
    fn score(&self, words: &Words<'_>, features: &Features) -> Result<Vec<Scored>, ModelError> {
        let scored = |window| Scored { scores: self.window(words, features, &window), words: window };
        Ok(windows(words, LONGEST, |_| 1).into_iter().map(scored).collect())
    }
}

/// Gives all words with a capital that are the same the greatest of each of their numbers.
fn share<'w>(memory: &mut Rows, words: impl Iterator<Item = &'w Word<'w>>) {
    let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, word) in words.enumerate() {
        if word.text.starts_with(char::is_uppercase) {
            same.entry(&word.lower).or_default().push(row);
        }
    }
    let mut greatest = vec![0.0; memory.width];
    for rows in same.into_values().filter(|rows| rows.len() > 1) {
        greatest.fill(f32::NEG_INFINITY);
        for row in &rows {
            greatest.iter_mut().zip(memory.row(*row)).for_each(|(greatest, own)| *greatest = greatest.max(*own));
        }
        for row in rows {
            memory.row_mut(row).copy_from_slice(&greatest);
        }
    }
}
