//! A page that changed keeps what did not change.

use super::*;

/// Chunks of ACME's page by heading: `id|place|has a vector`.
fn chunk(client: &mut Client, heading: &str) -> String {
    client.row(&format!(
        "select id, metadata->'chunk_index', embedding is not null from page_embeddings where heading_path = array['{heading}']"
    ))
}

fn version(client: &mut Client, heading: &str) -> String {
    client.row(&format!(
        "select xmin, ctid from page_embeddings where heading_path = array['{heading}']"
    ))
}

fn queue(client: &mut Client) -> String {
    client.row(&format!(
        "select q.status from embedding_queue as q join scraped_pages as p on p.id = q.page_id where p.url = '{URL}'"
    ))
}

#[test]
fn only_what_changed_is_written_and_queued() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    ingest(&mut member, &page(&["Orders", "Refunds", "Returns"]));
    embed_all(&mut client);
    let kept = ["Orders", "Returns"].map(|heading| version(&mut client, heading));
    let changed = page(&["Orders", "Payments", "Returns"]);
    assert_eq!(ingest(&mut member, &changed), "updated|3|1|2|1|t");
    assert_eq!(
        ["Orders", "Returns"].map(|heading| version(&mut client, heading)),
        kept
    );
    assert!(chunk(&mut client, "Payments").ends_with("|1|f"));
    assert_eq!(
        client.row("select count(*) from page_embeddings where heading_path = array['Refunds']"),
        "0"
    );
    assert_eq!(queue(&mut client), "pending");
}

#[test]
fn a_chunk_that_moves_keeps_its_row_and_its_vector() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    ingest(&mut member, &page(&["Orders", "Refunds"]));
    embed_all(&mut client);
    let id = chunk(&mut client, "Refunds")
        .split('|')
        .next()
        .map(str::to_owned)
        .expect("an id");
    assert_eq!(
        ingest(&mut member, &page(&["News", "Refunds", "Orders"])),
        "updated|3|1|2|0|t"
    );
    assert_eq!(chunk(&mut client, "Refunds"), format!("{id}|1|t"));
    assert!(chunk(&mut client, "Orders").ends_with("|2|t"));
    let totals = client.row("select array_agg(distinct metadata->'total_chunks') from page_embeddings where heading_path is not null");
    assert_eq!(totals, "{3}");
    // Without the new section nothing is left to embed.
    assert_eq!(
        ingest(&mut member, &page(&["Refunds", "Orders"])),
        "updated|2|0|2|1|f"
    );
    assert_eq!(queue(&mut client), "completed");
    assert_eq!(chunk(&mut client, "Refunds"), format!("{id}|0|t"));
}

#[test]
fn equal_chunks_are_each_used_once() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    ingest(&mut member, &page(&["Same", "Other", "Same"]));
    let before = row_versions(&mut client);
    // What stands between them changes: both stay where they are.
    let places = "select string_agg(id::text, ' ' order by metadata->'chunk_index') from page_embeddings where heading_path = array['Same']";
    let same = client.row(places);
    assert_eq!(
        ingest(&mut member, &page(&["Same", "Another", "Same"])),
        "updated|3|1|2|1|t"
    );
    assert_eq!(client.row(places), same);
    assert_eq!(
        ingest(&mut member, &page(&["Same", "Another"])),
        "updated|2|0|2|1|t"
    );
    assert_eq!(
        client.row("select count(*) from page_embeddings where heading_path = array['Same']"),
        "1"
    );
    assert_ne!(row_versions(&mut client), before);
}

#[test]
fn a_change_outside_the_text_queues_nothing() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = page(&["Orders", "Refunds"]);
    ingest(&mut member, &html);
    embed_all(&mut client);
    // The title is searched with each chunk, so the rows are written, but neither their vectors nor their texts.
    let chunks = "select id, embedding, content_hash, chunk_text from page_embeddings where heading_path && array['Orders', 'Refunds'] order by id";
    let kept = client.rows(chunks);
    assert_eq!(kept.len(), 2);
    assert_eq!(
        ingest(&mut member, &html.replace("<title>Help", "<title>Aid")),
        "updated|2|0|2|0|f"
    );
    assert_eq!(client.rows(chunks), kept);
    assert_eq!(queue(&mut client), "completed");
    assert_eq!(
        client.row(&format!(
            "select title from scraped_pages where url = '{URL}'"
        )),
        "Aid"
    );
}

#[test]
fn a_page_that_lost_chunks_gets_them_back() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = page(&["Orders", "Refunds"]);
    ingest(&mut member, &html);
    embed_all(&mut client);
    client.run("delete from page_embeddings where heading_path = array['Refunds']");
    assert_eq!(ingest(&mut member, &html), "updated|2|1|1|0|t");
    assert_eq!(queue(&mut client), "pending");
}

#[test]
fn a_page_that_was_marked_deleted_comes_back() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = page(&["Orders"]);
    ingest(&mut member, &html);
    client.run("update scraped_pages set status = 'deleted' where title = 'Help'");
    assert_eq!(ingest(&mut member, &html), "updated|1|0|1|0|t");
    assert_eq!(queue(&mut client), "pending");
}

#[test]
fn other_limits_cut_the_page_anew() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = page(&["Orders", "Refunds"]);
    ingest(&mut member, &html);
    let call = format!(
        "select status, chunks from frontdesk.ingest_page('acme.example', '{URL}', $html${html}$html$, 100, 0)"
    );
    let outcome = member.row(&call);
    let (status, chunks) = outcome.split_once('|').expect("two columns");
    assert_eq!(status, "updated");
    assert!(chunks.parse::<i32>().expect("a number") > 2);
    assert_eq!(client.row("select max(length(chunk_text)) <= 100 from page_embeddings where heading_path is not null"), "t");
}

#[test]
fn a_page_can_be_cut_by_tokens() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = page(&["Orders", "Refunds"]);
    let call = format!(
        "select status from frontdesk.ingest_page('acme.example', '{URL}', $html${html}$html$, 100, 0, unit => 'tokens')"
    );
    assert_eq!(member.row(&call), "inserted");
    assert_eq!(member.row(&call), "unchanged");
    let characters = call.replace("'tokens'", "'characters'");
    assert_eq!(member.row(&characters), "updated");
    assert_eq!(member.row(&call), "updated");
    assert_eq!(
        client.row("select metadata -> 'chunking' from scraped_pages where title = 'Help'"),
        r#"{"unit": "tokens", "overlap": 0, "max_chars": 100}"#
    );
}

#[test]
fn every_part_of_a_long_table_names_its_columns() {
    let (db, mut client) = two_tenants();
    let rows: String = (0..40)
        .map(|i| format!("<tr><td>Kettle {i}<td>{i}.90</tr>"))
        .collect();
    let html = format!("<table><tr><th>Product<th>Price</tr>{rows}</table>");
    ingest(&mut member(&db), &html);
    let parts = client.row(
        "select count(*) > 3, bool_and(chunk_text like '| Product | Price |%'), max(length(chunk_text)) <= 200
         from page_embeddings where chunk_text like '%Kettle%'",
    );
    assert_eq!(parts, "t|t|t");
}

#[test]
fn a_page_without_text_waits_for_nothing() {
    let (db, mut client) = two_tenants();
    assert_eq!(
        ingest(&mut member(&db), "<title>Help</title>"),
        "inserted|0|0|0|0|f"
    );
    assert_eq!(queue(&mut client), "completed");
}

#[test]
fn a_worker_keeps_its_lease_while_the_text_stays() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = page(&["Orders"]);
    ingest(&mut member, &html);
    client.run("update embedding_queue set status = 'completed' where domain_id <> (select domain_id from scraped_pages where title = 'Help')");
    let claimed = "select count(*) from frontdesk.claim_embedding_jobs()";
    assert_eq!(client.row(claimed), "1");
    ingest(&mut member, &html.replace("<title>Help", "<title>Aid"));
    assert_eq!(queue(&mut client), "processing");
    ingest(&mut member, &page(&["Orders", "More"]));
    assert_eq!(queue(&mut client), "pending");
}
