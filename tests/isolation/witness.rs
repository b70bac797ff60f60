//! Sessions that remember everything they are told.

use std::env;
use std::io::Read;
use std::sync::{Arc, Mutex};

use frontdesk_harness::postgres::error::{DbError, Error};
use frontdesk_harness::postgres::{Client, Config, NoTls, SimpleQueryMessage, SimpleQueryRow};
use frontdesk_harness::{Database, Identity, Sql};

/// A session of somebody, with every row, error and notice that it has got so far.
pub struct Witness {
    client: Client,
    heard: Arc<Mutex<Vec<String>>>,
}

/// What a statement returned.
#[derive(Debug)]
pub struct Answer {
    /// Rows, their columns as text with `|` between them.
    pub rows: Vec<String>,
    /// Rows that the last statement has returned or changed.
    pub count: u64,
}

impl Witness {
    /// A session that acts as `identity`, and hears as much as Postgres tells.
    pub fn new(db: &Database, identity: &Identity) -> Self {
        let (role, claims) = role_and_claims(db, identity);
        let mut witness = Self::as_login(db, "postgres");
        witness.client.run("set client_min_messages = debug1");
        witness
            .client
            .query(
                "select set_config('request.jwt.claims', $1, false)",
                &[&claims],
            )
            .expect("set the claims");
        witness.client.run(&format!("set role {role}"));
        witness
    }

    /// A session of a login role of the server.
    pub fn as_login(db: &Database, login: &str) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        let mut config = Config::new();
        config
            .host_path(env::var("PGHOST").expect("PGHOST is set by tools/with-cluster"))
            .user(login)
            .dbname(db.name())
            .notice_callback(move |notice| hear(&ears, everything(&notice)));
        if let Some(port) = env::var("PGPORT").ok().and_then(|port| port.parse().ok()) {
            config.port(port);
        }
        let client = config.connect(NoTls).expect("connect");
        Self { client, heard }
    }

    /// Runs statements; the SQLSTATE when they are refused.
    pub fn ask(&mut self, sql: &str) -> Result<Answer, String> {
        let messages = self
            .client
            .simple_query(sql)
            .map_err(|error| self.refused(sql, &error))?;
        let mut answer = Answer {
            rows: Vec::new(),
            count: 0,
        };
        for message in &messages {
            match message {
                SimpleQueryMessage::Row(row) => answer.rows.push(as_text(row)),
                SimpleQueryMessage::CommandComplete(count) => answer.count = *count,
                _ => {}
            }
        }
        for row in &answer.rows {
            hear(&self.heard, row.clone());
        }
        Ok(answer)
    }

    /// Runs statements in a transaction that is rolled back.
    pub fn try_out(&mut self, sql: &str) -> Result<Answer, String> {
        self.client.run("begin");
        let answer = self.ask(sql);
        self.client.run("rollback");
        answer
    }

    /// What COPY writes.
    pub fn copy(&mut self, sql: &str) -> Result<String, String> {
        let copied = self.client.copy_out(sql).map(|mut reader| {
            let mut text = String::new();
            reader
                .read_to_string(&mut text)
                .expect("read what is copied");
            text
        });
        let text = copied.map_err(|error| self.refused(sql, &error))?;
        hear(&self.heard, text.clone());
        Ok(text)
    }

    /// The row, error or notice that came last.
    pub fn last_heard(&self) -> String {
        let heard = self.heard.lock().expect("what was heard");
        heard.last().cloned().unwrap_or_default()
    }

    /// Fails when one of these words was ever told.
    pub fn assert_never_heard(&self, words: &[String], who: &str) {
        let heard = self.heard.lock().expect("what was heard");
        for text in heard.iter() {
            for word in words {
                assert!(
                    !text.contains(word),
                    "{who} was told of {word}: {text:.2000}"
                );
            }
        }
    }

    fn refused(&self, sql: &str, error: &Error) -> String {
        let Some(error) = error.as_db_error() else {
            panic!("{sql}: {error}")
        };
        hear(&self.heard, everything(error));
        error.code().code().to_owned()
    }
}

fn hear(heard: &Mutex<Vec<String>>, text: String) {
    heard.lock().expect("what was heard").push(text);
}

/// Every part of an error or notice.
fn everything(error: &DbError) -> String {
    format!("{error:?}")
}

fn as_text(row: &SimpleQueryRow) -> String {
    let values: Vec<&str> = (0..row.len())
        .map(|column| row.get(column).unwrap_or("null"))
        .collect();
    values.join("|")
}

fn role_and_claims(db: &Database, identity: &Identity) -> (String, String) {
    let row = db
        .session(identity)
        .query_one(
            "select current_setting('role'), current_setting('request.jwt.claims')",
            &[],
        )
        .expect("ask who the session is");
    (row.get(0), row.get(1))
}
