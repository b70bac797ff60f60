//! Real text to measure and fuzz with. It lies outside of the project: a program is told where.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

/// A page or passage.
#[derive(Debug, Clone)]
pub struct Document {
    /// The collection it is of.
    pub collection: String,
    /// Whether `text` is HTML.
    pub is_html: bool,
    pub text: String,
}

/// The rows of a gzipped file with a JSON object per line.
///
/// # Panics
/// When the file cannot be read.
#[must_use]
pub fn json_lines(path: &Path) -> Vec<Value> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
        .collect()
}

/// Every judged collection, page set and long text below `folder`.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn collections(folder: &Path) -> Vec<Document> {
    let mut files = files_below(folder);
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        ["corpus.jsonl.gz", "pages.jsonl.gz", "documents.jsonl.gz"]
            .iter()
            .any(|it| *it == name)
    });
    assert!(!files.is_empty(), "no collections in {}", folder.display());
    let documents = files.iter().flat_map(|path| {
        let collection = collection_name(folder, path);
        json_lines(path)
            .into_iter()
            .map(move |row| document(&collection, &row))
    });
    documents.collect()
}

/// Every HTML page below `folder`, such as an unpacked documentation package.
#[must_use]
pub fn html_pages(folder: &Path) -> Vec<Document> {
    let mut files = files_below(folder);
    files.retain(|path| {
        path.extension()
            .is_some_and(|it| it == "html" || it == "htm")
    });
    let page = |path: &PathBuf| Document {
        collection: collection_name(folder, path),
        is_html: true,
        text: String::from_utf8_lossy(&fs::read(path).expect("a page")).into_owned(),
    };
    files.iter().map(page).collect()
}

fn document(collection: &str, row: &Value) -> Document {
    let field = |name: &str| row[name].as_str().map(str::to_owned);
    Document {
        collection: collection.to_owned(),
        is_html: row["format"] == "html",
        text: field("source").or(field("text")).unwrap_or_default(),
    }
}

fn collection_name(folder: &Path, file: &Path) -> String {
    let parent = file.parent().and_then(|it| it.strip_prefix(folder).ok());
    parent.unwrap_or(folder).display().to_string()
}

/// All files, in an order that does not depend on the file system.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a directory entry").path());
    let mut files: Vec<PathBuf> = entries
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    files.sort();
    files
}
