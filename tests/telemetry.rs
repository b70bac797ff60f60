//! Rollups say what the requests say, alerts fire when they should, and maintenance leaves nothing lying about.

mod alerts;
mod maintenance;

use std::thread;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, contents, sqlstate};

/// 400 requests over three months, of three domains and without one, of two models, some without a duration.
const REQUESTS: &str = "
    insert into chat_telemetry (session_id, model, start_time, created_at, domain, success, input_tokens, output_tokens,
        cost_usd, duration_ms, search_count, iterations)
    select 'session ' || i % 7, 'model ' || i % 2, now(), '2025-01-30 12:00+00'::timestamptz + i * interval '5 hours 7 minutes',
        (array['a.example', 'b.example', '', null])[1 + i % 4], (array[true, false, null])[1 + i % 3], i, 2 * i, i * 0.000123,
        case when i % 5 > 0 then i * 10 end, i % 6, nullif(i % 4, 3)
    from generate_series(1, 400) as i";

fn run(client: &mut Client, sql: &str) {
    client
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("{error:?}: {sql}"));
}

/// The first column of the first row, as text.
fn one(client: &mut Client, sql: &str) -> Option<String> {
    let row = client.query_one(sql, &[]);
    row.unwrap_or_else(|error| panic!("{error:?}: {sql}"))
        .get(0)
}

fn refresh(client: &mut Client) -> i64 {
    client
        .query_one("select sum(buckets) from frontdesk.refresh_rollups()", &[])
        .expect("refresh")
        .get(0)
}

fn assert_right(client: &mut Client) {
    let wrong = client
        .query(include_str!("telemetry/wrong_buckets.sql"), &[])
        .expect("compare the rollups");
    let wrong: Vec<String> = wrong.iter().map(|row| row.get(0)).collect();
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn rollups_equal_recomputation_after_every_kind_of_change() {
    let db = Database::new();
    let mut client = db.superuser();
    for change in [
        REQUESTS,
        // Late rows, in a bucket that exists and in one that does not.
        "insert into chat_telemetry (session_id, model, start_time, created_at, domain)
         values ('late', 'model 0', now(), '2025-02-01 10:30+00', 'a.example'),
            ('late', 'model 9', now(), '2024-02-29 23:59:59.999999+00', 'c.example')",
        "update chat_telemetry set cost_usd = cost_usd * 2, success = not success where session_id = 'session 3'",
        "update chat_telemetry set created_at = created_at - interval '40 days' where session_id = 'session 1'",
        "update chat_telemetry set domain = 'b.example', model = 'model 7' where session_id = 'session 2'",
        // One statement that swaps two rows' places and leaves the sums of both in others' buckets.
        "update chat_telemetry set domain = case domain when 'a.example' then 'b.example' else 'a.example' end
         where domain in ('a.example', 'b.example')",
        "update chat_telemetry set domain = 'a.example' where domain is null",
        "delete from chat_telemetry where session_id = 'session 4' or domain = ''",
        "update chat_telemetry set id = gen_random_uuid(), duration_ms = null where session_id = 'session 5'",
    ] {
        run(&mut client, change);
        assert!(refresh(&mut client) > 0, "{change}");
        assert_right(&mut client);
    }
}

#[test]
fn a_bucket_goes_with_its_last_request() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, REQUESTS);
    refresh(&mut client);
    run(&mut client, "delete from chat_telemetry");
    refresh(&mut client);
    assert_right(&mut client);
    assert_eq!(
        one(
            &mut client,
            "select count(*)::text from chat_telemetry_rollups"
        )
        .as_deref(),
        Some("0")
    );
}

#[test]
fn truncated_telemetry_leaves_no_totals() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, REQUESTS);
    refresh(&mut client);
    run(&mut client, "truncate chat_telemetry");
    run(
        &mut client,
        "insert into chat_telemetry (session_id, model, start_time) values ('after', 'model', now())",
    );
    refresh(&mut client);
    assert_right(&mut client);
    assert_eq!(
        one(
            &mut client,
            "select sum(total_requests)::text from chat_telemetry_rollups"
        )
        .as_deref(),
        Some("4")
    );
}

#[test]
fn a_request_without_a_duration_is_not_one_of_zero() {
    let db = Database::new();
    let mut client = db.superuser();
    run(
        &mut client,
        "insert into chat_telemetry (session_id, model, start_time, created_at, domain, duration_ms)
         values ('s', 'm', now(), '2025-03-01 10:10+00', 'a.example', null), ('s', 'm', now(), '2025-03-01 10:20+00', 'a.example', 100),
            ('s', 'm', now(), '2025-03-01 11:10+00', 'a.example', 401), ('s', 'm', now(), '2025-03-01 12:10+00', 'a.example', null)",
    );
    refresh(&mut client);
    let averages = one(
        &mut client,
        "select string_agg(coalesce(avg_duration_ms::text, 'none'), ' ' order by granularity, bucket_start)
         from chat_telemetry_domain_rollups where granularity in ('day', 'hour')",
    );
    // The day's average is that of its two durations, not the average of its hours' averages with a zero among them.
    assert_eq!(averages.as_deref(), Some("251 100 401 none"));
}

#[test]
fn buckets_begin_in_utc_whatever_the_time_zone_of_the_session() {
    let db = Database::new();
    let mut client = db.superuser();
    // Half an hour off, and a clock change of half an hour in April and October.
    run(&mut client, "set timezone = 'Australia/Lord_Howe'");
    run(
        &mut client,
        "insert into chat_telemetry (session_id, model, start_time, created_at)
         select 's', 'm', now(), at::timestamptz
         from unnest(array['2024-12-29 23:59:59+00', '2024-12-30 00:00+00', '2024-12-31 23:59:59+00', '2025-01-01 00:00+00',
            '2025-03-31 23:59:59.999999+00', '2025-04-05 14:59+00', '2025-04-05 15:01+00', '2025-04-06 23:59:59+00',
            '2025-04-07 00:00+00', '2024-02-29 12:00+00']) as at",
    );
    refresh(&mut client);
    assert_right(&mut client);
    run(&mut client, "set timezone = 'UTC'");
    for (granularity, buckets) in [
        (
            "week",
            "2024-02-26 1, 2024-12-23 1, 2024-12-30 3, 2025-03-31 4, 2025-04-07 1",
        ),
        (
            "month",
            "2024-02-01 1, 2024-12-01 3, 2025-01-01 1, 2025-03-01 1, 2025-04-01 4",
        ),
    ] {
        let found = one(
            &mut client,
            &format!(
                "select string_agg(to_char(bucket_start, 'YYYY-MM-DD ') || total_requests, ', ' order by bucket_start)
                 from chat_telemetry_rollups where granularity = '{granularity}'"
            ),
        );
        assert_eq!(found.as_deref(), Some(buckets));
    }
}

#[test]
fn refreshing_again_changes_nothing() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, REQUESTS);
    assert!(refresh(&mut client) > 0);
    let before = contents(&mut client);
    assert_eq!(refresh(&mut client), 0);
    assert_eq!(contents(&mut client), before);
}

#[test]
fn only_a_bucket_that_changes_gets_a_new_updated_at() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, REQUESTS);
    refresh(&mut client);
    let newest = "select max(updated_at)::text from chat_telemetry_rollups";
    let before = one(&mut client, newest).expect("a time");
    run(
        &mut client,
        "update chat_telemetry set cost_usd = 1
         where domain = 'a.example' and created_at = (select max(created_at) from chat_telemetry where domain = 'a.example')",
    );
    refresh(&mut client);
    for (table, changed) in [
        ("chat_telemetry_rollups", 4),
        ("chat_telemetry_domain_rollups", 4),
        ("chat_telemetry_model_rollups", 4),
    ] {
        let found = one(
            &mut client,
            &format!("select count(*)::text from {table} where updated_at > '{before}'"),
        );
        assert_eq!(found, Some(changed.to_string()), "{table}");
        let others = format!("select count(*)::text from {table} where created_at > '{before}'");
        assert_eq!(one(&mut client, &others).as_deref(), Some("0"), "{table}");
    }
}

#[test]
fn a_change_that_alters_no_total_is_no_work() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, REQUESTS);
    refresh(&mut client);
    run(
        &mut client,
        "update chat_telemetry set logs = '[1]', ip_address = null, domain = nullif(domain, '')",
    );
    run(&mut client, "begin; delete from chat_telemetry; rollback");
    run(
        &mut client,
        "delete from chat_telemetry where session_id = 'nobody'",
    );
    let pending = "select count(*)::text from frontdesk_internal.rollup_invalidations";
    assert_eq!(one(&mut client, pending).as_deref(), Some("0"));
}

#[test]
fn a_change_that_commits_after_a_refresh_is_not_lost() {
    let db = Database::new();
    let (mut writer, mut refresher) = (db.superuser(), db.superuser());
    run(&mut refresher, REQUESTS);
    let insert = "insert into chat_telemetry (session_id, model, start_time, created_at, domain)
        values ('slow', 'model 0', now(), '2025-02-01 10:30+00', 'a.example')";
    // The same bucket is pending in both sessions: a log with one row per bucket would lose the later one.
    run(&mut refresher, insert);
    run(&mut writer, "begin");
    run(&mut writer, insert);
    refresh(&mut refresher);
    assert_right(&mut refresher);
    run(&mut writer, "commit");
    assert!(refresh(&mut refresher) > 0);
    assert_right(&mut refresher);
}

#[test]
fn refreshes_and_writers_at_once_leave_nothing_wrong() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, REQUESTS);
    thread::scope(|scope| {
        for writer in 0..2 {
            let mut client = db.superuser();
            scope.spawn(move || {
                for step in 0..40 {
                    run(&mut client, &change(writer, step));
                }
            });
        }
        for _ in 0..2 {
            let mut client = db.superuser();
            scope.spawn(move || {
                for _ in 0..15 {
                    refresh(&mut client);
                }
            });
        }
    });
    refresh(&mut client);
    assert_right(&mut client);
}

/// Each writer has rows of its own, in buckets that both touch.
fn change(writer: i32, step: i32) -> String {
    let mine = format!("writer {writer}");
    match step % 4 {
        0 | 1 => format!(
            "insert into chat_telemetry (session_id, model, start_time, created_at, domain, cost_usd)
             select '{mine}', 'model ' || i % 2, now(), '2025-02-01 00:00+00'::timestamptz + i * {step} * interval '1 hour', 'a.example', i
             from generate_series(1, 5) as i"
        ),
        2 => format!(
            "update chat_telemetry set created_at = created_at + interval '1 hour', domain = 'b.example'
             where session_id = '{mine}' and created_at < '2025-02-02'"
        ),
        _ => format!("delete from chat_telemetry where session_id = '{mine}' and created_at > '2025-02-04'"),
    }
}

#[test]
fn a_backlog_of_years_is_worked_off_in_several_calls() {
    let db = Database::new();
    let mut client = db.superuser();
    run(
        &mut client,
        "insert into chat_telemetry (session_id, model, start_time, created_at)
         select 's', 'm', now(), '2020-01-01 00:00+00'::timestamptz + i * interval '1 hour' from generate_series(1, 5000) as i",
    );
    let mut calls = 0;
    while refresh(&mut client) > 0 {
        calls += 1;
    }
    assert_eq!(calls, 3);
    assert_right(&mut client);
}

#[test]
fn a_time_that_lies_in_no_bucket_stops_nothing() {
    let db = Database::new();
    let mut client = db.superuser();
    run(
        &mut client,
        "insert into chat_telemetry (session_id, model, start_time, created_at)
         values ('s', 'm', now(), 'infinity'), ('s', 'm', now(), '-infinity'), ('s', 'm', now(), null),
            ('s', 'm', now(), '294276-12-31 23:59:59+00'), ('s', 'm', now(), '4713-01-01 00:00+00 BC'),
            ('s', 'm', now(), '2025-01-01 00:00+00')",
    );
    assert_eq!(refresh(&mut client), 12);
}

#[test]
fn only_operators_refresh_the_rollups() {
    let db = Database::new();
    ACME.create(&mut db.superuser());
    for identity in [ACME.person("owner"), ACME.chat_server()] {
        let refused = db
            .session(&identity)
            .query("select frontdesk.refresh_rollups()", &[])
            .expect_err("refused");
        assert_eq!(sqlstate(&refused), "42501");
    }
    let mut operator = db.session(&frontdesk_harness::Identity::Service);
    assert!(refresh(&mut operator) > 0);
}

#[test]
fn a_refresh_refuses_to_work_on_an_old_snapshot() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, "begin isolation level repeatable read");
    let refused = client
        .query("select frontdesk.refresh_rollups()", &[])
        .expect_err("refused");
    assert_eq!(sqlstate(&refused), "55000");
}
