//! Writes a general list of English synonyms from WordNet (Debian's package wordnet-base) as a synonyms.txt: the most frequent
//! words and phrases, each with the other names of its most frequent sense.
//!
//! `cargo run --release -p frontdesk-benches --bin wordnet_synonyms -- /usr/share/wordnet > wordnet.txt`

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

const PARTS_OF_SPEECH: [&str; 4] = ["noun", "verb", "adj", "adv"];

/// Writes synonyms from WordNet.
#[derive(Parser)]
struct Options {
    /// The folder with index.noun, data.noun and so on.
    folder: PathBuf,
    /// How many terms, the most frequent first.
    #[arg(long, default_value_t = 10_000)]
    terms: usize,
}

fn main() {
    let options = Options::parse();
    let frequencies = frequencies(&options.folder);
    let mut terms: BTreeMap<String, (u32, Vec<String>)> = BTreeMap::new();
    for part in PARTS_OF_SPEECH {
        let names = names_of_senses(&options.folder, part);
        for (lemma, sense) in first_senses(&options.folder, part) {
            let term = plain(&lemma);
            let others = names.get(&sense).into_iter().flatten();
            let others: Vec<String> = others.filter(|name| **name != term).cloned().collect();
            let frequency = frequencies.get(&(lemma, part)).copied().unwrap_or_default();
            let entry = terms.entry(term).or_default();
            if !others.is_empty() && (entry.1.is_empty() || frequency > entry.0) {
                *entry = (frequency, others);
            }
        }
    }
    let mut terms: Vec<_> = terms
        .into_iter()
        .filter(|term| !term.1.1.is_empty())
        .collect();
    terms.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    for (term, (_, synonyms)) in terms.into_iter().take(options.terms) {
        println!(
            "{} => {}",
            escaped(&term),
            synonyms
                .iter()
                .map(|name| escaped(name))
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
}

fn read(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("read {}: {error}", path.display()))
}

/// How often the first sense of each lemma was counted, by lemma and part of speech.
fn frequencies(folder: &Path) -> HashMap<(String, &'static str), u32> {
    let counts = read(folder, "cntlist.rev");
    let mut frequencies = HashMap::new();
    for line in counts.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let [key, "1", count] = fields[..] else {
            continue;
        };
        let Some((lemma, sense)) = key.split_once('%') else {
            continue;
        };
        let part = match sense.as_bytes().first() {
            Some(b'1') => "noun",
            Some(b'2') => "verb",
            Some(b'4') => "adv",
            _ => "adj",
        };
        frequencies.insert((lemma.to_owned(), part), count.parse().unwrap_or(0));
    }
    frequencies
}

/// Each lemma with the place of its most frequent sense.
fn first_senses(folder: &Path, part: &str) -> Vec<(String, String)> {
    read(folder, &format!("index.{part}"))
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let pointers: usize = fields.get(3)?.parse().ok()?;
            Some((
                fields[0].to_owned(),
                (*fields.get(6 + pointers)?).to_owned(),
            ))
        })
        .collect()
}

/// The names of each sense by its place.
fn names_of_senses(folder: &Path, part: &str) -> HashMap<String, Vec<String>> {
    read(folder, &format!("data.{part}"))
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let words = usize::from_str_radix(fields.get(3)?, 16).ok()?;
            let names = (0..words).filter_map(|word| fields.get(4 + 2 * word));
            Some((
                fields[0].to_owned(),
                names.map(|name| plain(name)).collect(),
            ))
        })
        .collect()
}

/// A lemma as people write it: `attorney_general(a)` is `attorney general`.
fn plain(lemma: &str) -> String {
    let lemma = lemma.split('(').next().unwrap_or(lemma);
    lemma.replace('_', " ").to_lowercase()
}

fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace(',', "\\,")
}
