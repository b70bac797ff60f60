//! Nobody but operators gets to see a secret: a canary in every secret column is looked for in everything that anybody hears.

use std::{env, fs};

use super::*;

/// What every canary begins with, by the type of its column.
const TEXT: &str = "canary of ";
const ID: &str = "cafecafe-";

/// Words that only a canary has.
pub fn words() -> Vec<String> {
    vec![TEXT.to_owned(), ID.to_owned(), hex(TEXT), as_bytes(TEXT)]
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// As a constant stands in a plan that debug_print_plan prints.
fn as_bytes(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| byte.to_string()).collect();
    bytes.join(" ")
}

/// Puts a canary into every secret column of every row, without any trigger noticing.
pub fn plant(client: &mut Client) {
    let columns = client.rows(include_str!("secret_columns.sql"));
    assert!(columns.len() >= 5, "only {columns:?} are secret");
    client.run("set session_replication_role = replica");
    for line in columns {
        let fields: Vec<&str> = line.split('|').collect();
        let [table, column, data_type] = fields[..] else {
            panic!("not three fields: {line}")
        };
        let text = format!("'{TEXT}{table}.{column} ' || ctid");
        let value = match data_type {
            "text" => text,
            "jsonb" => format!("jsonb_build_object('key', {text})"),
            "bytea" => format!("convert_to({text}, 'UTF8')"),
            "uuid" => format!("(overlay(md5({text}) placing 'cafecafe' from 1 for 8))::uuid"),
            other => panic!("what is a canary of type {other}, for {table}.{column}?"),
        };
        client.run(&format!("update {table} set {column} = {value}"));
    }
    client.run("set session_replication_role = origin");
}

/// Fails when the server has written a canary into its log. No statement of the tests that can fail contains one.
pub fn assert_not_in_log() {
    let Some(file) = env::var_os("FRONTDESK_SERVER_LOG") else {
        return;
    };
    let log = fs::read(file).expect("read the log of the server");
    let log = String::from_utf8_lossy(&log);
    for line in log.lines() {
        let is_told = words().iter().any(|word| line.contains(word));
        assert!(!is_told, "a secret is in the log: {line}");
    }
}

#[test]
fn every_secret_column_has_a_canary_that_operators_see() {
    let (db, mut client) = two_tenants();
    let mut operator = Witness::new(&db, &Identity::Service);
    for line in client.rows(include_str!("secret_columns.sql")) {
        let (column, _) = line.rsplit_once('|').expect("a column and its type");
        let (table, column) = column.split_once('|').expect("a table and a column");
        let values = operator
            .ask(&format!("select {column} from {table}"))
            .expect("operators read secrets");
        assert!(values.count >= 2, "{table} has no rows");
        for value in values.rows {
            assert!(
                words().iter().any(|word| value.contains(word)),
                "{table}.{column}: {value}"
            );
        }
    }
}

/// Everybody looks everywhere where Postgres keeps what it knows about values.
#[test]
fn statistics_and_activity_hold_nothing_for_them() {
    let (db, _) = two_tenants();
    for subject in everybody() {
        let mut witness = Witness::new(&db, &subject.identity);
        for view in [
            "pg_stats",
            "pg_stats_ext",
            "pg_stats_ext_exprs",
            "pg_statistic",
            "pg_statistic_ext_data",
            "pg_stat_activity",
            "pg_prepared_statements",
            "pg_cursors",
            "pg_file_settings",
            "pg_hba_file_rules",
        ] {
            let _ = witness.ask(&format!("select * from {view}"));
        }
        witness.assert_never_heard(&subject.not_for_them(), subject.name);
    }
    assert_not_in_log();
}
