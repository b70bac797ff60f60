//! How many tokens a piece is. Most pieces of a text are words that have been seen before.

use bpe_openai::appendable_encoder::AppendableEncoder;
use bpe_openai::byte_pair_encoding::BytePairEncoding;
use std::cell::RefCell;

/// Pieces that are remembered: 2^15 of 32 bytes, small enough to stay in a processor's cache.
const REMEMBERED_BITS: u32 = 15;

/// Longest piece that is remembered, in bytes. Longer ones hardly ever come again.
const LONGEST_REMEMBERED: usize = 30;

/// A piece in 30 bytes, its length, and its number of tokens; all zero where none is.
type Entry = [u128; 2];

/// Where the number of tokens stands in the second half of an entry.
const TOKENS_SHIFT: u32 = 120;

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
    /// Each at a place that the hash of its piece chooses.
    remembered: Box<[Entry]>,
}

impl Counts {
    fn new() -> Self {
        Self {
            vocabulary: &bpe_openai::cl100k_base().bpe,
            remembered: vec![[0; 2]; 1 << REMEMBERED_BITS].into_boxed_slice(),
        }
    }

    /// The number of tokens of the piece `from..to` of a text.
    pub fn of(&mut self, text: &[u8], from: usize, to: usize) -> usize {
        if to - from > LONGEST_REMEMBERED {
            return self.vocabulary.count(&text[from..to]);
        }
        let [low, high] = key(text, from, to);
        let entry = &mut self.remembered[slot(low, high)];
        if *entry != [low, high | entry[1] >> TOKENS_SHIFT << TOKENS_SHIFT] {
            let tokens = self.vocabulary.count(&text[from..to]);
            *entry = [low, high | (tokens as u128) << TOKENS_SHIFT];
        }
        (entry[1] >> TOKENS_SHIFT) as usize
    }

    /// The number of tokens of a piece when it is at most `most`, else the last place in it up to which there are at most `most`.
    pub fn within(
        &mut self,
        text: &str,
        from: usize,
        to: usize,
        most: usize,
    ) -> Result<usize, usize> {
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
        if reached == to {
            Ok(encoder.token_count())
        } else {
            Err(reached)
        }
    }
}

/// The bytes of a short piece, and its length behind them.
fn key(text: &[u8], from: usize, to: usize) -> Entry {
    let length = to - from;
    let bytes = match text[from..].first_chunk::<32>() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; 32];
            bytes[..length].copy_from_slice(&text[from..to]);
            bytes
        }
    };
    let (low, high) = bytes.split_at(16);
    let half = |half: &[u8], length: usize| {
        let bytes = half.first_chunk().map_or(0, |it| u128::from_le_bytes(*it));
        match length {
            0 => 0,
            16.. => bytes,
            _ => bytes & ((1 << (length * 8)) - 1),
        }
    };
    let high = half(high, length.saturating_sub(16));
    [half(low, length), high | (length as u128) << 112]
}

fn slot(low: u128, high: u128) -> usize {
    // Fibonacci hashing of all four quarters.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let quarters = [
        low as u64,
        (low >> 64) as u64,
        high as u64,
        (high >> 64) as u64,
    ];
    let mix = |hash: u64, quarter: u64| (hash ^ quarter).wrapping_mul(GOLDEN).rotate_left(29);
    (quarters.into_iter().fold(0, mix).wrapping_mul(GOLDEN) >> (u64::BITS - REMEMBERED_BITS))
        as usize
}
