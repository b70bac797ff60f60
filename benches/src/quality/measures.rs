//! Measures of a ranked list against judgements, and how sure a difference between two methods is.

use std::collections::HashMap;

/// Ranks that the normalised discounted cumulative gain looks at.
const NDCG_DEPTH: usize = 10;
/// Ranks that recall and reciprocal rank look at; a list has no more.
pub const DEPTH: usize = 100;
/// Resamples of a bootstrap: enough for two stable digits of a 95 % interval.
const RESAMPLES: usize = 10_000;

/// The measures of one question, or their means over several.
#[derive(Clone, Copy, Default)]
pub struct Measures {
    pub ndcg: f64,
    pub recall: f64,
    pub reciprocal_rank: f64,
}

impl Measures {
    /// Of a list of documents, the best first, given the gain of each relevant one.
    pub fn of(ranked: &[usize], relevant: &HashMap<usize, f64>) -> Self {
        let gain = |document: &usize| relevant.get(document).copied().unwrap_or(0.0);
        let is_relevant = |document: &&usize| gain(document) > 0.0;
        let mut ideal: Vec<f64> = relevant.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        let found = ranked.iter().take(DEPTH).filter(is_relevant).count();
        let wanted = ideal.iter().filter(|gain| **gain > 0.0).count();
        let first = ranked
            .iter()
            .take(DEPTH)
            .position(|document| gain(document) > 0.0);
        Self {
            ndcg: discounted(ranked.iter().map(gain)) / discounted(ideal.into_iter()),
            recall: found as f64 / wanted as f64,
            reciprocal_rank: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
        }
    }

    pub fn mean(all: &[Self]) -> Self {
        let mean = |measure: fn(&Self) -> f64| {
            all.iter().map(measure).sum::<f64>() / all.len().max(1) as f64
        };
        Self {
            ndcg: mean(|measures| measures.ndcg),
            recall: mean(|measures| measures.recall),
            reciprocal_rank: mean(|measures| measures.reciprocal_rank),
        }
    }
}

fn discounted(gains: impl Iterator<Item = f64>) -> f64 {
    gains
        .take(NDCG_DEPTH)
        .enumerate()
        .map(|(place, gain)| gain / ((place + 2) as f64).log2())
        .sum()
}

/// The 95 % interval of the mean difference between two methods over the same questions: paired bootstrap, percentile
/// method (Efron and Tibshirani, "An introduction to the bootstrap", 1993).
pub fn difference_interval(ours: &[Measures], theirs: &[Measures]) -> (f64, f64) {
    let differences: Vec<f64> = ours
        .iter()
        .zip(theirs)
        .map(|(ours, theirs)| ours.ndcg - theirs.ndcg)
        .collect();
    // The same numbers in every run.
    let mut random = fastrand::Rng::with_seed(1);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sum: f64 = (0..differences.len())
                .map(|_| differences[random.usize(..differences.len())])
                .sum();
            sum / differences.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    (means[RESAMPLES / 40], means[RESAMPLES - RESAMPLES / 40])
}

/// The area under the receiver operating characteristic: how often a value of `high` is above one of `low`, ties counting
/// half (Mann and Whitney).
pub fn area_under_curve(high: &[f64], low: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = high.iter().map(|value| (*value, true)).collect();
    all.extend(low.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins) = (0.0, 0.0);
    for ties in all.chunk_by(|a, b| a.0 == b.0) {
        let highs = ties.iter().filter(|(_, is_high)| *is_high).count() as f64;
        let lows = ties.len() as f64 - highs;
        wins += highs * (below + lows / 2.0);
        below += lows;
    }
    wins / (high.len() * low.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_list_measures_one() {
        let relevant = HashMap::from([(3, 1.0), (5, 2.0)]);
        let measures = Measures::of(&[5, 3, 1], &relevant);
        assert_eq!(
            (measures.ndcg, measures.recall, measures.reciprocal_rank),
            (1.0, 1.0, 1.0)
        );
    }

    #[test]
    fn a_document_at_rank_two_counts_by_the_logarithm_of_three() {
        let measures = Measures::of(&[1, 3], &HashMap::from([(3, 1.0), (4, 0.0)]));
        assert!((measures.ndcg - 1.0 / 3f64.log2()).abs() < 1e-12);
        assert_eq!(measures.recall, 1.0);
        assert_eq!(measures.reciprocal_rank, 0.5);
    }

    #[test]
    fn the_area_counts_pairs_in_the_right_order_and_ties_half() {
        assert_eq!(area_under_curve(&[3.0, 2.0], &[1.0, 2.0]), 0.875);
    }
}
