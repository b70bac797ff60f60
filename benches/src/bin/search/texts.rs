//! Pages: the HTML files below a folder, or made-up ones.

use std::fs;
use std::iter;
use std::path::Path;

use walkdir::WalkDir;

/// A page below or above this has no text of its own, or is an index of others.
const PAGE_BYTES: std::ops::Range<u64> = 4_000..400_000;

/// Words of made-up pages.
const WORDS: usize = 5_000;
/// Words of one such page.
const PAGE_WORDS: usize = 800;

/// Pages without end that say nothing, for whoever has none: some words in many, most in few.
pub fn made_up() -> impl Iterator<Item = String> {
    let mut random = fastrand::Rng::with_seed(1);
    iter::repeat_with(move || {
        let words = iter::repeat_with(|| {
            let rank = random.f64().powi(3) * WORDS as f64;
            // Digits as letters: a number is no word.
            let letters = format!("{rank:04.0}");
            letters
                .bytes()
                .map(|digit| char::from(digit + (b'k' - b'0')))
                .collect::<String>()
        });
        let words: Vec<String> = words.take(PAGE_WORDS).collect();
        format!("<title>{}</title><p>{}</p>", words[0], words.join(" "))
    })
}

/// The pages below `folder` in a random order that is the same every time.
pub fn pages(folder: &Path) -> impl Iterator<Item = String> {
    let mut paths: Vec<_> = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "html"))
        .filter(|entry| {
            entry
                .metadata()
                .is_ok_and(|m| m.is_file() && PAGE_BYTES.contains(&m.len()))
        })
        .map(walkdir::DirEntry::into_path)
        .collect();
    assert!(
        !paths.is_empty(),
        "no HTML pages below {}",
        folder.display()
    );
    fastrand::Rng::with_seed(1).shuffle(&mut paths);
    paths
        .into_iter()
        .filter_map(|path| fs::read(path).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', ""))
}
