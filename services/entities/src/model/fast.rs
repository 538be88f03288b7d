//! The fast model: hashed embeddings, three convolutions, and what is read of the same word elsewhere in the text.
//!
//! For each word, the rows of its features are added up (`crate::features`). Convolutions over three words each let it
//! know its neighbours, as far as four words away. Then, of all words with a capital that are the same, the strongest
//! hint of each sort is handed to each of them: a name that is clear in one sentence is known in the others (cf. Akbik et
//! al., "Pooled Contextualized Embeddings for Named Entity Recognition", 2019). `training/names` makes the weights, and
//! has the model card.

mod layers;
mod multiply;

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use pulp::Arch;
use safetensors::SafeTensors;

use self::{
    layers::{AddInput, Dense, Norm, Rows, SumRows, Table},
    multiply::LANES,
};
use super::{Model, ModelError, Scored, Scores, TAGS, windows};
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
        let mut inputs = self.embed(features, window);
        for ((convolution, norm), distance) in self.convolutions.iter().zip(DISTANCES) {
            inputs = self.convolve(&inputs, convolution, norm, distance);
        }
        let mut memory = self.memory.of(self.arch, &inputs, PADDING, window.len());
        share(&mut memory, words, window);
        memory.rectify();
        let mut both = Rows::new(window.len(), inputs.width + memory.width);
        for ((both, input), memory) in both.iter_mut().zip(inputs.iter().skip(PADDING)).zip(memory.iter()) {
            both[..inputs.width].copy_from_slice(input);
            both[inputs.width..].copy_from_slice(memory);
        }
        let mut hidden = self.hidden.of(self.arch, &both, 0, window.len());
        hidden.rectify();
        let scores = self.out.of(self.arch, &hidden, 0, window.len());
        scores.iter().map(|word| std::array::from_fn(|tag| word[tag])).collect()
    }

    /// The sums of the words' rows, between empty words.
    fn embed(&self, features: &Features, window: &Range<usize>) -> Rows {
        let mut inputs = Rows::new(window.len() + 2 * PADDING, self.table.width);
        for (at, sum) in window.clone().zip(inputs.iter_mut().skip(PADDING)) {
            self.arch.dispatch(SumRows { table: &self.table, norm: &self.norm, rows: features.of(at), sum });
        }
        inputs
    }

    /// Adds to each word what the convolution makes of it and its two neighbours.
    fn convolve(&self, inputs: &Rows, convolution: &Dense, norm: &Norm, distance: usize) -> Rows {
        let width = inputs.width;
        let mut outputs = Rows::new(inputs.numbers.len() / width, width);
        let words = PADDING * width..inputs.numbers.len() - PADDING * width;
        let offsets = [PADDING - distance, PADDING, PADDING + distance];
        convolution.apply(self.arch, inputs, &offsets, &mut outputs.numbers[words.clone()]);
        let inner = outputs.numbers[words.clone()].chunks_exact_mut(width);
        for (output, input) in inner.zip(inputs.numbers[words].chunks_exact(width)) {
            self.arch.dispatch(AddInput { norm, input, output });
        }
        outputs
    }
}

impl Model for Fast {
    fn score(&self, words: &Words<'_>, features: &Features) -> Result<Vec<Scored>, ModelError> {
        let scored = |window| Scored { scores: self.window(words, features, &window), words: window };
        Ok(windows(words, LONGEST, |_| 1).into_iter().map(scored).collect())
    }
}

/// Gives all words with a capital that are the same the greatest of each of their numbers.
fn share(memory: &mut Rows, words: &Words<'_>, window: &Range<usize>) {
    let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, word) in words.words[window.clone()].iter().enumerate() {
        if word.text.starts_with(char::is_uppercase) {
            same.entry(&word.lower).or_default().push(row);
        }
    }
    let width = memory.width;
    let mut greatest = vec![0.0; width];
    for rows in same.into_values().filter(|rows| rows.len() > 1) {
        greatest.fill(f32::NEG_INFINITY);
        for row in &rows {
            let own = &memory.numbers[row * width..(row + 1) * width];
            greatest.iter_mut().zip(own).for_each(|(greatest, own)| *greatest = greatest.max(*own));
        }
        for row in rows {
            memory.numbers[row * width..(row + 1) * width].copy_from_slice(&greatest);
        }
    }
}
