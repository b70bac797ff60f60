//! The walk through a text, chunk by chunk.

use super::characters::Place;
use super::cut::{self, Room};
use super::gauge::{Gauge, Unit};
use super::outline::{Heading, Outline};
use super::overlap::{self, Seam};
use super::sentences::Gap;
use super::{Chunk, Format, graphemes};
use std::sync::Arc;

/// Checked limits.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub most: usize,
    pub overlap: usize,
    pub unit: Unit,
}

/// The chunks of a text, made one at a time.
pub struct Chunks<'a> {
    text: &'a str,
    limits: Limits,
    format: Format,
    gauge: Gauge,
    outline: Outline<'a>,
    path: Path<'a>,
    index: usize,
    /// Where the next chunk starts.
    start: usize,
    start_chars: usize,
    /// The last place whose characters were counted: near the ones asked for next.
    counted: Place,
    /// Where its new text begins; between the two it repeats the chunk before.
    at: usize,
    /// End of a grapheme cluster that is longer than a chunk and is being cut.
    cluster_end: usize,
}

impl<'a> Chunks<'a> {
    pub(super) fn new(text: &'a str, limits: Limits, format: Format) -> Self {
        let mut walk = Self {
            text,
            limits,
            format,
            gauge: Gauge::new(limits.unit),
            outline: Outline::new(text, format, limits.most, limits.unit),
            path: Path::default(),
            index: 0,
            start: 0,
            start_chars: 0,
            counted: Place::default(),
            at: 0,
            cluster_end: 0,
        };
        walk.at = walk.next_content(0);
        walk.move_start(walk.at);
        walk
    }

    /// The next place with something other than white space; in Markdown with the indentation of its line.
    fn next_content(&self, from: usize) -> usize {
        /// More than this is not indentation.
        const DEEPEST_INDENT: usize = 32;
        let content = graphemes::trim_start(self.text, from);
        if self.format == Format::Text || content == self.text.len() {
            return content;
        }
        let line = self.text[from..content]
            .rfind('\n')
            .map_or(from, |at| from + at + 1);
        let at_line_start = line == 0 || self.text.as_bytes()[line - 1] == b'\n';
        if at_line_start && content - line <= DEEPEST_INDENT {
            line
        } else {
            content
        }
    }

    fn move_start(&mut self, start: usize) {
        self.start_chars = self.characters_before(start);
        self.start = start;
        self.outline.read_to(start);
        self.outline.forget_before(start);
        self.path.enter(&mut self.outline, start);
    }

    fn characters_before(&mut self, place: usize) -> usize {
        self.counted = self.counted.moved(self.text, place);
        self.counted.chars
    }

    /// The last place that a chunk of `most` can reach.
    fn reach(&mut self, most: usize) -> usize {
        let start = Place {
            at: self.start,
            chars: self.start_chars,
        };
        let (reach, counted) = self.gauge.reach(self.text, start, most);
        self.counted = counted;
        reach
    }

    /// The header to repeat and the room that is left beside it. A row that fits without the header but not with it goes without.
    fn header(&self) -> (Option<&'a str>, usize) {
        let most = self.limits.most;
        let Some(table) = self.outline.table_around(self.start) else {
            return (None, most);
        };
        let header = &self.text[table.header.0..table.header.1];
        if !header.contains(char::is_alphanumeric) {
            return (None, most);
        }
        let unit = self.limits.unit;
        let taken = unit.header_size(header);
        let room = most.saturating_sub(taken);
        let row_fits = |room| {
            self.outline
                .block_at(self.at)
                .is_none_or(|row| !row.fits || unit.fits(&self.text[self.start..row.end], room))
        };
        let repeated = self.gauge.size(self.text, self.start, self.at);
        let new_text_fits = room > 2 * repeated;
        if taken <= most / 2 && new_text_fits && row_fits(room) {
            (Some(header), room)
        } else {
            (None, most)
        }
    }

    /// The best place before `limit` to end the chunk, white space trimmed; None when not even a grapheme cluster fits.
    fn best_gap(&self, mut limit: usize, most: usize) -> Option<Gap> {
        while limit > self.at {
            let gap = if limit == self.text.len() {
                Gap {
                    end: limit,
                    start: limit,
                }
            } else {
                cut::best(self.text, &self.outline, Room { at: self.at, limit })
            };
            if gap.end > limit {
                return None;
            }
            let end = graphemes::trim_end(self.text, self.start, gap.end);
            if end <= self.at || !self.gauge.exceeds(self.text, self.start, end, most) {
                return Some(Gap { end, ..gap });
            }
            limit = self.text.floor_char_boundary(end - 1);
        }
        None
    }

    /// One part of a grapheme cluster that is longer than a chunk.
    fn cluster_part(&mut self) -> Chunk<'a> {
        let most = self.limits.most;
        let mut end = self.reach(most).min(self.cluster_end);
        while self.gauge.exceeds(self.text, self.start, end, most) {
            end = self.text.floor_char_boundary(end - 1);
        }
        let chunk = self.make(end, None, true);
        // White space at the end of a cluster is no part of its own.
        let is_last = self.text[end..self.cluster_end].trim().is_empty();
        self.at = if is_last {
            self.next_content(self.cluster_end)
        } else {
            end
        };
        self.move_start(self.at);
        chunk
    }

    /// Tries again without the indentation of the new text, which alone would be the chunk.
    fn without_indent(&mut self) -> Option<Chunk<'a>> {
        let content = graphemes::trim_start(self.text, self.at);
        if self.start == self.at {
            self.move_start(content);
        }
        self.at = content;
        self.next()
    }

    fn give_room_to(&mut self, cluster_end: usize) -> Option<Chunk<'a>> {
        if self.start < self.at {
            self.move_start(self.at);
            return self.next();
        }
        self.cluster_end = cluster_end;
        Some(self.cluster_part())
    }

    fn make(&mut self, end: usize, table_header: Option<&'a str>, oversized: bool) -> Chunk<'a> {
        let text = &self.text[self.start..end];
        let index = self.index;
        self.index += 1;
        Chunk {
            index,
            start: self.start_chars,
            length: self.characters_before(end) - self.start_chars,
            tokens: self.gauge.tokens(self.text, self.start, end),
            text,
            heading_path: self.path.names(),
            table_header,
            oversized,
        }
    }

    fn is_part(&self, end: usize) -> bool {
        [self.start, self.at, end].into_iter().any(|place| {
            self.outline
                .block_around(place)
                .is_some_and(|block| !block.fits)
        })
    }

    fn start_next(&mut self, end: usize, next: usize) {
        let after = self.start;
        self.at = next;
        if next == self.text.len() {
            self.start = next;
            return;
        }
        self.outline.read_to(next);
        let Limits {
            most,
            overlap,
            unit,
        } = self.limits;
        let start = if overlap == 0 {
            next
        } else {
            overlap::best_start(
                self.text,
                &self.outline,
                &self.gauge,
                Seam {
                    after,
                    end,
                    at: next,
                    overlap,
                    most,
                    unit,
                },
            )
        };
        self.move_start(start);
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        if self.start >= self.text.len() {
            return None;
        }
        if self.start < self.cluster_end {
            return Some(self.cluster_part());
        }
        let (header, most) = self.header();
        let limit = self.reach(most);
        if limit < self.text.len() {
            self.outline.read_to(limit);
        }
        let Some(Gap { end, start: next }) = self.best_gap(limit, most) else {
            // One grapheme cluster is longer than the room. Without overlap and header it may still fit.
            return self.give_room_to(graphemes::border_after(self.text, self.at));
        };
        if end <= self.at || self.text[self.at..end].trim_start().is_empty() {
            return self.without_indent();
        }
        let oversized = self.is_part(end);
        let chunk = self.make(end, header, oversized);
        self.start_next(end, self.next_content(next));
        Some(chunk)
    }
}

/// The headings above a place.
#[derive(Default)]
struct Path<'a> {
    open: Vec<Heading<'a>>,
    names: Option<Arc<[String]>>,
}

impl<'a> Path<'a> {
    /// Takes over the headings up to `place`.
    fn enter(&mut self, outline: &mut Outline<'a>, place: usize) {
        while let Some(heading) = outline
            .headings
            .front()
            .filter(|it| it.at <= place)
            .copied()
        {
            outline.headings.pop_front();
            self.open.retain(|above| above.level < heading.level);
            self.open.push(heading);
            self.names = None;
        }
    }

    fn names(&mut self) -> Arc<[String]> {
        /// Characters of a heading that are kept: a longer one is a paragraph by mistake, and it is repeated in every chunk.
        const LONGEST_NAME: usize = 200;
        let names = || {
            let named = self.open.iter().filter(|it| !it.text.is_empty());
            named
                .map(|it| it.text[..Place::default().advanced(it.text, LONGEST_NAME).at].to_owned())
                .collect()
        };
        self.names.get_or_insert_with(names).clone()
    }
}
