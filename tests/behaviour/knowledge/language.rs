//! Pages, chunks and entities are searched in the language of their domain, also when it changes.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql};

use crate::behaviour::two_tenants;

const TEXT: &str = "Häuser running";
const ENGLISH: &str = "'häuser':1 'run':2";
const GERMAN: &str = "'haus':1 'running':2";

/// ACME with a page, a chunk and an entity that say the same.
fn said_three_times() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "with page as (
            insert into scraped_pages (domain_id, url, content) values ('{domain}', 'https://acme.example/new', '{TEXT}')
            returning id
         )
         insert into page_embeddings (page_id, chunk_text) select id, '{TEXT}' from page;
         insert into entity_catalog (domain_id, entity_type, primary_identifier, name)
         values ('{domain}', 'product', '', '{TEXT}')",
        domain = ACME.domain_id()
    ));
    (db, client)
}

/// The three search vectors, without weights.
fn vectors(client: &mut Client) -> [String; 3] {
    [
        "select content_search_vector from scraped_pages where url = 'https://acme.example/new'",
        "select search_vector from page_embeddings where chunk_text like 'Häuser%'",
        "select setweight(search_vector, 'D') from entity_catalog where name like 'Häuser%'",
    ]
    .map(|query| client.row(query))
}

fn set_language(client: &mut Client, domain: &str, language: &str) {
    client.run(&format!(
        "update domains set text_search_config = {language} where domain = '{domain}'"
    ));
}

#[test]
fn a_new_language_applies_to_what_is_stored() {
    let (_db, mut client) = said_three_times();
    assert_eq!(vectors(&mut client), [ENGLISH; 3]);
    set_language(&mut client, "acme.example", "'german'");
    assert_eq!(vectors(&mut client), [GERMAN; 3]);
    for unknown in ["'no such language'", "null"] {
        set_language(&mut client, "acme.example", unknown);
        assert_eq!(vectors(&mut client), [ENGLISH; 3], "{unknown}");
    }
}

#[test]
fn another_domains_language_changes_nothing() {
    let (_db, mut client) = said_three_times();
    let places = "select ctid from scraped_pages where url like 'https://acme.%' order by id";
    let before = client.rows(places);
    set_language(&mut client, "globex.example", "'german'");
    assert_eq!(vectors(&mut client), [ENGLISH; 3]);
    assert_eq!(client.rows(places), before);
}

#[test]
fn a_new_language_is_no_new_content() {
    let (_db, mut client) = said_three_times();
    client.run("update embedding_queue set status = 'completed'");
    let hashes = "select id, content_hash from page_embeddings order by id";
    let before = client.rows(hashes);
    set_language(&mut client, "acme.example", "'german'");
    let waiting = "select count(*) from embedding_queue where status <> 'completed'";
    assert_eq!(client.row(waiting), "0");
    assert_eq!(client.rows(hashes), before);
}

#[test]
fn what_moves_to_another_domain_is_searched_in_its_language() {
    let (_db, mut client) = said_three_times();
    set_language(&mut client, "globex.example", "'german'");
    client.run(&format!(
        "update scraped_pages set domain_id = '{globex}' where url = 'https://acme.example/new';
         update entity_catalog set domain_id = '{globex}' where name like 'Häuser%'",
        globex = GLOBEX.domain_id()
    ));
    assert_eq!(vectors(&mut client), [GERMAN; 3]);
}

#[test]
fn whoever_may_set_the_language_has_the_vectors_made_anew() {
    let (db, mut client) = said_three_times();
    let mut admin = db.session(&ACME.person("admin"));
    set_language(&mut admin, "acme.example", "'german'");
    assert_eq!(vectors(&mut client), [GERMAN; 3]);
}
