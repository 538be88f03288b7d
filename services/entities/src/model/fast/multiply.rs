//! Multiplication of words' numbers by a layer's weights, which is what the model spends its time on.
//!
//! The sums of a few words for a few columns stay in the processor's registers while all inputs are gone through. What is
//! known of the layers keeps it this short: weights lie as they are read, and columns fill whole vectors.

use pulp::{Simd, WithSimd};

/// Columns come in multiples of this: the widest vectors of 32-bit numbers.
pub(super) const LANES: usize = 16;

/// How many words are gone through together.
const TOGETHER: usize = 6;

/// Outputs of a layer for words: each the bias and the weighted sum of its inputs.
pub(super) struct Multiply<'a> {
    /// Numbers of words, one word after the other.
    pub(super) inputs: &'a [f32],
    /// How many numbers a word has.
    pub(super) width: usize,
    /// Of which words each output takes its inputs: so many words behind the one of its own number.
    pub(super) offsets: &'a [usize],
    /// Inputs by outputs.
    pub(super) weights: &'a [f32],
    /// One number an output; as many as a multiple of `LANES`.
    pub(super) bias: &'a [f32],
    /// Where the outputs go, one word after the other.
    pub(super) outputs: &'a mut [f32],
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let columns = self.bias.len();
        let words = self.outputs.len() / columns;
        let mut column = 0;
        while column < columns {
            // As many sums as there are registers for: 32 of the widest, 16 of others.
            let vectors = ((columns - column) / S::F32_LANES).min(if S::F32_LANES == LANES { 4 } else { 2 });
            match vectors {
                4 => self.columns::<S, 4>(simd, words, column),
                3 => self.columns::<S, 3>(simd, words, column),
                2 => self.columns::<S, 2>(simd, words, column),
                _ => self.columns::<S, 1>(simd, words, column),
            }
            column += vectors * S::F32_LANES;
        }
    }
}

impl Multiply<'_> {
    /// The outputs of all words in some columns.
    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn columns<S: Simd, const VECTORS: usize>(&mut self, simd: S, words: usize, column: usize) {
        let mut word = 0;
        while word < words {
            if words < TOGETHER {
                self.block::<S, 1, VECTORS>(simd, word, column);
                word += 1;
            } else {
                // The last few are computed with some before them, once more.
                self.block::<S, TOGETHER, VECTORS>(simd, word.min(words - TOGETHER), column);
                word += TOGETHER;
            }
        }
    }

    /// The outputs of some words in some columns.
    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn block<S: Simd, const WORDS: usize, const VECTORS: usize>(&mut self, simd: S, first: usize, column: usize) {
        let columns = self.bias.len();
        let length = VECTORS * S::F32_LANES;
        let mut bias = [simd.splat_f32s(0.0); VECTORS];
        bias.copy_from_slice(S::as_simd_f32s(&self.bias[column..column + length]).0);
        let mut sums = [bias; WORDS];
        let taps = self.weights.chunks_exact(self.width * columns);
        for (offset, weights) in self.offsets.iter().zip(taps) {
            let mut inputs = [&self.inputs[..0]; WORDS];
            for (word, inputs) in inputs.iter_mut().enumerate() {
                *inputs = &self.inputs[(first + word + offset) * self.width..][..self.width];
            }
            for (number, weights) in weights.chunks_exact(columns).enumerate().take(self.width) {
                let weights = S::as_simd_f32s(&weights[column..column + length]).0;
                for (sums, inputs) in sums.iter_mut().zip(&inputs) {
                    let input = simd.splat_f32s(inputs[number]);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = simd.mul_add_e_f32s(input, *weight, *sum);
                    }
                }
            }
        }
        for (word, sums) in sums.iter().enumerate() {
            let start = (first + word) * columns + column;
            let outputs = S::as_mut_simd_f32s(&mut self.outputs[start..start + length]).0;
            outputs.copy_from_slice(sums);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulp::{Arch, Scalar};

    use super::*;

    /// The same in the plainest way.
    fn plainly(of: &Multiply<'_>) -> Vec<f32> {
        let columns = of.bias.len();
        let output = |at: usize| {
            let (word, column) = (at / columns, at % columns);
            let inputs = of.offsets.iter().flat_map(|offset| &of.inputs[(word + offset) * of.width..][..of.width]);
            let weights = of.weights.iter().skip(column).step_by(columns);
            of.bias[column] + inputs.zip(weights).map(|(input, weight)| input * weight).sum::<f32>()
        };
        (0..of.outputs.len()).map(output).collect()
    }

    proptest! {
        #[test]
        fn all_processors_compute_the_same(
            words in 0_usize..15,
            width in 1_usize..20,
            blocks in 1_usize..8,
            offsets in prop::sample::select(vec![vec![0], vec![1, 2, 3], vec![0, 2, 4]]),
            seed in any::<u32>(),
        ) {
            let mut state = seed;
            let mut numbers = |count: usize| -> Vec<f32> {
                let mut next = || {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 16) as f32 / 65_536.0 - 0.5
                };
                (0..count).map(|_| next()).collect()
            };
            let columns = blocks * LANES;
            let inputs = numbers((words + 4) * width);
            let weights = numbers(offsets.len() * width * columns);
            let bias = numbers(columns);
            let with = |scalar: bool| {
                let mut outputs = vec![f32::NAN; words * columns];
                let multiply = Multiply {
                    inputs: &inputs, width, offsets: &offsets, weights: &weights, bias: &bias, outputs: &mut outputs,
                };
                let expected = plainly(&multiply);
                if scalar { multiply.with_simd(Scalar) } else { Arch::new().dispatch(multiply) }
                (outputs, expected)
            };
            for (outputs, expected) in [with(false), with(true)] {
                for (output, expected) in outputs.iter().zip(&expected) {
                    prop_assert!((output - expected).abs() < 1e-4, "{output} {expected}");
                }
            }
        }
    }
}
