//! Cuts a text into chunks small enough to embed.
//!
//! For every input: a chunk is a slice of the text at the offset it states; it is never larger than the maximum, in characters or
//! in tokens, overlap and repeated table header included; it begins and ends between grapheme clusters, unless one cluster alone exceeds the maximum;
//! only white space is left out between chunks; the same input gives the same chunks.
//!
//! Where to cut is decided by what stands near the end of the room a chunk has, in this order: heading, paragraph, list item or
//! table row, sentence, line, word, grapheme cluster. Text is read once from front to back, so time grows with its length only.

mod abbreviations;
mod characters;
mod cut;
mod gauge;
mod graphemes;
mod markdown;
mod outline;
mod overlap;
mod sentences;
#[cfg(test)]
mod tests;
mod tokens;
mod walk;
mod words;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

pub use gauge::Unit;
pub use walk::Chunks;

/// Least room for a chunk. Below it most sentences would be cut, and a heading path outweighs the text it leads to.
const MIN_CHARACTERS: i32 = 64;

/// Most room for a chunk: about 8,192 tokens of English, the most that common embedding models read.
const MAX_CHARACTERS: i32 = 32_768;

/// As many tokens as [`MIN_CHARACTERS`] of English are, and enough for two of the characters that take most of them.
const MIN_TOKENS: i32 = 16;

/// The most that the text-embedding-3 models read of one input.
const MAX_TOKENS: i32 = 8_191;

/// How to cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The largest that a chunk may be: from 64 to 32,768 characters, or from 16 to 8,191 tokens.
    pub max_size: i32,
    /// The most that a chunk repeats of the one before, at most half of `max_size`: otherwise most of the index would be
    /// repetition, and a chunk could fail to say anything new.
    pub overlap: i32,
    /// What both are counted in.
    pub unit: Unit,
    /// How to read the text.
    pub format: Format,
}

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Paragraphs, lists, sentences.
    Text,
    /// Also headings, fenced code and tables (`CommonMark` with the tables of GitHub).
    Markdown,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// 0 for the first.
    pub index: usize,
    /// Characters of the text before the chunk.
    pub start: usize,
    /// Characters of the chunk.
    pub length: usize,
    /// Tokens of the chunk, as the tokenizer counts its text alone, when the unit is tokens.
    pub tokens: Option<usize>,
    /// The chunk itself.
    pub text: &'a str,
    /// The headings above the place where the chunk begins, outermost first. Neighbours share it.
    pub heading_path: Arc<[String]>,
    /// Header and delimiter rows of the table in whose body the chunk begins; they count against the maximum, with a line feed.
    /// None too when there is no room for them.
    pub table_header: Option<&'a str>,
    /// The chunk is a part of something that should stay whole and that alone exceeds the maximum: a fenced code block, a table
    /// row, a heading or a grapheme cluster.
    pub oversized: bool,
}

/// Why a text cannot be cut as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The largest size is out of range.
    Size { size: i32, unit: Unit },
    /// `overlap` is negative or more than half of the largest size.
    Overlap { overlap: i32, max_size: i32 },
    /// Not the name of a [`Unit`].
    Unit(String),
    /// Not the name of a [`Format`].
    Format(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { size, unit } => {
                let sizes = sizes(*unit);
                write!(
                    f,
                    "chunk size must be between {} and {} {unit}, got {size}",
                    sizes.start(),
                    sizes.end()
                )
            }
            Self::Overlap { overlap, max_size } => write!(
                f,
                "overlap must be between 0 and half of the chunk size, {}, got {overlap}",
                max_size / 2
            ),
            Self::Unit(got) => write!(f, "unit must be characters or tokens, got \"{got}\""),
            Self::Format(got) => write!(f, "format must be text or markdown, got \"{got}\""),
        }
    }
}

impl std::error::Error for Error {}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "text" => Ok(Self::Text),
            "markdown" => Ok(Self::Markdown),
            other => Err(Error::Format(other.chars().take(40).collect())),
        }
    }
}

/// The sizes that chunks may have at most.
fn sizes(unit: Unit) -> RangeInclusive<i32> {
    match unit {
        Unit::Characters => MIN_CHARACTERS..=MAX_CHARACTERS,
        Unit::Tokens => MIN_TOKENS..=MAX_TOKENS,
    }
}

/// The chunks of `content`, none when it is white space only.
///
/// # Errors
/// When an option is out of range.
pub fn chunk<'a>(content: &'a str, options: &Options) -> Result<Vec<Chunk<'a>>, Error> {
    Ok(chunks(content, options)?.collect())
}

/// The same as [`chunk`], one at a time.
///
/// # Errors
/// When an option is out of range.
pub fn chunks<'a>(content: &'a str, options: &Options) -> Result<Chunks<'a>, Error> {
    let Options {
        max_size,
        overlap,
        unit,
        ..
    } = *options;
    if !sizes(unit).contains(&max_size) {
        return Err(Error::Size {
            size: max_size,
            unit,
        });
    }
    if !(0..=max_size / 2).contains(&overlap) {
        return Err(Error::Overlap { overlap, max_size });
    }
    let limits = walk::Limits {
        most: usize::try_from(max_size).unwrap_or_default(),
        overlap: usize::try_from(overlap).unwrap_or_default(),
        unit,
    };
    Ok(Chunks::new(content, limits, options.format))
}
