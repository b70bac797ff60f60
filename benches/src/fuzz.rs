//! Hostile input by the million: half of it mutated real pages, half of it made of every category of Unicode. Input number
//! n of a seed is always the same text, so a failure is repeated by the two numbers that the report prints.

mod input;
mod mutate;
mod report;
mod synthetic;

pub use input::{Input, Inputs, Origin};
pub use synthetic::Markup;

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::thread;

use clap::Args;

use crate::corpus::{self, Document};
use report::Report;

/// What every fuzzing program can be told.
#[derive(Args, Debug, Clone)]
pub struct Options {
    /// How many inputs.
    #[arg(long, default_value_t = 1_000_000)]
    pub inputs: u64,
    /// Chooses the inputs; random when not given. The report prints it.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Runs only the input of this number, and writes it to a file.
    #[arg(long)]
    pub only: Option<u64>,
    /// Folder of collections (`*.jsonl.gz`) whose pages are mutated.
    #[arg(long)]
    pub data: PathBuf,
    /// Folder of HTML pages that are mutated too.
    #[arg(long)]
    pub pages: Option<PathBuf>,
    #[arg(long, default_value_t = 2)]
    pub threads: u64,
}

impl Options {
    /// The real documents to mutate.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        let mut documents = corpus::collections(&self.data);
        documents.extend(
            self.pages
                .iter()
                .flat_map(|folder| corpus::html_pages(folder)),
        );
        documents
    }
}

/// Gives every input to `check`, which panics or returns an error when a promise is broken; prints a report. Returns whether all
/// promises held. A text of `check` names what was looked at, and is counted.
pub fn run(
    options: &Options,
    inputs: &Inputs,
    check: impl Fn(&Input) -> Result<&'static str, String> + Sync,
) -> bool {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    let range = options
        .only
        .map_or(0..options.inputs, |only| only..only + 1);
    eprintln!("seed {seed}");
    // A broken promise is told by the report.
    panic::set_hook(Box::new(|panic| {
        if !CHECKS.get() {
            eprintln!("{panic}");
        }
    }));
    let report = thread::scope(|scope| {
        let workers: Vec<_> = (0..options.threads)
            .map(|worker| {
                let numbers = range.clone().filter(move |n| n % options.threads == worker);
                let check = &check;
                scope.spawn(move || check_all(inputs, seed, numbers, check))
            })
            .collect();
        let reports = workers.into_iter().map(|it| it.join().expect("a worker"));
        reports.fold(Report::default(), Report::with)
    });
    let _ = panic::take_hook();
    if let Some(only) = options.only {
        let path = format!("fuzz-{seed}-{only}.txt");
        std::fs::write(&path, inputs.number(seed, only).text).expect("written");
        eprintln!("{path}");
    }
    report.print(seed)
}

thread_local! {
    /// Whether this thread is inside of a check.
    static CHECKS: Cell<bool> = const { Cell::new(false) };
}

fn check_all(
    inputs: &Inputs,
    seed: u64,
    numbers: impl Iterator<Item = u64>,
    check: &(impl Fn(&Input) -> Result<&'static str, String> + Sync),
) -> Report {
    let mut report = Report::default();
    for number in numbers {
        let input = inputs.number(seed, number);
        CHECKS.set(true);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| check(&input)))
            .unwrap_or_else(|panic| Err(message(panic.as_ref())));
        CHECKS.set(false);
        report.add(&input, outcome);
        if number.is_multiple_of(100_000) && number > 0 {
            eprintln!("{number} ...");
        }
    }
    report
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()))
        .unwrap_or_else(|| "panic".to_owned())
}
