//! Two sessions at once, in an order that does not depend on luck.

use std::thread;
use std::time::Duration;

use postgres::Client;
use postgres::error::Error;

use crate::{Database, Sql};

/// Between two looks at who waits.
const PAUSE: Duration = Duration::from_millis(5);

impl Database {
    /// Runs `statement` in `waiter`, who must have to wait for `holder`; then runs `release` in `holder`, and returns how
    /// the statement ended. Fails when the statement does not wait.
    pub fn waits(
        &self,
        holder: &mut Client,
        release: &str,
        waiter: &mut Client,
        statement: &str,
    ) -> Result<(), Error> {
        let (holder_pid, waiter_pid) = (pid(holder), pid(waiter));
        // Somebody who waits for anybody else ends by itself, and the test says so.
        waiter.run("set statement_timeout = '60s'");
        thread::scope(|scope| {
            let waiting = scope.spawn(|| waiter.batch_execute(statement));
            let mut observer = self.superuser();
            let is_blocked = format!("select {holder_pid} = any (pg_blocking_pids({waiter_pid}))");
            while observer.row(&is_blocked) != "t" {
                assert!(!waiting.is_finished(), "did not wait: {statement}");
                thread::sleep(PAUSE);
            }
            holder.run(release);
            waiting.join().expect("run the statement")
        })
    }
}

fn pid(client: &mut Client) -> String {
    client.row("select pg_backend_pid()")
}
