//! The breaks of a text without markup.

use super::super::graphemes;
use super::{Before, Break, Level};
use memchr::{memchr_iter, memrchr};

/// Looks for breaks from back to front.
pub struct Breaks<'a> {
    text: &'a str,
    /// Where to stop: a border between clusters.
    floor: usize,
    /// Start of the line behind the next break, which is not blank.
    below: Option<usize>,
}

impl<'a> Breaks<'a> {
    /// Begins with the break before the line that `limit` is inside of, or before the one that follows on it.
    pub fn new(text: &'a str, floor: usize, limit: usize) -> Self {
        let behind = text[limit..].trim_start();
        let inside_line = if behind.is_empty() {
            floor + text[floor..limit].trim_end().len()
        } else {
            text.len() - behind.len()
        };
        let below = line_start(text, floor, inside_line);
        Self { text, floor, below }
    }
}

impl Iterator for Breaks<'_> {
    type Item = Break;

    fn next(&mut self) -> Option<Break> {
        let start = self.below?;
        let end = graphemes::trim_end(self.text, self.floor, start);
        if end == self.floor {
            self.below = None;
            return None;
        }
        self.below = line_start(self.text, self.floor, end);
        let above = &self.text[self.floor..end];
        let blank = memchr_iter(b'\n', &self.text.as_bytes()[end..start])
            .nth(1)
            .is_some();
        let level = Level::before_text(Before::text(above), blank, line_head(self.text, start));
        Some(Break { end, start, level })
    }
}

/// Start of the line that `place` is in, when it lies behind `floor`.
fn line_start(text: &str, floor: usize, place: usize) -> Option<usize> {
    memrchr(b'\n', &text.as_bytes()[floor..place]).map(|at| floor + at + 1)
}

/// The first characters of the line that starts at `start`: enough to see whether it is an item of a list.
pub(super) fn line_head(text: &str, start: usize) -> &str {
    /// Bytes: an item's indentation and mark.
    const LONGEST: usize = 64;
    let head = &text[start..text.floor_char_boundary(start + LONGEST)];
    head.split_once('\n')
        .map_or(head, |(line, _)| line.trim_end())
}
