//! The queue of crawls.

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;
use serde_json::{Map, Value};

use super::arguments::{
    ErrorClass, all_given, checked_batch_size, checked_lease, checked_pause, new_token, one_length,
};
use super::line::{Failure, SCRAPE};
use super::results::{Claim, Outcome, give_up};
use crate::error::{Result, required};
use crate::maintenance::operators_only;
use crate::spi;

/// Of a result, the pages that a complete crawl has seen.
const SEEN_PAGES: &str = "seen_pages";

/// Claims crawls, fairly between domains, and leases them for the given time; a crawl under way is `running`. `metadata` is
/// what it was asked for with.
///
/// Raises 42501 unless called by an operator, 22023 for a batch size outside 1 to 10,000 or a lease that is not positive.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn claim_scrape_jobs(
    batch_size: default!(Option<i32>, "1"),
    lease: default!(Option<Interval>, "'1 hour'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(job_id, pgrx::Uuid),
            name!(domain, String),
            name!(job_type, String),
            name!(metadata, pgrx::JsonB),
            name!(lease_token, pgrx::Uuid),
        ),
    >,
> {
    operators_only("claim scrape jobs")?;
    let token = new_token()?;
    let jobs = SCRAPE.claim(
        checked_batch_size(batch_size)?,
        checked_lease(lease)?,
        token,
    )?;
    let claimed = spi::write(
        include_str!("../../sql/queries/queues/scrape/claimed.sql"),
        &[jobs.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
                spi::value(row, 4)?,
                token,
            ))
        },
    )?;
    Ok(TableIterator::new(claimed))
}

/// Completes crawls: for each its id and a JSON object that is merged into its metadata. Its key `seen_pages` is not kept:
/// a list of the page_id of every page that a complete crawl has seen, by which the other pages of the domain are marked
/// deleted; without it the crawl was not complete and nothing is deleted. Returns for each crawl `stored`, `stale` (the
/// lease has ended) or `invalid` (no object, or no seen page is the domain's), which counts as a failed attempt. Ends the
/// lease: crawls that are not named return to the queue as if they had not been claimed.
///
/// Raises 42501 unless called by an operator, 22004 for NULL, 22023 when the arrays differ in length.
#[pg_extern(schema = "frontdesk", security_definer)]
fn complete_scrape_jobs(
    lease_token: Option<pgrx::Uuid>,
    job_ids: Option<Vec<Option<pgrx::Uuid>>>,
    results: Option<Vec<Option<pgrx::JsonB>>>,
) -> Result<TableIterator<'static, (name!(job_id, pgrx::Uuid), name!(status, String))>> {
    operators_only("complete scrape jobs")?;
    let token = required("lease_token", lease_token)?;
    let job_ids = all_given("job_ids", job_ids)?;
    let results = all_given("results", results)?;
    one_length("job_ids and results", &[job_ids.len(), results.len()])?;
    lock_tenants(token)?;
    let mut claim = Claim::of(&SCRAPE, SCRAPE.leased(token)?);
    let mut outcomes: Vec<Outcome> = vec![];
    for (job, result) in job_ids.into_iter().zip(results) {
        let status = claim.hand_in(Some(job), |job| match result.0 {
            Value::Object(result) => store(job, result),
            _ => Ok(Err("the result of a crawl must be a JSON object".into())),
        })?;
        outcomes.push((job, status.to_owned()));
    }
    claim.end()?;
    Ok(TableIterator::new(outcomes))
}

/// Takes what the crawls of a lease belong to, in the order in which deletions take it.
fn lock_tenants(token: pgrx::Uuid) -> Result<()> {
    let nothing = |_: &spi::Row| Ok(());
    spi::write(
        include_str!("../../sql/queries/queues/scrape/lock_domains.sql"),
        &[token.into()],
        nothing,
    )?;
    spi::write(
        include_str!("../../sql/queries/queues/scrape/lock_configurations.sql"),
        &[token.into()],
        nothing,
    )?;
    Ok(())
}

/// Keeps the result of a crawl and does to the pages of its domain what follows from it.
fn store(
    job: pgrx::Uuid,
    mut result: Map<String, Value>,
) -> Result<std::result::Result<(), String>> {
    let seen = match result.remove(SEEN_PAGES).unwrap_or(Value::Null) {
        Value::Null => None,
        Value::Array(pages) => match pages.iter().map(page_id).collect::<Option<Vec<_>>>() {
            Some(pages) if has_seen_a_page(job, &pages)? => Some(pages),
            _ => return Ok(Err("no seen page is one of the domain".into())),
        },
        _ => return Ok(Err("seen_pages must be a list of ids".into())),
    };
    spi::execute(
        include_str!("../../sql/queries/queues/scrape/store.sql"),
        &[job.into(), Value::Object(result).to_string().into()],
    )?;
    spi::execute(
        include_str!("../../sql/queries/queues/scrape/finish_crawl.sql"),
        &[job.into(), seen.into()],
    )?;
    Ok(Ok(()))
}

fn page_id(value: &Value) -> Option<pgrx::Uuid> {
    let id = value.as_str()?.parse::<uuid::Uuid>().ok()?;
    Some(pgrx::Uuid::from_bytes(*id.as_bytes()))
}

fn has_seen_a_page(job: pgrx::Uuid, pages: &[pgrx::Uuid]) -> Result<bool> {
    let has_seen = spi::write(
        include_str!("../../sql/queries/queues/scrape/has_seen_a_page.sql"),
        &[job.into(), pages.to_vec().into()],
        |row| spi::value::<bool>(row, 1),
    )?;
    Ok(has_seen.contains(&true))
}

/// Gives a claim up, or only these of its crawls, and returns their number. The classes are those of fail_embedding_jobs.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than `retry_after` and `job_ids`, 22023 for another
/// error class or a negative pause.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fail_scrape_jobs(
    lease_token: Option<pgrx::Uuid>,
    error: Option<&str>,
    error_class: default!(Option<&str>, "'retryable'"),
    retry_after: default!(Option<Interval>, "NULL"),
    job_ids: default!(Option<Vec<Option<pgrx::Uuid>>>, "NULL"),
) -> Result<i32> {
    operators_only("fail scrape jobs")?;
    let failure = Failure {
        error: required("error", error)?,
        class: ErrorClass::named(error_class)?,
        pause: checked_pause(retry_after)?,
    };
    let jobs = job_ids.map(|ids| all_given("job_ids", Some(ids)));
    let token = required("lease_token", lease_token)?;
    give_up(&SCRAPE, token, jobs.transpose()?, &failure)
}
