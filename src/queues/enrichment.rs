//! The queue of requests for a demonstration, which workers look into.

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;
use serde_json::Value;

use super::arguments::{
    ErrorClass, all_given, checked_batch_size, checked_lease, checked_pause, new_token, one_length,
};
use super::line::{ENRICHMENT, Failure};
use super::results::{Claim, Outcome, give_up};
use crate::error::{Result, required};
use crate::maintenance::operators_only;
use crate::spi;

/// Claims requests for a demonstration that nobody has looked into, and leases them for the given time.
///
/// Raises 42501 unless called by an operator, 22023 for a batch size outside 1 to 10,000 or a lease that is not positive.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn claim_enrichment_jobs(
    batch_size: default!(Option<i32>, "8"),
    lease: default!(Option<Interval>, "'10 minutes'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(attempt_id, pgrx::Uuid),
            name!(domain, String),
            name!(email, Option<String>),
            name!(company_name, Option<String>),
            name!(lease_token, pgrx::Uuid),
        ),
    >,
> {
    operators_only("claim enrichment jobs")?;
    let token = new_token()?;
    let jobs = ENRICHMENT.claim(
        checked_batch_size(batch_size)?,
        checked_lease(lease)?,
        token,
    )?;
    let claimed = spi::write(
        include_str!("../../sql/queries/queues/enrichment/claimed.sql"),
        &[jobs.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::column(row, 3)?,
                spi::column(row, 4)?,
                token,
            ))
        },
    )?;
    Ok(TableIterator::new(claimed))
}

/// Stores what was found out: for each request its id and a JSON object that is merged into its enrichment_data. Returns
/// for each request `stored`, `stale` (the lease has ended) or `invalid` (no object), which counts as a failed attempt.
/// Ends the lease: requests that are not named return to the queue as if they had not been claimed.
///
/// Raises 42501 unless called by an operator, 22004 for NULL, 22023 when the arrays differ in length.
#[pg_extern(schema = "frontdesk", security_definer)]
fn complete_enrichment_jobs(
    lease_token: Option<pgrx::Uuid>,
    attempt_ids: Option<Vec<Option<pgrx::Uuid>>>,
    results: Option<Vec<Option<pgrx::JsonB>>>,
) -> Result<TableIterator<'static, (name!(attempt_id, pgrx::Uuid), name!(status, String))>> {
    operators_only("complete enrichment jobs")?;
    let token = required("lease_token", lease_token)?;
    let attempts = all_given("attempt_ids", attempt_ids)?;
    let results = all_given("results", results)?;
    one_length("attempt_ids and results", &[attempts.len(), results.len()])?;
    let mut claim = Claim::of(&ENRICHMENT, ENRICHMENT.leased(token)?);
    let mut outcomes: Vec<Outcome> = vec![];
    for (attempt, result) in attempts.into_iter().zip(results) {
        let status = claim.hand_in(Some(attempt), |attempt| store(attempt, &result.0))?;
        outcomes.push((attempt, status.to_owned()));
    }
    claim.end()?;
    Ok(TableIterator::new(outcomes))
}

fn store(attempt: pgrx::Uuid, result: &Value) -> Result<std::result::Result<(), String>> {
    if !result.is_object() {
        return Ok(Err("what was found out must be a JSON object".into()));
    }
    spi::execute(
        include_str!("../../sql/queries/queues/enrichment/store.sql"),
        &[attempt.into(), result.to_string().into()],
    )?;
    Ok(Ok(()))
}

/// Gives a claim up, or only these of its requests, and returns their number. The classes are those of
/// fail_embedding_jobs.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than `retry_after` and `attempt_ids`, 22023 for another
/// error class or a negative pause.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fail_enrichment_jobs(
    lease_token: Option<pgrx::Uuid>,
    error: Option<&str>,
    error_class: default!(Option<&str>, "'retryable'"),
    retry_after: default!(Option<Interval>, "NULL"),
    attempt_ids: default!(Option<Vec<Option<pgrx::Uuid>>>, "NULL"),
) -> Result<i32> {
    operators_only("fail enrichment jobs")?;
    let failure = Failure {
        error: required("error", error)?,
        class: ErrorClass::named(error_class)?,
        pause: checked_pause(retry_after)?,
    };
    let attempts = attempt_ids.map(|ids| all_given("attempt_ids", Some(ids)));
    let token = required("lease_token", lease_token)?;
    give_up(&ENRICHMENT, token, attempts.transpose()?, &failure)
}
