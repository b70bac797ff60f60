//! A part of a tenant's index that is never changed: some documents by number, and for every lexeme of theirs the
//! postings, in blocks that each fit a row of a table.
//!
//! Documents that are gone are marked dead beside the segment; merging segments leaves them out.

use std::collections::BTreeMap;

use super::postings::{Cursor, Frequencies, List, Writer, Written, put};
use super::question::Lexeme;
use super::tsvector::TsVector;
use super::{FIELDS, Statistics};

/// A block takes lexemes until it is so long; then its row still fits a page several times without TOAST. Postings of one
/// lexeme are never divided: a common one makes a longer block.
const BLOCK_BYTES: usize = 1_800;
/// Room for the numbers before a list.
const NUMBER_BYTES: usize = 20;

/// Bytes of a document's id and of its lengths.
pub const ID_BYTES: usize = 16;
const LENGTH_BYTES: usize = 2 * FIELDS;

/// The id of a document.
pub type Id = [u8; ID_BYTES];

/// A segment as it is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    /// The ids of its documents, one after the other.
    pub ids: Vec<u8>,
    /// Their lengths by field, little-endian, one after the other.
    pub lengths: Vec<u8>,
    /// Of all of them.
    pub statistics: Statistics,
    /// Each with its first lexeme.
    pub blocks: Vec<(Lexeme, Vec<u8>)>,
}

/// A stored segment, to be merged.
pub struct Part {
    pub ids: Vec<u8>,
    pub lengths: Vec<u8>,
    pub dead: Dead,
    /// In the order of their first lexemes.
    pub blocks: Vec<Vec<u8>>,
}

/// Which documents of a segment are gone: a bit each, as far as there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dead(pub Vec<u8>);

impl Dead {
    #[must_use]
    pub fn contains(&self, document: u32) -> bool {
        let byte = self.0.get(document as usize / 8);
        byte.is_some_and(|byte| byte >> (document % 8) & 1 == 1)
    }

    /// Marks a document; false when it was already.
    pub fn insert(&mut self, document: u32) -> bool {
        let index = document as usize / 8;
        if self.0.len() <= index {
            self.0.resize(index + 1, 0);
        }
        let is_new = !self.contains(document);
        self.0[index] |= 1 << (document % 8);
        is_new
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The lengths of a document by field.
#[must_use]
pub fn lengths_of(lengths: &[u8], document: u32) -> [u16; FIELDS] {
    let start = document as usize * LENGTH_BYTES;
    let mut found = [0; FIELDS];
    if let Some(bytes) = lengths.get(start..start + LENGTH_BYTES) {
        for (length, bytes) in found.iter_mut().zip(bytes.chunks_exact(2)) {
            *length = u16::from_le_bytes([bytes[0], bytes[1]]);
        }
    }
    found
}

/// Documents whose lengths are read together: 4 kB.
pub const PIECE: u32 = 512;
/// The bytes of their lengths.
pub const PIECE_BYTES: usize = PIECE as usize * LENGTH_BYTES;

/// The lengths of a segment's documents, as far as they have been read.
#[derive(Clone, Debug, Default)]
pub struct Lengths(Vec<Option<Vec<u8>>>);

impl Lengths {
    /// The pieces that have the lengths of these documents and have not been read.
    #[must_use]
    pub fn missing(&self, documents: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut pieces: Vec<u32> = Vec::new();
        for document in documents {
            let piece = document / PIECE;
            let is_there = self.0.get(piece as usize).is_some_and(Option::is_some);
            if !is_there && pieces.last() != Some(&piece) {
                pieces.push(piece);
            }
        }
        pieces.sort_unstable();
        pieces.dedup();
        pieces
    }

    /// Takes a piece in.
    pub fn insert(&mut self, piece: u32, lengths: Vec<u8>) {
        let piece = piece as usize;
        if self.0.len() <= piece {
            self.0.resize(piece + 1, None);
        }
        self.0[piece] = Some(lengths);
    }

    /// Takes the lengths of all documents in.
    pub fn insert_all(&mut self, lengths: &[u8]) {
        for (piece, lengths) in (0..).zip(lengths.chunks(PIECE_BYTES)) {
            self.insert(piece, lengths.to_vec());
        }
    }

    /// The lengths of a document by field; zero of one that has not been read.
    #[must_use]
    pub fn of(&self, document: u32) -> [u16; FIELDS] {
        match self.0.get((document / PIECE) as usize) {
            Some(Some(piece)) => lengths_of(piece, document % PIECE),
            _ => [0; FIELDS],
        }
    }
}

/// The id of a document.
#[must_use]
pub fn id_of(ids: &[u8], document: u32) -> Option<Id> {
    ids.get(document as usize * ID_BYTES..)?
        .first_chunk::<ID_BYTES>()
        .copied()
}

/// The segment of these documents: id and `tsvector`.
#[must_use]
pub fn build<'a>(documents: impl Iterator<Item = (Id, TsVector<'a>)>) -> Segment {
    let mut segment = Segment::default();
    let mut lists: BTreeMap<&[u8], Writer> = BTreeMap::new();
    for (number, (id, vector)) in (0..).zip(documents) {
        segment.add_document(id, vector.lengths());
        for entry in vector.iter() {
            let positions: Vec<u16> = entry.positions().map(|(position, _)| position).collect();
            let list = lists.entry(entry.lexeme).or_default();
            list.push(number, entry.frequencies(), positions.into_iter());
        }
    }
    let mut blocks = BlockWriter::default();
    for (lexeme, list) in lists {
        blocks.push(lexeme, &list.finish());
    }
    segment.blocks = blocks.finish();
    segment
}

/// One segment of the living documents of several.
#[must_use]
pub fn merge(parts: &[Part]) -> Segment {
    let mut segment = Segment::default();
    let numbers: Vec<Vec<Option<u32>>> = parts
        .iter()
        .map(|part| segment.take_documents(part))
        .collect();
    let mut sources: Vec<_> = parts
        .iter()
        .map(|part| {
            let blocks = part.blocks.iter();
            blocks.flat_map(|block| entries(block)).peekable()
        })
        .collect();
    let mut blocks = BlockWriter::default();
    loop {
        let next = sources.iter_mut().filter_map(|source| source.peek());
        let Some(lexeme) = next.map(|(lexeme, _)| *lexeme).min() else {
            break;
        };
        let mut writer = Writer::default();
        for (source, numbers) in sources.iter_mut().zip(&numbers) {
            while let Some((_, list)) = source.next_if(|(other, _)| *other == lexeme) {
                list.each_with_positions(|document, frequencies, positions| {
                    let number = numbers.get(document as usize).copied().flatten();
                    if let Some(number) = number {
                        writer.push(number, frequencies, positions.iter().copied());
                    }
                });
            }
        }
        let list = writer.finish();
        if list.count > 0 {
            blocks.push(lexeme, &list);
        }
    }
    segment.blocks = blocks.finish();
    segment
}

impl Segment {
    fn add_document(&mut self, id: Id, lengths: [u16; FIELDS]) {
        self.ids.extend_from_slice(&id);
        for length in lengths {
            self.lengths.extend_from_slice(&length.to_le_bytes());
        }
        self.statistics.add(lengths);
    }

    /// Adds the living documents of a part; for each of its documents the new number.
    fn take_documents(&mut self, part: &Part) -> Vec<Option<u32>> {
        (0..)
            .map_while(|document| Some((document, id_of(&part.ids, document)?)))
            .map(|(document, id)| {
                if part.dead.contains(document) {
                    return None;
                }
                let number = self.documents();
                self.add_document(id, lengths_of(&part.lengths, document));
                Some(number)
            })
            .collect()
    }

    /// How many documents it has.
    #[must_use]
    pub fn documents(&self) -> u32 {
        (self.ids.len() / ID_BYTES) as u32
    }
}

/// Divides lexemes with their postings into blocks.
#[derive(Default)]
struct BlockWriter {
    blocks: Vec<(Lexeme, Vec<u8>)>,
}

impl BlockWriter {
    fn push(&mut self, lexeme: &[u8], list: &Written) {
        let has_room = |block: &(Lexeme, Vec<u8>)| {
            block.1.len() + lexeme.len() + list.bytes.len() + NUMBER_BYTES <= BLOCK_BYTES
        };
        if !self.blocks.last().is_some_and(has_room) {
            self.blocks.push((lexeme.to_vec(), Vec::new()));
        }
        if let Some((_, block)) = self.blocks.last_mut() {
            put(block, lexeme.len() as u32);
            block.extend_from_slice(lexeme);
            put(block, list.count);
            for most in list.most {
                put(block, u32::from(most));
            }
            put(block, list.bytes.len() as u32);
            block.extend_from_slice(&list.bytes);
        }
    }

    fn finish(self) -> Vec<(Lexeme, Vec<u8>)> {
        self.blocks
    }
}

/// The lexemes of a block with their postings, in order:
///
/// ```text
/// length of the lexeme | lexeme | number of documents | highest frequency in A, B, C, D | bytes of the list | list
/// ```
pub fn entries(block: &[u8]) -> impl Iterator<Item = (&[u8], List<'_>)> {
    let mut cursor = Cursor(block);
    std::iter::from_fn(move || {
        let (lexeme, mut list, length) = head(&mut cursor)?;
        list.bytes = cursor.take(length)?;
        Some((lexeme, list))
    })
}

/// The lexemes of a block with the numbers of their documents, also of a block of which only the beginning has been read.
pub fn vocabulary(block: &[u8]) -> impl Iterator<Item = (&[u8], u32)> {
    let mut cursor = Cursor(block);
    std::iter::from_fn(move || {
        let (lexeme, list, length) = head(&mut cursor)?;
        if cursor.take(length).is_none() {
            cursor = Cursor(&[]);
        }
        Some((lexeme, list.count))
    })
}

/// A lexeme, its list without the bytes, and how many those are.
fn head<'a>(cursor: &mut Cursor<'a>) -> Option<(&'a [u8], List<'a>, usize)> {
    let length = cursor.number()? as usize;
    let lexeme = cursor.take(length)?;
    let count = cursor.number()?;
    let mut most: Frequencies = [0; FIELDS];
    for most in &mut most {
        *most = cursor.number()? as u16;
    }
    let list = List {
        count,
        most,
        bytes: &[],
    };
    Some((lexeme, list, cursor.number()? as usize))
}

/// How many documents have a lexeme, by the block where it must be.
#[must_use]
pub fn count(block: &[u8], lexeme: &[u8]) -> Option<u32> {
    of(vocabulary(block), lexeme)
}

/// The postings of a lexeme in the block where it must be.
#[must_use]
pub fn find<'a>(block: &'a [u8], lexeme: &[u8]) -> Option<List<'a>> {
    of(entries(block), lexeme)
}

/// What lexemes in order say of one.
fn of<'a, T>(mut lexemes: impl Iterator<Item = (&'a [u8], T)>, lexeme: &[u8]) -> Option<T> {
    let (found, said) = lexemes.find(|(other, _)| *other >= lexeme)?;
    (found == lexeme).then_some(said)
}
