//! Finds a domain's terms in a query: whole words, the longest term first, user text never read as a pattern.
//!
//! Terms and query are normalised in the same way and cut into tokens at the word borders of Unicode annex 29, every
//! punctuation mark a token of its own. A term is a run of tokens; looking one up is one hash lookup. Two rules keep names
//! with punctuation whole: `c` is not found in `c++`, nor `x` in `x-100`, while `c++`, `c#`, `.net` and `x-100` are terms.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_segmentation::UnicodeSegmentation;

/// `text` in the spelling in which terms and queries are compared: Unicode NFKC, lower case, every run of white space one
/// space, none at the ends.
#[must_use]
pub fn normalize(text: &str) -> String {
    let text = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let mut normalised = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !normalised.is_empty() {
            normalised.push(' ');
        }
        normalised.push_str(&word.to_lowercase());
    }
    normalised
}

/// A term found in a query.
#[derive(Debug, PartialEq, Eq)]
pub struct Match<'i, P> {
    /// Where the term stands, in bytes of the normalised query.
    pub range: Range<usize>,
    /// What was given with the term; several when it was given several times.
    pub payloads: &'i [P],
}

/// Terms that can be looked for in any number of queries.
#[derive(Debug)]
pub struct TermIndex<P> {
    payloads: HashMap<String, Vec<P>>,
    /// For each first token, the numbers of tokens of the terms that begin with it, largest first.
    lengths: HashMap<String, Vec<usize>>,
}

impl<P> TermIndex<P> {
    /// An index over `terms`. Terms that differ in case and white space only are one; those without any character are left out.
    pub fn new<T: AsRef<str>>(terms: impl IntoIterator<Item = (T, P)>) -> Self {
        let mut index = Self {
            payloads: HashMap::new(),
            lengths: HashMap::new(),
        };
        for (term, payload) in terms {
            index.add(normalize(term.as_ref()), payload);
        }
        index
    }

    /// The terms in `query`, which must be normalised (see [`normalize`]): from left to right, at each place the longest one,
    /// none overlapping another.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Match<'_, P>> {
        let tokens: Vec<Range<usize>> = tokens(query).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((length, payloads)) = self.longest_at(query, &tokens, at) {
                let range = tokens[at].start..tokens[at + length - 1].end;
                found.push(Match { range, payloads });
                at += length;
            } else {
                at += 1;
            }
        }
        found
    }

    fn add(&mut self, term: String, payload: P) {
        let tokens: Vec<Range<usize>> = tokens(&term).collect();
        let Some(first) = tokens.first() else { return };
        let lengths = self
            .lengths
            .entry(term[first.clone()].to_owned())
            .or_default();
        if let Err(place) = lengths.binary_search_by(|length| tokens.len().cmp(length)) {
            lengths.insert(place, tokens.len());
        }
        self.payloads.entry(term).or_default().push(payload);
    }

    fn longest_at(&self, query: &str, tokens: &[Range<usize>], at: usize) -> Option<(usize, &[P])> {
        let lengths = self.lengths.get(&query[tokens[at].clone()])?;
        if is_glued(query, tokens, at) {
            return None;
        }
        lengths
            .iter()
            .filter(|length| {
                at + **length <= tokens.len() && !is_glued(query, tokens, at + **length)
            })
            .find_map(|length| {
                let text = &query[tokens[at].start..tokens[at + length - 1].end];
                Some((*length, self.payloads.get(text)?.as_slice()))
            })
    }
}

/// The tokens of a text: what stands between word borders, without white space.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split_word_bound_indices()
        .filter(|(_, token)| !token.trim().is_empty())
        .map(|(start, token)| start..start + token.len())
}

/// Whether the place before token `at` is inside a name that is written with punctuation, so that no term may begin or end there.
fn is_glued(query: &str, tokens: &[Range<usize>], at: usize) -> bool {
    let token = |index: Option<usize>| index.and_then(|i| tokens.get(i)).map(|t| &query[t.clone()]);
    let (Some(left), Some(right)) = (token(at.checked_sub(1)), token(Some(at))) else {
        return false;
    };
    if tokens[at - 1].end != tokens[at].start {
        return false;
    }
    let touching = |a: usize, b: usize| b < tokens.len() && tokens[a].end == tokens[b].start;
    match (is_word(left), is_word(right)) {
        (true, false) => {
            let after = if touching(at, at + 1) {
                token(Some(at + 1))
            } else {
                None
            };
            glues_after(left, right, after)
        }
        (false, true) => {
            let before = if at >= 2 && touching(at - 2, at - 1) {
                token(Some(at - 2))
            } else {
                None
            };
            glues_before(before, left, right)
        }
        (false, false) => left == right && matches!(left, "+" | "#"),
        (true, true) => false,
    }
}

/// Whether the mark continues the word on its left: `c+`, `c#`, `at&t`, `x-100`.
fn glues_after(word: &str, mark: &str, after: Option<&str>) -> bool {
    match mark {
        "+" | "#" => true,
        "&" | "@" => after.is_some_and(is_word),
        "-" | "/" => after.is_some_and(|after| is_word(after) && (is_code(word) || is_code(after))),
        _ => false,
    }
}

/// Whether the mark belongs to the word on its right: `.net`, `#1`, `at&t`, `x-100`.
fn glues_before(before: Option<&str>, mark: &str, word: &str) -> bool {
    let before = before.filter(|before| is_word(before));
    match mark {
        "." | "#" | "@" => before.is_none() || mark == "@",
        "&" => before.is_some(),
        "-" | "/" => before.is_some_and(|before| is_code(before) || is_code(word)),
        _ => false,
    }
}

fn is_word(token: &str) -> bool {
    token.chars().any(char::is_alphanumeric)
}

/// What part numbers are made of: something with a digit, or a single letter.
fn is_code(word: &str) -> bool {
    word.chars().any(char::is_numeric) || word.chars().count() == 1
}
