//! Arithmetic in tokens of `OpenAI`'s `cl100k_base` vocabulary, exact without reading a text twice.
//!
//! The tokenizer first cuts a text into pieces (words, numbers, marks, white space), then each piece on its own into tokens by
//! byte pair encoding. Where a piece ends depends only on the text from its start to the first character behind it, so what is
//! known of the pieces of a text holds for each part of it that starts where a piece starts, up to the piece in which it ends.

mod borders;
mod classes;
mod counts;
mod pieces;
#[cfg(test)]
mod tests;

use pieces::Pieces;

/// Longest token of the vocabulary in bytes: a row of spaces.
pub const LONGEST: usize = 128;

/// The number of tokens of `text`.
pub fn count(text: &str) -> usize {
    counts::with(|counts| {
        let pieces = Pieces::of(text);
        let (mut at, mut tokens) = (0, 0);
        while at < text.len() {
            let end = pieces.end(at);
            tokens += counts.of(text, at, end);
            at = end;
        }
        tokens
    })
}

/// Whether `text` has at most `most` tokens; reads no more of it than needed.
pub fn fits(text: &str, most: usize) -> bool {
    if text.len() <= most || text.len() > most.saturating_mul(LONGEST) {
        return text.len() <= most;
    }
    let mut prefixes = Prefixes::default();
    prefixes.measure(text, 0, most) == text.len()
}

/// The number of tokens from one place of a text to each end of a piece behind it.
#[derive(Default)]
pub struct Prefixes {
    from: usize,
    /// Ends of pieces and the number of tokens up to there, beginning with `from` and none.
    ends: Vec<(usize, usize)>,
    /// Those of the measurement before.
    ends_before: Vec<(usize, usize)>,
}

impl Prefixes {
    /// Counts from `from` until there are more than `most` tokens. Returns the last place up to which there are no more.
    /// It is always the same text; what was counted of it last time is not counted again.
    pub fn measure(&mut self, text: &str, from: usize, most: usize) -> usize {
        // Behind this there are more than `most` tokens, whatever the text is.
        let window = from.saturating_add((most + 1) * LONGEST).min(text.len());
        let window = &text[..text.floor_char_boundary(window)];
        self.from = from;
        std::mem::swap(&mut self.ends, &mut self.ends_before);
        self.ends.clear();
        self.ends.push((from, 0));
        let mut known = Known(&self.ends_before);
        counts::with(|counts| {
            let pieces = Pieces::of(window);
            let (mut at, mut tokens) = (from, 0);
            while at < window.len() {
                let (end, count) = match known.piece_at(at) {
                    Some((end, count)) if count <= most - tokens => (end, count),
                    _ => {
                        let end = pieces.end(at);
                        match counts.within(window, at, end, most - tokens) {
                            Ok(count) => (end, count),
                            Err(reached) => return reached,
                        }
                    }
                };
                tokens += count;
                at = end;
                self.ends.push((at, tokens));
            }
            window.len()
        })
    }

    /// The number of tokens of the text between two places, exact for that text alone.
    pub fn size(&self, text: &str, from: usize, to: usize) -> usize {
        if from != self.from {
            return count(&text[from..to]);
        }
        // The pieces before the one with the last character that is no white space stay as they are when the text ends here.
        let solid = from + text[from..to].trim_end().len();
        let behind = self.ends.partition_point(|(end, _)| *end < solid);
        let (known, tokens) = self.ends[..behind].last().copied().unwrap_or((from, 0));
        tokens + count(&text[known..to])
    }

    /// The first end of a piece from which on there are at most `most` tokens up to `to`.
    pub fn retreat(&self, text: &str, to: usize, most: usize) -> usize {
        let (last, tokens) = self.ends.last().copied().unwrap_or((to, 0));
        let total = if last < to {
            tokens + count(&text[last..to])
        } else {
            self.size(text, self.from, to)
        };
        let first = self
            .ends
            .partition_point(|(_, before)| before + most < total);
        self.ends.get(first).map_or(to, |(end, _)| *end)
    }
}

/// What is left of an earlier measurement. Two that meet at the end of a piece go on with the same pieces.
struct Known<'a>(&'a [(usize, usize)]);

impl Known<'_> {
    /// The end and the tokens of the piece that starts at `at`; the places asked for only grow.
    fn piece_at(&mut self, at: usize) -> Option<(usize, usize)> {
        while self.0.first().is_some_and(|(end, _)| *end < at) {
            self.0 = &self.0[1..];
        }
        match self.0 {
            [(start, before), (end, tokens), ..] if *start == at => Some((*end, tokens - before)),
            _ => None,
        }
    }
}
