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
    /// Pairs of inputs by `LANES` outputs, then by the next `LANES`: what is read one after the other stands so.
    pairs: Vec<[i32; LANES]>,
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
        let factors: Vec<f32> = greatest.iter().map(|greatest| factor(*greatest)).collect();
        let mut pairs = Vec::with_capacity(numbers.len() / 2 / LANES);
        for column in (0..columns).step_by(LANES) {
            for tap in numbers.chunks_exact(width * columns) {
                let (first, second) = tap.split_at(width / 2 * columns);
                for (first, second) in first.chunks_exact(columns).zip(second.chunks_exact(columns)) {
                    let one = |lane| pair(first[column + lane], second[column + lane], factors[column + lane]);
                    pairs.push(std::array::from_fn(one));
                }
            }
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
    /// The words that are wanted; the others become zeros.
    pub(super) words: &'a [usize],
}

impl WithSimd for ToWhole<'_> {
    type Output = Whole;

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Whole {
        let mut pairs = vec![0; self.numbers.len() / 2];
        let mut scales = vec![0.0; self.numbers.len() / self.width];
        for word in self.words {
            let row = &self.numbers[word * self.width..][..self.width];
            let pairs = &mut pairs[word * self.width / 2..][..self.width / 2];
            let greatest = greatest(row);
            let factor = factor(greatest);
            let (first, second) = row.split_at(self.width / 2);
            for ((to, first), second) in pairs.iter_mut().zip(first).zip(second) {
                *to = pair(*first, *second, factor);
            }
            scales[*word] = greatest / GREATEST;
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
    /// The words whose outputs are wanted, in their order.
    pub(super) words: &'a [usize],
    /// Of which words each output takes its inputs: so many words behind its own, or before it.
    pub(super) offsets: &'a [isize],
    /// The layer's.
    pub(super) weights: &'a Weights,
    /// One number an output; as many as a multiple of `LANES`.
    pub(super) bias: &'a [f32],
    /// Where the outputs go, one word after the other; those of other words stay as they are.
    pub(super) outputs: &'a mut [f32],
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let columns = self.bias.len();
        let mut column = 0;
        while column < columns {
            // As many sums as there are registers for: 32 of the widest, 16 of others.
            let vectors = ((columns - column) / S::I32_LANES).min(if S::I32_LANES == LANES { 4 } else { 2 });
            match vectors {
                4 => self.columns::<S, 4>(simd, column),
                3 => self.columns::<S, 3>(simd, column),
                2 => self.columns::<S, 2>(simd, column),
                _ => self.columns::<S, 1>(simd, column),
            }
            column += vectors * S::I32_LANES;
        }
    }
}

impl Multiply<'_> {
    /// The outputs of all words in some columns.
    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn columns<S: Simd, const VECTORS: usize>(&mut self, simd: S, column: usize) {
        let mut done = 0;
        while let Some(rest) = self.words.get(done..).filter(|rest| !rest.is_empty()) {
            // The last few are computed with some before them, once more.
            let some = rest.first_chunk().or_else(|| self.words.last_chunk::<TOGETHER>());
            if let Some(some) = some {
                self.block::<S, TOGETHER, VECTORS>(simd, some, column);
                done += TOGETHER;
            } else {
                self.block::<S, 1, VECTORS>(simd, &[rest[0]], column);
                done += 1;
            }
        }
    }

    /// The outputs of some words in some columns.
    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn block<S: Simd, const WORDS: usize, const VECTORS: usize>(
        &mut self,
        simd: S,
        words: &[usize; WORDS],
        column: usize,
    ) {
        let (columns, half) = (self.bias.len(), self.width / 2);
        let some = column..column + VECTORS * S::I32_LANES;
        for word in words {
            self.outputs[word * columns..][some.clone()].copy_from_slice(&self.bias[some.clone()]);
        }
        let per_panel = self.offsets.len() * half;
        for (tap, offset) in self.offsets.iter().enumerate() {
            let mut weights = [&self.weights.pairs[..0]; VECTORS];
            for (vector, weights) in weights.iter_mut().enumerate() {
                let panel = (column + vector * S::I32_LANES) / LANES;
                *weights = &self.weights.pairs[panel * per_panel + tap * half..][..half];
            }
            let mut inputs = [&self.inputs.pairs[..0]; WORDS];
            for (word, inputs) in words.iter().zip(&mut inputs) {
                *inputs = &self.inputs.pairs[word.wrapping_add_signed(*offset) * half..][..half];
            }
            let mut sums = [[simd.splat_i32s(0); VECTORS]; WORDS];
            for pair in 0..half {
                let mut some = [simd.splat_i32s(0); VECTORS];
                for (vector, (some, weights)) in some.iter_mut().zip(&weights).enumerate() {
                    let lane = (column + vector * S::I32_LANES) % LANES;
                    *some = S::as_simd_i32s(&weights[pair][lane..]).0[0];
                }
                for (sums, inputs) in sums.iter_mut().zip(&inputs) {
                    let input = simd.splat_i32s(inputs[pair]);
                    for (sum, weight) in sums.iter_mut().zip(&some) {
                        *sum = add_products(simd, *sum, input, *weight);
                    }
                }
            }
            // A copy: registers have no address.
            let sums = sums;
            for (word, sums) in words.iter().zip(&sums) {
                let scale = self.inputs.scales[word.wrapping_add_signed(*offset)];
                let outputs = &mut self.outputs[word * columns..][some.clone()];
                let sums: &[i32] = bytemuck::cast_slice(sums);
                // By way of memory that nothing else can lie in, or vectors could not be used.
                let mut weighted = [0.0; 4 * LANES];
                let scales = &self.weights.scales[some.clone()];
                for ((weighted, sum), column) in weighted.iter_mut().zip(sums).zip(scales) {
                    *weighted = *sum as f32 * (scale * column);
                }
                outputs.iter_mut().zip(&weighted).for_each(|(output, weighted)| *output += weighted);
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

    /// A word's outputs with fractions, in the plainest way.
    fn plainly(
        word: usize,
        inputs: &[f32],
        width: usize,
        offsets: &[isize],
        weights: &[f32],
        bias: &[f32],
    ) -> Vec<f32> {
        let columns = bias.len();
        let inputs = |offset: &isize| &inputs[word.wrapping_add_signed(*offset) * width..][..width];
        let output = |(column, bias): (usize, &f32)| {
            let weights = weights.iter().skip(column).step_by(columns);
            bias + offsets.iter().flat_map(inputs).zip(weights).map(|(input, weight)| input * weight).sum::<f32>()
        };
        bias.iter().enumerate().map(output).collect()
    }

    proptest! {
        #[test]
        fn all_processors_compute_the_same(
            words in 0_usize..15,
            half in 1_usize..20,
            blocks in 1_usize..8,
            offsets in prop::sample::select(vec![vec![0], vec![-1, 0, 1], vec![-2, 0, 2]]),
            left_out in 0_usize..6,
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
            // Two words stand before the first that may be wanted, and two behind the last.
            let all: Vec<usize> = (0..words + 4).collect();
            let inputs = numbers(all.len() * width);
            let numbers_of_weights = numbers(offsets.len() * width * columns);
            let bias = numbers(columns);
            let weights = Weights::new(&numbers_of_weights, columns, width);
            let wanted: Vec<usize> = (2..words + 2).filter(|word| word % 5 != left_out).collect();
            let with = |scalar: bool| {
                let mut outputs = vec![f32::INFINITY; all.len() * columns];
                let to_whole = ToWhole { numbers: &inputs, width, words: &all };
                let inputs = if scalar { to_whole.with_simd(Scalar) } else { Arch::new().dispatch(to_whole) };
                let multiply = Multiply {
                    inputs: &inputs,
                    width,
                    words: &wanted,
                    offsets: &offsets,
                    weights: &weights,
                    bias: &bias,
                    outputs: &mut outputs,
                };
                if scalar { multiply.with_simd(Scalar) } else { Arch::new().dispatch(multiply) }
                outputs
            };
            let (outputs, scalar) = (with(false), with(true));
            // A number of 12 bits is off by a half of its last one.
            let tolerance = 0.5 * (offsets.len() * width) as f32 / GREATEST / 2.0;
            let rows = outputs.chunks_exact(columns).zip(scalar.chunks_exact(columns)).enumerate();
            for (word, (outputs, scalar)) in rows {
                if !wanted.contains(&word) {
                    prop_assert!(outputs.iter().chain(scalar).all(|output| output.is_infinite()));
                    continue;
                }
                let exact = plainly(word, &inputs, width, &offsets, &numbers_of_weights, &bias);
                for ((output, scalar), exact) in outputs.iter().zip(scalar).zip(exact) {
                    prop_assert!((output - scalar).abs() < 1e-5, "{output} {scalar}");
                    prop_assert!((output - exact).abs() < tolerance, "{output} {exact}");
                }
            }
        }
    }

    #[test]
    fn a_row_of_the_greatest_numbers_does_not_overflow() {
        let numbers = vec![-3.0; LONGEST_ROW];
        let weights = Weights::new(&vec![5.0; LONGEST_ROW * LANES], LANES, LONGEST_ROW);
        let (bias, mut outputs) = ([1.0; LANES], [0.0; LANES]);
        let inputs = Arch::new().dispatch(ToWhole { numbers: &numbers, width: LONGEST_ROW, words: &[0] });
        let width = LONGEST_ROW;
        Arch::new().dispatch(Multiply {
            inputs: &inputs,
            width,
            words: &[0],
            offsets: &[0],
            weights: &weights,
            bias: &bias,
            outputs: &mut outputs,
        });
        let expected = 1.0 - 15.0 * LONGEST_ROW as f32;
        assert!(outputs.iter().all(|output| (output - expected).abs() < 0.01), "{outputs:?}");
    }
}
