//! Codes beside each other, as many as fit a page, each with the id of its vector.

use super::Id;
use super::code::{Code, code_bytes};

const ID_BYTES: usize = size_of::<Id>();
/// Of a page of 8,192 bytes, what a row of `vector_codes` leaves for its codes: less 28 of the page, 24 of the row, 28 of the
/// other columns, and what alignment may take.
const BLOCK_BYTES: usize = 8_096;

/// An id and the code of its vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    pub id: Id,
    pub code: Code<'a>,
}

fn entry_bytes(dimensions: usize) -> usize {
    ID_BYTES + code_bytes(dimensions)
}

/// How many vectors a full block has.
pub fn capacity(dimensions: usize) -> usize {
    (BLOCK_BYTES / entry_bytes(dimensions)).max(1)
}

/// The vectors of a block; none where it is not one of so many dimensions.
#[inline]
pub fn entries(block: &[u8], dimensions: usize) -> impl Iterator<Item = Entry<'_>> {
    let bytes = entry_bytes(dimensions);
    let whole = if block.len().is_multiple_of(bytes) {
        block
    } else {
        &[]
    };
    whole.chunks_exact(bytes).filter_map(|entry| {
        let (id, code) = entry.split_first_chunk::<ID_BYTES>()?;
        Some(Entry {
            id: *id,
            code: Code(code),
        })
    })
}

/// Blocks of these vectors, all full but the last, each with how many it has.
pub fn pack<'a>(
    entries: impl IntoIterator<Item = Entry<'a>>,
    dimensions: usize,
) -> Vec<(usize, Vec<u8>)> {
    let capacity = capacity(dimensions);
    let mut blocks: Vec<(usize, Vec<u8>)> = Vec::new();
    for entry in entries {
        if blocks.last().is_none_or(|(count, _)| *count == capacity) {
            blocks.push((0, Vec::with_capacity(capacity * entry_bytes(dimensions))));
        }
        if let Some((count, block)) = blocks.last_mut() {
            *count += 1;
            block.extend(entry.id);
            block.extend(entry.code.0);
        }
    }
    blocks
}
