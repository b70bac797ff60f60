//! A judged collection in the layout of BEIR (Thakur et al., "BEIR: a heterogeneous benchmark for zero-shot evaluation of
//! information retrieval models", 2021), compressed: `corpus.jsonl.gz`, `queries.jsonl.gz`, `qrels.tsv`, and optionally
//! vectors of both in `corpus.*.npy` and `queries.*.npy`, one row each in the order of the file.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use npyz::half::f16;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Something to be found.
#[derive(Deserialize)]
pub struct Document {
    #[serde(rename = "_id")]
    pub id: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
    /// Whose it is; a collection without tenants is one tenant.
    #[serde(default)]
    pub tenant: String,
}

/// A question and what answers it.
#[derive(Deserialize)]
pub struct Query {
    #[serde(rename = "_id")]
    pub id: String,
    pub text: String,
    /// Where it is asked.
    #[serde(default)]
    pub tenants: Vec<String>,
    /// Gain of each relevant document, by its place in the corpus.
    #[serde(skip)]
    pub relevant: HashMap<usize, f64>,
    #[serde(skip)]
    pub vector: Option<Vec<f32>>,
}

/// Which of the questions are asked.
#[derive(Clone, Default)]
pub struct Selection {
    /// `train` reads `queries.train.jsonl.gz` and `qrels.train.tsv`.
    pub split: Option<String>,
    /// Every second question in the order of their ids, from the first (0) or the second (1).
    pub half: Option<usize>,
    /// At most so many, evenly spread.
    pub limit: Option<usize>,
}

pub struct Collection {
    pub name: String,
    pub folder: PathBuf,
    /// Text search configuration of its domains.
    pub language: String,
    pub documents: Vec<Document>,
    pub vectors: Option<Vec<Vec<f32>>>,
    pub queries: Vec<Query>,
}

impl Collection {
    /// Reads `folder`, or says what is missing in it.
    pub fn read(folder: &Path, language: &str, selection: &Selection) -> Result<Self, String> {
        let documents: Vec<Document> = json_lines(&folder.join("corpus.jsonl.gz"))?;
        let vectors = vectors(folder, "corpus", documents.len())?;
        let queries = queries(folder, &documents, selection)?;
        Ok(Self {
            name: name(folder),
            folder: folder.to_owned(),
            language: language.to_owned(),
            documents,
            vectors,
            queries,
        })
    }

    pub fn has_vectors(&self) -> bool {
        self.vectors.is_some() && self.queries.iter().all(|query| query.vector.is_some())
    }

    /// The tenants in the order in which they first come.
    pub fn tenants(&self) -> Vec<&str> {
        let mut seen = HashMap::new();
        let mut tenants = Vec::new();
        for document in &self.documents {
            if seen.insert(document.tenant.as_str(), ()).is_none() {
                tenants.push(document.tenant.as_str());
            }
        }
        tenants
    }
}

/// The last two parts of the path when the last one alone says too little (`xquad/en`).
fn name(folder: &Path) -> String {
    let part = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let last = part(folder);
    match folder.parent() {
        Some(parent) if last.len() <= 3 => format!("{}/{last}", part(parent)),
        _ => last,
    }
}

fn queries(
    folder: &Path,
    documents: &[Document],
    selection: &Selection,
) -> Result<Vec<Query>, String> {
    let split = selection
        .split
        .as_ref()
        .map(|split| format!(".{split}"))
        .unwrap_or_default();
    let mut queries: Vec<Query> = json_lines(&folder.join(format!("queries{split}.jsonl.gz")))?;
    if let Some(vectors) = vectors(folder, &format!("queries{split}"), queries.len())? {
        for (query, vector) in queries.iter_mut().zip(vectors) {
            query.vector = Some(vector);
        }
    }
    judge(
        &mut queries,
        documents,
        &folder.join(format!("qrels{split}.tsv")),
    )?;
    queries.retain(|query| query.relevant.values().any(|gain| *gain > 0.0));
    Ok(selected(queries, selection))
}

fn selected(mut queries: Vec<Query>, selection: &Selection) -> Vec<Query> {
    queries.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(half) = selection.half {
        queries = queries.into_iter().skip(half).step_by(2).collect();
    }
    if let Some(limit) = selection.limit {
        let step = queries.len().div_ceil(limit.max(1)).max(1);
        queries = queries.into_iter().step_by(step).collect();
    }
    queries
}

/// Adds the judgements: a line of header, then question, document and gain, separated by tabs.
fn judge(queries: &mut [Query], documents: &[Document], file: &Path) -> Result<(), String> {
    let place_of_document: HashMap<&str, usize> = documents
        .iter()
        .enumerate()
        .map(|(place, document)| (document.id.as_str(), place))
        .collect();
    let mut query_by_id: HashMap<String, &mut Query> = queries
        .iter_mut()
        .map(|query| (query.id.clone(), query))
        .collect();
    let text = fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [query, document, gain] = fields[..] else {
            return Err(format!(
                "{}: not three fields in \"{line}\"",
                file.display()
            ));
        };
        let gain = gain
            .parse()
            .map_err(|_| format!("{}: no number in \"{line}\"", file.display()))?;
        let judged = query_by_id.get_mut(query);
        if let (Some(query), Some(place)) = (judged, place_of_document.get(document)) {
            query.relevant.insert(*place, gain);
        }
    }
    Ok(())
}

/// The vectors in `<stem>.<model>.npy`; none when there is no such file.
fn vectors(folder: &Path, stem: &str, rows: usize) -> Result<Option<Vec<Vec<f32>>>, String> {
    let Some(path) = array_file(folder, stem)? else {
        return Ok(None);
    };
    let failed = |error: std::io::Error| unreadable(&path, &error);
    let file = BufReader::new(File::open(&path).map_err(failed)?);
    let array = npyz::NpyFile::new(file).map_err(failed)?;
    let [stored, dimensions] = array.shape()[..] else {
        return Err(format!("{}: not two dimensions", path.display()));
    };
    if stored != rows as u64 {
        return Err(format!(
            "{}: {stored} vectors for {rows} rows",
            path.display()
        ));
    }
    let values: Vec<f16> = array.into_vec().map_err(failed)?;
    let vectors = values
        .chunks(dimensions as usize)
        .map(|row| row.iter().map(|value| value.to_f32()).collect());
    Ok(Some(vectors.collect()))
}

/// `<stem>.<model>.npy`, where the model's name may have dots and a split of the questions is no model.
fn array_file(folder: &Path, stem: &str) -> Result<Option<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.strip_prefix(stem)
                .and_then(|rest| rest.strip_prefix('.'))
                .and_then(|rest| rest.strip_suffix(".f16.npy"))
                .is_some_and(|model| !model.contains('.'))
        })
        .collect();
    files.sort();
    Ok(files.into_iter().next())
}

fn json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, String> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| {
            let line = line.map_err(|error| unreadable(path, &error))?;
            serde_json::from_str(&line).map_err(|error| format!("{}: {error}", path.display()))
        })
        .collect()
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!(
        "cannot read {}: {error}. A collection is a folder with corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv.",
        path.display()
    )
}
