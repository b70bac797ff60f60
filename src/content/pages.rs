//! Pages that are no more, or could not be fetched.

use pgrx::prelude::*;

use super::urls::PageUrl;
use crate::error::{Error, Result, required};
use crate::limits;
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// What is kept of an error; crawlers like to hand in whole responses.
const MAX_ERROR_CHARS: usize = 1000;

/// Locks a page and its place in the embedding queue, in this order, as everyone does who writes both or its chunks:
/// so nobody waits for somebody who waits for them.
pub(super) fn lock_page(domain_id: pgrx::Uuid, url: &str) -> Result<()> {
    spi::execute(
        include_str!("../../sql/queries/content/lock_page.sql"),
        &[domain_id.into(), url.into()],
    )?;
    Ok(())
}

/// Removes a page with its chunks, its findings and its places in the queues; false when the domain has no such page.
/// A page that is known by its canonical url is removed by that.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22004 for NULL, 22023
/// for a url outside the domain.
#[pg_extern(schema = "frontdesk", security_definer)]
fn remove_page(domain: Option<&str>, url: Option<&str>) -> Result<bool> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let url = PageUrl::on(required("url", url)?, &domain)?.url;
    lock_page(domain.id, &url)?;
    let removed = spi::write(
        include_str!("../../sql/queries/content/remove_page.sql"),
        &[domain.id.into(), url.into()],
        |row| spi::value::<pgrx::Uuid>(row, 1),
    )?;
    Ok(!removed.is_empty())
}

/// Records that a page could not be fetched or read, and returns its id. A known page keeps its content and stays
/// findable; one that is new is stored without content. `metadata` holds the last error (at most 1,000 characters of it),
/// its time and the number of failures in a row, until the page is ingested again. For a page that is gone for good there
/// is `remove_page`.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 55000 for one that is
/// not active, 22004 for a NULL domain or url, 22023 for a url outside the domain, 54000 beyond the domain's quota of pages.
#[pg_extern(schema = "frontdesk", security_definer)]
fn mark_page_failed(
    domain: Option<&str>,
    url: Option<&str>,
    error: default!(Option<&str>, "NULL"),
) -> Result<pgrx::Uuid> {
    let domain = Domain::resolve_active(domain, Rank::Member)?;
    let url = PageUrl::of(required("url", url)?, &domain)?.url;
    let error: Option<String> = error.map(|text| text.chars().take(MAX_ERROR_CHARS).collect());
    limits::lock_quotas(&domain)?;
    lock_page(domain.id, &url)?;
    let marked = spi::write(
        include_str!("../../sql/queries/content/mark_page_failed.sql"),
        &[domain.id.into(), url.into(), error.into()],
        |row| Ok((spi::value(row, 1)?, spi::value::<bool>(row, 2)?)),
    )?;
    let (id, is_new) = marked.into_iter().next().ok_or_else(belongs_to_another)?;
    if is_new {
        limits::refuse_over_quota(&domain, &["pages"], limits::Reach::Beyond)?;
    }
    Ok(id)
}

/// The error for a url under which another domain has stored a page.
pub(super) fn belongs_to_another() -> Error {
    Error::InvalidArgument(
        "the url belongs to a page of another domain".into(),
        "A url is stored once; ingest it through the domain that it belongs to.",
    )
}
