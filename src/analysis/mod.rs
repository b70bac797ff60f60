//! What happens to a text before the text search parser of Postgres sees it, so that it finds words where that parser
//! finds none. Stored text and questions go through the same rules; only the ends of runs differ, see [`bigrams`].
//!
//! 1. Unicode NFKC: composed letters, full-width and half-width forms, ligatures and superscripts have one spelling.
//! 2. Runs of scripts that are written without spaces become overlapping pairs of characters (`bigrams`).
//! 3. Names whose punctuation the parser drops are spelled out beside what it leaves of them (`names`).
//!
//! Everything else, Latin words inside Chinese text for instance, reaches the parser and the stemmer as it is, with its
//! place in the text: phrases and distances work.

mod bigrams;
mod names;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

pub use bigrams::{run_length as unspaced_prefix, unspaced_length};

/// What a text is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Being stored: everything that a question may ask for is there.
    Stored,
    /// A question: words in any order.
    Question,
    /// A phrase: words that follow each other as in the stored text.
    Phrase,
}

/// `text` for `to_tsvector`, to be stored.
#[must_use]
pub fn stored(text: &str) -> Cow<'_, str> {
    prepared(text, Side::Stored)
}

/// `text` for the words of a question.
#[must_use]
pub fn question(text: &str) -> Cow<'_, str> {
    prepared(text, Side::Question)
}

/// `text` for `phraseto_tsquery`.
#[must_use]
pub fn phrase(text: &str) -> Cow<'_, str> {
    prepared(text, Side::Phrase)
}

fn prepared(text: &str, side: Side) -> Cow<'_, str> {
    match ComposingNormalizerBorrowed::new_nfkc().normalize(text) {
        Cow::Borrowed(text) => rewritten(text, side),
        Cow::Owned(text) => match rewritten(&text, side) {
            Cow::Borrowed(_) => Cow::Owned(text),
            Cow::Owned(rewritten) => Cow::Owned(rewritten),
        },
    }
}

/// A text that is copied with some parts replaced; not copied at all while nothing is.
struct Rewriting<'t> {
    text: &'t str,
    copied: usize,
    output: String,
}

impl<'t> Rewriting<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            copied: 0,
            output: String::new(),
        }
    }

    /// The output, with everything before byte `start` of the text in it; goes on after byte `end`.
    fn replace(&mut self, start: usize, end: usize) -> &mut String {
        if self.output.capacity() == 0 {
            self.output.reserve(self.text.len() * 2);
        }
        self.output.push_str(&self.text[self.copied..start]);
        self.copied = end;
        &mut self.output
    }

    fn finish(mut self) -> Cow<'t, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.output.push_str(&self.text[self.copied..]);
        Cow::Owned(self.output)
    }
}

fn rewritten(text: &str, side: Side) -> Cow<'_, str> {
    let mut rewriting = Rewriting::new(text);
    let mut bigrams = bigrams::Writer::new(side);
    let mut at = 0;
    while let Some(start) = next_interesting(text, at) {
        at = match text.as_bytes()[start] {
            b'+' | b'#' | b'.' | b'-' => names::rewrite(&mut rewriting, start),
            _ => bigrams.rewrite(&mut rewriting, start),
        };
    }
    rewriting.finish()
}

/// The next byte at or after `from` where a rule might apply: one of four marks, or the beginning of a character of the
/// scripts without spaces, which all have three bytes or more. Nearly all text is skipped here.
fn next_interesting(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(from..)?;
    bytes
        .iter()
        .position(|byte| matches!(byte, b'+' | b'#' | b'.' | b'-' | 0xE0..))
        .map(|offset| from + offset)
}
