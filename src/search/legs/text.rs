//! Chunks found by words, ranked by BM25.
//!
//! The index of words gives the scores of all chunks of a tenant at once, whatever the row level security of the caller;
//! nobody sees them. Which of the best the caller may have is asked of `page_embeddings`, with the caller's rights.

mod index;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use pgrx::Uuid;

use super::Leg;
use crate::bm25::Formula;
use crate::bm25::document::{self, Idfs, Part, concept_score, has, is_excluded, scored_patterns};
use crate::bm25::index::Matches;
use crate::bm25::question::{Concept, Pattern, Question};
use crate::bm25::segment::id_of;
use crate::bm25::tsvector::TsVector;
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::search::settings;
use crate::spi;
use crate::tenancy::Domain;
use index::{Change, Index};

/// Pasted text is answered by so many of its words, the most telling. More cost time and change little.
const MAX_CONCEPTS: usize = 32;

/// Of these chunks, those of the domain that the caller may see.
pub fn visible(domain: &Domain, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let found = spi::select(
        include_str!("../../../sql/queries/search/visible_chunks.sql"),
        &[domain.config_id.into(), ids.to_vec().into()],
        |row| spi::value(row, 1),
    )?;
    Ok(found.into_iter().collect())
}

/// A question to one tenant's chunks, with the statistics that it is answered by.
pub struct Search<'a> {
    domain: &'a Domain,
    question: Question,
    idfs: Idfs,
    formula: Formula,
    segments: Vec<Scored>,
    /// Chunks that are not in the segments as they are, with their scores.
    changed: HashSet<Uuid>,
    present: Leg,
}

/// A segment with the scores of its chunks by number; 0 for one that is not found.
struct Scored {
    segment: i64,
    scores: Vec<f32>,
    ids: RefCell<Option<Vec<u8>>>,
}

impl<'a> Search<'a> {
    /// Reads the statistics that the question needs, and scores every chunk that has one of its words.
    pub fn open(domain: &'a Domain, question: &Question) -> Result<Self> {
        let (index, question) = match domain.config_id {
            Some(config_id) => Index::read_corrected(config_id, question)?,
            None => (Index::default(), question.clone()),
        };
        let question = &question;
        let stored = index.segments();
        let matches: Vec<Matches> = stored
            .iter()
            .map(|segment| Matches::new(segment, question))
            .collect();
        let formula = Formula::new(&settings::parameters(), &index.statistics());
        let idfs: Idfs = scored_patterns(question)
            .into_iter()
            .map(|pattern| {
                let df = document_frequency(pattern, &matches, &index.changes);
                (pattern.clone(), formula.idf(df))
            })
            .collect();
        let question = most_telling(question, &idfs, formula.idf(0));
        let segments = index
            .numbers()
            .zip(&matches)
            .map(|(segment, matches)| Scored {
                segment,
                scores: rounded(&matches.scores(&question, &idfs, &formula)),
                ids: RefCell::new(None),
            })
            .collect();
        let mut search = Self {
            domain,
            question,
            idfs,
            formula,
            segments,
            changed: index.changes.iter().map(|change| change.id).collect(),
            present: Leg::new(),
        };
        search.present = (index.changes.iter())
            .filter_map(|change| Some((change.id, search.score(change.present.as_ref()?)?)))
            .collect();
        Ok(search)
    }

    /// The `depth` best chunks that `keep` keeps, the best first, equal ones by id.
    pub fn best(
        &self,
        depth: usize,
        keep: impl Fn(&[Uuid]) -> Result<HashSet<Uuid>>,
    ) -> Result<Leg> {
        let mut wanted = depth + self.changed.len();
        loop {
            let (mut found, is_all) = self.candidates(wanted)?;
            let ids: Vec<Uuid> = found.iter().map(|(id, _)| *id).collect();
            let kept = keep(&ids)?;
            found.retain(|(id, _)| kept.contains(id));
            if is_all || found.len() >= depth {
                found.truncate(depth);
                return Ok(found);
            }
            // Row level security or a filter hides some: look further down.
            wanted *= 4;
        }
    }

    /// At least so many of the best chunks, if there are, and whether those are all.
    fn candidates(&self, wanted: usize) -> Result<(Leg, bool)> {
        let mut scores: Vec<f32> = self
            .segments
            .iter()
            .flat_map(|segment| segment.scores.iter().copied())
            .filter(|&score| score > 0.0)
            .collect();
        let is_all = scores.len() <= wanted;
        let least = if is_all {
            0.0
        } else {
            *scores
                .select_nth_unstable_by(wanted - 1, |a, b| b.total_cmp(a))
                .1
        };
        let mut found = Leg::new();
        for segment in &self.segments {
            segment.add_from(least, self.domain, &mut found)?;
        }
        found.retain(|(id, _)| !self.changed.contains(id));
        found.extend(self.present.iter().filter(|(_, score)| *score >= least));
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok((found, is_all))
    }

    /// The scores of these chunks, 0 without any word of the question; those that it excludes, or that the caller may not
    /// see, are absent.
    pub fn scores(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, f32>> {
        let chunks = spi::select(
            include_str!("../../../sql/queries/search/vectors_by_id.sql"),
            &[self.domain.config_id.into(), ids.to_vec().into()],
            |row| Ok((spi::value(row, 1)?, spi::value::<StoredVector>(row, 2)?)),
        )?;
        Ok(chunks
            .into_iter()
            .filter(|(_, chunk)| !is_excluded(&self.question, &TsVector::new(&chunk.0)))
            .map(|(id, chunk)| (id, self.score(&chunk).unwrap_or(0.0)))
            .collect())
    }

    /// The score that no text can exceed for this question.
    #[allow(clippy::cast_possible_truncation)]
    pub fn highest(&self) -> f32 {
        let ceiling = self.formula.ceiling();
        let concepts = self.question.concepts.iter();
        let highest: f64 = concepts
            .map(|concept| concept_score(concept, &self.idfs, |_| ceiling))
            .sum();
        highest as f32
    }

    /// What each concept of the question adds to the score of these chunks, those that add nothing left out.
    pub fn parts(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Part>>> {
        let chunks = spi::select(
            include_str!("../../../sql/queries/search/vectors_by_id.sql"),
            &[self.domain.config_id.into(), ids.to_vec().into()],
            |row| Ok((spi::value(row, 1)?, spi::value::<StoredVector>(row, 2)?)),
        )?;
        Ok(chunks
            .into_iter()
            .map(|(id, chunk)| {
                let document = TsVector::new(&chunk.0);
                (
                    id,
                    document::parts(&self.question, &self.idfs, &self.formula, &document),
                )
            })
            .collect())
    }

    /// How telling each pattern of the question is among the domain's chunks.
    pub fn idfs(&self) -> &Idfs {
        &self.idfs
    }

    #[allow(clippy::cast_possible_truncation)]
    fn score(&self, chunk: &StoredVector) -> Option<f32> {
        let document = TsVector::new(&chunk.0);
        document::score(&self.question, &self.idfs, &self.formula, &document)
            .map(|score| score as f32)
    }
}

impl Scored {
    /// Adds the chunks that have at least this score.
    fn add_from(&self, least: f32, domain: &Domain, found: &mut Leg) -> Result<()> {
        let mut ids = self.ids.borrow_mut();
        for (number, &score) in (0..).zip(&self.scores) {
            if score <= 0.0 || score < least {
                continue;
            }
            let ids = match &mut *ids {
                Some(ids) => ids,
                none => none.insert(index::ids(domain.config_id, self.segment)?),
            };
            if let Some(id) = id_of(ids, number) {
                found.push((Uuid::from_bytes(id), score));
            }
        }
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation)]
fn rounded(scores: &[f64]) -> Vec<f32> {
    scores.iter().map(|&score| score as f32).collect()
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

/// The question with only its most telling concepts; the others keep their numbers and ask for nothing. A word that no chunk
/// has, whose idf is that of `absent` words, tells nothing.
fn most_telling(question: &Question, idfs: &Idfs, absent: f64) -> Question {
    let mut question = question.clone();
    if question.concepts.len() <= MAX_CONCEPTS {
        return question;
    }
    let telling = |concept: &Concept| -> f64 {
        let literal = concept.literal.iter();
        let known = literal.filter_map(|pattern| idfs.get(pattern));
        known.filter(|&&idf| idf < absent).sum()
    };
    let mut order: Vec<(usize, f64)> = question.concepts.iter().map(telling).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (number, _) in &order[MAX_CONCEPTS..] {
        let concept = &mut question.concepts[*number];
        concept.literal.clear();
        concept.alternatives.clear();
    }
    question
}
