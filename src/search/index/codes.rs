//! The codes of a tenant's vectors: how they follow the vectors, and how they are checked.
//!
//! Whoever writes vectors leaves a note of each that has no code yet, and of each that is gone. Folding makes codes for the
//! former. A search compares the vectors that its snapshot sees noted, and those that codes point at. So a code too many does
//! no harm but the comparison; it is forgotten when a tenant's codes are written anew.

use std::collections::{HashMap, HashSet};

use pgrx::Uuid;

use super::lock::Index;
use super::notes::Notes;
use crate::error::Result;
use crate::rabitq::{Code, Entry, Id, capacity, encode, entries, pack};
use crate::spi;

/// Vectors whose codes are made at a time.
const BATCH: i64 = 20_000;
/// Vectors that one statement reads: of 2,000 dimensions, 8 MB.
const VECTORS: usize = 1_000;
/// Rows that one statement writes.
const BLOCKS: usize = 1_000;

/// Reads one of the statements about codes.
macro_rules! sql {
    ($file:literal) => {
        include_str!(concat!("../../../sql/queries/search/codes/", $file))
    };
}

/// An id and the code of its vector.
type Coded = (Id, Vec<u8>);

/// Codes with the number of the row that they were in.
type Block = (i64, Vec<u8>);

/// Makes codes for the vectors of a tenant that have none, if those are at least `least`; how many they are. Does nothing
/// while somebody else is doing so.
pub fn fold(config_id: Uuid, least: i64) -> Result<i64> {
    if !Notes::UncodedVectors.are_at_least(config_id, least)?
        || !Index::VectorCodes.try_lock(config_id)?
    {
        return Ok(0);
    }
    let folded = fold_all(config_id)?;
    if needs_rewriting(config_id)? {
        rewrite(config_id)?;
    }
    Ok(folded)
}

/// Writes the codes of a tenant anew, without those of vectors that are gone; false while somebody else is writing.
pub fn forget_dead(config_id: Uuid) -> Result<bool> {
    let is_free = Index::VectorCodes.try_lock(config_id)?;
    if is_free {
        fold_all(config_id)?;
        rewrite(config_id)?;
    }
    Ok(is_free)
}

/// Makes the codes of a tenant anew from its vectors.
pub fn rebuild(config_id: Uuid) -> Result<()> {
    Index::VectorCodes.lock(config_id)?;
    for statement in [
        sql!("take_all.sql"),
        sql!("forget_dead.sql"),
        sql!("remove_notes.sql"),
        sql!("note_every_vector.sql"),
    ] {
        spi::execute(statement, &[config_id.into()])?;
    }
    fold_all(config_id)?;
    Ok(())
}

fn needs_rewriting(config_id: Uuid) -> Result<bool> {
    let found = spi::write(sql!("needs_rewriting.sql"), &[config_id.into()], |row| {
        spi::value::<bool>(row, 1)
    })?;
    Ok(found == [true])
}

fn fold_all(config_id: Uuid) -> Result<i64> {
    let mut folded = 0;
    loop {
        let noted = spi::write(
            sql!("take_uncoded.sql"),
            &[config_id.into(), BATCH.into()],
            |row| spi::value::<Uuid>(row, 1),
        )?;
        let count = noted.len() as i64;
        add(config_id, noted)?;
        folded += count;
        if count < BATCH {
            return Ok(folded);
        }
    }
}

/// Adds the codes of these chunks, as far as they have a vector, filling the last row first.
fn add(config_id: Uuid, mut chunks: Vec<Uuid>) -> Result<()> {
    chunks.sort_unstable();
    chunks.dedup();
    let (mut coded, mut dimensions) = (Vec::with_capacity(chunks.len()), 0);
    for part in chunks.chunks(VECTORS) {
        for (id, direction) in directions(config_id, part)? {
            dimensions = direction.len();
            coded.push((id, encode(direction)));
        }
    }
    if coded.is_empty() {
        return Ok(());
    }
    let open = blocks(
        sql!("take_open.sql"),
        config_id,
        Some(capacity(dimensions) as i32),
    )?;
    let open = open
        .iter()
        .flat_map(|(_, block)| entries(block, dimensions));
    write(config_id, open.chain(coded.iter().map(entry)), dimensions)
}

fn entry((id, code): &Coded) -> Entry<'_> {
    Entry {
        id: *id,
        code: Code(code),
    }
}

fn directions(config_id: Uuid, chunks: &[Uuid]) -> Result<Vec<(Id, Vec<f32>)>> {
    spi::write(
        sql!("directions.sql"),
        &[config_id.into(), chunks.to_vec().into()],
        |row| Ok((*spi::value::<Uuid>(row, 1)?.as_bytes(), spi::value(row, 2)?)),
    )
}

/// Rows of codes, the oldest first.
fn blocks(sql: &'static str, config_id: Uuid, capacity: Option<i32>) -> Result<Vec<Block>> {
    let mut arguments = vec![config_id.into()];
    arguments.extend(capacity.map(Into::into));
    let mut blocks = spi::write(sql, &arguments, |row| {
        Ok((spi::value(row, 1)?, spi::value(row, 2)?))
    })?;
    blocks.sort_unstable();
    Ok(blocks)
}

fn write<'a>(
    config_id: Uuid,
    entries: impl IntoIterator<Item = Entry<'a>>,
    dimensions: usize,
) -> Result<()> {
    for blocks in pack(entries, dimensions).chunks(BLOCKS) {
        let counts: Vec<i32> = blocks.iter().map(|(count, _)| *count as i32).collect();
        let codes: Vec<&[u8]> = blocks.iter().map(|(_, codes)| codes.as_slice()).collect();
        spi::execute(
            sql!("add.sql"),
            &[config_id.into(), counts.into(), codes.into()],
        )?;
    }
    Ok(())
}

/// Of every chunk that has a vector the newest code stays.
fn rewrite(config_id: Uuid) -> Result<()> {
    spi::execute(sql!("forget_dead.sql"), &[config_id.into()])?;
    let blocks = blocks(sql!("take_all.sql"), config_id, None)?;
    let (living, dimensions) = living(config_id)?;
    let entries = || {
        blocks
            .iter()
            .flat_map(|(_, block)| entries(block, dimensions))
    };
    let newest: HashMap<Id, usize> = (entries().zip(0..))
        .filter(|(entry, _)| living.contains(&entry.id))
        .map(|(entry, place)| (entry.id, place))
        .collect();
    let kept = (entries().zip(0..)).filter(|(entry, place)| newest.get(&entry.id) == Some(place));
    write(config_id, kept.map(|(entry, _)| entry), dimensions)
}

/// The chunks of a tenant that have a vector, and the dimensions of those.
fn living(config_id: Uuid) -> Result<(HashSet<Id>, usize)> {
    let chunks = spi::write(sql!("living.sql"), &[config_id.into()], |row| {
        spi::value::<Uuid>(row, 1)
    })?;
    let first = directions(config_id, chunks.first().map_or(&[], std::slice::from_ref))?;
    let dimensions = first.first().map_or(0, |(_, direction)| direction.len());
    let ids = chunks.iter().map(|id| *id.as_bytes()).collect();
    Ok((ids, dimensions))
}

/// A vector of which a check asks whether it has its code.
struct Checked {
    dimensions: usize,
    coded: Coded,
    is_waiting: bool,
}

/// Statistic, what it should be, what it is: where the two differ.
pub fn differences(config_id: Uuid) -> Result<Vec<(String, i64, i64)>> {
    let vectors = spi::select(sql!("check.sql"), &[config_id.into()], |row| {
        let direction: Vec<f32> = spi::value(row, 2)?;
        Ok(Checked {
            dimensions: direction.len(),
            coded: (*spi::value::<Uuid>(row, 1)?.as_bytes(), encode(direction)),
            is_waiting: spi::value(row, 3)?,
        })
    })?;
    let dead: HashSet<Id> = spi::select(sql!("check_dead.sql"), &[config_id.into()], |row| {
        Ok(*spi::value::<Uuid>(row, 1)?.as_bytes())
    })?
    .into_iter()
    .collect();
    let blocks = spi::select(sql!("read.sql"), &[config_id.into()], |row| {
        spi::value::<Vec<u8>>(row, 1)
    })?;
    let dimensions = vectors.first().map_or(0, |vector| vector.dimensions);
    let coded: HashSet<Coded> = blocks
        .iter()
        .flat_map(|block| entries(block, dimensions))
        .map(|entry| (entry.id, entry.code.0.to_vec()))
        .collect();
    let covered = vectors
        .iter()
        .filter(|vector| vector.is_waiting || coded.contains(&vector.coded));
    let expected: HashSet<&Coded> = vectors.iter().map(|vector| &vector.coded).collect();
    let unexpected = (coded.iter())
        .filter(|coded| !expected.contains(coded) && !dead.contains(&coded.0))
        .count();
    let mut compared = vec![
        (
            "codes of vectors".to_owned(),
            vectors.len() as i64,
            covered.count() as i64,
        ),
        (
            "codes of vectors that are gone".to_owned(),
            0,
            unexpected as i64,
        ),
    ];
    compared.retain(|(_, expected, found)| expected != found);
    Ok(compared)
}
