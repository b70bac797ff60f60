//! The comparisons are worth something only if they notice what they are for.

use frontdesk_harness::Database;
use frontdesk_harness::postgres::Client;

use super::installed::*;
use super::rules::*;

/// What to change, which comparison should notice, and what its report should contain.
const PLANTED: &str = include_str!("planted.tsv");

fn report(client: &mut Client, comparison: &str) -> Vec<String> {
    match comparison {
        "tables" => wrong_tables(client),
        "columns" => wrong_columns(client),
        "extra_columns" => wrong_extra_columns(client),
        "primary_keys" => wrong_primary_keys(client),
        "unique_constraints" => wrong_unique_constraints(client),
        "foreign_keys" => wrong_foreign_keys(client),
        "indexes" => wrong_indexes(client),
        "policies" => wrong_policies(client),
        "checks" => wrong_checks(client),
        "duplicate_indexes" => offenders(client, NO_DUPLICATE_INDEX),
        "foreign_keys_without_index" => offenders(client, FOREIGN_KEYS_INDEXED),
        "row_level_security_off" => offenders(client, ROW_LEVEL_SECURITY_ON),
        "columns_without_class" => offenders(client, COLUMNS_CLASSED),
        "tables_without_comment" => offenders(client, TABLES_COMMENTED),
        "functions_without_comment" => offenders(client, FUNCTIONS_COMMENTED),
        "functions_with_open_search_path" => offenders(client, SEARCH_PATH_PINNED),
        "security_definers_of_others" => offenders(client, DEFINERS_OWNED),
        "relations_of_others" => offenders(client, RELATIONS_OWNED),
        "relations_that_are_members" => offenders(client, NO_RELATION_IS_MEMBER),
        "strangers_in_target_schema" => offenders(client, ONLY_OURS_IN_TARGET),
        _ => panic!("no comparison is called {comparison}"),
    }
}

#[test]
fn planted_differences_are_noticed() {
    let db = Database::new();
    let mut client = db.superuser();
    describe_ours(&mut client);
    for line in PLANTED.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [comparison, expected, change] = fields[..] else {
            panic!("not three fields: {line}")
        };
        let before = report(&mut client, comparison);
        client
            .batch_execute(&format!("begin; {change}"))
            .unwrap_or_else(|error| panic!("{change}: {error:?}"));
        let mut found = report(&mut client, comparison);
        client.batch_execute("rollback").expect("roll back");
        found.retain(|difference| !before.contains(difference));
        assert!(
            found.iter().any(|difference| difference.contains(expected)),
            "{comparison} does not notice {change}, it reports:\n{}",
            found.join("\n")
        );
    }
}
