//! updated_at says when a row last became different.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{Sql, contents};

use super::two_tenants;

/// What updated_at is before each test changes something.
const PAST: &str = "2000-01-01 00:00:00+00";

fn tables(client: &mut Client) -> Vec<String> {
    let tables = client.rows(
        "select c.oid::regclass from pg_attribute as a join pg_class as c on c.oid = a.attrelid
         where a.attname = 'updated_at' and c.relkind = 'r' and c.relowner = 'frontdesk_owner'::regrole",
    );
    assert!(tables.len() >= 21, "{tables:?}");
    tables
}

/// Sets updated_at of every row to PAST, without any trigger.
fn make_old(client: &mut Client, table: &str) {
    client.run(&format!(
        "set session_replication_role = replica;
         update {table} set updated_at = '{PAST}';
         set session_replication_role = origin"
    ));
}

/// The distinct values of updated_at.
fn times(client: &mut Client, table: &str) -> Vec<String> {
    client.rows(&format!(
        "select distinct case when updated_at = '{PAST}' then 'past' when updated_at = now() then 'now' else 'else' end
         from {table}"
    ))
}

#[test]
fn an_update_that_sets_every_column_to_itself_changes_nothing() {
    let (_db, mut client) = two_tenants();
    for table in tables(&mut client) {
        make_old(&mut client, &table);
        let before = contents(&mut client)[&table].clone();
        let columns = client.row(&format!(
            "select string_agg(format('%1$I = %1$I', attname), ', ') from pg_attribute
             where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped"
        ));
        client.run(&format!("update {table} set {columns}"));
        assert_eq!(times(&mut client, &table), ["past"], "{table}");
        assert_eq!(contents(&mut client)[&table], before, "{table}");
    }
}

#[test]
fn a_change_sets_it_to_the_time_of_the_transaction() {
    let (_db, mut client) = two_tenants();
    for table in tables(&mut client) {
        make_old(&mut client, &table);
        let column = if table == "business_classifications" {
            "classified_at"
        } else {
            "created_at"
        };
        client.run(&format!(
            "begin; update {table} set {column} = {column} + interval '1 second'"
        ));
        assert_eq!(times(&mut client, &table), ["now"], "{table}");
        client.run("rollback");
    }
}

#[test]
fn nobody_dates_a_change_back() {
    let (_db, mut client) = two_tenants();
    for table in tables(&mut client) {
        client.run(&format!("begin; update {table} set updated_at = '{PAST}'"));
        assert_eq!(times(&mut client, &table), ["now"], "{table}");
        client.run("rollback");
    }
}

#[test]
fn a_huge_page_written_again_is_no_change() {
    let (_db, mut client) = two_tenants();
    let huge = "(select string_agg('word' || i, ' ') from generate_series(1, 200000) as i)";
    client.run(&format!("update scraped_pages set content = {huge}"));
    make_old(&mut client, "scraped_pages");
    client.run(&format!("update scraped_pages set content = {huge}"));
    assert_eq!(times(&mut client, "scraped_pages"), ["past"]);
}

#[test]
fn a_column_of_the_users_own_counts_whatever_its_type() {
    let (_db, mut client) = two_tenants();
    // json has no equality operator.
    client.run("alter table domains add column notes json; update domains set notes = '{}'");
    make_old(&mut client, "domains");
    client.run("update domains set notes = '{}'");
    assert_eq!(times(&mut client, "domains"), ["past"]);
    client.run("begin; update domains set notes = '[]'");
    assert_eq!(times(&mut client, "domains"), ["now"]);
}

#[test]
fn a_generated_column_of_the_users_own_is_in_nobodys_way() {
    let (_db, mut client) = two_tenants();
    client
        .run("alter table domains add column label text generated always as (name || '!') stored");
    make_old(&mut client, "domains");
    client.run("begin; update domains set name = 'new'");
    assert_eq!(times(&mut client, "domains"), ["now"]);
    assert_eq!(client.row("select distinct label from domains"), "new!");
}
