//! How well a domain's search finds what somebody has judged relevant, under every fusion that could be set.

use std::collections::HashSet;

use pgrx::Uuid;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::candidates::Asked;
use super::filter::Filter;
use super::fusion::{self, Bounds, Candidate, Fusion, Method};
use super::legs;
use crate::error::{Result, required};
use crate::opaque::Vector;
use crate::spi;

/// Ranks that count.
const NDCG_DEPTH: usize = 10;
/// Steps from vectors alone to words alone.
const WEIGHTS: u8 = 20;

/// The nDCG@10 (0 to 1; Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002) of one question
/// under every method of fusion and every weight of words in steps of 0.05, given the chunks or pages that answer it.
///
/// Raises what `hybrid_search` raises, and 22004 when `relevant` is NULL or holds NULL.
#[pg_extern(schema = "frontdesk", stable)]
fn judge_search(
    domain: Option<&str>,
    query_text: Option<&str>,
    query_embedding: Option<Vector>,
    relevant: Option<Vec<Option<Uuid>>>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(fusion, String),
            name!(text_weight, f32),
            name!(ndcg, f32),
        ),
    >,
> {
    let asked = Asked::checked(
        domain,
        query_text,
        query_embedding.as_ref(),
        Filter::default(),
    )?;
    let relevant = required("relevant", relevant)?
        .into_iter()
        .map(|id| required("relevant", id))
        .collect::<Result<Vec<Uuid>>>()?;
    let relevant = relevant_chunks(&asked, &relevant)?;
    let candidates = asked.best(legs::MAX_DEPTH)?;
    let (bounds, chunks) = (candidates.bounds(), candidates.chunks);
    Ok(TableIterator::new(fusions().map(move |fusion| {
        let ndcg = ndcg(chunks.clone(), &fusion, &bounds, &relevant);
        (fusion.method.name().to_owned(), fusion.text_weight, ndcg)
    })))
}

fn fusions() -> impl Iterator<Item = Fusion> {
    Method::ALL.into_iter().flat_map(|method| {
        (0..=WEIGHTS).map(move |step| Fusion {
            method,
            text_weight: f32::from(step) / f32::from(WEIGHTS),
        })
    })
}

/// The chunks of the domain among these ids of chunks and pages.
fn relevant_chunks(asked: &Asked, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let chunks = spi::select(
        include_str!("../../sql/queries/search/relevant_chunks.sql"),
        &[asked.domain.config_id.into(), ids.to_vec().into()],
        |row| spi::value(row, 1),
    )?;
    Ok(chunks.into_iter().collect())
}

fn ndcg(
    chunks: Vec<Candidate<Uuid>>,
    fusion: &Fusion,
    bounds: &Bounds,
    relevant: &HashSet<Uuid>,
) -> f32 {
    let ideal: f32 = (0..relevant.len().min(NDCG_DEPTH)).map(discount).sum();
    if ideal == 0.0 {
        return 0.0;
    }
    let fused = fusion::fuse(chunks, fusion, bounds);
    let gain: f32 = fused
        .iter()
        .take(NDCG_DEPTH)
        .enumerate()
        .filter(|(_, found)| relevant.contains(&found.candidate.id))
        .map(|(place, _)| discount(place))
        .sum();
    gain / ideal
}

/// What a relevant chunk at a place, from 0, counts.
fn discount(place: usize) -> f32 {
    1.0 / ((place + 2) as f32).log2()
}
