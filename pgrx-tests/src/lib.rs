//! What the tests of frontdesk stand on: fresh databases with the extension, sessions of ordinary people, dumps and
//! snapshots of everything a catalogue knows.
//!
//! `#[pg_test]` runs as superuser inside one transaction that is rolled back, so it cannot see row level security,
//! privileges, commits, concurrency or restores. The tests that use this crate can. They expect the throw-away cluster
//! that `tools/with-cluster` starts, and find it through `PGHOST`, `PGPORT`, `PGUSER` and `FRONTDESK_PG_BIN`.

mod database;
mod dump;
mod session;
mod snapshot;
mod sql;
mod standby;
mod tenant;
mod waiting;

pub use database::Database;
pub use dump::{Dump, DumpFormat};
pub use postgres;
pub use session::{Identity, Session, sqlstate};
pub use snapshot::{catalogue, contents};
pub use sql::Sql;
pub use standby::Standby;
pub use tenant::{ACME, GLOBEX, Tenant};
pub use uuid::Uuid;
