//! Hybrid search.
//!
//! Search runs with the caller's rights, so row level security decides what can be found. Every statement names the
//! domain as well: that is what lets an index serve one tenant of many.

mod candidates;
mod confidence;
mod explain;
mod filter;
mod fusion;
mod highlight;
pub mod index;
mod judging;
mod language;
mod legs;
mod question;
mod reindex;
mod results;
mod settings;
mod synonyms;
#[cfg(any(test, feature = "pg_test"))]
mod tests;

use pgrx::datum::Interval;
use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::opaque::{Json, Vector};
use candidates::Asked;
use filter::Filter;
use results::Shown;

/// A search result is for a prompt or a page; whoever needs more wants an export.
const MAX_MATCHES: i32 = legs::MAX_DEPTH;
/// Longer texts are not questions. 100 kB is some 15,000 words.
const MAX_QUERY_BYTES: usize = 100_000;

static EXACT_SEARCH_LIMIT: GucSetting<i32> = GucSetting::<i32>::new(-1);
static CODE_SEARCH_LIMIT: GucSetting<i32> = GucSetting::<i32>::new(-1);

/// Declares the settings of search; called once, when the library is loaded.
pub fn declare_settings() {
    settings::declare();
    GucRegistry::define_int_guc(
        c"frontdesk.exact_search_limit",
        c"Up to this many chunks of a domain, all its vectors are compared.",
        c"-1, the default, compares all where that is as fast as finding out which to compare.",
        &EXACT_SEARCH_LIMIT,
        -1,
        i32::MAX,
        GucContext::Userset,
        GucFlags::default(),
    );
    GucRegistry::define_int_guc(
        c"frontdesk.code_search_limit",
        c"Up to this many chunks of a domain, those of its vectors are compared that their codes let be among the nearest; above, the HNSW index is asked.",
        c"-1, the default, looks at codes where that is faster: it depends on how many vectors the domain has, and how many there are in all.",
        &CODE_SEARCH_LIMIT,
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
/// given, nearest vectors, their scores brought to one scale and added. A chunk that only one leg found gets its score
/// from the other too. Scores of the text leg are BM25, of the vector leg cosine similarity (-1 to 1); a rank is NULL for
/// a chunk that is not among the best of the leg (five for each row asked for, at least 50 and at most 200; 200 for one row a page and for any fusion but `absolute`), a score when the leg was not asked or the chunk has no vector yet.
/// `confidence` is how likely a chunk answers the question, 0 to 1, `search_confidence` the highest of all; rows below
/// `min_score` in confidence are left out. `fusion` (`absolute`, `min_max`, `theoretical_min`, `z_score`, `rrf`) and
/// `text_weight` (0 to 1) stand in for those of the domain. Pages marked deleted are not found.
///
/// `filter` is what the chunk's metadata must contain, `content_type` its content type, `max_page_age` how long ago its page
/// may have been fetched; the best are chosen among the chunks that pass, whose vectors are all compared. With
/// `best_per_page` a page stands in the result once. `matched_terms` are the lexemes of the question, and of its synonyms,
/// that the chunk has. `highlight` gives its text as HTML with them in `<mark>`, everything else escaped; `neighbours` (0 to
/// 10) its text with so many chunks before and after it, in `context`, what they share once.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 55000 for one that is not active, 22023 for a
/// vector of another dimension than the model's or without a direction, for a `match_count` outside 1 to 200, an unknown
/// `fusion`, a negative `max_page_age`, numbers outside 0 to 1 and of neighbours outside 0 to 10,
/// 22004 when neither text nor vector is given, 54000 for a text above 100 kB.
#[pg_extern(schema = "frontdesk", stable)]
#[allow(clippy::type_complexity, clippy::too_many_arguments)]
fn hybrid_search(
    domain: Option<&str>,
    query_text: Option<&str>,
    query_embedding: default!(Option<Vector>, "NULL"),
    match_count: default!(Option<i32>, "10"),
    min_score: default!(Option<f32>, "0"),
    fusion: default!(Option<&str>, "NULL"),
    text_weight: default!(Option<f32>, "NULL"),
    filter: default!(Option<Json>, "NULL"),
    content_type: default!(Option<&str>, "NULL"),
    max_page_age: default!(Option<Interval>, "NULL"),
    best_per_page: default!(Option<bool>, "false"),
    neighbours: default!(Option<i32>, "0"),
    highlight: default!(Option<bool>, "false"),
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
            name!(confidence, f32),
            name!(search_confidence, f32),
            name!(matched_terms, Vec<String>),
            name!(highlight, Option<String>),
            name!(context, Option<String>),
        ),
    >,
> {
    let filter = Filter::checked(filter, content_type, max_page_age)?;
    let asked = Asked::checked(domain, query_text, query_embedding.as_ref(), filter)?;
    let asked = asked.read_by_caller();
    let match_count = checked_match_count(match_count)?;
    let shown = Shown::checked(match_count, best_per_page, neighbours, highlight)?;
    let min_score = checked_share("min_score", required("min_score", min_score)?)?;
    let fusion = settings::fusion(&asked.domain, fusion, text_weight)?;
    let ranking = asked
        .candidates(&shown, &fusion)?
        .ranked(&fusion, min_score);
    let found = results::best_chunks(&asked.domain, &ranking, &shown)?;
    Ok(TableIterator::new(found.into_iter().map(
        move |(found, chunk)| {
            let candidate = &found.fused.candidate;
            (
                candidate.id,
                chunk.page_id,
                chunk.url,
                chunk.title,
                chunk.text,
                chunk.heading_path,
                found.fused.score,
                candidate.text.rank,
                candidate.text.score,
                candidate.vector.rank,
                candidate.vector.score,
                found.confidence,
                ranking.confidence,
                chunk.matched_terms,
                chunk.highlight,
                chunk.context,
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

fn checked_share(name: &str, share: f32) -> Result<f32> {
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(Error::InvalidArgument(
        format!("{name} must be between 0 and 1, got {share}"),
        "Give a share, such as 0.5.",
    )
    .into())
}
