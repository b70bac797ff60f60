//! The embedding queue: workers claim chunks, embed them and hand the vectors back.
//!
//! A job is a page, because a page's chunks are written together; attempts, pauses and errors are the chunks'. A page is
//! given to one worker at a time, up to the size of its batch, and then goes to the end of its domain's line.

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::arguments::{ErrorClass, checked_batch_size, checked_lease, checked_pause, new_token};
use super::handed_in::HandedIn;
use super::line::{EMBEDDING, Failure, MAX_ATTEMPTS, MAX_ERROR_CHARS, Place};
use super::model::{self, Target};
use crate::error::{Result, required};
use crate::maintenance::operators_only;
use crate::spi;

/// A guess at the chunks of a page, for the first look into the line: too high, and another look follows.
const CHUNKS_OF_A_PAGE: usize = 16;

/// Reads one of the statements of this queue, for the column that vectors go to.
macro_rules! sql {
    ($target:expr, $file:literal) => {
        $target.statement(include_str!(concat!(
            "../../sql/queries/queues/embedding/",
            $file
        )))
    };
}

/// A chunk to embed.
struct Chunk {
    id: pgrx::Uuid,
    page_id: pgrx::Uuid,
    job: pgrx::Uuid,
    content: String,
    hash: String,
    /// Where the row of its job is, as text.
    tid: String,
}

/// Claims chunks that have no vector yet, fairly between domains, and leases them for the given time. `content` is the
/// text to embed: the headings above the chunk and the chunk. No row means that nothing waits that other workers are not
/// claiming at this moment. Hand all vectors of a claim back in one call of complete_embedding_jobs; give up with
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
    let token = new_token()?;
    let wanted = usize::try_from(batch_size).unwrap_or_default();
    let chunks = claim_chunks(wanted, lease, token)?;
    Ok(TableIterator::new(chunks.into_iter().map(move |chunk| {
        (chunk.id, chunk.page_id, chunk.content, chunk.hash, token)
    })))
}

/// Leases chunks of the first pages in line. Pages are locked until the end of the transaction, few more than needed.
fn claim_chunks(wanted: usize, lease: Interval, token: pgrx::Uuid) -> Result<Vec<Chunk>> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut pages = 0;
    while chunks.len() < wanted {
        let missing = wanted - chunks.len();
        let per_page = chunks.len().checked_div(pages).unwrap_or(CHUNKS_OF_A_PAGE);
        let picked = EMBEDDING.pick(as_i32((missing / per_page.max(1)).max(1)))?;
        if picked.is_empty() {
            break;
        }
        let target = model::target()?;
        let found = waiting_chunks(&target, &picked, missing)?;
        let seen = if found.len() < missing {
            &picked[..]
        } else {
            up_to_last(&picked, &found)
        };
        let Some(last) = seen.last() else { break };
        EMBEDDING.advance(last.turn)?;
        lease_chunks(&found, lease, token)?;
        // Pages for which there is nothing to do now leave the line.
        let idle = seen.iter().map(|place| place.job);
        let idle = idle.filter(|job| found.iter().all(|chunk| chunk.job != *job));
        settle(&target, &idle.collect::<Vec<_>>())?;
        pages += seen.len();
        chunks.extend(found);
    }
    Ok(chunks)
}

fn as_i32(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// The jobs up to that of the last chunk: behind it nobody has looked.
fn up_to_last<'a>(picked: &'a [Place], found: &[Chunk]) -> &'a [Place] {
    let last = found.last().map(|chunk| chunk.job);
    let position = picked.iter().position(|place| Some(place.job) == last);
    position.map_or(&[], |position| &picked[..=position])
}

fn waiting_chunks(target: &Target, picked: &[Place], at_most: usize) -> Result<Vec<Chunk>> {
    let jobs: Vec<_> = picked.iter().map(|place| place.job).collect();
    spi::write(
        sql!(target, "chunks.sql"),
        &[jobs.into(), as_i32(at_most).into()],
        |row| {
            Ok(Chunk {
                id: spi::value(row, 1)?,
                page_id: spi::value(row, 2)?,
                job: spi::value(row, 3)?,
                content: spi::value(row, 4)?,
                hash: spi::value(row, 5)?,
                tid: spi::value(row, 6)?,
            })
        },
    )
}

fn lease_chunks(chunks: &[Chunk], lease: Interval, token: pgrx::Uuid) -> Result<()> {
    if chunks.is_empty() {
        return Ok(());
    }
    let tids: Vec<_> = chunks.iter().map(|chunk| chunk.tid.as_str()).collect();
    let ids: Vec<_> = chunks.iter().map(|chunk| chunk.id).collect();
    spi::execute(
        include_str!("../../sql/queries/queues/embedding/lease.sql"),
        &[tids.into(), ids.into(), lease.into(), token.into()],
    )?;
    Ok(())
}

/// Ends the leases of jobs: what becomes of a page follows from its chunks.
fn settle(target: &Target, jobs: &[pgrx::Uuid]) -> Result<()> {
    if !jobs.is_empty() {
        spi::execute(sql!(target, "settle.sql"), &[jobs.to_vec().into()])?;
    }
    Ok(())
}

/// Stores the vectors of a claim: for each chunk its id, the content_hash it was claimed with and the vector as text
/// (`[0.1,0.2]`). Returns for each chunk `stored`, `stale` (the lease has ended or the text has changed) or `invalid`
/// (not a vector of the model's dimensions with finite numbers and a usable length), which counts as a failed attempt of
/// the chunk. Ends the lease: chunks that are not named return to the queue as if they had not been claimed.
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
    let chunk_ids = required("chunk_ids", chunk_ids)?;
    let content_hashes = required("content_hashes", content_hashes)?;
    let embeddings = required("embeddings", embeddings)?;
    let jobs = EMBEDDING.leased(lease_token)?;
    let target = model::target()?;
    let handed_in = HandedIn::new(chunk_ids, content_hashes, embeddings, target.dimensions)?;
    let results = store(&target, &handed_in, &jobs)?;
    let invalid = results.iter().filter(|(_, status)| status == "invalid");
    let invalid: Vec<_> = invalid.map(|(id, _)| *id).collect();
    if let Some(problem) = &handed_in.first_problem {
        let failure = Failure {
            error: problem,
            class: ErrorClass::Retryable,
            pause: None,
        };
        record_failures(&target, &jobs, Some(&invalid), &failure)?;
    }
    settle(&target, &jobs)?;
    if target.is_next() {
        model::switch_covered(&jobs)?;
    }
    Ok(TableIterator::new(results))
}

/// For each chunk that was handed in, what became of its vector.
fn store(
    target: &Target,
    handed_in: &HandedIn,
    jobs: &[pgrx::Uuid],
) -> Result<Vec<(pgrx::Uuid, String)>> {
    spi::write(
        sql!(target, "store.sql"),
        &[
            jobs.to_vec().into(),
            handed_in.ids.clone().into(),
            handed_in.hashes.clone().into(),
            handed_in.vectors.clone().into(),
            target.model.as_str().into(),
        ],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )
}

/// Notes a failed attempt of leased chunks: of these, or of all.
fn record_failures(
    target: &Target,
    jobs: &[pgrx::Uuid],
    chunks: Option<&[pgrx::Uuid]>,
    failure: &Failure,
) -> Result<()> {
    spi::execute(
        sql!(target, "fail.sql"),
        &[
            jobs.to_vec().into(),
            chunks.map(<[_]>::to_vec).into(),
            failure.error.into(),
            failure.class.name().into(),
            failure.pause.into(),
            MAX_ATTEMPTS.into(),
            MAX_ERROR_CHARS.into(),
        ],
    )?;
    Ok(())
}

/// Gives a claim up, or only these of its chunks, and returns the number of pages concerned. `retryable` (default): again
/// after a growing pause, at most five times; `rate_limited`: again after `retry_after`, without counting as an attempt;
/// `fatal`: the chunks are dead letters. `retry_after` overrides the pause of a retryable error. When only some chunks
/// are named the lease goes on for the others.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than `retry_after` and `chunk_ids`, 22023 for another
/// error class or a negative pause.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fail_embedding_jobs(
    lease_token: Option<pgrx::Uuid>,
    error: Option<&str>,
    error_class: default!(Option<&str>, "'retryable'"),
    retry_after: default!(Option<Interval>, "NULL"),
    chunk_ids: default!(Option<Vec<Option<pgrx::Uuid>>>, "NULL"),
) -> Result<i32> {
    operators_only("fail embedding jobs")?;
    let lease_token = required("lease_token", lease_token)?;
    let failure = Failure {
        error: required("error", error)?,
        class: ErrorClass::named(error_class)?,
        pause: checked_pause(retry_after)?,
    };
    let chunks: Option<Vec<_>> = chunk_ids.map(|ids| ids.into_iter().flatten().collect());
    let jobs = EMBEDDING.leased(lease_token)?;
    fail_jobs(&jobs, chunks.as_deref(), &failure).map(as_i32)
}

/// Ends the leases of jobs, or takes these chunks out of them, after a failed attempt; how many pages are concerned.
pub fn fail_jobs(
    jobs: &[pgrx::Uuid],
    chunks: Option<&[pgrx::Uuid]>,
    failure: &Failure,
) -> Result<usize> {
    let target = model::target()?;
    record_failures(&target, jobs, chunks, failure)?;
    let Some(chunks) = chunks else {
        settle(&target, jobs)?;
        return Ok(jobs.len());
    };
    let concerned = spi::write(
        include_str!("../../sql/queries/queues/embedding/drop_from_lease.sql"),
        &[jobs.to_vec().into(), chunks.to_vec().into()],
        |row| spi::column::<pgrx::Uuid>(row, 1),
    )?;
    let ended: Vec<_> = concerned.iter().flatten().copied().collect();
    settle(&target, &ended)?;
    Ok(concerned.len())
}

/// Lets the chunks of jobs start afresh.
pub fn forget_failures(jobs: &[pgrx::Uuid]) -> Result<()> {
    spi::execute(
        include_str!("../../sql/queries/queues/embedding/forget_failures.sql"),
        &[jobs.to_vec().into()],
    )?;
    Ok(())
}
