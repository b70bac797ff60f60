//! When a domain is crawled again, and what the end of a crawl does to its pages.

use super::*;

/// A running full crawl of ACME that began just now.
fn begin_crawl(client: &mut Client) {
    client.run(&format!(
        "delete from scrape_jobs;
         insert into scrape_jobs (id, domain_id, domain, job_type, status, started_at)
         values ('{JOB}', '{}', 'acme.example', 'full', 'running', clock_timestamp())",
        ACME.domain_id()
    ));
}

const JOB: &str = "77777777-0000-4000-8000-000000000001";

/// Ends the crawl, having seen the pages at `seen` (an SQL array of paths) or not all; how many pages were deleted.
fn finish(client: &mut Client, seen: &str) -> String {
    client.row(&format!(
        "select frontdesk.finish_crawl('{JOB}', case when {seen} is not null then array(
            select id from scraped_pages where substr(url, 21) = any ({seen}::text[]) and url like 'https://acme%') end)"
    ))
}

/// `path|status|chunks` of ACME's pages.
fn pages(client: &mut Client) -> Vec<String> {
    client.rows(
        "select substr(p.url, 21), p.status, (select count(*) from page_embeddings as e where e.page_id = p.id)
         from scraped_pages as p where p.url like 'https://acme%' order by 1",
    )
}

fn store(session: &mut Session, path: &str) {
    let html = page(&[path]);
    ingest_as(session, &format!("https://acme.example{path}"), &html, "");
}

#[test]
fn a_page_that_a_complete_crawl_has_not_seen_is_deleted_with_all_that_came_from_it() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let kettle = r#"<p>Kettle</p><script type="application/ld+json">{"@type": "Product", "name": "Kettle", "sku": "K1"}</script>"#;
    ingest_as(&mut member, "https://acme.example/gone", kettle, "");
    store(&mut member, "/same");
    let others = "select count(*), sum(length(p.content)) from scraped_pages as p where p.url like 'https://globex%' and p.status = 'completed'";
    let before = client.row(others);
    begin_crawl(&mut client);
    store(&mut member, "/same");
    store(&mut member, "/new");
    assert_eq!(finish(&mut client, "array['/same', '/new']"), "1");
    assert_eq!(
        pages(&mut client),
        ["/gone|deleted|0", "/new|completed|1", "/same|completed|1"]
    );
    let left = client.row(
        "select (select count(*) from structured_extractions where url like '%/gone'),
            (select count(*) from entity_catalog where primary_identifier = 'K1'),
            (select count(*) from embedding_queue as q join scraped_pages as p on p.id = q.page_id where p.url like '%/gone'),
            (select last_scraped_at = now() from domains where domain = 'acme.example')",
    );
    assert!(left.starts_with("0|0|0|"), "{left}");
    assert_eq!(client.row(others), before);
}

#[test]
fn the_end_of_a_crawl_is_when_its_domain_was_scraped() {
    let (_db, mut client) = two_tenants();
    begin_crawl(&mut client);
    client.run("begin");
    finish(&mut client, "null");
    let scraped = client.rows(
        "select domain from domains where last_scraped_at = now() and last_scraped_at is not null",
    );
    assert_eq!(scraped, ["acme.example"]);
}

#[test]
fn a_crawl_that_was_not_complete_deletes_nothing() {
    let (db, mut client) = two_tenants();
    store(&mut member(&db), "/unseen");
    begin_crawl(&mut client);
    assert_eq!(finish(&mut client, "null"), "0");
    assert_eq!(pages(&mut client), ["/unseen|completed|1"]);
}

#[test]
fn a_complete_crawl_that_has_seen_nothing_is_not_believed() {
    let (db, mut client) = two_tenants();
    store(&mut member(&db), "/unseen");
    begin_crawl(&mut client);
    for seen in [
        "'{}'",
        "array[(select id from scraped_pages where url like 'https://globex%' limit 1)]",
    ] {
        let code = client.refusal(&format!("select frontdesk.finish_crawl('{JOB}', {seen})"));
        assert_eq!(code, "22023", "{seen}");
    }
    assert_eq!(pages(&mut client), ["/unseen|completed|1"]);
}

#[test]
fn a_page_stored_while_a_crawl_runs_stays_though_the_crawl_did_not_see_it() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    store(&mut member, "/seen");
    store(&mut member, "/failing");
    begin_crawl(&mut client);
    store(&mut member, "/by-hand");
    member.run("select frontdesk.mark_page_failed('acme.example', 'https://acme.example/failing', 'HTTP 503')");
    assert_eq!(finish(&mut client, "array['/seen']"), "0");
    assert_eq!(
        pages(&mut client),
        [
            "/by-hand|completed|1",
            "/failing|failed|1",
            "/seen|completed|1"
        ]
    );
}

#[test]
fn a_deleted_page_comes_back_as_the_same_page() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    store(&mut member, "/back");
    store(&mut member, "/same");
    embed_all(&mut client);
    let id = "select id from scraped_pages where url = 'https://acme.example/back'";
    let before = client.row(id);
    begin_crawl(&mut client);
    assert_eq!(finish(&mut client, "array['/same']"), "1");
    store(&mut member, "/back");
    assert_eq!(
        pages(&mut client),
        ["/back|completed|1", "/same|completed|1"]
    );
    assert_eq!(client.row(id), before);
    let queued = client.row(
        "select q.status from embedding_queue as q join scraped_pages as p on p.id = q.page_id where p.url like '%/back'",
    );
    assert_eq!(queued, "pending");
}

#[test]
fn a_page_that_fails_keeps_what_was_stored_and_counts_its_failures() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    store(&mut member, "/help");
    let fail = |member: &mut Session, path: &str| {
        member.run(&format!(
            "select frontdesk.mark_page_failed('acme.example', 'https://acme.example{path}', 'HTTP 503')"
        ));
    };
    fail(&mut member, "/help");
    fail(&mut member, "/help");
    fail(&mut member, "/unknown");
    assert_eq!(pages(&mut client), ["/help|failed|1", "/unknown|failed|0"]);
    let noted = "select content is not null, metadata->>'failures', metadata->>'error' from scraped_pages where url like '%acme.example/help'";
    assert_eq!(client.row(noted), "t|2|HTTP 503");
    store(&mut member, "/help");
    assert_eq!(client.row(noted), "t|null|null");
    assert_eq!(pages(&mut client)[0], "/help|completed|1");
}

#[test]
fn maintenance_asks_once_for_each_crawl_that_is_due() {
    let (db, mut client) = two_tenants();
    client.run(
        "delete from scrape_jobs;
         update domains set scrape_frequency = 'never';
         insert into domains (domain, scrape_frequency, last_scraped_at, active)
         select format('%s-%s.example', coalesce(frequency, 'unsaid'), days), frequency, now() - days * interval '1 day', days <> 40
         from unnest(array['hourly', 'daily', 'weekly', 'monthly', 'never', null]) as frequency, unnest(array[0, 2, 10, 35, 40]) as days;
         insert into domains (domain) values ('first.example'), ('asked.example'), ('failed.example'), ('off.example');
         insert into customer_configs (domain, active) values ('off.example', false);
         insert into scrape_jobs (domain, job_type, status) values ('asked.example', 'sitemap', 'pending'), ('failed.example', 'full', 'failed')",
    );
    let mut operator = db.session(&frontdesk_harness::Identity::Service);
    let queued =
        "select rows_affected from frontdesk.run_maintenance() where task = 'queue_due_crawls'";
    assert_eq!(operator.row(queued), "10");
    let asked = client.rows(
        "select domain from scrape_jobs where status = 'pending' and job_type = 'full' and domain_id is not null order by 1",
    );
    assert_eq!(
        asked,
        [
            "daily-10.example",
            "daily-2.example",
            "daily-35.example",
            "first.example",
            "hourly-10.example",
            "hourly-2.example",
            "hourly-35.example",
            "monthly-35.example",
            "weekly-10.example",
            "weekly-35.example",
        ]
    );
    assert_eq!(operator.row(queued), "0");
}
