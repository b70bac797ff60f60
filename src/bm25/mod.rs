//! Ranking by BM25F over Postgres' `tsvector`.
//!
//! The formula is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, 3.6: the
//! simple extension to weighted fields): frequencies and lengths are weighted sums over the fields, and only then saturate.
//! The inverse document frequency is Lucene's, ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.
//!
//! A tenant's documents and nothing else decide its statistics, so no other tenant can change or learn a score.

pub mod best;
pub mod document;
pub mod index;
pub mod postings;
pub mod question;
pub mod segment;
pub mod syntax;
pub mod tsvector;
pub mod typo;

/// A field of a document: a weight of `tsvector`, A first.
pub type Field = usize;

/// How many fields there are: the weights A (title), B (headings), C and D (body).
pub const FIELDS: usize = 4;

/// The field of the text itself: weight D.
pub const BODY: Field = 3;

/// What an operator may set about the formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// How slowly further occurrences stop to count.
    pub k1: f64,
    /// How much a document longer than the average is marked down, 0 to 1.
    pub b: f64,
    /// How much an occurrence in each field counts.
    pub weights: [f64; FIELDS],
}

/// What a tenant's documents have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How many documents there are.
    pub documents: u64,
    /// How many words all of them have together, by field.
    pub lengths: [u64; FIELDS],
}

impl Statistics {
    /// Lengths by field, as a table has them.
    #[must_use]
    pub fn stored(lengths: &[i64]) -> [u64; FIELDS] {
        let mut totals = [0; FIELDS];
        for (total, &length) in totals.iter_mut().zip(lengths) {
            *total = u64::try_from(length).unwrap_or(0);
        }
        totals
    }

    /// Counts one document in.
    pub fn add(&mut self, lengths: [u16; FIELDS]) {
        self.documents += 1;
        for (total, length) in self.lengths.iter_mut().zip(lengths) {
            *total += u64::from(length);
        }
    }

    /// Takes one document out again.
    pub fn remove(&mut self, lengths: [u16; FIELDS]) {
        self.documents = self.documents.saturating_sub(1);
        for (total, length) in self.lengths.iter_mut().zip(lengths) {
            *total = total.saturating_sub(u64::from(length));
        }
    }
}

/// The formula, with everything filled in that holds for all documents of a tenant.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    weights: [f64; FIELDS],
    /// k1 + 1: what a word that stands in a document without end tends to.
    ceiling: f64,
    /// k1 (1 - b).
    base: f64,
    /// k1 b / the average length.
    slope: f64,
    documents: f64,
}

impl Formula {
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn new(parameters: &Parameters, statistics: &Statistics) -> Self {
        let Parameters { k1, b, weights } = *parameters;
        let documents = statistics.documents as f64;
        let total: f64 = (weights.iter().zip(statistics.lengths))
            .map(|(weight, length)| weight * length as f64)
            .sum();
        Self {
            weights,
            ceiling: k1 + 1.0,
            base: k1 * (1.0 - b),
            slope: if total > 0.0 {
                k1 * b * documents / total
            } else {
                0.0
            },
            documents,
        }
    }

    /// How telling a word is that stands in so many documents.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn idf(&self, document_frequency: u64) -> f64 {
        let df = (document_frequency as f64).min(self.documents);
        ((self.documents - df + 0.5) / (df + 0.5)).ln_1p()
    }

    /// The weighted sum of a number per field.
    #[must_use]
    pub fn weighted(&self, counts: [u16; FIELDS]) -> f64 {
        (self.weights.iter().zip(counts))
            .map(|(weight, count)| weight * f64::from(count))
            .sum()
    }

    /// What the length of a document adds to the frequency in the denominator.
    #[must_use]
    pub fn norm(&self, lengths: [u16; FIELDS]) -> f64 {
        self.base + self.slope * self.weighted(lengths)
    }

    /// How much of a word's idf a document gets in which it stands with this weighted frequency: 0 to k1 + 1.
    #[must_use]
    pub fn saturation(&self, frequency: f64, norm: f64) -> f64 {
        if frequency > 0.0 {
            self.ceiling * frequency / (frequency + norm)
        } else {
            0.0
        }
    }

    /// The most that `saturation` can be.
    #[must_use]
    pub fn ceiling(&self) -> f64 {
        self.ceiling
    }
}

#[cfg(test)]
mod tests;
