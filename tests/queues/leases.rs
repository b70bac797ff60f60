//! A lease ends: by its time, by the worker, or because the text changed.

use std::thread;
use std::time::Duration;

use super::*;

fn claim_briefly(worker: &mut Client) -> Vec<String> {
    let claimed = claim_for(worker, 32, "1 millisecond");
    thread::sleep(Duration::from_millis(5));
    claimed
}

#[test]
fn jobs_whose_worker_did_not_come_back_are_given_to_the_next() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    let mut next = db.superuser();
    assert_eq!(claim_briefly(&mut worker), ["Orders"]);
    assert_eq!(claim(&mut next, 32), ["Orders"]);
    assert_eq!(jobs(&mut next), ["a|processing|1|f|t"]);
    assert_eq!(complete(&mut worker, "[9,9,9]"), ["stale"]);
    assert_eq!(complete(&mut next, "[1,2,3]"), ["stored"]);
    assert_eq!(next.row("select embedding from page_embeddings"), "[1,2,3]");
    assert_eq!(jobs(&mut next), ["a|completed|0|f|f"]);
}

#[test]
fn vectors_that_come_after_the_lease_are_refused_even_when_nobody_else_claimed() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim_briefly(&mut worker);
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stale"]);
    assert_eq!(claim(&mut worker, 32), ["Orders"]);
}

#[test]
fn what_every_worker_dies_of_ends_as_a_dead_letter() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Deadly"]);
    for _ in 0..5 {
        assert_eq!(claim_briefly(&mut worker), ["Deadly"]);
    }
    assert!(claim(&mut worker, 32).is_empty());
    assert_eq!(jobs(&mut worker), ["a|failed|5|f|f"]);
    assert_eq!(
        worker.row("select error_message from embedding_queue"),
        "the lease ended before the worker came back"
    );
    // New text is a new job.
    store_page(&mut worker, "a", &["Harmless"]);
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
}

#[test]
fn a_lease_is_spent_when_its_vectors_are_in() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stored"]);
    assert_eq!(complete(&mut worker, "[9,9,9]"), ["stale"]);
    assert_eq!(
        worker.row("select embedding from page_embeddings"),
        "[1,2,3]"
    );
}

#[test]
fn a_lease_is_good_for_its_own_pages_only() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    store_page(&mut worker, "b", &["Refund"]);
    let mut other = db.superuser();
    assert_eq!(claim(&mut worker, 1), ["Orders"]);
    assert_eq!(claim(&mut other, 1), ["Refund"]);
    let stolen = worker.row(
        "select c.status from job as j, page_embeddings as e,
            frontdesk.complete_embedding_jobs(j.lease_token, array[e.id], array[e.content_hash], array['[9,9,9]']) as c
         where e.heading_path = array['Refund']",
    );
    assert_eq!(stolen, "stale");
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f", "b|processing|0|f|t"]);
}

#[test]
fn vectors_of_text_that_changed_meanwhile_are_refused() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders", "Refund"]);
    claim(&mut worker, 32);
    store_page(&mut worker, "a", &["Orders", "Return"]);
    assert_eq!(complete(&mut worker, "[9,9,9]"), ["stale"]);
    assert_eq!(claim(&mut worker, 32), ["Orders", "Return"]);
    // The text of a chunk changes under its id, without its page.
    worker.run("reset role; update page_embeddings set chunk_text = 'Other' where heading_path = array['Return']; set role service_role");
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stale", "stored"]);
    assert_eq!(
        worker.row("select count(*) from page_embeddings where embedding is not null"),
        "1"
    );
    assert_eq!(jobs(&mut worker), ["a|pending|0|f|f"]);
}

#[test]
fn a_worker_that_stops_gives_its_jobs_back_at_once() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    store_page(&mut worker, "b", &["Refund"]);
    claim(&mut worker, 32);
    let stored = worker.rows(
        "select c.status from job as j, frontdesk.complete_embedding_jobs(j.lease_token, array[j.chunk_id], array[j.content_hash], array['[1,2,3]']) as c
         where j.place = 1",
    );
    assert_eq!(stored, ["stored"]);
    assert_eq!(jobs(&mut worker), ["a|completed|0|f|f", "b|pending|0|f|f"]);
    assert_eq!(claim(&mut worker, 32), ["Refund"]);
}

#[test]
fn a_removed_page_takes_its_job_with_it() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    worker.run("select frontdesk.remove_page('acme.example', 'https://acme.example/a')");
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stale"]);
    assert!(jobs(&mut worker).is_empty());
}

#[test]
fn a_removal_waits_for_the_worker_and_the_worker_for_nobody() {
    let (db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    worker.run("begin");
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stored"]);
    let mut remover = db.superuser();
    db.waits(
        &mut worker,
        "commit",
        &mut remover,
        "select frontdesk.remove_page('acme.example', 'https://acme.example/a')",
    )
    .expect("no deadlock");
    assert!(jobs(&mut worker).is_empty());
}
