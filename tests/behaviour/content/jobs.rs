//! The times of a scrape job follow its status.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{Database, Sql};

const FINAL: [&str; 3] = ["completed", "failed", "cancelled"];

/// A database with one job in this state.
fn a_job(status: &str) -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    client.run(&format!(
        "insert into scrape_jobs (domain, job_type, status) values ('shop.example', 'full', '{status}')"
    ));
    (db, client)
}

/// started_at and completed_at after a change, in the change's own transaction.
fn times_after(client: &mut Client, change: &str) -> String {
    client.run(&format!("begin; update scrape_jobs set {change}"));
    let [started, completed] = ["started_at", "completed_at"].map(|column| {
        client.row(&format!(
            "select coalesce(case when {column} = now() then 'now' else {column}::date::text end, '-') from scrape_jobs"
        ))
    });
    client.run("commit");
    format!("{started} {completed}")
}

#[test]
fn a_waiting_job_has_no_times() {
    let (_db, mut client) = a_job("pending");
    assert_eq!(times_after(&mut client, "error_message = null"), "- -");
}

#[test]
fn a_job_that_runs_has_started() {
    let (_db, mut client) = a_job("pending");
    assert_eq!(times_after(&mut client, "status = 'running'"), "now -");
}

#[test]
fn a_job_that_ends_is_completed_at_that_time() {
    for status in FINAL {
        let (_db, mut client) = a_job("running");
        client.run("update scrape_jobs set started_at = '2020-01-01 12:00'");
        let ended = times_after(&mut client, &format!("status = '{status}'"));
        assert_eq!(ended, "2020-01-01 now", "{status}");
    }
}

#[test]
fn a_job_that_never_ran_ends_without_a_start() {
    let (_db, mut client) = a_job("pending");
    assert_eq!(times_after(&mut client, "status = 'cancelled'"), "- now");
}

#[test]
fn a_job_that_waits_again_has_no_times() {
    for status in FINAL {
        let (_db, mut client) = a_job(status);
        client.run("update scrape_jobs set started_at = '2020-01-01 12:00'");
        assert_eq!(times_after(&mut client, "status = 'pending'"), "- -");
    }
}

#[test]
fn a_job_that_runs_again_starts_and_ends_anew() {
    let (_db, mut client) = a_job("failed");
    client.run(
        "update scrape_jobs set started_at = '2020-01-01 12:00', completed_at = '2020-01-02 12:00'",
    );
    assert_eq!(times_after(&mut client, "status = 'running'"), "now -");
    client.run(
        "update scrape_jobs set started_at = '2020-01-01 12:00', completed_at = '2020-01-02 12:00'",
    );
    assert_eq!(
        times_after(&mut client, "status = 'completed'"),
        "2020-01-01 now"
    );
}

#[test]
fn a_time_that_comes_with_the_status_is_kept() {
    let (_db, mut client) = a_job("pending");
    assert_eq!(
        times_after(
            &mut client,
            "status = 'running', started_at = '2020-01-01 12:00'"
        ),
        "2020-01-01 -"
    );
    assert_eq!(
        times_after(
            &mut client,
            "status = 'failed', completed_at = '2020-01-02 12:00'"
        ),
        "2020-01-01 2020-01-02"
    );
}

#[test]
fn a_job_that_stays_as_it_is_keeps_its_times() {
    let (_db, mut client) = a_job("completed");
    client.run(
        "update scrape_jobs set started_at = '2020-01-01 12:00', completed_at = '2020-01-02 12:00'",
    );
    assert_eq!(
        times_after(
            &mut client,
            "status = 'completed', error_message = 'late news'"
        ),
        "2020-01-01 2020-01-02"
    );
}

#[test]
fn a_job_is_written_with_the_times_of_its_state() {
    for (status, times) in [
        ("pending", "- -"),
        ("running", "now -"),
        ("completed", "- now"),
        ("failed", "- now"),
    ] {
        let db = Database::new();
        let mut client = db.superuser();
        let written = client.row(&format!(
            "insert into scrape_jobs (domain, job_type, status) values ('shop.example', 'full', '{status}')
             returning case when started_at = now() then 'now' else '-' end || ' ' || case when completed_at = now() then 'now' else '-' end"
        ));
        assert_eq!(written, times, "{status}");
    }
}
