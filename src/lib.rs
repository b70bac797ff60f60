//! frontdesk: the back end of a multi-tenant AI support chat, inside Postgres.
//!
//! The crate has two layers. Modules that say `#[pg_extern]` are the SQL surface: they check their arguments, read,
//! call an algorithm and write. The algorithms ([`analysis`], [`bm25`], [`chunking`], [`html`], [`naming`], [`rabitq`], [`synonyms`])
//! know nothing of Postgres and are tested, fuzzed and measured on their own.

pub mod analysis;
pub mod bm25;
pub mod chunking;
pub mod html;
pub mod naming;
pub mod rabitq;
pub mod synonyms;

mod access;
mod cache;
mod claims;
mod content;
mod credentials;
mod error;
mod hex;
mod install;
mod jsonb;
mod keyring;
mod limits;
mod maintenance;
mod membership;
mod opaque;
mod origins;
mod owner;
mod privacy;
mod queues;
mod search;
mod settings;
mod spi;
mod telemetry;
mod tenancy;

::pgrx::pg_module_magic!(name, version);

::pgrx::extension_sql_file!("../sql/finalize.sql", name = "finalize", finalize);

/// Runs when a backend loads the library.
#[pgrx::pg_guard]
pub extern "C-unwind" fn _PG_init() {
    access::register_callbacks();
    cache::declare_settings();
    credentials::declare_settings();
    queues::declare_settings();
    search::declare_settings();
}

/// The schema of all functions. It is a member of the extension: DROP EXTENSION removes it, and a schema of that name
/// that somebody else made before makes CREATE EXTENSION fail.
#[pgrx::pg_schema]
mod frontdesk {
    use pgrx::heap_tuple::PgHeapTuple;
    use pgrx::pg_sys::panic::ErrorReport;
    use pgrx::pgbox::AllocatedByPostgres;
    use pgrx::prelude::*;

    /// Announces, before a row of memberships or domains changes or their table is truncated, that sets of what people
    /// reach have to be read again. Lets the row pass as it is. Here, because a trigger's schema is that of its module.
    #[pg_trigger]
    fn announce_access_change<'a>(
        trigger: &'a PgTrigger<'a>,
    ) -> Result<Option<PgHeapTuple<'a, AllocatedByPostgres>>, ErrorReport> {
        crate::access::announce();
        Ok(trigger.new().or_else(|| trigger.old()))
    }
}

/// What `cargo pgrx test` needs of the crate.
#[cfg(test)]
pub mod pg_test {
    /// Called once before the first test.
    pub fn setup(_options: Vec<&str>) {}

    /// Settings of the test server.
    #[must_use]
    pub fn postgresql_conf_options() -> Vec<&'static str> {
        vec![]
    }
}
