//! The two ways to find chunks: by words and by vectors.

pub mod text;
pub mod vector;

use crate::error::Result;
use crate::spi::{self, Row};

/// How many chunks each leg contributes at most.
pub const MAX_DEPTH: i32 = 200;
/// How many it contributes where those are nearly always enough: for few rows.
pub const DEPTH: i32 = 100;
/// So many rows are few.
pub const FEW_ROWS: usize = 50;

/// Chunks with the leg's own score, the best first.
pub type Leg = Vec<(pgrx::Uuid, f32)>;

fn scored(row: &Row) -> Result<(pgrx::Uuid, f32)> {
    Ok((spi::value(row, 1)?, spi::value(row, 2)?))
}
