//! The extraction queue: workers claim pages, find the entities on them (products, services and the like) and hand them
//! back.

use std::collections::HashMap;

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::arguments::{
    ErrorClass, all_given, checked_batch_size, checked_lease, checked_pause, new_token, one_length,
};
use super::entities;
use super::line::{EXTRACTION, Failure};
use super::results::{Claim, Outcome, give_up};
use crate::error::{Result, required};
use crate::maintenance::operators_only;
use crate::spi;

/// Claims pages whose entities are to be extracted, higher priority first and fairly between domains, and leases them for
/// the given time. `business_type` and `extraction_config` are the classification of the domain, NULL without one.
///
/// Raises 42501 unless called by an operator, 22023 for a batch size outside 1 to 10,000 or a lease that is not positive.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn claim_extraction_jobs(
    batch_size: default!(Option<i32>, "8"),
    lease: default!(Option<Interval>, "'10 minutes'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(page_id, pgrx::Uuid),
            name!(domain, String),
            name!(url, String),
            name!(title, Option<String>),
            name!(content, Option<String>),
            name!(content_hash, Option<String>),
            name!(business_type, Option<String>),
            name!(extraction_config, Option<pgrx::JsonB>),
            name!(lease_token, pgrx::Uuid),
        ),
    >,
> {
    operators_only("claim extraction jobs")?;
    let token = new_token()?;
    let jobs = EXTRACTION.claim(
        checked_batch_size(batch_size)?,
        checked_lease(lease)?,
        token,
    )?;
    let claimed = spi::write(
        include_str!("../../sql/queries/queues/extraction/claimed.sql"),
        &[jobs.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
                spi::column(row, 4)?,
                spi::column(row, 5)?,
                spi::column(row, 6)?,
                spi::column(row, 7)?,
                spi::column(row, 8)?,
                token,
            ))
        },
    )?;
    Ok(TableIterator::new(claimed))
}

/// Stores the entities of a claim: for each page its id and a JSON array of objects with entity_type, primary_identifier
/// and name, and if known description, price, primary_category, attributes (an object), is_available and source_url. They
/// replace those found on the page before; one that the domain has already, by its primary_identifier, is updated.
/// Returns for each page `stored`, `stale` (the lease has ended or the page has changed) or `invalid`, which counts as a
/// failed attempt. Ends the lease: pages that are not named return to the queue as if they had not been claimed.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than missing entities, 22023 when the arrays differ in
/// length.
#[pg_extern(schema = "frontdesk", security_definer)]
fn complete_extraction_jobs(
    lease_token: Option<pgrx::Uuid>,
    page_ids: Option<Vec<Option<pgrx::Uuid>>>,
    entities: Option<Vec<Option<pgrx::JsonB>>>,
) -> Result<TableIterator<'static, (name!(page_id, pgrx::Uuid), name!(status, String))>> {
    operators_only("complete extraction jobs")?;
    let token = required("lease_token", lease_token)?;
    let page_ids = all_given("page_ids", page_ids)?;
    let entities = required("entities", entities)?;
    one_length("page_ids and entities", &[page_ids.len(), entities.len()])?;
    spi::write(
        include_str!("../../sql/queries/queues/extraction/lock_pages.sql"),
        &[page_ids.clone().into()],
        |_| Ok(()),
    )?;
    let jobs = EXTRACTION.leased(token)?;
    let job_of = jobs_of_pages(&jobs)?;
    let mut claim = Claim::of(&EXTRACTION, jobs);
    let (mut outcomes, mut pages, mut found): (Vec<Outcome>, _, _) = (vec![], vec![], vec![]);
    for (page, entities) in page_ids.into_iter().zip(entities) {
        let checked = entities::checked(entities.as_ref().map(|entities| &entities.0));
        let status = claim.hand_in(job_of.get(&page).copied(), |_| {
            Ok(checked.map(|entities| {
                pages.push(page);
                found.push(entities);
            }))
        })?;
        outcomes.push((page, status.to_owned()));
    }
    spi::execute(
        include_str!("../../sql/queries/queues/extraction/store.sql"),
        &[pages.into(), found.into()],
    )?;
    claim.end()?;
    Ok(TableIterator::new(outcomes))
}

fn jobs_of_pages(jobs: &[pgrx::Uuid]) -> Result<HashMap<pgrx::Uuid, pgrx::Uuid>> {
    let pairs = spi::write(
        include_str!("../../sql/queries/queues/extraction/pages.sql"),
        &[jobs.to_vec().into()],
        |row| Ok((spi::value(row, 2)?, spi::value(row, 1)?)),
    )?;
    Ok(pairs.into_iter().collect())
}

/// Gives a claim up, or only these of its pages, and returns their number. The classes are those of fail_embedding_jobs.
///
/// Raises 42501 unless called by an operator, 22004 for NULL other than `retry_after` and `page_ids`, 22023 for another
/// error class or a negative pause.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fail_extraction_jobs(
    lease_token: Option<pgrx::Uuid>,
    error: Option<&str>,
    error_class: default!(Option<&str>, "'retryable'"),
    retry_after: default!(Option<Interval>, "NULL"),
    page_ids: default!(Option<Vec<Option<pgrx::Uuid>>>, "NULL"),
) -> Result<i32> {
    operators_only("fail extraction jobs")?;
    let token = required("lease_token", lease_token)?;
    let failure = Failure {
        error: required("error", error)?,
        class: ErrorClass::named(error_class)?,
        pause: checked_pause(retry_after)?,
    };
    let pages = page_ids.map(|ids| all_given("page_ids", Some(ids)));
    let jobs = match pages.transpose()? {
        None => None,
        Some(pages) => {
            let job_of = jobs_of_pages(&EXTRACTION.leased(token)?)?;
            Some(
                pages
                    .iter()
                    .filter_map(|page| job_of.get(page).copied())
                    .collect(),
            )
        }
    };
    give_up(&EXTRACTION, token, jobs, &failure)
}
