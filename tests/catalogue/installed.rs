//! What an installed database has, read from its catalogue, and how that differs from what is promised.

use std::collections::BTreeMap;

use frontdesk_harness::postgres::Client;

use super::specified::{self, Catalogue};

/// A column as the catalogue describes it.
pub struct Column {
    /// `table.column`
    pub name: String,
    pub position: i64,
    pub kind: String,
    pub nullable: bool,
    /// The default as Postgres prints it, `identity`, or `-` for neither.
    pub filled_with: String,
    pub comment: String,
}

/// Makes the session know what the queries of this folder call ours.
pub fn describe_ours(client: &mut Client) {
    client
        .batch_execute(include_str!("ours.sql"))
        .expect("define what is ours");
}

/// Runs a query that returns names and definitions.
fn catalogue(client: &mut Client, query: &str) -> Catalogue {
    let rows = client
        .query(query, &[])
        .unwrap_or_else(|error| panic!("{error:?}: {query}"));
    rows.iter()
        .map(|row| (row.get("name"), row.get("definition")))
        .collect()
}

fn constraints(client: &mut Client, kind: &str) -> Catalogue {
    let rows = client
        .query(include_str!("constraints.sql"), &[&kind])
        .expect("read the constraints");
    rows.iter()
        .map(|row| (row.get("name"), row.get("definition")))
        .collect()
}

pub fn columns(client: &mut Client) -> Vec<Column> {
    let rows = client
        .query(include_str!("columns.sql"), &[])
        .expect("read the columns");
    rows.iter()
        .map(|row| Column {
            name: row.get("name"),
            position: row.get("position"),
            kind: row.get("type"),
            nullable: row.get("nullable"),
            filled_with: row.get("filled_with"),
            comment: row.get("comment"),
        })
        .collect()
}

/// One line for each object that is missing, that nobody promised, or that is not as promised.
fn differences(promised: &Catalogue, installed: &Catalogue) -> Vec<String> {
    let wrong = promised
        .iter()
        .filter_map(|(name, promise)| match installed.get(name) {
            None => Some(format!("{name} is missing: {promise}")),
            Some(found) if found != promise => {
                Some(format!("{name} is {found}\n    instead of {promise}"))
            }
            Some(_) => None,
        });
    let unknown = installed
        .iter()
        .filter(|(name, _)| !promised.contains_key(*name));
    wrong
        .chain(unknown.map(|(name, found)| format!("{name} is in no specification: {found}")))
        .collect()
}

pub fn wrong_tables(client: &mut Client) -> Vec<String> {
    differences(
        &specified::tables(),
        &catalogue(client, include_str!("tables.sql")),
    )
}

pub fn wrong_columns(client: &mut Client) -> Vec<String> {
    let promised = specified::columns();
    let installed = columns(client)
        .into_iter()
        .filter(|column| promised.contains_key(&column.name))
        .map(|c| {
            (
                c.name,
                specified::column_definition(c.position, &c.kind, c.nullable, &c.filled_with),
            )
        })
        .collect();
    differences(&promised, &installed)
}

/// Columns of ours stand behind the specified ones, need no value in an insert, and say whose they are.
pub fn wrong_extra_columns(client: &mut Client) -> Vec<String> {
    let page = specified::columns();
    let mut specified_in = BTreeMap::new();
    for name in page.keys() {
        *specified_in.entry(table_of(name)).or_insert(0) += 1;
    }
    let installed = columns(client)
        .into_iter()
        .filter(|column| !page.contains_key(&column.name))
        .map(|column| {
            let described = describe_extra(
                &column,
                specified_in
                    .get(table_of(&column.name))
                    .copied()
                    .unwrap_or(0),
            );
            (column.name, described)
        })
        .collect();
    differences(&specified::rulings("extra column"), &installed)
}

fn table_of(column: &str) -> &str {
    column.split_once('.').map_or(column, |(table, _)| table)
}

/// The type of a column of ours, and what is wrong with it.
fn describe_extra(column: &Column, specified_columns: i64) -> String {
    let mut description = column.kind.clone();
    if column.position <= specified_columns {
        description += ", before specified columns";
    }
    if !column.nullable && column.filled_with == "-" {
        description += ", not null without a default";
    }
    if !column.comment.starts_with("Ours: ") {
        description += ", not marked as ours";
    }
    description
}

pub fn wrong_primary_keys(client: &mut Client) -> Vec<String> {
    differences(&specified::keys("PRIMARY KEY"), &constraints(client, "p"))
}

pub fn wrong_unique_constraints(client: &mut Client) -> Vec<String> {
    differences(&specified::keys("UNIQUE"), &constraints(client, "u"))
}

pub fn wrong_foreign_keys(client: &mut Client) -> Vec<String> {
    differences(&specified::foreign_keys(), &constraints(client, "f"))
}

/// More indexes than the specified ones are welcome, unless they refuse rows that the specification allows.
pub fn wrong_indexes(client: &mut Client) -> Vec<String> {
    let promised = specified::indexes();
    let mut installed = catalogue(client, include_str!("indexes.sql"));
    installed
        .retain(|name, definition| promised.contains_key(name) || definition.starts_with("UNIQUE"));
    differences(&promised, &installed)
}

pub fn wrong_policies(client: &mut Client) -> Vec<String> {
    differences(
        &specified::policies(),
        &catalogue(client, include_str!("policies.sql")),
    )
}

/// Lists of values are compared value by value; of a bound it only matters that there is one.
pub fn wrong_checks(client: &mut Client) -> Vec<String> {
    let promised = specified::rulings("check");
    let page = specified::columns();
    let mut installed = catalogue(client, include_str!("checked_columns.sql"));
    installed.retain(|column, _| page.contains_key(column));
    for (column, found) in &mut installed {
        if let Some(bound) = promised
            .get(column)
            .filter(|values| !values.starts_with("one of "))
        {
            found.clone_from(bound);
        }
    }
    differences(&promised, &installed)
}

/// What a rule of the folder `rules` finds: each row names something that breaks it.
pub fn offenders(client: &mut Client, rule: &str) -> Vec<String> {
    let rows = client
        .query(rule, &[])
        .unwrap_or_else(|error| panic!("{error:?}: {rule}"));
    rows.iter().map(|row| row.get("offender")).collect()
}
