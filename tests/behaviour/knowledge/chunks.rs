//! The search vector and the hash of a chunk.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{Database, Sql};

use crate::behaviour::two_tenants;

/// Writes a chunk of ACME's first page and returns what is stored of it.
fn insert(client: &mut Client, columns: &str, values: &str, wanted: &str) -> String {
    client.row(&format!(
        "insert into page_embeddings (page_id, {columns})
         select id, {values} from scraped_pages where url = 'https://acme.example/page/1' returning {wanted}"
    ))
}

/// A chunk with headings; its condition.
fn a_chunk() -> (Database, Client, String) {
    let (db, mut client) = two_tenants();
    let id = insert(
        &mut client,
        "chunk_text, heading_path",
        "'Runners run', array['Shop', 'Shoes']",
        "id",
    );
    (db, client, format!("id = '{id}'"))
}

const SHA_256: &str = "encode(sha256(convert_to(%, 'UTF8')), 'hex')";

/// Whether a chunk has the hash of this text.
fn has_hash_of(client: &mut Client, chunk: &str, text: &str) -> bool {
    let hash = SHA_256.replace('%', text);
    client.row(&format!(
        "select content_hash = {hash} from page_embeddings where {chunk}"
    )) == "t"
}

#[test]
fn a_chunk_is_found_by_title_headings_and_text() {
    let (_db, mut client, chunk) = a_chunk();
    let vector = format!("select search_vector from page_embeddings where {chunk}");
    assert_eq!(
        client.row(&vector),
        "'1':3A 'acm':1A 'page':2A 'run':7 'runner':6 'shoe':5B 'shop':4B"
    );
    client.run(&format!(
        "update page_embeddings set chunk_text = 'Walkers', heading_path = null where {chunk}"
    ));
    assert_eq!(client.row(&vector), "'1':3A 'acm':1A 'page':2A 'walker':4");
}

#[test]
fn a_vector_that_is_given_is_not_believed() {
    let (_db, mut client, chunk) = a_chunk();
    let vector = format!("select search_vector from page_embeddings where {chunk}");
    let right = client.row(&vector);
    for given in ["'forged'", "null"] {
        client.run(&format!(
            "update page_embeddings set search_vector = {given} where {chunk}"
        ));
        assert_eq!(client.row(&vector), right);
    }
    let stored = insert(
        &mut client,
        "chunk_text, search_vector",
        "'Runners', 'forged'",
        "search_vector",
    );
    assert_eq!(stored, "'1':3A 'acm':1A 'page':2A 'runner':4");
}

#[test]
fn a_hash_that_is_absent_is_that_of_headings_and_text() {
    let (_db, mut client, chunk) = a_chunk();
    assert!(has_hash_of(
        &mut client,
        &chunk,
        r"E'Shop > Shoes\nRunners run'"
    ));
    client.run(&format!(
        "update page_embeddings set heading_path = '{{}}', content_hash = null where {chunk}"
    ));
    assert!(has_hash_of(&mut client, &chunk, "'Runners run'"));
}

#[test]
fn a_hash_that_is_given_stays_while_the_text_stays() {
    let (_db, mut client) = two_tenants();
    let id = insert(
        &mut client,
        "chunk_text, content_hash",
        "'Runners run', 'given'",
        "id",
    );
    let hash = format!("select content_hash from page_embeddings where id = '{id}'");
    client.run(&format!(
        "update page_embeddings set chunk_text = chunk_text, metadata = '{{}}' where id = '{id}'"
    ));
    assert_eq!(client.row(&hash), "given");
    client.run(&format!(
        "update page_embeddings set chunk_text = 'Walkers', content_hash = 'given too' where id = '{id}'"
    ));
    assert_eq!(client.row(&hash), "given too");
}

#[test]
fn a_text_that_changes_does_not_keep_its_hash() {
    let (_db, mut client, chunk) = a_chunk();
    client.run(&format!(
        "update page_embeddings set chunk_text = 'Walkers walk' where {chunk}"
    ));
    assert!(has_hash_of(
        &mut client,
        &chunk,
        r"E'Shop > Shoes\nWalkers walk'"
    ));
    client.run(&format!(
        "update page_embeddings set heading_path = array['Boots'] where {chunk}"
    ));
    assert!(has_hash_of(&mut client, &chunk, r"E'Boots\nWalkers walk'"));
}

#[test]
fn a_chunk_of_any_size_is_stored() {
    let (_db, mut client) = two_tenants();
    let huge = "(select string_agg('w' || i, ' ') from generate_series(1, 400000) as i)";
    let stored = insert(
        &mut client,
        "chunk_text, heading_path",
        &format!("{huge}, array[{huge}, {huge}]"),
        "length(chunk_text) > 2000000, search_vector <> ''",
    );
    assert_eq!(stored, "t|t");
}

#[test]
fn a_new_title_of_a_page_is_found_in_its_chunks() {
    let (_db, mut client, chunk) = a_chunk();
    client
        .run("update scraped_pages set title = 'Boots' where url = 'https://acme.example/page/1'");
    assert_eq!(
        client.row(&format!(
            "select search_vector from page_embeddings where {chunk}"
        )),
        "'boot':1A 'run':5 'runner':4 'shoe':3B 'shop':2B"
    );
}
