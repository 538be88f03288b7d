//! From byte offsets to code points, and back.

/// Turns byte offsets into a text to offsets in Unicode code points, in constant time, and back, in logarithmic time.
pub struct CodePoints {
    /// The number of code points before each [`STEP`]th byte; empty where the text is ASCII.
    before: Vec<usize>,
    /// Whether a code point starts at each byte.
    text: Vec<u8>,
    length: usize,
}

/// How many bytes are counted at most for one look-up.
const STEP: usize = 64;

/// Whether a byte of UTF-8 starts a code point (RFC 3629: continuation bytes are `10xxxxxx`).
fn starts_code_point(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| starts_code_point(**byte)).count()
}

impl CodePoints {
    /// Prepares the offsets of a text.
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self { before: Vec::new(), text: Vec::new(), length: text.len() };
        }
        let bytes = text.as_bytes();
        let mut before = Vec::with_capacity(bytes.len() / STEP + 1);
        let mut total = 0;
        for block in bytes.chunks(STEP) {
            before.push(total);
            total += count(block);
        }
        Self { before, text: bytes.to_vec(), length: total }
    }

    /// The number of code points before a byte offset; the text's length for an offset past its end.
    pub fn at(&self, byte: usize) -> usize {
        if self.before.is_empty() {
            return byte.min(self.length);
        }
        if byte >= self.text.len() {
            return self.length;
        }
        let block = byte / STEP;
        self.before[block] + count(&self.text[block * STEP..byte])
    }

    /// The byte offset at which a code point starts; the text's length in bytes for one past its end.
    pub fn byte(&self, point: usize) -> usize {
        if self.before.is_empty() {
            return point.min(self.length);
        }
        let block = self.before.partition_point(|before| *before <= point).saturating_sub(1);
        let start = block * STEP;
        let mut left = point - self.before[block];
        for (offset, byte) in self.text[start..].iter().enumerate() {
            if starts_code_point(*byte) {
                if left == 0 {
                    return start + offset;
                }
                left -= 1;
            }
        }
        self.text.len()
    }

    /// The text's length in code points.
    pub fn length(&self) -> usize {
        self.length
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_what_stands_before(text in "\\PC{0,200}") {
            let points = CodePoints::new(&text);
            for (number, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(points.at(byte), number);
                prop_assert_eq!(points.byte(number), byte);
            }
            prop_assert_eq!(points.at(text.len()), text.chars().count());
            prop_assert_eq!(points.byte(text.chars().count()), text.len());
            prop_assert_eq!(points.length(), text.chars().count());
        }
    }
}
