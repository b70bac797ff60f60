//! Whose job is next.

use super::*;

/// Queues so many pages of one chunk for a domain.
fn store_pages(client: &mut Client, domain: &str, pages: i32) {
    client.run(&format!(
        "reset role;
         with stored as (
             insert into scraped_pages (domain_id, url, content, status)
             select d.id, 'https://{domain}/' || i, 'Page ' || i, 'completed'
             from domains as d, generate_series(1, {pages}) as i where d.domain = '{domain}'
             returning id, content
         )
         insert into page_embeddings (page_id, chunk_text) select id, content from stored;
         set role service_role"
    ));
}

/// Claims so many chunks and tells how many are of each domain.
fn claim_of_domains(worker: &mut Client, batch: i32) -> Vec<String> {
    worker.rows(&format!(
        "select d.domain, count(*)
         from frontdesk.claim_embedding_jobs({batch}) as j
         join scraped_pages as p on p.id = j.page_id join domains as d on d.id = p.domain_id
         group by 1 order by 1"
    ))
}

#[test]
fn three_pages_do_not_wait_for_two_thousand_of_another_domain() {
    let (_db, mut worker) = empty_queue();
    store_pages(&mut worker, "acme.example", 2000);
    assert_eq!(claim_of_domains(&mut worker, 10), ["acme.example|10"]);
    store_pages(&mut worker, "globex.example", 3);
    assert_eq!(
        claim_of_domains(&mut worker, 6),
        ["acme.example|3", "globex.example|3"]
    );
    assert_eq!(claim_of_domains(&mut worker, 10), ["acme.example|10"]);
}

#[test]
fn domains_that_have_much_share_alike() {
    let (_db, mut worker) = empty_queue();
    store_pages(&mut worker, "acme.example", 100);
    store_pages(&mut worker, "globex.example", 50);
    for _ in 0..5 {
        assert_eq!(
            claim_of_domains(&mut worker, 20),
            ["acme.example|10", "globex.example|10"]
        );
    }
    assert_eq!(claim_of_domains(&mut worker, 200), ["acme.example|50"]);
}

#[test]
fn a_job_that_the_line_has_passed_is_found() {
    let (db, mut worker) = empty_queue();
    store_pages(&mut worker, "acme.example", 5);
    let mut late = db.superuser();
    late.run("begin");
    store_pages(&mut late, "globex.example", 1);
    assert_eq!(claim_of_domains(&mut worker, 4), ["acme.example|4"]);
    late.run("commit");
    assert_eq!(
        claim_of_domains(&mut worker, 9),
        ["acme.example|1", "globex.example|1"]
    );
}

#[test]
fn a_claim_that_is_rolled_back_was_none() {
    let (_db, mut worker) = empty_queue();
    store_pages(&mut worker, "acme.example", 5);
    worker.run("begin");
    assert_eq!(claim_of_domains(&mut worker, 5), ["acme.example|5"]);
    worker.run("rollback");
    assert_eq!(claim_of_domains(&mut worker, 9), ["acme.example|5"]);
}

#[test]
fn jobs_that_are_made_pending_by_hand_are_claimed() {
    let (_db, mut worker) = empty_queue();
    store_pages(&mut worker, "acme.example", 3);
    assert_eq!(claim_of_domains(&mut worker, 9), ["acme.example|3"]);
    worker.run("update embedding_queue set status = 'pending', lease_token = null, lease_expires_at = null");
    assert_eq!(claim_of_domains(&mut worker, 9), ["acme.example|3"]);
    worker.run("delete from embedding_queue; insert into embedding_queue (page_id) select id from scraped_pages");
    assert_eq!(claim_of_domains(&mut worker, 9), ["acme.example|3"]);
    worker.run(
        "update embedding_queue set status = 'completed', lease_token = null, lease_expires_at = null;
         update embedding_queue set status = 'pending', not_before = now() + interval '1 hour'",
    );
    assert!(claim_of_domains(&mut worker, 9).is_empty());
    worker.run("update embedding_queue set not_before = now()");
    assert_eq!(claim_of_domains(&mut worker, 9), ["acme.example|3"]);
}

#[test]
fn the_first_job_of_an_empty_queue_is_announced_where_that_is_wanted() {
    use frontdesk_harness::postgres::fallible_iterator::FallibleIterator;

    let (db, mut worker) = empty_queue();
    worker.run("listen frontdesk_embedding_queue");
    let announced = |worker: &mut Client| {
        worker.run("select 1");
        worker
            .notifications()
            .iter()
            .count()
            .expect("notifications")
    };
    let mut writer = db.superuser();
    store_pages(&mut writer, "acme.example", 1);
    assert_eq!(announced(&mut worker), 0);
    worker.run("delete from scraped_pages");
    writer.run("set frontdesk.notify_workers = on");
    store_pages(&mut writer, "acme.example", 20);
    assert_eq!(announced(&mut worker), 1);
    store_pages(&mut writer, "globex.example", 1);
    assert_eq!(announced(&mut worker), 0);
}
