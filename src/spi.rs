//! The only file that says `Spi::`.
//!
//! Two rules live here. Reading goes through [`select`], because everything else takes a transaction id and so fails
//! in a read-only transaction and on a standby. Statements are prepared once per backend and kept: a search would
//! otherwise spend more time planning than searching (0.36 ms against 0.07 ms).

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use pgrx::datum::DatumWithOid;
use pgrx::pg_sys::PgOid;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use pgrx::spi::{self, OwnedPreparedStatement, SpiClient, SpiHeapTupleData};

use crate::error::{Error, Result};

/// One row of a result; [`column`] reads it.
pub type Row<'a> = SpiHeapTupleData<'a>;

type Plans = HashMap<&'static str, Rc<OwnedPreparedStatement>>;

thread_local! {
    /// Kept plans by the text of their statement; Postgres re-plans them by itself after DDL and on a change of role.
    static PLANS: RefCell<Plans> = RefCell::new(HashMap::new());
}

/// Whether a statement may change data.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Read,
    Write,
}

fn failed(error: spi::Error) -> ErrorReport {
    Error::Internal(format!("a statement of the extension failed: {error}")).into()
}

/// The kept plan of `sql`, prepared when this backend has none yet.
fn kept_plan(
    client: &SpiClient,
    sql: &'static str,
    args: &[DatumWithOid],
    access: Access,
) -> Result<Rc<OwnedPreparedStatement>> {
    if let Some(plan) = PLANS.with_borrow(|plans| plans.get(sql).cloned()) {
        return Ok(plan);
    }
    let types: Vec<PgOid> = args.iter().map(|arg| PgOid::from(arg.oid())).collect();
    let plan = match access {
        Access::Read => client.prepare(sql, &types),
        Access::Write => client.prepare_mut(sql, &types),
    };
    let plan = Rc::new(plan.map_err(failed)?.keep());
    PLANS.with_borrow_mut(|plans| plans.insert(sql, Rc::clone(&plan)));
    Ok(plan)
}

/// The rows of a statement that only reads, each through `read`.
pub fn select<T>(
    sql: &'static str,
    args: &[DatumWithOid],
    read: impl Fn(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    Spi::connect(|client| {
        let plan = kept_plan(client, sql, args, Access::Read)?;
        let rows = client.select(&*plan, None, args).map_err(failed)?;
        rows.map(|row| read(&row)).collect()
    })
}

/// The first row of a statement that only reads.
pub fn select_one<T>(
    sql: &'static str,
    args: &[DatumWithOid],
    read: impl Fn(&Row) -> Result<T>,
) -> Result<Option<T>> {
    Ok(select(sql, args, read)?.into_iter().next())
}

/// The rows that a writing statement returns, each through `read`.
pub fn write<T>(
    sql: &'static str,
    args: &[DatumWithOid],
    read: impl Fn(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    Spi::connect_mut(|client| {
        let plan = kept_plan(client, sql, args, Access::Write)?;
        let rows = client.update(&*plan, None, args).map_err(failed)?;
        rows.map(|row| read(&row)).collect()
    })
}

/// Runs a writing statement; the number of rows that it touched.
pub fn execute(sql: &'static str, args: &[DatumWithOid]) -> Result<usize> {
    Spi::connect_mut(|client| {
        let plan = kept_plan(client, sql, args, Access::Write)?;
        Ok(client.update(&*plan, None, args).map_err(failed)?.len())
    })
}

/// Runs one statement that is made at run time (DDL); its identifiers come from the catalogue, quoted by Postgres.
pub fn run(sql: &str) -> Result<()> {
    Spi::run(sql).map_err(failed)
}

/// Runs every statement that the query `sql` returns, in order.
pub fn run_each(sql: &'static str, args: &[DatumWithOid]) -> Result<()> {
    let statements = select(sql, args, |row| column::<String>(row, 1))?;
    statements.iter().flatten().try_for_each(|sql| run(sql))
}

/// Column `ordinal` (from 1) of a row; `None` when it is NULL.
pub fn column<T: FromDatum + IntoDatum>(row: &Row, ordinal: usize) -> Result<Option<T>> {
    row.get(ordinal).map_err(failed)
}

/// Column `ordinal` (from 1) of a row that the statement guarantees not to be NULL.
pub fn value<T: FromDatum + IntoDatum>(row: &Row, ordinal: usize) -> Result<T> {
    column(row, ordinal)?.ok_or_else(|| {
        Error::Internal(format!("column {ordinal} of an internal statement is null")).into()
    })
}
