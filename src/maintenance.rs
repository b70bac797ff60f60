//! Everything periodic, one bounded round at a time, for whatever scheduler there is.

use std::time::Instant;

use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result};
use crate::telemetry::Busy;
use crate::{claims, install, queues, search, spi, telemetry};

/// Rows that a task treats in one round, so that no round holds many locks for long.
const BATCH: i32 = 10_000;

/// Tenants whose index of words a round brings up to date; each has at most a few changed chunks, or a writer had folded them.
const TENANTS: i32 = 1_000;

/// Tenants whose vector codes a round writes anew: 200 bytes a vector, a tenth of a second for 100,000.
const CODED_TENANTS: i32 = 100;

/// Tasks that are one statement: its name, and the statement with the size of a batch as its argument.
const STATEMENTS: [(&str, &str); 7] = [
    (
        "queue_due_crawls",
        include_str!("../sql/queries/maintenance/queue_due_crawls.sql"),
    ),
    (
        "switch_models",
        include_str!("../sql/queries/maintenance/switch_models.sql"),
    ),
    (
        "purge_request_rates",
        include_str!("../sql/queries/maintenance/purge_request_rates.sql"),
    ),
    (
        "purge_query_cache",
        include_str!("../sql/queries/maintenance/purge_query_cache.sql"),
    ),
    (
        "purge_search_cache",
        include_str!("../sql/queries/maintenance/purge_search_cache.sql"),
    ),
    (
        "purge_invitations",
        include_str!("../sql/queries/maintenance/purge_invitations.sql"),
    ),
    (
        "attach_embeddings",
        include_str!("../sql/queries/maintenance/attach_embeddings.sql"),
    ),
];

/// A row of the report.
type Done = (String, i64, Interval);

/// Refuses callers who are not operators; `what` completes "only operators may".
pub fn operators_only(what: &str) -> Result<()> {
    install::require_current_schema()?;
    if claims::caller_is_operator() {
        return Ok(());
    }
    Err(Error::NotAllowed(
        format!("only operators may {what}"),
        "Call it as service_role: set role service_role;",
    )
    .into())
}

/// Does one round of everything periodic and returns a row per task: refreshes the rollups, returns the jobs of workers that
/// did not come back, asks for the crawls that are due, gives chunks to the configuration of their domain, removes expired cache entries, idle keys of rate
/// limits and invitations that expired 30 days ago. A round is bounded: at most
/// 10,000 rows a task; what is left is for the next. While another round is running, returns one row, task `busy`.
///
/// Raises 42501 unless called by an operator, 55000 in a transaction stricter than READ COMMITTED.
#[pg_extern(schema = "frontdesk", security_definer)]
fn run_maintenance() -> Result<
    TableIterator<
        'static,
        (
            name!(task, String),
            name!(rows_affected, i64),
            name!(duration, Interval),
        ),
    >,
> {
    operators_only("run maintenance")?;
    let is_free: Vec<bool> = spi::write(
        include_str!("../sql/queries/maintenance/try_lock.sql"),
        &[],
        |row| spi::value(row, 1),
    )?;
    if is_free != [true] {
        return Ok(TableIterator::once((
            "busy".into(),
            0,
            Interval::from_micros(0),
        )));
    }
    Ok(TableIterator::new(one_round()?))
}

fn one_round() -> Result<Vec<Done>> {
    let mut round = vec![timed("refresh_rollups", || {
        Ok(telemetry::refresh(Busy::GiveUp)?.iter().sum())
    })?];
    for (task, queue) in queues::LEASES {
        round.push(timed(task, || queues::return_leases(queue).map(counted))?);
    }
    for (task, sql) in STATEMENTS {
        round.push(timed(task, || {
            spi::execute(sql, &[BATCH.into()]).map(counted)
        })?);
    }
    // After everything that changes chunks.
    round.push(timed("fold_search_changes", || {
        search::index::fold_everything(TENANTS)
    })?);
    round.push(timed("code_vectors", || {
        search::index::code_vectors(TENANTS)
    })?);
    round.push(timed("forget_dead_chunks", || {
        search::index::forget_dead(BATCH)
    })?);
    round.push(timed("forget_dead_vectors", || {
        search::index::forget_dead_codes(CODED_TENANTS)
    })?);
    Ok(round)
}

fn counted(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

fn timed(task: &'static str, work: impl FnOnce() -> Result<i64>) -> Result<Done> {
    let start = Instant::now();
    let rows = work()?;
    let micros = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
    Ok((task.to_owned(), rows, Interval::from_micros(micros)))
}
