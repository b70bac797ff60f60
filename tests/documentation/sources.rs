//! What the files of the project say that the catalogue does not: what an index serves, to which family a function
//! belongs, and what its documentation adds to its comment.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::project;

/// Every file below a folder of the project with this ending, by path.
fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    visit(&project().join(folder), &mut |path| {
        if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            let text = fs::read_to_string(path).expect("read a file of the project");
            found.insert(path.display().to_string(), text);
        }
    });
    found
}

fn visit(folder: &Path, found: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            visit(&path, found);
        } else {
            found(&path);
        }
    }
}

/// The folder of `sql/tables` in which each table is: its domain.
pub fn domains() -> BTreeMap<String, String> {
    let paths = files("sql/tables", "sql");
    let places = paths.keys().filter_map(|path| {
        let path = Path::new(path);
        let domain = path.parent()?.file_name()?;
        Some((path.file_stem()?, domain))
    });
    places
        .map(|(table, domain)| {
            (
                table.to_string_lossy().into_owned(),
                domain.to_string_lossy().into_owned(),
            )
        })
        .collect()
}

/// The comment before each `create index`.
pub fn index_purposes() -> BTreeMap<String, String> {
    let mut purposes = BTreeMap::new();
    let indexes = files("sql/indexes", "sql");
    for text in files("sql/tables", "sql").values().chain(indexes.values()) {
        let mut comment: Vec<&str> = Vec::new();
        for line in text.lines() {
            if let Some(words) = line.strip_prefix("-- ") {
                comment.push(words);
                continue;
            }
            let name = line
                .strip_prefix("create index ")
                .or_else(|| line.strip_prefix("create unique index "))
                .and_then(|rest| rest.split(' ').next());
            if let Some(name) = name.filter(|_| !comment.is_empty()) {
                purposes.insert(name.to_owned(), comment.join(" "));
            }
            comment.clear();
        }
    }
    purposes
}

/// The file or folder of `sql/functions` that comments on each function.
pub fn families() -> BTreeMap<String, String> {
    let mut families = BTreeMap::new();
    let home = project().join("sql/functions");
    for (path, text) in files("sql/functions", "sql") {
        let place = Path::new(&path)
            .strip_prefix(&home)
            .expect("a file below it");
        let family = place.iter().next().unwrap_or_default().to_string_lossy();
        let family = family.trim_end_matches(".sql").to_owned();
        for rest in text.split("comment on function frontdesk.").skip(1) {
            let name = rest.split(|c: char| c == '(' || c.is_whitespace()).next();
            families.insert(name.unwrap_or_default().to_owned(), family.clone());
        }
    }
    families
}

/// The doc comments of functions written in Rust, by their SQL names.
pub fn rust_docs() -> BTreeMap<String, String> {
    let mut docs = BTreeMap::new();
    for text in files("src", "rs").values() {
        let mut doc: Vec<&str> = Vec::new();
        let mut is_sql = false;
        for line in text.lines() {
            if let Some(words) = line.strip_prefix("///") {
                doc.push(words.trim());
            } else if line.starts_with("#[") {
                is_sql |= line.starts_with("#[pg_extern");
            } else {
                let name = line.trim_start_matches("pub ").strip_prefix("fn ");
                if let Some(name) = name.and_then(|rest| rest.split(['(', '<']).next())
                    && is_sql
                {
                    docs.insert(name.to_owned(), paragraphs(&doc));
                }
                doc.clear();
                is_sql = false;
            }
        }
    }
    docs
}

/// Lines of a doc comment as paragraphs of one line each.
fn paragraphs(lines: &[&str]) -> String {
    let paragraphs: Vec<String> = lines
        .split(|line| line.is_empty())
        .map(|paragraph| paragraph.join(" "))
        .collect();
    paragraphs.join("\n\n")
}
