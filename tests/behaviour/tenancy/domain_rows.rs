//! What is filed under a domain's name is spelt like the name, follows it, and goes with it.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{GLOBEX, Sql};

use crate::behaviour::two_tenants;

/// The tables whose rows belong to whoever holds the name.
const TABLES: [&str; 6] = [
    "chat_telemetry",
    "chat_telemetry_domain_rollups",
    "chat_telemetry_model_rollups",
    "chat_cost_alerts",
    "training_data",
    "scrape_jobs",
];

/// How many rows each of the tables has under a name.
fn filed(client: &mut Client, name: &str) -> Vec<String> {
    TABLES
        .iter()
        .map(|table| {
            client.row(&format!(
                "select count(*) from {table} where domain = '{name}'"
            ))
        })
        .collect()
}

const ONE_EACH: [&str; 6] = ["1"; 6];
const NONE: [&str; 6] = ["0"; 6];

fn rename(table: &str, from: &str, to: &str) -> String {
    format!("update {table} set domain = '{to}' where domain = '{from}'")
}

#[test]
fn a_name_in_any_table_is_spelt_as_the_registry_spells_it() {
    let (_db, mut client) = two_tenants();
    for table in TABLES.iter().chain(&["demo_attempts", "gdpr_audit_log"]) {
        let given = "'HTTPS://www.ACME.example/page'";
        if *table == "gdpr_audit_log" {
            client.run(&format!(
                "insert into {table} (domain, request_type, user_identifier, action_taken) values ({given}, 'access', 'x', 'y')"
            ));
        } else {
            client.run(&format!(
                "update {table} set domain = {given} where ctid = (select min(ctid) from {table})"
            ));
        }
        let odd = format!(
            "select count(*) from {table} where domain ilike '%acme.example%' and domain <> 'acme.example'"
        );
        assert_eq!(client.row(&odd), "0", "{table}");
    }
}

#[test]
fn a_name_is_spelt_that_way_when_it_is_inserted() {
    let (_db, mut client) = two_tenants();
    client.run("delete from chat_telemetry_domain_rollups; delete from chat_telemetry_model_rollups; delete from chat_cost_alerts; delete from scrape_jobs");
    let given = "'Www.Acme.Example:443'";
    for (table, columns, values) in [
        (
            "chat_telemetry",
            "session_id, model, start_time",
            "'s', 'm', now()",
        ),
        (
            "chat_telemetry_domain_rollups",
            "bucket_start, bucket_end, granularity",
            "'2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour'",
        ),
        (
            "chat_telemetry_model_rollups",
            "bucket_start, bucket_end, granularity, model",
            "'2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour', 'm'",
        ),
        (
            "chat_cost_alerts",
            "alert_type, threshold_usd",
            "'daily', 1",
        ),
        (
            "training_data",
            "type, input_text, output_text",
            "'t', 'i', 'o'",
        ),
        ("scrape_jobs", "job_type", "'full'"),
        ("demo_attempts", "company_name", "'c'"),
    ] {
        let stored = client.row(&format!(
            "insert into {table} (domain, {columns}) values ({given}, {values}) returning domain"
        ));
        assert_eq!(stored, "acme.example", "{table}");
    }
}

#[test]
fn what_is_no_host_name_stays_as_it_is() {
    let (_db, mut client) = two_tenants();
    for text in ["''", "'Not a host'", "null"] {
        let stored = client.row(&format!(
            "insert into chat_telemetry (session_id, model, start_time, domain)
             values ('s', 'm', now(), {text}) returning quote_nullable(domain)"
        ));
        assert_eq!(stored.to_lowercase(), text.to_lowercase());
    }
}

#[test]
fn everything_moves_with_the_last_row_that_is_renamed() {
    let (_db, mut client) = two_tenants();
    client.run(&rename("domains", "acme.example", "www.new.example"));
    assert_eq!(filed(&mut client, "acme.example"), ONE_EACH);
    client.run(&rename("customer_configs", "acme.example", "new.example"));
    assert_eq!(filed(&mut client, "acme.example"), NONE);
    assert_eq!(filed(&mut client, "new.example"), ONE_EACH);
    assert_eq!(filed(&mut client, "globex.example"), ONE_EACH);
}

#[test]
fn everything_goes_with_the_last_row_that_is_deleted() {
    let (_db, mut client) = two_tenants();
    client.run("delete from customer_configs where domain = 'acme.example'");
    // Jobs go with their configuration by foreign key.
    let mut left = ONE_EACH;
    left[5] = "0";
    assert_eq!(filed(&mut client, "acme.example"), left);
    client.run("delete from domains where domain = 'acme.example'");
    assert_eq!(filed(&mut client, "acme.example"), NONE);
    assert_eq!(filed(&mut client, "globex.example"), ONE_EACH);
}

#[test]
fn everything_goes_with_truncated_names() {
    let (_db, mut client) = two_tenants();
    client
        .run("insert into scrape_jobs (domain, job_type) values ('acme.example', 'by name only')");
    client.run("truncate organizations cascade");
    assert_eq!(filed(&mut client, "acme.example"), NONE);
}

#[test]
fn nobody_elses_rows_move_when_a_row_without_organization_is_renamed() {
    let (_db, mut client) = two_tenants();
    client.run("insert into domains (domain) values ('free.example')");
    client.run(&rename("domains", "free.example", "other.example"));
    assert_eq!(filed(&mut client, "acme.example"), ONE_EACH);
    assert_eq!(filed(&mut client, "globex.example"), ONE_EACH);
}

/// ACME holds two names, each with rows; then the first is renamed to the second.
fn two_names_become_one(client: &mut Client, rows_under_both: &str) {
    client.run(
        "update domains set domain = 'new.example' where domain = 'acme.example';
         delete from chat_telemetry_domain_rollups; delete from chat_telemetry_model_rollups;
         delete from chat_cost_alerts; delete from scrape_jobs",
    );
    client.run(rows_under_both);
    client.run(&rename("customer_configs", "acme.example", "new.example"));
}

#[test]
fn totals_of_one_bucket_under_both_names_are_added_up() {
    let (_db, mut client) = two_tenants();
    let hour = "'2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour'";
    let columns = "bucket_start, bucket_end, granularity, domain, total_requests, success_count, failure_count,
        total_input_tokens, total_output_tokens, total_cost_usd, avg_duration_ms, avg_searches, avg_iterations";
    two_names_become_one(
        &mut client,
        &format!(
            "insert into chat_telemetry_domain_rollups ({columns})
             values ({hour}, 'acme.example', 3, 2, 1, 10, 20, 0.5, 100, 1, 2),
                ({hour}, 'new.example', 1, 1, 0, 5, 6, 0.25, 500, 3, null);
             insert into chat_telemetry_model_rollups ({columns}, model)
             values ({hour}, 'acme.example', 3, 2, 1, 10, 20, 0.5, 100, 1, 2, 'm'),
                ({hour}, 'new.example', 1, 1, 0, 5, 6, 0.25, 500, 3, null, 'm'),
                ({hour}, 'new.example', 7, 7, 0, 7, 7, 7, 7, 7, 7, 'another')"
        ),
    );
    let sums = "domain, total_requests, success_count, failure_count, total_input_tokens, total_output_tokens,
        total_cost_usd, avg_duration_ms, round(avg_searches, 2), round(avg_iterations, 2)";
    let both = "new.example|4|3|1|15|26|0.75|200|1.50|2.00";
    assert_eq!(
        client.rows(&format!("select {sums} from chat_telemetry_domain_rollups")),
        [both]
    );
    let models = format!(
        "select {sums} from chat_telemetry_model_rollups where model = 'm' or domain <> 'new.example'"
    );
    assert_eq!(client.rows(&models), [both]);
}

#[test]
fn of_two_alerts_of_one_type_the_earlier_warning_stays() {
    let (_db, mut client) = two_tenants();
    two_names_become_one(
        &mut client,
        "insert into chat_cost_alerts (domain, alert_type, threshold_usd)
         values ('acme.example', 'daily', 10), ('new.example', 'daily', 20), ('acme.example', 'hourly', 1),
            ('new.example', 'monthly', 100)",
    );
    assert_eq!(
        client.rows("select domain, alert_type, threshold_usd from chat_cost_alerts order by 2"),
        [
            "new.example|daily|10",
            "new.example|hourly|1",
            "new.example|monthly|100"
        ]
    );
}

#[test]
fn of_two_active_jobs_of_one_type_the_one_of_the_new_name_goes_on() {
    let (_db, mut client) = two_tenants();
    two_names_become_one(
        &mut client,
        "insert into scrape_jobs (domain, job_type, status, queue_job_id)
         values ('acme.example', 'full', 'running', 'old'), ('new.example', 'full', 'pending', 'new'),
            ('acme.example', 'other', 'pending', 'other')",
    );
    assert_eq!(
        client.rows("select queue_job_id, domain, status from scrape_jobs order by 1"),
        [
            "new|new.example|pending",
            "old|new.example|cancelled",
            "other|new.example|pending"
        ]
    );
}

#[test]
fn the_audit_log_keeps_the_name_that_was_written() {
    let (_db, mut client) = two_tenants();
    for table in ["domains", "customer_configs"] {
        client.run(&rename(table, "acme.example", "new.example"));
    }
    let names = "select domain from gdpr_audit_log order by 1";
    assert_eq!(client.rows(names), ["acme.example", "globex.example"]);
    client.run(&format!(
        "delete from organizations where id = '{}'",
        GLOBEX.organization_id()
    ));
    assert_eq!(client.rows(names), ["acme.example", "globex.example"]);
}
