//! Bodies of a few hundred kilobytes that decode to a gigabyte.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

const GIGABYTE: usize = 1 << 30;

/// A body in gzip.
pub(super) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Spaces in gzip: the same member over and over (RFC 1952, section 2.2).
pub(super) fn gzip_bomb() -> Vec<u8> {
    const MEMBER: usize = 1 << 24;
    gzip(&vec![b' '; MEMBER]).repeat(GIGABYTE / MEMBER)
}

/// Spaces in zstd, by blocks that repeat one byte (RFC 8878, section 3.1.1.2), in a frame with a window of 2 to the
/// power of this.
pub(super) fn zstd_bomb(window_log: u8) -> Vec<u8> {
    const BLOCK: usize = 1 << 17;
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, (window_log - 10) << 3];
    let header = (u32::try_from(BLOCK).unwrap() << 3 | 1 << 1).to_le_bytes();
    for _ in 0..GIGABYTE / BLOCK {
        frame.extend_from_slice(&[header[0], header[1], header[2], b' ']);
    }
    // The last block is empty and raw.
    frame.extend_from_slice(&[1, 0, 0]);
    frame
}

/// Spaces in brotli: meta-blocks of one command that copies 16 MiB from four bytes before (RFC 7932).
pub(super) fn brotli_bomb() -> Vec<u8> {
    const BLOCK: usize = 1 << 24;
    let mut bits = Bits::default();
    // A window of 16 MiB less 16 bytes (section 9.1).
    bits.put(0b1111, 4);
    // Four spaces, uncompressed: not the last block, four nibbles of length less one.
    bits.put(0, 1);
    bits.put(0, 2);
    bits.put(4 - 1, 16);
    bits.put(1, 1);
    bits.align();
    bits.bytes.extend_from_slice(b"    ");
    for _ in 0..GIGABYTE / BLOCK {
        // Not the last block, six nibbles of length less one, compressed.
        bits.put(0, 1);
        bits.put(2, 2);
        bits.put(BLOCK - 1, 24);
        bits.put(0, 1);
        // One type of block each for literals, commands and distances; no direct distances; one context mode; one
        // prefix code each (section 9.2).
        bits.put(0, 3);
        bits.put(0, 6);
        bits.put(0, 2);
        bits.put(0, 2);
        // Prefix codes of one symbol, which then takes no bits (section 3.4): a literal; the command that inserts
        // nothing and copies with 24 extra bits (section 5); the last distance, four at first (section 4).
        for (symbol, width) in [(usize::from(b' '), 8), (391, 10), (0, 6)] {
            bits.put(1, 2);
            bits.put(0, 2);
            bits.put(symbol, width);
        }
        bits.put(BLOCK - 2118, 24);
    }
    // The last block, empty.
    bits.put(0b11, 2);
    bits.bytes
}

/// Bits, the least significant first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn put(&mut self, value: usize, width: usize) {
        for bit in 0..width {
            if self.used == 0 {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::from(value >> bit & 1 == 1) << self.used;
            self.used = (self.used + 1) % 8;
        }
    }

    /// Goes on with a whole byte.
    fn align(&mut self) {
        self.used = 0;
    }
}
