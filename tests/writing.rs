//! What members write through functions: each its rank, each its own domains, and nothing that could not be read again.

mod content;
mod knowledge;
mod ranks;
mod widget;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Identity, sqlstate};

fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    for tenant in [ACME, GLOBEX] {
        tenant.create(&mut client);
    }
    (db, client)
}

/// `ok` or the SQLSTATE that a client gets for a call.
fn outcome(client: &mut Client, call: &str) -> String {
    match client.query(&format!("select * from frontdesk.{call}"), &[]) {
        Ok(_) => "ok".to_owned(),
        Err(error) => sqlstate(&error).to_owned(),
    }
}

/// The first column of the first row, as text.
fn one(client: &mut Client, sql: &str) -> Option<String> {
    let row = client.query_one(sql, &[]);
    row.unwrap_or_else(|error| panic!("{error:?}: {sql}"))
        .get(0)
}
