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

fn vector_leg(client: &mut Client, statement: &str) -> String {
    let values = format!("'{}', '[1,0,0]', 200", ACME.config_id());
    plan(client, "uuid, vector, int", &values, statement)
}

#[test]
fn a_search_reads_the_rows_of_its_tenant_by_an_index() {
    let (db, mut operator) = a_small_tenant_and_a_large_one();
    for client in [&mut operator, &mut *member(&db)] {
        let count = plan(
            client,
            "uuid, bigint",
            &format!("'{}', 10000", ACME.config_id()),
            include_str!("../../sql/queries/search/has_few_chunks.sql"),
        );
        let exact = include_str!("../../sql/queries/search/vector_leg_exact.sql");
        let hnsw = include_str!("../../sql/queries/search/vector_leg_hnsw.sql");
        let legs = [
            text_leg(client),
            vector_leg(client, exact),
            vector_leg(client, hnsw),
        ];
        for plan in legs.into_iter().chain([count]) {
            assert!(plan.contains("page_embeddings"), "{plan}");
            assert!(!plan.contains("Seq Scan on page_embeddings"), "{plan}");
        }
    }
}
