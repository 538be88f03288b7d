//! The fast model: hashed embeddings, three convolutions, and what is read of the same word elsewhere in the text.
//!
//! For each word, the rows of its features are added up (`crate::features`). Convolutions over three words each let it
//! know its neighbours, as far as four words away. Then, of all words with a capital that are the same, the strongest
//! hint of each sort is handed to each of them: a name that is clear in one sentence is known in the others (cf. Akbik et
//! al., "Pooled Contextualized Embeddings for Named Entity Recognition", 2019). `training/names` makes the weights, and
//! has the model card.

mod layers;

use std::{collections::HashMap, ops::Range};

use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, concatenate, linalg::general_mat_mul};
use pulp::Arch;
use safetensors::SafeTensors;

use self::layers::{AddInput, Dense, Norm, SumRows, Table};
use super::{Model, ModelError, Scores, TAGS};
use crate::{
    features::{Features, ROWS},
    words::Words,
};

/// The longest window, in words: longer texts are read in parts, so that memory is bounded.
const LONGEST: usize = 2000;

/// How far away the neighbours are that each convolution sees.
const DISTANCES: [usize; 3] = [1, 1, 2];

/// Empty words before a window's first and behind its last: as many as the farthest neighbour is away.
const PADDING: usize = 2;

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
            let convolution = Dense::read(&file, weights, bias, 3 * width)?;
            let fits = convolution.outputs() == width;
            let norm = Norm::read(&file, scale, shift, width)?;
            fits.then_some((convolution, norm)).ok_or(ModelError::Shape { name: weights })
        };
        let convolutions = [
            convolution("convolution1.weights", "convolution1.bias", "norm1.scale", "norm1.shift")?,
            convolution("convolution2.weights", "convolution2.bias", "norm2.scale", "norm2.shift")?,
            convolution("convolution3.weights", "convolution3.bias", "norm3.scale", "norm3.shift")?,
        ];
        let memory = Dense::read(&file, "memory.weights", "memory.bias", width)?;
        let hidden = Dense::read(&file, "hidden.weights", "hidden.bias", width + memory.outputs())?;
        let out = Dense::read(&file, "out.weights", "out.bias", hidden.outputs())?;
        if out.outputs() != TAGS {
            return Err(ModelError::Shape { name: "out.weights" });
        }
        let norm = Norm::read(&file, "norm.scale", "norm.shift", width)?;
        Ok(Self { arch: Arch::new(), table, norm, convolutions, memory, hidden, out })
    }

    fn window(&self, words: &Words<'_>, features: &Features, window: &Range<usize>) -> Vec<Scores> {
        let mut inputs = self.embed(features, window);
        for ((convolution, norm), distance) in self.convolutions.iter().zip(DISTANCES) {
            inputs = self.convolve(&inputs, convolution, norm, distance);
        }
        let inputs = rows(&inputs, PADDING, window.len());
        let mut memory = self.memory.apply(&inputs);
        share(&mut memory, words, window);
        memory.mapv_inplace(rectified);
        let mut hidden = self.hidden.apply(&concatenate![Axis(1), inputs, memory].view());
        hidden.mapv_inplace(rectified);
        let scores = self.out.apply(&hidden.view());
        scores.outer_iter().map(|word| std::array::from_fn(|tag| word[tag])).collect()
    }

    /// The sums of the words' rows, between empty words.
    fn embed(&self, features: &Features, window: &Range<usize>) -> Array2<f32> {
        let mut inputs = Array2::zeros((window.len() + 2 * PADDING, self.table.width));
        for (at, mut input) in window.clone().zip(inputs.outer_iter_mut().skip(PADDING)) {
            let Some(sum) = input.as_slice_mut() else { continue };
            self.arch.dispatch(SumRows { table: &self.table, norm: &self.norm, rows: features.of(at), sum });
        }
        inputs
    }

    /// Adds to each word what the convolution makes of it and its two neighbours.
    fn convolve(&self, inputs: &Array2<f32>, convolution: &Dense, norm: &Norm, distance: usize) -> Array2<f32> {
        let (padded, width) = inputs.dim();
        let count = padded - 2 * PADDING;
        let mut outputs = Array2::zeros((padded, width));
        let mut inner = outputs.slice_axis_mut(Axis(0), Slice::from(PADDING..PADDING + count));
        inner += &convolution.bias;
        for (number, first) in [PADDING - distance, PADDING, PADDING + distance].into_iter().enumerate() {
            let weights = rows(&convolution.weights, number * width, width);
            general_mat_mul(1.0, &rows(inputs, first, count), &weights, 1.0, &mut inner);
        }
        for (mut output, input) in inner.outer_iter_mut().zip(inputs.outer_iter().skip(PADDING)) {
            let (Some(output), Some(input)) = (output.as_slice_mut(), input.as_slice()) else { continue };
            self.arch.dispatch(AddInput { norm, input, output });
        }
        outputs
    }
}

impl Model for Fast {
    fn score(&self, words: &Words<'_>, features: &Features, windows: &[Range<usize>]) -> Vec<Vec<Scores>> {
        windows.iter().map(|window| self.window(words, features, window)).collect()
    }

    fn longest_window(&self) -> usize {
        LONGEST
    }
}

/// Gives all words with a capital that are the same the greatest of each of their numbers.
fn share(memory: &mut Array2<f32>, words: &Words<'_>, window: &Range<usize>) {
    let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, word) in words.words[window.clone()].iter().enumerate() {
        if word.text.starts_with(char::is_uppercase) {
            same.entry(&word.lower).or_default().push(row);
        }
    }
    for rows in same.into_values().filter(|rows| rows.len() > 1) {
        let mut greatest = Array1::from_elem(memory.ncols(), f32::NEG_INFINITY);
        for row in &rows {
            greatest.zip_mut_with(&memory.row(*row), |greatest, own| *greatest = greatest.max(*own));
        }
        for row in rows {
            memory.row_mut(row).assign(&greatest);
        }
    }
}

fn rows(numbers: &Array2<f32>, first: usize, count: usize) -> ArrayView2<'_, f32> {
    numbers.slice_axis(Axis(0), Slice::from(first..first + count))
}

fn rectified(number: f32) -> f32 {
    number.max(0.0)
}
