//! The index against scoring every document by itself.

use proptest::prelude::*;

use super::super::best::{Pieces, Scorer};
use super::super::document::{Idfs, has, score, scored_patterns};
use super::super::index::{Matches, Segment as View};
use super::super::question::{Alternative, Concept, Pattern, Question};
use super::super::segment::{
    Dead, Id, Lengths, PIECE_BYTES, Part, Segment, build, entries, id_of, merge,
};
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
    fn the_best_of_the_index_are_the_best_of_scoring_every_document_by_itself(
        vectors in proptest::collection::vec(lexemes(), 1..40),
        question in question(),
        cut in 0_usize..40,
        gone in proptest::collection::hash_set(0_usize..40, 0..10),
        is_merged in any::<bool>(),
        wanted in prop_oneof![1_usize..8, Just(1_000)],
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

        let mut expected: Vec<(Id, f32)> = living
            .iter()
            .filter_map(|(number, bytes)| {
                let score = score(&question, &idfs, &formula, &TsVector::new(bytes))?;
                Some((id(*number), score as f32))
            })
            .collect();
        expected.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        // The wanted, and those that equal the last of them.
        let least = expected.get(wanted - 1).map_or(0.0, |last| last.1);
        let is_all = expected.len() <= wanted;
        expected.retain(|(_, score)| *score >= least);

        let scorer = Scorer { question: &question, idfs: &idfs, formula: &formula, matches: &matches };
        let mut lengths = vec![Lengths::default(); segments.len()];
        let best = scorer.best(wanted, &mut lengths, |pieces| Ok::<_, ()>(read(&segments, pieces))).expect("no error");
        let mut found: Vec<(Id, f32)> = best
            .hits
            .iter()
            .filter_map(|hit| Some((id_of(&segments[hit.segment].0.ids, hit.document)?, hit.score)))
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        prop_assert_eq!(&found, &expected);
        prop_assert!(!best.is_all || is_all);
        prop_assert!(best.scored <= best.seen);
    }
}

fn read(segments: &[(Segment, Dead)], pieces: &Pieces) -> Vec<(usize, u32, Vec<u8>)> {
    pieces
        .iter()
        .map(|&(place, piece)| {
            let bytes = segments[place]
                .0
                .lengths
                .chunks(PIECE_BYTES)
                .nth(piece as usize);
            (place, piece, bytes.unwrap_or_default().to_vec())
        })
        .collect()
}

/// Many documents with a common word, and few with a rare one: those without the rare one are left alone.
#[test]
fn a_common_word_is_looked_up_only_where_a_rarer_one_leaves_a_document_in_question() {
    let texts: Vec<Vec<u8>> = (0..2_000)
        .map(|number| {
            let mut words = vec![(b"common".to_vec(), vec![(1, 0)])];
            if number % 40 == 0 {
                words.push((b"rare".to_vec(), vec![(2, 0), (3, 0)]));
            }
            stored(&words.into_iter().collect())
        })
        .collect();
    let all: Vec<(usize, Vec<u8>)> = texts.into_iter().enumerate().collect();
    let (built, dead) = (segment(&all), Dead::default());
    let view = view(&built, &dead);
    let word = |word: &str| Concept::of(Pattern::Word(word.as_bytes().to_vec()));
    let question = Question {
        concepts: vec![word("common"), word("rare")],
        ..Question::default()
    };
    let formula = Formula::new(&PARAMETERS, &built.statistics);
    let matches = [Matches::new(&view, &question)];
    let idfs = scored_patterns(&question)
        .into_iter()
        .map(|pattern| {
            (
                pattern.clone(),
                formula.idf(matches[0].document_frequency(pattern)),
            )
        })
        .collect();
    let scorer = Scorer {
        question: &question,
        idfs: &idfs,
        formula: &formula,
        matches: &matches,
    };
    let segments = vec![(built.clone(), dead.clone())];
    let best = scorer
        .best(10, &mut [Lengths::default()], |pieces| {
            Ok::<_, ()>(read(&segments, pieces))
        })
        .expect("no error");
    assert_eq!((best.seen, best.scored, best.hits.len()), (50, 50, 50));
}
