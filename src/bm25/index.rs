//! Answers a question from a tenant's segments: first how many documents have each pattern, then their scores.
//!
//! Scores are summed a concept at a time into an array with a number per document. Its order of additions is that of
//! [`super::document::score`], so both give the same bits.

use std::collections::HashMap;

use super::document::{Idfs, scored_patterns};
use super::postings::{Frequencies, List};
use super::question::{Concept, Pattern, Question};
use super::segment::{Dead, lengths_of};
use super::{FIELDS, Formula};

/// What has been read of a segment for a question.
pub struct Segment<'a> {
    /// How many documents it has, dead ones too.
    pub documents: u32,
    pub lengths: &'a [u8],
    pub dead: &'a Dead,
    /// The postings of every lexeme that the question names, and of those that its beginnings stand for.
    pub lists: HashMap<&'a [u8], List<'a>>,
}

/// Documents of a segment that have a pattern, in order.
enum Found<'a> {
    List(List<'a>),
    Computed(Vec<(u32, Frequencies)>),
}

impl Found<'_> {
    fn each(&self, mut take: impl FnMut(u32, Frequencies)) {
        match self {
            Self::List(list) => {
                for (document, frequencies) in list.iter() {
                    take(document, frequencies);
                }
            }
            Self::Computed(found) => {
                for &(document, frequencies) in found {
                    take(document, frequencies);
                }
            }
        }
    }

    fn count_living(&self, dead: &Dead) -> u64 {
        if dead.is_empty() {
            return match self {
                Self::List(list) => u64::from(list.count),
                Self::Computed(found) => found.len() as u64,
            };
        }
        let mut count = 0;
        self.each(|document, _| count += u64::from(!dead.contains(document)));
        count
    }
}

/// A question in the middle of being answered by one segment.
pub struct Matches<'a> {
    segment: &'a Segment<'a>,
    found: HashMap<&'a Pattern, Found<'a>>,
}

impl<'a> Matches<'a> {
    /// Looks every pattern of a question up.
    #[must_use]
    pub fn new(segment: &'a Segment<'a>, question: &'a Question) -> Self {
        let filters = question.required.iter().chain(&question.excluded);
        let found = scored_patterns(question)
            .into_iter()
            .chain(filters)
            .map(|pattern| (pattern, segment.find(pattern)))
            .collect();
        Self { segment, found }
    }

    /// How many living documents have a pattern.
    #[must_use]
    pub fn document_frequency(&self, pattern: &Pattern) -> u64 {
        self.found
            .get(pattern)
            .map_or(0, |found| found.count_living(self.segment.dead))
    }

    /// The score of every document, by number; 0 for one that the question does not find.
    #[must_use]
    pub fn scores(&self, question: &Question, idfs: &Idfs, formula: &Formula) -> Vec<f64> {
        let documents = self.segment.documents as usize;
        let mut scores = vec![0.0; documents];
        let mut concept_scores = Vec::new();
        for concept in &question.concepts {
            match concept.literal.as_slice() {
                [] if concept.alternatives.is_empty() => {}
                [pattern] if concept.alternatives.is_empty() => {
                    let idf = idfs.get(pattern).copied().unwrap_or(0.0);
                    self.each_saturation(pattern, formula, |document, saturation| {
                        if let Some(score) = scores.get_mut(document) {
                            *score += idf * saturation;
                        }
                    });
                }
                _ => {
                    concept_scores.clear();
                    concept_scores.resize(documents, 0.0);
                    self.score_concept(concept, idfs, formula, &mut concept_scores);
                    for (score, more) in scores.iter_mut().zip(&concept_scores) {
                        *score += more;
                    }
                }
            }
        }
        self.filter(question, &mut scores);
        scores
    }

    /// As [`super::document::concept_score`], for all documents at once.
    fn score_concept(&self, concept: &Concept, idfs: &Idfs, formula: &Formula, scores: &mut [f64]) {
        let idf = |pattern: &Pattern| idfs.get(pattern).copied().unwrap_or(0.0);
        let mut literal_idf = 0.0;
        for pattern in &concept.literal {
            let idf = idf(pattern);
            literal_idf += idf;
            self.each_saturation(pattern, formula, |document, saturation| {
                if let Some(score) = scores.get_mut(document) {
                    *score += idf * saturation;
                }
            });
        }
        for other in &concept.alternatives {
            let weight = other.weight * idf(&other.pattern).min(literal_idf);
            self.each_saturation(&other.pattern, formula, |document, saturation| {
                if let Some(score) = scores.get_mut(document) {
                    *score = score.max(weight * saturation);
                }
            });
        }
    }

    fn each_saturation(
        &self,
        pattern: &Pattern,
        formula: &Formula,
        mut take: impl FnMut(usize, f64),
    ) {
        let Some(found) = self.found.get(pattern) else {
            return;
        };
        found.each(|document, frequencies| {
            let norm = formula.norm(lengths_of(self.segment.lengths, document));
            let saturation = formula.saturation(formula.weighted(frequencies), norm);
            take(document as usize, saturation);
        });
    }

    /// Takes out what is dead, excluded, or lacks something required.
    fn filter(&self, question: &Question, scores: &mut [f64]) {
        for pattern in &question.excluded {
            self.each_of(pattern, |document| {
                if let Some(score) = scores.get_mut(document) {
                    *score = 0.0;
                }
            });
        }
        for pattern in &question.required {
            let mut has = vec![false; scores.len()];
            self.each_of(pattern, |document| {
                if let Some(has) = has.get_mut(document) {
                    *has = true;
                }
            });
            for (score, has) in scores.iter_mut().zip(has) {
                if !has {
                    *score = 0.0;
                }
            }
        }
        if !self.segment.dead.is_empty() {
            for (document, score) in (0..).zip(scores.iter_mut()) {
                if *score > 0.0 && self.segment.dead.contains(document) {
                    *score = 0.0;
                }
            }
        }
    }

    fn each_of(&self, pattern: &Pattern, mut take: impl FnMut(usize)) {
        if let Some(found) = self.found.get(pattern) {
            found.each(|document, _| take(document as usize));
        }
    }
}

impl<'a> Segment<'a> {
    fn find(&'a self, pattern: &'a Pattern) -> Found<'a> {
        match pattern {
            Pattern::Word(lexeme) => Found::List(self.list(lexeme)),
            Pattern::Prefix(prefix) => Found::Computed(self.with_prefix(prefix)),
            Pattern::Phrase(lexemes) => Found::Computed(self.with_phrase(lexemes)),
        }
    }

    fn list(&self, lexeme: &[u8]) -> List<'a> {
        self.lists.get(lexeme).copied().unwrap_or_default()
    }

    fn with_prefix(&self, prefix: &[u8]) -> Vec<(u32, Frequencies)> {
        let mut found: Vec<(u32, Frequencies)> = self
            .lists
            .iter()
            .filter(|(lexeme, _)| lexeme.starts_with(prefix))
            .flat_map(|(_, list)| list.iter())
            .collect();
        found.sort_unstable_by_key(|(document, _)| *document);
        found.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 = super::tsvector::add(kept.1, next.1);
            }
            is_same
        });
        found
    }

    /// Documents that have the lexemes at these distances. The rarest lexeme says which come into question.
    fn with_phrase(&self, lexemes: &[(Vec<u8>, u16)]) -> Vec<(u32, Frequencies)> {
        let lists: Vec<List> = lexemes
            .iter()
            .map(|(lexeme, _)| self.list(lexeme))
            .collect();
        let Some(rarest) = lists.iter().min_by_key(|list| list.count) else {
            return Vec::new();
        };
        // The positions of every lexeme in each of these documents, as far as all have been seen there.
        let mut places: HashMap<u32, Vec<Vec<u16>>> = rarest
            .iter()
            .map(|(document, _)| (document, Vec::with_capacity(lists.len())))
            .collect();
        for (index, list) in lists.iter().enumerate() {
            list.each_with_positions(|document, _, positions| {
                if let Some(seen) = places.get_mut(&document)
                    && seen.len() == index
                {
                    seen.push(positions.to_vec());
                }
            });
        }
        let mut found: Vec<(u32, Frequencies)> = places
            .into_iter()
            .filter(|(_, seen)| seen.len() == lists.len())
            .map(|(document, seen)| (document, occurrences(lexemes, &seen)))
            .filter(|(_, count)| *count > 0)
            .map(|(document, count)| {
                let mut frequencies = [0; FIELDS];
                frequencies[super::BODY] = count;
                (document, frequencies)
            })
            .collect();
        found.sort_unstable_by_key(|(document, _)| *document);
        found
    }
}

/// At how many places of a document a phrase begins.
fn occurrences(lexemes: &[(Vec<u8>, u16)], places: &[Vec<u16>]) -> u16 {
    let Some((first, others)) = places.split_first() else {
        return 0;
    };
    let begins_at = |position: u16| {
        others
            .iter()
            .zip(&lexemes[1..])
            .all(|(places, (_, distance))| {
                position
                    .checked_add(*distance)
                    .is_some_and(|wanted| places.contains(&wanted))
            })
    };
    let count = first.iter().filter(|&&position| begins_at(position));
    u16::try_from(count.count()).unwrap_or(u16::MAX)
}

/// The numbers of the `count` highest scores and of all that equal the last of them. Scores of 0 do not count.
#[must_use]
pub fn highest(scores: &[f32], count: usize) -> Vec<u32> {
    let mut best: Vec<f32> = scores
        .iter()
        .copied()
        .filter(|&score| score > 0.0)
        .collect();
    if count == 0 || best.is_empty() {
        return Vec::new();
    }
    let least = if best.len() > count {
        *best
            .select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a))
            .1
    } else {
        f32::MIN_POSITIVE
    };
    (0..)
        .zip(scores)
        .filter(|&(_, &score)| score >= least && score > 0.0)
        .map(|(document, _)| document)
        .collect()
}
