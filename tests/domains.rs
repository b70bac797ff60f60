//! A domain's name belongs to one organization, and what carries the name goes where the name goes.

mod aliases;
mod concurrency;
mod deletion;
mod moving;
mod names;

use std::collections::BTreeMap;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Identity};

use crate::support::{answer, code, one, race, two_tenants};

/// `ok` or the SQLSTATE of what `identity` gets for `sql`, which stays done.
fn outcome(db: &Database, identity: &Identity, sql: &str) -> String {
    code(&db.session(identity).batch_execute(sql))
}

/// Fills in {acme} and {globex}, the ids of the organizations.
fn call(template: &str) -> String {
    let sql = template
        .replace("{acme}", &format!("'{}'", ACME.organization_id()))
        .replace("{globex}", &format!("'{}'", GLOBEX.organization_id()));
    format!("select * from frontdesk.{sql}")
}

/// What a function reports: a number for each table, only numbers above 0.
fn counts(client: &mut Client, template: &str) -> BTreeMap<String, i64> {
    let rows = client.query(&call(template), &[]);
    let rows = rows.unwrap_or_else(|error| panic!("{template}: {error:?}"));
    let counts = rows.iter().map(|row| (row.get(0), row.get(1)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// How many rows each table has under a name, in a column called domain or as the registry's name.
fn filed_under(client: &mut Client, name: &str) -> BTreeMap<String, i64> {
    let columns = client.query(
        "select a.attrelid::regclass::text, a.attname::text
         from pg_attribute as a
         join pg_class as c on c.oid = a.attrelid and c.relkind = 'r' and c.relowner = 'frontdesk_owner'::regrole
         where a.attname = 'domain' or (a.attname = 'name' and c.relname = 'domain_names')",
        &[],
    );
    let mut found = BTreeMap::new();
    for row in columns.expect("list the columns") {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let sql = format!("select count(*) from {table} where {column} = $1");
        let count: i64 = client.query_one(&sql, &[&name]).expect("count").get(0);
        if count > 0 {
            found.insert(table, count);
        }
    }
    found
}

/// A row under this name in every table that knows its tenant by name, written by an operator.
fn file_under(client: &mut Client, name: &str) {
    let sql = "
        insert into chat_telemetry (session_id, model, start_time, domain) values ('s', 'm', now(), '{name}');
        insert into chat_telemetry_domain_rollups (bucket_start, bucket_end, granularity, domain, total_requests)
        values ('2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour', '{name}', 1);
        insert into chat_telemetry_model_rollups (bucket_start, bucket_end, granularity, domain, model, total_requests)
        values ('2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour', '{name}', 'a model', 1);
        insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ('{name}', 'daily', 4);
        insert into training_data (domain, type, input_text, output_text) values ('{name}', 'answer', 'in', 'out');
        insert into scrape_jobs (domain, job_type, status) values ('{name}', 'full', 'running');";
    client
        .batch_execute(&sql.replace("{name}", name))
        .expect("file rows under the name");
}

/// The tables of `file_under`, and the note that the telemetry leaves for the rollups.
const BY_NAME: [&str; 7] = [
    "chat_cost_alerts",
    "chat_telemetry",
    "chat_telemetry_domain_rollups",
    "chat_telemetry_model_rollups",
    "frontdesk_internal.rollup_invalidations",
    "scrape_jobs",
    "training_data",
];
