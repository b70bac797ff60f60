//! The index against scoring every document by itself.

use std::collections::HashMap;

use proptest::prelude::*;

use super::super::document::{Idfs, has, score, scored_patterns};
use super::super::index::{Matches, Segment as View};
use super::super::question::{Alternative, Concept, Pattern, Question};
use super::super::segment::{Dead, Id, Part, Segment, build, entries, id_of, merge};
use super::super::tsvector::TsVector;
use super::super::{Formula, Parameters, Statistics};
use super::vectors::{lexemes, stored};

fn lexeme() -> impl Strategy<Value = Vec<u8>> {
    "[ab]{1,3}".prop_map(String::into_bytes)
}

fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        4 => lexeme().prop_map(Pattern::Word),
        1 => lexeme().prop_map(Pattern::Prefix),
        2 => (lexeme(), proptest::collection::vec((lexeme(), 1_u16..4), 1..3)).prop_map(|(first, others)| {
            let mut words = vec![(first, 0)];
            words.extend(others);
            Pattern::Phrase(words)
        }),
    ]
}

fn concept() -> impl Strategy<Value = Concept> {
    let alternative =
        (pattern(), 0.1_f64..1.0).prop_map(|(pattern, weight)| Alternative { pattern, weight });
    (
        proptest::collection::vec(pattern(), 1..3),
        proptest::collection::vec(alternative, 0..3),
    )
        .prop_map(|(literal, alternatives)| Concept {
            literal,
            alternatives,
        })
}

fn question() -> impl Strategy<Value = Question> {
    (
        proptest::collection::vec(concept(), 1..5),
        proptest::collection::vec(pattern(), 0..2),
        proptest::collection::vec(pattern(), 0..2),
    )
        .prop_map(|(concepts, required, excluded)| Question {
            concepts,
            required,
            excluded,
        })
}

fn id(number: usize) -> Id {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

/// A segment of some documents, with every other of the dead marked.
fn segment(documents: &[(usize, Vec<u8>)]) -> Segment {
    build(
        documents
            .iter()
            .map(|(number, bytes)| (id(*number), TsVector::new(bytes))),
    )
}

fn view<'a>(segment: &'a Segment, dead: &'a Dead) -> View<'a> {
    let lists = segment.blocks.iter().flat_map(|(_, block)| entries(block));
    View {
        documents: segment.documents(),
        lengths: &segment.lengths,
        dead,
        lists: lists.collect(),
    }
}

const PARAMETERS: Parameters = Parameters {
    k1: 1.2,
    b: 0.75,
    weights: [3.0, 2.0, 1.5, 1.0],
};

proptest! {
    #[test]
    fn the_index_gives_every_document_the_score_that_it_has_by_itself(
        vectors in proptest::collection::vec(lexemes(), 1..40),
        question in question(),
        cut in 0_usize..40,
        gone in proptest::collection::hash_set(0_usize..40, 0..10),
        is_merged in any::<bool>(),
    ) {
        let all: Vec<(usize, Vec<u8>)> = vectors.iter().map(stored).enumerate().collect();
        let cut = cut.min(all.len());
        let mut segments: Vec<(Segment, Dead)> = [&all[..cut], &all[cut..]]
            .into_iter()
            .map(|documents| {
                let mut dead = Dead::default();
                for (place, (number, _)) in documents.iter().enumerate() {
                    if gone.contains(number) {
                        dead.insert(place as u32);
                    }
                }
                (segment(documents), dead)
            })
            .collect();
        if is_merged {
            let parts: Vec<Part> = segments
                .into_iter()
                .map(|(segment, dead)| Part {
                    ids: segment.ids,
                    lengths: segment.lengths,
                    dead,
                    blocks: segment.blocks.into_iter().map(|(_, block)| block).collect(),
                })
                .collect();
            segments = vec![(merge(&parts), Dead::default())];
        }

        let living: Vec<&(usize, Vec<u8>)> = all.iter().filter(|(number, _)| !gone.contains(number)).collect();
        let mut statistics = Statistics::default();
        for (_, bytes) in &living {
            statistics.add(TsVector::new(bytes).lengths());
        }
        let formula = Formula::new(&PARAMETERS, &statistics);
        let views: Vec<View> = segments.iter().map(|(segment, dead)| view(segment, dead)).collect();
        let matches: Vec<Matches> = views.iter().map(|view| Matches::new(view, &question)).collect();
        let mut idfs = Idfs::new();
        for pattern in scored_patterns(&question) {
            let expected = living.iter().filter(|(_, bytes)| has(pattern, &TsVector::new(bytes))).count() as u64;
            let found: u64 = matches.iter().map(|matches| matches.document_frequency(pattern)).sum();
            prop_assert_eq!(found, expected, "{:?}", pattern);
            idfs.insert(pattern.clone(), formula.idf(expected));
        }

        let expected: HashMap<Id, u64> = living
            .iter()
            .filter_map(|(number, bytes)| {
                let score = score(&question, &idfs, &formula, &TsVector::new(bytes))?;
                Some((id(*number), score.to_bits()))
            })
            .collect();
        let mut found = HashMap::new();
        for (matches, (segment, _)) in matches.iter().zip(&segments) {
            for (document, score) in (0..).zip(matches.scores(&question, &idfs, &formula)) {
                if let Some(id) = id_of(&segment.ids, document).filter(|_| score > 0.0) {
                    found.insert(id, score.to_bits());
                }
            }
        }
        prop_assert_eq!(found, expected);
    }
}
