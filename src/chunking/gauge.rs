//! How large a piece of a text is, in the unit of its chunks.

use super::characters::{self, Place};
use super::tokens::{self, Prefixes};
use std::fmt;
use std::str::FromStr;

/// What the size of a chunk is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// Unicode code points, as Postgres' `length` counts them.
    #[default]
    Characters,
    /// Tokens of `OpenAI`'s `cl100k_base` vocabulary, which the text-embedding-3 models read.
    Tokens,
}

impl Unit {
    /// Whether `text` is at most `most` large; reads no more of it than needed.
    pub fn fits(self, text: &str, most: usize) -> bool {
        match self {
            Self::Characters => characters::fits(text, most),
            Self::Tokens => tokens::fits(text, most),
        }
    }

    /// How large `text` is.
    pub fn size(self, text: &str) -> usize {
        match self {
            Self::Characters => characters::count(text),
            Self::Tokens => tokens::count(text),
        }
    }

    /// Most bytes that one unit can have.
    pub fn longest(self) -> usize {
        match self {
            Self::Characters => characters::LONGEST,
            Self::Tokens => tokens::LONGEST,
        }
    }

    /// What `header` and the line feed behind it take away from a chunk. In tokens too the two add up exactly: the header's last
    /// mark and the line feed are a piece of their own, which nothing that follows can join.
    pub fn header_size(self, header: &str) -> usize {
        match self {
            Self::Characters => characters::count(header) + 1,
            Self::Tokens => tokens::count(&format!("{header}\n")),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Characters => "characters",
            Self::Tokens => "tokens",
        })
    }
}

impl FromStr for Unit {
    type Err = super::Error;

    fn from_str(name: &str) -> Result<Self, super::Error> {
        match name {
            "characters" => Ok(Self::Characters),
            "tokens" => Ok(Self::Tokens),
            other => Err(super::Error::Unit(other.chars().take(40).collect())),
        }
    }
}

/// Measures a text from the start of a chunk on.
pub enum Gauge {
    Characters,
    Tokens(Prefixes),
}

impl Gauge {
    pub fn new(unit: Unit) -> Self {
        match unit {
            Unit::Characters => Self::Characters,
            Unit::Tokens => Self::Tokens(Prefixes::default()),
        }
    }

    /// The last place that a chunk of `most` can reach from `from`, and the last one whose characters were counted on the way.
    pub fn reach(&mut self, text: &str, from: Place, most: usize) -> (usize, Place) {
        match self {
            Self::Characters => {
                let reached = from.advanced(text, most);
                (reached.at, reached)
            }
            Self::Tokens(prefixes) => (prefixes.measure(text, from.at, most), from),
        }
    }

    /// The size of the text between two places.
    pub fn size(&self, text: &str, from: usize, to: usize) -> usize {
        match self {
            Self::Characters => characters::count(&text[from..to]),
            Self::Tokens(prefixes) => prefixes.size(text, from, to),
        }
    }

    /// Whether the text between two places is larger than `most`, although it ends before the reach of `most`. Only tokens can:
    /// a part of a word may be more of them than the word.
    pub fn exceeds(&self, text: &str, from: usize, to: usize, most: usize) -> bool {
        match self {
            Self::Characters => false,
            Self::Tokens(prefixes) => prefixes.size(text, from, to) > most,
        }
    }

    /// The place from which on the text up to `to` is at most about `most` large; not before `floor`. Exact in characters.
    pub fn retreat(&self, text: &str, to: usize, most: usize, floor: usize) -> usize {
        match self {
            Self::Characters => characters::retreat(text, to, most, floor),
            Self::Tokens(prefixes) => prefixes.retreat(text, to, most).clamp(floor, to.max(floor)),
        }
    }

    /// The number of tokens from `from` to `to`, when they are counted.
    pub fn tokens(&self, text: &str, from: usize, to: usize) -> Option<usize> {
        match self {
            Self::Characters => None,
            Self::Tokens(prefixes) => Some(prefixes.size(text, from, to)),
        }
    }
}
