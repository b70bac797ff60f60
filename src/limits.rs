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
    let rows = spi::select(
        include_str!("../sql/queries/limits/quota_usage.sql"),
        &[
            domain.config_id.into(),
            domain.id.into(),
            domain.name.as_str().into(),
        ],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
                spi::value(row, 4)?,
            ))
        },
    )?;
    Ok(TableIterator::new(rows))
}
