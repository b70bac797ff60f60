//! Dumps and restores with the server's own programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::Database;

/// The format of a dump, which decides how it is restored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DumpFormat {
    /// SQL text, restored with `psql -v ON_ERROR_STOP=1`.
    Plain,
    /// Custom format, restored with `pg_restore`.
    Custom,
    /// Custom format, restored with `pg_restore` and this many jobs.
    Parallel(u8),
}

/// A dump in a directory of its own, removed at the end of the test.
pub struct Dump {
    directory: TempDir,
    format: DumpFormat,
}

impl Dump {
    /// Dumps `database`.
    pub fn of(database: &Database, format: DumpFormat) -> Self {
        let dump = Self {
            directory: TempDir::new().expect("a directory for the dump"),
            format,
        };
        let kind = if format == DumpFormat::Plain {
            "--format=plain"
        } else {
            "--format=custom"
        };
        run(program("pg_dump")
            .arg(kind)
            .arg("--file")
            .arg(dump.file())
            .arg(database.name()));
        dump
    }

    /// Restores into `database`; any error of the restore fails the test.
    pub fn restore_into(&self, database: &Database) {
        match self.format {
            DumpFormat::Plain => run(program("psql")
                .args([
                    "--no-psqlrc",
                    "--quiet",
                    "--set",
                    "ON_ERROR_STOP=1",
                    "--dbname",
                    database.name(),
                    "--file",
                ])
                .arg(self.file())),
            DumpFormat::Custom => self.pg_restore(database, 1),
            DumpFormat::Parallel(jobs) => self.pg_restore(database, jobs),
        }
    }

    fn pg_restore(&self, database: &Database, jobs: u8) {
        run(program("pg_restore")
            .args(["--exit-on-error", "--dbname", database.name()])
            .arg(format!("--jobs={jobs}"))
            .arg(self.file()));
    }

    /// The file that holds the dump.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("dump")
    }
}

/// A program of the server under test.
fn program(name: &str) -> Command {
    let directory = env::var("FRONTDESK_PG_BIN")
        .expect("FRONTDESK_PG_BIN is not set: run the tests through `make test`");
    Command::new(Path::new(&directory).join(name))
}

fn run(command: &mut Command) {
    let Output { status, stderr, .. } = command.output().expect("start a program of the server");
    assert!(
        status.success(),
        "{command:?}\n{}",
        String::from_utf8_lossy(&stderr)
    );
}
