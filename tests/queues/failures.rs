//! Bad vectors, errors and dead letters.

use super::*;

/// Lets the pause of every job pass.
fn wait_over(worker: &mut Client) {
    worker.run(
        "reset role;
         update embedding_queue set not_before = now() - interval '1 second' where not_before is not null;
         update frontdesk_internal.chunk_failures set not_before = now() - interval '1 second' where not_before is not null;
         set role service_role",
    );
}

/// Seconds that the only job has to wait.
fn pause(worker: &mut Client) -> f64 {
    let seconds = worker.row("select extract(epoch from not_before - now()) from embedding_queue");
    seconds.parse().expect("a pause")
}

fn fail(worker: &mut Client, more: &str) -> String {
    worker.row(&format!(
        "select frontdesk.fail_embedding_jobs((select lease_token from job limit 1), {more})"
    ))
}

#[test]
fn one_bad_vector_does_not_spoil_the_others() {
    let (_db, mut worker) = empty_queue();
    let vectors = [
        ("[1,2]", "invalid"),
        ("[1,2,3,4]", "invalid"),
        ("[NaN,1,1]", "invalid"),
        ("[1e39,1,1]", "invalid"),
        ("[0,0,0]", "invalid"),
        ("[1e-30,0,0]", "invalid"),
        ("", "invalid"),
        ("{1,2,3}", "invalid"),
        ("'; drop table job", "invalid"),
        (" [ 1, -2.5e-3,3 ] ", "stored"),
        ("[1e-44,1,1]", "stored"),
    ];
    let words: Vec<String> = ('A'..).take(vectors.len() + 1).map(String::from).collect();
    store_page(
        &mut worker,
        "a",
        &words.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    claim(&mut worker, 32);
    // The last is missing.
    let literals: Vec<Option<&str>> = vectors
        .iter()
        .map(|(vector, _)| Some(*vector))
        .chain([None])
        .collect();
    let outcomes = worker
        .query(
            "select c.status
             from (select (array_agg(lease_token))[1] as token, array_agg(chunk_id order by place) as ids,
                    array_agg(content_hash order by place) as hashes from job) as j,
                frontdesk.complete_embedding_jobs(j.token, j.ids, j.hashes, $1) as c",
            &[&literals],
        )
        .expect("bad vectors raise nothing");
    let outcomes: Vec<String> = outcomes.iter().map(|row| row.get(0)).collect();
    let expected: Vec<&str> = vectors
        .iter()
        .map(|(_, outcome)| *outcome)
        .chain(["invalid"])
        .collect();
    assert_eq!(outcomes, expected);
    assert_eq!(
        worker.row("select count(*) from page_embeddings where embedding is not null"),
        "2"
    );
    // The attempts are the bad chunks' own.
    assert_eq!(jobs(&mut worker), ["a|pending|1|t|f"]);
    wait_over(&mut worker);
    assert_eq!(claim(&mut worker, 32).len(), vectors.len() - 1);
}

#[test]
fn nothing_but_bad_vectors_is_a_failed_attempt() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    store_page(&mut worker, "b", &["Refund"]);
    for attempt in 1..=5 {
        let claimed = claim(&mut worker, 32);
        assert!(claimed.contains(&"Orders".into()), "{attempt}");
        let outcomes = worker.rows(
            "select c.status
             from (select (array_agg(lease_token))[1] as token, array_agg(chunk_id order by place) as ids,
                    array_agg(content_hash order by place) as hashes, array_agg(case when content like 'Orders%' then '[1,2]' else '[1,2,3]' end order by place) as vectors from job) as j,
                frontdesk.complete_embedding_jobs(j.token, j.ids, j.hashes, j.vectors) as c",
        );
        assert_eq!(outcomes[0], "invalid");
        let state = match attempt {
            5 => "failed|5|f".to_owned(),
            _ => format!("pending|{attempt}|t"),
        };
        assert_eq!(
            jobs(&mut worker),
            [format!("a|{state}|f"), "b|completed|0|f|f".into()]
        );
        assert!(claim(&mut worker, 32).is_empty());
        wait_over(&mut worker);
    }
    assert_eq!(
        worker.row("select error_message from embedding_queue where status = 'failed'"),
        "a vector had 2 dimensions, the embedding model has 3"
    );
    assert!(claim(&mut worker, 32).is_empty());
}

#[test]
fn a_retryable_error_pauses_longer_each_time_and_ends_after_five() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    for attempt in 1..=5 {
        assert_eq!(claim(&mut worker, 32), ["Orders"]);
        assert_eq!(fail(&mut worker, "'server is down'"), "1");
        if attempt < 5 {
            let longest = 30.0 * 2_f64.powi(attempt - 1);
            assert!((-0.1..=longest).contains(&pause(&mut worker)));
        }
        let status = if attempt == 5 { "failed" } else { "pending" };
        assert!(jobs(&mut worker)[0].starts_with(&format!("a|{status}|{attempt}|")));
        wait_over(&mut worker);
    }
    assert!(claim(&mut worker, 32).is_empty());
    assert_eq!(
        worker.row("select error_message from embedding_queue"),
        "server is down"
    );
}

#[test]
fn a_rate_limit_is_waited_for_and_costs_no_attempt() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    for _ in 0..7 {
        claim(&mut worker, 32);
        fail(&mut worker, "'slow down', 'rate_limited', '90 seconds'");
        assert!((80.0..=90.0).contains(&pause(&mut worker)));
        wait_over(&mut worker);
    }
    assert_eq!(claim(&mut worker, 32), ["Orders"]);
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stored"]);
}

#[test]
fn some_chunks_of_a_claim_may_fail_and_the_others_be_stored() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders", "Refund", "Return"]);
    claim(&mut worker, 32);
    let bad = "chunk_ids => array(select chunk_id from job where place = 2)";
    assert_eq!(
        fail(&mut worker, &format!("'too long', 'fatal', {bad}")),
        "1"
    );
    assert_eq!(jobs(&mut worker), ["a|processing|0|f|t"]);
    assert_eq!(complete(&mut worker, "[1,2,3]"), ["stale", "stored"]);
    assert_eq!(jobs(&mut worker), ["a|failed|1|f|f"]);
    // A new text is a new chunk, and the dead letter stays one.
    store_page(&mut worker, "a", &["Orders", "Refund", "Parcel"]);
    assert_eq!(claim(&mut worker, 32), ["Parcel"]);
    complete(&mut worker, "[1,2,3]");
    assert_eq!(jobs(&mut worker), ["a|failed|1|f|f"]);
    assert_eq!(
        worker.row("select frontdesk.requeue('embedding', 'acme.example')"),
        "1"
    );
    assert_eq!(claim(&mut worker, 32), ["Refund"]);
    complete(&mut worker, "[1,2,3]");
    assert_eq!(jobs(&mut worker), ["a|completed|0|f|f"]);
}

#[test]
fn a_fatal_error_makes_dead_letters_of_the_claim() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    store_page(&mut worker, "b", &["Refund"]);
    claim(&mut worker, 32);
    assert_eq!(
        fail(&mut worker, &format!("'{}', 'fatal'", "x".repeat(5000))),
        "2"
    );
    assert_eq!(jobs(&mut worker).len(), 2);
    assert_eq!(worker.row("select count(*), max(length(error_message)) from embedding_queue where status = 'failed'"), "2|2000");
    assert!(claim(&mut worker, 32).is_empty());
}

#[test]
fn who_has_no_lease_fails_nothing() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    assert_eq!(
        worker.row("select frontdesk.fail_embedding_jobs(gen_random_uuid(), 'error')"),
        "0"
    );
    claim(&mut worker, 32);
    complete(&mut worker, "[1,2,3]");
    assert_eq!(fail(&mut worker, "'error'"), "0");
    assert_eq!(jobs(&mut worker), ["a|completed|0|f|f"]);
}

#[test]
fn a_call_that_makes_no_sense_changes_nothing() {
    let (_db, mut worker) = empty_queue();
    store_page(&mut worker, "a", &["Orders"]);
    claim(&mut worker, 32);
    for (call, state) in [
        ("claim_embedding_jobs(0)", "22023"),
        ("claim_embedding_jobs(10001)", "22023"),
        ("claim_embedding_jobs(null)", "22004"),
        ("claim_embedding_jobs(1, '0')", "22023"),
        ("claim_embedding_jobs(1, '-1 day')", "22023"),
        ("claim_embedding_jobs(1, null)", "22004"),
        ("complete_embedding_jobs(null, '{}', '{}', '{}')", "22004"),
        (
            "complete_embedding_jobs(gen_random_uuid(), null, '{}', '{}')",
            "22004",
        ),
        (
            "complete_embedding_jobs(gen_random_uuid(), array[null]::uuid[], '{a}', '{[1]}')",
            "22004",
        ),
        (
            "complete_embedding_jobs(gen_random_uuid(), array[gen_random_uuid()], array[null]::text[], '{[1]}')",
            "22004",
        ),
        (
            "complete_embedding_jobs(gen_random_uuid(), array[gen_random_uuid()], '{}', '{[1]}')",
            "22023",
        ),
        ("fail_embedding_jobs(null, 'error')", "22004"),
        ("fail_embedding_jobs(gen_random_uuid(), null)", "22004"),
        (
            "fail_embedding_jobs(gen_random_uuid(), 'error', 'strange')",
            "22023",
        ),
    ] {
        assert_eq!(
            worker.refusal(&format!("select frontdesk.{call}")),
            state,
            "{call}"
        );
    }
    assert_eq!(jobs(&mut worker), ["a|processing|0|f|t"]);
}
