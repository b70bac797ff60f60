//! Chunks found by words, ranked by BM25.
//!
//! The index of words gives the scores of all chunks of a tenant at once, whatever the row level security of the caller;
//! nobody sees them. Which of the best the caller may have is asked of `page_embeddings`, with the caller's rights.

mod index;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use pgrx::Uuid;

use super::{Leg, Seen, best_first, visible};
use crate::bm25::Formula;
use crate::bm25::best::{Best, Hit, Scorer};
use crate::bm25::document::{self, Idfs, Part, concept_score, has, is_excluded, scored_patterns};
use crate::bm25::index::Matches;
use crate::bm25::question::{Pattern, Question};
use crate::bm25::segment::Lengths;
use crate::bm25::tsvector::TsVector;
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::search::settings;
use crate::spi;
use crate::tenancy::Domain;
use index::{Change, Index};

/// Pasted text is answered by so many of its words, the most telling. More cost time and change little.
const MAX_CONCEPTS: usize = 32;

/// A question to one tenant's chunks, with the statistics that it is answered by.
pub struct Search<'a> {
    domain: &'a Domain,
    question: &'a Question,
    seen: Seen,
    idfs: &'a Idfs,
    formula: &'a Formula,
    index: &'a Index,
    matches: &'a [Matches<'a>],
    /// The numbers of the segments, and their lengths as far as they have been read.
    segments: Vec<i64>,
    lengths: RefCell<Vec<Lengths>>,
    /// Chunks that are not in the segments as they are, with their scores.
    changed: HashSet<Uuid>,
    present: Leg,
    effort: Cell<Effort>,
}

/// The best chunks by words.
pub struct Worded {
    pub leg: Leg,
    /// Whether no other chunk that the caller may see is found by words.
    pub is_all: bool,
}

/// What a search of the segments took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effort {
    /// Chunks that it came upon.
    pub seen: usize,
    /// Those of them that could be among the best.
    pub scored: usize,
}

/// Reads what answers a question, and does `work` with it.
pub fn search<T>(
    domain: &Domain,
    question: &Question,
    seen: Seen,
    work: impl FnOnce(&Search) -> Result<T>,
) -> Result<T> {
    let (index, question) = match domain.config_id {
        Some(config_id) => Index::read_telling(config_id, question, MAX_CONCEPTS)?,
        None => (Index::default(), question.clone()),
    };
    let stored = index.segments();
    let matches: Vec<Matches> = stored
        .iter()
        .map(|segment| Matches::new(segment, &question))
        .collect();
    let formula = Formula::new(&settings::parameters(), &index.statistics());
    let idfs: Idfs = scored_patterns(&question)
        .into_iter()
        .map(|pattern| {
            let df = document_frequency(pattern, &matches, &index.changes);
            (pattern.clone(), formula.idf(df))
        })
        .collect();
    let mut search = Search {
        domain,
        question: &question,
        seen,
        idfs: &idfs,
        formula: &formula,
        index: &index,
        matches: &matches,
        segments: index.numbers().collect(),
        lengths: RefCell::new(index.lengths()),
        changed: index.changes.iter().map(|change| change.id).collect(),
        present: Leg::new(),
        effort: Cell::default(),
    };
    search.present = (index.changes.iter())
        .filter_map(|change| Some((change.id, search.score(change.present.as_ref()?)?)))
        .collect();
    work(&search)
}

impl Search<'_> {
    /// The `depth` best chunks that `keep` keeps, the best first, equal ones by id.
    pub fn best(
        &self,
        depth: usize,
        keep: impl Fn(&[Uuid]) -> Result<HashSet<Uuid>>,
    ) -> Result<Worded> {
        let mut wanted = depth + self.changed.len();
        loop {
            let (mut found, is_all) = self.candidates(wanted)?;
            let ids: Vec<Uuid> = found.iter().map(|(id, _)| *id).collect();
            let kept = keep(&ids)?;
            found.retain(|(id, _)| kept.contains(id));
            if is_all || found.len() >= depth {
                let is_all = is_all && found.len() <= depth;
                found.truncate(depth);
                return Ok(Worded { leg: found, is_all });
            }
            // Row level security or a filter hides some: look further down.
            wanted *= 4;
        }
    }

    /// At least so many of the best chunks, if there are, and whether those are all.
    fn candidates(&self, wanted: usize) -> Result<(Leg, bool)> {
        let best = self.best_of_segments(wanted)?;
        let least = best.hits.iter().map(|hit| hit.score).reduce(f32::min);
        let least = least.filter(|_| !best.is_all).unwrap_or(0.0);
        let mut found = self.with_ids(&best.hits)?;
        found.retain(|(id, _)| !self.changed.contains(id));
        found.extend(self.present.iter().filter(|(_, score)| *score >= least));
        best_first(&mut found);
        if !best.is_all {
            found.truncate(wanted);
        }
        Ok((found, best.is_all))
    }

    /// Of these chunks, those that the caller may see.
    pub fn visible(&self, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
        visible(self.domain, self.seen, ids)
    }

    fn scorer(&self) -> Scorer<'_> {
        Scorer {
            question: self.question,
            idfs: self.idfs,
            formula: self.formula,
            matches: self.matches,
        }
    }

    fn best_of_segments(&self, wanted: usize) -> Result<Best> {
        let best = self
            .scorer()
            .best(wanted, &mut self.lengths.borrow_mut(), |pieces| {
                self.read_lengths(pieces)
            })?;
        self.effort.set(Effort {
            seen: best.seen,
            scored: best.scored,
        });
        Ok(best)
    }

    fn read_lengths(&self, pieces: &[(usize, u32)]) -> Result<Vec<(usize, u32, Vec<u8>)>> {
        let Some(config_id) = self.domain.config_id else {
            return Ok(Vec::new());
        };
        let wanted: Vec<(i64, u32)> = pieces
            .iter()
            .map(|&(place, piece)| (self.segments[place], piece))
            .collect();
        let read = index::lengths(config_id, &wanted)?.into_iter();
        Ok(read
            .filter_map(|(segment, piece, lengths)| {
                let place = self.segments.iter().position(|&other| other == segment)?;
                Some((place, piece, lengths))
            })
            .collect())
    }

    fn with_ids(&self, hits: &[Hit]) -> Result<Leg> {
        let Some(config_id) = self.domain.config_id.filter(|_| !hits.is_empty()) else {
            return Ok(Leg::new());
        };
        let key = |hit: &Hit| (hit.segment, hit.document);
        let documents: Vec<(usize, u32)> = hits.iter().map(key).collect();
        let ids = self.index.ids(config_id, &documents)?;
        let found = hits.iter().zip(ids);
        Ok(found
            .filter_map(|(hit, id)| Some((id?, hit.score)))
            .collect())
    }

    /// What the last search of the segments cost.
    pub fn effort(&self) -> Effort {
        self.effort.get()
    }

    /// The scores of these chunks, 0 without any word of the question; those that it excludes, or that the caller may not
    /// see, are absent.
    pub fn scores(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, f32>> {
        let mut scores = self.scores_of_indexed(ids)?;
        let others = ids.iter().filter(|id| !scores.contains_key(*id));
        let others: Vec<Uuid> = others.copied().collect();
        if !others.is_empty() {
            scores.extend(
                self.scores_of_stored(others)?
                    .map(|(id, score)| (id, Some(score))),
            );
        }
        let found = scores.into_iter();
        Ok(found.filter_map(|(id, score)| Some((id, score?))).collect())
    }

    /// The scores of those of these chunks whose documents are known, from their postings; `None` for what may not be found.
    fn scores_of_indexed(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Option<f32>>> {
        let unchanged: HashSet<Uuid> = (ids.iter().copied())
            .filter(|id| !self.changed.contains(id))
            .collect();
        let (mut scores, mut indexed) = (HashMap::new(), Vec::new());
        for (place, matches) in self.matches.iter().enumerate() {
            let hidden = matches.hidden(self.question);
            let (documents, found): (Vec<u32>, Vec<Uuid>) = (self.index.documents(place))
                .filter(|(document, id)| unchanged.contains(id) && !hidden.is_dead(*document))
                .unzip();
            let scored = self
                .scorer()
                .scores(place, &documents, &self.lengths.borrow()[place]);
            for ((document, id), score) in documents.iter().zip(&found).zip(scored) {
                scores.insert(*id, Some(score).filter(|_| !hidden.contains(*document)));
            }
            indexed.extend(found);
        }
        if !indexed.is_empty() {
            let visible = self.visible(&indexed)?;
            for (id, score) in &mut scores {
                *score = score.filter(|_| visible.contains(id));
            }
        }
        Ok(scores)
    }

    /// The scores of these chunks from their lexemes.
    fn scores_of_stored(&self, ids: Vec<Uuid>) -> Result<impl Iterator<Item = (Uuid, f32)>> {
        let chunks = self.stored(ids)?;
        Ok(chunks
            .into_iter()
            .filter(|(_, chunk)| !is_excluded(self.question, &TsVector::new(&chunk.0)))
            .map(|(id, chunk)| (id, self.score(&chunk).unwrap_or(0.0))))
    }

    /// The lexemes of these chunks, those that the caller may not see left out.
    fn stored(&self, ids: Vec<Uuid>) -> Result<Vec<(Uuid, StoredVector)>> {
        spi::select(
            include_str!("../../../sql/queries/search/vectors_by_id.sql"),
            &[self.domain.config_id.into(), ids.into()],
            |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
        )
    }

    /// The score that no text can exceed for this question.
    #[allow(clippy::cast_possible_truncation)]
    pub fn highest(&self) -> f32 {
        let ceiling = self.formula.ceiling();
        let concepts = self.question.concepts.iter();
        let highest: f64 = concepts
            .map(|concept| concept_score(concept, self.idfs, |_| ceiling))
            .sum();
        highest as f32
    }

    /// What each concept of the question adds to the score of these chunks, those that add nothing left out.
    pub fn parts(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Part>>> {
        let chunks = self.stored(ids.to_vec())?;
        Ok(chunks
            .into_iter()
            .map(|(id, chunk)| {
                let document = TsVector::new(&chunk.0);
                (
                    id,
                    document::parts(self.question, self.idfs, self.formula, &document),
                )
            })
            .collect())
    }

    /// Whether a chunk without any word of the question may be one that it excludes.
    pub fn has_filters(&self) -> bool {
        !self.question.required.is_empty() || !self.question.excluded.is_empty()
    }

    /// How telling each pattern of the question is among the domain's chunks.
    pub fn idfs(&self) -> &Idfs {
        self.idfs
    }

    #[allow(clippy::cast_possible_truncation)]
    fn score(&self, chunk: &StoredVector) -> Option<f32> {
        let document = TsVector::new(&chunk.0);
        document::score(self.question, self.idfs, self.formula, &document).map(|score| score as f32)
    }
}

/// How many chunks have a pattern: in the segments, less what has changed, plus what it is now.
fn document_frequency(pattern: &Pattern, matches: &[Matches], changes: &[Change]) -> u64 {
    let has_pattern = |vector: &Option<StoredVector>| {
        let vector = vector.as_ref().map(|vector| TsVector::new(&vector.0));
        u64::from(vector.is_some_and(|vector| has(pattern, &vector)))
    };
    let indexed: u64 = matches
        .iter()
        .map(|matches| matches.document_frequency(pattern))
        .sum();
    changes.iter().fold(indexed, |count, change| {
        (count + has_pattern(&change.present)).saturating_sub(has_pattern(&change.replaced))
    })
}
