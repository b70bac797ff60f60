//! How many tokens a piece is. Most pieces of a text are words that have been seen before.

use super::borders::part_end;
use bpe_openai::appendable_encoder::AppendableEncoder;
use bpe_openai::byte_pair_encoding::BytePairEncoding;
use std::cell::RefCell;

/// Sets of pieces that are remembered: 2^14 of 64 bytes, small enough to stay in a processor's cache.
const SETS_BITS: u32 = 15;

/// Pieces of a set: as many as a line of the cache holds.
const SET_SIZE: usize = 4;

/// Longest piece that is remembered, in bytes. Most words are shorter, with the space before them.
const LONGEST_REMEMBERED: usize = 15;

/// A piece in 15 bytes, its length, and its number of tokens; all zero where none is.
type Entry = u128;

/// Entries of one hash, those asked for last first.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Set([Entry; SET_SIZE]);

/// Where the length of a piece stands in its entry.
const LENGTH_SHIFT: u32 = 120;

/// Where its number of tokens stands.
const TOKENS_SHIFT: u32 = 124;

/// Characters of the basic plane that are remembered apart, as most parts of Chinese and Japanese are: those of three bytes.
const CHARACTERS: usize = 0x1_0000;

/// Parts of pieces beyond this, in bytes, are encoded only as far as they fit.
const LONG_PART: usize = 256;

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
    /// Each piece in the set that its hash chooses.
    remembered: Box<[Set]>,
    /// The number of tokens of each character of three bytes alone; 0 where it is not known yet.
    characters: Box<[u8]>,
}

impl Counts {
    fn new() -> Self {
        Self {
            vocabulary: &bpe_openai::cl100k_base().bpe,
            remembered: vec![Set([0; SET_SIZE]); 1 << SETS_BITS].into_boxed_slice(),
            characters: vec![0; CHARACTERS].into_boxed_slice(),
        }
    }

    /// The number of tokens of the piece, or part of one, `from..to` of a text.
    pub fn of(&mut self, text: &str, from: usize, to: usize) -> usize {
        if to - from > LONGEST_REMEMBERED {
            return self.of_parts(text, from, to);
        }
        if let [first @ 0xE0..=0xEF, second, third] = text.as_bytes()[from..to] {
            return self.of_character([first, second, third]);
        }
        let key = key(text.as_bytes(), from, to);
        let place = place(key);
        let set = &mut self.remembered[place].0;
        if let Some(known) = set.iter().position(|entry| is_of(*entry, key)) {
            set[..=known].rotate_right(1);
            return (set[0] >> TOKENS_SHIFT) as usize;
        }
        let tokens = self.of_parts(text, from, to);
        let set = &mut self.remembered[place].0;
        set.rotate_right(1);
        set[0] = key | (tokens as Entry) << TOKENS_SHIFT;
        tokens
    }

    fn of_character(&mut self, bytes: [u8; 3]) -> usize {
        let bits = |byte: u8| usize::from(byte & 0x3F);
        let code = bits(bytes[0] & 0xF) << 12 | bits(bytes[1]) << 6 | bits(bytes[2]);
        if self.characters[code] == 0 {
            // Three bytes are three tokens at most.
            self.characters[code] = self.vocabulary.count(&bytes) as u8;
        }
        usize::from(self.characters[code])
    }

    fn of_parts(&mut self, text: &str, from: usize, to: usize) -> usize {
        let (mut at, mut tokens) = (from, 0);
        while at < to {
            let end = part_end(text, at, to);
            tokens += if (at, end) == (from, to) {
                self.vocabulary.count(&text.as_bytes()[from..to])
            } else {
                self.of(text, at, end)
            };
            at = end;
        }
        tokens
    }

    /// The number of tokens of a piece when it is at most `most`, else the last place in it up to which there are at most `most`.
    pub fn within(
        &mut self,
        text: &str,
        from: usize,
        to: usize,
        most: usize,
    ) -> Result<usize, usize> {
        if to - from <= LONGEST_REMEMBERED {
            let tokens = self.of(text, from, to);
            if tokens <= most {
                return Ok(tokens);
            }
        }
        let (mut at, mut tokens) = (from, 0);
        while at < to {
            let end = part_end(text, at, to);
            tokens += self.part_within(text, at, end, most - tokens)?;
            at = end;
        }
        Ok(tokens)
    }

    /// The same for a part of a piece.
    fn part_within(
        &mut self,
        text: &str,
        from: usize,
        to: usize,
        most: usize,
    ) -> Result<usize, usize> {
        if to - from <= LONG_PART {
            let tokens = self.of(text, from, to);
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
    let bytes = match text[from..].first_chunk() {
        Some(bytes) => Entry::from_le_bytes(*bytes) & ((1 << (length * 8)) - 1),
        None => {
            let mut bytes = [0; size_of::<Entry>()];
            bytes[..length].copy_from_slice(&text[from..to]);
            Entry::from_le_bytes(bytes)
        }
    };
    bytes | (length as Entry) << LENGTH_SHIFT
}

/// Whether an entry is that of a piece.
fn is_of(entry: Entry, key: Entry) -> bool {
    const TOKENS_BITS: u32 = Entry::BITS - TOKENS_SHIFT;
    entry << TOKENS_BITS == key << TOKENS_BITS
}

/// The set of a piece.
fn place(key: Entry) -> usize {
    // Fibonacci hashing of both halves.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let (low, high) = (key as u64, (key >> u64::BITS) as u64);
    let mixed = (low.wrapping_mul(GOLDEN) ^ high).rotate_left(29);
    (mixed.wrapping_mul(GOLDEN) >> (u64::BITS - SETS_BITS)) as usize
}
