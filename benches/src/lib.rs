//! What the benches share: connections, timing, tables of results.

pub mod chunkers;
pub mod corpus;
pub mod fuzz;
pub mod quality;

use std::env;
use std::time::{Duration, Instant};

use postgres::{Client, Config, NoTls};

/// A connection to `database` of the cluster that `tools/with-cluster` started.
pub fn connect(database: &str) -> Client {
    let host =
        env::var("PGHOST").expect("PGHOST is not set: run the bench through tools/with-cluster");
    let mut config = Config::new();
    config.host_path(host).dbname(database).user("postgres");
    if let Some(port) = env::var("PGPORT").ok().and_then(|port| port.parse().ok()) {
        config.port(port);
    }
    config
        .connect(NoTls)
        .unwrap_or_else(|error| panic!("connect to {database}: {error}"))
}

/// Runs statements; an error ends the bench with the statement.
pub fn run(client: &mut Client, sql: &str) {
    client
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
}

/// The same, saying what it does and how long it took.
pub fn step(client: &mut Client, what: &str, sql: &str) {
    let started = Instant::now();
    eprint!("{what} ...");
    run(client, sql);
    eprintln!(" {:.1} s", started.elapsed().as_secs_f64());
}

/// The median of the times.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A duration in milliseconds, readable from microseconds to minutes.
pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 {
        format!("{milliseconds:.3}")
    } else {
        format!("{milliseconds:.1}")
    }
}
