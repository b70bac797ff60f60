//! Descriptions of a database that two databases can be compared by: what is in the tables, and what the catalogue
//! says of everything around them.

use std::collections::BTreeMap;

use postgres::Client;

/// For every table outside the system schemas: its number of rows and a digest over them, in no particular order.
pub fn contents(client: &mut Client) -> BTreeMap<String, String> {
    tables(client)
        .into_iter()
        .map(|table| {
            let digest = client
                .query_one(&format!("select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from {table} as t"), &[])
                .unwrap_or_else(|error| panic!("read {table}: {error}"))
                .get(0);
            (table, digest)
        })
        .collect()
}

/// Every table outside the system schemas.
pub(crate) fn tables(client: &mut Client) -> Vec<String> {
    let tables = client
        .query(include_str!("../sql/tables.sql"), &[])
        .expect("list the tables");
    tables.iter().map(|row| row.get(0)).collect()
}

/// One line for everything the catalogue knows of the database's objects: columns, constraints, indexes, policies,
/// triggers, functions, privileges, owners, settings, comments and members of the extension.
pub fn catalogue(client: &mut Client) -> Vec<String> {
    let rows = client
        .query(include_str!("../sql/catalogue.sql"), &[])
        .expect("describe the catalogue");
    rows.iter().map(|row| row.get(0)).collect()
}
