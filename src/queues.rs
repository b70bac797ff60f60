//! The embedding queue: workers outside the database claim chunks, embed them and hand the vectors back.
//!
//! A claim is a lease. A worker that dies loses nothing but time: its jobs return when the lease ends, and vectors that
//! it hands in later, or for text that has changed since, are refused.

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::claims;
use crate::error::{Error, Result, required};
use crate::{install, spi};

/// Chunks per claim: what a worker can embed within any sensible lease.
const MAX_BATCH: i32 = 10_000;
/// After this many failed attempts a job is a dead letter, status `failed`.
const MAX_ATTEMPTS: i32 = 5;
/// The longest vector that pgvector's HNSW index takes.
const MAX_DIMENSIONS: i32 = 2000;
/// Error texts of workers are kept up to this length.
const MAX_ERROR_CHARS: i32 = 2000;

const BACK_OFFICE_HINT: &str = "Call it as service_role: set role service_role;";

fn operators_only(what: &str) -> Result<()> {
    install::require_current_schema()?;
    if claims::caller_is_operator() {
        return Ok(());
    }
    Err(Error::NotAllowed(format!("only operators may {what}"), BACK_OFFICE_HINT).into())
}

/// Claims chunks that have no vector yet, oldest pages first, and leases their pages for the given time. `content` is
/// the text to embed: the headings above the chunk and the chunk. Hand all vectors of a claim back in one call of
/// complete_embedding_jobs; give up with fail_embedding_jobs.
///
/// Raises 42501 unless called by an operator, 22023 for a batch size outside 1 to 10,000 or a lease that is not positive.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn claim_embedding_jobs(
    batch_size: default!(Option<i32>, "32"),
    lease: default!(Option<Interval>, "'5 minutes'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(chunk_id, pgrx::Uuid),
            name!(page_id, pgrx::Uuid),
            name!(content, String),
            name!(content_hash, String),
            name!(lease_token, pgrx::Uuid),
        ),
    >,
> {
    operators_only("claim embedding jobs")?;
    let batch_size = required("batch_size", batch_size)?;
    let lease = required("lease", lease)?;
    if !(1..=MAX_BATCH).contains(&batch_size) {
        return Err(Error::InvalidArgument(
            format!("batch_size must be between 1 and {MAX_BATCH}, got {batch_size}"),
            "Claim what the worker can embed within one lease.",
        )
        .into());
    }
    if lease.as_micros() <= 0 {
        return Err(Error::InvalidArgument(
            "lease must be longer than nothing".into(),
            "Give an interval such as '5 minutes'.",
        )
        .into());
    }
    spi::execute(
        include_str!("../sql/queries/queues/return_expired_leases.sql"),
        &[],
    )?;
    let token = new_token()?;
    spi::execute(
        include_str!("../sql/queries/queues/lease_pages.sql"),
        &[batch_size.into(), lease.into(), token.into()],
    )?;
    let chunks = spi::write(
        include_str!("../sql/queries/queues/leased_chunks.sql"),
        &[token.into(), batch_size.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
                spi::value(row, 4)?,
                spi::value(row, 5)?,
            ))
        },
    )?;
    Ok(TableIterator::new(chunks))
}

fn new_token() -> Result<pgrx::Uuid> {
    spi::select_one("select gen_random_uuid()", &[], |row| spi::value(row, 1))?
        .ok_or_else(|| Error::Internal("no lease token".into()).into())
}

/// Stores the vectors of a claim: for each chunk its id, the content_hash it was claimed with and the vector as text
/// (`[0.1,0.2]`). Returns for each chunk `stored`, `stale` (the lease has ended or the text has changed) or `invalid`
/// (not a vector of the model's dimensions with finite numbers and a length above zero). One bad vector does not spoil
/// the others. Pages without missing vectors are completed, the others return to the queue.
///
/// Raises 42501 unless called by an operator, 22023 when the arrays differ in length.
#[pg_extern(schema = "frontdesk", security_definer)]
fn complete_embedding_jobs(
    lease_token: Option<pgrx::Uuid>,
    chunk_ids: Option<Vec<pgrx::Uuid>>,
    content_hashes: Option<Vec<String>>,
    embeddings: Option<Vec<String>>,
) -> Result<TableIterator<'static, (name!(chunk_id, pgrx::Uuid), name!(status, String))>> {
    operators_only("complete embedding jobs")?;
    let lease_token = required("lease_token", lease_token)?;
    let ids = required("chunk_ids", chunk_ids)?;
    let hashes = required("content_hashes", content_hashes)?;
    let embeddings = required("embeddings", embeddings)?;
    if ids.len() != hashes.len() || ids.len() != embeddings.len() {
        return Err(Error::InvalidArgument(
            format!(
                "chunk_ids, content_hashes and embeddings must have one length, got {}, {} and {}",
                ids.len(),
                hashes.len(),
                embeddings.len()
            ),
            "Give one hash and one vector for each chunk id.",
        )
        .into());
    }
    let dimensions = model_dimensions()?;
    let usable: Vec<bool> = embeddings
        .iter()
        .map(|embedding| is_usable_vector(embedding, dimensions))
        .collect();
    // What cannot be a vector must not reach the cast in the statement.
    let embeddings: Vec<Option<String>> = embeddings
        .into_iter()
        .zip(&usable)
        .map(|(embedding, usable)| usable.then_some(embedding))
        .collect();
    let results = spi::write(
        include_str!("../sql/queries/queues/store_embeddings.sql"),
        &[
            lease_token.into(),
            ids.into(),
            hashes.into(),
            embeddings.into(),
        ],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )?;
    spi::execute(
        include_str!("../sql/queries/queues/end_lease.sql"),
        &[
            lease_token.into(),
            usable.contains(&false).into(),
            MAX_ATTEMPTS.into(),
        ],
    )?;
    Ok(TableIterator::new(results))
}

/// Whether `text` is a vector of this many finite numbers that are not all zero.
fn is_usable_vector(text: &str, dimensions: i32) -> bool {
    let numbers: Vec<f32> = serde_json::from_str(text).unwrap_or_default();
    usize::try_from(dimensions) == Ok(numbers.len())
        && numbers.iter().all(|number| number.is_finite())
        && numbers.iter().any(|number| *number != 0.0)
}

fn model_dimensions() -> Result<i32> {
    let dimensions = spi::select_one(
        "select m.dimensions from frontdesk_internal.embedding_model as m",
        &[],
        |row| spi::value(row, 1),
    )?;
    dimensions.ok_or_else(|| {
        Error::NotReady(
            "no embedding model is set".into(),
            "Run: select frontdesk.set_embedding_model('text-embedding-3-small', 1536);",
        )
        .into()
    })
}

/// Gives a claim up and returns the number of its jobs. `retryable` (default): again after a growing pause, at most
/// five times; `rate_limited`: again after `retry_after`, without counting as an attempt; `fatal`: the jobs are dead
/// letters. `retry_after` overrides the pause of a retryable error.
///
/// Raises 42501 unless called by an operator, 22023 for another error class.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fail_embedding_jobs(
    lease_token: Option<pgrx::Uuid>,
    error: Option<&str>,
    error_class: default!(Option<&str>, "'retryable'"),
    retry_after: default!(Option<Interval>, "NULL"),
) -> Result<i32> {
    operators_only("fail embedding jobs")?;
    let lease_token = required("lease_token", lease_token)?;
    let error = required("error", error)?;
    let error_class = required("error_class", error_class)?;
    if !["retryable", "rate_limited", "fatal"].contains(&error_class) {
        return Err(Error::InvalidArgument(
            format!("error_class must be retryable, rate_limited or fatal, got \"{error_class}\""),
            "Use retryable unless another attempt cannot help.",
        )
        .into());
    }
    let jobs = spi::execute(
        include_str!("../sql/queries/queues/fail_jobs.sql"),
        &[
            lease_token.into(),
            error.into(),
            error_class.into(),
            retry_after.into(),
            MAX_ATTEMPTS.into(),
            MAX_ERROR_CHARS.into(),
        ],
    )?;
    Ok(i32::try_from(jobs).unwrap_or(i32::MAX))
}

/// Sets the model whose vectors the database holds and the length of its vectors (1 to 2,000). Every chunk is queued
/// for embedding.
///
/// Raises 42501 unless called by an operator, 22023 for other dimensions, 55000 when vectors would be lost.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_embedding_model(name: Option<&str>, dimensions: Option<i32>) -> Result<()> {
    operators_only("set the embedding model")?;
    let name = required("name", name)?.trim();
    let dimensions = required("dimensions", dimensions)?;
    if name.is_empty() {
        return Err(Error::InvalidArgument(
            "the name of a model must not be empty".into(),
            "Give the name that its provider uses, such as 'text-embedding-3-small'.",
        )
        .into());
    }
    if !(1..=MAX_DIMENSIONS).contains(&dimensions) {
        return Err(Error::InvalidArgument(
            format!("dimensions must be between 1 and {MAX_DIMENSIONS}, got {dimensions}"),
            "Ask the provider for shorter vectors: an HNSW index takes at most 2,000 dimensions.",
        )
        .into());
    }
    refuse_to_lose_vectors()?;
    if stored_dimensions()? != dimensions {
        // The number was checked above; a type modifier cannot be a parameter.
        spi::run(&format!(
            "alter table page_embeddings alter column embedding type vector({dimensions})"
        ))?;
    }
    spi::execute(
        include_str!("../sql/queries/queues/record_model.sql"),
        &[name.into(), dimensions.into()],
    )?;
    spi::execute(
        include_str!("../sql/queries/queues/queue_every_page.sql"),
        &[],
    )?;
    Ok(())
}

fn refuse_to_lose_vectors() -> Result<()> {
    // Writers wait until the column has its new type; a vector of the old length cannot slip in.
    spi::run("lock table page_embeddings in access exclusive mode")?;
    let has_vectors = spi::select_one(
        include_str!("../sql/queries/queues/has_vectors.sql"),
        &[],
        |row| spi::value::<bool>(row, 1),
    )?;
    if has_vectors == Some(true) {
        return Err(Error::NotReady(
            "vectors of another model are stored".into(),
            "Discard them first: update page_embeddings set embedding = null;",
        )
        .into());
    }
    Ok(())
}

fn stored_dimensions() -> Result<i32> {
    let stored = spi::select_one(
        include_str!("../sql/queries/queues/stored_dimensions.sql"),
        &[],
        |row| spi::value(row, 1),
    )?;
    stored.ok_or_else(|| Error::Internal("page_embeddings has no column embedding".into()).into())
}

#[cfg(test)]
mod unit_tests {
    use super::is_usable_vector;

    #[test]
    fn a_vector_must_have_the_models_dimensions() {
        assert!(is_usable_vector("[0.5, -1e-3]", 2));
        assert!(!is_usable_vector("[0.5]", 2));
    }

    #[test]
    fn a_vector_of_zeros_has_no_direction() {
        assert!(!is_usable_vector("[0, 0.0]", 2));
    }

    #[test]
    fn what_is_not_a_list_of_finite_numbers_is_refused() {
        for text in [
            "",
            "[",
            "[null, 1]",
            "[1e999, 1]",
            "[NaN, 1]",
            "{}",
            "'; drop table x",
        ] {
            assert!(!is_usable_vector(text, 2), "{text}");
        }
    }
}
