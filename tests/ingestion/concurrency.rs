//! Many hands at one page.

use std::thread;

use super::*;

/// What the second of two callers of one url gets, who had to wait for the first.
fn second_outcome(first: &str, second: &str) -> String {
    let (db, _) = two_tenants();
    let (mut holder, mut waiter) = (member(&db), member(&db));
    holder.run("begin");
    ingest(&mut holder, first);
    let call = format!(
        "create temp table outcome as {}",
        ingest_call(URL, second, "")
    );
    db.waits(&mut holder, "commit", &mut waiter, &call)
        .expect("no deadlock");
    waiter.row("select * from outcome")
}

#[test]
fn two_callers_of_a_new_page_take_turns() {
    assert_eq!(second_outcome("<p>Help", "<p>Help"), "unchanged|1|0|1|0|f");
    assert_eq!(second_outcome("<p>Help", "<p>Aid"), "updated|1|1|0|1|t");
}

#[test]
fn two_callers_of_a_known_page_take_turns() {
    let (db, _) = two_tenants();
    let (mut holder, mut waiter) = (member(&db), member(&db));
    ingest(&mut holder, "<p>Old");
    for (text, expected) in [
        ("<p>New", "unchanged|1|0|1|0|f"),
        ("<p>Newer", "updated|1|1|0|1|t"),
    ] {
        holder.run("begin");
        ingest(&mut holder, "<p>New");
        ingest(&mut holder, &format!("<p>Between {expected}"));
        ingest(&mut holder, "<p>New");
        let call = format!(
            "create temp table outcome as {}",
            ingest_call(URL, text, "")
        );
        db.waits(&mut holder, "commit", &mut waiter, &call)
            .expect("no deadlock");
        assert_eq!(waiter.row("select * from outcome"), expected);
        waiter.run("drop table outcome");
        ingest(&mut holder, "<p>Old");
    }
}

#[test]
fn a_page_that_is_removed_meanwhile_is_stored_anew() {
    let (db, _) = two_tenants();
    let (mut holder, mut waiter) = (member(&db), member(&db));
    ingest(&mut holder, "<p>Old");
    holder.run("begin");
    holder.run(&format!(
        "select frontdesk.remove_page('acme.example', '{URL}')"
    ));
    let call = format!(
        "create temp table outcome as {}",
        ingest_call(URL, "<p>New", "")
    );
    db.waits(&mut holder, "commit", &mut waiter, &call)
        .expect("no deadlock");
    assert_eq!(waiter.row("select * from outcome"), "inserted|1|1|0|0|t");
}

#[test]
fn the_same_page_does_not_wait_for_anybody() {
    let (db, _) = two_tenants();
    let (mut holder, mut other) = (member(&db), member(&db));
    ingest(&mut holder, "<p>Old");
    holder.run("begin");
    ingest(&mut holder, "<p>New");
    other.run("set lock_timeout = '1ms'");
    assert_eq!(ingest(&mut other, "<p>Old"), "unchanged|1|0|1|0|f");
}

/// A vector that tells the text that it was made of.
const VECTOR_OF_HASH: &str = "('[' || (('x' || left(hash, 6))::bit(24)::int + 1) || ',1,1]')";

#[test]
fn writers_and_workers_at_one_page_never_deadlock_nor_mix_texts_and_vectors() {
    let (db, mut client) = two_tenants();
    client.run("update page_embeddings set embedding = null; select frontdesk.set_embedding_model('test', 3)");
    let sections = [
        "Orders", "Refunds", "Returns", "Payments", "Accounts", "Same", "Same",
    ];
    thread::scope(|scope| {
        for writer in 0..3 {
            let mut session = member(&db);
            scope.spawn(move || {
                for step in 0..30 {
                    let from = (writer + step) % 4;
                    ingest(&mut session, &page(&sections[from..from + 1 + step % 4]));
                }
            });
        }
        for _ in 0..2 {
            let mut worker = db.superuser();
            scope.spawn(move || (0..60).for_each(|_| embed_a_batch(&mut worker)));
        }
        let mut cache = db.superuser();
        scope.spawn(move || {
            for step in 0..60 {
                cache.run(&format!(
                    "insert into query_cache (domain_id, query_hash, results, expires_at)
                     values ('{}', 'step {step}', '{{}}', now() + interval '1 hour')",
                    ACME.config_id()
                ));
            }
        });
    });
    ingest(&mut member(&db), &page(&["Last", "Words"]));
    embed_a_batch(&mut client);
    let wrong = client.row(&format!(
        "select count(*), count(*) filter (where embedding <> {}::vector) from (select *, content_hash as hash from page_embeddings) as e
         where heading_path in (array['Last'], array['Words'])",
        VECTOR_OF_HASH
    ));
    assert_eq!(wrong, "2|0");
    assert_eq!(
        client.row("select count(*) from page_embeddings where embedding is null"),
        "0"
    );
}

fn embed_a_batch(worker: &mut Client) {
    worker.run(
        "drop table if exists job;
         create temp table job as select *, content_hash as hash from frontdesk.claim_embedding_jobs(100)",
    );
    worker.run(&format!(
        "select frontdesk.complete_embedding_jobs(
            (array_agg(lease_token))[1], array_agg(chunk_id), array_agg(hash), array_agg({VECTOR_OF_HASH}))
         from job having count(*) > 0"
    ));
}
