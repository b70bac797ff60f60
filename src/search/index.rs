//! The inverted index of a tenant's chunks: how it follows them, and how it is checked.
//!
//! Writers leave a note of every chunk that changes, in their own transaction (sql/triggers/search_changes.sql). Folding
//! takes the notes that it sees, marks those chunks dead in the segments that have them, and writes a new segment of what
//! they are now; it reads notes and chunks in one snapshot. A search counts the segments, takes out what a visible note
//! replaces and adds what those chunks are in its own snapshot. So at every moment, for every transaction, the statistics
//! are those of exactly the chunks that it sees.

mod backlog;
mod check;
mod codes;
mod lock;
mod notes;
mod vectors;
mod write;

use pgrx::Uuid;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::Result;
use crate::spi;
use crate::tenancy::{Domain, Rank};
use notes::Notes;

/// Brings the index of words of a configuration up to date once at least `least` chunks have changed; how many it took in. Does
/// nothing while somebody else is doing so, and in a transaction stricter than READ COMMITTED.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fold_search_changes(config_id: Uuid, least: i64) -> Result<i64> {
    write::fold(config_id, least.max(1))
}

/// The same for a writer who has just noted so many changes, once enough wait.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fold_noted_changes(config_id: Uuid, noted: i64) -> Result<()> {
    backlog::noted_chunks(config_id, noted)
}

/// Makes codes for the vectors of a configuration that have none, for a writer who has just noted so many, once enough wait.
#[pg_extern(schema = "frontdesk", security_definer)]
fn fold_noted_vectors(config_id: Uuid, noted: i64) -> Result<()> {
    backlog::noted_vectors(config_id, noted)
}

/// Makes what searches of a domain read anew from its chunks: the index of words, and the copies of vectors with their
/// number; how many chunks those are. Chunks without lexemes get theirs first. What was cached for the domain is not found
/// any more. For a domain whose chunks were written while triggers were off (`session_replication_role`, `alter table ... disable trigger`); CREATE EXTENSION and
/// `install_schema()` do so by themselves where they find chunks but no triggers.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least an admin, 22004 for NULL, 55000 in
/// a transaction stricter than READ COMMITTED.
#[pg_extern(schema = "frontdesk", security_definer)]
fn rebuild_search_statistics(domain: Option<&str>) -> Result<i64> {
    let domain = Domain::resolve(domain, Rank::Admin)?;
    domain.config_id.map_or(Ok(0), |config_id| {
        forget_cached(&[Some(config_id)])?;
        rebuild(config_id)
    })
}

fn rebuild(config_id: Uuid) -> Result<i64> {
    spi::execute(
        include_str!("../../sql/queries/search/complete_lexemes.sql"),
        &[config_id.into()],
    )?;
    let chunks = write::rebuild(config_id)?;
    vectors::rebuild(config_id)?;
    Ok(chunks)
}

/// What was cached for these domains or configurations is not found any more; `None` stands for everybody.
fn forget_cached(ids: &[Option<Uuid>]) -> Result<()> {
    spi::write(
        include_str!("../../sql/queries/search/count_corpus_change.sql"),
        &[ids.to_vec().into()],
        |_| Ok(()),
    )?;
    Ok(())
}

/// The same for all domains: nobody noticed what became of their chunks.
pub fn rebuild_everything() -> Result<()> {
    forget_cached(&[None])?;
    let configurations: Vec<Uuid> = spi::select(
        include_str!("../../sql/queries/search/searched_configurations.sql"),
        &[],
        |row| spi::value(row, 1),
    )?;
    configurations
        .into_iter()
        .try_for_each(|config_id| rebuild(config_id).map(drop))
}

/// What differs between a domain's chunks and what searches read of them, the index of words and the copies of
/// vectors: the statistic, what it should be, and what it is. No row when nothing does. Reads all chunks of the domain.
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
    let Some(config_id) = domain.config_id else {
        return Ok(TableIterator::new(Vec::new()));
    };
    let mut differences = check::differences(config_id)?;
    differences.extend(vectors::differences(config_id)?);
    Ok(TableIterator::new(differences))
}

/// Folds the notes of at most so many tenants, whatever their number; how many chunks.
pub fn fold_everything(tenants: i32) -> Result<i64> {
    of_each(Notes::Changes.tenants(tenants)?, |config_id| {
        write::fold(config_id, 1)
    })
}

/// Makes codes for the vectors of at most so many tenants that have none; how many vectors.
pub fn code_vectors(tenants: i32) -> Result<i64> {
    of_each(Notes::UncodedVectors.tenants(tenants)?, |config_id| {
        codes::fold(config_id, 1)
    })
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

/// Writes the codes of tenants anew among which are some of vectors that are gone; of how many tenants, at most so many.
pub fn forget_dead_codes(tenants: i32) -> Result<i64> {
    of_each(Notes::DeadCodes.tenants(tenants)?, |config_id| {
        codes::forget_dead(config_id).map(i64::from)
    })
}

/// What the work on each tenant returns, together.
fn of_each(tenants: Vec<Uuid>, work: impl Fn(Uuid) -> Result<i64>) -> Result<i64> {
    tenants
        .into_iter()
        .try_fold(0, |sum, config_id| Ok(sum + work(config_id)?))
}
