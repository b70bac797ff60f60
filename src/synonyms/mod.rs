//! Synonyms of the terms in a query.

pub mod matching;
pub mod solr;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use matching::{TermIndex, tokens};

/// The longest term in tokens that a query is searched for. A token is a word, a punctuation mark, or one character of a
/// script without spaces between words, in which terms have the most tokens.
const MAX_TERM_TOKENS: usize = 16;

/// Queries beyond this many tokens are pasted text: their later words are not expanded.
const MAX_QUERY_TOKENS: usize = 128;

/// Runs of tokens that are looked up. In a query of more than 32 tokens the longest terms are not found any more, of 128
/// those above four.
const MAX_CANDIDATES: usize = 512;

/// Synonyms of one query, those of the highest priority; each costs a look-up in the index.
pub const MAX_SYNONYMS: usize = 64;

/// What an entry says of one name in a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name that was looked up: the entry's term, or one of its synonyms.
    pub name: String,
    /// What else it may be called by this entry.
    pub synonyms: Vec<String>,
    /// Whether the name is the entry's term.
    pub is_term: bool,
    /// Whose entry it is: `domain` or `global`.
    pub source: String,
    /// How much a synonym counts beside the name itself, which counts 1.
    pub weight: f32,
    /// Higher is used first.
    pub priority: i32,
}

impl Entry {
    fn is_of_domain(&self) -> bool {
        self.source == "domain"
    }
}

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

/// Every text in a normalised `query` that could be a term: all runs of tokens. Looking them up by equality finds all entries
/// that matter, however many terms a domain has.
#[must_use]
pub fn candidate_terms(query: &str) -> Vec<&str> {
    let tokens: Vec<Range<usize>> = tokens(query).take(MAX_QUERY_TOKENS).collect();
    let longest = (MAX_CANDIDATES / tokens.len().max(1)).min(MAX_TERM_TOKENS);
    let runs = (0..tokens.len()).flat_map(|first| {
        let last = tokens.len().min(first + longest);
        tokens[first..last]
            .iter()
            .map(move |token| (first, token.end))
    });
    let candidates: HashSet<&str> = runs
        .map(|(first, end)| &query[tokens[first].start..end])
        .collect();
    candidates.into_iter().collect()
}

/// The terms of a normalised `query` with the synonyms that `entries` have for them: by priority, then in the order of the
/// query. Where terms overlap the longest wins, and each counts once.
#[must_use]
pub fn expansions(query: &str, entries: Vec<Entry>) -> Vec<Expansion> {
    let index = TermIndex::new(entries.into_iter().map(|entry| (entry.name.clone(), entry)));
    let mut seen = HashSet::new();
    let mut found: Vec<Vec<&Entry>> = index
        .find(query)
        .into_iter()
        .filter(|hit| seen.insert(&query[hit.range.clone()]))
        .map(|hit| in_order(hit.payloads))
        .collect();
    found.sort_by_key(|entries| Reverse(entries.iter().map(|entry| entry.priority).max()));
    let mut room = MAX_SYNONYMS;
    found
        .into_iter()
        .filter_map(|entries| of_one_term(&entries, &mut room))
        .collect()
}

/// The entries that count for a name, those of which it is the term before those where it is a synonym. What the domain says
/// of a name hides what holds for everybody.
fn in_order(entries: &[Entry]) -> Vec<&Entry> {
    let is_hidden = entries.iter().any(Entry::is_of_domain);
    let mut entries: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.is_of_domain() || !is_hidden)
        .collect();
    entries.sort_by_key(|entry| (Reverse(entry.is_term), Reverse(entry.priority)));
    entries
}

/// What a name may be called by all its entries, nothing twice, and not more than there is `room` for.
fn of_one_term(entries: &[&Entry], room: &mut usize) -> Option<Expansion> {
    let first = entries.first()?;
    let mut seen = HashSet::from([first.name.as_str()]);
    let synonyms: Vec<String> = entries
        .iter()
        .flat_map(|entry| &entry.synonyms)
        .filter(|synonym| seen.insert(synonym.as_str()))
        .take(*room)
        .cloned()
        .collect();
    *room -= synonyms.len();
    (!synonyms.is_empty()).then(|| Expansion {
        term: first.name.clone(),
        synonyms,
        source: first.source.clone(),
        weight: first.weight,
    })
}
