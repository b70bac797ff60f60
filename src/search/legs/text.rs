//! Chunks found by words, ranked by BM25.

use std::collections::{HashMap, HashSet};

use pgrx::Uuid;

use super::Leg;
use crate::bm25::document::{Idfs, Part, concept_score, has, is_excluded, scored_patterns};
use crate::bm25::question::Question;
use crate::bm25::tsvector::TsVector;
use crate::bm25::{self, Formula, Statistics};
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::search::settings;
use crate::spi;
use crate::tenancy::Domain;

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
    question: &'a Question,
    idfs: Idfs,
    formula: Formula,
    chunks: Vec<(Uuid, StoredVector)>,
}

impl<'a> Search<'a> {
    /// Reads the statistics that the question needs.
    pub fn open(domain: &'a Domain, question: &'a Question) -> Result<Self> {
        let chunks = spi::select(
            "select e.id, e.search_vector from page_embeddings as e where e.domain_id = $1",
            &[domain.config_id.into()],
            |row| Ok((spi::value(row, 1)?, spi::value::<StoredVector>(row, 2)?)),
        )?;
        let mut statistics = Statistics::default();
        for (_, chunk) in &chunks {
            statistics.add(TsVector::new(&chunk.0).lengths());
        }
        let formula = Formula::new(&settings::parameters(), &statistics);
        let idfs = scored_patterns(question)
            .into_iter()
            .map(|pattern| {
                let with = chunks
                    .iter()
                    .filter(|(_, chunk)| has(pattern, &TsVector::new(&chunk.0)));
                (pattern.clone(), formula.idf(with.count() as u64))
            })
            .collect();
        Ok(Self {
            domain,
            question,
            idfs,
            formula,
            chunks,
        })
    }

    /// The `depth` best chunks that `keep` keeps, the best first, equal ones by id.
    pub fn best(
        &self,
        depth: usize,
        keep: impl Fn(&[Uuid]) -> Result<HashSet<Uuid>>,
    ) -> Result<Leg> {
        let mut found: Leg = self
            .chunks
            .iter()
            .filter_map(|(id, chunk)| Some((*id, self.score(chunk)?)))
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let ids: Vec<Uuid> = found.iter().map(|(id, _)| *id).collect();
        let kept = keep(&ids)?;
        found.retain(|(id, _)| kept.contains(id));
        found.truncate(depth);
        Ok(found)
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
            .filter(|(_, chunk)| !is_excluded(self.question, &TsVector::new(&chunk.0)))
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
                    bm25::document::parts(self.question, &self.idfs, &self.formula, &document),
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
        bm25::document::score(self.question, &self.idfs, &self.formula, &document)
            .map(|score| score as f32)
    }
}
