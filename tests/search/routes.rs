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

const EXACT: &str = ROUTES[0];
const CODES: &str = ROUTES[1];
const INDEX: &str = ROUTES[2];

fn nearest(client: &mut Client, domain: &str, route: &str, count: i32) -> Vec<String> {
    client.run(route);
    client.rows(&format!(
        "select chunk_text, vector_rank from frontdesk.hybrid_search('{domain}', null, '[0.3,-0.2,0.9]', {count})"
    ))
}

#[test]
fn all_routes_find_the_same() {
    let (db, _) = three_sizes();
    let mut member = member(&db);
    let exact = nearest(&mut member, "acme.example", EXACT, 10);
    assert_eq!(exact.len(), 10);
    for route in [CODES, INDEX] {
        assert_eq!(nearest(&mut member, "acme.example", route, 10), exact);
        assert_eq!(nearest(&mut member, "acme.example", route, 200).len(), 200);
    }
}

#[test]
fn an_index_gives_the_same_scores_as_comparing_but_for_half_a_thousandth() {
    let (db, _) = three_sizes();
    let mut member = member(&db);
    let score = "select chunk_text, vector_score from frontdesk.hybrid_search('acme.example', null, '[0.3,-0.2,0.9]', 20)";
    let [exact, index] = [EXACT, INDEX].map(|route| {
        member.run(route);
        let scores = member.rows(score).into_iter().map(|row| {
            let (chunk, score) = row.split_once('|').expect("two columns");
            (chunk.to_owned(), score.parse::<f32>().expect("a score"))
        });
        scores.collect::<std::collections::BTreeMap<_, _>>()
    });
    assert_eq!(exact.len(), 20);
    for (chunk, score) in exact {
        let other = index.get(&chunk).copied().unwrap_or_default();
        assert!((score - other).abs() < 0.0005, "{chunk}: {score}, {other}");
    }
}

#[test]
fn a_small_tenant_among_large_ones_finds_all_it_has() {
    let (db, mut client) = three_sizes();
    for route in ROUTES {
        assert_eq!(
            nearest(&mut client, "tiny.example", route, 200).len(),
            30,
            "{route}"
        );
    }
    let mut own = db.session(&frontdesk_harness::Identity::ChatServer(
        "tiny.example".into(),
    ));
    assert_eq!(nearest(&mut own, "tiny.example", INDEX, 200).len(), 30);
}

#[test]
fn the_callers_settings_of_pgvector_stay() {
    let (db, _) = three_sizes();
    let mut member = member(&db);
    member.run("set hnsw.ef_search = 77");
    member.run("begin; set local hnsw.iterative_scan = 'strict_order'");
    assert_eq!(nearest(&mut member, "acme.example", INDEX, 5).len(), 5);
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
    for route in ROUTES {
        let mut member = member(&db);
        member.run(route);
        assert_eq!(found(&mut member, "null, '[1,1,1]'"), ["one"]);
    }
}

#[test]
fn a_tenant_with_an_index_of_its_own_is_searched_through_it() {
    let (db, mut operator) = three_sizes();
    let name = operator.row("select frontdesk.create_vector_index('acme.example')");
    assert_eq!(name, "page_embeddings_tenant_1_hnsw_idx");
    assert_eq!(
        operator.row("select frontdesk.create_vector_index('acme.example')"),
        name
    );
    let mut member = member(&db);
    let exact = nearest(&mut member, "acme.example", EXACT, 10);
    assert_eq!(nearest(&mut member, "acme.example", INDEX, 10), exact);
    let statement = include_str!("../../sql/queries/search/vector_leg_hnsw.sql");
    member.run(&format!(
        "set plan_cache_mode = force_custom_plan; set enable_sort = off; set enable_seqscan = off;
         prepare statement (uuid, vector, int) as {statement}"
    ));
    let explain = format!(
        "explain (costs off) execute statement ('{}', '[1,0,0]', 200)",
        ACME.config_id()
    );
    let plan = member.rows(&explain).join("\n");
    assert!(plan.contains(&name), "{plan}");
    assert_eq!(
        operator.row("select frontdesk.drop_vector_index('acme.example')"),
        "t"
    );
    assert_eq!(
        operator.row("select frontdesk.drop_vector_index('acme.example')"),
        "f"
    );
    assert_eq!(
        operator.row(&format!("select to_regclass('{name}') is null")),
        "t"
    );
    for function in ["create_vector_index", "drop_vector_index"] {
        let call = format!("select frontdesk.{function}('acme.example')");
        let owner = &mut db.session(&ACME.person("owner"));
        assert_eq!(owner.refusal(&call), "42501");
    }
}
