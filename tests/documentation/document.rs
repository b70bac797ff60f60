//! A Markdown document whose SQL blocks can be run.
//!
//! A block is what stands between "```sql" and "```", also inside an HTML comment, which readers do not see: there a
//! document prepares and cleans up. "```output" after a block is what psql prints for all of it; an error shown there is
//! expected, any other fails.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use frontdesk_harness::Database;

use super::project;

/// Printed before what a block prints, with the line of the block.
const MARK: &str = "@@@ output of line";

/// A document of this project.
pub struct Document {
    /// Its path in the project.
    pub path: String,
    /// Its SQL, in order.
    pub blocks: Vec<Block>,
    text: String,
}

/// A block of SQL.
pub struct Block {
    /// The line of its first statement, from 1.
    pub line: usize,
    /// Its text.
    pub sql: String,
    /// What it prints, if the document says.
    pub output: Option<String>,
}

/// Every document: README.md, CONTRIBUTING.md and what is below docs/ and examples/.
pub fn documents() -> Vec<Document> {
    let mut paths = vec!["README.md".into(), "CONTRIBUTING.md".into()];
    for folder in ["docs", "examples"] {
        collect(folder, &mut paths);
    }
    paths.sort();
    paths.iter().map(|path| Document::read(path)).collect()
}

fn collect(folder: &str, paths: &mut Vec<String>) {
    let entries = fs::read_dir(project().join(folder)).expect("a folder of the project");
    for entry in entries {
        let entry = entry.expect("an entry of the folder");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&path, paths);
        } else if path.ends_with(".md") {
            paths.push(path);
        }
    }
}

impl Document {
    /// Reads a document, given its path in the project.
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(project().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        Self::new(path, text)
    }

    /// A document of this text.
    pub fn new(path: &str, text: String) -> Self {
        Self {
            path: path.to_owned(),
            blocks: blocks(&text),
            text,
        }
    }

    /// Whether a block contains this text.
    pub fn shows(&self, sql: &str) -> bool {
        self.blocks.iter().any(|block| block.sql.contains(sql))
    }

    /// Whether this stands anywhere in it.
    pub fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// Relative links to files that do not exist.
    pub fn broken_links(&self) -> Vec<String> {
        let folder = project().join(&self.path);
        let folder = folder.parent().unwrap_or(Path::new("."));
        let targets = self.text.split("](").skip(1);
        targets
            .filter_map(|rest| rest.split([')', '#']).next())
            .filter(|target| !target.is_empty() && !target.contains("://"))
            .filter(|target| !folder.join(target).exists())
            .map(|target| format!("{}: links to {target}, which does not exist", self.path))
            .collect()
    }

    /// Runs the blocks as the superuser of `database`; what went otherwise than the document says.
    pub fn run(&self, database: &Database) -> Vec<String> {
        let mut wrong: Vec<String> = self.blocks.iter().filter_map(Block::unfinished).collect();
        if wrong.is_empty() {
            let (printed, has_failed) = psql(database, self.script());
            let after = self.blocks.iter().skip(1).map(Some).chain([None]);
            for (block, next) in self.blocks.iter().zip(after) {
                // What psql did not come to is not compared.
                if !has_failed || next.is_some_and(|next| printed.contains(&next.mark())) {
                    wrong.extend(block.unlike(&printed));
                }
            }
            if has_failed {
                wrong.push(error_in(&printed));
            }
        }
        wrong
            .into_iter()
            .map(|text| format!("{}:{text}", self.path))
            .collect()
    }

    /// The document as psql reads it. Line numbers stay, so that psql's messages name lines of the document.
    fn script(&self) -> String {
        let mut lines = vec![String::new(); self.text.lines().count()];
        for block in &self.blocks {
            let stop = if block.expects_error() { "off" } else { "on" };
            lines[block.line - 2] = format!(
                "\\echo '{MARK}' {} \\\\ \\set ON_ERROR_STOP {stop}",
                block.line
            );
            for (offset, line) in block.sql.lines().enumerate() {
                lines[block.line - 1 + offset] = line.to_owned();
            }
        }
        lines.join("\n")
    }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            continue;
        };
        let content: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.starts_with("```"))
            .collect();
        match (kind, blocks.last_mut()) {
            ("sql", _) => blocks.push(Block {
                line: number + 2,
                sql: content.join("\n"),
                output: None,
            }),
            ("output", Some(block)) => block.output = Some(content.join("\n")),
            _ => {}
        }
    }
    blocks
}

impl Block {
    fn expects_error(&self) -> bool {
        let output = self.output.as_deref().unwrap_or_default();
        output.lines().any(|line| line.starts_with("ERROR:"))
    }

    /// A statement without its end would swallow the next block.
    fn unfinished(&self) -> Option<String> {
        let last = self.sql.lines().next_back().unwrap_or_default();
        let code = last.split("--").next().unwrap_or_default().trim_end();
        let is_finished = code.ends_with(';') || code.contains('\\');
        (!is_finished).then(|| format!("{}: the block does not end with a semicolon", self.line))
    }

    /// What is printed before its output.
    fn mark(&self) -> String {
        format!("{MARK} {}\n", self.line)
    }

    /// What is wrong with this block's part of everything that was printed.
    fn unlike(&self, printed: &str) -> Option<String> {
        let expected = plain(self.output.as_deref()?);
        let after = printed
            .split_once(&self.mark())
            .map_or("", |(_, after)| after);
        let found = plain(after.split(MARK).next().unwrap_or_default());
        (found != expected)
            .then(|| format!("{}: prints\n{found}\ninstead of\n{expected}", self.line))
    }
}

/// Where psql stopped, and why.
fn error_in(printed: &str) -> String {
    let start = printed.rfind("psql:<stdin>:").unwrap_or(0);
    printed[start..]
        .trim_start_matches("psql:<stdin>:")
        .to_owned()
}

/// Output without what is not to be compared: white space at the ends of lines, empty lines around it, and where a
/// message of psql comes from.
fn plain(output: &str) -> String {
    let lines: Vec<&str> = output
        .lines()
        .map(|line| {
            let message = line
                .strip_prefix("psql:")
                .and_then(|rest| rest.split_once(": "));
            message.map_or(line, |(_, message)| message).trim_end()
        })
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// What psql prints, messages included, and whether it stopped at an error.
fn psql(database: &Database, script: String) -> (String, bool) {
    let bin = env::var("FRONTDESK_PG_BIN")
        .expect("FRONTDESK_PG_BIN is not set: run the tests through `make test`");
    let mut child = Command::new("sh")
        .args(["-c", "exec \"$@\" 2>&1", "sh"])
        .arg(Path::new(&bin).join("psql"))
        .args(["--no-psqlrc", "--quiet", "--file", "-", "--dbname"])
        .arg(database.name())
        .env("PGCLIENTENCODING", "UTF8")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("start psql");
    let mut stdin = child.stdin.take().expect("a pipe to psql");
    // On its own, because psql prints while it reads; it may stop reading at an error.
    let writer = thread::spawn(move || stdin.write_all(script.as_bytes()));
    let Output { status, stdout, .. } = child.wait_with_output().expect("wait for psql");
    let _ = writer.join();
    (
        String::from_utf8_lossy(&stdout).into_owned(),
        !status.success(),
    )
}
