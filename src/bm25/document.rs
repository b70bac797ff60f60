//! Scores one document straight from its `tsvector`.

use std::collections::BTreeMap;

use super::question::{Concept, Pattern, Question};
use super::tsvector::{Entry, TsVector};
use super::{BODY, FIELDS, Formula};

/// How telling each pattern of a question is among a tenant's documents.
pub type Idfs = BTreeMap<Pattern, f64>;

/// The patterns of a question that documents are scored by, each once.
#[must_use]
pub fn scored_patterns(question: &Question) -> Vec<&Pattern> {
    let mut patterns: Vec<&Pattern> = question
        .concepts
        .iter()
        .flat_map(Concept::patterns)
        .collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

/// How often a pattern stands in each field of a document; all zero where it does not.
#[must_use]
pub fn frequencies(pattern: &Pattern, document: &TsVector) -> [u16; FIELDS] {
    match pattern {
        Pattern::Word(lexeme) => document
            .get(lexeme)
            .map_or([0; FIELDS], |entry| entry.frequencies()),
        Pattern::Prefix(prefix) => document
            .with_prefix(prefix)
            .fold([0; FIELDS], |sum, entry| {
                super::tsvector::add(sum, entry.frequencies())
            }),
        Pattern::Phrase(lexemes) => phrase_frequencies(lexemes, document),
    }
}

/// Whether a document has a pattern.
#[must_use]
pub fn has(pattern: &Pattern, document: &TsVector) -> bool {
    frequencies(pattern, document) != [0; FIELDS]
}

/// A phrase counts as words of the body, wherever it stands.
fn phrase_frequencies(lexemes: &[(Vec<u8>, u16)], document: &TsVector) -> [u16; FIELDS] {
    let entries: Option<Vec<(Entry, u16)>> = lexemes
        .iter()
        .map(|(lexeme, distance)| Some((document.get(lexeme)?, *distance)))
        .collect();
    let mut frequencies = [0_u16; FIELDS];
    if let Some([(first, _), others @ ..]) = entries.as_deref() {
        for (position, _) in first.positions() {
            let is_there = |(entry, distance): &(Entry, u16)| {
                let wanted = u32::from(position) + u32::from(*distance);
                entry
                    .positions()
                    .any(|(place, _)| u32::from(place) == wanted)
            };
            if others.iter().all(is_there) {
                frequencies[BODY] = frequencies[BODY].saturating_add(1);
            }
        }
    }
    frequencies
}

/// Whether a document has what it must not have, or lacks what it must have.
#[must_use]
pub fn is_excluded(question: &Question, document: &TsVector) -> bool {
    let has = |pattern: &Pattern| has(pattern, document);
    question.excluded.iter().any(has) || !question.required.iter().all(has)
}

/// A concept of a question, by its number, and what it adds to the score of a document.
pub type Part = (usize, f64);

/// What each concept adds to the score of a document, those that add nothing left out.
#[must_use]
pub fn parts(
    question: &Question,
    idfs: &Idfs,
    formula: &Formula,
    document: &TsVector,
) -> Vec<Part> {
    let norm = formula.norm(document.lengths());
    let saturation = |pattern: &Pattern| {
        formula.saturation(formula.weighted(frequencies(pattern, document)), norm)
    };
    let concepts = question.concepts.iter().enumerate();
    concepts
        .map(|(number, concept)| (number, concept_score(concept, idfs, saturation)))
        .filter(|(_, score)| *score > 0.0)
        .collect()
}

/// The score of a document; `None` when the question does not find it.
#[must_use]
pub fn score(
    question: &Question,
    idfs: &Idfs,
    formula: &Formula,
    document: &TsVector,
) -> Option<f64> {
    if is_excluded(question, document) {
        return None;
    }
    let norm = formula.norm(document.lengths());
    let total = question
        .concepts
        .iter()
        .map(|concept| {
            concept_score(concept, idfs, |pattern| {
                formula.saturation(formula.weighted(frequencies(pattern, document)), norm)
            })
        })
        .sum();
    Some(total).filter(|&total: &f64| total > 0.0)
}

/// What a concept adds to a document's score: the literal words, or the best other name if that counts more. Another name
/// is no more telling than the literal, so that with a weight below 1 it stays behind it.
pub fn concept_score(concept: &Concept, idfs: &Idfs, saturation: impl Fn(&Pattern) -> f64) -> f64 {
    let idf = |pattern: &Pattern| idfs.get(pattern).copied().unwrap_or(0.0);
    let literal_idf: f64 = concept.literal.iter().map(idf).sum();
    let literal: f64 = concept
        .literal
        .iter()
        .map(|pattern| idf(pattern) * saturation(pattern))
        .sum();
    concept.alternatives.iter().fold(literal, |best, other| {
        let other_idf = idf(&other.pattern).min(literal_idf);
        best.max(other.weight * other_idf * saturation(&other.pattern))
    })
}
