//! Who belongs to an organization, and what belongs to it, changes rarely, but then every backend must know at once; synonyms
//! likewise.
//!
//! Postgres has a way for that: before a backend tells its client that a transaction has committed, it queues messages
//! about it for all backends, and each reads its queue before it uses what it keeps. The triggers of
//! `sql/triggers/access_changes.sql` send such a message about `frontdesk_internal.access_changes`, a table without rows
//! that is there for nothing else, so that no plan of anybody's is made anew. Messages reach a standby with the changes.

use std::cell::Cell;
use std::ffi::{CStr, c_void};
use std::sync::Once;

use pgrx::pg_sys;

/// Schema and name of the table that messages are about.
const SUBJECT: (&CStr, &CStr) = (c"frontdesk_internal", c"access_changes");

/// How many tables is read from what is kept.
const TABLES: usize = 5;

/// The relations about which a message matters.
#[derive(Clone, Copy)]
enum Watched {
    /// Not looked up: every message may matter.
    Unknown,
    /// Not all triggers are in place, and every message may be about one that is added.
    Incomplete,
    /// Of the tables, messages tell that triggers were changed or the table truncated.
    Complete {
        subject: pg_sys::Oid,
        tables: [pg_sys::Oid; TABLES],
    },
}

thread_local! {
    static WATCHED: Cell<Watched> = const { Cell::new(Watched::Unknown) };
    /// Counts messages that matter.
    static GENERATION: Cell<u64> = const { Cell::new(0) };
    /// The subtransaction in which this transaction last changed what sets are read from.
    static CHANGED_IN: Cell<Option<pg_sys::SubTransactionId>> = const { Cell::new(None) };
}

/// Listens to messages and to the end of transactions. Called when the library is loaded.
pub fn register_callbacks() {
    // Postgres repeats an initialisation that has failed.
    static ONCE: Once = Once::new();
    // SAFETY: the library is never unloaded, and neither function raises.
    ONCE.call_once(|| unsafe {
        pg_sys::CacheRegisterRelcacheCallback(Some(on_message), pg_sys::Datum::null());
        pg_sys::RegisterXactCallback(Some(on_transaction_event), std::ptr::null_mut());
    });
}

/// Called for each message about a relation; for relation 0 when messages were lost, so that it is about all.
unsafe extern "C-unwind" fn on_message(_: pg_sys::Datum, relation: pg_sys::Oid) {
    match WATCHED.get() {
        Watched::Complete { subject, .. } if relation == subject => {}
        Watched::Complete { tables, .. }
            if relation != pg_sys::InvalidOid && !tables.contains(&relation) =>
        {
            return;
        }
        _ => WATCHED.set(Watched::Unknown),
    }
    GENERATION.set(GENERATION.get() + 1);
}

unsafe extern "C-unwind" fn on_transaction_event(event: pg_sys::XactEvent::Type, _: *mut c_void) {
    use pg_sys::XactEvent::{XACT_EVENT_ABORT, XACT_EVENT_COMMIT, XACT_EVENT_PREPARE};
    if [XACT_EVENT_ABORT, XACT_EVENT_COMMIT, XACT_EVENT_PREPARE].contains(&event) {
        CHANGED_IN.set(None);
    }
}

/// Reads the messages that have been sent to this backend.
pub fn accept() {
    // SAFETY: may be called in any transaction; Postgres does so with every lock.
    unsafe { pg_sys::AcceptInvalidationMessages() }
}

/// A number that grows with each message that matters.
pub fn generation() -> u64 {
    GENERATION.get()
}

/// Whether the current transaction has changed what sets are read from, or has tried.
pub fn are_of_this_transaction() -> bool {
    CHANGED_IN.get().is_some()
}

/// Whether all changes are announced; `None` when that has to be looked up.
pub fn are_announced() -> Option<bool> {
    match WATCHED.get() {
        Watched::Unknown => None,
        Watched::Incomplete => Some(false),
        Watched::Complete { .. } => Some(true),
    }
}

/// Takes the answer of `frontdesk.watched_relations()`: the subject and the tables, or nothing when a trigger is missing.
pub fn watch(relations: &[pg_sys::Oid]) -> bool {
    let watched = match relations {
        [subject, tables @ ..] => {
            tables
                .try_into()
                .map_or(Watched::Incomplete, |tables| Watched::Complete {
                    subject: *subject,
                    tables,
                })
        }
        [] => Watched::Incomplete,
    };
    WATCHED.set(watched);
    matches!(watched, Watched::Complete { .. })
}

/// Sends the message when the current transaction commits, and keeps the rest of the transaction away from kept sets: it
/// alone sees the change, and perhaps rolls it back.
pub fn announce() {
    // SAFETY: reads a number of the current transaction.
    let current = Some(unsafe { pg_sys::GetCurrentSubTransactionId() });
    // A message goes when its subtransaction is rolled back; while that lasts one is enough for any number of rows.
    if CHANGED_IN.replace(current) == current {
        return;
    }
    // SAFETY: look-ups in the catalogue's caches by NUL-terminated names, which take missing ones; the message is queued
    // in this transaction, which is about to write.
    unsafe {
        let schema = pg_sys::get_namespace_oid(SUBJECT.0.as_ptr(), true);
        let subject = pg_sys::get_relname_relid(SUBJECT.1.as_ptr(), schema);
        if subject == pg_sys::InvalidOid {
            pg_sys::CacheInvalidateRelcacheAll();
        } else {
            pg_sys::CacheInvalidateRelcacheByRelid(subject);
        }
    }
}
