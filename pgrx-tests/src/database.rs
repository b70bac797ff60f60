//! Fresh databases.

use std::env;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, Config, NoTls};

use crate::session::{Identity, Session};

/// The database from which the others are copied: installing takes a second, copying a tenth of one.
const TEMPLATE: &str = "frontdesk_template";

static TEMPLATE_IS_READY: OnceLock<()> = OnceLock::new();
static NEXT_NUMBER: AtomicU32 = AtomicU32::new(1);

/// A database of its own for one test, dropped at the end of the test.
pub struct Database {
    name: String,
}

impl Database {
    /// A database in which `create extension frontdesk cascade` has run.
    pub fn new() -> Self {
        TEMPLATE_IS_READY.get_or_init(create_template);
        Self::create(&format!("template {TEMPLATE}"))
    }

    /// A database without the extension.
    pub fn empty() -> Self {
        Self::create("template template0")
    }

    fn create(options: &str) -> Self {
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("frontdesk_test_{}_{number}", std::process::id());
        maintenance()
            .batch_execute(&format!("create database {name} {options}"))
            .expect("create a database for the test");
        Self { name }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A session of the superuser, whom row level security does not bind.
    pub fn superuser(&self) -> Client {
        connect(&self.name)
    }

    /// A session that acts as `identity` in every statement.
    pub fn session(&self, identity: &Identity) -> Session {
        Session::new(connect(&self.name), identity)
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A test that failed may have left sessions; the message of the test matters more than this one.
        let _ = maintenance().batch_execute(&format!(
            "drop database if exists {} with (force)",
            self.name
        ));
    }
}

fn create_template() {
    let mut server = maintenance();
    // Two test programs may start at once: the lock makes the second wait and find the template.
    run(
        &mut server,
        "select pg_advisory_lock(hashtext('frontdesk_template'))",
    );
    let exists: bool = server
        .query_one(
            "select exists (select from pg_database where datname = $1)",
            &[&TEMPLATE],
        )
        .expect("look for the template")
        .get(0);
    if !exists {
        // Under another name until it is complete, so that a failed installation is not taken for a template.
        run(&mut server, "drop database if exists frontdesk_unfinished");
        run(
            &mut server,
            "create database frontdesk_unfinished template template0",
        );
        run(
            &mut connect("frontdesk_unfinished"),
            "create extension frontdesk cascade",
        );
        run(
            &mut server,
            &format!("alter database frontdesk_unfinished rename to {TEMPLATE}"),
        );
    }
    run(
        &mut server,
        "select pg_advisory_unlock(hashtext('frontdesk_template'))",
    );
}

fn run(client: &mut Client, sql: &str) {
    client
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

fn maintenance() -> Client {
    connect("postgres")
}

fn connect(database: &str) -> Client {
    let host = env::var("PGHOST").expect("PGHOST is not set: run the tests through `make test`");
    let mut config = Config::new();
    config
        .host_path(host)
        .dbname(database)
        .user(&env::var("PGUSER").unwrap_or("postgres".into()));
    if let Some(port) = env::var("PGPORT").ok().and_then(|port| port.parse().ok()) {
        config.port(port);
    }
    config
        .connect(NoTls)
        .unwrap_or_else(|error| panic!("connect to {database}: {error}"))
}
