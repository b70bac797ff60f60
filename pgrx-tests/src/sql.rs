//! Short ways to run a statement and to look at its outcome.

use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::sqlstate;

/// Statements without parameters, whose values are read as psql prints them.
pub trait Sql {
    /// Runs statements that must succeed.
    fn run(&mut self, sql: &str);

    /// The rows of one query: their columns as text with `|` between them, NULL as `null`.
    fn rows(&mut self, sql: &str) -> Vec<String>;

    /// The SQLSTATE that the statements are refused with.
    fn refusal(&mut self, sql: &str) -> String;

    /// The only row of a query.
    fn row(&mut self, sql: &str) -> String {
        let mut rows = self.rows(sql);
        assert_eq!(rows.len(), 1, "rows of {sql}");
        rows.remove(0)
    }
}

impl Sql for Client {
    fn run(&mut self, sql: &str) {
        self.batch_execute(sql)
            .unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    fn rows(&mut self, sql: &str) -> Vec<String> {
        let answer = self
            .simple_query(sql)
            .unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
        answer
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(as_text(row)),
                _ => None,
            })
            .collect()
    }

    fn refusal(&mut self, sql: &str) -> String {
        match self.batch_execute(sql) {
            Ok(()) => panic!("not refused: {sql}"),
            Err(error) => sqlstate(&error).to_owned(),
        }
    }
}

fn as_text(row: &SimpleQueryRow) -> String {
    let values: Vec<&str> = (0..row.len())
        .map(|column| row.get(column).unwrap_or("null"))
        .collect();
    values.join("|")
}
