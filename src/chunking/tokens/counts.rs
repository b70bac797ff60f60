//! How many tokens a piece is. Most pieces of a text are words that have been seen before.

use bpe_openai::appendable_encoder::AppendableEncoder;
use bpe_openai::byte_pair_encoding::BytePairEncoding;
use std::cell::RefCell;

/// Pieces that are remembered: 2^15 of 16 bytes, small enough to stay in a processor's cache.
const REMEMBERED_BITS: u32 = 15;

/// Longest piece that is remembered, in bytes.
const LONGEST_REMEMBERED: usize = 14;

/// Pieces beyond this, in bytes, are encoded only as far as they fit.
const LONG_PIECE: usize = 256;

/// Tokens by which a part of a piece may exceed the limit before longer parts are given up: one more byte can make many tokens
/// into one, but hardly as many as this.
const SLACK: usize = 16;

thread_local! {
    static COUNTS: RefCell<Option<Counts>> = const { RefCell::new(None) };
}

/// Lends what this thread remembers. The vocabulary is read when it is first needed.
pub fn with<R>(work: impl FnOnce(&mut Counts) -> R) -> R {
    COUNTS.with_borrow_mut(|counts| work(counts.get_or_insert_with(Counts::new)))
}

pub struct Counts {
    vocabulary: &'static BytePairEncoding,
    /// A piece, its length and its number of tokens in one number, at a place that its hash chooses; 0 where none is.
    remembered: Box<[u128]>,
}

impl Counts {
    fn new() -> Self {
        Self {
            vocabulary: &bpe_openai::cl100k_base().bpe,
            remembered: vec![0; 1 << REMEMBERED_BITS].into_boxed_slice(),
        }
    }

    /// The number of tokens of the piece `from..to` of a text.
    pub fn of(&mut self, text: &[u8], from: usize, to: usize) -> usize {
        if to - from > LONGEST_REMEMBERED {
            return self.vocabulary.count(&text[from..to]);
        }
        let key = key(text, from, to);
        let entry = &mut self.remembered[slot(key)];
        if *entry >> 8 != key {
            let tokens = self.vocabulary.count(&text[from..to]);
            *entry = key << 8 | tokens as u128;
        }
        (*entry & 0xFF) as usize
    }

    /// The number of tokens of a piece when it is at most `most`, else the last place in it up to which there are at most `most`.
    pub fn within(&mut self, text: &str, from: usize, to: usize, most: usize) -> Result<usize, usize> {
        if to - from <= LONG_PIECE {
            let tokens = self.of(text.as_bytes(), from, to);
            if tokens <= most {
                return Ok(tokens);
            }
        }
        let mut encoder = AppendableEncoder::new(self.vocabulary);
        let mut reached = from;
        for (offset, byte) in text.as_bytes()[from..to].iter().enumerate() {
            encoder.push(*byte);
            let tokens = encoder.token_count();
            if tokens > most + SLACK {
                return Err(reached);
            }
            if tokens <= most && text.is_char_boundary(from + offset + 1) {
                reached = from + offset + 1;
            }
        }
        if reached == to { Ok(encoder.token_count()) } else { Err(reached) }
    }
}

/// The bytes of a short piece, and its length above them.
fn key(text: &[u8], from: usize, to: usize) -> u128 {
    let length = to - from;
    let bytes = match text[from..].first_chunk::<16>() {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; 16];
            bytes[..length].copy_from_slice(&text[from..to]);
            u128::from_le_bytes(bytes)
        }
    };
    let piece = bytes & ((1 << (length * 8)) - 1);
    piece | (length as u128) << (LONGEST_REMEMBERED * 8)
}

fn slot(key: u128) -> usize {
    // Fibonacci hashing of both halves.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let (low, high) = (key as u64, (key >> 64) as u64);
    let mixed = (low ^ high.wrapping_mul(GOLDEN).rotate_left(29)).wrapping_mul(GOLDEN);
    (mixed >> (u64::BITS - REMEMBERED_BITS)) as usize
}
