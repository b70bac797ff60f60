//! What a domain may use: web origins, requests per minute, pages, chunks and cost.

use pgrx::AnyNumeric;
use pgrx::datum::Interval;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::tenancy::{Domain, Rank};
use crate::{origins, spi};

/// Keys are addresses, sessions or names; longer ones are a mistake.
const MAX_KEY_BYTES: usize = 1000;

/// Whether a browser's `Origin` may embed the domain's widget, by `customer_configs.allowed_origins`: `*`, an origin, a
/// host, or a host with a wildcard (`*.shop.example`). A missing origin (NULL) is allowed by `*` only.
///
/// Raises P0002 for a domain that does not exist or is not the caller's.
#[pg_extern(schema = "frontdesk", stable, security_definer)]
fn check_origin(domain: Option<&str>, origin: Option<&str>) -> Result<bool> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    let rules = spi::select_one(
        include_str!("../sql/queries/limits/allowed_origins.sql"),
        &[domain.config_id.into()],
        |row| spi::column::<Vec<Option<String>>>(row, 1),
    )?;
    let rules: Vec<String> = rules
        .flatten()
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .collect();
    Ok(origins::is_allowed(&rules, origin))
}

/// Counts a request of `key` (an address, a session) against the domain's `rate_limit`, requests a minute for each key:
/// whether it is allowed, how many more are allowed at once, and when it is not, how long to wait. A key may use its
/// minute's requests at once and gets them back evenly (generic cell rate algorithm, ITU-T I.371). NULL as `rate_limit`
/// is no limit. The key is stored as a digest and forgotten within minutes.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 22004 for NULL, 54000 for a key above 1,000 bytes.
#[pg_extern(schema = "frontdesk", security_definer)]
fn check_rate_limit(
    domain: Option<&str>,
    key: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(allowed, bool),
            name!(remaining, Option<i32>),
            name!(retry_after, Interval),
        ),
    >,
> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    let key = required("key", key)?;
    if key.len() > MAX_KEY_BYTES {
        return Err(Error::TooLarge(
            format!(
                "a key of {} bytes is above the limit of {MAX_KEY_BYTES}",
                key.len()
            ),
            "Use an address or a session id.",
        )
        .into());
    }
    let limit = spi::select_one(
        include_str!("../sql/queries/limits/rate_limit.sql"),
        &[domain.config_id.into()],
        |row| spi::column::<i32>(row, 1),
    )?;
    let Some(limit) = limit.flatten() else {
        return Ok(TableIterator::once((true, None, Interval::from_micros(0))));
    };
    spi::execute(
        include_str!("../sql/queries/limits/forget_idle_keys.sql"),
        &[],
    )?;
    let answer = spi::write(
        include_str!("../sql/queries/limits/count_request.sql"),
        &[domain.id.into(), key.into(), limit.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::column(row, 2)?,
                spi::value(row, 3)?,
            ))
        },
    )?;
    Ok(TableIterator::new(answer))
}

/// A quota of a domain, and what it has used of it.
struct Quota {
    name: String,
    used: AnyNumeric,
    maximum: AnyNumeric,
    is_used_up: bool,
    is_exceeded: bool,
}

fn quotas(domain: &Domain) -> Result<Vec<Quota>> {
    spi::select(
        include_str!("../sql/queries/limits/quota_usage.sql"),
        &[
            domain.config_id.into(),
            domain.id.into(),
            domain.name.as_str().into(),
        ],
        |row| {
            Ok(Quota {
                name: spi::value(row, 1)?,
                used: spi::value(row, 2)?,
                maximum: spi::value(row, 3)?,
                is_used_up: spi::value(row, 4)?,
                is_exceeded: spi::value(row, 5)?,
            })
        },
    )
}

/// The quotas of a domain, what it has used of each and whether it is used up: `pages`, `chunks` and `monthly_cost_usd`
/// (the current month in UTC), from `max_pages`, `max_chunks` and `max_monthly_cost_usd` of customer_configs. A quota that
/// is NULL is not listed.
///
/// Raises P0002 for a domain that does not exist or is not the caller's.
#[pg_extern(schema = "frontdesk", stable, security_definer)]
fn quota_usage(
    domain: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(quota, String),
            name!(used, AnyNumeric),
            name!(maximum, AnyNumeric),
            name!(is_used_up, bool),
        ),
    >,
> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    let rows: Vec<_> = quotas(&domain)?
        .into_iter()
        .map(|quota| (quota.name, quota.used, quota.maximum, quota.is_used_up))
        .collect();
    Ok(TableIterator::new(rows))
}

/// Raises 54000 when a quota of the domain is used up; call it before a chat turn spends more. ingest_page holds the quotas
/// of pages and chunks by itself.
///
/// Raises P0002 for a domain that does not exist or is not the caller's.
#[pg_extern(schema = "frontdesk", security_definer)]
fn check_quota(domain: Option<&str>) -> Result<()> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    refuse_over_quota(
        &domain,
        &["pages", "chunks", "monthly_cost_usd"],
        Reach::UsedUp,
    )
}

/// How far a quota may be used.
#[derive(Clone, Copy, PartialEq)]
pub enum Reach {
    /// There must be something left.
    UsedUp,
    /// It may be used up, not more.
    Beyond,
}

/// Lets the writers of a domain that has quotas write one after the other, so that what they count holds.
pub fn lock_quotas(domain: &Domain) -> Result<()> {
    spi::execute(
        include_str!("../sql/queries/limits/lock_quotas.sql"),
        &[domain.config_id.into()],
    )?;
    Ok(())
}

/// Refuses to go on when one of the named quotas is used up, or used beyond its maximum.
pub fn refuse_over_quota(domain: &Domain, names: &[&str], reach: Reach) -> Result<()> {
    let over = quotas(domain)?.into_iter().find(|quota| {
        let is_over = if reach == Reach::UsedUp {
            quota.is_used_up
        } else {
            quota.is_exceeded
        };
        is_over && names.contains(&quota.name.as_str())
    });
    match over {
        Some(quota) => Err(Error::TooLarge(
            format!("the domain's quota of {} {} is used up", quota.maximum, quota.name),
            "Ask the operator to raise it; select * from frontdesk.quota_usage(domain) shows all of them.",
        )
        .into()),
        None => Ok(()),
    }
}
