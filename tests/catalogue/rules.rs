//! Rules of ours that every table, column and function keeps. Each is a query that finds what breaks it.

pub const NO_DUPLICATE_INDEX: &str = include_str!("rules/duplicate_indexes.sql");
pub const FOREIGN_KEYS_INDEXED: &str = include_str!("rules/foreign_keys_without_index.sql");
pub const ROW_LEVEL_SECURITY_ON: &str = include_str!("rules/row_level_security_off.sql");
pub const COLUMNS_CLASSED: &str = include_str!("rules/columns_without_class.sql");
pub const TABLES_COMMENTED: &str = include_str!("rules/tables_without_comment.sql");
pub const FUNCTIONS_COMMENTED: &str = include_str!("rules/functions_without_comment.sql");
pub const SEARCH_PATH_PINNED: &str = include_str!("rules/functions_with_open_search_path.sql");
pub const DEFINERS_OWNED: &str = include_str!("rules/security_definers_of_others.sql");
pub const RELATIONS_OWNED: &str = include_str!("rules/relations_of_others.sql");
pub const NO_RELATION_IS_MEMBER: &str = include_str!("rules/relations_that_are_members.sql");
pub const ONLY_OURS_IN_TARGET: &str = include_str!("rules/strangers_in_target_schema.sql");

use frontdesk_harness::Database;

use super::installed::{describe_ours, offenders};

fn holds(rule: &str) {
    let db = Database::new();
    let mut client = db.superuser();
    describe_ours(&mut client);
    let found = offenders(&mut client, rule);
    assert!(
        found.is_empty(),
        "{} break the rule:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn no_index_duplicates_another() {
    holds(NO_DUPLICATE_INDEX);
}

#[test]
fn every_foreign_key_column_is_the_head_of_an_index() {
    holds(FOREIGN_KEYS_INDEXED);
}

#[test]
fn row_level_security_is_on_everywhere() {
    holds(ROW_LEVEL_SECURITY_ON);
}

#[test]
fn every_column_has_a_class() {
    holds(COLUMNS_CLASSED);
}

#[test]
fn every_table_has_a_comment() {
    holds(TABLES_COMMENTED);
}

#[test]
fn every_function_has_a_comment() {
    holds(FUNCTIONS_COMMENTED);
}

#[test]
fn every_function_that_resolves_names_has_a_pinned_search_path() {
    holds(SEARCH_PATH_PINNED);
}

#[test]
fn security_definer_functions_belong_to_frontdesk_owner() {
    holds(DEFINERS_OWNED);
}

#[test]
fn tables_views_and_sequences_belong_to_frontdesk_owner() {
    holds(RELATIONS_OWNED);
}

#[test]
fn no_table_is_an_extension_member() {
    holds(NO_RELATION_IS_MEMBER);
}

#[test]
fn nothing_but_the_32_tables_and_views_in_the_target_schema() {
    holds(ONLY_OURS_IN_TARGET);
}
