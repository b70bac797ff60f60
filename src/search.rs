//! Hybrid search.
//!
//! Search runs with the caller's rights, so row level security decides what can be found. Every statement names the
//! domain as well: that is what lets an index serve one tenant of many.

mod fusion;
mod language;
mod legs;
mod question;
mod settings;
mod synonyms;
#[cfg(any(test, feature = "pg_test"))]
mod tests;

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::opaque::Vector;
use crate::spi;
use crate::tenancy::{Domain, Rank};
use fusion::Fused;
use legs::Leg;

/// A search result is for a prompt or a page; whoever needs more wants an export.
const MAX_MATCHES: i32 = legs::DEPTH;
/// Longer texts are not questions. 100 kB is some 15,000 words.
const MAX_QUERY_BYTES: usize = 100_000;

static EXACT_SEARCH_LIMIT: GucSetting<i32> = GucSetting::<i32>::new(-1);

/// Declares the settings of search; called once, when the library is loaded.
pub fn declare_settings() {
    settings::declare();
    GucRegistry::define_int_guc(
        c"frontdesk.exact_search_limit",
        c"Up to this many chunks of a domain, vectors are compared one by one instead of through the HNSW index.",
        c"-1, the default, compares where that is faster: it depends on how many vectors the domain has, and how many there are in all.",
        &EXACT_SEARCH_LIMIT,
        -1,
        i32::MAX,
        GucContext::Userset,
        GucFlags::default(),
    );
}

fn checked_query(query: &str) -> Result<&str> {
    if query.len() > MAX_QUERY_BYTES {
        return Err(Error::TooLarge(
            format!(
                "a query of {} bytes is above the limit of {MAX_QUERY_BYTES}",
                query.len()
            ),
            "Send the question alone, without the document that it is about.",
        )
        .into());
    }
    Ok(query)
}

/// Chunks of a domain's pages that answer a question, the best first: full text (with synonyms) and, when a vector is
/// given, nearest vectors, fused by reciprocal rank. Scores of the text leg are BM25, of the vector leg cosine
/// similarity (-1 to 1); rank and score are NULL for a chunk that the leg did not find. Pages marked deleted are not found.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 55000 for one that is not active, 22023 for a
/// vector of another dimension than the model's or without a direction and for a `match_count` outside 1 to 200, 22004
/// when neither text nor vector is given, 54000 for a text above 100 kB.
#[pg_extern(schema = "frontdesk", stable)]
#[allow(clippy::type_complexity)]
fn hybrid_search(
    domain: Option<&str>,
    query_text: Option<&str>,
    query_embedding: default!(Option<Vector>, "NULL"),
    match_count: default!(Option<i32>, "10"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(chunk_id, pgrx::Uuid),
            name!(page_id, pgrx::Uuid),
            name!(url, String),
            name!(title, Option<String>),
            name!(chunk_text, String),
            name!(heading_path, Option<Vec<String>>),
            name!(score, f32),
            name!(text_rank, Option<i32>),
            name!(text_score, Option<f32>),
            name!(vector_rank, Option<i32>),
            name!(vector_score, Option<f32>),
        ),
    >,
> {
    let domain = Domain::resolve_active(domain, Rank::Viewer)?;
    let match_count = checked_match_count(match_count)?;
    if query_embedding.is_none() {
        required("query_text", query_text)?;
    }
    let text = match query_text {
        Some(query) => text_leg(&domain, checked_query(query)?)?,
        None => Leg::new(),
    };
    let vector = match &query_embedding {
        Some(embedding) => legs::vector::leg(&domain, embedding)?,
        None => Leg::new(),
    };
    let found = best_chunks(&fusion::reciprocal_rank(&text, &vector), match_count)?;
    Ok(TableIterator::new(found.into_iter().map(
        |(found, chunk)| {
            (
                found.id,
                chunk.page_id,
                chunk.url,
                chunk.title,
                chunk.text,
                chunk.heading_path,
                found.score,
                found.text.map(|place| place.rank),
                found.text.map(|place| place.score),
                found.vector.map(|place| place.rank),
                found.vector.map(|place| place.score),
            )
        },
    )))
}

fn text_leg(domain: &Domain, query: &str) -> Result<Leg> {
    let expansions = synonyms::expansions(domain, query)?;
    legs::text::leg(domain, &question::question(domain, query, &expansions)?)
}

fn checked_match_count(match_count: Option<i32>) -> Result<usize> {
    let count = required("match_count", match_count)?;
    usize::try_from(count)
        .ok()
        .filter(|_| (1..=MAX_MATCHES).contains(&count))
        .ok_or_else(|| {
            Error::InvalidArgument(
                format!("match_count must be between 1 and {MAX_MATCHES}, got {count}"),
                "Ask for fewer rows.",
            )
            .into()
        })
}

/// What a result shows of a chunk.
struct Chunk {
    page_id: pgrx::Uuid,
    url: String,
    title: Option<String>,
    text: String,
    heading_path: Option<Vec<String>>,
}

/// The first `count` of a ranked list whose pages still count. Nearly always those are the first of the list.
fn best_chunks(
    ranked: &[Fused<pgrx::Uuid>],
    count: usize,
) -> Result<Vec<(Fused<pgrx::Uuid>, Chunk)>> {
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
fn readable_chunks(part: &[Fused<pgrx::Uuid>]) -> Result<Vec<(Fused<pgrx::Uuid>, Chunk)>> {
    let ids: Vec<pgrx::Uuid> = part.iter().map(|found| found.id).collect();
    let chunks = spi::select(
        include_str!("../sql/queries/search/chunks_by_id.sql"),
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
