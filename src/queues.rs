//! The embedding queue: workers outside the database claim chunks, embed them and hand the vectors back.
//!
//! A claim is a lease. A worker that dies loses nothing but time: its jobs return when the lease ends, and vectors that
//! it hands in later, or for text that has changed since, are refused.

mod handed_in;
mod model;
#[cfg(any(test, feature = "pg_test"))]
mod tests;

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::maintenance::operators_only;
use crate::spi;
use handed_in::HandedIn;

/// Chunks per claim: what a worker can embed within any sensible lease.
const MAX_BATCH: i32 = 10_000;
/// After this many failed attempts a job is a dead letter, status `failed`.
const MAX_ATTEMPTS: i32 = 5;
/// Error texts of workers are kept up to this length.
const MAX_ERROR_CHARS: i32 = 2000;

/// Returns the jobs to the queue whose worker did not come back in time; how many.
pub fn return_expired_leases() -> Result<usize> {
    spi::execute(
        include_str!("../sql/queries/queues/return_expired_leases.sql"),
        &[MAX_ATTEMPTS.into()],
    )
}

/// Claims chunks that have no vector yet, oldest pages first, and leases their pages for the given time. `content` is
/// the text to embed: the headings above the chunk and the chunk. No row means that nothing waits that other workers are
/// not claiming at this moment. Hand all vectors of a claim back in one call of complete_embedding_jobs; give up with
/// fail_embedding_jobs.
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
    let batch_size = checked_batch_size(batch_size)?;
    let lease = checked_lease(lease)?;
    return_expired_leases()?;
    let token = new_token()?;
    loop {
        let pages = spi::execute(
            include_str!("../sql/queries/queues/lease_pages.sql"),
            &[batch_size.into(), lease.into(), token.into()],
        )?;
        let chunks = leased_chunks(token, batch_size)?;
        // Pages that miss no vector have left the queue by now: behind them others may wait.
        if pages == 0 || !chunks.is_empty() {
            return Ok(TableIterator::new(chunks));
        }
    }
}

fn checked_batch_size(batch_size: Option<i32>) -> Result<i32> {
    let batch_size = required("batch_size", batch_size)?;
    if (1..=MAX_BATCH).contains(&batch_size) {
        return Ok(batch_size);
    }
    Err(Error::InvalidArgument(
        format!("batch_size must be between 1 and {MAX_BATCH}, got {batch_size}"),
        "Claim what the worker can embed within one lease.",
    )
    .into())
}

fn checked_lease(lease: Option<Interval>) -> Result<Interval> {
    let lease = required("lease", lease)?;
    if lease.as_micros() > 0 {
        return Ok(lease);
    }
    Err(Error::InvalidArgument(
        "lease must be longer than nothing".into(),
        "Give an interval such as '5 minutes'.",
    )
    .into())
}

fn new_token() -> Result<pgrx::Uuid> {
    spi::select_one("select gen_random_uuid()", &[], |row| spi::value(row, 1))?
        .ok_or_else(|| Error::Internal("no lease token".into()).into())
}

/// A row of `claim_embedding_jobs`.
type Job = (pgrx::Uuid, pgrx::Uuid, String, String, pgrx::Uuid);

fn leased_chunks(token: pgrx::Uuid, batch_size: i32) -> Result<Vec<Job>> {
    spi::write(
        include_str!("../sql/queries/queues/leased_chunks.sql"),
        &[token.into(), batch_size.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
                spi::value(row, 4)?,
                token,
            ))
        },
    )
}

/// Stores the vectors of a claim: for each chunk its id, the content_hash it was claimed with and the vector as text
/// (`[0.1,0.2]`). Returns for each chunk `stored`, `stale` (the lease has ended or the text has changed) or `invalid`
/// (not a vector of the model's dimensions with finite numbers and a usable length). One bad vector does not spoil the
/// others. Ends the lease: pages without missing vectors are completed, the others return to the queue, after a pause
/// when there was nothing but bad vectors for them, which counts as an attempt.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than a missing vector, 22023 when the arrays differ in
/// length.
#[pg_extern(schema = "frontdesk", security_definer)]
fn complete_embedding_jobs(
    lease_token: Option<pgrx::Uuid>,
    chunk_ids: Option<Vec<Option<pgrx::Uuid>>>,
    content_hashes: Option<Vec<Option<String>>>,
    embeddings: Option<Vec<Option<String>>>,
) -> Result<TableIterator<'static, (name!(chunk_id, pgrx::Uuid), name!(status, String))>> {
    operators_only("complete embedding jobs")?;
    let lease_token = required("lease_token", lease_token)?;
    let handed_in = HandedIn::new(
        required("chunk_ids", chunk_ids)?,
        required("content_hashes", content_hashes)?,
        required("embeddings", embeddings)?,
        model::dimensions()?,
    )?;
    let pages = lock_lease(lease_token)?;
    let results = store(&handed_in, &pages)?;
    end_lease(&handed_in, &results, &pages)?;
    Ok(TableIterator::new(results))
}

/// The pages of a lease that has not ended, locked. Whoever writes chunks of a page holds its place in the queue first,
/// so that nobody waits for somebody who waits for them.
fn lock_lease(token: pgrx::Uuid) -> Result<Vec<pgrx::Uuid>> {
    spi::write(
        include_str!("../sql/queries/queues/lock_lease.sql"),
        &[token.into()],
        |row| spi::value(row, 1),
    )
}

/// For each chunk that was handed in, what became of its vector.
fn store(handed_in: &HandedIn, pages: &[pgrx::Uuid]) -> Result<Vec<(pgrx::Uuid, String)>> {
    spi::write(
        include_str!("../sql/queries/queues/store_embeddings.sql"),
        &[
            pages.to_vec().into(),
            handed_in.ids.clone().into(),
            handed_in.hashes.clone().into(),
            handed_in.vectors.clone().into(),
        ],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )
}

fn end_lease(
    handed_in: &HandedIn,
    results: &[(pgrx::Uuid, String)],
    pages: &[pgrx::Uuid],
) -> Result<()> {
    let with_status = |wanted: &str| -> Vec<pgrx::Uuid> {
        let found = results.iter().filter(|(_, status)| status == wanted);
        found.map(|(id, _)| *id).collect()
    };
    spi::execute(
        include_str!("../sql/queries/queues/end_lease.sql"),
        &[
            pages.to_vec().into(),
            with_status("stored").into(),
            with_status("invalid").into(),
            MAX_ATTEMPTS.into(),
            handed_in.first_problem.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// Gives a claim up and returns the number of its jobs. `retryable` (default): again after a growing pause, at most
/// five times; `rate_limited`: again after `retry_after`, without counting as an attempt; `fatal`: the jobs are dead
/// letters. `retry_after` overrides the pause of a retryable error.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than `retry_after`, 22023 for another error class.
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
