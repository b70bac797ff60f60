//! A search: the chunks that its legs found, each with its score from both, and their order.

use std::time::{Duration, Instant};

use pgrx::Uuid;

use super::confidence::{Evidence, confidence};
use super::filter::{self, Filter, Passing};
use super::fusion::{self, Bounds, Candidate, Fused, Fusion, Standing};
use super::legs::Seen;
use super::legs::text::{Effort, Search, Worded};
use super::legs::vector;
use super::legs::vector::Nearest;
use super::results::Shown;
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
    /// How what is found gets shown.
    pub seen: Seen,
}

/// What both legs say of the chunks that at least one of them found.
#[derive(Default)]
pub struct Candidates {
    pub chunks: Vec<Candidate<Uuid>>,
    /// The BM25 score that no text can exceed for this question.
    pub highest_text_score: f32,
    /// The words of the question as they were searched for.
    pub question: Question,
    pub work: Work,
}

/// What it took to find them.
#[derive(Default)]
pub struct Work {
    pub text: Option<Effort>,
    pub vector: Option<Nearest>,
    pub filter: Option<filter::Work>,
    pub text_time: Duration,
    pub vector_time: Duration,
    /// For the scores of chunks that only the other leg had found.
    pub completion_time: Duration,
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
            seen: Seen::AsFound,
        })
    }

    /// The same question, of which the caller reads what is found, and sees nothing else of it.
    pub fn read_by_caller(self) -> Self {
        Self {
            seen: Seen::AsRead,
            ..self
        }
    }

    /// The synonyms of the question's words.
    pub fn expansions(&self) -> Result<Vec<Expansion>> {
        self.text.map_or(Ok(Vec::new()), |text| {
            synonyms::expansions(&self.domain, text)
        })
    }

    /// As many candidates as what is shown asks for.
    pub fn candidates(&self, shown: &Shown, fusion: &Fusion) -> Result<Candidates> {
        self.best(legs::depth(shown, fusion))
    }

    /// So many of the best of each leg.
    pub fn best(&self, depth: i32) -> Result<Candidates> {
        let started = Instant::now();
        let question = self
            .embedding
            .map(|embedding| vector::Question::checked(&self.domain, embedding));
        let question = question.transpose()?;
        let passing = self.filter.passing(&self.domain)?;
        let nearest = question
            .as_ref()
            .map(|question| question.nearest(passing.as_ref(), self.seen, depth))
            .transpose()?;
        let vector_time = started.elapsed();
        let leg = nearest.as_ref().map_or(&[][..], |nearest| &nearest.leg);
        let mut found = match self.text {
            Some(text) => self.worded(text, question.as_ref(), leg, passing.as_ref(), depth)?,
            None => Candidates {
                chunks: fusion::candidates(&[], leg),
                ..Candidates::default()
            },
        };
        found.work.filter = passing.as_ref().map(Passing::work);
        found.work.vector = nearest;
        found.work.vector_time = vector_time;
        Ok(found)
    }

    /// What words find, beside what vectors found.
    fn worded(
        &self,
        text: &str,
        vector: Option<&vector::Question>,
        nearest: &[(Uuid, f32)],
        passing: Option<&Passing>,
        depth: i32,
    ) -> Result<Candidates> {
        let started = Instant::now();
        let question = question::question(&self.domain, text, &self.expansions()?)?;
        let mut found = legs::text::search(&self.domain, &question, self.seen, |search| {
            let worded = search.best(depth as usize, |ids| {
                search.visible(&filter::passing(ids, passing)?)
            })?;
            let text_time = started.elapsed();
            let mut chunks = fusion::candidates(&worded.leg, nearest);
            // A leg that is not full has all chunks with a vector that may be found.
            if let Some(vector) = vector.filter(|_| nearest.len() >= depth as usize) {
                complete_similarities(&mut chunks, vector)?;
            }
            complete_words(&mut chunks, search, &worded)?;
            Ok(Candidates {
                chunks,
                highest_text_score: search.highest(),
                work: Work {
                    text: Some(search.effort()),
                    text_time,
                    completion_time: started.elapsed() - text_time,
                    ..Work::default()
                },
                ..Candidates::default()
            })
        })?;
        found.question = question;
        Ok(found)
    }
}

/// The chunks that a leg has given no score.
fn without_score(
    chunks: &[Candidate<Uuid>],
    leg: impl Fn(&Candidate<Uuid>) -> &Standing,
) -> Vec<Uuid> {
    let missing = chunks.iter().filter(|chunk| leg(chunk).score.is_none());
    missing.map(|chunk| chunk.id).collect()
}

/// Gives the chunks that only words found their similarity, where they have a vector.
fn complete_similarities(chunks: &mut [Candidate<Uuid>], vector: &vector::Question) -> Result<()> {
    let ids = without_score(chunks, |chunk| &chunk.vector);
    if ids.is_empty() {
        return Ok(());
    }
    let similarities = vector.similarities(ids)?;
    for chunk in chunks
        .iter_mut()
        .filter(|chunk| chunk.vector.score.is_none())
    {
        chunk.vector.score = similarities.get(&chunk.id).copied();
    }
    Ok(())
}

/// Gives the chunks that only vectors found their BM25 score, 0 without any word of the question, and drops those that the
/// question excludes. Where no chunk has any word, words say nothing.
fn complete_words(
    chunks: &mut Vec<Candidate<Uuid>>,
    search: &Search,
    worded: &Worded,
) -> Result<()> {
    let has_words = !worded.leg.is_empty();
    if worded.is_all && !search.has_filters() {
        // Whatever words find is in the leg.
        for chunk in chunks.iter_mut().filter(|chunk| chunk.text.score.is_none()) {
            chunk.text.score = Some(0.0).filter(|_| has_words);
        }
        return Ok(());
    }
    let ids = without_score(chunks, |chunk| &chunk.text);
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
