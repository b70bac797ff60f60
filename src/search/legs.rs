//! The two ways to find chunks: by words and by vectors.

mod policies;
pub mod text;
pub mod vector;

use std::cmp::Ordering;
use std::collections::HashSet;

use pgrx::Uuid;

use super::fusion::{Fusion, Method};
use super::results::Shown;
use crate::error::Result;
use crate::spi::{self, Row};
use crate::tenancy::Domain;

/// How many chunks each leg contributes at most.
pub const MAX_DEPTH: i32 = 200;
/// How many it contributes at least. The ten best rows are as good with 50 as with 200: nDCG@10 is the same to four digits
/// (docs/decisions/13).
const MIN_DEPTH: usize = 50;
/// How many it contributes for each row that is asked for.
const A_ROW: usize = 5;

/// How many chunks each leg contributes. Of one chunk a page, many may be left out; and where scores are compared with each
/// other, how many there are changes them, so it must not depend on how many rows are asked for.
pub fn depth(shown: &Shown, fusion: &Fusion) -> i32 {
    if fusion.method != Method::Absolute || shown.is_one_per_page {
        return MAX_DEPTH;
    }
    let depth = (A_ROW * shown.count).max(MIN_DEPTH);
    i32::try_from(depth).map_or(MAX_DEPTH, |depth| depth.min(MAX_DEPTH))
}

/// What a caller sees of chunks that a search has found.
#[derive(Clone, Copy, PartialEq)]
pub enum Seen {
    /// Their ids and scores.
    AsFound,
    /// Those that the caller can read in `page_embeddings`, nothing of others.
    AsRead,
}

/// Of these chunks, those of the domain that the caller may see; all where that comes to the same.
pub fn visible(domain: &Domain, seen: Seen, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let all = || Ok(ids.iter().copied().collect());
    match ids.first() {
        Some(_) if policies::tell_chunks_apart() => {}
        Some(_) if seen == Seen::AsRead => return all(),
        Some(first) if is_visible(domain, first)? => return all(),
        _ => {}
    }
    let found = spi::select(
        include_str!("../../sql/queries/search/visible_chunks.sql"),
        &[domain.config_id.into(), ids.to_vec().into()],
        |row| spi::value(row, 1),
    )?;
    Ok(found.into_iter().collect())
}

fn is_visible(domain: &Domain, id: &Uuid) -> Result<bool> {
    let found = spi::select_one(
        include_str!("../../sql/queries/search/visible_chunk.sql"),
        &[domain.config_id.into(), (*id).into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Chunks with the leg's own score, the best first.
pub type Leg = Vec<(Uuid, f32)>;

/// Puts the best first, equal ones by id.
fn best_first(leg: &mut [(Uuid, f32)]) {
    leg.sort_unstable_by(by_score);
}

/// The same for so many of the best; the others come after them in no order.
fn some_best_first(leg: &mut Leg, count: usize) {
    if count < leg.len() {
        leg.select_nth_unstable_by(count, by_score);
    }
    let count = count.min(leg.len());
    best_first(&mut leg[..count]);
}

fn by_score(a: &(Uuid, f32), b: &(Uuid, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

fn scored(row: &Row) -> Result<(Uuid, f32)> {
    Ok((spi::value(row, 1)?, spi::value(row, 2)?))
}
