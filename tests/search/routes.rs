//! Vectors are compared one by one, or found through the HNSW index; nobody can tell from the result.

use super::*;

/// ACME with 1,500 chunks, GLOBEX with 6,000 and a third tenant with 30, all around the same directions.
fn three_sizes() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into organizations (id, name, slug) values ('a0000000-0000-4000-8000-000000000003', 'tiny', 'tiny');
         select frontdesk.register_domain('a0000000-0000-4000-8000-000000000003', 'tiny.example');
         -- Many chunks at once: the index of vectors is the only one that search needs here.
         insert into scraped_pages (domain_id, url, title, content, status)
         select d.id, 'https://' || d.domain, d.domain, 'Many vectors', 'completed' from domains as d;
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'chunk ' || i, array[sin(i), sin(i * 7.3), sin(i * 1.7)]::vector
         from scraped_pages as p,
            generate_series(1, case p.title when 'acme.example' then 1500 when 'globex.example' then 6000 else 30 end) as i;
         analyze page_embeddings",
    );
    (db, client)
}

fn nearest(client: &mut Client, domain: &str, limit: i32, count: i32) -> Vec<String> {
    client.run(&format!("set frontdesk.exact_search_limit = {limit}"));
    client.rows(&format!(
        "select chunk_text, vector_rank, vector_score from frontdesk.hybrid_search('{domain}', null, '[0.3,-0.2,0.9]', {count})"
    ))
}

#[test]
fn both_routes_find_the_same() {
    let (db, _) = three_sizes();
    let mut member = member(&db);
    let exact = nearest(&mut member, "acme.example", 10_000, 10);
    assert_eq!(nearest(&mut member, "acme.example", 100, 10), exact);
    assert_eq!(exact.len(), 10);
    assert_eq!(nearest(&mut member, "acme.example", 100, 200).len(), 200);
}

#[test]
fn a_small_tenant_among_large_ones_finds_all_it_has() {
    let (db, mut client) = three_sizes();
    for limit in [0, 10_000] {
        assert_eq!(
            nearest(&mut client, "tiny.example", limit, 200).len(),
            30,
            "{limit}"
        );
    }
    let mut own = db.session(&frontdesk_harness::Identity::ChatServer(
        "tiny.example".into(),
    ));
    assert_eq!(nearest(&mut own, "tiny.example", 0, 200).len(), 30);
}

#[test]
fn the_callers_settings_of_pgvector_stay() {
    let (db, _) = three_sizes();
    let mut member = member(&db);
    member.run("set hnsw.ef_search = 77");
    member.run("begin; set local hnsw.iterative_scan = 'strict_order'");
    assert_eq!(nearest(&mut member, "acme.example", 0, 5).len(), 5);
    assert_eq!(
        member.row(
            "select current_setting('hnsw.ef_search'), current_setting('hnsw.iterative_scan')"
        ),
        "77|strict_order"
    );
    member.run("rollback");
    assert_eq!(
        member.row(
            "select current_setting('hnsw.ef_search'), current_setting('hnsw.iterative_scan')"
        ),
        "77|off"
    );
}

#[test]
fn a_vector_without_direction_that_was_stored_by_hand_is_not_found() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "zero", "Zero", Some("[0,0,0]"));
    acme(&mut client, "one", "One", Some("[1,0,0]"));
    for limit in [0, 10_000] {
        let mut member = member(&db);
        member.run(&format!("set frontdesk.exact_search_limit = {limit}"));
        assert_eq!(found(&mut member, "null, '[1,1,1]'"), ["one"]);
    }
}
