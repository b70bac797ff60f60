//! A search never reads the rows of other tenants one by one. Its statements are planned for their very arguments.

use super::*;

/// ACME with 400 chunks, GLOBEX with 4,000.
fn a_small_tenant_and_a_large_one() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(
        "insert into scraped_pages (domain_id, url, title, content, status)
         select d.id, 'https://' || d.domain || '/' || i, 'page', 'text', 'completed' from domains as d, generate_series(1, 20) as i;
         insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'word' || i % 50 || ' refund', array[sin(i), sin(i * 7.3), 1]::vector
         from scraped_pages as p, generate_series(1, case when p.url like '%acme%' then 20 else 200 end) as i;
         analyze",
    );
    (db, client)
}

/// The plan of a statement of src/search with these arguments.
fn plan(client: &mut Client, mode: &str, types: &str, values: &str, statement: &str) -> String {
    client.run(&format!(
        "set plan_cache_mode = {mode}; prepare statement ({types}) as {statement}"
    ));
    let plan = client.rows(&format!("explain (costs off) execute statement ({values})"));
    client.run("deallocate statement");
    plan.join("\n")
}

/// Statements that read chunks whose ids are known, with the types of their arguments and the arguments.
fn statements_by_key() -> [(&'static str, &'static str, String); 3] {
    let config_id = ACME.config_id();
    let ids = "array_fill(gen_random_uuid(), array[200])";
    let both = format!("'{config_id}', {ids}");
    [
        (
            include_str!("../../sql/queries/search/visible_chunks.sql"),
            "uuid, uuid[]",
            both.clone(),
        ),
        (
            include_str!("../../sql/queries/search/vectors_by_id.sql"),
            "uuid, uuid[]",
            both,
        ),
        (
            include_str!("../../sql/queries/search/chunks_by_id.sql"),
            "uuid[]",
            ids.to_owned(),
        ),
    ]
}

/// However many chunks the tenant has, and whether the plan is for these arguments or for any.
#[test]
fn chunks_whose_ids_are_known_are_read_by_their_key_alone() {
    let (db, mut operator) = a_small_tenant_and_a_large_one();
    for client in [&mut operator, &mut *member(&db)] {
        for mode in ["force_custom_plan", "force_generic_plan"] {
            for (statement, types, values) in statements_by_key() {
                let plan = plan(client, mode, types, &values, statement);
                assert!(plan.contains("Index Cond: (id = w"), "{mode}: {plan}");
                assert_eq!(plan.matches("on page_embeddings").count(), 1, "{plan}");
            }
        }
    }
}

/// The plan that is kept for a statement, as the role of `client`, under the settings of an HNSW scan.
fn kept_plan(client: &mut Client, types: &str, values: &str, statement: &str) -> String {
    client.run(&format!(
        "set plan_cache_mode = force_generic_plan; set enable_sort = off; set enable_seqscan = off;
         prepare statement ({types}) as {statement}"
    ));
    let plan = client.rows(&format!("explain (costs off) execute statement ({values})"));
    client.run(
        "deallocate statement; reset plan_cache_mode; reset enable_sort; reset enable_seqscan",
    );
    plan.join("\n")
}

#[test]
fn nearest_vectors_come_from_the_index_in_their_order() {
    let (db, mut operator) = a_small_tenant_and_a_large_one();
    let hnsw = include_str!("../../sql/queries/search/vector_leg_hnsw.sql");
    let values = format!("'{}', '[1,0,0]', 200", ACME.config_id());
    for client in [&mut operator, &mut *member(&db)] {
        let plan = kept_plan(client, "uuid, vector, int", &values, hnsw);
        assert!(
            plan.contains("page_embeddings_embedding_hnsw_idx"),
            "{plan}"
        );
    }
}

#[test]
fn whether_one_chunk_is_visible_is_asked_by_its_key() {
    let (db, mut operator) = a_small_tenant_and_a_large_one();
    let statement = include_str!("../../sql/queries/search/visible_chunk.sql");
    let values = format!("'{}', gen_random_uuid()", ACME.config_id());
    for client in [&mut operator, &mut *member(&db)] {
        let mode = "force_generic_plan";
        let plan = plan(client, mode, "uuid, uuid", &values, statement);
        assert!(plan.contains("Index Cond: (id = $2)"), "{plan}");
    }
}

#[test]
fn copies_and_codes_are_read_by_their_indexes() {
    let (_db, mut operator) = a_small_tenant_and_a_large_one();
    for (statement, types, values, index) in [
        (
            include_str!("../../sql/queries/search/vector_leg_exact.sql"),
            "uuid, vector, int",
            "'[1,0,0]', 200",
            "chunk_vectors_config_id_idx",
        ),
        (
            include_str!("../../sql/queries/search/compare_vectors.sql"),
            "uuid",
            "",
            "chunk_vectors_config_id_idx",
        ),
        (
            include_str!("../../sql/queries/search/compare_some_vectors.sql"),
            "uuid, uuid[]",
            "'{}'",
            "chunk_vectors_pkey",
        ),
        (
            include_str!("../../sql/queries/search/codes/collect.sql"),
            "uuid",
            "",
            "vector_codes_pkey",
        ),
    ] {
        operator.run(&format!(
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; prepare statement ({types}) as {statement}"
        ));
        let values = [&format!("'{}'", ACME.config_id()), values].join(", ");
        let plan = operator
            .rows(&format!(
                "explain (costs off) execute statement ({})",
                values.trim_end_matches(", ")
            ))
            .join("\n");
        assert!(plan.contains(index), "{plan}");
        assert!(!plan.contains("Seq Scan"), "{plan}");
        operator.run("deallocate statement");
    }
}

#[test]
fn the_index_of_words_is_read_by_its_keys() {
    let (_db, mut operator) = a_small_tenant_and_a_large_one();
    operator.run("set enable_seqscan = off");
    let values = format!("'{}', array['refund'::bytea], null, 2048", ACME.config_id());
    let plan = plan(
        &mut operator,
        "force_generic_plan",
        "uuid, bytea[], int, int",
        &values,
        include_str!("../../sql/queries/search/read_segments.sql"),
    );
    for index in ["search_segments_pkey", "search_postings_pkey"] {
        assert!(plan.contains(index), "{plan}");
    }
}
