//! Search vectors can all be made anew, in steps.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Sql};

use super::{acme, two_tenants};

const VECTORS: [&str; 3] = [
    "select id, content_search_vector from scraped_pages order by id",
    "select id, search_vector from page_embeddings order by id",
    "select id, search_vector from entity_catalog order by id",
];

/// Five pages of ACME with a chunk each, and an entity.
fn content(client: &mut Client) {
    for page in 0..5 {
        acme(client, &format!("p{page}"), "Refunds take two weeks.", None);
    }
    client.run(&format!(
        "insert into entity_catalog (domain_id, entity_type, primary_identifier, name)
         values ('{}', 'product', 'x-1', 'Green teas')",
        ACME.domain_id()
    ));
}

/// Spoils every vector as a change of the parser would.
fn spoil(client: &mut Client) {
    client.run(
        "set session_replication_role = replica;
         update scraped_pages set content_search_vector = 'old';
         update page_embeddings set search_vector = 'old';
         update entity_catalog set search_vector = 'old';
         set session_replication_role = origin",
    );
}

#[test]
fn every_vector_is_made_anew_in_as_many_calls_as_it_takes() {
    let (_db, mut client) = two_tenants();
    content(&mut client);
    let before = VECTORS.map(|sql| client.rows(sql));
    spoil(&mut client);
    let call = "select rows_done, rows_left from frontdesk.reindex_text_search(2)";
    assert_eq!(client.rows(call)[0], "2|3");
    client.run("begin");
    assert_eq!(client.rows(call)[0], "4|1");
    // What is rolled back is done again.
    client.run("rollback");
    assert_eq!(client.rows(call)[0], "4|1");
    let mut calls = 0;
    while client.rows(call).iter().any(|table| !table.ends_with("|0")) {
        calls += 1;
        assert!(calls < 20, "it ends");
    }
    assert_eq!(VECTORS.map(|sql| client.rows(sql)), before);
    // The next call begins again.
    assert_eq!(client.rows(call)[0], "2|3");
}

#[test]
fn no_page_waits_for_vectors_because_its_words_were_read_again() {
    let (_db, mut client) = two_tenants();
    content(&mut client);
    client.run("update embedding_queue set status = 'completed'");
    client.run("select frontdesk.reindex_text_search()");
    let waiting = "select count(*) from embedding_queue where status <> 'completed'";
    assert_eq!(client.row(waiting), "0");
}

#[test]
fn only_operators_make_all_vectors_anew_and_a_batch_has_a_size() {
    let (db, mut client) = two_tenants();
    let call = "select frontdesk.reindex_text_search()";
    for role in ["owner", "member"] {
        assert_eq!(db.session(&ACME.person(role)).refusal(call), "42501");
    }
    for (size, state) in [("0", "22023"), ("100001", "22023"), ("null", "22004")] {
        let call = format!("select frontdesk.reindex_text_search({size})");
        assert_eq!(client.refusal(&call), state, "{size}");
    }
}

#[test]
fn the_indexes_over_words_are_named_with_what_rebuilds_them() {
    let (_db, mut client) = two_tenants();
    let statements = client.rows("select statement from frontdesk.text_search_indexes()");
    assert!(statements.len() >= 4, "{statements:?}");
    for statement in statements {
        client.run(&statement);
    }
}
