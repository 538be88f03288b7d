//! Multiplication of words' numbers by a layer's weights, which is what the model spends its time on.
//!
//! It is done with whole numbers of 12 bits, those of a word and those of a column on a scale of their own: processors
//! multiply such numbers in pairs, twice as many at once as with 32-bit fractions, and all compute the same sums (cf. Jacob
//! et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018). The sums
//! of a few words for a few columns stay in the processor's registers while a word's numbers are gone through. What is
//! known of the layers keeps it this short: rows have an even length, and columns fill whole vectors.

#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};
use pulp::{Simd, WithSimd, bytemuck};

/// Columns come in multiples of this: the widest vectors of 32-bit numbers.
pub(super) const LANES: usize = 16;

/// The greatest whole number.
const GREATEST: f32 = 2047.0;

/// The longest row: so many products of the greatest whole numbers fill the 31 bits of a sum.
pub(super) const LONGEST_ROW: usize = 512;

/// With this added, a fraction's last bits are those of the whole number next to it: quicker than a conversion.
const ROUND: f32 = 12_582_912.0;

/// How many words are gone through together.
const TOGETHER: usize = 6;

/// Words' numbers as whole ones.
pub(super) struct Whole {
    /// Two numbers each, one of a row's first half and the one at the same place of its second, a row after the other.
    pairs: Vec<i32>,
    /// By what to multiply each row.
    scales: Vec<f32>,
}

/// A layer's weights as whole numbers.
pub(super) struct Weights {
    /// Pairs of inputs by outputs.
    pairs: Vec<i32>,
    /// By what to multiply each column.
    scales: Vec<f32>,
}

impl Weights {
    /// Brings weights, inputs by so many outputs, onto the scales of their columns. The inputs are rows of some width.
    pub(super) fn new(numbers: &[f32], columns: usize, width: usize) -> Self {
        let mut greatest = vec![0.0_f32; columns];
        for row in numbers.chunks_exact(columns) {
            greatest.iter_mut().zip(row).for_each(|(greatest, number)| *greatest = greatest.max(number.abs()));
        }
        let mut pairs = Vec::with_capacity(numbers.len() / 2);
        for tap in numbers.chunks_exact(width * columns) {
            let (first, second) = tap.split_at(width / 2 * columns);
            let columns = greatest.iter().cycle();
            let numbers = first.iter().zip(second).zip(columns);
            pairs.extend(numbers.map(|((first, second), greatest)| pair(*first, *second, factor(*greatest))));
        }
        Self { pairs, scales: greatest.into_iter().map(|greatest| greatest / GREATEST).collect() }
    }
}

/// By what to multiply fractions for the greatest of them to become the greatest whole number.
#[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
#[inline(always)]
fn factor(greatest: f32) -> f32 {
    if greatest > 0.0 { GREATEST / greatest } else { 0.0 }
}

/// Two fractions as whole numbers, of 16 bits each.
#[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
#[inline(always)]
fn pair(first: f32, second: f32, factor: f32) -> i32 {
    let (first, second) = (first * factor + ROUND, second * factor + ROUND);
    (first.to_bits().cast_signed() & 0xffff) | (second.to_bits().cast_signed() << 16)
}

/// Brings words' numbers onto scales of their own.
pub(super) struct ToWhole<'a> {
    /// Numbers of words, one word after the other.
    pub(super) numbers: &'a [f32],
    /// How many numbers a word has.
    pub(super) width: usize,
}

impl WithSimd for ToWhole<'_> {
    type Output = Whole;

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Whole {
        let mut pairs = vec![0; self.numbers.len() / 2];
        let rows = self.numbers.chunks_exact(self.width);
        let mut scales = Vec::with_capacity(rows.len());
        for (row, pairs) in rows.zip(pairs.chunks_exact_mut(self.width / 2)) {
            let greatest = greatest(row);
            let factor = factor(greatest);
            let (first, second) = row.split_at(self.width / 2);
            for ((to, first), second) in pairs.iter_mut().zip(first).zip(second) {
                *to = pair(*first, *second, factor);
            }
            scales.push(greatest / GREATEST);
        }
        Whole { pairs, scales }
    }
}

/// The greatest number, whatever its sign.
#[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
#[inline(always)]
fn greatest(numbers: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane = lane.max(number.abs());
        }
    }
    lanes.iter().chain(rest).fold(0.0, |greatest, number| greatest.max(number.abs()))
}

/// Outputs of a layer for words: each the bias and the weighted sum of its inputs.
pub(super) struct Multiply<'a> {
    /// The words.
    pub(super) inputs: &'a Whole,
    /// How many numbers a word has.
    pub(super) width: usize,
    /// Of which words each output takes its inputs: so many words behind the one of its own number.
    pub(super) offsets: &'a [usize],
    /// The layer's.
    pub(super) weights: &'a Weights,
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
            let vectors = ((columns - column) / S::I32_LANES).min(if S::I32_LANES == LANES { 4 } else { 2 });
            match vectors {
                4 => self.columns::<S, 4>(simd, words, column),
                3 => self.columns::<S, 3>(simd, words, column),
                2 => self.columns::<S, 2>(simd, words, column),
                _ => self.columns::<S, 1>(simd, words, column),
            }
            column += vectors * S::I32_LANES;
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
        let (columns, half) = (self.bias.len(), self.width / 2);
        let some = column..column + VECTORS * S::I32_LANES;
        for word in first..first + WORDS {
            self.outputs[word * columns..][some.clone()].copy_from_slice(&self.bias[some.clone()]);
        }
        let taps = self.weights.pairs.chunks_exact(half * columns);
        for (offset, weights) in self.offsets.iter().zip(taps) {
            let mut inputs = [&self.inputs.pairs[..0]; WORDS];
            for (word, inputs) in inputs.iter_mut().enumerate() {
                *inputs = &self.inputs.pairs[(first + word + offset) * half..][..half];
            }
            let mut sums = [[simd.splat_i32s(0); VECTORS]; WORDS];
            for (pair, weights) in weights.chunks_exact(columns).enumerate().take(half) {
                let weights = S::as_simd_i32s(&weights[some.clone()]).0;
                for (sums, inputs) in sums.iter_mut().zip(&inputs) {
                    let input = simd.splat_i32s(inputs[pair]);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = add_products(simd, *sum, input, *weight);
                    }
                }
            }
            // A copy: registers have no address.
            let sums = sums;
            for (word, sums) in sums.iter().enumerate() {
                let scale = self.inputs.scales[first + word + offset];
                let outputs = &mut self.outputs[(first + word) * columns..][some.clone()];
                let sums: &[i32] = bytemuck::cast_slice(sums);
                for ((output, sum), column) in outputs.iter_mut().zip(sums).zip(&self.weights.scales[some.clone()]) {
                    *output += *sum as f32 * (scale * column);
                }
            }
        }
    }
}

/// Adds the two products of two pairs to their sum, lane by lane.
#[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
#[inline(always)]
fn add_products<S: Simd>(simd: S, sum: S::i32s, left: S::i32s, right: S::i32s) -> S::i32s {
    // One instruction, which the vectors of all processors do not have in common.
    #[cfg(target_arch = "x86_64")]
    {
        let any: &dyn std::any::Any = &simd;
        if let Some(v4) = any.downcast_ref::<V4>() {
            return simd.add_i32s(
                sum,
                bytemuck::cast(v4.avx512bw._mm512_madd_epi16(bytemuck::cast(left), bytemuck::cast(right))),
            );
        }
        if let Some(v3) = any.downcast_ref::<V3>() {
            return simd
                .add_i32s(sum, bytemuck::cast(v3.avx2._mm256_madd_epi16(bytemuck::cast(left), bytemuck::cast(right))));
        }
    }
    let mut sum = sum;
    let sums: &mut [i32] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut sum));
    let (left, right): (&[i32], &[i32]) =
        (bytemuck::cast_slice(std::slice::from_ref(&left)), bytemuck::cast_slice(std::slice::from_ref(&right)));
    for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
        *sum += (left << 16 >> 16) * (right << 16 >> 16) + (left >> 16) * (right >> 16);
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulp::{Arch, Scalar};

    use super::*;

    /// The same with fractions, in the plainest way.
    fn plainly(
        inputs: &[f32],
        width: usize,
        offsets: &[usize],
        weights: &[f32],
        bias: &[f32],
        words: usize,
    ) -> Vec<f32> {
        let columns = bias.len();
        let output = |at: usize| {
            let (word, column) = (at / columns, at % columns);
            let inputs = offsets.iter().flat_map(|offset| &inputs[(word + offset) * width..][..width]);
            let weights = weights.iter().skip(column).step_by(columns);
            bias[column] + inputs.zip(weights).map(|(input, weight)| input * weight).sum::<f32>()
        };
        (0..words * columns).map(output).collect()
    }

    proptest! {
        #[test]
        fn all_processors_compute_the_same(
            words in 0_usize..15,
            half in 1_usize..20,
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
            let (width, columns) = (2 * half, blocks * LANES);
            let inputs = numbers((words + 4) * width);
            let numbers_of_weights = numbers(offsets.len() * width * columns);
            let bias = numbers(columns);
            let weights = Weights::new(&numbers_of_weights, columns, width);
            let with = |scalar: bool| {
                let mut outputs = vec![f32::NAN; words * columns];
                let to_whole = ToWhole { numbers: &inputs, width };
                let inputs = if scalar { to_whole.with_simd(Scalar) } else { Arch::new().dispatch(to_whole) };
                let multiply = Multiply {
                    inputs: &inputs, width, offsets: &offsets, weights: &weights, bias: &bias, outputs: &mut outputs,
                };
                if scalar { multiply.with_simd(Scalar) } else { Arch::new().dispatch(multiply) }
                outputs
            };
            let (outputs, scalar) = (with(false), with(true));
            let exact = plainly(&inputs, width, &offsets, &numbers_of_weights, &bias, words);
            // A number of 12 bits is off by a half of its last one.
            let tolerance = 0.5 * (offsets.len() * width) as f32 / GREATEST / 2.0;
            for ((output, scalar), exact) in outputs.iter().zip(&scalar).zip(&exact) {
                prop_assert!((output - scalar).abs() < 1e-5, "{output} {scalar}");
                prop_assert!((output - exact).abs() < tolerance, "{output} {exact}");
            }
        }
    }

    #[test]
    fn a_row_of_the_greatest_numbers_does_not_overflow() {
        let numbers = vec![-3.0; LONGEST_ROW];
        let weights = Weights::new(&vec![5.0; LONGEST_ROW * LANES], LANES, LONGEST_ROW);
        let (bias, mut outputs) = ([1.0; LANES], [0.0; LANES]);
        let inputs = Arch::new().dispatch(ToWhole { numbers: &numbers, width: LONGEST_ROW });
        let width = LONGEST_ROW;
        Arch::new().dispatch(Multiply {
            inputs: &inputs,
            width,
            offsets: &[0],
            weights: &weights,
            bias: &bias,
            outputs: &mut outputs,
        });
        let expected = 1.0 - 15.0 * LONGEST_ROW as f32;
        assert!(outputs.iter().all(|output| (output - expected).abs() < 0.01), "{outputs:?}");
    }
}
