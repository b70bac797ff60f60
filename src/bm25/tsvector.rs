//! Reads a `tsvector` as Postgres stores it (src/include/tsearch/ts_type.h), after the length word of a varlena:
//!
//! ```text
//! count: i32 | entry: u32 [count] | string area
//! ```
//!
//! An entry holds, from the lowest bit: whether positions follow (1 bit), the length of the lexeme (11), where it begins
//! in the string area (20). Positions begin at the next even offset after the lexeme: a u16 count, then a u16 each, of
//! which the two highest bits are the weight (A is 3, D is 0). Lexemes are in the order of their bytes, shorter first.
//!
//! Nothing here trusts the bytes: what points outside of them reads as empty.

use super::{FIELDS, Field};

/// Positions above this are stored as this one.
pub const MAX_POSITION: u16 = (1 << 14) - 1;

const COUNT_BYTES: usize = 4;
const ENTRY_BYTES: usize = 4;
const POSITION_BYTES: usize = 2;

/// A stored `tsvector`, without the length word.
#[derive(Clone, Copy)]
pub struct TsVector<'a> {
    entries: &'a [u8],
    strings: &'a [u8],
}

/// A lexeme of a document and where it stands.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub lexeme: &'a [u8],
    positions: &'a [u8],
}

impl<'a> TsVector<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        let count = bytes
            .first_chunk::<COUNT_BYTES>()
            .map_or(0, |count| i32::from_ne_bytes(*count));
        let end = usize::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(ENTRY_BYTES))
            .and_then(|length| length.checked_add(COUNT_BYTES));
        match end.and_then(|end| bytes.split_at_checked(end)) {
            Some((head, strings)) => Self {
                entries: &head[COUNT_BYTES..],
                strings,
            },
            None => Self {
                entries: &[],
                strings: &[],
            },
        }
    }

    /// How many different lexemes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() / ENTRY_BYTES
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Its lexemes, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let vector = *self;
        (0..self.len()).map(move |index| vector.entry(index))
    }

    /// The entry of a lexeme, by binary search.
    #[must_use]
    pub fn get(&self, lexeme: &[u8]) -> Option<Entry<'a>> {
        let index = self.first_from(lexeme);
        Some(index)
            .filter(|&index| index < self.len())
            .map(|index| self.entry(index))
            .filter(|entry| entry.lexeme == lexeme)
    }

    /// The entries whose lexemes begin with `prefix`.
    pub fn with_prefix<'p>(
        &self,
        prefix: &'p [u8],
    ) -> impl Iterator<Item = Entry<'a>> + use<'a, 'p> {
        let vector = *self;
        (self.first_from(prefix)..self.len())
            .map(move |index| vector.entry(index))
            .take_while(move |entry| entry.lexeme.starts_with(prefix))
    }

    /// How many words each field has: the sum of the frequencies of its lexemes, at most 65,535.
    #[must_use]
    pub fn lengths(&self) -> [u16; FIELDS] {
        self.iter().fold([0; FIELDS], |lengths, entry| {
            add(lengths, entry.frequencies())
        })
    }

    /// The index of the first entry whose lexeme is not below `lexeme`.
    fn first_from(&self, lexeme: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.entry(middle).lexeme < lexeme {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn entry(&self, index: usize) -> Entry<'a> {
        let word = self.entries[index * ENTRY_BYTES..]
            .first_chunk::<ENTRY_BYTES>()
            .map_or(0, |word| u32::from_ne_bytes(*word));
        let has_positions = word & 1 == 1;
        let length = (word >> 1 & 0x7ff) as usize;
        let start = (word >> 12) as usize;
        let end = start + length;
        Entry {
            lexeme: self.strings.get(start..end).unwrap_or(&[]),
            positions: if has_positions {
                self.positions(end.next_multiple_of(POSITION_BYTES))
            } else {
                &[]
            },
        }
    }

    fn positions(&self, start: usize) -> &'a [u8] {
        let Some((count, rest)) = self
            .strings
            .get(start..)
            .and_then(<[u8]>::split_first_chunk::<POSITION_BYTES>)
        else {
            return &[];
        };
        let length = usize::from(u16::from_ne_bytes(*count)) * POSITION_BYTES;
        rest.get(..length).unwrap_or(&[])
    }
}

impl Entry<'_> {
    /// Where the lexeme stands, from 1, and in which field. Empty for a lexeme without positions.
    pub fn positions(&self) -> impl Iterator<Item = (u16, Field)> + '_ {
        self.positions
            .chunks_exact(POSITION_BYTES)
            .map(|position| u16::from_ne_bytes([position[0], position[1]]))
            .map(|position| {
                let weight = usize::from(position >> 14);
                (position & MAX_POSITION, FIELDS - 1 - weight)
            })
    }

    /// How often the lexeme stands in each field. One without positions stands once in the body.
    #[must_use]
    pub fn frequencies(&self) -> [u16; FIELDS] {
        let mut frequencies = [0_u16; FIELDS];
        if self.positions.is_empty() {
            frequencies[super::BODY] = 1;
        }
        for (_, field) in self.positions() {
            frequencies[field] = frequencies[field].saturating_add(1);
        }
        frequencies
    }
}

pub(super) fn add(mut sum: [u16; FIELDS], more: [u16; FIELDS]) -> [u16; FIELDS] {
    for (field, count) in sum.iter_mut().zip(more) {
        *field = field.saturating_add(count);
    }
    sum
}
