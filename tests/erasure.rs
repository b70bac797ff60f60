//! What is exported is what is erased: all of one person in one tenant, and nothing of anybody else.

mod concurrency;
mod documents;
mod refusals;

use std::collections::BTreeMap;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Tenant, contents};
use serde_json::{Value, json};

const JANE: &str = "jane@mail.example";
const STAFF: &str = "88888888-8888-4888-8888-888888888888";

/// ACME and GLOBEX, each with the same people.
fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    for tenant in [ACME, GLOBEX] {
        tenant.create(&mut client);
        plant_people(&mut client, &tenant);
    }
    (db, client)
}

fn plant_people(client: &mut Client, tenant: &Tenant) {
    let sql = include_str!("erasure/people.sql")
        .replace("{domain}", &tenant.domain())
        .replace("{d}", &tenant.domain_id().to_string())
        .replace("{c}", &tenant.config_id().to_string())
        .replace("{o}", &tenant.organization_id().to_string());
    client
        .batch_execute(&sql)
        .unwrap_or_else(|error| panic!("{error:?}"));
}

fn export(client: &mut Client, identifier: &str) -> Value {
    let row = client.query_one(
        "select frontdesk.gdpr_export('acme.example', $1)",
        &[&identifier],
    );
    row.expect("export").get(0)
}

fn erase(client: &mut Client, identifier: &str, mode: &str) -> Value {
    let row = client.query_one(
        "select frontdesk.gdpr_erase('acme.example', $1, $2)",
        &[&identifier, &mode],
    );
    row.expect("erase").get(0)
}

/// Jane's rows in one tenant.
fn janes_counts() -> Value {
    json!({
        "conversations": 4, "messages": 8, "chat_telemetry": 6, "demo_attempts": 1, "organization_invitations": 1,
        "training_data": 0, "widget_config_history": 0
    })
}

/// Every row of every table as text, but for what erasure writes itself.
/// The rows of every table but the audit log and the logs of what has changed.
fn rows(client: &mut Client) -> BTreeMap<String, Vec<String>> {
    let tables = client
        .query(
            "select c.oid::regclass::text from pg_class as c
             where c.relkind = 'r' and c.relowner = 'frontdesk_owner'::regrole
                and c.relname <> all (array['gdpr_audit_log', 'rollup_invalidations', 'search_changes', 'corpus_changes'])",
            &[],
        )
        .expect("list the tables");
    let names = tables.iter().map(|row| row.get::<_, String>(0));
    names
        .map(|table| {
            let sql = format!("select t::text from {table} as t order by 1");
            let rows = client.query(&sql, &[]).expect("read a table");
            (table, rows.iter().map(|row| row.get(0)).collect())
        })
        .collect()
}

/// What `before` has and `after` has not.
fn missing(before: &[String], after: &[String]) -> Vec<String> {
    before
        .iter()
        .filter(|row| !after.contains(row))
        .cloned()
        .collect()
}

#[test]
fn what_is_exported_is_what_is_erased() {
    let (db, _) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    for (identifier, mode) in [
        (JANE, "delete"),
        (STAFF, "delete"),
        ("jane-phone2", "anonymize"),
        ("nobody", "delete"),
    ] {
        let exported = export(&mut admin, identifier);
        let receipt = erase(&mut admin, identifier, mode);
        assert_eq!(exported["counts"], receipt["counts"], "{identifier}");
        for (table, rows) in exported["data"].as_object().expect("tables") {
            assert_eq!(
                json!(rows.as_array().expect("rows").len()),
                exported["counts"][table],
                "{table}"
            );
        }
    }
}

#[test]
fn every_identifier_of_a_person_leads_to_the_same_rows() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let customer = "77777777-7777-4777-8777-777777777777";
    for identifier in [
        JANE,
        "JANE@MAIL.EXAMPLE",
        "jane-phone",
        "jane-laptop",
        "jane-shop",
        customer,
        &customer.to_uppercase(),
    ] {
        assert_eq!(
            export(&mut owner, identifier)["counts"],
            janes_counts(),
            "{identifier}"
        );
    }
}

#[test]
fn an_identifier_is_a_value_and_never_a_pattern() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for identifier in [
        "%",
        "_",
        "jane%",
        "jane-phon_",
        "jane-.*",
        ".*",
        "jane",
        "' or true --",
        "jane@mail.example ",
        "\\",
    ] {
        let counts = &export(&mut owner, identifier)["counts"];
        assert!(
            counts
                .as_object()
                .expect("counts")
                .values()
                .all(|count| count == 0),
            "{identifier}: {counts}"
        );
    }
}

#[test]
fn erasure_takes_the_rows_of_the_person_and_leaves_every_other_as_it_was() {
    let (db, mut client) = two_tenants();
    let before = rows(&mut client);
    let receipt = erase(&mut db.session(&ACME.person("owner")), JANE, "delete");
    assert_eq!(receipt["counts"], janes_counts());
    assert_eq!(
        receipt["caches"],
        json!({"query_cache": 1, "search_cache": 1})
    );
    let after = rows(&mut client);
    for (table, rows) in &before {
        let gone = missing(rows, &after[table]);
        let expected = receipt["counts"]
            .get(table)
            .or(receipt["caches"].get(table))
            .unwrap_or(&Value::Null);
        assert_eq!(
            gone.len() as i64,
            expected.as_i64().unwrap_or(0),
            "{table}: {gone:#?}"
        );
        assert_eq!(
            missing(&after[table], rows),
            Vec::<String>::new(),
            "{table}"
        );
        assert!(
            gone.iter()
                .all(|row| !row.to_lowercase().contains("globex")),
            "{table}: {gone:#?}"
        );
    }
}

#[test]
fn staff_leave_no_examples_and_no_name_on_a_change() {
    let (db, mut client) = two_tenants();
    let receipt = erase(&mut db.session(&ACME.person("owner")), STAFF, "delete");
    assert_eq!(receipt["counts"]["training_data"], 1);
    assert_eq!(receipt["counts"]["widget_config_history"], 1);
    let left = client
        .query_one(
            "select (select count(*) from training_data where user_id = $1::text::uuid and domain = 'acme.example'),
                (select count(*) from widget_config_history where changed_by = $1::text::uuid),
                (select count(*) from widget_config_history where changed_by is null and config_snapshot = '{\"color\": \"red\"}')",
            &[&STAFF],
        )
        .expect("count");
    // The other tenant's entry keeps its name, the erased one its settings.
    assert_eq!(
        (
            left.get::<_, i64>(0),
            left.get::<_, i64>(1),
            left.get::<_, i64>(2)
        ),
        (0, 1, 1)
    );
}

#[test]
fn a_second_erasure_finds_nothing() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for mode in ["anonymize", "delete", "anonymize"] {
        erase(&mut owner, JANE, mode);
        let before = rows(&mut client);
        let counts = &erase(&mut owner, JANE, mode)["counts"];
        assert!(
            counts
                .as_object()
                .expect("counts")
                .values()
                .all(|count| count == 0),
            "{counts}"
        );
        assert_eq!(rows(&mut client), before);
    }
}

#[test]
fn anonymizing_keeps_every_total_and_nothing_that_says_who() {
    let (db, mut client) = two_tenants();
    let totals = |client: &mut Client| -> Vec<String> {
        client
            .batch_execute("select frontdesk.refresh_rollups()")
            .expect("refresh");
        contents(client)
            .into_iter()
            .filter(|(table, _)| table.contains("rollups"))
            .map(|(table, digest)| format!("{table} {digest}"))
            .collect()
    };
    let before = totals(&mut client);
    let receipt = erase(&mut db.session(&ACME.person("owner")), JANE, "anonymize");
    assert_eq!(receipt["counts"], janes_counts());
    assert_eq!(totals(&mut client), before);
    let row = client
        .query_one(
            "select count(*), count(distinct session_id), count(*) filter (where num_nonnulls(conversation_id, ip_address, user_agent,
                error, model_config) > 0 or searches <> '[]' or logs <> '[]')
             from chat_telemetry where session_id like 'anonymized-%'",
            &[],
        )
        .expect("count");
    assert_eq!(
        (
            row.get::<_, i64>(0),
            row.get::<_, i64>(1),
            row.get::<_, i64>(2)
        ),
        (6, 6, 0)
    );
}

#[test]
fn deleting_takes_a_persons_requests_out_of_the_totals() {
    let (db, mut client) = two_tenants();
    let total = "select sum(total_requests) from chat_telemetry_rollups where granularity = 'hour' and bucket_start > '2021-01-01'";
    client
        .batch_execute("select frontdesk.refresh_rollups()")
        .expect("refresh");
    let before: i64 = client.query_one(total, &[]).expect("sum").get(0);
    erase(&mut db.session(&ACME.person("owner")), JANE, "delete");
    client
        .batch_execute("select frontdesk.refresh_rollups()")
        .expect("refresh");
    assert_eq!(
        client.query_one(total, &[]).expect("sum").get::<_, i64>(0),
        before - 6
    );
}

#[test]
fn an_erasure_is_part_of_the_callers_transaction() {
    let (db, mut client) = two_tenants();
    let before = contents(&mut client);
    let mut owner = db.session(&ACME.person("owner"));
    let mut transaction = owner.transaction().expect("begin");
    transaction
        .query("select frontdesk.gdpr_erase('acme.example', $1)", &[&JANE])
        .expect("erase");
    transaction.rollback().expect("rollback");
    assert_eq!(contents(&mut client), before);
}
