//! The installed schema is the specification's, and keeps our own rules. `tests/spec/README.md` explains the files
//! that the expectations come from.

mod installed;
mod planted;
mod rules;
mod specified;

use frontdesk_harness::postgres::{Client, SimpleQueryMessage};
use frontdesk_harness::{Database, Identity};

use installed::*;

/// Compares a fresh installation with what is promised.
fn as_specified(comparison: fn(&mut Client) -> Vec<String>) {
    let db = Database::new();
    let mut client = db.superuser();
    describe_ours(&mut client);
    let found = comparison(&mut client);
    assert!(
        found.is_empty(),
        "{} differences:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn thirty_two_tables_exist() {
    assert_eq!(specified::tables().len(), 32);
    as_specified(wrong_tables);
}

#[test]
fn every_column_has_its_type_nullability_and_default() {
    assert_eq!(specified::columns().len(), 323);
    as_specified(wrong_columns);
}

#[test]
fn extra_columns_come_last_and_are_marked_ours() {
    as_specified(wrong_extra_columns);
}

#[test]
fn primary_keys_are_the_specified_ones() {
    assert_eq!(specified::keys("PRIMARY KEY").len(), 32);
    as_specified(wrong_primary_keys);
}

#[test]
fn unique_constraints_are_the_specified_ones() {
    as_specified(wrong_unique_constraints);
}

#[test]
fn the_24_foreign_keys_exist_with_their_actions() {
    assert_eq!(specified::foreign_keys().len(), 24);
    as_specified(wrong_foreign_keys);
}

#[test]
fn every_named_index_exists_as_defined() {
    as_specified(wrong_indexes);
}

#[test]
fn the_53_policies_are_on_their_tables() {
    assert_eq!(specified::policies_said_by("page"), (24, 45));
    assert_eq!(specified::policies_said_by("ruling"), (8, 8));
    assert_eq!(specified::rulings("policies").len(), 8);
    as_specified(wrong_policies);
}

#[test]
fn values_are_held_to_the_ruled_ones_and_no_others() {
    as_specified(wrong_checks);
}

#[test]
fn the_specifications_example_queries_run() {
    let db = Database::new();
    db.superuser()
        .batch_execute(include_str!("spec/example_rows.sql"))
        .expect("write the example rows");
    let mut operator = db.session(&Identity::Service);
    let queries: Vec<&str> = include_str!("spec/queries.sql")
        .split_inclusive(";\n")
        .collect();
    assert_eq!(queries.len(), 12);
    for query in queries {
        let answer = operator
            .simple_query(query)
            .unwrap_or_else(|error| panic!("{error:?}: {query}"));
        let rows = answer
            .iter()
            .filter(|message| matches!(message, SimpleQueryMessage::Row(_)));
        assert!(rows.count() > 0, "no rows: {query}");
    }
}
