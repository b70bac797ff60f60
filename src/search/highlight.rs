//! Marks the words of a question in the chunks that are shown, as HTML.
//!
//! A word is asked for when it has a lexeme that the question asks for, in the language of the domain: what search itself
//! compares. So stems, synonyms and the pairs of characters of scripts without spaces are marked where they were found.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::question::lexemes;
use crate::analysis;
use crate::bm25::question::{Concept, Lexeme, Question, named};
use crate::error::Result;
use crate::tenancy::Domain;

/// The lexemes that a question asks for.
pub struct Asked {
    words: BTreeSet<Lexeme>,
    prefixes: BTreeSet<Lexeme>,
}

impl Asked {
    pub fn of(question: &Question) -> Self {
        let concepts = question.concepts.iter().flat_map(Concept::patterns);
        let (words, prefixes) = named(concepts.chain(&question.required));
        Self { words, prefixes }
    }

    fn has(&self, lexeme: &Lexeme) -> bool {
        self.words.contains(lexeme)
            || self
                .prefixes
                .iter()
                .any(|prefix| lexeme.starts_with(prefix))
    }
}

/// The texts as HTML, with `<mark>` around the words that are asked for; everything else of them is escaped.
pub fn html(domain: &Domain, asked: &Asked, texts: &[&str]) -> Result<Vec<String>> {
    let pieces: Vec<Vec<Range<usize>>> = texts.iter().map(|text| pieces(text)).collect();
    let all = texts.iter().zip(&pieces);
    let different: HashSet<&str> = all
        .flat_map(|(text, pieces)| pieces.iter().map(|piece| &text[piece.clone()]))
        .collect();
    let different: Vec<&str> = different.into_iter().collect();
    let prepared: Vec<_> = different
        .iter()
        .map(|piece| analysis::question(piece))
        .collect();
    let is_asked: HashMap<&str, bool> = different
        .iter()
        .copied()
        .zip(lexemes(domain, &prepared)?)
        .map(|(piece, lexemes)| (piece, lexemes.iter().any(|(lexeme, _)| asked.has(lexeme))))
        .collect();
    let marked = |(text, pieces): (&&str, Vec<Range<usize>>)| {
        let found = pieces
            .into_iter()
            .filter(|piece| is_asked[&text[piece.clone()]]);
        marked(text, found)
    };
    Ok(texts.iter().zip(pieces).map(marked).collect())
}

/// Where the words of a text are, and in scripts without spaces the pairs of characters, which overlap.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let is_gap = |c: char| c.is_whitespace() || "()[]{}<>\"*|`,;!?".contains(c);
    let mut pieces = Vec::new();
    for word in text.split(is_gap) {
        let mut start = word.as_ptr().addr() - text.as_ptr().addr();
        let end = start + word.len();
        while start < end {
            let rest = &text[start..end];
            let unspaced = analysis::unspaced_prefix(rest);
            start += if unspaced > 0 {
                pieces.extend(pairs(start, &rest[..unspaced]));
                unspaced
            } else {
                let spaced = next_unspaced(rest);
                pieces.extend(without_punctuation(start, &rest[..spaced]));
                spaced
            };
        }
    }
    pieces
}

/// Where the first character of the scripts without spaces is.
fn next_unspaced(text: &str) -> usize {
    text.char_indices()
        .map(|(place, _)| place)
        .find(|&place| analysis::unspaced_prefix(&text[place..]) > 0)
        .unwrap_or(text.len())
}

/// The pairs of neighbours in a run that begins at `start`; a single character is one by itself.
fn pairs(start: usize, run: &str) -> Vec<Range<usize>> {
    let mut bounds: Vec<usize> = run
        .grapheme_indices(true)
        .map(|(place, _)| start + place)
        .collect();
    bounds.push(start + run.len());
    let width = bounds.len().min(3);
    let pairs = bounds.windows(width);
    pairs.map(|pair| pair[0]..pair[width - 1]).collect()
}

/// A word that begins at `start`, without what punctuation surrounds it; names such as `c++` keep theirs.
fn without_punctuation(start: usize, word: &str) -> Option<Range<usize>> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '+' || c == '#';
    let first = word.find(is_of_name)?;
    let (last, c) = word.char_indices().rfind(|&(_, c)| is_of_name(c))?;
    Some(start + first..start + last + c.len_utf8())
}

/// A text as HTML with `<mark>` around these places, which are in order and may overlap.
fn marked(text: &str, places: impl Iterator<Item = Range<usize>>) -> String {
    let mut html = String::with_capacity(text.len() * 5 / 4);
    let mut done = 0;
    let mut places = places.peekable();
    while let Some(mut place) = places.next() {
        while let Some(next) = places.next_if(|next| next.start < place.end) {
            place.end = place.end.max(next.end);
        }
        escape(&text[done..place.start], &mut html);
        html.push_str("<mark>");
        escape(&text[place.clone()], &mut html);
        html.push_str("</mark>");
        done = place.end;
    }
    escape(&text[done..], &mut html);
    html
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces_of(text: &str) -> Vec<&str> {
        pieces(text).into_iter().map(|piece| &text[piece]).collect()
    }

    #[test]
    fn words_are_taken_without_the_punctuation_around_them() {
        assert_eq!(
            pieces_of("**Refunds**, (see [terms](/t)): c++ isn't \"free\"."),
            ["Refunds", "see", "terms", "t", "c++", "isn't", "free"]
        );
    }

    #[test]
    fn scripts_without_spaces_are_taken_in_pairs() {
        assert_eq!(pieces_of("iPhone手机壳 x"), ["iPhone", "手机", "机壳", "x"]);
        assert_eq!(pieces_of("茶"), ["茶"]);
    }

    #[test]
    fn overlapping_places_get_one_mark_and_everything_is_escaped() {
        assert_eq!(
            marked("<b>手机壳</b>", [3..9, 6..12].into_iter()),
            "&lt;b&gt;<mark>手机壳</mark>&lt;/b&gt;"
        );
        assert_eq!(marked("a & 'b'", std::iter::empty()), "a &amp; &#39;b&#39;");
    }
}
