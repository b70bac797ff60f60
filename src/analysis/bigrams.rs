//! Scripts that are written without spaces: overlapping pairs of characters stand for words.
//!
//! A run of such characters becomes its pairs, `东方明珠` the three words `东方 方明 明珠`, so that a question finds the
//! run by any part of it and a phrase by its order. A character is what a reader takes for one (a grapheme cluster of
//! Unicode annex 29): a Thai consonant with its vowel and tone marks. Where text is stored, the last character follows
//! by itself: a single character that somebody asks for begins a pair everywhere else, and is found as a prefix.
//!
//! Pairs as index terms for Chinese, Japanese and Thai: Nie, Gao, Zhang and Zhou, "On the use of words and n-grams for
//! Chinese information retrieval", IRAL 2000; McNamee, "N-gram tokenization for Indian and other languages", 2008.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use unicode_segmentation::UnicodeSegmentation;

use super::{Rewriting, Side};

/// Most bytes of pairs in one stored text. With the 100,000 characters that a trigger reads at most, and at the worst
/// mixture of long and short pairs, a tsvector stays below its megabyte. 50,000 Chinese characters.
const MAX_STORED_BYTES: usize = 350_000;

/// Writes the pairs of one text.
pub struct Writer {
    side: Side,
    budget: usize,
}

impl Writer {
    pub fn new(side: Side) -> Self {
        let budget = if side == Side::Stored {
            MAX_STORED_BYTES
        } else {
            usize::MAX
        };
        Self { side, budget }
    }

    /// Replaces the run that begins at byte `start`, if one does; where to go on.
    pub fn rewrite(&mut self, rewriting: &mut Rewriting, start: usize) -> usize {
        let text = rewriting.text;
        let end = start + run_length(&text[start..]);
        if end == start {
            return start + text[start..].chars().next().map_or(1, char::len_utf8);
        }
        let with_last = match self.side {
            Side::Stored => true,
            Side::Question => false,
            // Between this run and the rest of the phrase the stored text has the last character.
            Side::Phrase => !text[end..].trim().is_empty(),
        };
        let output = rewriting.replace(start, end);
        let length_before = output.len();
        write_pairs(output, &text[start..end], with_last, self.budget);
        self.budget -= (output.len() - length_before).min(self.budget);
        end
    }
}

/// Writes the pairs of a run, about as many as fit into `budget` bytes, and its last character if that is wanted or the only
/// one.
fn write_pairs(output: &mut String, run: &str, with_last: bool, budget: usize) {
    let limit = output.len().saturating_add(budget);
    let with_last = with_last || run.graphemes(true).nth(1).is_none();
    let mut characters = run.graphemes(true).peekable();
    output.push(' ');
    while let Some(character) = characters.next() {
        if output.len() >= limit {
            return;
        }
        match characters.peek() {
            Some(next) => output.extend([character, next, " "]),
            None if with_last => output.extend([character, " "]),
            None => {}
        }
    }
}

/// The characters of a word that is wholly in scripts without spaces; 0 for any other.
#[must_use]
pub fn unspaced_length(word: &str) -> usize {
    if run_length(word) == word.len() {
        word.graphemes(true).count()
    } else {
        0
    }
}

/// The number of bytes at the beginning of `text` that are in scripts without spaces.
#[must_use]
pub fn run_length(text: &str) -> usize {
    let mut after_one = false;
    text.char_indices()
        .find(|&(_, c)| {
            after_one = is_unspaced(c) || (after_one && is(c, GeneralCategoryGroup::Mark));
            !after_one
        })
        .map_or(text.len(), |(end, _)| end)
}

/// Whether `c` is a letter or mark of a script that puts no spaces between words.
fn is_unspaced(c: char) -> bool {
    /// The sign of long vowels in Japanese belongs to no single script.
    const PROLONGED: char = '\u{30FC}';
    c == PROLONGED
        || matches!(
            CodePointMapData::<Script>::new().get(c),
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Bopomofo
                | Script::Hangul
                | Script::Yi
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
                | Script::TaiLe
                | Script::NewTaiLue
                | Script::TaiTham
                | Script::TaiViet
                | Script::Javanese
                | Script::Balinese
        ) && is(c, WORD)
}

/// What words are made of; digits of these scripts are left to the parser. U+3007, the zero of Chinese, is a letter number.
const WORD: GeneralCategoryGroup = GeneralCategoryGroup::Letter
    .union(GeneralCategoryGroup::Mark)
    .union(GeneralCategoryGroup::LetterNumber);

fn is(c: char, group: GeneralCategoryGroup) -> bool {
    group.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}
