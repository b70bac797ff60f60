//! One list from two: how scores of words and of vectors are brought to one scale and added.
//!
//! A convex combination of normalised scores finds more than adding reciprocal ranks, in and out of the domain that it was
//! tuned on: Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", ACM TOIS 42 (2023). Measured
//! here too: docs/decisions/13-scores-are-fused-not-ranks.md.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::Hash;

/// The constant of reciprocal rank fusion, `1 / (RANK_CONSTANT + rank)`: Cormack, Clarke and Büttcher, "Reciprocal rank
/// fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009.
const RANK_CONSTANT: f32 = 60.0;

/// Half the width of the range that distribution-based score fusion maps to 0..1, in standard deviations: all but one
/// score in four hundred of a normal distribution.
const DEVIATIONS: f32 = 3.0;

/// How scores become comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The lowest score that there can be is 0, the highest 1. No other candidate changes a document's score, so a weak
    /// best document of one leg does not count as much as a strong one.
    Absolute,
    /// The lowest score of the candidates is 0, the highest 1.
    MinMax,
    /// The lowest score that there can be is 0, the highest of the candidates 1.
    TheoreticalMinimum,
    /// Three standard deviations below the mean of the candidates is 0, three above it 1.
    ZScore,
    /// Ranks instead of scores.
    ReciprocalRank,
}

impl Method {
    pub const ALL: [Self; 5] = [
        Self::Absolute,
        Self::MinMax,
        Self::TheoreticalMinimum,
        Self::ZScore,
        Self::ReciprocalRank,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Absolute => "absolute",
            Self::MinMax => "min_max",
            Self::TheoreticalMinimum => "theoretical_min",
            Self::ZScore => "z_score",
            Self::ReciprocalRank => "rrf",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// A method and how much words count in it, 0 to 1; vectors count the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fusion {
    pub method: Method,
    pub text_weight: f32,
}

impl Default for Fusion {
    /// What was best on average over samples of tuning questions of four collections.
    fn default() -> Self {
        Self {
            method: Method::Absolute,
            text_weight: 0.65,
        }
    }
}

/// What one leg says of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// From 1, the best first; none when it is not among the leg's best.
    pub rank: Option<i32>,
    /// The leg's own score; none when the leg cannot tell.
    pub score: Option<f32>,
}

impl Standing {
    /// By score; one that the leg cannot tell is the least.
    fn compared(&self, other: &Self) -> Ordering {
        let score = |standing: &Self| standing.score.unwrap_or(f32::NEG_INFINITY);
        score(self).total_cmp(&score(other))
    }
}

/// A document that one of the legs has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate<Id> {
    pub id: Id,
    pub text: Standing,
    pub vector: Standing,
}

/// A candidate with its place in the fused list.
#[derive(Clone, Debug, PartialEq)]
pub struct Fused<Id> {
    pub candidate: Candidate<Id>,
    /// What was added up, each between 0 and 1 (reciprocal ranks: below 1/60); none for a leg that found nothing at all.
    pub text: Option<f32>,
    pub vector: Option<f32>,
    pub score: f32,
}

/// The documents of two ranked lists of `(id, score)`, each with the best first.
pub fn candidates<Id: Copy + Eq + Hash>(
    text: &[(Id, f32)],
    vector: &[(Id, f32)],
) -> Vec<Candidate<Id>> {
    let mut found: Vec<Candidate<Id>> = Vec::new();
    let mut places: HashMap<Id, usize> = HashMap::new();
    for (leg, is_text) in [(text, true), (vector, false)] {
        for (rank, &(id, score)) in (1..).zip(leg) {
            let place = *places.entry(id).or_insert(found.len());
            if place == found.len() {
                found.push(Candidate {
                    id,
                    text: Standing::default(),
                    vector: Standing::default(),
                });
            }
            let standing = Standing {
                rank: Some(rank),
                score: Some(score),
            };
            if is_text {
                found[place].text = standing;
            } else {
                found[place].vector = standing;
            }
        }
    }
    found
}

/// The candidates in their fused order. Equal scores are ordered by those of the legs, since on their scale all that are bad
/// enough are equal, and then by id, so that the same candidates always give the same order.
///
/// A leg that found nothing at all leaves the order to the other one. A document whose score a leg does not know (it has
/// no vector yet) gets the mean of those that it knows: it is neither helped nor hurt.
pub fn fuse<Id: Clone + Ord>(
    candidates: Vec<Candidate<Id>>,
    fusion: &Fusion,
    bounds: &Bounds,
) -> Vec<Fused<Id>> {
    let text = normalised(
        fusion.method,
        bounds.text,
        candidates.iter().map(|candidate| candidate.text),
    );
    let vector = normalised(
        fusion.method,
        bounds.vector,
        candidates.iter().map(|candidate| candidate.vector),
    );
    let weights = fusion.weights(!text.is_empty(), !vector.is_empty());
    let mut fused: Vec<Fused<Id>> = candidates
        .into_iter()
        .enumerate()
        .map(|(place, candidate)| {
            let (text, vector) = (text.get(place).copied(), vector.get(place).copied());
            let score = weights.0 * text.unwrap_or(0.0) + weights.1 * vector.unwrap_or(0.0);
            Fused {
                candidate,
                text,
                vector,
                score,
            }
        })
        .collect();
    fused.sort_by(|a, b| {
        (b.score.total_cmp(&a.score))
            .then_with(|| b.candidate.vector.compared(&a.candidate.vector))
            .then_with(|| b.candidate.text.compared(&a.candidate.text))
            .then_with(|| a.candidate.id.cmp(&b.candidate.id))
    });
    fused
}

/// The scores between which a leg's are for one question: lowest and highest.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub text: (f32, f32),
    pub vector: (f32, f32),
}

impl Fusion {
    /// What a leg's normalised score is multiplied by. Reciprocal ranks are not halved: equal weights give the formula of
    /// the paper.
    pub fn weights(&self, has_text: bool, has_vector: bool) -> (f32, f32) {
        let (text, vector) = match (has_text, has_vector) {
            (true, true) => (self.text_weight, 1.0 - self.text_weight),
            _ => (1.0, 1.0),
        };
        match self.method {
            Method::ReciprocalRank if has_text && has_vector => (2.0 * text, 2.0 * vector),
            _ => (text, vector),
        }
    }
}

/// The scores of a leg on a scale from 0 to 1; empty when it knows none.
fn normalised(
    method: Method,
    bounds: (f32, f32),
    standings: impl Iterator<Item = Standing>,
) -> Vec<f32> {
    let standings: Vec<Standing> = standings.collect();
    let known: Vec<f32> = standings.iter().filter_map(|leg| leg.score).collect();
    if known.is_empty() {
        return Vec::new();
    }
    if method == Method::ReciprocalRank {
        return standings.iter().map(reciprocal_rank).collect();
    }
    let scale = Scale::of(method, bounds, &known);
    let unknown = mean(
        &known
            .iter()
            .map(|score| scale.at(*score))
            .collect::<Vec<_>>(),
    );
    standings
        .iter()
        .map(|leg| leg.score.map_or(unknown, |score| scale.at(score)))
        .collect()
}

fn reciprocal_rank(standing: &Standing) -> f32 {
    standing
        .rank
        .map_or(0.0, |rank| 1.0 / (RANK_CONSTANT + rank as f32))
}

/// The scores that become 0 and 1.
struct Scale {
    zero: f32,
    one: f32,
}

impl Scale {
    fn of(method: Method, bounds: (f32, f32), scores: &[f32]) -> Self {
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        match method {
            Method::Absolute => Self {
                zero: bounds.0,
                one: bounds.1,
            },
            Method::ZScore => {
                let (mean, deviation) = (mean(scores), deviation(scores));
                Self {
                    zero: mean - DEVIATIONS * deviation,
                    one: mean + DEVIATIONS * deviation,
                }
            }
            Method::TheoreticalMinimum => Self {
                zero: bounds.0,
                one: highest,
            },
            _ => Self {
                zero: scores.iter().copied().fold(f32::MAX, f32::min),
                one: highest,
            },
        }
    }

    /// Where a score is between the two. When all are equal, each is as good as the best.
    fn at(&self, score: f32) -> f32 {
        if self.one > self.zero {
            ((score - self.zero) / (self.one - self.zero)).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}

fn deviation(values: &[f32]) -> f32 {
    let mean = mean(values);
    let squares: f32 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / values.len() as f32).sqrt()
}

#[cfg(test)]
mod tests;
