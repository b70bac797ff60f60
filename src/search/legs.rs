//! The two ways to find chunks: by words and by vectors.

mod policies;
pub mod text;
pub mod vector;

use std::cmp::Ordering;

use super::fusion::{Fusion, Method};
use super::results::Shown;
use crate::error::Result;
use crate::spi::{self, Row};

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

/// Chunks with the leg's own score, the best first.
pub type Leg = Vec<(pgrx::Uuid, f32)>;

/// Puts the best first, equal ones by id.
fn best_first(leg: &mut [(pgrx::Uuid, f32)]) {
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

fn by_score(a: &(pgrx::Uuid, f32), b: &(pgrx::Uuid, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

fn scored(row: &Row) -> Result<(pgrx::Uuid, f32)> {
    Ok((spi::value(row, 1)?, spi::value(row, 2)?))
}
