//! What chunking promises, shown on small examples. The promises themselves are checked on random text in `guarantees`.

mod examples;
mod guarantees;

use super::*;

/// The chunks of `content`; the options must be in range.
fn cut(content: &str, max_chars: i32, overlap: i32, format: Format) -> Vec<Chunk<'_>> {
    let options = Options {
        max_chars,
        overlap,
        format,
    };
    chunk(content, &options).expect("options are in range")
}
