//! What goes, and what stays, when an organization, a domain or a configuration is deleted.

use std::collections::BTreeSet;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Identity, Sql};

use crate::behaviour::two_tenants;

/// The tables in which something of ACME stands.
fn traces(client: &mut Client) -> BTreeSet<String> {
    ACME.traces(client).into_keys().collect()
}

/// What outlives a tenant: the record of what was done with personal data, and prospects, who belong to no tenant.
fn what_stays() -> BTreeSet<String> {
    ["gdpr_audit_log", "demo_attempts"].map(String::from).into()
}

fn delete_acme(client: &mut Client) {
    client.run(&format!(
        "delete from organizations where id = '{}'",
        ACME.organization_id()
    ));
}

/// Without this the tests below could pass for want of rows.
#[test]
fn a_tenant_has_rows_in_every_table_but_the_platforms_own() {
    let (_db, mut client) = two_tenants();
    let found = traces(&mut client);
    let missed: Vec<String> = client
        .rows(
            "select oid::regclass from pg_class
             where relkind = 'r' and relowner = 'frontdesk_owner'::regrole and relnamespace = 'public'::regnamespace
             order by oid::regclass::text",
        )
        .into_iter()
        .filter(|table| !found.contains(table))
        .collect();
    assert_eq!(
        missed,
        ["chat_telemetry_rollups", "global_synonym_mappings"]
    );
}

#[test]
fn a_deleted_organization_leaves_nothing_but_its_audit_log() {
    let (db, mut client) = two_tenants();
    delete_acme(&mut db.session(&ACME.person("owner")));
    assert_eq!(traces(&mut client), what_stays());
}

#[test]
fn the_back_office_deletes_as_completely() {
    let (db, mut client) = two_tenants();
    delete_acme(&mut db.session(&Identity::Service));
    assert_eq!(traces(&mut client), what_stays());
}

#[test]
fn deleting_an_organization_satisfies_every_constraint_at_once() {
    let (_db, mut client) = two_tenants();
    client.run("begin; set constraints all immediate");
    delete_acme(&mut client);
    client.run("commit");
}

/// Writing a chunk anew writes every index of its vector anew.
#[test]
fn deleting_an_organization_writes_no_chunk_anew() {
    let (_db, mut client) = two_tenants();
    client.run(
        "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'written anew'; end $$;
         create trigger refuse before update on page_embeddings for each row execute function refuse()",
    );
    delete_acme(&mut client);
}

#[test]
fn every_deletion_passes_one_function_however_it_comes_about() {
    let (_db, mut client) = two_tenants();
    client.run(
        "create table deletions (kind text, number bigint);
         grant insert on deletions to frontdesk_owner;
         create or replace function frontdesk.after_deletion() returns trigger language plpgsql as $$
         begin
            insert into public.deletions select tg_argv[0], count(*) from deleted having count(*) > 0;
            return null;
         end
         $$",
    );
    delete_acme(&mut client);
    assert_eq!(
        client.rows("select kind, sum(number) from deletions group by 1 order by 1"),
        [
            "configuration|1",
            "conversation|1",
            "domain|1",
            "organization|1",
            "page|5"
        ]
    );
}

#[test]
fn deleting_an_organization_touches_no_row_of_another() {
    let (_db, mut client) = two_tenants();
    let before = rows_of_globex(&mut client);
    delete_acme(&mut client);
    assert_eq!(rows_of_globex(&mut client), before);
}

/// Every row of GLOBEX in every table, as text.
fn rows_of_globex(client: &mut Client) -> Vec<String> {
    let tables: Vec<String> = GLOBEX.traces(client).into_keys().collect();
    tables
        .iter()
        .flat_map(|table| {
            let pattern = GLOBEX.pattern();
            client.rows(&format!(
                "select '{table}', t::text from {table} as t where t::text ~ '{pattern}' order by 2"
            ))
        })
        .collect()
}

#[test]
fn a_deleted_domain_takes_its_knowledge_conversations_and_caches_along() {
    let (_db, mut client) = two_tenants();
    client.run("delete from domains where domain = 'acme.example'");
    let left = traces(&mut client);
    for gone in [
        "domains",
        "scraped_pages",
        "page_embeddings",
        "embedding_queue",
        "entity_extraction_queue",
        "website_content",
        "structured_extractions",
        "scrape_jobs",
        "entity_catalog",
        "product_catalog",
        "conversations",
        "messages",
        "search_cache",
        "query_cache",
    ] {
        assert!(!left.contains(gone), "{gone}");
    }
    assert!(left.contains("customer_configs"));
    let others = "select count(*) from search_cache";
    assert_eq!(client.row(others), "1");
}

#[test]
fn truncated_domains_leave_no_cached_answer() {
    let (_db, mut client) = two_tenants();
    client.run("truncate domains cascade");
    let left = "select (select count(*) from search_cache) + (select count(*) from query_cache)";
    assert_eq!(client.row(left), "0");
}

#[test]
fn an_entity_written_while_its_domain_is_deleted_goes_too() {
    let (db, mut client) = two_tenants();
    let (mut writer, mut remover) = (db.superuser(), db.superuser());
    writer.run(&format!(
        "begin; insert into entity_catalog (domain_id, entity_type, primary_identifier, name)
         values ('{}', 'product', 'late', 'late')",
        ACME.domain_id()
    ));
    db.waits(
        &mut writer,
        "commit",
        &mut remover,
        "delete from domains where domain = 'acme.example'",
    )
    .expect("delete the domain");
    let left = "select count(*) from entity_catalog where primary_identifier = 'late'";
    assert_eq!(client.row(left), "0");
}
