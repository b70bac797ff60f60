//! What a worker hands in: for each chunk the hash of the text that was embedded, and the vector as text.

use super::arguments::{all_given, one_length};
use crate::error::Result;

/// Lengths of vectors between which cosine distances, which pgvector computes in single precision, neither overflow nor
/// vanish.
const USABLE_LENGTHS: std::ops::RangeInclusive<f64> = 1e-15..=1e15;

/// Three lists of one length.
#[derive(Debug)]
pub struct HandedIn {
    pub ids: Vec<pgrx::Uuid>,
    pub hashes: Vec<String>,
    /// None where what came is no usable vector; it must not reach a cast, which would fail for all.
    pub vectors: Vec<Option<String>>,
    /// What is wrong with the first such.
    pub first_problem: Option<String>,
}

impl HandedIn {
    /// Checks the lists of one call; only a vector may be missing or wrong.
    pub fn new(
        ids: Vec<Option<pgrx::Uuid>>,
        hashes: Vec<Option<String>>,
        embeddings: Vec<Option<String>>,
        dimensions: i32,
    ) -> Result<Self> {
        one_length(
            "chunk_ids, content_hashes and embeddings",
            &[ids.len(), hashes.len(), embeddings.len()],
        )?;
        let problems: Vec<_> = embeddings
            .iter()
            .map(|embedding| problem(embedding.as_deref(), dimensions))
            .collect();
        let vectors = embeddings.into_iter().zip(&problems);
        let vectors = vectors.map(|(embedding, problem)| embedding.filter(|_| problem.is_none()));
        Ok(Self {
            ids: all_given("chunk_ids", Some(ids))?,
            hashes: all_given("content_hashes", Some(hashes))?,
            vectors: vectors.collect(),
            first_problem: problems.into_iter().flatten().next(),
        })
    }
}

/// What is wrong with the text of a vector, which should be a list of numbers of the model's dimensions.
fn problem(embedding: Option<&str>, dimensions: i32) -> Option<String> {
    let Some(numbers) = embedding.and_then(|text| serde_json::from_str::<Vec<f32>>(text).ok())
    else {
        return Some("a vector was missing or not a list of numbers".into());
    };
    if usize::try_from(dimensions) != Ok(numbers.len()) {
        return Some(format!(
            "a vector had {} dimensions, the embedding model has {dimensions}",
            numbers.len()
        ));
    }
    let squares = numbers.iter().map(|number| f64::from(*number).powi(2));
    let length = squares.sum::<f64>().sqrt();
    (!USABLE_LENGTHS.contains(&length))
        .then(|| format!("a vector had the length {length:e}, so that it has no usable direction"))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_vector_must_have_the_models_dimensions() {
        assert_eq!(problem(Some("[0.5, -1e-3]"), 2), None);
        assert_eq!(
            problem(Some("[0.5]"), 2).as_deref(),
            Some("a vector had 1 dimensions, the embedding model has 2")
        );
    }

    #[test]
    fn a_vector_needs_a_direction() {
        for text in ["[0, 0.0]", "[1e-30, 1e-30]", "[3e38, 3e38]"] {
            assert!(problem(Some(text), 2).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_list_of_finite_numbers_is_refused() {
        for text in [
            "",
            "[",
            "[null, 1]",
            "[1e999, 1]",
            "[NaN, 1]",
            "{}",
            "'; drop table x",
        ] {
            assert!(problem(Some(text), 2).is_some(), "{text}");
        }
        assert!(problem(None, 2).is_some());
    }
}
