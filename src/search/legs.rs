//! The two ways to find chunks: by words and by vectors.

pub mod text;
pub mod vector;

use crate::error::Result;
use crate::spi::{self, Row};

/// How many chunks each leg contributes. It does not depend on how many are asked for: a larger `match_count` shows
/// more of the same list.
pub const DEPTH: i32 = 200;

/// Chunks with the leg's own score, the best first.
pub type Leg = Vec<(pgrx::Uuid, f32)>;

fn scored(row: &Row) -> Result<(pgrx::Uuid, f32)> {
    Ok((spi::value(row, 1)?, spi::value(row, 2)?))
}
