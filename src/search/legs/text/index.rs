//! What a question needs of a tenant's index of words, read through functions that answer only for the caller's tenants.

use std::collections::{BTreeSet, HashMap};

use pgrx::Uuid;

use crate::bm25::index::Segment;
use crate::bm25::question::{Lexeme, Pattern, Question};
use crate::bm25::segment::{Dead, entries, find};
use crate::bm25::tsvector::TsVector;
use crate::bm25::{FIELDS, Statistics, typo};
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::spi;

/// Questions with more words are pasted text, in which names are no slips.
const MAX_TYPED_CONCEPTS: usize = 16;
/// Each costs a look through a part of the vocabulary.
const MAX_CORRECTIONS: usize = 3;

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
    lengths: Vec<u8>,
    /// Blocks, each with the lexeme that it was read for: its place among the lexemes.
    blocks: Vec<(usize, Vec<u8>)>,
    /// Blocks that were read for beginnings.
    vocabulary: Vec<Vec<u8>>,
}

impl Index {
    /// Reads what `question` needs.
    pub fn read(config_id: Uuid, question: &Question) -> Result<Self> {
        let (lexemes, prefixes) = lexemes(question);
        let mut index = Self {
            segments: segments(config_id)?,
            lexemes: lexemes.into_iter().collect(),
            prefixes: prefixes.into_iter().collect(),
            changes: changes(config_id)?,
        };
        if !index.segments.is_empty() {
            index.read_postings(config_id)?;
            for place in 0..index.prefixes.len() {
                index.read_vocabulary(config_id, place)?;
            }
        }
        Ok(index)
    }

    /// The same; words that no chunk has give way to the nearest that some have, and the question is changed so.
    pub fn read_corrected(config_id: Uuid, question: &Question) -> Result<(Self, Question)> {
        let index = Self::read(config_id, question)?;
        let mut corrected = question.clone();
        if question.concepts.len() > MAX_TYPED_CONCEPTS {
            return Ok((index, corrected));
        }
        let mut has_changed = false;
        for slip in index
            .slips(&mut corrected)
            .into_iter()
            .take(MAX_CORRECTIONS)
        {
            let Pattern::Word(word) = &*slip else {
                continue;
            };
            if let Some(nearest) = index.nearest(config_id, word)? {
                *slip = Pattern::Word(nearest);
                has_changed = true;
            }
        }
        if has_changed {
            return Ok((Self::read(config_id, &corrected)?, corrected));
        }
        Ok((index, corrected))
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
        let blocks = vocabulary(config_id, first)?;
        let indexed = blocks
            .iter()
            .flat_map(|(_, block)| entries(block))
            .map(|(lexeme, list)| (lexeme, list.count));
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

    fn read_postings(&mut self, config_id: Uuid) -> Result<()> {
        let lexemes: Vec<&[u8]> = self.lexemes.iter().map(Vec::as_slice).collect();
        let blocks = spi::select(
            include_str!("../../../../sql/queries/search/read_postings.sql"),
            &[config_id.into(), lexemes.into()],
            |row| {
                let place = spi::value::<i32>(row, 2)? as usize;
                Ok((spi::value(row, 1)?, place, spi::value(row, 3)?))
            },
        )?;
        for (segment, place, block) in blocks {
            if let Some(stored) = self.stored(segment) {
                stored.blocks.push((place - 1, block));
            }
        }
        Ok(())
    }

    fn read_vocabulary(&mut self, config_id: Uuid, place: usize) -> Result<()> {
        let blocks = vocabulary(config_id, &self.prefixes[place])?;
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

    /// The numbers of the segments.
    pub fn numbers(&self) -> impl Iterator<Item = i64> {
        self.segments.iter().map(|stored| stored.segment)
    }

    /// What has been read of each.
    pub fn segments(&self) -> Vec<Segment<'_>> {
        self.segments
            .iter()
            .map(|stored| {
                let named = stored.blocks.iter().filter_map(|(place, block)| {
                    let lexeme = self.lexemes[*place].as_slice();
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
                    lengths: &stored.lengths,
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

/// The lexemes and the beginnings that a question names.
fn lexemes(question: &Question) -> (BTreeSet<Lexeme>, BTreeSet<Lexeme>) {
    let concepts = question.concepts.iter().flat_map(|concept| {
        let others = concept.alternatives.iter().map(|other| &other.pattern);
        concept.literal.iter().chain(others)
    });
    let (mut lexemes, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
    for pattern in concepts.chain(&question.required).chain(&question.excluded) {
        match pattern {
            Pattern::Word(lexeme) => drop(lexemes.insert(lexeme.clone())),
            Pattern::Prefix(prefix) => drop(prefixes.insert(prefix.clone())),
            Pattern::Phrase(words) => lexemes.extend(words.iter().map(|(word, _)| word.clone())),
        }
    }
    (lexemes, prefixes)
}

/// The blocks that have the lexemes with this beginning, each with its segment.
fn vocabulary(config_id: Uuid, prefix: &[u8]) -> Result<Vec<(i64, Vec<u8>)>> {
    let following = after(prefix);
    spi::select(
        include_str!("../../../../sql/queries/search/read_vocabulary.sql"),
        &[config_id.into(), prefix.into(), following.into()],
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

fn segments(config_id: Uuid) -> Result<Vec<Stored>> {
    spi::select(
        include_str!("../../../../sql/queries/search/read_segments.sql"),
        &[config_id.into()],
        |row| {
            Ok(Stored {
                segment: spi::value(row, 1)?,
                documents: spi::value::<i32>(row, 2)? as u32,
                living: Statistics {
                    documents: spi::value::<i32>(row, 3)? as u64,
                    lengths: Statistics::stored(&spi::value::<Vec<i64>>(row, 4)?),
                },
                dead: Dead(spi::value(row, 5)?),
                lengths: spi::value(row, 6)?,
                blocks: Vec::new(),
                vocabulary: Vec::new(),
            })
        },
    )
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

/// The ids of a segment's chunks.
pub fn ids(config_id: Option<Uuid>, segment: i64) -> Result<Vec<u8>> {
    let ids = spi::select_one(
        include_str!("../../../../sql/queries/search/read_ids.sql"),
        &[config_id.into(), segment.into()],
        |row| spi::column(row, 1),
    )?;
    Ok(ids.flatten().unwrap_or_default())
}
