//! A search: the chunks that its legs found, each with its score from both, and their order.

use pgrx::Uuid;

use super::confidence::{Evidence, confidence};
use super::filter::{self, Filter};
use super::fusion::{self, Bounds, Candidate, Fused, Fusion};
use super::legs::text::Search;
use super::legs::{Leg, vector};
use super::{checked_query, legs, question, settings, synonyms};
use crate::bm25::question::Question;
use crate::error::{Result, required};
use crate::opaque::Vector;
use crate::synonyms::Expansion;
use crate::tenancy::{Domain, Rank};

/// A question to a domain: words, a vector, or both.
pub struct Asked<'a> {
    pub domain: Domain,
    pub text: Option<&'a str>,
    pub embedding: Option<&'a Vector>,
    pub filter: Filter<'a>,
}

/// What both legs say of the chunks that at least one of them found.
pub struct Candidates {
    pub chunks: Vec<Candidate<Uuid>>,
    /// The BM25 score that no text can exceed for this question.
    pub highest_text_score: f32,
    /// The words of the question as they were searched for.
    pub question: Question,
}

/// A chunk in its place.
#[derive(Clone)]
pub struct Match {
    pub fused: Fused<Uuid>,
    pub confidence: f32,
}

/// What was found, the best first.
pub struct Ranking {
    pub matches: Vec<Match>,
    /// The highest confidence of all candidates; 0 without any.
    pub confidence: f32,
    /// The words of the question as they were searched for.
    pub question: Question,
}

impl<'a> Asked<'a> {
    /// The question in the arguments of a function.
    pub fn checked(
        domain: Option<&str>,
        text: Option<&'a str>,
        embedding: Option<&'a Vector>,
        filter: Filter<'a>,
    ) -> Result<Self> {
        let domain = Domain::resolve_active(domain, Rank::Viewer)?;
        if embedding.is_none() {
            required("query_text", text)?;
        }
        Ok(Self {
            domain,
            text: text.map(checked_query).transpose()?,
            embedding,
            filter,
        })
    }

    /// The synonyms of the question's words.
    pub fn expansions(&self) -> Result<Vec<Expansion>> {
        self.text.map_or(Ok(Vec::new()), |text| {
            synonyms::expansions(&self.domain, text)
        })
    }

    pub fn candidates(&self) -> Result<Candidates> {
        let allowed = self.filter.chunks(&self.domain)?;
        let nearest = match (self.embedding, &allowed) {
            (Some(embedding), None) => vector::leg(&self.domain, embedding)?,
            (Some(embedding), Some(ids)) => vector::leg_among(&self.domain, embedding, ids)?,
            (None, _) => Leg::new(),
        };
        let Some(text) = self.text else {
            return Ok(Candidates {
                chunks: fusion::candidates(&[], &nearest),
                highest_text_score: 0.0,
                question: Question::default(),
            });
        };
        let question = question::question(&self.domain, text, &self.expansions()?)?;
        let search = Search::open(&self.domain, &question)?;
        let worded = search.best(legs::DEPTH as usize, |ids| {
            legs::text::visible(&self.domain, &filter::allowed(ids, allowed.as_ref()))
        })?;
        let mut chunks = fusion::candidates(&worded, &nearest);
        self.complete_similarities(&mut chunks)?;
        complete_words(&mut chunks, &search, !worded.is_empty())?;
        Ok(Candidates {
            chunks,
            highest_text_score: search.highest(),
            question,
        })
    }

    /// Gives the chunks that only words found their similarity, where they have a vector.
    fn complete_similarities(&self, chunks: &mut [Candidate<Uuid>]) -> Result<()> {
        let Some(embedding) = self.embedding else {
            return Ok(());
        };
        let missing = |chunk: &&Candidate<Uuid>| chunk.vector.score.is_none();
        let ids: Vec<Uuid> = chunks
            .iter()
            .filter(missing)
            .map(|chunk| chunk.id)
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let similarities = vector::similarities(&self.domain, embedding, ids)?;
        for chunk in chunks
            .iter_mut()
            .filter(|chunk| chunk.vector.score.is_none())
        {
            chunk.vector.score = similarities.get(&chunk.id).copied();
        }
        Ok(())
    }
}

/// Gives the chunks that only vectors found their BM25 score, 0 without any word of the question, and drops those that the
/// question excludes. Where no chunk has any word, words say nothing.
fn complete_words(
    chunks: &mut Vec<Candidate<Uuid>>,
    search: &Search,
    has_words: bool,
) -> Result<()> {
    let missing = |chunk: &&Candidate<Uuid>| chunk.text.score.is_none();
    let ids: Vec<Uuid> = chunks
        .iter()
        .filter(missing)
        .map(|chunk| chunk.id)
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let scores = search.scores(&ids)?;
    chunks.retain_mut(|chunk| {
        if chunk.text.score.is_some() {
            return true;
        }
        let score = scores.get(&chunk.id).copied();
        chunk.text.score = score.filter(|_| has_words);
        score.is_some()
    });
    Ok(())
}

impl Candidates {
    /// BM25 is never negative; unrelated texts are what a cosine begins at.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            text: (0.0, self.highest_text_score),
            vector: (settings::unrelated_similarity(), 1.0),
        }
    }

    /// In their fused order, without those whose confidence is below `least`.
    pub fn ranked(self, fusion: &Fusion, least: f32) -> Ranking {
        let unrelated = settings::unrelated_similarity();
        let highest = self.highest_text_score;
        let bounds = self.bounds();
        let matches: Vec<Match> = fusion::fuse(self.chunks, fusion, &bounds)
            .into_iter()
            .map(|fused| Match {
                confidence: confidence(evidence(&fused.candidate, highest), unrelated),
                fused,
            })
            .collect();
        let confidence = matches
            .iter()
            .map(|found| found.confidence)
            .fold(0.0, f32::max);
        Ranking {
            matches: matches
                .into_iter()
                .filter(|found| found.confidence >= least)
                .collect(),
            confidence,
            question: self.question,
        }
    }
}

fn evidence(candidate: &Candidate<Uuid>, highest: f32) -> Evidence {
    let coverage = |score: f32| if highest > 0.0 { score / highest } else { 0.0 };
    Evidence {
        coverage: candidate.text.score.map(coverage),
        similarity: candidate.vector.score,
    }
}
