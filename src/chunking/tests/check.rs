//! The guarantees for every input, checked by code that shares nothing with the implementation.

use super::{Chunk, ChunkOptions, Format, Unit, chunk};
use unicode_segmentation::UnicodeSegmentation;

/// A text as the checks see it.
struct Reference<C> {
    chars: Vec<char>,
    /// For each place between characters: the grapheme cluster that it is inside of.
    cluster: Vec<Option<(usize, usize)>>,
    unit: Unit,
    count_tokens: C,
}

impl<C: Fn(&str) -> usize> Reference<C> {
    fn new(content: &str, unit: Unit, count_tokens: C) -> Self {
        let chars: Vec<char> = content.chars().collect();
        let mut cluster = vec![None; chars.len() + 1];
        let mut at = 0;
        for grapheme in content.graphemes(true) {
            let end = at + grapheme.chars().count();
            cluster[at + 1..end].fill(Some((at, end)));
            at = end;
        }
        Self {
            chars,
            cluster,
            unit,
            count_tokens,
        }
    }

    fn text(&self, start: usize, end: usize) -> String {
        self.chars[start..end].iter().collect()
    }

    fn size(&self, text: &str) -> usize {
        match self.unit {
            Unit::Characters => text.chars().count(),
            Unit::Tokens => (self.count_tokens)(text),
        }
    }
}

/// Panics when a guarantee does not hold for the chunks of `content`. `count_tokens` is a tokenizer to compare with.
pub fn check(content: &str, options: &ChunkOptions, count_tokens: impl Fn(&str) -> usize) {
    let chunks = chunk(content, options).expect("options are in range");
    let reference = Reference::new(content, options.unit, count_tokens);
    let most = usize::try_from(options.max_size).expect("positive");
    let overlap = usize::try_from(options.overlap).expect("positive");
    let (mut start_before, mut end_before) = (0, 0);
    for (index, chunk) in chunks.iter().enumerate() {
        let (start, end) = (chunk.start, chunk.start + chunk.length);
        assert_eq!(chunk.index, index);
        assert_eq!(
            reference.text(start, end),
            chunk.text,
            "offset and length give the chunk"
        );
        sizes_hold(&reference, chunk, most);
        for place in [start, end] {
            let whole = reference.cluster[place].is_none_or(|(start, end)| {
                chunk.oversized && reference.size(&reference.text(start, end)) > most
            });
            assert!(whole, "chunk {index} cuts a cluster at {place}");
        }
        assert!(!chunk.text.trim().is_empty(), "chunk {index} is blank");
        assert!(
            index == 0 || (start > start_before && end > end_before),
            "chunk {index} says nothing new"
        );
        let repeated = reference.text(start, end_before.max(start));
        assert!(
            reference.size(&repeated) <= overlap,
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
    if options.format == Format::Markdown {
        blocks_are_whole(content, &chunks, &reference, most);
    }
}

/// The chunk with its repeated table header is not larger than the maximum, and its count of tokens is right.
fn sizes_hold<C: Fn(&str) -> usize>(reference: &Reference<C>, chunk: &Chunk, most: usize) {
    let size = reference.size(chunk.text);
    let embedded = match chunk.table_header {
        Some(header) => reference.size(&format!("{header}\n{}", chunk.text)),
        None => size,
    };
    assert!(
        embedded <= most,
        "chunk {} is {embedded} large",
        chunk.index
    );
    let tokens = (reference.unit == Unit::Tokens).then_some(size);
    assert_eq!(chunk.tokens, tokens, "the tokens of chunk {}", chunk.index);
}

/// Fences and table rows that fit are inside of one chunk, judged by a simple reading of the lines.
fn blocks_are_whole<C: Fn(&str) -> usize>(
    content: &str,
    chunks: &[Chunk],
    reference: &Reference<C>,
    most: usize,
) {
    let mut cuts: Vec<usize> = chunks
        .iter()
        .flat_map(|c| [c.start, c.start + c.length])
        .collect();
    cuts.sort_unstable();
    for (start, end) in blocks(content) {
        let first = cuts.partition_point(|cut| *cut <= start);
        if let Some(cut) = cuts.get(first).filter(|cut| **cut < end) {
            let size = reference.size(&reference.text(start, end));
            assert!(size > most, "block {start}..{end} is cut at {cut}");
        }
    }
}

/// Closed fences and the rows of tables, in characters.
fn blocks(content: &str) -> Vec<(usize, usize)> {
    let (mut blocks, mut at) = (Vec::new(), 0);
    let mut fence: Option<(usize, &str)> = None;
    let (mut in_table, mut above) = (false, "");
    for line in content.split_inclusive('\n') {
        let text = line.trim_end();
        let content = text.trim_start();
        let start = at + text[..text.len() - content.len()].chars().count();
        let end = at + text.chars().count();
        at += line.chars().count();
        let marks = fence_marks(text);
        if let Some((first, opening)) = fence {
            if marks.starts_with(opening) && marks == content {
                blocks.push((first, end));
                fence = None;
            }
            (in_table, above) = (false, "");
        } else if opens_fence(content, marks) {
            fence = Some((start, marks));
            (in_table, above) = (false, "");
        } else if content.is_empty() || content.starts_with('#') {
            (in_table, above) = (false, "");
        } else if in_table && content.contains('|') {
            blocks.push((start, end));
        } else {
            in_table = text == "|---|---|" && above.starts_with('|');
            above = text;
        }
    }
    blocks
}

/// The row of equal marks, of a code fence or not, that a line begins with behind spaces and tabs.
fn fence_marks(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '\t']);
    let mark = line.chars().next().filter(|it| "`~".contains(*it));
    let behind = mark.map_or(line, |mark| line.trim_start_matches(mark));
    &line[..line.len() - behind.len()]
}

fn opens_fence(line: &str, marks: &str) -> bool {
    let info = line.strip_prefix(marks).unwrap_or_default();
    marks.len() >= 3 && (marks.starts_with('~') || !info.contains('`'))
}
