//! Synonym expansion and hybrid search.
//!
//! Search runs with the caller's rights, so row level security decides what can be found. Every statement names the
//! domain as well: that is what lets an index serve one tenant of many.

mod fusion;

use pgrx::datum::DatumWithOid;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::spi::{self, Row};
use crate::synonyms::{self, Expansion};
use crate::tenancy::{Domain, Rank};
use crate::vector::Vector;
use fusion::Fused;

/// How many documents each leg contributes. It does not depend on how many are asked for: a larger `match_count` shows
/// more of the same list.
const LEG_DEPTH: i64 = 200;
/// A search result is for a prompt or a page; whoever needs more wants an export.
const MAX_MATCHES: i32 = LEG_DEPTH as i32;
/// Longer texts are not questions. 100 kB is some 15,000 words.
const MAX_QUERY_BYTES: usize = 100_000;
/// Up to this many chunks a tenant's vectors are compared one by one, exactly; beyond, the HNSW index is asked.
const EXACT_SCAN_LIMIT: i64 = 10_000;

type Leg = Vec<(pgrx::Uuid, f32)>;

/// Terms of a query that have synonyms, each synonym with where it comes from and how much it counts beside the term
/// (1). Entries of the domain override global ones of the same term, longer terms win over shorter ones in them.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 22004 for NULL, 54000 for a text above 100 kB.
#[pg_extern(schema = "frontdesk", stable, parallel_restricted)]
fn expand_synonyms(
    domain: Option<&str>,
    query: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(term, String),
            name!(synonym, String),
            name!(source, String),
            name!(weight, f32),
        ),
    >,
> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    let expansions = expansions(&domain, checked_query(required("query", query)?)?)?;
    Ok(TableIterator::new(expansions.into_iter().flat_map(
        |expansion| {
            let Expansion {
                term,
                synonyms,
                source,
                weight,
            } = expansion;
            synonyms
                .into_iter()
                .map(move |synonym| (term.clone(), synonym, source.clone(), weight))
        },
    )))
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

fn expansions(domain: &Domain, query: &str) -> Result<Vec<Expansion>> {
    let candidates = synonyms::candidate_terms(query);
    let entries = spi::select(
        include_str!("../sql/queries/search/synonyms_of_terms.sql"),
        &[domain.config_id.into(), candidates.into()],
        |row| {
            Ok(Expansion {
                term: spi::value(row, 1)?,
                synonyms: spi::value(row, 2)?,
                source: spi::value(row, 3)?,
                weight: spi::value(row, 4)?,
            })
        },
    )?;
    Ok(synonyms::longest_matches(query, entries))
}

/// Chunks of a domain's pages that answer a question, the best first: full text (with synonyms) and, when a vector is
/// given, nearest vectors, fused by reciprocal rank. Scores of the text leg are ts_rank, of the vector leg cosine
/// similarity (-1 to 1); both are NULL for a chunk that the leg did not find.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 55000 for one that is not active, 22023 for a
/// vector of another dimension than the model's and for a `match_count` outside 1 to 200, 22004 when neither text nor
/// vector is given, 54000 for a text above 100 kB.
#[pg_extern(schema = "frontdesk", stable, parallel_restricted)]
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
        Some(embedding) => vector_leg(&domain, embedding)?,
        None => Leg::new(),
    };
    let mut best = fusion::reciprocal_rank(&text, &vector);
    best.truncate(match_count);
    Ok(TableIterator::new(found_chunks(&best)?.into_iter().map(
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

fn scored(row: &Row) -> Result<(pgrx::Uuid, f32)> {
    Ok((spi::value(row, 1)?, spi::value(row, 2)?))
}

/// The chunks that match the words of a query or their synonyms.
fn text_leg(domain: &Domain, query: &str) -> Result<Leg> {
    let synonyms: Vec<String> = expansions(domain, query)?
        .into_iter()
        .flat_map(|expansion| expansion.synonyms)
        .collect();
    spi::select(
        include_str!("../sql/queries/search/text_leg.sql"),
        &[
            domain.config_id.into(),
            domain.id.into(),
            query.into(),
            synonyms.into(),
            LEG_DEPTH.into(),
        ],
        scored,
    )
}

/// The chunks nearest to a vector.
fn vector_leg(domain: &Domain, embedding: &Vector) -> Result<Leg> {
    refuse_other_dimensions(embedding)?;
    let config: DatumWithOid = domain.config_id.into();
    let is_small = spi::select_one(
        include_str!("../sql/queries/search/has_few_chunks.sql"),
        &[config, EXACT_SCAN_LIMIT.into()],
        |row| spi::value::<bool>(row, 1),
    )?;
    let route = if is_small == Some(true) {
        include_str!("../sql/queries/search/vector_leg_exact.sql")
    } else {
        spi::select(
            include_str!("../sql/queries/search/iterative_scan.sql"),
            &[],
            |_| Ok(()),
        )?;
        include_str!("../sql/queries/search/vector_leg_hnsw.sql")
    };
    spi::select(
        route,
        &[
            domain.config_id.into(),
            embedding.as_argument(),
            LEG_DEPTH.into(),
        ],
        scored,
    )
}

fn refuse_other_dimensions(embedding: &Vector) -> Result<()> {
    let dimensions = spi::select_one(
        include_str!("../sql/queries/search/dimensions.sql"),
        &[embedding.as_argument()],
        |row| Ok((spi::value::<i32>(row, 1)?, spi::value::<i32>(row, 2)?)),
    )?;
    match dimensions {
        Some((given, expected)) if given != expected => Err(Error::InvalidArgument(
            format!("query_embedding has {given} dimensions, the embedding model has {expected}"),
            "Embed the question with the model whose vectors the pages have.",
        )
        .into()),
        _ => Ok(()),
    }
}

/// What a result shows of a chunk.
struct Chunk {
    page_id: pgrx::Uuid,
    url: String,
    title: Option<String>,
    text: String,
    heading_path: Option<Vec<String>>,
}

/// The chunks of a result, in its order.
fn found_chunks(best: &[Fused<pgrx::Uuid>]) -> Result<Vec<(Fused<pgrx::Uuid>, Chunk)>> {
    let ids: Vec<pgrx::Uuid> = best.iter().map(|found| found.id).collect();
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
            Some((best.get(index)?.clone(), chunk))
        })
        .collect())
}

/// Sets what `term` is called besides in a domain; higher `priority` is used first. An empty array removes the entry.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22004 for NULL.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_synonyms(
    domain: Option<&str>,
    term: Option<&str>,
    synonyms: Option<Vec<Option<String>>>,
    priority: default!(Option<i32>, "0"),
) -> Result<()> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let term = required("term", term)?;
    let alternatives: Vec<String> = required("synonyms", synonyms)?
        .into_iter()
        .flatten()
        .collect();
    let priority = required("priority", priority)?;
    if alternatives.is_empty() {
        spi::execute(
            include_str!("../sql/queries/search/remove_synonyms.sql"),
            &[
                domain.config_id.into(),
                synonyms::matching::normalize(term).into(),
            ],
        )?;
    } else {
        spi::execute(
            include_str!("../sql/queries/search/set_synonyms.sql"),
            &[
                domain.config_id.into(),
                term.into(),
                alternatives.into(),
                priority.into(),
            ],
        )?;
    }
    Ok(())
}
