//! The leakproof operator finds what `@@` finds, by its index, also under row level security.

use super::*;

/// ACME with 5,000 chunks beside GLOBEX with 50.
fn skewed() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "select 'common rare' || i || ' half' || i % 2 from generate_series(1, 5000) as i",
    );
    chunks(
        &mut client,
        "globex.example",
        "page",
        "select 'common rare' || i from generate_series(1, 50) as i",
    );
    client.run("analyze page_embeddings");
    (db, client)
}

#[test]
fn the_operator_finds_what_the_built_in_one_finds() {
    let (_db, mut client) = skewed();
    for query in [
        "common",
        "rare7",
        "rare7 | rare8",
        "rare:*",
        "!half1",
        "common <-> rare9",
        "half0 & !rare2",
    ] {
        let count = |client: &mut Client, operator: &str, setting: &str| {
            client.run(&format!("set enable_seqscan = {setting}"));
            client.row(&format!(
                "select count(*) from page_embeddings where search_vector {operator} '{query}'"
            ))
        };
        let expected = count(&mut client, "@@", "on");
        assert_eq!(
            count(&mut client, "operator(frontdesk.@~)", "on"),
            expected,
            "{query}"
        );
        assert_eq!(
            count(&mut client, "operator(frontdesk.@~)", "off"),
            expected,
            "{query}"
        );
    }
}

#[test]
fn a_tenant_asks_the_index_whatever_its_size() {
    let (db, _client) = skewed();
    for tenant in [&ACME, &GLOBEX] {
        let mut member = db.session(&tenant.person("member"));
        let config = tenant.config_id();
        let plan = member
            .rows(&format!(
                "explain (costs off) select id from page_embeddings where domain_id = '{config}' and search_vector operator(frontdesk.@~) 'rare7'"
            ))
            .join("\n");
        // Of a few rows the word is looked for one by one: Postgres 18 finds that cheaper.
        if tenant.domain() == GLOBEX.domain() && plan.contains("idx_page_embeddings_domain_id") {
            continue;
        }
        assert!(plan.contains("idx_page_embeddings_search"), "{plan}");
        // The index is asked for the word, not only for the tenant.
        let condition = plan
            .lines()
            .find(|line| line.contains("Index Cond") && line.contains("@~"));
        assert!(condition.is_some(), "{plan}");
    }
}

#[test]
fn no_function_of_postgres_is_made_leakproof() {
    let (_db, mut client) = two_tenants();
    assert_eq!(
        client.row("select proleakproof from pg_proc where oid = 'ts_match_vq'::regproc"),
        "f"
    );
    assert_eq!(
        client.row(
            "select proleakproof from pg_proc where oid = 'frontdesk.tsvector_matches'::regproc"
        ),
        "t"
    );
}
