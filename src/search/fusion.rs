//! Reciprocal rank fusion: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual
//! rank learning methods", SIGIR 2009.

use std::collections::HashMap;
use std::hash::Hash;

/// The constant of the formula `1 / (K + rank)`; the paper's value.
const K: f32 = 60.0;

/// Where one leg of a search put a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// From 1, the best first.
    pub rank: i32,
    /// The leg's own score.
    pub score: f32,
}

/// A document of the fused list.
#[derive(Clone, Debug, PartialEq)]
pub struct Fused<Id> {
    pub id: Id,
    /// The sum of `1 / (60 + rank)` over the legs that found it.
    pub score: f32,
    pub text: Option<Place>,
    pub vector: Option<Place>,
}

/// Fuses two ranked lists of `(id, score)`, each with the best first. Equal scores are ordered by id, so that the same
/// lists always give the same order.
pub fn reciprocal_rank<Id: Copy + Eq + Hash + Ord>(
    text: &[(Id, f32)],
    vector: &[(Id, f32)],
) -> Vec<Fused<Id>> {
    let mut documents: HashMap<Id, Fused<Id>> = HashMap::new();
    for (leg, is_text) in [(text, true), (vector, false)] {
        for (rank, &(id, score)) in (1..).zip(leg) {
            let document = documents.entry(id).or_insert(Fused {
                id,
                score: 0.0,
                text: None,
                vector: None,
            });
            document.score += 1.0 / (K + rank as f32);
            let place = Some(Place { rank, score });
            if is_text {
                document.text = place;
            } else {
                document.vector = place;
            }
        }
    }
    let mut fused: Vec<_> = documents.into_values().collect();
    fused.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    fused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_both_legs_beats_one_of_a_single_leg() {
        let fused = reciprocal_rank(&[(1, 9.0), (2, 8.0)], &[(3, 0.9), (2, 0.8)]);
        let order: Vec<i32> = fused.iter().map(|document| document.id).collect();
        assert_eq!(order, [2, 1, 3]);
        assert_eq!(
            fused[0].text,
            Some(Place {
                rank: 2,
                score: 8.0
            })
        );
        assert_eq!(
            fused[0].vector,
            Some(Place {
                rank: 2,
                score: 0.8
            })
        );
    }

    #[test]
    fn ties_are_ordered_by_id() {
        let fused = reciprocal_rank(&[(7, 1.0)], &[(4, 1.0)]);
        assert_eq!(
            fused.iter().map(|document| document.id).collect::<Vec<_>>(),
            [4, 7]
        );
    }

    #[test]
    fn nothing_fused_with_nothing_is_nothing() {
        assert!(reciprocal_rank::<i32>(&[], &[]).is_empty());
    }
}
