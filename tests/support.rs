//! What tests of tenants have in common.

use frontdesk_harness::postgres::{Client, Error};
use frontdesk_harness::{ACME, Database, GLOBEX, Session, Sql, sqlstate};

/// ACME and GLOBEX with rows in every table, and a session of the superuser.
pub fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    for tenant in [ACME, GLOBEX] {
        tenant.create(&mut client);
    }
    (db, client)
}

/// The first column of the only row; `None` for NULL.
pub fn one(client: &mut Client, sql: &str) -> Option<String> {
    let row = client.query_one(sql, &[]);
    row.unwrap_or_else(|error| panic!("{error:?}: {sql}"))
        .get(0)
}

/// `ok`, or the SQLSTATE of the error.
pub fn code<T>(result: &Result<T, Error>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => sqlstate(error).to_owned(),
    }
}

/// Everything by which a caller could tell one refusal from another: SQLSTATE, message, detail and hint.
pub fn answer<T>(result: Result<T, Error>) -> [Option<String>; 4] {
    let refused = result.err().expect("a refusal");
    let error = refused.as_db_error().expect("an error of the server");
    [
        Some(error.code().code()),
        Some(error.message()),
        error.detail(),
        error.hint(),
    ]
    .map(|text| text.map(str::to_owned))
}

/// Runs `first_sql` in a transaction, then `second_sql` in another session, which has to wait, and commits the first.
/// Returns what becomes of the second: `ok`, or its SQLSTATE.
pub fn race(
    db: &Database,
    first: &mut Client,
    first_sql: &str,
    mut second: Session,
    second_sql: &str,
) -> String {
    first.run(&format!("begin; {first_sql}"));
    code(&db.waits(first, "commit", &mut second, second_sql))
}
