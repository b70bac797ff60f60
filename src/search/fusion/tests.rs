//! What is promised of fused lists, whatever the legs found.

use proptest::prelude::*;

use super::*;

/// No text can have more than 50, no vector is farther than opposite.
const BOUNDS: Bounds = Bounds {
    text: (0.0, 50.0),
    vector: (-1.0, 1.0),
};

/// Those that read scores.
const BY_SCORE: [Method; 4] = [
    Method::Absolute,
    Method::MinMax,
    Method::TheoreticalMinimum,
    Method::ZScore,
];

fn document(id: i32, text: Option<f32>, vector: Option<f32>) -> Candidate<i32> {
    let standing = |score| Standing { rank: None, score };
    Candidate {
        id,
        text: standing(text),
        vector: standing(vector),
    }
}

fn order(candidates: &[Candidate<i32>], method: Method) -> Vec<i32> {
    let fusion = Fusion {
        method,
        ..Fusion::default()
    };
    fuse(candidates.to_vec(), &fusion, &BOUNDS)
        .into_iter()
        .map(|fused| fused.candidate.id)
        .collect()
}

#[test]
fn a_document_of_both_legs_is_one_candidate() {
    let found = candidates(&[(1, 9.0), (2, 8.0)], &[(3, 0.9), (2, 0.8)]);
    assert_eq!(found.len(), 3);
    let second = Candidate {
        id: 2,
        text: Standing {
            rank: Some(2),
            score: Some(8.0),
        },
        vector: Standing {
            rank: Some(2),
            score: Some(0.8),
        },
    };
    assert!(found.contains(&second));
    assert_eq!(order(&found, Method::ReciprocalRank), [2, 1, 3]);
}

#[test]
fn what_both_legs_find_good_beats_what_one_finds_best() {
    let candidates = [
        document(1, Some(40.0), Some(0.1)),
        document(2, Some(36.0), Some(0.8)),
        document(3, Some(0.0), Some(0.9)),
    ];
    for method in BY_SCORE {
        assert_eq!(order(&candidates, method)[0], 2, "{method:?}");
    }
}

#[test]
fn equal_scores_are_ordered_by_id() {
    let candidates = [7, 4, 5].map(|id| document(id, Some(1.0), Some(0.5)));
    for method in Method::ALL {
        assert_eq!(order(&candidates, method), [4, 5, 7], "{method:?}");
    }
}

#[test]
fn documents_farther_than_unrelated_texts_are_ordered_by_their_distance() {
    let bounds = Bounds {
        text: (0.0, 50.0),
        vector: (0.7, 1.0),
    };
    for text in [None, Some(0.0)] {
        let candidates = [(1, 0.1), (2, 0.8), (3, 0.6), (4, 0.4)]
            .map(|(id, similarity)| document(id, text, Some(similarity)));
        let fused = fuse(candidates.to_vec(), &Fusion::default(), &bounds);
        let order: Vec<i32> = fused.iter().map(|fused| fused.candidate.id).collect();
        assert_eq!(order, [2, 3, 4, 1]);
    }
}

#[test]
fn a_leg_with_equal_scores_leaves_the_order_to_the_other() {
    let candidates = [
        document(1, Some(3.0), Some(0.2)),
        document(2, Some(3.0), Some(0.7)),
    ];
    for method in BY_SCORE {
        assert_eq!(order(&candidates, method), [2, 1], "{method:?}");
    }
}

#[test]
fn an_empty_leg_leaves_the_order_to_the_other() {
    let by_vector = candidates(&[], &[(1, 0.9), (2, 0.8), (3, -0.5)]);
    let by_text = candidates(&[(3, 9.0), (1, 4.0)], &[]);
    for method in Method::ALL {
        assert_eq!(order(&by_vector, method), [1, 2, 3], "{method:?}");
        assert_eq!(order(&by_text, method), [3, 1], "{method:?}");
        assert!(order(&[], method).is_empty());
    }
}

#[test]
fn the_only_candidate_of_a_leg_does_not_beat_the_best_of_the_other_that_it_hardly_matches() {
    // One document has a word of the question, by far not all; its vector is the farthest.
    let mut candidates: Vec<_> = (1..=9)
        .map(|id| document(id, Some(0.0), Some(1.0 - id as f32 / 20.0)))
        .collect();
    candidates.push(document(10, Some(0.4), Some(0.1)));
    assert_eq!(order(&candidates, Method::Absolute)[0], 1);
}

#[test]
fn a_document_without_a_vector_is_neither_first_nor_last_for_that() {
    let candidates = [
        document(1, Some(5.0), Some(0.9)),
        document(2, Some(5.0), None),
        document(3, Some(5.0), Some(0.1)),
    ];
    for method in BY_SCORE {
        assert_eq!(order(&candidates, method), [1, 2, 3], "{method:?}");
    }
}

#[test]
fn equal_weights_of_ranks_give_the_formula_of_the_paper() {
    let fused = fuse(
        candidates(&[(1, 9.0)], &[(2, 0.9), (1, 0.8)]),
        &Fusion {
            method: Method::ReciprocalRank,
            text_weight: 0.5,
        },
        &BOUNDS,
    );
    assert!((fused[0].score - (1.0 / 61.0 + 1.0 / 62.0)).abs() < 1e-7);
}

#[test]
fn every_method_is_found_by_its_name() {
    for method in Method::ALL {
        assert_eq!(Method::named(method.name()), Some(method));
    }
    assert_eq!(Method::named("sum"), None);
}

fn some_candidates() -> impl Strategy<Value = Vec<Candidate<i32>>> {
    let score = |range: std::ops::Range<f32>| proptest::option::of(range);
    proptest::collection::btree_map(0..1000, (score(0.0..50.0), score(-1.0..1.0)), 0..40).prop_map(
        |documents| {
            documents
                .into_iter()
                .map(|(id, (text, vector))| document(id, text, vector))
                .collect()
        },
    )
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_the_order_of_the_candidates(candidates in some_candidates()) {
        let reversed: Vec<_> = candidates.iter().rev().cloned().collect();
        for method in Method::ALL {
            prop_assert_eq!(order(&candidates, method), order(&reversed, method));
        }
    }

    #[test]
    fn fused_scores_are_between_zero_and_one(candidates in some_candidates(), text_weight in 0.0_f32..=1.0) {
        for method in Method::ALL {
            let fusion = Fusion { method, text_weight };
            for fused in fuse(candidates.clone(), &fusion, &BOUNDS) {
                prop_assert!((0.0..=1.0 + 1e-6).contains(&fused.score), "{fused:?}");
            }
        }
    }

    #[test]
    fn a_better_score_never_costs_a_place(mut candidates in some_candidates(), gain in 0.0_f32..0.5) {
        // By the fixed scale of the theoretical minimum, below the highest.
        for candidate in &mut candidates {
            candidate.vector.score.get_or_insert(0.5);
        }
        candidates.push(document(1000, None, Some(0.9)));
        let Some(worst) = candidates.iter().position(|c| c.vector.score.is_some_and(|score| score < 0.0)) else {
            return Ok(());
        };
        let id = candidates[worst].id;
        let place = |candidates: &[Candidate<i32>]| order(candidates, Method::TheoreticalMinimum).iter().position(|other| *other == id);
        let mut better = candidates.clone();
        better[worst].vector.score = better[worst].vector.score.map(|score| score + gain);
        prop_assert!(place(&better) <= place(&candidates));
    }
}
