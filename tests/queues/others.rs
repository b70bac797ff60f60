//! The queues of extraction, crawls and requests for a demonstration: the same rules, results of their own.

use super::*;

const KETTLE: &str =
    r#"{"entity_type": "product", "primary_identifier": "K-1", "name": "Kettle", "price": 24.9}"#;
const TEAPOT: &str = r#"{"entity_type": "product", "primary_identifier": "T-1", "name": "Teapot", "attributes": {"litres": 1}}"#;

/// How a queue is spoken to in SQL, and one job of ACME in it.
struct Other {
    name: &'static str,
    claim: &'static str,
    complete: &'static str,
    fail: &'static str,
    table: &'static str,
    status: &'static str,
    good: &'static str,
    add: &'static str,
}

const OTHERS: [Other; 3] = [
    Other {
        name: "entity_extraction",
        claim: "select page_id as id, lease_token from frontdesk.claim_extraction_jobs",
        complete: "frontdesk.complete_extraction_jobs",
        fail: "frontdesk.fail_extraction_jobs",
        table: "entity_extraction_queue",
        status: "status",
        good: "[]",
        add: "insert into scraped_pages (domain_id, url, content)
              select id, 'https://acme.example/' || gen_random_uuid(), 'text' from domains where domain = 'acme.example'",
    },
    Other {
        name: "scrape",
        claim: "select job_id as id, lease_token from frontdesk.claim_scrape_jobs",
        complete: "frontdesk.complete_scrape_jobs",
        fail: "frontdesk.fail_scrape_jobs",
        table: "scrape_jobs",
        status: "status",
        good: r#"{"pages": 3}"#,
        add: "insert into scrape_jobs (domain_id, domain, job_type)
              select id, domain, 'full ' || gen_random_uuid() from domains where domain = 'acme.example'",
    },
    Other {
        name: "enrichment",
        claim: "select attempt_id as id, lease_token from frontdesk.claim_enrichment_jobs",
        complete: "frontdesk.complete_enrichment_jobs",
        fail: "frontdesk.fail_enrichment_jobs",
        table: "demo_attempts",
        status: "enrichment_status",
        good: r#"{"industry": "tea"}"#,
        add: "select frontdesk.record_demo_attempt('acme.example', 'jo@acme.example')",
    },
];

impl Other {
    fn with_jobs(&self, jobs: usize) -> (Database, Client) {
        let (db, mut worker) = empty_queue();
        worker.run(&format!("delete from {}", self.table));
        for _ in 0..jobs {
            worker.run(self.add);
        }
        (db, worker)
    }

    /// Claims into the table `job`; how many.
    fn claim(&self, worker: &mut Client, batch: i32, lease: &str) -> usize {
        worker.run(&format!(
            "reset role; drop table if exists job; create temp table job as {}({batch}, '{lease}');
             grant select on job to service_role; set role service_role",
            self.claim
        ));
        worker.rows("select id from job").len()
    }

    /// Hands this in for every job of the claim; the distinct outcomes.
    fn complete(&self, worker: &mut Client, result: &str) -> Vec<String> {
        worker.rows(&format!(
            "select distinct c.status
             from (select (array_agg(lease_token))[1] as token, array_agg(id) as ids from job) as j,
                {}(j.token, j.ids, array_fill('{result}'::jsonb, array[cardinality(j.ids)])) as c",
            self.complete
        ))
    }

    fn fail(&self, worker: &mut Client, more: &str) -> String {
        worker.row(&format!(
            "select {}((select lease_token from job limit 1), {more})",
            self.fail
        ))
    }

    /// `failed attempts|waits|leased` of the jobs, after their status as queue_status() shows it.
    fn state(&self, worker: &mut Client) -> String {
        let counts = worker.row(&format!(
            "select format('%s pending, %s processing, %s completed, %s failed', pending, processing, completed, failed)
             from frontdesk.queue_status() where queue = '{}' and domain = 'acme.example'",
            self.name
        ));
        let details = worker.row(&format!(
            "select max(retry_count), bool_or(not_before > now()) is true, bool_or(lease_token is not null) from {}",
            self.table
        ));
        format!("{counts}|{details}")
    }
}

#[test]
fn a_job_that_is_done_is_given_to_nobody_else() {
    for queue in &OTHERS {
        let (_db, mut worker) = queue.with_jobs(2);
        assert_eq!(
            queue.claim(&mut worker, 1, "5 minutes"),
            1,
            "{}",
            queue.name
        );
        assert_eq!(queue.complete(&mut worker, queue.good), ["stored"]);
        assert_eq!(queue.complete(&mut worker, queue.good), ["stale"]);
        assert_eq!(
            queue.state(&mut worker),
            "1 pending, 0 processing, 1 completed, 0 failed|0|f|f"
        );
        assert_eq!(queue.claim(&mut worker, 9, "5 minutes"), 1);
        assert_eq!(
            queue.state(&mut worker),
            "0 pending, 1 processing, 1 completed, 0 failed|0|f|t"
        );
    }
}

#[test]
fn an_unusable_result_is_a_failed_attempt_and_spoils_no_other() {
    for queue in &OTHERS {
        let (_db, mut worker) = queue.with_jobs(2);
        queue.claim(&mut worker, 9, "5 minutes");
        let outcomes = worker.rows(&format!(
            "select c.status
             from (select (array_agg(lease_token))[1] as token, array_agg(id) as ids from job) as j,
                {}(j.token, j.ids, array['\"nonsense\"', '{}']::jsonb[]) as c",
            queue.complete, queue.good
        ));
        assert_eq!(outcomes, ["invalid", "stored"], "{}", queue.name);
        assert_eq!(
            queue.state(&mut worker),
            "1 pending, 0 processing, 1 completed, 0 failed|1|t|f"
        );
    }
}

#[test]
fn what_is_not_handed_in_returns_at_once() {
    for queue in &OTHERS {
        let (_db, mut worker) = queue.with_jobs(3);
        queue.claim(&mut worker, 9, "5 minutes");
        worker.run(&format!(
            "select {}(j.token, j.ids[:1], array['{}']::jsonb[])
             from (select (array_agg(lease_token))[1] as token, array_agg(id) as ids from job) as j",
            queue.complete, queue.good
        ));
        assert_eq!(
            queue.state(&mut worker),
            "2 pending, 0 processing, 1 completed, 0 failed|0|f|f",
            "{}",
            queue.name
        );
        assert_eq!(queue.claim(&mut worker, 9, "5 minutes"), 2);
    }
}

#[test]
fn failures_pause_and_end_as_dead_letters_until_they_are_requeued() {
    for queue in &OTHERS {
        let (_db, mut worker) = queue.with_jobs(1);
        queue.claim(&mut worker, 9, "5 minutes");
        assert_eq!(
            queue.fail(&mut worker, "'slow down', 'rate_limited', '90 seconds'"),
            "1"
        );
        let waiting = "1 pending, 0 processing, 0 completed, 0 failed";
        assert_eq!(
            queue.state(&mut worker),
            format!("{waiting}|0|t|f"),
            "{}",
            queue.name
        );
        assert_eq!(queue.claim(&mut worker, 9, "5 minutes"), 0);
        for attempt in 1..=5 {
            worker.run(&format!("update {} set not_before = now()", queue.table));
            assert_eq!(queue.claim(&mut worker, 9, "5 minutes"), 1, "{attempt}");
            queue.fail(&mut worker, "'server is down'");
        }
        let dead = "0 pending, 0 processing, 0 completed, 1 failed|5|f|f";
        assert_eq!(queue.state(&mut worker), dead);
        let requeue = format!("select frontdesk.requeue('{}', 'acme.example')", queue.name);
        assert_eq!(worker.row(&requeue), "1");
        assert_eq!(queue.state(&mut worker), format!("{waiting}|0|f|f"));
        queue.claim(&mut worker, 9, "5 minutes");
        assert_eq!(queue.fail(&mut worker, "'never', 'fatal'"), "1");
        assert_eq!(
            worker.row(&format!(
                "select {}, error_message from {}",
                queue.status, queue.table
            )),
            "failed|never"
        );
    }
}

#[test]
fn a_lease_that_ends_returns_its_job_and_refuses_what_comes_late() {
    for queue in &OTHERS {
        let (db, mut worker) = queue.with_jobs(1);
        queue.claim(&mut worker, 9, "1 millisecond");
        worker.run("select pg_sleep(0.01)");
        assert_eq!(
            queue.complete(&mut worker, queue.good),
            ["stale"],
            "{}",
            queue.name
        );
        let mut other = db.superuser();
        assert_eq!(queue.claim(&mut other, 9, "5 minutes"), 1);
        assert_eq!(queue.complete(&mut worker, queue.good), ["stale"]);
        assert_eq!(queue.fail(&mut worker, "'late'"), "0");
        assert_eq!(queue.complete(&mut other, queue.good), ["stored"]);
    }
}

#[test]
fn two_workers_are_given_different_jobs_and_do_not_wait() {
    for queue in &OTHERS {
        let (db, mut worker) = queue.with_jobs(2);
        let mut other = db.superuser();
        other.run("set lock_timeout = '1ms'");
        worker.run("begin");
        assert_eq!(
            queue.claim(&mut worker, 1, "5 minutes"),
            1,
            "{}",
            queue.name
        );
        assert_eq!(queue.claim(&mut other, 1, "5 minutes"), 1);
        worker.run("commit");
    }
}

#[test]
fn an_extraction_worker_is_told_the_kind_of_business() {
    let (_db, mut worker) = OTHERS[0].with_jobs(1);
    worker.run(
        "insert into business_classifications (domain_id, business_type, extraction_config)
         select id, 'restaurant', '{\"entity\": \"dish\"}' from customer_configs where domain = 'acme.example'
         on conflict (domain_id) do update set business_type = excluded.business_type, extraction_config = excluded.extraction_config",
    );
    assert_eq!(
        worker.row("select domain, content, business_type, extraction_config from frontdesk.claim_extraction_jobs()"),
        r#"acme.example|text|restaurant|{"entity": "dish"}"#
    );
}

#[test]
fn higher_priority_is_sooner() {
    let (_db, mut worker) = OTHERS[0].with_jobs(3);
    worker.run("update entity_extraction_queue set priority = 7 where turn = (select max(turn) from entity_extraction_queue)");
    worker.run("update entity_extraction_queue set priority = null where turn = (select min(turn) from entity_extraction_queue)");
    let mut priority = || {
        worker.row(
        "select coalesce(q.priority, -1) from frontdesk.claim_extraction_jobs(1) as j join entity_extraction_queue as q on q.page_id = j.page_id",
    )
    };
    assert_eq!([priority(), priority(), priority()], ["7", "0", "-1"]);
}

#[test]
fn the_entities_of_a_page_replace_its_former_ones() {
    let (_db, mut worker) = OTHERS[0].with_jobs(1);
    worker.run("delete from entity_catalog");
    let catalogue =
        "select primary_identifier, name, price, attributes from entity_catalog order by 1";
    OTHERS[0].claim(&mut worker, 9, "5 minutes");
    assert_eq!(
        OTHERS[0].complete(&mut worker, &format!("[{KETTLE}, {TEAPOT}]")),
        ["stored"]
    );
    assert_eq!(
        worker.rows(catalogue),
        ["K-1|Kettle|24.90|{}", r#"T-1|Teapot|null|{"litres": 1}"#]
    );
    worker.run("update scraped_pages set content = 'other text'");
    OTHERS[0].claim(&mut worker, 9, "5 minutes");
    let kettle = KETTLE.replace("Kettle", "Big kettle");
    assert_eq!(
        OTHERS[0].complete(&mut worker, &format!("[{kettle}]")),
        ["stored"]
    );
    assert_eq!(worker.rows(catalogue), ["K-1|Big kettle|24.90|{}"]);
    // Another page offers the same: it is the same entity, and the first page, which lists it no more, leaves it alone.
    worker.run("update entity_extraction_queue set status = 'completed'");
    worker.run(OTHERS[0].add);
    OTHERS[0].claim(&mut worker, 9, "5 minutes");
    assert_eq!(
        OTHERS[0].complete(&mut worker, &format!("[{KETTLE}]")),
        ["stored"]
    );
    worker.run("select frontdesk.requeue('entity_extraction', job_ids => array(select id from entity_extraction_queue order by created_at limit 1))");
    OTHERS[0].claim(&mut worker, 9, "5 minutes");
    assert_eq!(OTHERS[0].complete(&mut worker, "[]"), ["stored"]);
    assert_eq!(worker.rows(catalogue), ["K-1|Kettle|24.90|{}"]);
}

#[test]
fn entities_of_a_page_that_changed_meanwhile_are_refused() {
    let (_db, mut worker) = OTHERS[0].with_jobs(1);
    worker.run("delete from entity_catalog");
    OTHERS[0].claim(&mut worker, 9, "5 minutes");
    worker.run("update scraped_pages set content = 'other text'");
    assert_eq!(
        OTHERS[0].complete(&mut worker, &format!("[{KETTLE}]")),
        ["stale"]
    );
    assert_eq!(worker.row("select count(*) from entity_catalog"), "0");
}

#[test]
fn a_complete_crawl_deletes_what_it_has_not_seen() {
    let (_db, mut worker) = OTHERS[1].with_jobs(1);
    for page in ["a", "b"] {
        store_page(&mut worker, page, &["Tea"]);
    }
    worker.run("update scraped_pages set last_scraped_at = now() - interval '1 day', created_at = now() - interval '1 day'");
    OTHERS[1].claim(&mut worker, 1, "1 hour");
    assert_eq!(
        worker.row("select status, started_at is not null from scrape_jobs"),
        "running|t"
    );
    let unknown = r#"{"seen_pages": ["00000000-0000-4000-8000-00000000dead"]}"#;
    let seen = worker.row("select jsonb_build_object('seen_pages', array[id], 'pages', 1) from scraped_pages where url like '%/a'");
    assert_eq!(OTHERS[1].complete(&mut worker, unknown), ["invalid"]);
    worker.run("update scrape_jobs set not_before = now()");
    OTHERS[1].claim(&mut worker, 1, "1 hour");
    assert_eq!(OTHERS[1].complete(&mut worker, &seen), ["stored"]);
    assert_eq!(
        worker.rows("select right(url, 1), status from scraped_pages order by 1"),
        ["a|completed", "b|deleted"]
    );
    assert_eq!(
        worker.row("select status, metadata from scrape_jobs"),
        r#"completed|{"pages": 1}"#
    );
}

#[test]
fn the_end_of_a_crawl_and_of_its_domain_do_not_wait_for_each_other() {
    for (table, name) in [("domains", "domain"), ("customer_configs", "configuration")] {
        let (db, mut worker) = OTHERS[1].with_jobs(1);
        let mut deleter = db.superuser();
        deleter.run(
            "update scrape_jobs set customer_config_id = c.id from customer_configs as c where c.domain = scrape_jobs.domain",
        );
        assert_eq!(OTHERS[1].claim(&mut worker, 1, "5 minutes"), 1);
        let complete = "do $$ begin perform frontdesk.complete_scrape_jobs(lease_token, array[id], array['{}'::jsonb]) from job; end $$";
        // Who deletes a row locks it first, and then what hangs on it.
        deleter.run(&format!(
            "begin; select from {table} where domain = 'acme.example' for update"
        ));
        db.waits(
            &mut deleter,
            &format!("delete from {table} where domain = 'acme.example'; commit"),
            &mut worker,
            complete,
        )
        .unwrap_or_else(|error| panic!("the end of a crawl beside that of its {name}: {error:?}"));
        assert!(
            deleter
                .rows("select from scrape_jobs where domain = 'acme.example'")
                .is_empty()
        );
    }
}

#[test]
fn of_crawls_that_failed_the_latest_is_requeued_and_only_where_none_is_waiting() {
    let (_db, mut worker) = OTHERS[1].with_jobs(0);
    worker.run(
        "insert into scrape_jobs (domain, job_type, status, created_at)
         select 'acme.example', kind, 'failed', now() - days * interval '1 day' from unnest(array['full', 'quick']) as kind, generate_series(1, 3) as days;
         insert into scrape_jobs (domain, job_type) values ('acme.example', 'quick')",
    );
    assert_eq!(worker.row("select frontdesk.requeue('scrape')"), "1");
    assert_eq!(
        worker.rows("select job_type, round(extract(epoch from now() - created_at) / 86400) from scrape_jobs where status = 'pending' order by 1"),
        ["full|1", "quick|0"]
    );
}

#[test]
fn what_was_found_out_is_kept_with_the_request() {
    let (_db, mut worker) = OTHERS[2].with_jobs(1);
    OTHERS[2].claim(&mut worker, 1, "1 hour");
    OTHERS[2].complete(&mut worker, OTHERS[2].good);
    assert_eq!(
        worker.row("select enrichment_status, enrichment_data from demo_attempts"),
        r#"enriched|{"industry": "tea"}"#
    );
}

#[test]
fn only_operators_work_on_any_queue_and_calls_that_make_no_sense_are_refused() {
    let (db, mut worker) = empty_queue();
    let mut owner = db.session(&ACME.person("owner"));
    for queue in &OTHERS {
        for call in [
            format!("{}(1, '1 hour')", queue.claim),
            format!(
                "select {}(gen_random_uuid(), '{{}}', '{{}}')",
                queue.complete
            ),
            format!("select {}(gen_random_uuid(), 'error')", queue.fail),
            format!("select frontdesk.requeue('{}')", queue.name),
        ] {
            assert_eq!(owner.refusal(&call), "42501", "{call}");
        }
        for (call, code) in [
            (format!("{}(0, '1 hour')", queue.claim), "22023"),
            (format!("{}(1, '0')", queue.claim), "22023"),
            (
                format!("select {}(null, '{{}}', '{{}}')", queue.complete),
                "22004",
            ),
            (
                format!(
                    "select {}(gen_random_uuid(), array[gen_random_uuid()], '{{}}')",
                    queue.complete
                ),
                "22023",
            ),
            (
                format!("select {}(gen_random_uuid(), 'e', 'odd')", queue.fail),
                "22023",
            ),
            (
                format!(
                    "select {}(gen_random_uuid(), 'e', 'retryable', '-1 s')",
                    queue.fail
                ),
                "22023",
            ),
        ] {
            assert_eq!(worker.refusal(&call), code, "{call}");
        }
    }
    for (arguments, code) in [
        ("'odd'", "22023"),
        ("null", "22004"),
        ("'embedding', 'nowhere.example'", "P0002"),
    ] {
        assert_eq!(
            worker.refusal(&format!("select frontdesk.requeue({arguments})")),
            code
        );
    }
}
