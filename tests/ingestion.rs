//! One call per page: what is stored of it, what is kept when it comes again, and who may.

mod chunks;
mod concurrency;
mod crawls;
mod entities;
mod recrawl;
mod rights;
mod urls;

use std::collections::BTreeMap;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Session, Sql};

const URL: &str = "https://acme.example/help";

/// ACME and GLOBEX, without ACME's own pages.
fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    client.run("delete from scraped_pages where url like 'https://acme.example/%'");
    (db, client)
}

fn member(db: &Database) -> Session {
    db.session(&ACME.person("member"))
}

/// A page whose every section becomes one chunk of at most 200 characters.
fn page(sections: &[&str]) -> String {
    let sections: Vec<String> = sections
        .iter()
        .map(|name| {
            format!(
                "<h2>{name}</h2><p>{}</p>",
                format!("What we say of {name}. ").repeat(130 / (16 + name.len()))
            )
        })
        .collect();
    format!("<title>Help</title>{}", sections.concat())
}

/// `status|chunks|added|kept|removed|queued` of an ingest of the page at [`URL`].
fn ingest(client: &mut Client, html: &str) -> String {
    ingest_as(client, URL, html, "")
}

fn ingest_as(client: &mut Client, url: &str, html: &str, more: &str) -> String {
    client.row(&ingest_call(url, html, more))
}

fn ingest_call(url: &str, html: &str, more: &str) -> String {
    format!(
        "select status, chunks, added, kept, removed, queued
         from frontdesk.ingest_page('acme.example', '{url}', $html${html}$html$, 200, 0{more})"
    )
}

/// Gives every chunk of ACME a vector and takes its pages out of the queue, as a worker does.
fn embed_all(client: &mut Client) {
    client.run(
        "update page_embeddings set embedding = array_fill(1, array[1536])::vector where embedding is null;
         update embedding_queue set status = 'completed'",
    );
}

/// The version of every row of every table: where it is and who wrote it.
fn row_versions(client: &mut Client) -> Vec<String> {
    let tables = client.rows(
        "select c.oid::regclass from pg_class as c
         where c.relkind = 'r' and c.relowner = 'frontdesk_owner'::regrole order by 1",
    );
    tables
        .iter()
        .flat_map(|table| {
            client.rows(&format!(
                "select '{table}', xmin, ctid from {table} order by ctid"
            ))
        })
        .collect()
}

#[test]
fn a_new_page_is_stored_cut_and_queued() {
    let (db, mut client) = two_tenants();
    let html = page(&["Orders", "Refunds"]);
    assert_eq!(ingest(&mut member(&db), &html), "inserted|2|2|0|0|t");
    let stored = client.row(&format!(
        "select title, status, html = $html${html}$html$, content like '%What we say of Refunds%', content_hash is not null,
            scraped_at is not null, metadata->'headings'->1->>'text'
         from scraped_pages where url = '{URL}' and domain_id = '{}'",
        ACME.domain_id()
    ));
    assert_eq!(stored, "Help|completed|t|t|t|t|Refunds");
    let chunks = client.rows(
        "select e.heading_path, e.metadata - 'indexed_at', e.metadata->>'indexed_at' is not null, e.embedding is null,
            e.content_hash = encode(sha256(convert_to(array_to_string(e.heading_path, ' > ') || E'\\n' || e.chunk_text, 'UTF8')), 'hex')
         from page_embeddings as e join scraped_pages as p on p.id = e.page_id
         where p.title = 'Help' order by e.metadata->'chunk_index'",
    );
    let expected = |index: usize, name: &str| {
        format!(
            "{{{name}}}|{{\"oversized\": false, \"chunk_index\": {index}, \"content_type\": \"page\", \"total_chunks\": 2}}|t|t|t"
        )
    };
    assert_eq!(chunks, [expected(0, "Orders"), expected(1, "Refunds")]);
    let queue = client.row(
        "select q.status, q.domain_id = p.domain_id
         from embedding_queue as q join scraped_pages as p on p.id = q.page_id where p.title = 'Help'",
    );
    assert_eq!(queue, "pending|t");
}

#[test]
fn the_same_page_again_writes_nothing() {
    let (db, mut client) = two_tenants();
    let html = page(&["Orders", "Refunds"]);
    let mut member = member(&db);
    ingest(&mut member, &html);
    let before = row_versions(&mut client);
    member.run("begin");
    assert_eq!(ingest(&mut member, &html), "unchanged|2|0|2|0|f");
    assert_eq!(
        member.row("select pg_current_xact_id_if_assigned() is null"),
        "t"
    );
    member.run("commit");
    assert_eq!(row_versions(&mut client), before);
}

#[test]
fn two_versions_of_a_page_in_one_statement_leave_the_last() {
    let (db, mut client) = two_tenants();
    let outcomes = member(&db).rows(&format!(
        "select i.status
         from unnest(array['one', 'two', 'one', 'one']) as version,
            frontdesk.ingest_page('acme.example', '{URL}', '<p>Version ' || version) as i"
    ));
    assert_eq!(outcomes, ["inserted", "updated", "updated", "unchanged"]);
    assert_eq!(
        client.row("select chunk_text from page_embeddings where chunk_text like 'Version%'"),
        "Version one"
    );
}

#[test]
fn what_the_caller_says_of_a_page_is_kept_exactly() {
    let (db, mut client) = two_tenants();
    let given = format!(
        r#"{{"price": 1.10000000000000000000000000001, "huge": 1e400, "deep": {}{}, "language": "tlh", "chunking": "mine"}}"#,
        "[".repeat(300),
        "]".repeat(300)
    );
    let html = r#"<html lang="en"><meta name="description" content="All about help"><p>Help"#;
    ingest_as(&mut member(&db), URL, html, &format!(", '{given}'"));
    let kept = client.row(&format!(
        "select metadata @> '{given}'::jsonb - 'chunking', metadata->>'description', metadata->'chunking'
         from scraped_pages where url = '{URL}'"
    ));
    assert_eq!(
        kept,
        r#"t|All about help|{"unit": "characters", "overlap": 0, "max_chars": 200}"#
    );
}

#[test]
fn products_and_questions_of_a_page_replace_those_of_its_former_version() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let version = |name: &str| {
        format!(
            r#"<p>Kettles</p><script type="application/ld+json">[{{"@type": "Product", "name": "{name}"}},
            {{"@type": "Question", "name": "Hot?", "acceptedAnswer": {{"@type": "Answer", "text": "Yes"}}}}]</script>"#
        )
    };
    let found = format!(
        "select extract_type, coalesce(extracted_data->>'name', extracted_data->>'question')
         from structured_extractions where url = '{URL}' and domain_id = '{}' order by 1",
        ACME.domain_id()
    );
    ingest(&mut member, &version("Old"));
    assert_eq!(client.rows(&found), ["faq|Hot?", "product|Old"]);
    let question =
        "select xmin from structured_extractions where extract_type = 'faq' and url like '%/help'";
    let before = client.row(question);
    // NUL is the one character that JSON may hold and Postgres may not.
    ingest(&mut member, &version("New\\u0000"));
    assert_eq!(client.rows(&found), ["faq|Hot?", "product|New\u{FFFD}"]);
    assert_eq!(client.row(question), before);
    ingest(&mut member, "<p>Kettles</p>");
    assert!(client.rows(&found).is_empty());
}

/// What the tables hold, without the logs that say which chunks and tenants have changed: maintenance folds those.
fn all_but_logs(client: &mut Client) -> BTreeMap<String, String> {
    let mut contents = frontdesk_harness::contents(client);
    for log in [
        "search_changes",
        "corpus_changes",
        "vector_counts",
        "uncoded_vectors",
        "dead_vector_codes",
    ] {
        contents
            .remove(&format!("frontdesk_internal.{log}"))
            .expect("the log is a table");
    }
    contents
}

#[test]
fn a_removed_page_leaves_nothing_behind() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = r#"<p>Xylophone</p><script type="application/ld+json">{"@type": "Product", "name": "Xylophone"}</script>"#;
    let before = all_but_logs(&mut client);
    ingest(&mut member, html);
    assert_eq!(
        member.row(
            "select frontdesk.remove_page('www.ACME.example', 'https://acme.example:443/help#top')"
        ),
        "t"
    );
    assert_eq!(
        member.row(&format!(
            "select frontdesk.remove_page('acme.example', '{URL}')"
        )),
        "f"
    );
    assert_eq!(all_but_logs(&mut client), before);
}
