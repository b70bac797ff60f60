//! The hash and the search vector of a page.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql};

use crate::behaviour::two_tenants;

/// A database with a page of ACME's.
fn a_page(title: &str, content: &str) -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "insert into scraped_pages (domain_id, url, title, content)
         values ('{}', 'https://acme.example/new', '{title}', '{content}')",
        ACME.domain_id()
    ));
    (db, client)
}

const NEW_PAGE: &str = "url = 'https://acme.example/new'";

fn hash_and_vector(client: &mut Client) -> String {
    client.row(&format!(
        "select content_hash, content_search_vector from scraped_pages where {NEW_PAGE}"
    ))
}

/// SHA-256 of `Runners run`.
const HASH: &str = "4f8dd4cae458d5287a5b21071d0bf2ff914da2231ce7b59659e55b1a17243fb9";

#[test]
fn a_page_has_the_hash_of_its_content_and_the_words_of_title_and_content() {
    let (_db, mut client) = a_page("Shoes", "Runners run");
    let expected = format!("{HASH}|'run':3 'runner':2 'shoe':1A");
    assert_eq!(hash_and_vector(&mut client), expected);
}

#[test]
fn a_page_without_title_or_content_has_no_words_and_no_hash() {
    let (_db, mut client) = a_page("Shoes", "Runners run");
    client.run(&format!(
        "update scraped_pages set title = null, content = null where {NEW_PAGE}"
    ));
    assert_eq!(hash_and_vector(&mut client), "null|");
}

#[test]
fn a_hash_or_vector_that_is_given_is_not_believed() {
    let (_db, mut client) = a_page("Shoes", "Runners run");
    let right = hash_and_vector(&mut client);
    client.run(&format!("delete from scraped_pages where {NEW_PAGE}"));
    client.run(&format!(
        "insert into scraped_pages (domain_id, url, title, content, content_hash, content_search_vector)
         values ('{}', 'https://acme.example/new', 'Shoes', 'Runners run', 'forged', 'forged')",
        ACME.domain_id()
    ));
    assert_eq!(hash_and_vector(&mut client), right);
    for column in ["content_hash", "content_search_vector"] {
        for value in ["'forged'", "null"] {
            client.run(&format!(
                "update scraped_pages set {column} = {value} where {NEW_PAGE}"
            ));
            assert_eq!(hash_and_vector(&mut client), right, "{column} = {value}");
        }
    }
}

#[test]
fn a_page_that_was_written_without_triggers_gets_its_vector_when_it_is_asked_for() {
    let (_db, mut client) = a_page("Shoes", "Runners run");
    let right = hash_and_vector(&mut client);
    client.run(&format!(
        "set session_replication_role = replica;
         update scraped_pages set content_hash = null, content_search_vector = null where {NEW_PAGE};
         set session_replication_role = origin;
         update scraped_pages set content_search_vector = null where {NEW_PAGE}"
    ));
    assert_eq!(hash_and_vector(&mut client), right);
}

#[test]
fn a_changed_title_or_content_changes_what_is_found() {
    let (_db, mut client) = a_page("Shoes", "Walkers walk");
    client.run(&format!(
        "update scraped_pages set title = 'Boots', content = 'Runners run' where {NEW_PAGE}"
    ));
    let expected = format!("{HASH}|'boot':1A 'run':3 'runner':2");
    assert_eq!(hash_and_vector(&mut client), expected);
}

#[test]
fn words_are_read_in_the_language_of_the_pages_domain() {
    let (_db, mut client) = two_tenants();
    client.run("update domains set text_search_config = 'german' where domain = 'acme.example'");
    for (tenant, words) in [
        (ACME, "'haus':1 'running':2"),
        (GLOBEX, "'häuser':1 'run':2"),
    ] {
        let vector = client.row(&format!(
            "insert into scraped_pages (domain_id, url, content)
             values ('{}', 'https://{}/new', 'Häuser running') returning content_search_vector",
            tenant.domain_id(),
            tenant.domain()
        ));
        assert_eq!(vector, words);
    }
}

#[test]
fn a_language_that_does_not_exist_is_english() {
    let (_db, mut client) = a_page("", "Runners run");
    let english = hash_and_vector(&mut client);
    client.run("update domains set text_search_config = 'nonsense' where domain = 'acme.example'");
    assert_eq!(hash_and_vector(&mut client), english);
}

#[test]
fn a_page_that_moves_is_read_in_the_language_of_its_new_domain() {
    let (_db, mut client) = a_page("", "Runners running");
    client.run("update domains set text_search_config = 'simple' where domain = 'globex.example'");
    client.run(&format!(
        "update scraped_pages set domain_id = '{}' where {NEW_PAGE}",
        GLOBEX.domain_id()
    ));
    let vector = format!("select content_search_vector from scraped_pages where {NEW_PAGE}");
    assert_eq!(client.row(&vector), "'runners':1 'running':2");
}

#[test]
fn a_page_of_any_size_is_stored() {
    let (_db, mut client) = two_tenants();
    // The vector of a word of 3 MB is that of the title, which is cut.
    for (number, huge) in [
        // 3 MB of one word, of short distinct words, of long compounds, and of what the parser takes for addresses.
        "repeat('x', 3000000)",
        "(select string_agg('w' || i, ' ') from generate_series(1, 400000) as i)",
        "(select string_agg(repeat('ä', 20) || i || '-' || repeat('ö', 20) || i, ' ') from generate_series(1, 30000) as i)",
        "(select string_agg('http://' || i || '.example/' || repeat('p', 100) || i, ' ') from generate_series(1, 24000) as i)",
    ]
    .iter()
    .enumerate()
    {
        let stored = client.row(&format!(
            "insert into scraped_pages (domain_id, url, title, content)
             select '{}', 'https://acme.example/huge/{number}', huge, huge from (select {huge} as huge) as given
             returning octet_length(content) > 2000000, content_hash = encode(sha256(convert_to(content, 'UTF8')), 'hex'),
                content_search_vector <> ''",
            ACME.domain_id()
        ));
        assert_eq!(stored, "t|t|t", "{huge}");
    }
}

#[test]
fn content_of_any_size_is_stored_beside_pages() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "insert into website_content (domain_id, url, content)
         select '{}', 'https://acme.example/huge', string_agg('w' || i, ' ') from generate_series(1, 400000) as i",
        ACME.domain_id()
    ));
    client.run(
        "update product_catalog set (name, description, search_keywords) = (
            select string_agg('w' || i, ' '), string_agg('w' || i, ' '), string_agg('w' || i, ' ')
            from generate_series(1, 400000) as i
         ) where sku = 'OLD-1'",
    );
}
