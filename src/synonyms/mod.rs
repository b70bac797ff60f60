//! Synonyms of the terms in a query.

pub mod matching;

use std::collections::HashSet;

use matching::{TermIndex, normalize, tokens};

/// The longest term in tokens that a query is searched for; a token is a word or a punctuation mark.
const MAX_TERM_TOKENS: usize = 8;

/// Queries beyond this many tokens are pasted text: their later words are not expanded.
const MAX_QUERY_TOKENS: usize = 128;

/// A term of a query with its synonyms.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion {
    /// The term, normalised.
    pub term: String,
    /// What else it may be called.
    pub synonyms: Vec<String>,
    /// Whose entry it is: `domain` or `global`.
    pub source: String,
    /// How much a synonym counts beside the term itself, which counts 1.
    pub weight: f32,
}

/// Every text in `query` that could be a term: all runs of up to eight tokens. Looking them up by equality finds all
/// entries that matter, however many terms a domain has.
#[must_use]
pub fn candidate_terms(query: &str) -> Vec<String> {
    let query = normalize(query);
    let tokens = tokens(&query);
    let tokens = &tokens[..tokens.len().min(MAX_QUERY_TOKENS)];
    let runs = (0..tokens.len()).flat_map(|first| {
        let last = tokens.len().min(first + MAX_TERM_TOKENS);
        tokens[first..last]
            .iter()
            .map(move |token| (first, token.end))
    });
    let candidates: HashSet<&str> = runs
        .map(|(first, end)| &query[tokens[first].start..end])
        .collect();
    candidates.into_iter().map(str::to_owned).collect()
}

/// The entries whose terms stand in `query`: where terms overlap the longest wins, and each term counts once.
#[must_use]
pub fn longest_matches(query: &str, entries: Vec<Expansion>) -> Vec<Expansion> {
    let index = TermIndex::new(entries.into_iter().map(|entry| (entry.term.clone(), entry)));
    let mut seen = HashSet::new();
    index
        .find(&normalize(query))
        .into_iter()
        .flat_map(|found| found.payloads)
        .filter(|entry| seen.insert(entry.term.clone()))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(term: &str) -> Expansion {
        Expansion {
            term: term.into(),
            synonyms: vec![format!("{term}!")],
            source: "domain".into(),
            weight: 0.6,
        }
    }

    #[test]
    fn every_term_of_a_query_is_a_candidate() {
        let candidates = candidate_terms("Opening  HOURS of c++ shops");
        for term in ["opening", "opening hours", "c++", "hours of c++ shops"] {
            assert!(
                candidates.iter().any(|candidate| candidate == term),
                "{term} in {candidates:?}"
            );
        }
    }

    #[test]
    fn a_longer_term_hides_a_shorter_one_inside_it() {
        let found = longest_matches(
            "What are your opening hours?",
            vec![entry("hours"), entry("opening hours")],
        );
        assert_eq!(
            found
                .iter()
                .map(|entry| entry.term.as_str())
                .collect::<Vec<_>>(),
            ["opening hours"]
        );
    }

    #[test]
    fn a_repeated_term_is_expanded_once() {
        assert_eq!(
            longest_matches("refund refund", vec![entry("refund")]).len(),
            1
        );
    }

    #[test]
    fn pasted_text_has_a_bounded_number_of_candidates() {
        let pasted = (0..100_000)
            .map(|i| format!("word{i} "))
            .collect::<String>();
        assert!(candidate_terms(&pasted).len() <= MAX_QUERY_TOKENS * MAX_TERM_TOKENS);
    }
}
