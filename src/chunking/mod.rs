//! Cuts a text into chunks small enough to embed.
//!
//! For every input: a chunk is a slice of the text at the offset it states; it is never longer than the maximum, overlap and
//! repeated table header included; it begins and ends between grapheme clusters, unless one cluster alone exceeds the maximum;
//! only white space is left out between chunks; the same input gives the same chunks.
//!
//! Where to cut is decided by what stands near the end of the room a chunk has, in this order: heading, paragraph, list item or
//! table row, sentence, line, word, grapheme cluster. Text is read once from front to back, so time grows with its length only.

mod abbreviations;
mod cut;
mod graphemes;
mod markdown;
mod measure;
mod outline;
mod overlap;
mod sentences;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

pub use walk::Chunks;

/// Least room for a chunk. Below it most sentences would be cut, and a heading path outweighs the text it leads to.
pub const MIN_CHARS: i32 = 64;

/// Most room for a chunk: about 8,192 tokens of English, the most that common embedding models read.
pub const MAX_CHARS: i32 = 32_768;

/// How to cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Most characters of a chunk, from [`MIN_CHARS`] to [`MAX_CHARS`].
    pub max_chars: i32,
    /// Most characters that a chunk repeats of the one before, at most half of `max_chars`: otherwise most of the index would be
    /// repetition, and a chunk could fail to say anything new.
    pub overlap: i32,
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
    /// `max_chars` is out of range.
    MaxChars(i32),
    /// `overlap` is negative or more than half of `max_chars`.
    Overlap { overlap: i32, max_chars: i32 },
    /// Not the name of a [`Format`].
    Format(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MaxChars(got) => write!(
                f,
                "chunk size must be between {MIN_CHARS} and {MAX_CHARS}, got {got}"
            ),
            Self::Overlap { overlap, max_chars } => write!(
                f,
                "overlap must be between 0 and half of the chunk size, {}, got {overlap}",
                max_chars / 2
            ),
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
        max_chars, overlap, ..
    } = *options;
    if !(MIN_CHARS..=MAX_CHARS).contains(&max_chars) {
        return Err(Error::MaxChars(max_chars));
    }
    if !(0..=max_chars / 2).contains(&overlap) {
        return Err(Error::Overlap { overlap, max_chars });
    }
    let limits = walk::Limits {
        most: usize::try_from(max_chars).unwrap_or_default(),
        overlap: usize::try_from(overlap).unwrap_or_default(),
    };
    Ok(Chunks::new(content, limits, options.format))
}
