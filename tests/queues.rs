//! The embedding queue: what a worker is given, what becomes of its vectors, and what happens when it fails.

mod failures;
mod fairness;
mod leases;
mod model;
mod others;
mod simulation;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql};

/// ACME and GLOBEX without pages, for a model of three dimensions; and an operator, who is the worker.
fn empty_queue() -> (Database, Client) {
    let db = Database::new();
    let mut worker = db.superuser();
    ACME.create(&mut worker);
    GLOBEX.create(&mut worker);
    worker.run("delete from scraped_pages; select frontdesk.set_embedding_model('test', 3); set role service_role");
    (db, worker)
}

/// Stores a page of as many chunks as there are words.
fn store_page(client: &mut Client, page: &str, words: &[&str]) {
    let sections: Vec<String> = words
        .iter()
        .map(|word| format!("<h2>{word}</h2><p>{}", format!("About {word}. ").repeat(8)))
        .collect();
    let chunks = client.row(&format!(
        "select chunks from frontdesk.ingest_page('acme.example', 'https://acme.example/{page}', '{}', 100 + 8 * length('{}'), 0)",
        sections.concat(),
        words.first().unwrap_or(&"")
    ));
    assert_eq!(chunks, words.len().to_string());
}

/// Claims up to so many chunks into the table `job` of the session; their headings in order.
fn claim(worker: &mut Client, batch: i32) -> Vec<String> {
    claim_for(worker, batch, "5 minutes")
}

fn claim_for(worker: &mut Client, batch: i32, lease: &str) -> Vec<String> {
    worker.run(&format!(
        "reset role; drop table if exists job;
         create temp table job as
         select j.*, row_number() over () as place from frontdesk.claim_embedding_jobs({batch}, '{lease}') as j;
         grant select on job to service_role; set role service_role"
    ));
    worker.rows("select split_part(content, E'\\n', 1) from job order by place")
}

/// Hands in `vector` for every chunk of the table `job`; the distinct outcomes.
fn complete(worker: &mut Client, vector: &str) -> Vec<String> {
    worker.rows(&format!(
        "select distinct c.status
         from (select (array_agg(lease_token))[1] as token, array_agg(chunk_id) as ids, array_agg(content_hash) as hashes from job) as j,
            frontdesk.complete_embedding_jobs(j.token, j.ids, j.hashes, array_fill('{vector}'::text, array[cardinality(j.ids)])) as c
         order by 1"
    ))
}

/// `url|status|failed attempts|waits|leased` of every page in the queue.
fn jobs(worker: &mut Client) -> Vec<String> {
    worker.rows(
        "select substr(p.url, 22), q.status, q.retry_count, q.not_before > now() is true, q.lease_token is not null
         from embedding_queue as q join scraped_pages as p on p.id = q.page_id order by p.url",
    )
}

#[test]
fn a_claim_gives_each_chunk_with_its_headings_and_the_hash_of_both() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders", "Refund"]);
    assert_eq!(claim(&mut worker, 32), ["Orders", "Refund"]);
    let exact = worker.row(
        "select count(*), bool_and(j.content_hash = encode(sha256(convert_to(j.content, 'UTF8')), 'hex')),
            bool_and(j.content = array_to_string(e.heading_path, ' > ') || E'\\n' || e.chunk_text and j.page_id = e.page_id),
            count(distinct j.lease_token)
         from job as j join page_embeddings as e on e.id = j.chunk_id",
    );
    assert_eq!(exact, "2|t|t|1");
    assert_eq!(jobs(&mut worker), ["a|processing|0|f|t"]);
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stored"]);
    assert_eq!(jobs(&mut worker), ["a|completed|0|f|f"]);
    assert_eq!(worker.row("select count(*) from page_embeddings where embedding = '[1,2,3]' and embedding_model = 'test'"), "2");
    assert!(claim(&mut worker, 32).is_empty());
}

#[test]
fn the_oldest_page_comes_first() {
    let (_db, mut worker) = empty_queue();
    for page in ["c", "a", "b"] {
        store_page(&mut worker, page, &[page]);
    }
    assert_eq!(
        [
            claim(&mut worker, 1),
            claim(&mut worker, 1),
            claim(&mut worker, 1)
        ],
        [["c"], ["a"], ["b"]]
    );
}

#[test]
fn a_page_that_is_queued_again_waits_from_then_on() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Old"]);
    claim(&mut worker, 1);
    complete(&mut worker, "[1,2,3]");
    worker.run("update embedding_queue set created_at = now() - interval '1 year'");
    store_page(&mut worker, "b", &["Next"]);
    store_page(&mut worker, "a", &["New"]);
    let waited = "select oldest_pending < interval '1 hour' from frontdesk.queue_status() where queue = 'embedding'";
    assert_eq!(worker.row(waited), "t");
    assert_eq!(claim(&mut worker, 1), ["Next"]);
}

#[test]
fn two_workers_are_given_different_chunks_and_do_not_wait() {
    let (db, mut worker) = empty_queue();
    for page in ["a", "b", "c", "d"] {
        store_page(&mut worker, page, &[page, page.to_uppercase().as_str()]);
    }
    let mut other = db.superuser();
    other.run("set lock_timeout = '1ms'");
    worker.run("begin");
    other.run("begin");
    let (first, second) = (claim(&mut worker, 4), claim(&mut other, 4));
    worker.run("commit");
    other.run("commit");
    assert_eq!([first.len(), second.len()], [4, 4]);
    let mut all = [first, second].concat();
    all.sort();
    assert_eq!(all, ["A", "B", "C", "D", "a", "b", "c", "d"]);
}

#[test]
fn a_page_with_more_chunks_than_the_batch_takes_several_claims() {
    let (_db, mut worker) = empty_queue();
    let words = ["One", "Two", "Six", "Ten", "Age"];
    store_page(&mut worker, "a", &words);
    store_page(&mut worker, "b", &["End"]);
    let mut claimed = vec![];
    for batch in [2, 2, 2] {
        let chunks = claim(&mut worker, batch);
        assert_eq!(chunks.len(), 2);
        claimed.extend(chunks);
        assert_eq!(complete(&mut worker, "[1,2,3]"), ["stored"]);
    }
    // What is left of the page goes to the end of the line.
    assert_eq!(claimed, ["One", "Two", "End", "Six", "Ten", "Age"]);
    assert_eq!(
        jobs(&mut worker),
        ["a|completed|0|f|f", "b|completed|0|f|f"]
    );
}

#[test]
fn pages_that_wait_for_nothing_do_not_hide_those_that_do() {
    let (_db, mut worker) = empty_queue();
    worker.run(&format!(
        "insert into scraped_pages (domain_id, url, content, status)
         select '{}', 'https://acme.example/' || i, 'not cut', 'completed' from generate_series(1, 250) as i",
        ACME.domain_id()
    ));
    store_page(&mut worker, "z", &["Last"]);
    assert_eq!(claim(&mut worker, 1), ["Last"]);
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stored"]);
    assert!(claim(&mut worker, 1).is_empty());
    assert_eq!(
        worker.row("select count(*) from embedding_queue where status = 'completed'"),
        "251"
    );
}

#[test]
fn only_operators_work_on_the_queue() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    for identity in [ACME.person("owner"), ACME.chat_server()] {
        let mut session = db.session(&identity);
        for call in [
            "frontdesk.claim_embedding_jobs()",
            "frontdesk.complete_embedding_jobs(gen_random_uuid(), '{}', '{}', '{}')",
            "frontdesk.fail_embedding_jobs(gen_random_uuid(), 'error')",
            "frontdesk.set_embedding_model('mine', 3)",
        ] {
            assert_eq!(
                session.refusal(&format!("select {call}")),
                "42501",
                "{identity:?} {call}"
            );
        }
    }
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
}

#[test]
fn the_state_of_the_queue_is_shown_to_those_whose_pages_it_holds() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    store_page(&mut worker, "b", &["Refunds"]);
    claim(&mut worker, 1);
    let status = "select domain, pending, processing, completed, failed, oldest_pending >= '0' from frontdesk.queue_status() where queue = 'embedding'";
    assert_eq!(
        db.session(&ACME.person("viewer")).rows(status),
        ["acme.example|1|1|0|0|t"]
    );
    assert!(db.session(&GLOBEX.person("owner")).rows(status).is_empty());
    assert_eq!(worker.rows(status).len(), 1);
}
