//! What every write brings about, whoever makes it: one module per domain of the schema, and what all domains share.

mod back_office;
mod cache;
mod chat;
mod content;
mod knowledge;
mod privacy;
mod synonyms;
mod telemetry;
mod tenancy;
mod updated_at;
mod widget;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql, sqlstate};

/// Under both, a promise about two sessions holds; how the second of them is told differs.
const ISOLATION_LEVELS: [&str; 2] = ["read committed", "repeatable read"];

/// A constraint of ours is violated.
const CHECK_VIOLATION: &str = "23514";
const UNIQUE_VIOLATION: &str = "23505";
const NOT_ALLOWED: &str = "42501";
/// What a REPEATABLE READ transaction hears when somebody else was first.
const SERIALIZATION_FAILURE: &str = "40001";

/// ACME and GLOBEX with rows in every table, and a session of the superuser.
fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    (db, client)
}

/// Two sessions at once: the first has made its change when the second begins with its own and has to wait; then both
/// commit. Returns what the second is refused with.
fn at_once(
    db: &Database,
    isolation: &str,
    first: (&mut Client, &str),
    second: (&mut Client, &str),
) -> Option<String> {
    for client in [&mut *first.0, &mut *second.0] {
        client.run(&format!("begin isolation level {isolation}"));
        // Takes the snapshot.
        client.row("select count(*) from domains");
    }
    first.0.run(first.1);
    let outcome = db.waits(first.0, "commit", second.0, second.1);
    second.0.run("commit");
    outcome.err().map(|error| sqlstate(&error).to_owned())
}

/// What the second of two is refused with, when READ COMMITTED says so.
fn refusal(isolation: &str, when_it_sees_the_first: &str) -> Option<String> {
    let code = match isolation {
        "read committed" => when_it_sees_the_first,
        _ => SERIALIZATION_FAILURE,
    };
    Some(code.to_owned())
}
