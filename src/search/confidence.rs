//! How likely it is that what was found answers the question. A fused score cannot say: the best of a bad list has the
//! score of the best. So confidence is computed from the raw scores.
//!
//! Two numbers tell: how much of the best BM25 score that a text could have for this question is reached (coverage, 0 to
//! 1), and the cosine similarity. Their logistic regression, fitted on 400 questions of each of four collections with
//! each one's questions asked of the other three as the unanswerable ones (every collection weighs the same), separates
//! these very questions with an area under the ROC curve of 0.98 on average; with cosines alone 0.977, with words alone 0.86. How far the legs
//! agree on ranks was tried as a third number and added nothing (0.0002). `benches/quality
//! --confidence` measures it on any collections.

/// Coefficients of a logistic regression.
struct Regression {
    coverage: f32,
    similarity: f32,
    constant: f32,
}

/// Both legs know the chunk.
const BOTH: Regression = Regression {
    coverage: 4.6,
    similarity: 18.2,
    constant: -6.9,
};
/// Without vectors.
const WORDS: Regression = Regression {
    coverage: 10.4,
    similarity: 0.0,
    constant: -2.5,
};
/// Without words.
const VECTORS: Regression = Regression {
    coverage: 0.0,
    similarity: 20.5,
    constant: -6.6,
};

/// What is known of one chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// BM25 score as a share of the highest that any text could have for this question.
    pub coverage: Option<f32>,
    /// Cosine similarity.
    pub similarity: Option<f32>,
}

/// The probability, 0 to 1, that a chunk answers the question. `unrelated` is the cosine similarity that texts without
/// anything in common have in the embedding model: about 0 in the models measured, 0.7 in some.
pub fn confidence(evidence: Evidence, unrelated: f32) -> f32 {
    let similarity = evidence
        .similarity
        .map(|cosine| (cosine - unrelated) / (1.0 - unrelated));
    let regression = match (evidence.coverage, similarity) {
        (Some(_), Some(_)) => BOTH,
        (Some(_), None) => WORDS,
        (None, Some(_)) => VECTORS,
        (None, None) => return 0.0,
    };
    let exponent = regression.coverage * evidence.coverage.unwrap_or(0.0)
        + regression.similarity * similarity.unwrap_or(0.0)
        + regression.constant;
    1.0 / (1.0 + (-exponent).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(coverage: Option<f32>, similarity: Option<f32>) -> f32 {
        confidence(
            Evidence {
                coverage,
                similarity,
            },
            0.0,
        )
    }

    #[test]
    fn more_evidence_is_more_confidence() {
        for (less, more) in [
            (of(Some(0.1), None), of(Some(0.6), None)),
            (of(None, Some(0.1)), of(None, Some(0.6))),
            (of(Some(0.2), Some(0.3)), of(Some(0.4), Some(0.3))),
            (of(Some(0.2), Some(0.3)), of(Some(0.2), Some(0.5))),
        ] {
            assert!(less < more);
        }
    }

    #[test]
    fn nothing_known_is_no_confidence() {
        assert_eq!(of(None, None), 0.0);
    }

    #[test]
    fn a_model_whose_unrelated_texts_are_similar_is_read_from_there() {
        let evidence = Evidence {
            coverage: None,
            similarity: Some(0.75),
        };
        assert!(confidence(evidence, 0.7) < 0.05);
        assert!(confidence(evidence, 0.0) > 0.99);
    }
}
