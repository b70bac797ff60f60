use frontdesk_harness::{ACME, Database, Identity, sqlstate};

use super::{assert_right, one, run};

/// The rows that a task of one round affected.
fn affected(client: &mut frontdesk_harness::postgres::Client) -> Vec<String> {
    let rows = client
        .query("select task || ' ' || rows_affected from frontdesk.run_maintenance() where duration >= '0'", &[])
        .expect("run maintenance");
    rows.iter().map(|row| row.get(0)).collect()
}

#[test]
fn one_round_does_every_task_and_the_next_finds_nothing_to_do() {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    run(
        &mut client,
        "delete from chat_telemetry_rollups; delete from chat_telemetry_domain_rollups; delete from chat_telemetry_model_rollups;
         delete from embedding_queue; delete from entity_extraction_queue;
         insert into embedding_queue (page_id, status, lease_token, lease_expires_at)
         select id, 'processing', gen_random_uuid(), now() + (right(url, 1)::int - 3) * interval '1 minute' from scraped_pages;
         insert into entity_extraction_queue (page_id, status, lease_token, lease_expires_at)
         select id, 'processing', gen_random_uuid(), now() + (right(url, 1)::int - 4) * interval '1 minute' from scraped_pages;
         insert into frontdesk_internal.request_rates values ('idle', now() - interval '1 second'), ('busy', now() + interval '1 minute');
         alter table page_embeddings disable trigger user;
         update page_embeddings set domain_id = null where embedding is null;
         update page_embeddings set embedding = null;
         alter table page_embeddings enable trigger user;
         update scrape_jobs set status = 'completed', created_at = now() - interval '8 days';
         update query_cache set expires_at = now() - interval '1 second';
         insert into search_cache (domain_id, query_hash, search_type, results, expires_at, is_valid)
         select domain_id, 'expired ' || i, 'text', '[]', now() - interval '1 second', i = 1 from search_cache, generate_series(1, 2) as i;
         insert into organization_invitations (organization_id, email, token, invited_by, expires_at)
         select organization_id, days || '@example.com', 'digest ' || days, invited_by, now() - days * interval '1 day'
         from organization_invitations, unnest(array[29, 31]) as days",
    );
    let mut operator = db.session(&Identity::Service);
    assert_eq!(
        affected(&mut operator),
        [
            "refresh_rollups 12",
            "return_embedding_leases 3",
            "return_extraction_leases 4",
            "return_scrape_leases 0",
            "return_enrichment_leases 0",
            "queue_due_crawls 1",
            "switch_models 0",
            "purge_request_rates 1",
            "purge_query_cache 1",
            "purge_search_cache 2",
            "purge_invitations 1",
            "attach_embeddings 1",
            "fold_search_changes 5",
            "code_vectors 4",
            "forget_dead_chunks 0",
            "forget_dead_vectors 0",
        ]
    );
    assert_right(&mut client);
    let waiting = "select string_agg(status || ' ' || n, ', ' order by status)
        from (select status, count(*) as n from embedding_queue group by status) as q";
    assert_eq!(
        one(&mut client, waiting).as_deref(),
        Some("pending 3, processing 2")
    );
    assert!(
        affected(&mut operator)
            .iter()
            .all(|task| task.ends_with(" 0"))
    );
}

#[test]
fn of_two_rounds_at_once_one_works_and_the_other_says_busy() {
    let db = Database::new();
    let (mut first, mut second) = (db.superuser(), db.superuser());
    run(&mut first, "begin; select frontdesk.run_maintenance()");
    assert_eq!(affected(&mut second), ["busy 0"]);
    run(&mut first, "commit");
    assert!(affected(&mut second).len() > 1);
}

#[test]
fn a_round_does_not_wait_for_a_refresh_that_is_running() {
    let db = Database::new();
    let (mut refresher, mut client) = (db.superuser(), db.superuser());
    run(
        &mut refresher,
        "insert into chat_telemetry (session_id, model, start_time) values ('s', 'm', now())",
    );
    run(&mut refresher, "begin; select frontdesk.refresh_rollups()");
    assert!(affected(&mut client).contains(&"refresh_rollups 0".to_owned()));
}

#[test]
fn only_operators_run_maintenance() {
    let db = Database::new();
    ACME.create(&mut db.superuser());
    for identity in [ACME.person("owner"), ACME.chat_server(), Identity::Anon] {
        let refused = db
            .session(&identity)
            .query("select frontdesk.run_maintenance()", &[])
            .expect_err("refused");
        assert_eq!(sqlstate(&refused), "42501");
    }
}
