//! A cached answer does not outlive what it was made from.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Sql};

use super::two_tenants;

/// Who still has answers in query_cache and in search_cache, after a change that is undone again.
fn left_after(client: &mut Client, change: &str) -> [Vec<String>; 2] {
    client.run(&format!("begin; {change}"));
    let left = [
        "select c.domain from query_cache as q join customer_configs as c on c.id = q.domain_id order by 1",
        "select d.domain from search_cache as s join domains as d on d.id = s.domain_id order by 1",
    ]
    .map(|query| client.rows(query));
    client.run("rollback");
    left
}

fn each(domains: &[&str]) -> [Vec<String>; 2] {
    let domains: Vec<String> = domains.iter().map(|domain| domain.to_string()).collect();
    [domains.clone(), domains]
}

const BOTH: [&str; 2] = ["acme.example", "globex.example"];

/// Each change empties ACME's caches and leaves GLOBEX's.
fn empties_acmes_caches(changes: &[&str]) {
    let (_db, mut client) = two_tenants();
    for change in changes {
        let change = with_ids(change);
        assert_eq!(
            left_after(&mut client, &change),
            each(&["globex.example"]),
            "{change}"
        );
    }
}

/// Puts answers into ACME's caches, where an earlier statement has emptied them.
const FILL: &str =
    "insert into query_cache (domain_id, query_hash, results, expires_at) values ('{config}', 'h', '{}', now());
     insert into search_cache (domain_id, query_hash, search_type, results, expires_at)
     values ('{domain}', 'h', 'hybrid', '{}', now())";

fn with_ids(change: &str) -> String {
    change
        .replace("{fill}", FILL)
        .replace("{domain}", &ACME.domain_id().to_string())
        .replace("{config}", &ACME.config_id().to_string())
        .replace("{globex_domain}", &GLOBEX.domain_id().to_string())
        .replace("{globex_config}", &GLOBEX.config_id().to_string())
}

#[test]
fn answers_stay_while_nothing_changes() {
    let (_db, mut client) = two_tenants();
    assert_eq!(left_after(&mut client, "select"), each(&BOTH));
}

#[test]
fn a_changed_page_empties_its_domains_caches_and_no_other() {
    empties_acmes_caches(&[
        "insert into scraped_pages (domain_id, url) values ('{domain}', 'https://acme.example/new')",
        "update scraped_pages set content = 'new' where url = 'https://acme.example/page/1'",
        "update scraped_pages set title = 'new' where url = 'https://acme.example/page/1'",
        "update scraped_pages set url = url || '/moved' where url = 'https://acme.example/page/1'",
        "update scraped_pages set metadata = '{}' where url = 'https://acme.example/page/1'",
        "update scraped_pages set excerpt = 'new' where url = 'https://acme.example/page/1'",
        "update scraped_pages set status = 'deleted' where url = 'https://acme.example/page/1'",
        "delete from scraped_pages where url = 'https://acme.example/page/1'",
        // Nothing but the page goes.
        "insert into scraped_pages (id, domain_id, url) values ('{domain}', '{domain}', 'https://acme.example/bare');
         {fill}; delete from scraped_pages where url = 'https://acme.example/bare'",
    ]);
}

#[test]
fn a_visit_that_finds_nothing_new_leaves_the_caches() {
    let (_db, mut client) = two_tenants();
    let visit = "update scraped_pages set last_scraped_at = now(), content = content, title = title, html = 'new markup'";
    assert_eq!(left_after(&mut client, visit), each(&BOTH));
}

#[test]
fn changed_website_content_empties_its_domains_caches_and_no_other() {
    empties_acmes_caches(&[
        "insert into website_content (domain_id, url) values ('{domain}', 'https://acme.example/new')",
        "update website_content set summary = 'new' where domain_id = '{domain}'",
        "delete from website_content where domain_id = '{domain}'",
    ]);
}

#[test]
fn a_changed_chunk_empties_its_domains_caches_and_no_other() {
    empties_acmes_caches(&[
        "insert into page_embeddings (page_id, chunk_text)
         select id, 'new' from scraped_pages where url = 'https://acme.example/page/1'",
        "update page_embeddings set chunk_text = 'new' where domain_id = '{config}'",
        "update page_embeddings set embedding = null where domain_id = '{config}'",
        "delete from page_embeddings where domain_id = '{config}'",
    ]);
}

#[test]
fn a_chunk_without_a_configuration_empties_the_search_cache_of_its_pages_domain() {
    let (_db, mut client) = two_tenants();
    client.run(&with_ids(
        "delete from customer_configs where id = '{config}';
         insert into search_cache (domain_id, query_hash, search_type, results, expires_at)
         values ('{domain}', 'a hash', 'hybrid', '{}', now()) on conflict do nothing",
    ));
    let others = ["globex.example".to_owned()];
    for change in [
        "insert into page_embeddings (page_id, chunk_text)
         select id, 'new' from scraped_pages where url = 'https://acme.example/page/1'",
        "update page_embeddings set chunk_text = 'new' where domain_id is null",
        "delete from page_embeddings where domain_id is null",
    ] {
        assert_eq!(left_after(&mut client, change)[1], others, "{change}");
    }
    let moving = "update page_embeddings set page_id = (select id from scraped_pages where url = 'https://globex.example/page/1')
        where domain_id is null";
    assert_eq!(left_after(&mut client, moving)[1], Vec::<String>::new());
}

#[test]
fn a_changed_entity_empties_its_domains_caches_and_no_other() {
    empties_acmes_caches(&[
        "insert into entity_catalog (domain_id, entity_type, primary_identifier, name) values ('{domain}', 'x', 'y', 'z')",
        "update entity_catalog set price = 1 where domain_id = '{domain}'",
        "delete from entity_catalog where domain_id = '{domain}'",
    ]);
}

#[test]
fn a_changed_synonym_empties_its_domains_caches_and_no_other() {
    empties_acmes_caches(&[
        "insert into domain_synonym_mappings (domain_id, term, synonyms) values ('{config}', 'a', array['b'])",
        "update domain_synonym_mappings set priority = 7 where domain_id = '{config}'",
        "delete from domain_synonym_mappings where domain_id = '{config}'",
    ]);
}

#[test]
fn a_changed_global_synonym_empties_all_caches() {
    let (_db, mut client) = two_tenants();
    for change in [
        "insert into global_synonym_mappings (term, synonyms) values ('a', array['b'])",
        "update global_synonym_mappings set is_safe_for_all = false",
        "delete from global_synonym_mappings",
        "truncate global_synonym_mappings",
    ] {
        assert_eq!(left_after(&mut client, change), each(&[]), "{change}");
    }
}

#[test]
fn truncated_knowledge_empties_all_caches() {
    let (_db, mut client) = two_tenants();
    for table in [
        "scraped_pages",
        "website_content",
        "page_embeddings",
        "entity_catalog",
        "domain_synonym_mappings",
    ] {
        let change = format!("truncate {table} cascade");
        assert_eq!(left_after(&mut client, &change), each(&[]), "{table}");
    }
}

#[test]
fn what_moves_empties_the_caches_on_both_sides() {
    let (_db, mut client) = two_tenants();
    for change in [
        "update scraped_pages set domain_id = '{globex_domain}' where url = 'https://acme.example/page/1'",
        // Nothing but the page moves.
        "insert into scraped_pages (id, domain_id, url) values ('{domain}', '{domain}', 'https://acme.example/bare');
         {fill}; update scraped_pages set domain_id = '{globex_domain}' where url = 'https://acme.example/bare'",
        "update website_content set domain_id = '{globex_domain}' where domain_id = '{domain}'",
        "update entity_catalog set domain_id = '{globex_domain}' where domain_id = '{domain}'",
        "update domain_synonym_mappings set domain_id = '{globex_config}', term = 'moved' where domain_id = '{config}'",
        "update page_embeddings set page_id = (select id from scraped_pages where url = 'https://globex.example/page/1')
         where domain_id = '{config}'",
    ] {
        let change = with_ids(change);
        assert_eq!(left_after(&mut client, &change), each(&[]), "{change}");
    }
}

#[test]
fn a_domain_that_is_deleted_takes_its_caches_along() {
    empties_acmes_caches(&["delete from domains where id = '{domain}'"]);
}

#[test]
fn a_tenants_own_change_empties_its_caches_and_no_other() {
    let (db, mut client) = two_tenants();
    db.session(&ACME.person("admin"))
        .run("delete from page_embeddings where chunk_text = 'Refunds of acme take 1 days.'");
    assert_eq!(left_after(&mut client, "select"), each(&["globex.example"]));
}
