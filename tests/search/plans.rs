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
fn plan(client: &mut Client, types: &str, values: &str, statement: &str) -> String {
    client.run(&format!(
        "set plan_cache_mode = force_custom_plan; prepare statement ({types}) as {statement}"
    ));
    let plan = client.rows(&format!("explain (costs off) execute statement ({values})"));
    client.run("deallocate statement");
    plan.join("\n")
}

fn text_leg(client: &mut Client) -> String {
    let values = format!("'{}', array[gen_random_uuid()]", ACME.config_id());
    let statement = include_str!("../../sql/queries/search/visible_chunks.sql");
    plan(client, "uuid, uuid[]", &values, statement)
}

#[test]
fn a_search_reads_the_rows_of_its_tenant_by_an_index() {
    let (db, mut operator) = a_small_tenant_and_a_large_one();
    for client in [&mut operator, &mut *member(&db)] {
        let plan = text_leg(client);
        assert!(plan.contains("page_embeddings"), "{plan}");
        assert!(!plan.contains("Seq Scan on page_embeddings"), "{plan}");
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
fn an_exact_search_reads_the_copies_of_its_tenant_by_an_index() {
    let (_db, mut operator) = a_small_tenant_and_a_large_one();
    let statement =
        "select v.chunk_id from frontdesk_internal.chunk_vectors as v where v.config_id = $1
         order by v.direction <#> $2, v.chunk_id limit $3";
    let values = format!("'{}', '[1,0,0]', 200", ACME.config_id());
    operator.run(&format!(
        "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; prepare statement (uuid, halfvec, int) as {statement}"
    ));
    let plan = operator
        .rows(&format!("explain (costs off) execute statement ({values})"))
        .join("\n");
    assert!(plan.contains("chunk_vectors_config_id_idx"), "{plan}");
}
