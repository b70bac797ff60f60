//! Places inside of a piece that no token of the vocabulary spans. Byte pair encoding joins only what a token spans, so a piece
//! can be encoded in parts that end there. Most places between two Han or Kana characters are of this kind: a piece of Chinese
//! is a whole clause and hardly ever comes again, but its parts do.

use bpe_openai::byte_pair_encoding::BytePairEncoding;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The borders of `cl100k_base`.
static BORDERS: LazyLock<Borders> = LazyLock::new(|| Borders::of(&bpe_openai::cl100k_base().bpe));

/// The end of the first part of the piece `from..to` of a text.
pub fn part_end(text: &str, from: usize, to: usize) -> usize {
    let borders = &*BORDERS;
    let mut characters = text[from..to].char_indices();
    let Some((_, mut before)) = characters.next() else {
        return to;
    };
    for (offset, behind) in characters {
        if borders.is_between(before, behind) {
            return from + offset;
        }
        before = behind;
    }
    to
}

/// What tokens span: places where a token holds the end of a character and the beginning of another.
struct Borders {
    /// A bit for each pair of an end and a beginning, chosen by their hash: where it is not set no token spans the two.
    spanned: Vec<u64>,
    /// For each character of the basic plane the ends (lower half) and beginnings (upper half) of it that some token holds so:
    /// the first bit of a half for one byte of the character, the next for two bytes, and so on.
    held: Vec<u8>,
}

/// The bits of `spanned`: some sixty for each pair that is set.
const SPANNED_BITS: u32 = 17;

/// The characters of the basic plane.
const BASIC_PLANE: u32 = 0x1_0000;

/// What may be held of a character that is in no table: everything.
const ALL_HELD: u8 = u8::MAX;

/// Most bytes of a character: a half of what is held of it.
const LONGEST: u32 = 4;

impl Borders {
    fn of(vocabulary: &BytePairEncoding) -> Self {
        let tokens = 0..u32::try_from(vocabulary.num_tokens()).unwrap_or_default();
        let pairs: Vec<(u32, u32)> = tokens
            .flat_map(|token| spanned_by(vocabulary.token_bytes(token)))
            .collect();
        let mut spanned = vec![0; 1 << (SPANNED_BITS - u64::BITS.ilog2())];
        for (end, beginning) in &pairs {
            let (word, bit) = bit_of(*end, *beginning);
            spanned[word] |= bit;
        }
        let ends: HashSet<u32> = pairs.iter().map(|pair| pair.0).collect();
        let beginnings: HashSet<u32> = pairs.iter().map(|pair| pair.1).collect();
        let held = |code| {
            let Some(bytes) = char::from_u32(code).map(packed) else {
                return 0;
            };
            let bit = |holds: bool, length: u32| u8::from(holds) << (length - 1);
            (1..=length(bytes)).fold(0, |held, length| {
                held | bit(ends.contains(&end(bytes, length)), length)
                    | bit(beginnings.contains(&beginning(bytes, length)), length) << LONGEST
            })
        };
        let held = (0..BASIC_PLANE).map(held).collect();
        Self { spanned, held }
    }

    /// Whether no token spans the place between two characters.
    #[inline]
    fn is_between(&self, before: char, behind: char) -> bool {
        if before.is_ascii() && behind.is_ascii() {
            return false;
        }
        let held = |character: char| self.held.get(character as usize).unwrap_or(&ALL_HELD);
        let (ends, beginnings) = (held(before) & 0xF, held(behind) >> LONGEST);
        ends == 0 || beginnings == 0 || !self.may_span(before, ends, behind, beginnings)
    }

    /// Whether a token may hold one of these ends together with one of these beginnings.
    fn may_span(&self, before: char, ends: u8, behind: char, beginnings: u8) -> bool {
        let (before, behind) = (packed(before), packed(behind));
        lengths(ends).any(|of_end| {
            lengths(beginnings).any(|of_beginning| {
                let (word, bit) = bit_of(end(before, of_end), beginning(behind, of_beginning));
                self.spanned[word] & bit != 0
            })
        })
    }
}

/// The lengths in bytes that a half of what is held stands for.
fn lengths(mut half: u8) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let length = (half != 0).then(|| half.trailing_zeros() + 1);
        half &= half.wrapping_sub(1);
        length
    })
}

/// Where the bit of a pair is.
fn bit_of(end: u32, beginning: u32) -> (usize, u64) {
    // Fibonacci hashing.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let pair = u64::from(end) << u32::BITS | u64::from(beginning);
    let hash = pair.wrapping_mul(GOLDEN);
    let bit = (hash ^ hash >> u32::BITS).wrapping_mul(GOLDEN) >> (u64::BITS - SPANNED_BITS);
    (
        (bit / u64::from(u64::BITS)) as usize,
        1 << (bit % u64::from(u64::BITS)),
    )
}

/// The ends and beginnings of characters, not both of ASCII, between which `token` has a place.
fn spanned_by(token: &[u8]) -> Vec<(u32, u32)> {
    let is_first = |at: &usize| token[*at] & 0xC0 != 0x80;
    let places = (1..token.len()).filter(is_first);
    let pairs = places.filter_map(|at| {
        let start = (0..at).rev().find(is_first).unwrap_or(0);
        let end = (at + 1..token.len()).find(is_first).unwrap_or(token.len());
        let is_ascii = token[start].is_ascii() && token[at].is_ascii();
        let pack = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |all, byte| all << 8 | u32::from(*byte))
        };
        (!is_ascii).then(|| (pack(&token[start..at]), pack(&token[at..end])))
    });
    pairs.collect()
}

/// The bytes of a character, the last one lowest. None of them is zero but that of NUL.
fn packed(character: char) -> u32 {
    let mut bytes = [0; 4];
    let length = character.encode_utf8(&mut bytes).len();
    u32::from_be_bytes(bytes) >> (u8::BITS as usize * (bytes.len() - length))
}

/// The last bytes of a character.
fn end(bytes: u32, kept: u32) -> u32 {
    bytes & (u32::MAX >> (u32::BITS - u8::BITS * kept))
}

/// The first bytes of a character.
fn beginning(bytes: u32, kept: u32) -> u32 {
    bytes
        .checked_shr(u8::BITS * length(bytes).saturating_sub(kept))
        .unwrap_or(0)
}

fn length(bytes: u32) -> u32 {
    (u32::BITS - bytes.leading_zeros())
        .div_ceil(u8::BITS)
        .max(1)
}
