//! The guarantees for every input, checked by code that shares nothing with the implementation.

use super::{Chunk, ChunkOptions, Format, chunk};
use unicode_segmentation::UnicodeSegmentation;

/// A text as the checks see it: offsets in characters, borders and sizes of its grapheme clusters.
struct Reference {
    chars: Vec<char>,
    /// For each place between characters: 0 at a border, else the length of the cluster it is in.
    cluster: Vec<usize>,
}

impl Reference {
    fn new(content: &str) -> Self {
        let chars: Vec<char> = content.chars().collect();
        let mut cluster = vec![0; chars.len() + 1];
        let mut at = 0;
        for grapheme in content.graphemes(true) {
            let length = grapheme.chars().count();
            cluster[at + 1..at + length].fill(length);
            at += length;
        }
        Self { chars, cluster }
    }
}

/// Panics when a guarantee does not hold for the chunks of `content`.
pub fn check(content: &str, max_chars: i32, overlap: i32, format: Format) {
    let options = ChunkOptions {
        max_chars,
        overlap,
        format,
    };
    let chunks = chunk(content, &options).expect("options are in range");
    let reference = Reference::new(content);
    let most = usize::try_from(max_chars).expect("positive");
    let overlap = usize::try_from(overlap).expect("positive");
    let (mut start_before, mut end_before) = (0, 0);
    for (index, chunk) in chunks.iter().enumerate() {
        let (start, end) = (chunk.start, chunk.start + chunk.length);
        assert_eq!(chunk.index, index);
        let slice: String = reference.chars[start..end].iter().collect();
        assert_eq!(slice, chunk.text, "offset and length give the chunk");
        let header = chunk
            .table_header
            .map_or(0, |header| header.chars().count() + 1);
        assert!(
            chunk.length + header <= most,
            "chunk {index} is {} + {header} long",
            chunk.length
        );
        for place in [start, end] {
            let cluster = reference.cluster[place];
            assert!(
                cluster == 0 || (cluster > most && chunk.oversized),
                "chunk {index} cuts a cluster at {place}"
            );
        }
        assert!(!chunk.text.trim().is_empty(), "chunk {index} is blank");
        assert!(
            index == 0 || (start > start_before && end > end_before),
            "chunk {index} says nothing new"
        );
        assert!(
            end_before.saturating_sub(start) <= overlap,
            "chunk {index} repeats too much"
        );
        let between = reference.chars.get(end_before..start).unwrap_or_default();
        assert!(
            between.iter().all(|c| c.is_whitespace()),
            "lost {between:?}"
        );
        (start_before, end_before) = (start, end);
    }
    let rest = &reference.chars[end_before..];
    assert!(rest.iter().all(|c| c.is_whitespace()), "lost {rest:?}");
    if format == Format::Markdown {
        blocks_are_whole(content, &chunks, most);
    }
}

/// Fences and table rows that fit are inside of one chunk, judged by a simple reading of the lines.
fn blocks_are_whole(content: &str, chunks: &[Chunk], most: usize) {
    let mut cuts: Vec<usize> = chunks
        .iter()
        .flat_map(|c| [c.start, c.start + c.length])
        .collect();
    cuts.sort_unstable();
    for (start, end) in blocks(content) {
        if end - start <= most {
            let first = cuts.partition_point(|cut| *cut <= start);
            let inside = cuts.get(first).filter(|cut| **cut < end);
            assert_eq!(inside, None, "block {start}..{end} is cut");
        }
    }
}

/// Fences without indentation and rows of tables, in characters.
fn blocks(content: &str) -> Vec<(usize, usize)> {
    let (mut blocks, mut at, mut fence, mut table) = (Vec::new(), 0, None, false);
    let mut above = "";
    for line in content.split_inclusive('\n') {
        let text = line.trim_end();
        let end = at + text.chars().count();
        match fence {
            Some(start) if text.trim() == "```" => {
                blocks.push((start, end));
                fence = None;
                table = false;
            }
            Some(_) => {}
            None if text.starts_with("```") && !text[3..].contains('`') => {
                fence = Some(at);
                table = false;
            }
            None if text.is_empty()
                || text.starts_with('#')
                || text.trim_start().starts_with(['`', '~']) =>
            {
                table = false
            }
            None if table && text.contains('|') => {
                let indent = text.len() - text.trim_start().len();
                blocks.push((at + text[..indent].chars().count(), end));
            }
            None => table = text == "|---|---|" && above.starts_with('|'),
        }
        above = if fence.is_some() { "" } else { text };
        at += line.chars().count();
    }
    blocks
}
