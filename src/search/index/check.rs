//! Compares a tenant's index with its chunks.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use pgrx::Uuid;

use crate::bm25::Statistics;
use crate::bm25::question::Lexeme;
use crate::bm25::segment::{Dead, Id, entries, id_of};
use crate::bm25::tsvector::TsVector;
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::spi;

/// Everything that a search may come to read, so that two of it can be compared.
#[derive(Default)]
struct Summary {
    statistics: Statistics,
    /// For every lexeme in how many chunks it stands, and a sum over what its postings say of each.
    lexemes: HashMap<Lexeme, (i64, u64)>,
}

impl Summary {
    fn add_posting(&mut self, lexeme: &[u8], posting: (Id, [u16; 4], &[u16])) {
        let mut hasher = DefaultHasher::new();
        posting.hash(&mut hasher);
        if !self.lexemes.contains_key(lexeme) {
            self.lexemes.insert(lexeme.to_vec(), (0, 0));
        }
        if let Some((count, sum)) = self.lexemes.get_mut(lexeme) {
            *count += 1;
            *sum = sum.wrapping_add(hasher.finish());
        }
    }

    fn add_chunk(&mut self, id: Uuid, vector: &StoredVector) {
        let vector = TsVector::new(&vector.0);
        self.statistics.add(vector.lengths());
        for entry in vector.iter() {
            let positions: Vec<u16> = entry.positions().map(|(position, _)| position).collect();
            let posting = (*id.as_bytes(), entry.frequencies(), positions.as_slice());
            self.add_posting(entry.lexeme, posting);
        }
    }
}

/// Statistic, what it should be, what it is: where the two differ.
pub fn differences(config_id: Uuid) -> Result<Vec<(String, i64, i64)>> {
    let expected = of_chunks(config_id)?;
    let found = of_index(config_id)?;
    let lexemes: HashSet<&Lexeme> = expected
        .lexemes
        .keys()
        .chain(found.lexemes.keys())
        .collect();
    let count = |summary: &Summary| summary.lexemes.values().map(|(count, _)| count).sum();
    let wrong = lexemes
        .into_iter()
        .filter(|&lexeme| expected.lexemes.get(lexeme) != found.lexemes.get(lexeme));
    let mut compared = vec![
        (
            "documents".to_owned(),
            expected.statistics.documents as i64,
            found.statistics.documents as i64,
        ),
        (
            "document frequencies".to_owned(),
            count(&expected),
            count(&found),
        ),
        ("lexemes that differ".to_owned(), 0, wrong.count() as i64),
    ];
    let lengths = expected
        .statistics
        .lengths
        .iter()
        .zip(found.statistics.lengths);
    for (weight, (&expected, found)) in ["A", "B", "C", "D"].iter().zip(lengths) {
        compared.push((
            format!("words of weight {weight}"),
            expected as i64,
            found as i64,
        ));
    }
    compared.retain(|(_, expected, found)| expected != found);
    Ok(compared)
}

fn of_chunks(config_id: Uuid) -> Result<Summary> {
    let mut summary = Summary::default();
    let chunks = spi::select(
        include_str!("../../../sql/queries/search/tenant_chunks.sql"),
        &[config_id.into()],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )?;
    for (id, vector) in &chunks {
        summary.add_chunk(*id, vector);
    }
    Ok(summary)
}

fn of_index(config_id: Uuid) -> Result<Summary> {
    let mut summary = Summary::default();
    let changes: Vec<(Uuid, Option<StoredVector>, Option<StoredVector>)> = spi::select(
        include_str!("../../../sql/queries/search/read_changes.sql"),
        &[config_id.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::column(row, 2)?,
                spi::column(row, 3)?,
            ))
        },
    )?;
    let changed: HashSet<Id> = changes.iter().map(|(id, _, _)| *id.as_bytes()).collect();
    let segments: Vec<(i64, Dead, Vec<u8>)> = spi::select(
        include_str!("../../../sql/queries/search/check_segments.sql"),
        &[config_id.into()],
        |row| {
            let dead = Dead(spi::value(row, 2)?);
            Ok((spi::value(row, 1)?, dead, spi::value(row, 3)?))
        },
    )?;
    for (segment, dead, ids) in &segments {
        add_segment(&mut summary, *segment, ids, dead, &changed)?;
    }
    let living: Vec<(i32, Vec<i64>)> = spi::select(
        include_str!("../../../sql/queries/search/segments.sql"),
        &[config_id.into()],
        |row| Ok((spi::value(row, 3)?, spi::value(row, 4)?)),
    )?;
    for (documents, lengths) in living {
        summary.statistics.documents += documents as u64;
        let totals = summary.statistics.lengths.iter_mut();
        for (total, more) in totals.zip(Statistics::stored(&lengths)) {
            *total += more;
        }
    }
    for (id, replaced, present) in &changes {
        if let Some(replaced) = replaced {
            summary
                .statistics
                .remove(TsVector::new(&replaced.0).lengths());
        }
        if let Some(present) = present {
            summary.add_chunk(*id, present);
        }
    }
    Ok(summary)
}

fn add_segment(
    summary: &mut Summary,
    segment: i64,
    ids: &[u8],
    dead: &Dead,
    changed: &HashSet<Id>,
) -> Result<()> {
    let is_current = |document: u32, id: &Id| !dead.contains(document) && !changed.contains(id);
    let blocks: Vec<Vec<u8>> = spi::select(
        include_str!("../../../sql/queries/search/check_blocks.sql"),
        &[segment.into()],
        |row| spi::value(row, 1),
    )?;
    for (lexeme, list) in blocks.iter().flat_map(|block| entries(block)) {
        list.each_with_positions(|document, frequencies, positions| {
            let id = id_of(ids, document).filter(|id| is_current(document, id));
            if let Some(id) = id {
                summary.add_posting(lexeme, (id, frequencies, positions));
            }
        });
    }
    Ok(())
}
