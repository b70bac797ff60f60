//! Telemetry: the rollups of chat requests, and alerts on what they cost.
//!
//! Triggers note in `frontdesk_internal.rollup_invalidations` which hours of chat_telemetry have changed. A refresh takes
//! those notes and makes every bucket that they touch what the rows say now, in all three rollup tables.

use pgrx::AnyNumeric;
use pgrx::datum::TimestampWithTimeZone;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result};
use crate::maintenance::operators_only;
use crate::{claims, install, spi};

/// Buckets begin on the hour, at midnight, on Monday and on the first of the month, all in UTC.
const GRANULARITIES: [&str; 4] = ["hour", "day", "week", "month"];
/// Hours that one call refreshes: twelve weeks. A backlog of years takes several calls.
const MAX_HOURS: i32 = 2016;

/// What a refresh does while another one is at work.
#[derive(Clone, Copy)]
pub enum Busy {
    Wait,
    GiveUp,
}

/// Brings the three rollup tables up to date with chat_telemetry, and returns for each granularity how many of their
/// rows that added, changed or removed. Only what has changed since the last refresh is read again, and only rows that
/// become different are written. At most 2,016 changed hours a call, the newest first; when more are waiting, call again.
/// Waits for a refresh that is already running.
///
/// Raises 42501 unless called by an operator, 55000 in a transaction stricter than READ COMMITTED.
#[pg_extern(schema = "frontdesk", security_definer)]
fn refresh_rollups()
-> Result<TableIterator<'static, (name!(granularity, String), name!(buckets, i32))>> {
    operators_only("refresh the rollups")?;
    let counts = refresh(Busy::Wait)?;
    let rows = GRANULARITIES
        .into_iter()
        .zip(counts)
        .map(|(granularity, buckets)| {
            (
                granularity.to_owned(),
                i32::try_from(buckets).unwrap_or(i32::MAX),
            )
        });
    Ok(TableIterator::new(rows.collect::<Vec<_>>()))
}

/// Refreshes the rollups; the number of rows that changed, per granularity.
pub fn refresh(busy: Busy) -> Result<[i64; 4]> {
    refuse_old_snapshots()?;
    let mut counts = [0; 4];
    if !lock_rollups(busy)? {
        return Ok(counts);
    }
    // Each statement from here on sees at least what the one before it saw. What the notes told of is therefore in the
    // rows that are read after them; what comes later has notes of its own.
    spi::execute(
        include_str!("../sql/queries/telemetry/spread_truncation.sql"),
        &[],
    )?;
    let hours: Vec<TimestampWithTimeZone> = spi::write(
        include_str!("../sql/queries/telemetry/take_invalidations.sql"),
        &[MAX_HOURS.into()],
        |row| spi::value(row, 1),
    )?;
    if !hours.is_empty() {
        for (granularity, count) in GRANULARITIES.into_iter().zip(&mut counts) {
            *count = refresh_buckets(granularity, &hours)?;
        }
    }
    Ok(counts)
}

/// A transaction with one snapshot would look, under the lock, at rows from before the refresh that held it last.
fn refuse_old_snapshots() -> Result<()> {
    match claims::setting("transaction_isolation").as_deref() {
        Some("read committed" | "read uncommitted") => Ok(()),
        _ => Err(Error::NotReady(
            "rollups are refreshed in a READ COMMITTED transaction only".into(),
            "Begin it with: begin isolation level read committed;",
        )
        .into()),
    }
}

fn lock_rollups(busy: Busy) -> Result<bool> {
    match busy {
        Busy::Wait => {
            spi::execute(
                include_str!("../sql/queries/telemetry/lock_rollups.sql"),
                &[],
            )?;
            Ok(true)
        }
        Busy::GiveUp => {
            let is_free: Vec<bool> = spi::write(
                include_str!("../sql/queries/telemetry/try_lock_rollups.sql"),
                &[],
                |row| spi::value(row, 1),
            )?;
            Ok(is_free == [true])
        }
    }
}

/// Makes the buckets right in which the hours lie; the number of rows that changed.
fn refresh_buckets(granularity: &'static str, hours: &[TimestampWithTimeZone]) -> Result<i64> {
    let buckets: Vec<(TimestampWithTimeZone, TimestampWithTimeZone)> = spi::select(
        include_str!("../sql/queries/telemetry/touched_buckets.sql"),
        &[granularity.into(), hours.to_vec().into()],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )?;
    let mut changed = 0;
    for (start, end) in buckets {
        let rows: Vec<i64> = spi::write(
            include_str!("../sql/queries/telemetry/refresh_bucket.sql"),
            &[granularity.into(), start.into(), end.into()],
            |row| spi::value(row, 1),
        )?;
        changed += rows.iter().sum::<i64>();
    }
    Ok(changed)
}

/// The cost alerts that are over their threshold now, in US dollars: `hourly`, `daily` and `monthly` alerts by the sum of
/// the current hour, day or month in UTC, `per_request` alerts by the most expensive request of the last 24 hours.
/// Callers see the alerts of their own domains; those without a domain, about all domains together, only operators see.
#[pg_extern(schema = "frontdesk", stable)]
#[allow(clippy::type_complexity)]
fn check_cost_alerts() -> Result<
    TableIterator<
        'static,
        (
            name!(alert_id, pgrx::Uuid),
            name!(domain, Option<String>),
            name!(alert_type, String),
            name!(threshold_usd, AnyNumeric),
            name!(spent_usd, AnyNumeric),
            name!(period_start, TimestampWithTimeZone),
        ),
    >,
> {
    install::require_current_schema()?;
    let alerts = spi::select(
        include_str!("../sql/queries/telemetry/cost_alerts_due.sql"),
        &[],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::column(row, 2)?,
                spi::value(row, 3)?,
                spi::value(row, 4)?,
                spi::value(row, 5)?,
                spi::value(row, 6)?,
            ))
        },
    )?;
    Ok(TableIterator::new(alerts))
}
