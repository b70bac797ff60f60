use std::collections::{BTreeMap, BTreeSet};

use unicode_properties::UnicodeGeneralCategory;

use super::{Input, Origin};

/// Broken promises that are printed; all are counted.
const MOST_SHOWN: usize = 20;

/// What was checked and what was found.
#[derive(Default)]
pub struct Report {
    sizes: Vec<usize>,
    mutated: usize,
    pages: BTreeSet<usize>,
    categories: BTreeSet<String>,
    looked_at: BTreeMap<&'static str, usize>,
    broken: BTreeMap<u64, String>,
}

impl Report {
    pub fn add(&mut self, input: &Input, outcome: Result<&'static str, String>) {
        self.sizes.push(input.text.len());
        self.mutated += usize::from(input.origin == Origin::MutatedPage);
        self.pages.extend(input.page);
        // After so many inputs every category has been met, or never will be.
        const COUNTED: usize = 2_000;
        if self.sizes.len() < COUNTED {
            let names = input
                .text
                .chars()
                .map(|it| format!("{:?}", it.general_category()));
            self.categories.extend(names);
        }
        match outcome {
            Ok(what) => *self.looked_at.entry(what).or_default() += 1,
            Err(message) => {
                self.broken.insert(input.number, message);
            }
        }
    }

    pub fn with(mut self, other: Self) -> Self {
        self.sizes.extend(other.sizes);
        self.mutated += other.mutated;
        self.pages.extend(other.pages);
        self.categories.extend(other.categories);
        for (what, count) in other.looked_at {
            *self.looked_at.entry(what).or_default() += count;
        }
        self.broken.extend(other.broken);
        self
    }

    /// Prints the report; returns whether nothing is broken.
    pub fn print(mut self, seed: u64) -> bool {
        self.sizes.sort_unstable();
        let median = self
            .sizes
            .get(self.sizes.len() / 2)
            .copied()
            .unwrap_or_default();
        println!(
            "seed {seed}: {} inputs, {} of them mutated pages ({} different ones), median {median} bytes, longest {}, {:.2} GB in \
             all, {} categories of Unicode; {} broken",
            self.sizes.len(),
            self.mutated,
            self.pages.len(),
            self.sizes.last().copied().unwrap_or_default(),
            self.sizes.iter().sum::<usize>() as f64 / 1e9,
            self.categories.len(),
            self.broken.len(),
        );
        for (what, count) in &self.looked_at {
            println!("  {what}: {count}");
        }
        for (number, message) in self.broken.iter().take(MOST_SHOWN) {
            let line: String = message.chars().take(300).collect();
            println!("  --seed {seed} --only {number}: {line}");
        }
        self.broken.is_empty()
    }
}
