//! The table that is printed, and the file in which a run is saved.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::collection::Collection;
use super::measures::{Measures, area_under_curve, difference_interval};
use super::runs::Run;

const COLUMNS: usize = 8;

pub fn print_header() {
    println!(
        "\n| collection | questions | method | nDCG@10 | recall@100 | MRR | ours minus this, 95 % | better |"
    );
    println!("|{}", "---|".repeat(COLUMNS));
}

/// One line for each run; `ours` is what the others are compared with.
pub fn print_runs(collection: &Collection, runs: &[Run], ours: usize) {
    for (place, run) in runs.iter().enumerate() {
        let mean = Measures::mean(&run.measures);
        let (interval, verdict) = if place == ours {
            (String::new(), "")
        } else {
            compared(&runs[ours], run)
        };
        println!(
            "| {} | {} | {} | {:.4} | {:.4} | {:.4} | {interval} | {verdict} |",
            collection.name,
            collection.queries.len(),
            run.method.name,
            mean.ndcg,
            mean.recall,
            mean.reciprocal_rank,
        );
    }
    let _ = io::stdout().flush();
}

fn compared(ours: &Run, other: &Run) -> (String, &'static str) {
    let (low, high) = difference_interval(&ours.measures, &other.measures);
    let verdict = match (low > 0.0, high < 0.0) {
        (true, _) => "ours",
        (_, true) => "this",
        _ => "neither",
    };
    (format!("{low:+.4} to {high:+.4}"), verdict)
}

pub fn print_confidence_header() {
    println!(
        "\nArea under the ROC curve of search_confidence: each collection's questions in its own domains against the same\nquestions in those of the others; and how often 0.5 tells them apart.\n"
    );
    println!("| collection | method | area | answerable above 0.5 | unanswerable below 0.5 |");
    println!("|---|---|---|---|---|");
}

pub fn print_confidence(collection: &Collection, method: &str, here: &[f64], elsewhere: &[f64]) {
    let share = |values: &[f64], is_right: fn(&f64) -> bool| {
        values.iter().filter(|value| is_right(value)).count() as f64 / values.len().max(1) as f64
    };
    println!(
        "| {} | {method} | {:.4} | {:.3} | {:.3} |",
        collection.name,
        area_under_curve(here, elsewhere),
        share(here, |confidence| *confidence >= 0.5),
        share(elsewhere, |confidence| *confidence < 0.5),
    );
    let _ = io::stdout().flush();
}

/// Appends the runs in the format of TREC (question, `Q0`, document, rank, score, method) with two columns more: the raw
/// scores of the text and of the vector leg.
pub fn save(path: &Path, collection: &Collection, runs: &[Run]) -> io::Result<()> {
    let file = File::options().create(true).append(true).open(path)?;
    let mut file = BufWriter::new(file);
    for run in runs {
        for (query, hits) in collection.queries.iter().zip(&run.hits) {
            for (rank, hit) in (1..).zip(hits) {
                let number = |value: Option<f32>| {
                    value.map_or_else(|| "-".into(), |value| value.to_string())
                };
                writeln!(
                    file,
                    "{}\tQ0\t{}\t{rank}\t{}\t{}/{}\t{}\t{}",
                    query.id,
                    collection.documents[hit.document].id,
                    hit.score,
                    collection.name,
                    run.method.name,
                    number(hit.text_score),
                    number(hit.vector_score),
                )?;
            }
        }
    }
    file.flush()
}
