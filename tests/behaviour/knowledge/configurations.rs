//! Chunks belong to the customer configuration that has the name of their page's domain, and outlive it.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Sql};

use crate::behaviour::two_tenants;

/// The configurations that the chunks of ACME's pages belong to, and how many each has.
fn owners(client: &mut Client) -> Vec<String> {
    client.rows(
        "select e.domain_id, count(*) from page_embeddings as e join scraped_pages as p on p.id = e.page_id
         where p.url like 'https://acme.%' group by 1 order by 1",
    )
}

fn all_acmes() -> [String; 1] {
    [format!("{}|5", ACME.config_id())]
}

fn create_configuration(name: &str) -> String {
    format!(
        "insert into customer_configs (domain, organization_id) values ('{name}', '{}') returning id",
        ACME.organization_id()
    )
}

const DELETE_CONFIGURATION: &str = "delete from customer_configs where domain = 'acme.example'";
const RENAME_CONFIGURATION: &str =
    "update customer_configs set domain = 'new.example' where domain = 'acme.example'";
const RENAME_DOMAIN: &str =
    "update domains set domain = 'new.example' where domain = 'acme.example'";
const WRITE_CHUNK: &str = "insert into page_embeddings (page_id, chunk_text)
    select id, 'late' from scraped_pages where url = 'https://acme.example/page/1'";

#[test]
fn a_chunk_belongs_to_its_domains_configuration_whatever_is_given() {
    let (_db, mut client) = two_tenants();
    for given in [format!("'{}'", GLOBEX.config_id()), "null".into()] {
        client.run("delete from page_embeddings where chunk_text = 'late'");
        let stored = client.row(&format!(
            "insert into page_embeddings (page_id, domain_id, chunk_text)
             select id, {given}, 'late' from scraped_pages where url = 'https://acme.example/page/1' returning domain_id"
        ));
        assert_eq!(stored, ACME.config_id().to_string(), "{given}");
    }
}

#[test]
fn a_chunk_is_not_given_to_another_configuration() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "update page_embeddings set domain_id = '{}'",
        GLOBEX.config_id()
    ));
    assert_eq!(owners(&mut client), all_acmes());
}

#[test]
fn a_chunk_without_a_configuration_of_its_own_gets_nobody_elses() {
    let (_db, mut client) = two_tenants();
    client.run(DELETE_CONFIGURATION);
    let stored = client.row(&format!(
        "insert into page_embeddings (page_id, domain_id, chunk_text)
         select id, '{}', 'late' from scraped_pages where url = 'https://acme.example/page/1' returning domain_id",
        GLOBEX.config_id()
    ));
    assert_eq!(stored, "null");
}

#[test]
fn chunks_persist_when_their_configuration_is_deleted_and_belong_to_the_next_of_its_name() {
    let (_db, mut client) = two_tenants();
    let before = vectors(&mut client);
    client.run(DELETE_CONFIGURATION);
    assert_eq!(owners(&mut client), ["null|5"]);
    client.row(&create_configuration("other.example"));
    assert_eq!(owners(&mut client), ["null|5"]);
    let id = client.row(&create_configuration("WWW.acme.example"));
    assert_eq!(owners(&mut client), [format!("{id}|5")]);
    assert_eq!(vectors(&mut client), before);
}

/// Everything of the chunks but whose they are.
fn vectors(client: &mut Client) -> Vec<String> {
    client.rows(
        "select id, chunk_text, md5(embedding::text), search_vector, content_hash from page_embeddings order by id",
    )
}

#[test]
fn a_configuration_is_deleted_and_created_in_one_transaction() {
    let (_db, mut client) = two_tenants();
    client.run(&format!("begin; {DELETE_CONFIGURATION}"));
    let id = client.row(&create_configuration("acme.example"));
    client.run("commit");
    assert_eq!(owners(&mut client), [format!("{id}|5")]);
}

#[test]
fn chunks_stay_with_a_configuration_that_is_renamed_together_with_its_domain() {
    for [first, second] in [
        [RENAME_DOMAIN, RENAME_CONFIGURATION],
        [RENAME_CONFIGURATION, RENAME_DOMAIN],
    ] {
        let (_db, mut client) = two_tenants();
        let places = "select ctid from page_embeddings order by id";
        let before = client.rows(places);
        client.run(&format!("begin; {first}; {second}; commit"));
        assert_eq!(owners(&mut client), all_acmes());
        // Writing a chunk anew means writing all indexes of its vector anew.
        assert_eq!(client.rows(places), before, "{first}");
    }
}

#[test]
fn chunks_leave_a_configuration_whose_name_is_no_longer_their_domains() {
    for renaming in [RENAME_CONFIGURATION, RENAME_DOMAIN] {
        let (_db, mut client) = two_tenants();
        client.run(renaming);
        assert_eq!(owners(&mut client), ["null|5"], "{renaming}");
    }
}

#[test]
fn chunks_come_to_a_configuration_or_domain_that_takes_the_others_name() {
    let (_db, mut client) = two_tenants();
    client.run(RENAME_CONFIGURATION);
    client.run(RENAME_DOMAIN);
    assert_eq!(owners(&mut client), all_acmes());
    let id = client.row(&create_configuration("third.example"));
    client.run("update domains set domain = 'third.example' where domain = 'new.example'");
    assert_eq!(owners(&mut client), [format!("{id}|5")]);
    client.run(&format!("delete from customer_configs where id = '{id}'"));
    client.run("update customer_configs set domain = 'third.example' where domain = 'new.example'");
    assert_eq!(owners(&mut client), all_acmes());
}

#[test]
fn the_chunks_of_a_page_that_moves_belong_to_the_new_domains_configuration() {
    let (_db, mut client) = two_tenants();
    let moving = format!(
        "update scraped_pages set domain_id = '{}' where url = 'https://acme.example/page/1'",
        GLOBEX.domain_id()
    );
    client.run(&moving);
    let expected = [
        format!("{}|4", ACME.config_id()),
        format!("{}|1", GLOBEX.config_id()),
    ];
    assert_eq!(owners(&mut client), expected);
}

#[test]
fn a_chunk_written_while_its_configuration_is_created_belongs_to_it() {
    let (db, mut client) = two_tenants();
    client.run(DELETE_CONFIGURATION);
    let (mut creator, mut writer) = (db.superuser(), db.superuser());
    let create = create_configuration("acme.example");
    let owner =
        "select c.domain from page_embeddings as e join customer_configs as c on c.id = e.domain_id
        where e.chunk_text = 'late'";

    creator.run(&format!("begin; {create}"));
    db.waits(&mut creator, "commit", &mut writer, WRITE_CHUNK)
        .expect("write the chunk");
    assert_eq!(client.row(owner), "acme.example");

    client.run(&format!(
        "{DELETE_CONFIGURATION}; delete from page_embeddings where chunk_text = 'late'"
    ));
    writer.run(&format!("begin; {WRITE_CHUNK}"));
    db.waits(&mut writer, "commit", &mut creator, &create)
        .expect("create the configuration");
    assert_eq!(client.row(owner), "acme.example");
}

#[test]
fn a_chunk_written_while_its_page_moves_belongs_to_the_new_domains_configuration() {
    let (db, mut client) = two_tenants();
    let (mut mover, mut writer) = (db.superuser(), db.superuser());
    mover.run(&format!(
        "begin; update scraped_pages set domain_id = '{}' where url = 'https://acme.example/page/1'",
        GLOBEX.domain_id()
    ));
    db.waits(&mut mover, "commit", &mut writer, WRITE_CHUNK)
        .expect("write the chunk");
    let owner = "select domain_id from page_embeddings where chunk_text = 'late'";
    assert_eq!(client.row(owner), GLOBEX.config_id().to_string());
}
