//! How fast text is chunked, beside the `text-splitter` crate, LangChain's recursive splitter and chonkie; how time and memory grow
//! with the text; and the chunks themselves, for `benches/python/chunk_quality.py`.
//!
//! `cargo run --release -p frontdesk-benches --bin chunking -- --data DIR --pages DIR --python PYTHON`
//!
//! DIR are folders as `fuzz_chunking` takes them, PYTHON an interpreter with langchain-text-splitters and chonkie. Each figure is
//! the median of alternating runs on one thread. Texts are real: passages of a collection one after the other, and the text of each
//! page on its own. At least 10 MB of each kind need the pages of postgresql-doc-15, debian-handbook, libreoffice-help-zh-cn, -zh-tw and -ja.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use frontdesk::chunking::{Format, Unit};
use frontdesk_benches::chunkers::{self, Chunker};
use frontdesk_benches::corpus::{self, json_lines};

/// Measures chunking.
#[derive(Parser)]
struct Options {
    /// Folder of collections.
    #[arg(long)]
    data: PathBuf,
    /// Folder of HTML pages, whose extracted text is the Markdown.
    #[arg(long)]
    pages: Option<PathBuf>,
    /// Python with langchain-text-splitters and chonkie.
    #[arg(long)]
    python: Option<PathBuf>,
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Most megabytes of each kind of text.
    #[arg(long, default_value_t = 12.0)]
    megabytes: f64,
    /// Only this kind of text: english, cjk or markdown.
    #[arg(long)]
    kind: Option<String>,
    /// Only chunks a text of so many megabytes and prints the most memory it took.
    #[arg(long)]
    memory: Option<usize>,
    /// Only measures how time grows, from 1 kB to 100 MB.
    #[arg(long)]
    growth: bool,
    /// Only writes where the chunks of the evaluation's documents are, as a JSON object per line.
    #[arg(long)]
    spans: Option<PathBuf>,
}

/// Largest chunks, in characters and in tokens.
const CHARACTERS: [usize; 3] = [512, 1_024, 2_048];
const TOKENS: [usize; 4] = [300, 512, 1_024, 2_048];

/// For each size in characters a smaller one at which the chunks of the evaluation are as long on average as the shortest of the
/// others, chonkie's: shorter chunks fit the evidence better.
const OF_EQUAL_LENGTH: [usize; 3] = [440, 870, 1_800];

fn main() {
    let options = Options::parse();
    if let Some(megabytes) = options.memory {
        memory(&options, megabytes);
    } else if let Some(file) = &options.spans {
        spans(&options.data, file);
    } else if options.growth {
        growth(&options);
    } else {
        compare(&options);
    }
}

/// Texts of one kind.
struct Texts {
    name: &'static str,
    format: Format,
    documents: Vec<String>,
}

impl Texts {
    fn bytes(&self) -> usize {
        self.documents.iter().map(String::len).sum()
    }

    fn joined(&self) -> String {
        self.documents.join("\n\n")
    }

    /// The first documents, up to so many bytes.
    fn limited(mut self, bytes: usize) -> Self {
        let mut left = bytes;
        self.documents.retain_mut(|text| {
            text.truncate(text.floor_char_boundary(left));
            left -= text.len();
            !text.is_empty()
        });
        self
    }
}

fn texts(options: &Options) -> Vec<Texts> {
    let passages = |collection: &str| -> String {
        let rows = json_lines(&options.data.join(collection).join("corpus.jsonl.gz"));
        let texts = rows.iter().filter_map(|row| row["text"].as_str());
        texts.collect::<Vec<_>>().join("\n\n")
    };
    let all = |collections: &[&str]| collections.iter().map(|it| passages(it)).collect();
    let (cjk, markdown): (Vec<_>, Vec<_>) = pages(options).into_iter().partition(|it| is_cjk(it));
    let mut cjk_and_passages: Vec<String> = all(&["cmrc2018-zh", "xquad/zh"]);
    cjk_and_passages.extend(cjk);
    let kinds = [
        (
            "english",
            Format::Text,
            all(&["scifact", "xquad/en", "vespa-docs", "dstc11-track5"]),
        ),
        ("cjk", Format::Text, cjk_and_passages),
        ("markdown", Format::Markdown, markdown),
    ];
    let most = (options.megabytes * 1e6) as usize;
    kinds
        .into_iter()
        .filter(|(name, ..)| options.kind.as_deref().is_none_or(|kind| kind == *name))
        .map(|(name, format, documents)| {
            let texts = Texts {
                name,
                format,
                documents,
            };
            texts.limited(most)
        })
        .collect()
}

/// The Markdown of every page.
fn pages(options: &Options) -> Vec<String> {
    let mut pages: Vec<_> = corpus::collections(&options.data.join("vespa-docs"));
    pages.retain(|page| page.is_html || page.text.contains("```"));
    let folders = options.pages.iter();
    pages.extend(folders.flat_map(|folder| corpus::html_pages(folder)));
    let markdown = pages.into_iter().map(|page| {
        if page.is_html {
            frontdesk::html::extract(&page.text).content
        } else {
            page.text
        }
    });
    markdown.filter(|text| !text.is_empty()).collect()
}

/// Whether a fifth of a text or more is Han or Kana.
fn is_cjk(text: &str) -> bool {
    let is_cjk = |it: &char| matches!(it, '\u{3041}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}');
    text.chars().filter(is_cjk).count() * 5 >= text.chars().count()
}

fn compare(options: &Options) {
    println!("MB/s, and how many times as fast frontdesk is");
    for text in &texts(options) {
        println!(
            "{}: {:.1} MB, {} texts",
            text.name,
            text.bytes() as f64 / 1e6,
            text.documents.len()
        );
        for (unit, sizes) in [
            (Unit::Characters, &CHARACTERS[..]),
            (Unit::Tokens, &TOKENS[..]),
        ] {
            for size in sizes {
                compare_at(options, text, unit, *size);
            }
        }
    }
}

fn compare_at(options: &Options, text: &Texts, unit: Unit, size: usize) {
    let chunkers = chunkers::all(text.format, unit, size);
    let mut times = vec![Vec::new(); chunkers.len()];
    let mut counts = vec![0; chunkers.len()];
    for _ in 0..options.runs {
        for (n, chunker) in chunkers.iter().enumerate() {
            let started = Instant::now();
            counts[n] = text.documents.iter().map(|it| chunker.count(it)).sum();
            times[n].push(started.elapsed().as_secs_f64());
        }
    }
    let mut rows: Vec<(String, f64, usize)> = Vec::new();
    for ((chunker, times), count) in chunkers.iter().zip(times).zip(counts) {
        rows.push((
            chunker.name().to_owned(),
            megabytes_per_second(text.bytes(), times),
            count,
        ));
    }
    if unit == Unit::Characters {
        rows.extend(python(options, text, size));
    }
    let own = rows[0].1;
    for (name, speed, count) in rows {
        println!(
            "{:9} {size:5} {unit:10} {name:28} {speed:8.2} MB/s {:7.1} x {count:8} chunks",
            text.name,
            own / speed
        );
    }
}

fn megabytes_per_second(bytes: usize, mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    bytes as f64 / 1e6 / times[times.len() / 2]
}

/// The same text through the Python libraries, which time themselves: name, seconds and number of chunks per line.
fn python(options: &Options, text: &Texts, size: usize) -> Vec<(String, f64, usize)> {
    let Some(python) = &options.python else {
        return Vec::new();
    };
    let file = std::env::temp_dir().join(format!("frontdesk-bench-{}.txt", std::process::id()));
    let lines = text.documents.iter().map(|it| serde_json::json!(it));
    let lines: Vec<String> = lines.map(|it| it.to_string()).collect();
    fs::write(&file, lines.join("\n")).expect("a temporary file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/chunkers.py");
    let format = if text.format == Format::Markdown {
        "markdown"
    } else {
        "text"
    };
    let output = Command::new(python)
        .arg(script)
        .args([&file, Path::new(format), Path::new(&size.to_string())])
        .output()
        .expect("python runs");
    let _ = fs::remove_file(&file);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let rows = lines.lines().filter_map(|line| {
        let [name, seconds, count] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        let speed = megabytes_per_second(text.bytes(), vec![seconds.parse().ok()?]);
        Some((name.to_owned(), speed, count.parse().ok()?))
    });
    rows.collect()
}

/// `bytes` bytes of a text, repeated if need be.
fn sized(text: &str, bytes: usize) -> String {
    let mut whole = text.repeat(bytes.div_ceil(text.len()));
    whole.truncate(whole.floor_char_boundary(bytes));
    whole
}

fn growth(options: &Options) {
    println!("seconds per MB, for texts of");
    let sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    for text in texts(options) {
        let joined = text.joined();
        for (unit, size) in [(Unit::Characters, 1_024), (Unit::Tokens, 300)] {
            print!("{:9} {unit:10}", text.name);
            for bytes in sizes {
                let part = sized(&joined, bytes);
                let chunker = chunkers::own(text.format, unit, size);
                // A text that is over in microseconds is measured many times.
                let repeats = (10_000_000 / bytes).max(1);
                chunker.count(&part);
                let started = Instant::now();
                for _ in 0..repeats {
                    chunker.count(&part);
                }
                let seconds = started.elapsed().as_secs_f64() / repeats as f64;
                print!("  {} B: {:.5}", bytes, seconds / (bytes as f64 / 1e6));
            }
            println!();
        }
    }
}

fn memory(options: &Options, megabytes: usize) {
    let peak = || -> f64 {
        let status = fs::read_to_string("/proc/self/status").expect("Linux");
        let line = status
            .lines()
            .find(|it| it.starts_with("VmHWM"))
            .expect("VmHWM");
        let kilobytes = line
            .split_whitespace()
            .nth(1)
            .and_then(|it| it.parse::<f64>().ok());
        kilobytes.expect("a number") / 1e3
    };
    let file = std::env::temp_dir().join(format!("frontdesk-bench-{}.txt", std::process::id()));
    for (name, unit, size) in [
        ("characters", Unit::Characters, 1_024),
        ("tokens", Unit::Tokens, 300),
    ] {
        let markdown = texts(options).pop().expect("a kind of text");
        let text = sized(&markdown.joined(), megabytes * 1_000_000);
        fs::write(&file, &text).expect("a temporary file");
        drop((markdown, text));
        // Forgets the peak so far, so that only what follows is seen.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let text = fs::read_to_string(&file).expect("the file");
        let before = peak();
        let chunks = chunkers::own(Format::Markdown, unit, size).all(&text);
        println!(
            "{megabytes} MB of Markdown, {name}: {} chunks; peak {:.1} MB with the text, {:.1} MB before: {:.2} x the text",
            chunks,
            peak(),
            before,
            1.0 + (peak() - before) / megabytes as f64
        );
    }
    let _ = fs::remove_file(&file);
}

/// Where the chunks of each document of the evaluation are, cut by each chunker that is a Rust crate.
fn spans(data: &Path, file: &Path) {
    let mut out = fs::File::create(file).expect("a file");
    for row in json_lines(&data.join("chunking-eval/documents.jsonl.gz")) {
        let (id, text) = (
            row["_id"].as_str().expect("an id"),
            row["text"].as_str().expect("text"),
        );
        for (size, shorter) in CHARACTERS.into_iter().zip(OF_EQUAL_LENGTH) {
            let mut chunkers: Vec<_> = chunkers::all(Format::Text, Unit::Characters, size)
                .into_iter()
                .map(|it| (it.name().to_owned(), it))
                .collect();
            let own = chunkers::own(Format::Text, Unit::Characters, shorter);
            chunkers.push((format!("frontdesk, {shorter}"), Box::new(own)));
            for (name, chunker) in chunkers {
                let spans = chunker.spans(text);
                let line =
                    serde_json::json!({"chunker": name, "size": size, "doc": id, "spans": spans});
                writeln!(out, "{line}").expect("written");
            }
        }
    }
}
