//! What is shown of the chunks that were found.

use super::candidates::Match;
use crate::error::Result;
use crate::spi;

/// What a result shows of a chunk.
pub struct Chunk {
    pub page_id: pgrx::Uuid,
    pub url: String,
    pub title: Option<String>,
    pub text: String,
    pub heading_path: Option<Vec<String>>,
}

/// The first `count` of a ranked list whose pages still count. Nearly always those are the first of the list.
pub fn best_chunks(ranked: &[Match], count: usize) -> Result<Vec<(Match, Chunk)>> {
    let mut best = Vec::with_capacity(count);
    for part in ranked.chunks(count) {
        best.extend(readable_chunks(part)?);
        if best.len() >= count {
            break;
        }
    }
    best.truncate(count);
    Ok(best)
}

/// The chunks of a part of a ranked list, in its order, without those of deleted pages.
fn readable_chunks(part: &[Match]) -> Result<Vec<(Match, Chunk)>> {
    let ids: Vec<pgrx::Uuid> = part.iter().map(|found| found.fused.candidate.id).collect();
    let chunks = spi::select(
        include_str!("../../sql/queries/search/chunks_by_id.sql"),
        &[ids.into()],
        |row| {
            let position = spi::value::<i64>(row, 1)?;
            Ok((
                position,
                Chunk {
                    page_id: spi::value(row, 2)?,
                    url: spi::value(row, 3)?,
                    title: spi::column(row, 4)?,
                    text: spi::value(row, 5)?,
                    heading_path: spi::column(row, 6)?,
                },
            ))
        },
    )?;
    Ok(chunks
        .into_iter()
        .filter_map(|(position, chunk)| {
            let index = usize::try_from(position).ok()?.checked_sub(1)?;
            Some((part.get(index)?.clone(), chunk))
        })
        .collect())
}
