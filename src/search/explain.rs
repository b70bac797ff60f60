//! Why a search found what it found.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use pgrx::datum::Interval;
use pgrx::prelude::*;
use pgrx::{JsonB, Uuid};
use serde_json::{Value, json};

use super::candidates::Work;
use super::candidates::{Asked, Match};
use super::filter::Filter;
use super::fusion::{Fusion, Standing};
use super::legs::text::{self, Search};
use super::results::Shown;
use super::{checked_match_count, settings};
use crate::bm25::document::Part;
use crate::bm25::question::{Concept, Pattern, Question};
use crate::error::Result;
use crate::opaque::{Json, Vector};
use crate::synonyms::Expansion;

/// What `hybrid_search` does with the same arguments, as a JSON document: the terms of the question with their inverse
/// document frequencies, the synonyms, the fusion, and for each of the best chunks what every term and each leg added to
/// its score. `legs` says how each found its candidates: for words, how many chunks with a word of the question were looked
/// at and how many of those could be among the best; for vectors, the route (`exact` compares all of the domain's, `codes`
/// those that their codes let be among the nearest, `index` and `own index` scan an HNSW index), how many vectors the domain
/// has and how many there are in all, and whether the index found too few and they were compared after all; for a filter, how
/// many chunks pass it, or, where many do, of how many of the best it was found out whether they pass (`asked`). Times are in
/// milliseconds; `completion` is what it takes to give chunks that one leg found the score of the other.
///
/// Raises what `hybrid_search` raises.
#[pg_extern(schema = "frontdesk", stable)]
#[allow(clippy::too_many_arguments)]
fn explain_search(
    domain: Option<&str>,
    query_text: Option<&str>,
    query_embedding: default!(Option<Vector>, "NULL"),
    match_count: default!(Option<i32>, "10"),
    fusion: default!(Option<&str>, "NULL"),
    text_weight: default!(Option<f32>, "NULL"),
    filter: default!(Option<Json>, "NULL"),
    content_type: default!(Option<&str>, "NULL"),
    max_page_age: default!(Option<Interval>, "NULL"),
) -> Result<JsonB> {
    let started = Instant::now();
    let filter = Filter::checked(filter, content_type, max_page_age)?;
    let asked = Asked::checked(domain, query_text, query_embedding.as_ref(), filter)?;
    let match_count = checked_match_count(match_count)?;
    let shown = Shown::rows(match_count);
    let fusion = settings::fusion(&asked.domain, fusion, text_weight)?;
    let candidates = asked.candidates(&shown, &fusion)?;
    let (count, highest) = (candidates.chunks.len(), candidates.highest_text_score);
    let found_by = found_by(&candidates.work);
    let ranking = candidates.ranked(&fusion, 0.0);
    let took = started.elapsed();
    let shown: Vec<&Match> = ranking.matches.iter().take(match_count).collect();
    let words = Words::of(&asked, &ranking.question, &shown)?;
    Ok(JsonB(json!({
        "domain": asked.domain.name,
        "terms": words.terms,
        "synonyms": words.synonyms,
        "fusion": {"method": fusion.method.name(), "text_weight": decimal(fusion.text_weight)},
        "candidates": count,
        "legs": found_by,
        "highest_text_score": decimal(highest),
        "search_confidence": decimal(ranking.confidence),
        "results": shown.iter().map(|found| result(found, &fusion, &words)).collect::<Vec<_>>(),
        "milliseconds": took.as_secs_f64() * 1000.0,
    })))
}

/// How the candidates were found.
fn found_by(work: &Work) -> Value {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let text = work.text.map(|effort| {
        json!({
            "looked_at": effort.seen,
            "scored": effort.scored,
            "milliseconds": milliseconds(work.text_time),
        })
    });
    let vector = work.vector.as_ref().map(|nearest| {
        json!({
            "route": nearest.route.name(),
            "candidates": nearest.leg.len(),
            "vectors": nearest.sizes.tenant,
            "vectors_of_all": nearest.sizes.total,
            "completed": nearest.is_completed,
            "milliseconds": milliseconds(work.vector_time),
        })
    });
    let filter = (work.filter.as_ref())
        .map(|filter| json!({"passing": filter.passing, "asked": filter.asked}));
    json!({
        "text": text,
        "vector": vector,
        "filter": filter,
        "completion": {"milliseconds": milliseconds(work.completion_time)},
    })
}

/// What the words of a question have to do with the chunks that are shown.
struct Words {
    terms: Vec<Value>,
    synonyms: Vec<Value>,
    names: Vec<String>,
    parts: HashMap<Uuid, Vec<Part>>,
}

impl Words {
    fn of(asked: &Asked, question: &Question, shown: &[&Match]) -> Result<Self> {
        if asked.text.is_none() {
            return Ok(Self {
                terms: Vec::new(),
                synonyms: Vec::new(),
                names: Vec::new(),
                parts: HashMap::new(),
            });
        }
        let expansions = asked.expansions()?;
        let ids: Vec<Uuid> = shown.iter().map(|found| found.fused.candidate.id).collect();
        text::search(&asked.domain, question, asked.seen, |search| {
            Ok(Self {
                terms: terms(question, search),
                synonyms: expansions.iter().map(synonym).collect(),
                names: question.concepts.iter().map(concept_name).collect(),
                parts: search.parts(&ids)?,
            })
        })
    }

    fn of_chunk(&self, id: Uuid) -> Vec<Value> {
        let parts = self.parts.get(&id).map_or(&[][..], Vec::as_slice);
        parts
            .iter()
            .map(|(concept, score)| json!({"term": self.names.get(*concept), "score": score}))
            .collect()
    }
}

fn terms(question: &Question, search: &Search) -> Vec<Value> {
    let idf = |pattern: &Pattern| search.idfs().get(pattern);
    let scored = question.concepts.iter().map(|concept| {
        let others = concept.alternatives.iter().map(|other| {
            json!({"term": other.pattern.to_string(), "weight": other.weight, "idf": idf(&other.pattern)})
        });
        json!({
            "term": concept_name(concept),
            "idf": concept.literal.iter().filter_map(idf).sum::<f64>(),
            "alternatives": others.collect::<Vec<_>>(),
        })
    });
    let required = question
        .required
        .iter()
        .map(|pattern| json!({"required": pattern.to_string()}));
    let excluded = question
        .excluded
        .iter()
        .map(|pattern| json!({"excluded": pattern.to_string()}));
    scored.chain(required).chain(excluded).collect()
}

fn synonym(expansion: &Expansion) -> Value {
    json!({
        "term": expansion.term,
        "synonyms": expansion.synonyms,
        "source": expansion.source,
        "weight": expansion.weight,
    })
}

fn concept_name(concept: &Concept) -> String {
    let names: Vec<String> = concept.literal.iter().map(ToString::to_string).collect();
    names.join(" ")
}

fn result(found: &Match, fusion: &Fusion, words: &Words) -> Value {
    let candidate = &found.fused.candidate;
    let (has_text, has_vector) = (found.fused.text.is_some(), found.fused.vector.is_some());
    let (text_weight, vector_weight) = fusion.weights(has_text, has_vector);
    let leg = |standing: &Standing, normalised: Option<f32>, weight: f32| {
        json!({
            "rank": standing.rank,
            "score": standing.score.map(decimal),
            "normalised": normalised.map(decimal),
            "weight": decimal(weight),
        })
    };
    let mut text = leg(&candidate.text, found.fused.text, text_weight);
    text["terms"] = words.of_chunk(candidate.id).into();
    let mut vector = leg(&candidate.vector, found.fused.vector, vector_weight);
    vector["distance"] = json!(
        candidate
            .vector
            .score
            .map(|similarity| decimal(1.0 - similarity))
    );
    json!({
        "chunk_id": candidate.id.to_string(),
        "score": decimal(found.fused.score),
        "confidence": decimal(found.confidence),
        "text": text,
        "vector": vector,
    })
}

/// The shortest decimal that stands for a single-precision number: 0.6 and not 0.6000000238418579.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}
