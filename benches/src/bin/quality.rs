//! How well search finds: nDCG@10, recall@100 and MRR of judged collections, searched through the installed functions by a
//! signed-in member under row level security.
//!
//! `tools/with-cluster 15 cargo run --release -p frontdesk-benches --bin quality -- FOLDER...`
//!
//! A folder is a collection in the layout of BEIR, gzipped, optionally with vectors. Each collection is an organization;
//! its domains are the tenants of its documents. One line for each method: our text leg, our vector leg, our fusion of
//! them, reciprocal rank fusion of the same two. To run it several times over one load, start a shell in the cluster
//! (`tools/with-cluster --tty 15 bash`) and give `--keep` once and `--reuse` afterwards.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use frontdesk_benches::quality::collection::{Collection, Selection};
use frontdesk_benches::quality::runs::{Asking, Method, Run};
use frontdesk_benches::quality::{load, report, runs, synonyms};

/// Measures what search finds.
#[derive(Parser)]
struct Options {
    /// Folders with corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv; FOLDER:CONFIGURATION names a text search configuration.
    #[arg(required = true, value_name = "FOLDER[:CONFIGURATION]")]
    folders: Vec<String>,
    /// The text search configuration of folders that name none.
    #[arg(long, default_value = "english")]
    config: String,
    /// Asks queries.SPLIT.jsonl.gz, judged by qrels.SPLIT.tsv, where a folder has them.
    #[arg(long)]
    split: Option<String>,
    /// Every second question by id: 0 the even places, 1 the odd ones.
    #[arg(long, value_parser = ["0", "1"])]
    half: Option<String>,
    /// At most so many questions of each collection.
    #[arg(long)]
    limit: Option<usize>,
    /// Sessions that ask beside each other.
    #[arg(long, default_value_t = 2)]
    sessions: usize,
    /// A setting of the sessions, as name=value.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// One more line, as name=arguments: hybrid_search with these further arguments.
    #[arg(long, value_name = "NAME=ARGUMENTS")]
    also: Vec<String>,
    /// More lines for a synonyms.txt: without any synonym, with this list, and with its synonyms added to the question as
    /// words that count like its own.
    #[arg(long, value_name = "FILE")]
    synonyms: Vec<PathBuf>,
    /// Measures too how well confidence tells questions that have an answer from those that have none: each collection's
    /// in the domains of the others. Needs two folders or more.
    #[arg(long)]
    confidence: bool,
    /// Appends every list to this file in the format of TREC.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Leaves the database for later runs.
    #[arg(long)]
    keep: bool,
    /// Uses the database that an earlier run has left of the same folders, and leaves it.
    #[arg(long)]
    reuse: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let collections: Result<Vec<Collection>, String> = options
        .folders
        .iter()
        .map(|folder| read(folder, &options))
        .collect();
    let collections = match collections {
        Ok(collections) => collections,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    load::load(&collections, options.reuse);
    report::print_header();
    for (number, collection) in collections.iter().enumerate() {
        let runs = measure(number, collection, &options);
        if let Some(path) = &options.save {
            report::save(path, collection, &runs)
                .unwrap_or_else(|error| panic!("write {}: {error}", path.display()));
        }
    }
    if options.confidence {
        measure_confidence(&collections, &options);
    }
    if !options.keep && !options.reuse {
        load::remove();
    }
    ExitCode::SUCCESS
}

fn read(folder: &str, options: &Options) -> Result<Collection, String> {
    let (folder, language) = folder
        .split_once(':')
        .unwrap_or((folder, options.config.as_str()));
    let folder = PathBuf::from(folder);
    let has_split = |split: &&String| folder.join(format!("qrels.{split}.tsv")).exists();
    let selection = Selection {
        split: options.split.as_ref().filter(has_split).cloned(),
        half: options.half.as_ref().map(|half| usize::from(half == "1")),
        limit: options.limit,
    };
    Collection::read(&folder, language, &selection)
}

fn measure_confidence(collections: &[Collection], options: &Options) {
    if collections.len() < 2 {
        eprintln!("--confidence needs two folders or more");
        return;
    }
    report::print_confidence_header();
    for (number, collection) in collections.iter().enumerate() {
        for (name, by_text, by_vector) in [
            ("text", true, false),
            ("vector", false, true),
            ("ours", true, true),
        ] {
            if by_vector && !collections.iter().all(Collection::has_vectors) {
                continue;
            }
            let method = Method::new(name, by_text, by_vector, "");
            let here = runs::run(number, collection, &method, &asking(options)).hits;
            let elsewhere = runs::ask_elsewhere(number, collections, &method, &asking(options));
            report::print_confidence(
                collection,
                name,
                &runs::confidences(&here),
                &runs::confidences(&elsewhere),
            );
        }
    }
}

fn asking(options: &Options) -> Asking {
    Asking {
        sessions: options.sessions,
        settings: options.settings.clone(),
    }
}

fn measure(number: usize, collection: &Collection, options: &Options) -> Vec<Run> {
    let asking = asking(options);
    let run = |method: &Method| runs::run(number, collection, method, &asking);
    let mut all = vec![run(&Method::new("text", true, false, ""))];
    let ours = if collection.has_vectors() {
        all.push(run(&Method::new("vector", false, true, "")));
        let ranks = "fusion => 'rrf', text_weight => 0.5";
        all.push(run(&Method::new("RRF(60)", true, true, ranks)));
        all.push(run(&Method::new("ours", true, true, "")));
        all.len() - 1
    } else {
        0
    };
    for also in &options.also {
        let (name, arguments) = also.split_once('=').unwrap_or(("also", also));
        let by_vector = collection.has_vectors();
        all.push(run(&Method::new(name, true, by_vector, arguments)));
    }
    if !options.synonyms.is_empty() {
        all.extend(synonyms::runs(
            number,
            collection,
            &options.synonyms,
            &asking,
        ));
    }
    report::print_runs(collection, &all, ours);
    all
}
