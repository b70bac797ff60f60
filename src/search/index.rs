//! The inverted index of a tenant's chunks: how it follows them, and how it is checked.
//!
//! Writers leave a note of every chunk that changes, in their own transaction (sql/triggers/search_changes.sql). Folding
//! takes the notes that it sees, marks those chunks dead in the segments that have them, and writes a new segment of what
//! they are now; it reads notes and chunks in one snapshot. A search counts the segments, takes out what a visible note
//! replaces and adds what those chunks are in its own snapshot. So at every moment, for every transaction, the statistics
//! are those of exactly the chunks that it sees.

mod backlog;
mod check;
mod write;

use pgrx::Uuid;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::Result;
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// Brings the index of words of a configuration up to date once at least `least` chunks have changed; how many it took in. Does
/// nothing while somebody else is doing so, and in a transaction stricter than READ COMMITTED.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fold_search_changes(config_id: Uuid, least: i64) -> Result<i64> {
    write::fold(config_id, least.max(1))
}

/// The same for a writer who has just noted so many changes, once enough wait.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fold_noted_changes(config_id: Uuid, noted: i64) -> Result<()> {
    backlog::noted(config_id, noted)
}

/// Makes the index of words of a domain anew from its chunks; how many those are. For a domain whose chunks were written
/// while triggers were off (`session_replication_role`, `alter table ... disable trigger`).
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least an admin, 22004 for NULL, 55000 in
/// a transaction stricter than READ COMMITTED.
#[pg_extern(schema = "frontdesk", security_definer)]
fn rebuild_search_statistics(domain: Option<&str>) -> Result<i64> {
    let domain = Domain::resolve(domain, Rank::Admin)?;
    domain.config_id.map_or(Ok(0), write::rebuild)
}

/// What differs between a domain's chunks and its index of words: the statistic, what it should be, and what it is. No row
/// when nothing does. Reads all chunks of the domain.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least an admin, 22004 for NULL.
#[pg_extern(schema = "frontdesk", stable, security_definer)]
fn verify_search_statistics(
    domain: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(statistic, String),
            name!(expected, i64),
            name!(found, i64),
        ),
    >,
> {
    let domain = Domain::resolve(domain, Rank::Admin)?;
    let differences = domain
        .config_id
        .map_or(Ok(Vec::new()), check::differences)?;
    Ok(TableIterator::new(differences))
}

/// Folds the notes of at most so many tenants, whatever their number; how many chunks.
pub fn fold_everything(tenants: i32) -> Result<i64> {
    let waiting: Vec<Uuid> = spi::select(
        include_str!("../../sql/queries/search/tenants_with_changes.sql"),
        &[tenants.into()],
        |row| spi::value(row, 1),
    )?;
    let mut folded = 0;
    for config_id in waiting {
        folded += write::fold(config_id, 1)?;
    }
    Ok(folded)
}

/// Writes segments anew in which chunks are gone, so that their words go too; how many segments, together of at most so
/// many chunks (or one).
pub fn forget_dead(chunks: i32) -> Result<i64> {
    let segments = spi::select(
        include_str!("../../sql/queries/search/segments_with_dead.sql"),
        &[i64::from(chunks).into()],
        |row| Ok((spi::value::<Uuid>(row, 1)?, spi::value::<i64>(row, 2)?)),
    )?;
    let mut written = 0;
    for (config_id, segment) in segments {
        written += i64::from(write::rewrite(config_id, segment)?);
    }
    Ok(written)
}
