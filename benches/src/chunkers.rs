//! Chunkers that are compared, behind one interface.

use frontdesk::chunking::{self, Format, Options, Unit};
use text_splitter::{ChunkConfig, ChunkSizer, MarkdownSplitter, TextSplitter};

/// Something that cuts a text.
pub trait Chunker {
    fn name(&self) -> &str;
    /// The number of chunks, each looked at once.
    fn count(&self, text: &str) -> usize;
    /// Start and end of each chunk, in characters.
    fn spans(&self, text: &str) -> Vec<(usize, usize)>;
}

/// frontdesk, without overlap.
pub struct Own(Options);

impl Own {
    /// The number of chunks, all kept at once.
    #[must_use]
    pub fn all(&self, text: &str) -> usize {
        chunking::chunk(text, &self.0)
            .expect("options in range")
            .len()
    }
}

impl Chunker for Own {
    fn name(&self) -> &str {
        "frontdesk"
    }

    fn count(&self, text: &str) -> usize {
        chunking::chunks(text, &self.0)
            .expect("options in range")
            .count()
    }

    fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let chunks = chunking::chunks(text, &self.0).expect("options in range");
        chunks.map(|it| (it.start, it.start + it.length)).collect()
    }
}

/// frontdesk's chunker.
///
/// # Panics
/// When the size does not fit an integer.
#[must_use]
pub fn own(format: Format, unit: Unit, size: usize) -> Own {
    Own(Options {
        max_size: i32::try_from(size).expect("a small size"),
        overlap: 0,
        unit,
        format,
    })
}

/// Tokens of `cl100k_base`, counted by one of two crates.
enum Tokens {
    BpeOpenai,
    Tiktoken(Box<tiktoken_rs::CoreBPE>),
}

impl ChunkSizer for Tokens {
    fn size(&self, chunk: &str) -> usize {
        match self {
            Self::BpeOpenai => bpe_openai::cl100k_base().count(chunk),
            Self::Tiktoken(tokenizer) => tokenizer.encode_ordinary(chunk).len(),
        }
    }
}

struct Characters;

impl ChunkSizer for Characters {
    fn size(&self, chunk: &str) -> usize {
        chunk.chars().count()
    }
}

/// The crate `text-splitter`.
struct Splitter<S: ChunkSizer> {
    name: &'static str,
    splitter: Kind<S>,
}

enum Kind<S: ChunkSizer> {
    Text(TextSplitter<S>),
    Markdown(MarkdownSplitter<S>),
}

impl<S: ChunkSizer> Splitter<S> {
    fn new(name: &'static str, format: Format, size: usize, sizer: S) -> Self {
        let config = ChunkConfig::new(size).with_sizer(sizer);
        let splitter = match format {
            Format::Text => Kind::Text(TextSplitter::new(config)),
            Format::Markdown => Kind::Markdown(MarkdownSplitter::new(config)),
        };
        Self { name, splitter }
    }
}

impl<S: ChunkSizer> Chunker for Splitter<S> {
    fn name(&self) -> &str {
        self.name
    }

    fn count(&self, text: &str) -> usize {
        match &self.splitter {
            Kind::Text(splitter) => splitter.chunks(text).count(),
            Kind::Markdown(splitter) => splitter.chunks(text).count(),
        }
    }

    fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let chunks: Vec<(usize, &str)> = match &self.splitter {
            Kind::Text(splitter) => splitter.chunk_indices(text).collect(),
            Kind::Markdown(splitter) => splitter.chunk_indices(text).collect(),
        };
        let mut start = (0, 0);
        let spans = chunks.into_iter().map(|(at, chunk)| {
            start = (at, start.1 + text[start.0..at].chars().count());
            (start.1, start.1 + chunk.chars().count())
        });
        spans.collect()
    }
}

/// frontdesk first, then the others.
///
/// # Panics
/// When the vocabulary of a rival cannot be read.
#[must_use]
pub fn all(format: Format, unit: Unit, size: usize) -> Vec<Box<dyn Chunker>> {
    let own: Box<dyn Chunker> = Box::new(own(format, unit, size));
    match unit {
        Unit::Characters => vec![
            own,
            Box::new(Splitter::new("text-splitter", format, size, Characters)),
        ],
        Unit::Tokens => {
            let tiktoken = tiktoken_rs::cl100k_base().expect("a vocabulary");
            let tiktoken = Tokens::Tiktoken(Box::new(tiktoken));
            let bpe = "text-splitter, bpe-openai";
            vec![
                own,
                Box::new(Splitter::new(bpe, format, size, Tokens::BpeOpenai)),
                Box::new(Splitter::new(
                    "text-splitter, tiktoken-rs",
                    format,
                    size,
                    tiktoken,
                )),
            ]
        }
    }
}
