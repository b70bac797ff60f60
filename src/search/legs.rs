//! The two ways to find chunks: by words and by vectors.

pub mod text;
pub mod vector;

use super::fusion::{Fusion, Method};
use super::results::Shown;
use crate::error::Result;
use crate::spi::{self, Row};

/// How many chunks each leg contributes at most.
pub const MAX_DEPTH: i32 = 200;
/// How many it contributes to few rows: their nDCG@10 is the same as with twice as many (docs/decisions/13).
const DEPTH: i32 = 100;
/// So many rows are few.
const FEW_ROWS: usize = 50;

/// How many chunks each leg contributes. Of one chunk a page, many may be left out; and where scores are compared with each
/// other, how many there are changes them, so it must not depend on how many rows are asked for.
pub fn depth(shown: &Shown, fusion: &Fusion) -> i32 {
    let is_apart = fusion.method == Method::Absolute;
    if is_apart && shown.count <= FEW_ROWS && !shown.is_one_per_page {
        DEPTH
    } else {
        MAX_DEPTH
    }
}

/// Chunks with the leg's own score, the best first.
pub type Leg = Vec<(pgrx::Uuid, f32)>;

fn scored(row: &Row) -> Result<(pgrx::Uuid, f32)> {
    Ok((spi::value(row, 1)?, spi::value(row, 2)?))
}
