//! Folding and merging.

use std::collections::{BTreeMap, HashSet};

use pgrx::Uuid;

use super::lock::Index;
use super::notes::Notes;
use crate::bm25::Statistics;
use crate::bm25::segment::{Dead, Id, Part, Segment, build, id_of, lengths_of, merge};
use crate::bm25::tsvector::TsVector;
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::spi;

/// Chunks folded at a time: their lexemes take some 30 MB.
const BATCH: i64 = 20_000;

/// So many segments of about one size become one of the next. Every chunk is so written anew once for each size there is,
/// and a search looks into fewer than four segments of each.
const FAN_OUT: usize = 4;
/// The first size, in chunks; each next one is FAN_OUT times as large.
const SMALLEST: u64 = 64;
/// A segment this large is not merged any more: merging holds it in memory, by estimate 600 bytes a chunk.
const LARGEST: u64 = 65_536;

/// Blocks that one statement inserts.
const BLOCKS: usize = 1_000;

/// A segment as bookkeeping has it.
struct Row {
    segment: i64,
    documents: u64,
    dead: Dead,
    living: Statistics,
}

/// Folds the notes of a tenant, if there are at least `least`; how many chunks they were about.
pub fn fold(config_id: Uuid, least: i64) -> Result<i64> {
    if !Notes::Changes.are_at_least(config_id, least)? || !Index::Words.try_lock(config_id)? {
        return Ok(0);
    }
    fold_all(config_id)
}

/// Makes the index anew; how many chunks it has.
pub fn rebuild(config_id: Uuid) -> Result<i64> {
    Index::Words.lock(config_id)?;
    let segments = rows(config_id)?;
    remove(config_id, segments.iter().map(|row| row.segment).collect())?;
    spi::execute(
        include_str!("../../../sql/queries/search/remove_changes.sql"),
        &[config_id.into()],
    )?;
    spi::execute(
        include_str!("../../../sql/queries/search/note_every_chunk.sql"),
        &[config_id.into()],
    )?;
    fold_all(config_id)
}

/// Writes one segment anew without its dead chunks; false while somebody else is writing.
pub fn rewrite(config_id: Uuid, segment: i64) -> Result<bool> {
    if !Index::Words.try_lock(config_id)? {
        return Ok(false);
    }
    let found: Vec<Row> = rows(config_id)?
        .into_iter()
        .filter(|row| row.segment == segment && row.living.documents < row.documents)
        .collect();
    let is_there = !found.is_empty();
    merge_segments(config_id, found)?;
    Ok(is_there)
}

fn fold_all(config_id: Uuid) -> Result<i64> {
    let mut folded = 0;
    loop {
        let batch = fold_batch(config_id)?;
        folded += batch;
        if batch < BATCH {
            break;
        }
    }
    while let Some(level) = full_level(rows(config_id)?) {
        merge_segments(config_id, level)?;
    }
    Ok(folded)
}

fn fold_batch(config_id: Uuid) -> Result<i64> {
    let changes = spi::write(
        include_str!("../../../sql/queries/search/take_changes.sql"),
        &[config_id.into(), BATCH.into()],
        |row| {
            Ok((
                *spi::value::<Uuid>(row, 1)?.as_bytes(),
                spi::value::<bool>(row, 2)?,
                spi::column::<StoredVector>(row, 3)?,
            ))
        },
    )?;
    let indexed: HashSet<Id> = changes
        .iter()
        .filter(|(_, is_indexed, _)| *is_indexed)
        .map(|(id, _, _)| *id)
        .collect();
    mark_dead(config_id, &indexed)?;
    let documents = changes.iter().filter_map(|(id, _, vector)| {
        let vector = vector.as_ref()?;
        Some((*id, TsVector::new(&vector.0)))
    });
    add(config_id, &build(documents))?;
    Ok(changes.len() as i64)
}

fn mark_dead(config_id: Uuid, gone: &HashSet<Id>) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    for mut row in rows(config_id)? {
        let (ids, lengths) = documents(config_id, row.segment)?;
        let before = row.living.documents;
        for document in 0..row.documents as u32 {
            let is_gone = id_of(&ids, document).is_some_and(|id| gone.contains(&id));
            if is_gone && row.dead.insert(document) {
                row.living.remove(lengths_of(&lengths, document));
            }
        }
        if row.living.documents == 0 {
            remove(config_id, vec![row.segment])?;
        } else if row.living.documents < before {
            store_dead(config_id, row)?;
        }
    }
    Ok(())
}

fn store_dead(config_id: Uuid, row: Row) -> Result<()> {
    spi::execute(
        include_str!("../../../sql/queries/search/mark_dead.sql"),
        &[
            config_id.into(),
            row.segment.into(),
            row.dead.0.into(),
            (row.living.documents as i32).into(),
            totals(&row.living).into(),
        ],
    )?;
    Ok(())
}

fn totals(statistics: &Statistics) -> Vec<i64> {
    statistics
        .lengths
        .iter()
        .map(|&total| total as i64)
        .collect()
}

/// The segments of the smallest size of which there are enough to be merged.
fn full_level(rows: Vec<Row>) -> Option<Vec<Row>> {
    let mut levels: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    for row in rows {
        if row.living.documents < LARGEST {
            let size = (row.living.documents / SMALLEST).max(1);
            levels
                .entry(size.ilog(FAN_OUT as u64))
                .or_default()
                .push(row);
        }
    }
    levels.into_values().find(|level| level.len() >= FAN_OUT)
}

fn merge_segments(config_id: Uuid, rows: Vec<Row>) -> Result<()> {
    let segments: Vec<i64> = rows.iter().map(|row| row.segment).collect();
    let parts = rows
        .into_iter()
        .map(|row| {
            let (ids, lengths) = documents(config_id, row.segment)?;
            let blocks = spi::write(
                include_str!("../../../sql/queries/search/segment_blocks.sql"),
                &[row.segment.into()],
                |row| spi::value(row, 1),
            )?;
            Ok(Part {
                ids,
                lengths,
                dead: row.dead,
                blocks,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let merged = merge(&parts);
    remove(config_id, segments)?;
    add(config_id, &merged)
}

fn rows(config_id: Uuid) -> Result<Vec<Row>> {
    spi::write(
        include_str!("../../../sql/queries/search/segments.sql"),
        &[config_id.into()],
        |row| {
            Ok(Row {
                segment: spi::value(row, 1)?,
                documents: spi::value::<i32>(row, 2)? as u64,
                living: Statistics {
                    documents: spi::value::<i32>(row, 3)? as u64,
                    lengths: Statistics::stored(&spi::value::<Vec<i64>>(row, 4)?),
                },
                dead: Dead(spi::value(row, 5)?),
            })
        },
    )
}

/// Ids and lengths of a segment's chunks.
fn documents(config_id: Uuid, segment: i64) -> Result<(Vec<u8>, Vec<u8>)> {
    let found = spi::write(
        include_str!("../../../sql/queries/search/segment_documents.sql"),
        &[config_id.into(), segment.into()],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )?;
    Ok(found.into_iter().next().unwrap_or_default())
}

fn remove(config_id: Uuid, segments: Vec<i64>) -> Result<()> {
    spi::execute(
        include_str!("../../../sql/queries/search/remove_postings.sql"),
        &[segments.clone().into()],
    )?;
    spi::execute(
        include_str!("../../../sql/queries/search/remove_segments.sql"),
        &[config_id.into(), segments.into()],
    )?;
    Ok(())
}

fn add(config_id: Uuid, segment: &Segment) -> Result<()> {
    if segment.documents() == 0 {
        return Ok(());
    }
    let numbers = spi::write(
        include_str!("../../../sql/queries/search/add_segment.sql"),
        &[
            config_id.into(),
            (segment.documents() as i32).into(),
            totals(&segment.statistics).into(),
            segment.lengths.as_slice().into(),
            segment.ids.as_slice().into(),
        ],
        |row| spi::value::<i64>(row, 1),
    )?;
    for number in numbers {
        for blocks in segment.blocks.chunks(BLOCKS) {
            let lexemes: Vec<&[u8]> = blocks.iter().map(|(lexeme, _)| lexeme.as_slice()).collect();
            let blocks: Vec<&[u8]> = blocks.iter().map(|(_, block)| block.as_slice()).collect();
            spi::execute(
                include_str!("../../../sql/queries/search/add_postings.sql"),
                &[number.into(), lexemes.into(), blocks.into()],
            )?;
        }
    }
    Ok(())
}
