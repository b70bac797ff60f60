//! Installation: what CREATE EXTENSION, ALTER EXTENSION UPDATE and `install_schema()` do beyond declaring functions.
//!
//! The extension owns the code, the user owns the data. Functions are members of the extension; tables, views,
//! sequences and bookkeeping are created by the extension's script and *released* from it at once, so that pg_dump
//! dumps them like any table of the user's and DROP EXTENSION cannot destroy them.
//!
//! Three kinds of statements follow from that, all in embedded `.sql` files:
//! *code* (functions) runs in every script, also in the one that a dump's restore runs;
//! *shape* (tables, columns, indexes) runs once per schema version;
//! *behaviour* (policies, triggers, views, grants) is put back whenever it is missing.
//!
//! While a dump is restored the dump itself creates the tables. pg_dump and pg_restore always `set row_security = off`;
//! that is how a script tells.

mod files;
mod statements;

use std::cell::Cell;
use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::error::{Error, Result};
use crate::{claims, search, spi};
use files::{
    AUTH, BEHAVIOUR, FUNCTION_GRANTS, FUNCTIONS, File, INDEXES, MIGRATIONS, ROLES, TRIGGERS, VIEWS,
    table_names,
};
use statements::{Kind, Statement, statements};

/// What every entry point answers while the tables are absent or older than the library.
const INSTALL_HINT: &str = "Run: select frontdesk.install_schema();";

/// The newest schema version that this library knows.
fn newest_version() -> i32 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// What the extension's install and update scripts call: creates roles and functions, and unless a dump is being
/// restored the tables of schema version `upto` and what guards them.
#[pg_extern(schema = "frontdesk")]
fn run_extension_script(upto: i32) -> Result<()> {
    check_pgvector()?;
    create_roles()?;
    create_functions()?;
    if claims::setting("row_security").as_deref() == Some("off") {
        notice!(
            "row_security is off, as while a dump is restored: tables are left to the dump. {INSTALL_HINT}"
        );
    } else {
        create_tables(upto)?;
    }
    pin_search_path()?;
    spi::run_each(include_str!("../sql/install/release.sql"), &[])
}

/// Creates the tables, or brings them to schema version `upto` (default: the newest that the library knows), and puts
/// back policies, triggers, views and grants that are missing. Running it again changes nothing.
///
/// CREATE EXTENSION calls it; call it yourself after restoring a dump that is older than the installed library.
/// Raises 42501 unless the caller is a superuser, 55000 when tables exist that this extension did not create.
#[pg_extern(schema = "frontdesk")]
fn install_schema(upto: default!(Option<i32>, "NULL")) -> Result<()> {
    if !caller_is_superuser() {
        return Err(Error::NotAllowed(
            "only a superuser may install the schema".into(),
            "Connect as the role that ran CREATE EXTENSION.",
        )
        .into());
    }
    create_roles()?;
    create_tables(upto.unwrap_or_else(newest_version))?;
    pin_search_path()
}

/// The version of the installed library.
#[pg_extern(schema = "frontdesk", immutable, parallel_safe)]
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

fn caller_is_superuser() -> bool {
    // SAFETY: superuser() reads the current user id and a catalogue cache; it takes no arguments.
    unsafe { pg_sys::superuser() }
}

/// Refuses to go on while the tables are absent or older than the library. Costs one look-up per backend.
pub fn require_current_schema() -> Result<()> {
    thread_local! {
        static IS_CURRENT: Cell<bool> = const { Cell::new(false) };
    }
    if IS_CURRENT.get() {
        return Ok(());
    }
    match installed_version()? {
        Some(version) if version >= newest_version() => {
            IS_CURRENT.set(true);
            Ok(())
        }
        Some(version) => Err(Error::SchemaNotReady(
            format!(
                "the tables are of schema version {version}, the library needs {}",
                newest_version()
            ),
            INSTALL_HINT,
        )
        .into()),
        None => Err(Error::SchemaNotReady(
            "the tables of frontdesk are not installed".into(),
            INSTALL_HINT,
        )
        .into()),
    }
}

/// The schema version of the tables; `None` before the first installation.
fn installed_version() -> Result<Option<i32>> {
    let recorded = spi::select_one("select frontdesk.schema_version()", &[], |row| {
        spi::column::<i32>(row, 1)
    })?;
    Ok(recorded.flatten())
}

/// Search needs iterative index scans, which pgvector has since 0.8.0; 0.8.4 closed CVE-2026-3172 (parallel builds of an
/// index could read foreign memory).
fn check_pgvector() -> Result<()> {
    let version = spi::select_one(
        include_str!("../sql/install/pgvector_version.sql"),
        &[],
        |row| {
            Ok((
                spi::value::<String>(row, 1)?,
                spi::value::<bool>(row, 2)?,
                spi::value::<bool>(row, 3)?,
            ))
        },
    )?;
    match version {
        Some((version, false, _)) => Err(Error::NotReady(
            format!("pgvector {version} is too old: frontdesk needs 0.8.0 or newer"),
            "Install a newer pgvector, then: alter extension vector update;",
        )
        .into()),
        Some((version, true, false)) => {
            warning!(
                "pgvector {version} has known faults (CVE-2026-3172); install 0.8.4 or newer, then: alter extension vector update;"
            );
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Roles belong to the server, not to the database: they are created when absent and left alone when present.
fn create_roles() -> Result<()> {
    for statement in statements(&ROLES)? {
        let create = statement.text;
        // Another database of the server may create the role at the same moment.
        spi::run(&format!(
            "do $frontdesk$ begin {create}; exception when duplicate_object or unique_violation then null; end $frontdesk$"
        ))?;
    }
    Ok(())
}

fn create_internal_schema() -> Result<()> {
    spi::run_each(
        include_str!("../sql/install/create_internal_schema.sql"),
        &[],
    )
}

/// Creates or replaces every SQL function, gives those that run with their owner's rights to frontdesk_owner, and then
/// says who may call what (in this order, so that the owner is the grantor).
fn create_functions() -> Result<()> {
    for file in FUNCTIONS.iter().chain(TRIGGERS) {
        run_all(file, |statement| statement.kind.is_of_script())?;
    }
    spi::run_each(include_str!("../sql/install/own_functions.sql"), &[])?;
    run_all(&FUNCTION_GRANTS, |_| true)?;
    spi::run_each(include_str!("../sql/install/grant_schemas.sql"), &[])
}

fn create_tables(upto: i32) -> Result<()> {
    spi::execute(include_str!("../sql/install/lock.sql"), &[])?;
    create_internal_schema()?;
    let has_migrated = migrate(upto)?;
    create_auth_functions()?;
    for file in VIEWS {
        reassert(file, has_migrated)?;
    }
    spi::run_each(
        include_str!("../sql/install/own_relations.sql"),
        &[table_names().into()],
    )?;
    let has_unnoticed_chunks = has_unnoticed_chunks()?;
    for file in TRIGGERS.iter().chain(INDEXES) {
        run_all(file, |statement| statement.kind.is_missing())?;
    }
    BEHAVIOUR
        .iter()
        .try_for_each(|file| reassert(file, has_migrated))?;
    if has_unnoticed_chunks {
        notice!(
            "chunks may have changed while there were no triggers: what searches read is made anew"
        );
        search::index::rebuild_everything()?;
    }
    Ok(())
}

/// Whether there are chunks whose changes no trigger has noticed.
fn has_unnoticed_chunks() -> Result<bool> {
    let found = spi::select_one(
        include_str!("../sql/install/unnoticed_chunks.sql"),
        &[],
        |row| spi::value::<bool>(row, 1),
    )?;
    Ok(found == Some(true))
}

/// Creates what is missing and grants what is granted. Privileges are only taken away from tables just made, where
/// default privileges may have given too much: later they are the user's own.
fn reassert(file: &File, has_migrated: bool) -> Result<()> {
    run_all(file, |statement| match &statement.kind {
        Kind::Revoke => has_migrated,
        Kind::Other => true,
        created => created.is_missing(),
    })
}

/// `auth.uid()` and its siblings, which policies of the user's own may call; Supabase brings its own.
fn create_auth_functions() -> Result<()> {
    let absent = spi::select_one(
        include_str!("../sql/install/auth_is_absent.sql"),
        &[],
        |row| spi::value::<bool>(row, 1),
    )?;
    if absent == Some(true) {
        run_all(&AUTH, |_| true)
    } else {
        Ok(())
    }
}

/// Runs the migrations between the installed schema version and `upto`, and records each.
/// True when there was one.
fn migrate(upto: i32) -> Result<bool> {
    let installed = installed_version()?;
    if installed.is_none() {
        refuse_unknown_tables()?;
    }
    let pending = MIGRATIONS.iter().filter(|migration| {
        migration.version > installed.unwrap_or(0) && migration.version <= upto
    });
    let mut has_migrated = false;
    for migration in pending {
        for file in migration.files {
            run_all(file, |_| true)?;
        }
        let version = migration.version;
        spi::execute(
            include_str!("../sql/install/record_version.sql"),
            &[version.into()],
        )?;
        has_migrated = true;
    }
    Ok(has_migrated)
}

/// Tables of ours without a recorded version come from somewhere else: touching them could destroy data.
fn refuse_unknown_tables() -> Result<()> {
    let unknown = spi::select_one(
        include_str!("../sql/install/existing_tables.sql"),
        &[table_names().into()],
        |row| spi::column::<String>(row, 1),
    )?;
    match unknown.flatten() {
        Some(table) => Err(Error::SchemaNotReady(
            format!("table \"{table}\" exists, but frontdesk did not create it"),
            "Install into an empty schema: CREATE EXTENSION frontdesk SCHEMA ...; dumps are restored without --enable-row-security.",
        )
        .into()),
        None => Ok(()),
    }
}

fn pin_search_path() -> Result<()> {
    spi::run_each(include_str!("../sql/install/pin_search_path.sql"), &[])
}

/// Runs the statements of a file that `wanted` picks. An error says file and line.
fn run_all(file: &File, wanted: impl Fn(&Statement) -> bool) -> Result<()> {
    for statement in statements(file)? {
        if wanted(&statement) {
            at_position(file.path, statement.line, || spi::run(&statement.text))?;
        }
    }
    Ok(())
}

/// Runs `work`; an error of Postgres gets `path:line` in front of its message.
fn at_position<T>(path: &'static str, line: usize, work: impl FnOnce() -> T) -> T {
    PgTryBuilder::new(AssertUnwindSafe(work))
        .catch_others(|cause| match cause {
            pg_sys::panic::CaughtError::PostgresError(report) => {
                let message = format!("{path}:{line}: {}", report.message());
                let mut located =
                    ErrorReport::new(report.sql_error_code(), message, "install_schema");
                if let Some(detail) = report.detail() {
                    located = located.set_detail(detail);
                }
                if let Some(hint) = report.hint() {
                    located = located.set_hint(hint);
                }
                located.report(PgLogLevel::ERROR);
                unreachable!("reporting an ERROR does not return")
            }
            other => other.rethrow(),
        })
        .execute()
}

impl Kind {
    /// Whether an extension script runs the statement: unless it makes something on a table, or is there already.
    fn is_of_script(&self) -> bool {
        match self {
            Self::Policy { .. }
            | Self::Trigger { .. }
            | Self::AlwaysTrigger { .. }
            | Self::View { .. }
            | Self::Index { .. } => false,
            Self::Operator { .. } | Self::OperatorClass { .. } => self.is_missing(),
            Self::Revoke | Self::Other => true,
        }
    }

    /// Whether the statement creates something that is not there; a user's changed version counts as there.
    fn is_missing(&self) -> bool {
        let (sql, args) = match self {
            Self::Policy { name, table } => (
                include_str!("../sql/install/policy_exists.sql"),
                vec![name.as_str().into(), table.as_str().into()],
            ),
            Self::Trigger { name, table } => (
                include_str!("../sql/install/trigger_exists.sql"),
                vec![name.as_str().into(), table.as_str().into()],
            ),
            Self::AlwaysTrigger { name, table } => (
                include_str!("../sql/install/trigger_fires_always.sql"),
                vec![name.as_str().into(), table.as_str().into()],
            ),
            Self::View { name } | Self::Index { name } => (
                include_str!("../sql/install/view_exists.sql"),
                vec![name.as_str().into()],
            ),
            Self::Operator { name } => (
                include_str!("../sql/install/operator_exists.sql"),
                vec![name.as_str().into()],
            ),
            Self::OperatorClass { name } => (
                include_str!("../sql/install/operator_class_exists.sql"),
                vec![name.as_str().into()],
            ),
            Self::Revoke | Self::Other => return false,
        };
        matches!(
            spi::select_one(sql, &args, |row| spi::value::<bool>(row, 1)),
            Ok(Some(false))
        )
    }
}
