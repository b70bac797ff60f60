//! Makes all search vectors anew, in steps.

use pgrx::Uuid;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::maintenance::operators_only;
use crate::spi;

/// Rows of one call; a call holds their locks until its transaction ends.
const MAX_BATCH: i32 = 100_000;

/// Makes the search vectors of the next `batch_size` pages, chunks or entities anew and returns, for each table, how many rows
/// are done and left. Call it again, each time in a transaction of its own, until nothing is left; whoever calls next goes on
/// where the last committed call ended. The statistics of search follow the vectors. Needed after pg_upgrade, and after a
/// change to a text search configuration or its dictionaries.
///
/// Raises 42501 unless called by an operator, 22004 for NULL, 22023 for a `batch_size` outside 1 to 100,000.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn reindex_text_search(
    batch_size: default!(Option<i32>, "5000"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(relation, String),
            name!(rows_done, i64),
            name!(rows_left, i64),
        ),
    >,
> {
    operators_only("make the search vectors of all tenants anew")?;
    let batch_size = checked_batch_size(required("batch_size", batch_size)?)?;
    spi::execute(include_str!("../../sql/queries/reindex/begin.sql"), &[])?;
    let next = spi::write(
        include_str!("../../sql/queries/reindex/next.sql"),
        &[],
        |row| Ok((spi::value::<String>(row, 1)?, spi::column(row, 2)?)),
    )?;
    for (relation, last_id) in next {
        step(&relation, last_id, batch_size)?;
    }
    Ok(TableIterator::new(progress()?))
}

fn checked_batch_size(size: i32) -> Result<i32> {
    if (1..=MAX_BATCH).contains(&size) {
        return Ok(size);
    }
    Err(Error::InvalidArgument(
        format!("batch_size must be between 1 and {MAX_BATCH}, got {size}"),
        "Five thousand rows take some seconds.",
    )
    .into())
}

fn step(relation: &str, last_id: Option<Uuid>, batch_size: i32) -> Result<()> {
    let sql = match relation {
        "scraped_pages" => include_str!("../../sql/queries/reindex/pages.sql"),
        "page_embeddings" => include_str!("../../sql/queries/reindex/chunks.sql"),
        _ => include_str!("../../sql/queries/reindex/entities.sql"),
    };
    let treated = spi::write(sql, &[last_id.into(), batch_size.into()], |row| {
        Ok((spi::value::<i64>(row, 1)?, spi::column::<Uuid>(row, 2)?))
    })?;
    for (rows, last_id) in treated {
        let is_finished = rows < i64::from(batch_size);
        spi::execute(
            include_str!("../../sql/queries/reindex/note.sql"),
            &[
                relation.into(),
                last_id.into(),
                rows.into(),
                is_finished.into(),
            ],
        )?;
    }
    Ok(())
}

/// How far each table is. A round that is finished is forgotten, so that the next call begins another.
fn progress() -> Result<Vec<(String, i64, i64)>> {
    let tables = spi::write(
        include_str!("../../sql/queries/reindex/progress.sql"),
        &[],
        |row| {
            let table = (
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
            );
            Ok((table, spi::value::<bool>(row, 4)?))
        },
    )?;
    if tables.iter().all(|(_, is_finished)| *is_finished) {
        spi::execute(include_str!("../../sql/queries/reindex/end.sql"), &[])?;
    }
    Ok(tables.into_iter().map(|(table, _)| table).collect())
}
