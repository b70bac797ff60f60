//! The built-in sentence model: a small BERT whose weights are inside the crate, so that nothing is downloaded.
//!
//! A hosted model is in `endpoint.rs`.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use pocket_encoder::{Encoder, model_info};

/// The model reads 128 word pieces, about 600 characters of English; more than this is never looked at.
const MAX_BYTES: usize = 8 * 1024;

/// What the queue is told about a job that did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Not our failure: does not count as an attempt. A hosted model's HTTP 429, or a worker that was stopped.
    Untried,
    /// Another attempt may succeed.
    Retryable,
    /// The same text would fail again.
    Fatal,
}

impl Class {
    /// The name that `fail_embedding_jobs` knows.
    pub fn name(self) -> &'static str {
        match self {
            Class::Untried => "rate_limited",
            Class::Retryable => "retryable",
            Class::Fatal => "fatal",
        }
    }
}

/// Why a text has no vector. The message never repeats the text.
#[derive(Clone, Debug)]
pub struct Failure {
    pub class: Class,
    pub message: String,
    /// How long to wait, when the provider says so.
    pub retry_after: Option<Duration>,
}

impl Failure {
    pub fn retryable(message: String) -> Self {
        Self {
            class: Class::Retryable,
            message,
            retry_after: None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}

/// The name under which the vectors are recorded: vectors of two models must never meet in one index.
pub fn name() -> String {
    model_info().id
}

pub fn dimensions() -> usize {
    model_info().dimensions
}

pub struct Model(Encoder);

impl Model {
    pub fn load() -> Result<Self, Failure> {
        Encoder::new().map(Model).map_err(failure)
    }

    /// A vector of unit length.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, Failure> {
        let vectors = self.0.embed(&[cut(text, MAX_BYTES)]).map_err(failure)?;
        let vector = vectors.into_iter().next();
        vector.ok_or_else(|| Failure::retryable("the model returned no vector".into()))
    }
}

fn failure(error: pocket_encoder::Error) -> Failure {
    let class = match error {
        pocket_encoder::Error::Input(_) => Class::Fatal,
        pocket_encoder::Error::Inference(_) => Class::Retryable,
    };
    Failure {
        class,
        message: error.to_string(),
        retry_after: None,
    }
}

fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_sentences_are_nearer_than_different_ones() {
        let model = Model::load().unwrap();
        let [question, answer, other] = [
            "How do I save a copy of my data?",
            "Making a backup of the database",
            "The weather in June",
        ]
        .map(|text| model.embed(text).unwrap());
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        assert!(dot(&question, &answer) > dot(&question, &other) + 0.2);
    }

    #[test]
    fn a_blank_text_is_fatal_and_a_long_one_is_cut_between_characters() {
        let model = Model::load().unwrap();
        assert_eq!(model.embed("  ").unwrap_err().class, Class::Fatal);
        assert_eq!(model.embed(&"é".repeat(100_000)).unwrap().len(), 384);
        assert_eq!(cut("éé", 3), "é");
    }
}
