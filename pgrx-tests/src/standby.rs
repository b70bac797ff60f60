//! A second server that follows the first by streaming replication and answers queries.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use postgres::{Client, Config, NoTls};

use crate::{Database, Identity, Session, Sql};

/// Beside the port of the server that it follows.
const PORT: u16 = 5499;
/// A standby that has not caught up by then never will.
const PATIENCE: Duration = Duration::from_secs(120);

/// A hot standby of the cluster, stopped and removed at the end of the test. There can be one at a time.
pub struct Standby {
    data: PathBuf,
}

impl Standby {
    /// Copies the cluster and starts the copy.
    pub fn start() -> Self {
        let standby = Self {
            data: PathBuf::from(variable("FRONTDESK_RUN_DIR")).join("standby"),
        };
        let data = standby.data.to_string_lossy().into_owned();
        let host = variable("PGHOST");
        server_program(
            "pg_basebackup",
            &[
                "-D",
                &data,
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "--no-sync",
                "-h",
                &host,
                "-U",
                "postgres",
            ],
        );
        let options = format!("-c unix_socket_directories={host} -c port={PORT} -c hot_standby=on");
        let log = format!("{data}/standby.log");
        server_program(
            "pg_ctl",
            &[
                "start", "-s", "-w", "-t", "60", "-D", &data, "-l", &log, "-o", &options,
            ],
        );
        standby
    }

    /// A session of the superuser on the standby, which has seen all that `database` has committed.
    pub fn superuser(&self, database: &Database) -> Client {
        let written = database.superuser().row("select pg_current_wal_lsn()");
        let mut client = connect(database.name());
        let has_replayed = format!("select pg_last_wal_replay_lsn() >= '{written}'");
        let started = Instant::now();
        while client.row(&has_replayed) != "t" {
            assert!(
                started.elapsed() < PATIENCE,
                "the standby does not catch up"
            );
            thread::sleep(Duration::from_millis(20));
        }
        client
    }

    /// The same as `identity`.
    pub fn session(&self, database: &Database, identity: &Identity) -> Session {
        Session::new(self.superuser(database), identity)
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        let data = self.data.to_string_lossy().into_owned();
        server_program(
            "pg_ctl",
            &["stop", "-s", "-w", "-m", "immediate", "-D", &data],
        );
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// Runs a program of the server as the user that the server runs as.
fn server_program(name: &str, arguments: &[&str]) {
    let program = PathBuf::from(variable("FRONTDESK_PG_BIN")).join(name);
    let run_as = variable("FRONTDESK_RUN_AS");
    let mut command = if env::var("USER").is_ok_and(|user| user == run_as) {
        Command::new(&program)
    } else {
        let mut command = Command::new("runuser");
        command.args(["-u", &run_as, "--"]).arg(&program);
        command
    };
    let status = command
        .args(arguments)
        .current_dir(variable("FRONTDESK_RUN_DIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(status.success(), "{name} failed");
}

fn connect(database: &str) -> Client {
    let mut config = Config::new();
    config
        .host_path(variable("PGHOST"))
        .port(PORT)
        .user("postgres")
        .dbname(database);
    let started = Instant::now();
    loop {
        match config.connect(NoTls) {
            Ok(client) => return client,
            // A database that was just made is there once the standby has replayed its making.
            Err(error) => assert!(
                started.elapsed() < PATIENCE,
                "connect to the standby: {error}"
            ),
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn variable(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests through `make test`"))
}
