//! The best documents of a tenant's segments, without a look at most others.
//!
//! Concepts are taken in turn, those that the fewest documents have first. What any document can get from a concept is
//! bounded by the highest frequency with which the concept stands in one. Once the bounds of all concepts to come add up to
//! less than what the last of the wanted documents has already, a document that has none of the concepts taken cannot be
//! among the wanted any more, nor can one that has less than the difference; the others are scored, and the lists of the
//! concepts to come are passed over but for them. (MaxScore: Turtle and Flood, "Query evaluation: strategies and
//! optimizations", Information Processing & Management 31, 1995.)
//!
//! The scores are those of [`super::document::score`], to the bit.

use super::document::{Idfs, concept_score};
use super::index::{Found, Hidden, Matches};
use super::question::{Concept, Pattern, Question};
use super::segment::{Lengths, PIECE};
use super::{FIELDS, Formula};

/// Sums in another order differ in their last bits, and scores are compared in single precision: a bound excludes a document
/// only when it is below by more than both can move.
const CERTAINLY: f64 = 1.0 - 1e-6;

/// Where a list has more than one document in so many, all lengths of the segment are read.
const SPARSE: usize = 16;

/// A document that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The place of its segment.
    pub segment: usize,
    pub document: u32,
    pub score: f32,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Best {
    /// The wanted documents and all that equal the last of them.
    pub hits: Vec<Hit>,
    /// Whether there are no others.
    pub is_all: bool,
    /// How many documents a list was read for, and for how many all concepts were looked up.
    pub seen: usize,
    pub scored: usize,
}

/// Pieces of lengths, each with the place of its segment.
pub type Pieces = Vec<(usize, u32)>;

/// A question with everything that its scores depend on.
pub struct Scorer<'a> {
    pub question: &'a Question,
    pub idfs: &'a Idfs,
    pub formula: &'a Formula,
    pub matches: &'a [Matches<'a>],
}

/// The documents of one segment that have a concept taken, with what they have from those.
struct Pool<'a> {
    hidden: Hidden<'a>,
    /// By number.
    sums: Vec<f64>,
    seen: Vec<u32>,
    highest: f64,
}

impl Pool<'_> {
    fn add(&mut self, document: u32, score: f64) {
        let Some(sum) = self.sums.get_mut(document as usize) else {
            return;
        };
        if score <= 0.0 {
            return;
        }
        if *sum == 0.0 {
            if self.hidden.contains(document) {
                return;
            }
            self.seen.push(document);
        }
        *sum += score;
        self.highest = self.highest.max(*sum);
    }

    fn sum(&self, document: u32) -> f64 {
        self.sums[document as usize]
    }
}

impl Scorer<'_> {
    /// The `wanted` best documents. `lengths` is that of each segment; `read` reads more of it.
    pub fn best<E>(
        &self,
        wanted: usize,
        lengths: &mut [Lengths],
        read: impl Fn(&Pieces) -> Result<Vec<(usize, u32, Vec<u8>)>, E>,
    ) -> Result<Best, E> {
        let mut pools: Vec<Pool> = (self.matches.iter())
            .map(|matches| Pool {
                hidden: matches.hidden(self.question),
                sums: vec![0.0; matches.documents() as usize],
                seen: Vec::new(),
                highest: 0.0,
            })
            .collect();
        let concepts = self.rarest_first();
        let mut rests = rests(&concepts).into_iter();
        for (concept, _) in &concepts {
            if is_decided(&pools, wanted, rests.as_slice()[0]) {
                break;
            }
            rests.next();
            let pieces = self.missing(concept, lengths);
            if !pieces.is_empty() {
                for (segment, piece, bytes) in read(&pieces)? {
                    lengths[segment].insert(piece, bytes);
                }
            }
            for (place, pool) in pools.iter_mut().enumerate() {
                self.add(concept, place, &lengths[place], pool);
            }
        }
        Ok(self.scored(&pools, wanted, rests.as_slice()[0], lengths))
    }

    /// Concepts that any document has, each with the most that one can get from it.
    fn rarest_first(&self) -> Vec<(&Concept, f64)> {
        let mut concepts: Vec<(usize, &Concept, f64)> = (self.question.concepts.iter())
            .map(|concept| (self.count(concept), concept, self.bound(concept)))
            .filter(|(count, ..)| *count > 0)
            .collect();
        concepts.sort_by_key(|(count, ..)| *count);
        let concepts = concepts.into_iter();
        concepts
            .map(|(_, concept, bound)| (concept, bound))
            .collect()
    }

    fn count(&self, concept: &Concept) -> usize {
        let found = (self.matches.iter()).flat_map(|matches| found(matches, concept));
        found.map(Found::count).sum()
    }

    fn bound(&self, concept: &Concept) -> f64 {
        concept_score(concept, self.idfs, |pattern| {
            let found = (self.matches.iter()).filter_map(|matches| matches.found(pattern));
            found.fold(0.0, |bound, found| {
                let most = found.most();
                // A document is at least as long, field by field, as the words that are counted in it; of a phrase they
                // count as the body's, wherever they stand.
                let least_lengths = match pattern {
                    Pattern::Phrase(_) => [0; FIELDS],
                    _ => most,
                };
                bound.max(self.saturation(most, least_lengths))
            })
        })
    }

    /// The pieces of lengths that the documents of a concept need.
    fn missing(&self, concept: &Concept, lengths: &[Lengths]) -> Pieces {
        let mut missing = Pieces::new();
        for (place, matches) in self.matches.iter().enumerate() {
            for found in found(matches, concept) {
                let pieces = if found.count() * SPARSE > matches.documents() as usize {
                    lengths[place].missing((0..matches.documents()).step_by(PIECE as usize))
                } else {
                    let mut documents = Vec::with_capacity(found.count());
                    found.each(|document, _| documents.push(document));
                    lengths[place].missing(documents.into_iter())
                };
                missing.extend(pieces.into_iter().map(|piece| (place, piece)));
            }
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Adds what the documents of a segment get from a concept.
    fn add(&self, concept: &Concept, place: usize, lengths: &Lengths, pool: &mut Pool) {
        if let ([pattern], []) = (concept.literal.as_slice(), concept.alternatives.as_slice()) {
            let idf = self.idf(pattern);
            if let Some(found) = self.matches[place].found(pattern) {
                found.each(|document, frequencies| {
                    pool.add(
                        document,
                        idf * self.saturation(frequencies, lengths.of(document)),
                    );
                });
            }
            return;
        }
        let mut documents = Vec::new();
        for found in found(&self.matches[place], concept) {
            found.each(|document, _| documents.push(document));
        }
        documents.sort_unstable();
        documents.dedup();
        let scores = self.concept_scores(concept, place, &documents, lengths);
        for (&document, score) in documents.iter().zip(scores) {
            pool.add(document, score);
        }
    }

    /// What each of these documents of a segment gets from a concept: [`concept_score`] for many at once.
    fn concept_scores(
        &self,
        concept: &Concept,
        place: usize,
        documents: &[u32],
        lengths: &Lengths,
    ) -> Vec<f64> {
        let mut scores = vec![0.0; documents.len()];
        let saturations = |pattern: &Pattern, take: &mut dyn FnMut(usize, f64)| {
            if let Some(found) = self.matches[place].found(pattern) {
                found.each_of(documents, |index, frequencies| {
                    take(
                        index,
                        self.saturation(frequencies, lengths.of(documents[index])),
                    );
                });
            }
        };
        let mut literal_idf = 0.0;
        for pattern in &concept.literal {
            let idf = self.idf(pattern);
            literal_idf += idf;
            saturations(pattern, &mut |index, saturation| {
                scores[index] += idf * saturation
            });
        }
        for other in &concept.alternatives {
            let weight = other.weight * self.idf(&other.pattern).min(literal_idf);
            saturations(&other.pattern, &mut |index, saturation| {
                scores[index] = scores[index].max(weight * saturation);
            });
        }
        scores
    }

    /// Scores the documents that can be among the wanted.
    fn scored(&self, pools: &[Pool], wanted: usize, rest: f64, lengths: &[Lengths]) -> Best {
        let least = last_of(pools, wanted).map_or(0.0, |least| least * CERTAINLY);
        let seen = pools.iter().map(|pool| pool.seen.len()).sum();
        let (mut hits, mut scored) = (Vec::new(), 0);
        for (place, pool) in pools.iter().enumerate() {
            let can_be = |document: &u32| pool.sum(*document) + rest >= least;
            let mut documents: Vec<u32> = pool.seen.iter().copied().filter(can_be).collect();
            documents.sort_unstable();
            scored += documents.len();
            let scores = self.scores(place, &documents, &lengths[place]);
            hits.extend(
                documents
                    .into_iter()
                    .zip(scores)
                    .map(|(document, score)| Hit {
                        segment: place,
                        document,
                        score,
                    }),
            );
        }
        keep_best(&mut hits, wanted);
        Best {
            is_all: rest == 0.0 && seen <= wanted,
            hits,
            seen,
            scored,
        }
    }

    /// The scores of these documents of a segment, which are in order; 0 without any word of the question.
    #[allow(clippy::cast_possible_truncation)]
    pub fn scores(&self, place: usize, documents: &[u32], lengths: &Lengths) -> Vec<f32> {
        let mut sums = vec![0.0; documents.len()];
        for concept in &self.question.concepts {
            let scores = self.concept_scores(concept, place, documents, lengths);
            for (sum, score) in sums.iter_mut().zip(scores) {
                *sum += score;
            }
        }
        sums.into_iter().map(|sum| sum as f32).collect()
    }

    fn idf(&self, pattern: &Pattern) -> f64 {
        self.idfs.get(pattern).copied().unwrap_or(0.0)
    }

    fn saturation(&self, frequencies: [u16; FIELDS], lengths: [u16; FIELDS]) -> f64 {
        let norm = self.formula.norm(lengths);
        self.formula
            .saturation(self.formula.weighted(frequencies), norm)
    }
}

/// The documents of a segment that have any pattern of a concept, pattern by pattern.
fn found<'m, 'a>(
    matches: &'m Matches<'a>,
    concept: &'m Concept,
) -> impl Iterator<Item = &'m Found<'a>> {
    concept
        .patterns()
        .filter_map(|pattern| matches.found(pattern))
}

/// The sums of the bounds from each concept on, and 0 after the last.
fn rests(concepts: &[(&Concept, f64)]) -> Vec<f64> {
    let mut rests = vec![0.0; concepts.len() + 1];
    for (place, (_, bound)) in concepts.iter().enumerate().rev() {
        rests[place] = rests[place + 1] + bound;
    }
    rests
}

/// Whether no document that has not been seen can be among the wanted.
fn is_decided(pools: &[Pool], wanted: usize, rest: f64) -> bool {
    // Cheap first: no document that has been seen has so much.
    pools.iter().any(|pool| pool.highest * CERTAINLY > rest)
        && last_of(pools, wanted).is_some_and(|least| least * CERTAINLY > rest)
}

/// What the last of the wanted documents has; `None` where there are fewer.
fn last_of(pools: &[Pool], wanted: usize) -> Option<f64> {
    let seen: usize = pools.iter().map(|pool| pool.seen.len()).sum();
    if wanted == 0 || seen < wanted {
        return None;
    }
    let sums = (pools.iter()).flat_map(|pool| pool.seen.iter().map(|&document| pool.sum(document)));
    let mut sums: Vec<f64> = sums.collect();
    Some(
        *sums
            .select_nth_unstable_by(wanted - 1, |a, b| b.total_cmp(a))
            .1,
    )
}

/// Leaves the wanted, and those that equal the last of them.
fn keep_best(hits: &mut Vec<Hit>, wanted: usize) {
    if hits.len() > wanted && wanted > 0 {
        let mut scores: Vec<f32> = hits.iter().map(|hit| hit.score).collect();
        let least = *scores
            .select_nth_unstable_by(wanted - 1, |a, b| b.total_cmp(a))
            .1;
        hits.retain(|hit| hit.score >= least);
    }
}
