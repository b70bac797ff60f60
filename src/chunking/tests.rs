//! What chunking promises, shown on small examples. The promises themselves are checked on random text by `check`.

pub mod check;
mod examples;
pub mod random;

use super::Options as ChunkOptions;
use super::*;

/// The chunks of `content`; the options must be in range.
fn cut(content: &str, max_size: i32, overlap: i32, format: Format) -> Vec<Chunk<'_>> {
    let options = Options {
        max_size,
        overlap,
        unit: Unit::Characters,
        format,
    };
    chunk(content, &options).expect("options are in range")
}
