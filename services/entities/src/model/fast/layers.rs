//! The parts that the fast model is made of.
//!
//! Loops over a word's numbers are written so that the compiler makes vector instructions of them, and stand in the
//! `with_simd` of a type each, so that these are the ones that the processor at hand has. Closures will not do: they are
//! compiled on their own, for any processor.

use pulp::{Arch, Simd, WithSimd};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{
    super::ModelError,
    multiply::{LANES, LONGEST_ROW, Multiply, ToWhole, Weights},
};

/// Numbers of words, one word after the other.
pub(super) struct Rows {
    numbers: Vec<f32>,
    /// How many numbers a word has.
    pub(super) width: usize,
}

impl Rows {
    /// Zeros.
    pub(super) fn new(count: usize, width: usize) -> Self {
        Self { numbers: vec![0.0; count * width], width }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.numbers.chunks_exact(self.width)
    }

    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.numbers[row * self.width..][..self.width]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.numbers[row * self.width..][..self.width]
    }

    /// Some of the rows, one after the other.
    pub(super) fn only(&self, rows: &[usize]) -> Self {
        let mut numbers = Vec::with_capacity(rows.len() * self.width);
        for row in rows {
            numbers.extend_from_slice(self.row(*row));
        }
        Self { numbers, width: self.width }
    }

    /// Each row with that of others behind it.
    pub(super) fn beside(&self, others: &Self) -> Self {
        let mut numbers = Vec::with_capacity(self.numbers.len() + others.numbers.len());
        for (own, other) in self.iter().zip(others.iter()) {
            numbers.extend_from_slice(own);
            numbers.extend_from_slice(other);
        }
        Self { numbers, width: self.width + others.width }
    }

    /// Negative numbers become zero.
    pub(super) fn rectify(&mut self) {
        self.numbers.iter_mut().for_each(|number| *number = number.max(0.0));
    }
}

/// A table of rows, eight bits a number.
pub(super) struct Table {
    numbers: &'static [u8],
    /// What to multiply each row by.
    scales: Vec<f32>,
    pub(super) width: usize,
}

impl Table {
    pub(super) fn read(
        file: &SafeTensors<'static>,
        numbers: &'static str,
        scales: &'static str,
        rows: usize,
    ) -> Result<Self, ModelError> {
        let tensor = file.tensor(numbers)?;
        match tensor.shape() {
            [count, width] if *count == rows && tensor.dtype() == Dtype::I8 => {
                Ok(Self { numbers: tensor.data(), scales: vector(file, scales, rows)?, width: *width })
            }
            _ => Err(ModelError::Shape { name: numbers }),
        }
    }

    /// Adds a row to a sum.
    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn add_row(&self, row: usize, sum: &mut [f32]) {
        let scale = self.scales[row];
        for (sum, number) in sum.iter_mut().zip(&self.numbers[row * self.width..(row + 1) * self.width]) {
            *sum += scale * f32::from(number.cast_signed());
        }
    }
}

/// A layer whose outputs are weighted sums of its inputs.
pub(super) struct Dense {
    weights: Weights,
    /// One number an output; behind them zeros, so that the outputs fill vectors.
    bias: Vec<f32>,
    pub(super) outputs: usize,
}

impl Dense {
    /// Reads a layer whose inputs are so many rows of some width.
    pub(super) fn read(
        file: &SafeTensors<'_>,
        weights: &'static str,
        bias: &'static str,
        (rows, width): (usize, usize),
    ) -> Result<Self, ModelError> {
        let inputs = rows * width;
        let tensor = file.tensor(weights)?;
        let wrong = || ModelError::Shape { name: weights };
        if !width.is_multiple_of(2) || width > LONGEST_ROW {
            return Err(wrong());
        }
        let outputs = *tensor.shape().get(1).filter(|outputs| **outputs > 0).ok_or_else(wrong)?;
        let numbers = floats(&tensor).filter(|numbers| numbers.len() == inputs * outputs).ok_or_else(wrong)?;
        let filled = outputs.next_multiple_of(LANES);
        let mut all = vec![0.0; inputs * filled];
        for (row, numbers) in all.chunks_exact_mut(filled).zip(numbers.chunks_exact(outputs)) {
            row[..outputs].copy_from_slice(numbers);
        }
        let mut bias = vector(file, bias, outputs)?;
        bias.resize(filled, 0.0);
        Ok(Self { weights: Weights::new(&all, filled, width), bias, outputs })
    }

    /// Writes the outputs of some words, whose inputs are the rows so many behind their own, or before it.
    pub(super) fn apply(&self, arch: Arch, inputs: Inputs<'_>, words: &[usize], outputs: &mut Rows) {
        let Inputs { rows: Rows { numbers, width }, known, offsets } = inputs;
        let (width, weights, bias) = (*width, &self.weights, &self.bias);
        let inputs = &arch.dispatch(ToWhole { numbers, width, words: known });
        let outputs = &mut outputs.numbers;
        arch.dispatch(Multiply { inputs, width, words, offsets, weights, bias, outputs });
    }

    /// The outputs of all rows.
    pub(super) fn of(&self, arch: Arch, inputs: &Rows) -> Rows {
        let all: Vec<usize> = (0..inputs.iter().len()).collect();
        let mut outputs = Rows::new(all.len(), self.bias.len());
        self.apply(arch, Inputs { rows: inputs, known: &all, offsets: &[0] }, &all, &mut outputs);
        outputs
    }
}

/// What a layer works on.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub(super) rows: &'a Rows,
    /// Those of the rows that are known; others are taken for zeros.
    pub(super) known: &'a [usize],
    /// The rows of each word's inputs: so many behind its own, or before it.
    pub(super) offsets: &'a [isize],
}

/// Brings a word's numbers to mean zero and variance one, then to what was learnt (Ba et al., "Layer Normalization",
/// 2016).
pub(super) struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Norm {
    pub(super) fn read(
        file: &SafeTensors<'_>,
        scale: &'static str,
        shift: &'static str,
        width: usize,
    ) -> Result<Self, ModelError> {
        Ok(Self { scale: vector(file, scale, width)?, shift: vector(file, shift, width)? })
    }

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn apply(&self, numbers: &mut [f32]) {
        let count = numbers.len() as f32;
        let mean = sum(numbers, |number| number) / count;
        let variance = sum(numbers, |number| (number - mean) * (number - mean)) / count;
        // The small summand keeps equal numbers from being divided by zero, as in training.
        let factor = (variance + 1e-5).sqrt().recip();
        for ((number, scale), shift) in numbers.iter_mut().zip(&self.scale).zip(&self.shift) {
            *number = (*number - mean) * factor * scale + shift;
        }
    }
}

/// Adds up rows of a table, and norms the sum.
pub(super) struct SumRows<'a> {
    pub(super) table: &'a Table,
    pub(super) norm: &'a Norm,
    pub(super) rows: &'a [u32],
    pub(super) sum: &'a mut [f32],
}

impl WithSimd for SumRows<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows {
            self.table.add_row(*row as usize, self.sum);
        }
        self.norm.apply(self.sum);
    }
}

/// Adds what went into a layer to the rectified outputs, and norms the sum (He et al., "Deep Residual Learning", 2015).
pub(super) struct AddInput<'a> {
    pub(super) norm: &'a Norm,
    pub(super) input: &'a [f32],
    pub(super) output: &'a mut [f32],
}

impl WithSimd for AddInput<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (output, input) in self.output.iter_mut().zip(self.input) {
            *output = output.max(0.0) + input;
        }
        self.norm.apply(self.output);
    }
}

/// The sum over all numbers, in lanes: one sum after the other would keep the processor waiting.
#[expect(clippy::inline_always, reason = "vector instructions are chosen where it is called")]
#[inline(always)]
fn sum(numbers: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; 16];
    let (chunks, rest) = numbers.as_chunks::<16>();
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane += of(*number);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|number| of(*number)).sum::<f32>()
}

fn vector(file: &SafeTensors<'_>, name: &'static str, length: usize) -> Result<Vec<f32>, ModelError> {
    let numbers = floats(&file.tensor(name)?).filter(|numbers| numbers.len() == length);
    numbers.ok_or(ModelError::Shape { name })
}

fn floats(tensor: &TensorView<'_>) -> Option<Vec<f32>> {
    let numbers = tensor.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    (tensor.dtype() == Dtype::F32).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_to_mean_zero_and_variance_one() {
        let norm = Norm { scale: vec![1.0; 20], shift: vec![0.0; 20] };
        let mut numbers: Vec<f32> = (0..20_u8).map(f32::from).collect();
        norm.apply(&mut numbers);
        let mean = numbers.iter().sum::<f32>() / 20.0;
        let variance = numbers.iter().map(|number| number * number).sum::<f32>() / 20.0;
        assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
    }

    #[test]
    fn a_row_is_scaled_and_added() {
        let table = Table { numbers: &[1, 2, 255, 127], scales: vec![1.0, 0.5], width: 2 };
        let mut sum = [1.0, 1.0];
        table.add_row(1, &mut sum);
        let near = sum.iter().zip([0.5, 64.5]).all(|(sum, expected): (&f32, f32)| (sum - expected).abs() < 1e-6);
        assert!(near, "{sum:?}");
    }
}
