//! What a question needs of a tenant's index of words, read on behalf of a caller who may see the tenant's chunks; for any
//! other it is as if there were no index.

use std::collections::{BTreeSet, HashMap};

use pgrx::Uuid;

use crate::bm25::index::Segment;
use crate::bm25::question::{Concept, Lexeme, Pattern, Question, named};
use crate::bm25::segment::{
    Dead, ID_BYTES, Lengths, PIECE_BYTES, count, entries, find, id_of, vocabulary as words_of,
};
use crate::bm25::tsvector::TsVector;
use crate::bm25::{FIELDS, Statistics, typo};
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::owner;
use crate::queues::template;
use crate::settings;
use crate::spi::{self, Row};

/// Questions with more words are pasted text, in which names are no slips.
const MAX_TYPED_CONCEPTS: usize = 16;
/// Each costs a look through a part of the vocabulary.
const MAX_CORRECTIONS: usize = 3;
/// Of segments of up to so many chunks all lengths and ids are read at once, 48 kB: sooner than by statements of their own.
const FEW: i32 = 2_048;
/// A block above this has one lexeme (crate::bm25::segment), whose postings need not be read to know the vocabulary.
const WORDS_BYTES: i32 = 1_900;
/// Of segments of up to so many chunks, some hundred blocks, a long question reads all: sooner than one for each of its words.
const WHOLE: u32 = 2_048;

/// A chunk that is not in the segments as it is.
pub struct Change {
    pub id: Uuid,
    /// Its lexemes there.
    pub replaced: Option<StoredVector>,
    /// Its lexemes now.
    pub present: Option<StoredVector>,
}

/// The part of an index that one question needs.
#[derive(Default)]
pub struct Index {
    segments: Vec<Stored>,
    lexemes: Vec<Lexeme>,
    prefixes: Vec<Lexeme>,
    pub changes: Vec<Change>,
}

struct Stored {
    segment: i64,
    documents: u32,
    living: Statistics,
    dead: Dead,
    lengths: Lengths,
    /// The ids of all its documents, where they are few.
    ids: Option<Vec<u8>>,
    blocks: Vec<Vec<u8>>,
    /// For lexemes, by their places among them all, the places of the blocks where they must be.
    places: Vec<(usize, usize)>,
    /// Blocks that were read for beginnings.
    vocabulary: Vec<Vec<u8>>,
}

impl Stored {
    /// The blocks, each with a lexeme that must be in it: its place among them all.
    fn blocks(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let places = self.places.iter();
        places.map(|&(place, block)| (place, self.blocks[block].as_slice()))
    }

    fn add_block(&mut self, place: usize, block: Vec<u8>) {
        self.places.push((place, self.blocks.len()));
        self.blocks.push(block);
    }
}

impl Index {
    /// What `question` names, nothing read yet.
    fn of(question: &Question) -> Self {
        let (lexemes, prefixes) = lexemes(question);
        Self {
            lexemes: lexemes.into_iter().collect(),
            prefixes: prefixes.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Reads what `question` needs.
    fn read(config_id: Uuid, question: &Question) -> Result<Self> {
        let mut index = Self::of(question);
        read(config_id, || {
            let may_have_changes = index.look_up(config_id, None)?;
            index.read_others(config_id, may_have_changes)
        })?;
        Ok(index)
    }

    /// Reads how many chunks have the lexemes of a long question; and whether nothing more needs to be read of them, as all of
    /// their postings have been.
    fn read_counts(config_id: Uuid, question: &Question) -> Result<(Self, bool)> {
        let mut index = Self::of(question);
        let is_whole = read(config_id, || {
            let mut may_have_changes;
            (index.segments, may_have_changes) = segments(config_id, &[], None, FEW)?;
            let mut segments = index.segments.iter();
            let is_whole = segments.all(|stored| stored.documents <= WHOLE);
            if is_whole {
                index.read_blocks(config_id)?;
            } else {
                may_have_changes = index.look_up(config_id, Some(WORDS_BYTES))?;
            }
            index.read_others(config_id, may_have_changes)?;
            Ok(is_whole)
        })?;
        Ok((index, is_whole))
    }

    /// Reads the segments and the blocks where the lexemes must be, at most so many bytes of each; whether any chunks may have
    /// changed.
    fn look_up(&mut self, config_id: Uuid, most: Option<i32>) -> Result<bool> {
        let may_have_changes;
        (self.segments, may_have_changes) = segments(config_id, &self.lexemes, most, FEW)?;
        Ok(may_have_changes)
    }

    /// Reads all blocks of the segments.
    fn read_blocks(&mut self, config_id: Uuid) -> Result<()> {
        for (segment, block) in blocks(config_id)? {
            if let Some(stored) = self.stored(segment) {
                stored.blocks.push(block);
            }
        }
        for stored in &mut self.segments {
            stored.places = places(&mut stored.blocks, &self.lexemes);
        }
        Ok(())
    }

    /// Reads the chunks that have changed, and what beginnings stand for.
    fn read_others(&mut self, config_id: Uuid, may_have_changes: bool) -> Result<()> {
        if may_have_changes {
            self.changes = changes(config_id)?;
        }
        if !self.segments.is_empty() {
            for place in 0..self.prefixes.len() {
                self.read_vocabulary(config_id, place)?;
            }
        }
        Ok(())
    }

    /// Forgets the lexemes that a question does not name.
    fn keep(&mut self, question: &Question) {
        let (kept, _) = lexemes(question);
        for stored in &mut self.segments {
            let places = &mut stored.places;
            places.retain(|(place, _)| kept.contains(&self.lexemes[*place]));
        }
    }

    /// Reads what the `most` most telling concepts of a long question need; the others keep their numbers and ask for nothing.
    /// How telling they are, the beginnings of the blocks say, which have the number of chunks of every lexeme.
    pub fn read_telling(
        config_id: Uuid,
        question: &Question,
        most: usize,
    ) -> Result<(Self, Question)> {
        if question.concepts.len() <= most {
            return Self::read_corrected(config_id, question);
        }
        let (mut index, is_whole) = Self::read_counts(config_id, question)?;
        let counts = index.counts();
        let mut telling = question.clone();
        // Rarest first; a word that no chunk has tells nothing.
        let count = |concept: &Concept| {
            let literal = concept.literal.iter().filter_map(|pattern| match pattern {
                Pattern::Word(lexeme) => counts.get(lexeme.as_slice()).copied(),
                _ => None,
            });
            literal.min().unwrap_or(u32::MAX)
        };
        let mut order: Vec<(u32, usize)> = question.concepts.iter().map(count).zip(0..).collect();
        order.sort_unstable();
        for &(_, number) in &order[most..] {
            let concept = &mut telling.concepts[number];
            concept.literal.clear();
            concept.alternatives.clear();
        }
        if is_whole {
            index.keep(&telling);
            return Ok((index, telling));
        }
        Ok((Self::read(config_id, &telling)?, telling))
    }

    /// How many chunks each lexeme of the question has that any has.
    fn counts(&self) -> HashMap<&[u8], u32> {
        let mut counts = HashMap::new();
        let blocks = self.segments.iter().flat_map(Stored::blocks);
        for (place, block) in blocks {
            let lexeme = self.lexemes[place].as_slice();
            if let Some(count) = count(block, lexeme) {
                *counts.entry(lexeme).or_default() += count;
            }
        }
        for vector in self.present() {
            for lexeme in &self.lexemes {
                if vector.get(lexeme).is_some() {
                    *counts.entry(lexeme.as_slice()).or_default() += 1;
                }
            }
        }
        counts
    }

    /// The same; words that no chunk has give way to the nearest that some have, and the question is changed so.
    fn read_corrected(config_id: Uuid, question: &Question) -> Result<(Self, Question)> {
        let mut index = Self::read(config_id, question)?;
        let mut corrected = question.clone();
        if question.concepts.len() > MAX_TYPED_CONCEPTS {
            return Ok((index, corrected));
        }
        let mut meant = Vec::new();
        for slip in index
            .slips(&mut corrected)
            .into_iter()
            .take(MAX_CORRECTIONS)
        {
            let Pattern::Word(word) = &*slip else {
                continue;
            };
            if let Some(nearest) = index.nearest(config_id, word)? {
                *slip = Pattern::Word(nearest.clone());
                meant.push(nearest);
            }
        }
        index.read_words(config_id, meant)?;
        Ok((index, corrected))
    }

    /// Reads what further words need.
    fn read_words(&mut self, config_id: Uuid, words: Vec<Lexeme>) -> Result<()> {
        if words.is_empty() || self.segments.is_empty() {
            return Ok(());
        }
        let (read, _) = read(config_id, || segments(config_id, &words, None, 0))?;
        let known = self.lexemes.len();
        for more in read {
            if let Some(stored) = self.stored(more.segment) {
                let blocks = stored.blocks.len();
                let places = more.places.into_iter();
                (stored.places)
                    .extend(places.map(|(place, block)| (known + place, blocks + block)));
                stored.blocks.extend(more.blocks);
            }
        }
        self.lexemes.extend(words);
        Ok(())
    }

    /// The single words of a question that no chunk has and that may be slips.
    fn slips<'q>(&self, question: &'q mut Question) -> Vec<&'q mut Pattern> {
        let segments = self.segments();
        let is_known = |word: &Lexeme| {
            let mut lists = segments.iter().map(|segment| &segment.lists);
            lists.any(|lists| lists.contains_key(word.as_slice()))
                || self.present().any(|vector| vector.get(word).is_some())
        };
        let is_slip = |pattern: &Pattern| match pattern {
            Pattern::Word(word) => {
                std::str::from_utf8(word).is_ok_and(typo::may_be_slip) && !is_known(word)
            }
            _ => false,
        };
        question
            .concepts
            .iter_mut()
            .filter_map(|concept| match concept.literal.as_mut_slice() {
                [pattern] if is_slip(pattern) => Some(pattern),
                _ => None,
            })
            .collect()
    }

    /// The word of the tenant's vocabulary that is nearest to this one. Few people mistake the first letter.
    fn nearest(&self, config_id: Uuid, word: &Lexeme) -> Result<Option<Lexeme>> {
        let Ok(text) = std::str::from_utf8(word) else {
            return Ok(None);
        };
        let first = &word[..text.chars().next().map_or(0, char::len_utf8)];
        let blocks = read(config_id, || {
            vocabulary(config_id, first, Some(WORDS_BYTES))
        })?;
        let indexed = blocks.iter().flat_map(|(_, block)| words_of(block));
        let present = self
            .present()
            .flat_map(|vector| vector.iter().map(|entry| (entry.lexeme, 1)));
        let with_first = indexed
            .chain(present)
            .filter(|(lexeme, _)| lexeme.starts_with(first));
        Ok(typo::nearest(text, with_first))
    }

    fn present(&self) -> impl Iterator<Item = TsVector<'_>> {
        let present = self.changes.iter();
        present
            .filter_map(|change| change.present.as_ref())
            .map(|vector| TsVector::new(&vector.0))
    }

    fn read_vocabulary(&mut self, config_id: Uuid, place: usize) -> Result<()> {
        let blocks = vocabulary(config_id, &self.prefixes[place], None)?;
        for (segment, block) in blocks {
            if let Some(stored) = self.stored(segment) {
                stored.vocabulary.push(block);
            }
        }
        Ok(())
    }

    fn stored(&mut self, segment: i64) -> Option<&mut Stored> {
        self.segments
            .iter_mut()
            .find(|stored| stored.segment == segment)
    }

    /// The documents of a segment with their ids, where those have been read.
    pub fn documents(&self, place: usize) -> impl Iterator<Item = (u32, Uuid)> {
        let ids = self.segments[place].ids.as_deref().unwrap_or_default();
        (0..).map_while(move |document| Some((document, Uuid::from_bytes(id_of(ids, document)?))))
    }

    /// The ids of documents, each given by the place of its segment and its number in there, in order; `None` for those that
    /// are not found.
    pub fn ids(&self, config_id: Uuid, documents: &[(usize, u32)]) -> Result<Vec<Option<Uuid>>> {
        let known = |&(place, document): &(usize, u32)| {
            id_of(self.segments[place].ids.as_ref()?, document).map(Uuid::from_bytes)
        };
        let mut found: Vec<Option<Uuid>> = documents.iter().map(known).collect();
        let key = |&(place, document): &(usize, u32)| (self.segments[place].segment, document);
        let unread = documents
            .iter()
            .filter(|(place, _)| self.segments[*place].ids.is_none());
        let unread: Vec<(i64, u32)> = unread.map(key).collect();
        if !unread.is_empty() {
            let read = ids(config_id, &unread)?;
            for (id, document) in found.iter_mut().zip(documents) {
                *id = id.or_else(|| read.get(&key(document)).copied());
            }
        }
        Ok(found)
    }

    /// The numbers of the segments.
    pub fn numbers(&self) -> impl Iterator<Item = i64> {
        self.segments.iter().map(|stored| stored.segment)
    }

    /// Their lengths, as far as they have been read.
    pub fn lengths(&self) -> Vec<Lengths> {
        let segments = self.segments.iter();
        segments.map(|stored| stored.lengths.clone()).collect()
    }

    /// What has been read of each.
    pub fn segments(&self) -> Vec<Segment<'_>> {
        self.segments
            .iter()
            .map(|stored| {
                let named = stored.blocks().filter_map(|(place, block)| {
                    let lexeme = self.lexemes[place].as_slice();
                    Some((lexeme, find(block, lexeme)?))
                });
                let begun = stored.vocabulary.iter().flat_map(|block| entries(block));
                let begun = begun.filter(|(lexeme, _)| {
                    self.prefixes
                        .iter()
                        .any(|prefix| lexeme.starts_with(prefix))
                });
                Segment {
                    documents: stored.documents,
                    dead: &stored.dead,
                    lists: named.chain(begun).collect::<HashMap<_, _>>(),
                }
            })
            .collect()
    }

    /// Of all chunks that the snapshot sees.
    pub fn statistics(&self) -> Statistics {
        let mut statistics = Statistics::default();
        for stored in &self.segments {
            statistics.documents += stored.living.documents;
            for field in 0..FIELDS {
                statistics.lengths[field] += stored.living.lengths[field];
            }
        }
        for change in &self.changes {
            if let Some(replaced) = &change.replaced {
                statistics.remove(TsVector::new(&replaced.0).lengths());
            }
            if let Some(present) = &change.present {
                statistics.add(TsVector::new(&present.0).lengths());
            }
        }
        statistics
    }
}

/// What is read with the rights of the owner.
fn read<T: Default>(config_id: Uuid, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let found = owner::on_behalf_of(config_id, || settings::with(&settings::BY_KEY, work))?;
    Ok(found.unwrap_or_default())
}

/// The lexemes and the beginnings that a question names.
fn lexemes(question: &Question) -> (BTreeSet<Lexeme>, BTreeSet<Lexeme>) {
    let concepts = question.concepts.iter().flat_map(Concept::patterns);
    named(concepts.chain(&question.required).chain(&question.excluded))
}

/// The blocks that have the lexemes with this beginning, each with its segment; at most so many bytes of each.
fn vocabulary(config_id: Uuid, prefix: &[u8], most: Option<i32>) -> Result<Vec<(i64, Vec<u8>)>> {
    let following = after(prefix);
    spi::select(
        include_str!("../../../../sql/queries/search/read_vocabulary.sql"),
        &[
            config_id.into(),
            prefix.into(),
            following.into(),
            most.into(),
        ],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )
}

/// The least bytes above everything that begins with `prefix`.
fn after(prefix: &[u8]) -> Vec<u8> {
    let mut bytes = prefix.to_vec();
    while let Some(last) = bytes.pop() {
        if last < u8::MAX {
            bytes.push(last + 1);
            break;
        }
    }
    bytes
}

/// The segments with the blocks where these lexemes must be, at most so many bytes of each block, and all lengths and ids of
/// segments of up to `few` chunks; and whether any chunks may not be in them as they are.
fn segments(
    config_id: Uuid,
    lexemes: &[Lexeme],
    most: Option<i32>,
    few: i32,
) -> Result<(Vec<Stored>, bool)> {
    let wanted: Vec<&[u8]> = lexemes.iter().map(Vec::as_slice).collect();
    let rows = spi::select(
        include_str!("../../../../sql/queries/search/read_segments.sql"),
        &[config_id.into(), wanted.into(), most.into(), few.into()],
        |row| {
            let place = spi::value::<i32>(row, 2)?;
            let block: Option<Vec<u8>> = spi::column(row, 3)?;
            let first = (place == 1).then(|| stored(row)).transpose()?;
            let has_changes = first.is_some() && spi::value(row, 10)?;
            Ok((
                first,
                block.map(|block| (place as usize - 1, block)),
                has_changes,
            ))
        },
    )?;
    let mut segments: Vec<Stored> = Vec::new();
    let may_have_changes = rows.first().is_none_or(|(.., has_changes)| *has_changes);
    for (first, block, _) in rows {
        segments.extend(first);
        if let (Some(stored), Some((place, block))) = (segments.last_mut(), block) {
            stored.add_block(place, block);
        }
    }
    Ok((segments, may_have_changes))
}

/// All blocks, each with its segment.
fn blocks(config_id: Uuid) -> Result<Vec<(i64, Vec<u8>)>> {
    spi::select(
        include_str!("../../../../sql/queries/search/read_blocks.sql"),
        &[config_id.into()],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )
}

/// Puts all blocks of a segment in order; where each of these lexemes must be: its place and that of the block.
fn places(blocks: &mut [Vec<u8>], lexemes: &[Lexeme]) -> Vec<(usize, usize)> {
    let first = |block: &[u8]| words_of(block).next().map(|(lexeme, _)| lexeme.to_vec());
    blocks.sort_by_cached_key(|block| first(block));
    let firsts: Vec<Option<Lexeme>> = blocks.iter().map(|block| first(block)).collect();
    let places = lexemes.iter().enumerate();
    places
        .filter_map(|(place, lexeme)| {
            let after = firsts.partition_point(|first| first.as_ref() <= Some(lexeme));
            Some((place, after.checked_sub(1)?))
        })
        .collect()
}

/// What the first row of a segment says of it.
fn stored(row: &Row) -> Result<Stored> {
    let mut lengths = Lengths::default();
    if let Some(all) = spi::column::<Vec<u8>>(row, 8)? {
        lengths.insert_all(&all);
    }
    Ok(Stored {
        segment: spi::value(row, 1)?,
        documents: spi::value::<i32>(row, 4)? as u32,
        living: Statistics {
            documents: spi::value::<i32>(row, 5)? as u64,
            lengths: Statistics::stored(&spi::value::<Vec<i64>>(row, 6)?),
        },
        dead: Dead(spi::value(row, 7)?),
        lengths,
        ids: spi::column(row, 9)?,
        blocks: Vec::new(),
        places: Vec::new(),
        vocabulary: Vec::new(),
    })
}

fn changes(config_id: Uuid) -> Result<Vec<Change>> {
    spi::select(
        include_str!("../../../../sql/queries/search/read_changes.sql"),
        &[config_id.into()],
        |row| {
            Ok(Change {
                id: spi::value(row, 1)?,
                replaced: spi::column(row, 2)?,
                present: spi::column(row, 3)?,
            })
        },
    )
}

/// Reads pieces of the ids of chunks.
const PIECES: &str = include_str!("../../../../sql/queries/search/read_pieces.sql");

/// Pieces of the lengths of chunks, each with the number of its segment.
pub fn lengths(config_id: Uuid, pieces: &[(i64, u32)]) -> Result<Vec<(i64, u32, Vec<u8>)>> {
    let statement = template::statement(PIECES, "lengths", &[("s.ids", "s.lengths")]);
    self::pieces(config_id, statement, pieces, PIECE_BYTES)
}

/// Ids that are read together: 2 kB, as a value outside of its row is stored.
const IDS: u32 = 128;

/// The ids of chunks, each given by the number of its segment and its own in there.
fn ids(config_id: Uuid, chunks: &[(i64, u32)]) -> Result<HashMap<(i64, u32), Uuid>> {
    let mut pieces: Vec<(i64, u32)> = chunks
        .iter()
        .map(|&(segment, chunk)| (segment, chunk / IDS))
        .collect();
    pieces.sort_unstable();
    pieces.dedup();
    let read = self::pieces(config_id, PIECES, &pieces, IDS as usize * ID_BYTES)?;
    let read: HashMap<(i64, u32), Vec<u8>> = read
        .into_iter()
        .map(|(segment, piece, ids)| ((segment, piece), ids))
        .collect();
    Ok(chunks
        .iter()
        .filter_map(|&(segment, chunk)| {
            let id = id_of(read.get(&(segment, chunk / IDS))?, chunk % IDS)?;
            Some(((segment, chunk), Uuid::from_bytes(id)))
        })
        .collect())
}

/// Reads pieces of so many bytes, each given by the number of its segment and its own in there.
fn pieces(
    config_id: Uuid,
    statement: &'static str,
    pieces: &[(i64, u32)],
    bytes: usize,
) -> Result<Vec<(i64, u32, Vec<u8>)>> {
    let start = |piece: u32| (piece as usize * bytes) as i32;
    let (segments, starts): (Vec<i64>, Vec<i32>) = pieces
        .iter()
        .map(|&(segment, piece)| (segment, start(piece)))
        .unzip();
    read(config_id, || {
        spi::select(
            statement,
            &[
                config_id.into(),
                segments.into(),
                starts.into(),
                (bytes as i32).into(),
            ],
            |row| {
                let piece = spi::value::<i32>(row, 2)? as usize / bytes;
                Ok((spi::value(row, 1)?, piece as u32, spi::value(row, 3)?))
            },
        )
    })
}
