//! What matters for cutting a text near the place reached: where blocks begin, what should stay whole, headings and tables.
//! Markdown is read line by line, each line once. Without markup a line means the same whatever stands before, so that there
//! the lines near the place are enough.

mod lines;
mod plain;
#[cfg(test)]
mod tests;

use super::graphemes;
use super::markdown::{self, Fence};
use super::sentences::ends_sentence;
use super::{Format, Unit};
use memchr::memchr;
use std::collections::{VecDeque, vec_deque};
use std::iter::Rev;

/// How good a place between two lines is to cut at, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Behind a heading or a table's header, which would be parted from what it announces.
    Stranding,
    /// Between lines of one paragraph or of code.
    Line,
    /// Before a list item or table row, or behind a line that ends with a sentence.
    Item,
    /// Before a paragraph or another block.
    Paragraph,
    /// Before a heading.
    Heading,
}

impl Level {
    /// That of the break before a line of text.
    fn before_text(before: Before, blank: bool, line: &str) -> Self {
        match before {
            Before::Announcement => Self::Stranding,
            // What a colon announces is a list, code, an answer.
            Before::Text { colon: true, .. } => Self::Line,
            _ if blank => Self::Paragraph,
            _ if markdown::is_list_item(line) => Self::Item,
            Before::Text { sentence: true, .. } => Self::Item,
            Before::Text { .. } => Self::Line,
            _ => Self::Paragraph,
        }
    }
}

/// A place between two lines.
#[derive(Debug, Clone, Copy)]
pub struct Break {
    /// End of the text before it, without white space.
    pub end: usize,
    /// Start of the line behind it.
    pub start: usize,
    pub level: Level,
}

/// Lines that belong together: a code fence, a table row, a heading.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    pub start: usize,
    pub end: usize,
    /// Whether it fits in a chunk. Those that do are never cut.
    pub fits: bool,
}

/// A table: its header with the delimiter row, and its body.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub header: (usize, usize),
    pub body: usize,
    pub end: usize,
}

/// A heading and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Heading<'a> {
    pub at: usize,
    pub level: u8,
    pub text: &'a str,
}

/// What the last line that was not blank was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// A heading, a table's header, a fence's first line: what follows should not be parted from it.
    Announcement,
    /// A line of text: whether it ends with a colon, so that it belongs to what follows, or with a sentence.
    Text {
        colon: bool,
        sentence: bool,
    },
    Row,
    Other,
}

impl Before {
    /// What a line of text is for the one behind it.
    fn text(line: &str) -> Self {
        Self::Text {
            colon: line.ends_with([':', '：']),
            sentence: ends_sentence(line),
        }
    }
}

/// Breaks, last first.
enum Breaks<'a> {
    Read(Rev<vec_deque::Iter<'a, Break>>),
    Searched(plain::Breaks<'a>),
}

impl Iterator for Breaks<'_> {
    type Item = Break;

    fn next(&mut self) -> Option<Break> {
        match self {
            Self::Read(breaks) => breaks.next().copied(),
            Self::Searched(breaks) => breaks.next(),
        }
    }
}

/// The part of a text's outline around the place reached.
pub struct Outline<'a> {
    text: &'a str,
    format: Format,
    most: usize,
    unit: Unit,
    /// How far the text has been read: always the start of a line.
    read: usize,
    /// Start of the last line read.
    last_line: usize,
    before: Before,
    blank: bool,
    /// End of the last line that was not blank, without white space.
    content_end: usize,
    /// Start of the line above, when it is text that an underline or delimiter row could turn into something else.
    line_above: Option<usize>,
    fence: Option<Fence>,
    breaks: VecDeque<Break>,
    pub blocks: VecDeque<Block>,
    pub tables: VecDeque<Table>,
    pub headings: VecDeque<Heading<'a>>,
}

impl<'a> Outline<'a> {
    pub fn new(text: &'a str, format: Format, most: usize, unit: Unit) -> Self {
        Self {
            text,
            format,
            most,
            unit,
            read: 0,
            last_line: 0,
            before: Before::Nothing,
            blank: false,
            content_end: 0,
            line_above: None,
            fence: None,
            breaks: VecDeque::new(),
            blocks: VecDeque::new(),
            tables: VecDeque::new(),
            headings: VecDeque::new(),
        }
    }

    /// Reads on until everything up to `place` is known: one line further, blank ones aside, because a line can change what the
    /// one above it is, and to the end of a fence that is open there and may still fit in a chunk.
    pub fn read_to(&mut self, place: usize) {
        if self.format == Format::Text {
            return;
        }
        while (self.last_line <= place || self.blank) && self.read < self.text.len() {
            self.read_line();
        }
        while self.fence.is_some() && self.open_block_may_fit() && self.read < self.text.len() {
            self.read_line();
        }
    }

    /// Forgets what lies before `place`.
    pub fn forget_before(&mut self, place: usize) {
        while self.breaks.front().is_some_and(|it| it.start < place) {
            self.breaks.pop_front();
        }
        while self.blocks.front().is_some_and(|it| it.end <= place) {
            self.blocks.pop_front();
        }
        while self.tables.front().is_some_and(|it| it.end <= place) {
            self.tables.pop_front();
        }
    }

    /// The best level that a break can have.
    pub fn best_level(&self) -> Level {
        match self.format {
            Format::Text => Level::Paragraph,
            Format::Markdown => Level::Heading,
        }
    }

    /// The breaks whose text above them ends behind `floor`, a border between clusters, and at or before `limit`; last first.
    pub fn breaks(&self, floor: usize, limit: usize) -> impl Iterator<Item = Break> {
        let breaks = match self.format {
            Format::Text => Breaks::Searched(plain::Breaks::new(self.text, floor, limit)),
            Format::Markdown => Breaks::Read(self.breaks.iter().rev()),
        };
        breaks
            .skip_while(move |it| it.end > limit)
            .take_while(move |it| it.end > floor)
    }

    /// Start of the last section that begins at or before `place`.
    pub fn last_section(&self, place: usize) -> Option<usize> {
        let starts = self
            .breaks
            .iter()
            .rev()
            .filter(|it| it.level == Level::Heading);
        starts.map(|it| it.start).find(|start| *start <= place)
    }

    /// The block that `place` is inside of, not at its start or end.
    pub fn block_around(&self, place: usize) -> Option<Block> {
        let behind = self.blocks.partition_point(|it| it.start < place);
        let block = *self.blocks.get(behind.checked_sub(1)?)?;
        (place < block.end).then_some(block)
    }

    /// The block that begins at `place`, white space aside.
    pub fn block_at(&self, place: usize) -> Option<Block> {
        let first = self.blocks.partition_point(|it| it.end <= place);
        let block = *self.blocks.get(first)?;
        let near = block.start <= place || self.text[place..block.start].trim().is_empty();
        near.then_some(block)
    }

    /// The table in whose body `place` lies.
    pub fn table_around(&self, place: usize) -> Option<Table> {
        let table = self.tables.iter().find(|it| place < it.end)?;
        (table.body <= place).then_some(*table)
    }

    fn open_block_may_fit(&self) -> bool {
        let longest = self.most * self.unit.longest();
        self.blocks
            .back()
            .is_some_and(|block| self.read - block.start <= longest)
    }

    fn read_line(&mut self) {
        let start = self.read;
        let Some(rest) = self.text.get(start..).filter(|rest| !rest.is_empty()) else {
            return;
        };
        let length = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        self.read = start + length;
        self.last_line = start;
        let line = &self.text[start..graphemes::trim_end(self.text, start, self.read)];
        if line.is_empty() {
            // A form feed ends a page, so it is blank in this sense too.
            self.blank = true;
            self.line_above = None;
        } else if self.fence.is_some() {
            self.code_line(start, line);
        } else {
            self.markdown_line(start, line);
        }
        if !line.is_empty() {
            self.blank = false;
            self.content_end = start + line.len();
        }
    }
}
