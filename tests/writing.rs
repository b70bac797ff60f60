//! What members write through functions: each its rank, each its own domains, and nothing that could not be read again.

mod content;
mod knowledge;
mod products;
mod ranks;
mod widget;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Identity};

use crate::support::{answer, code, one, race, two_tenants};

/// `ok` or the SQLSTATE that a client gets for a call.
fn outcome(client: &mut Client, call: &str) -> String {
    code(&client.query(&format!("select * from frontdesk.{call}"), &[]))
}
