//! Two sessions at the same rows at the same time.

use std::thread;
use std::time::{Duration, Instant};

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{Session, sqlstate};

/// How long a statement may take before it blocks or ends.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of the statement that came second.
#[derive(Debug, PartialEq)]
pub struct Second {
    /// Whether it waited for the first transaction.
    pub has_waited: bool,
    /// `ok`, or the SQLSTATE of its error.
    pub outcome: String,
}

/// Runs `first_sql` in a transaction, starts `second_sql` in another session, and commits the first once the second
/// waits for it (or has ended).
pub fn race(first: &mut Client, first_sql: &str, mut second: Session, second_sql: &str) -> Second {
    first
        .batch_execute(&format!("begin; {first_sql}"))
        .unwrap_or_else(|error| panic!("{first_sql}: {error:?}"));
    let pid: i32 = second
        .query_one("select pg_backend_pid()", &[])
        .expect("the number of the second session")
        .get(0);
    let sql = second_sql.to_owned();
    let running = thread::spawn(move || second.batch_execute(&sql));

    let started = Instant::now();
    let mut has_waited = false;
    while !has_waited && !running.is_finished() && started.elapsed() < PATIENCE {
        has_waited = first
            .query_one("select cardinality(pg_blocking_pids($1)) > 0", &[&pid])
            .expect("who waits")
            .get(0);
    }
    first.batch_execute("commit").expect("commit the first");
    let outcome = match running.join().expect("the second session") {
        Ok(()) => "ok".to_owned(),
        Err(error) => sqlstate(&error).to_owned(),
    };
    Second {
        has_waited,
        outcome,
    }
}

/// The second waited and then failed with `code`.
pub fn refused(code: &str) -> Second {
    Second {
        has_waited: true,
        outcome: code.to_owned(),
    }
}
