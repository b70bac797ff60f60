//! What each line of Markdown adds to the outline.

use super::super::markdown::{self, Fence};
use super::{Before, Block, Break, Heading, Level, Outline, Table};

impl<'a> Outline<'a> {
    fn text_line(&mut self, start: usize, line: &str) {
        self.add_break(start, Level::before_text(self.before, self.blank, line));
        self.before = Before::text(line);
    }

    pub(super) fn markdown_line(&mut self, start: usize, line: &'a str) {
        if markdown::is_unmarked(line) && self.before != Before::Row {
            self.text_line(start, line);
            self.line_above = Some(start);
            return;
        }
        if let Some(heading) = markdown::heading(line) {
            self.heading_line(start, line, heading);
        } else if let Some(fence) = Fence::opened_by(line) {
            self.fence_line(start, fence);
        } else if self.before == Before::Row && !self.blank && markdown::is_table_row(line) {
            self.row_line(start, line);
        } else if !self.underline(line) && !self.table_delimiter(start, line) {
            self.text_line(start, line);
            self.line_above = Some(start);
            return;
        }
        self.line_above = None;
    }

    fn heading_line(&mut self, start: usize, line: &str, (level, text): (u8, &'a str)) {
        self.add_break(start, Level::Heading);
        self.add_block(start, start + line.len());
        self.headings.push_back(Heading {
            at: start,
            level,
            text,
        });
        self.before = Before::Announcement;
    }

    /// Takes `line` for the underline of the line above if it can be one, which then is a heading.
    fn underline(&mut self, line: &str) -> bool {
        let (Some(level), Some(above)) = (markdown::underline(line), self.line_above) else {
            return false;
        };
        let text = self.text[above..self.content_end].trim();
        if markdown::is_list_item(text) || text.starts_with('>') {
            return false;
        }
        if let Some(it) = self.breaks.back_mut().filter(|it| it.start == above) {
            it.level = it.level.max(Level::Line);
            if it.level == Level::Paragraph {
                it.level = Level::Heading;
            }
        }
        let end = self.text[self.content_end..]
            .find(line)
            .map_or(self.content_end, |at| self.content_end + at + line.len());
        self.add_block(above, end);
        self.headings.push_back(Heading {
            at: above,
            level,
            text,
        });
        self.before = Before::Announcement;
        true
    }

    fn fence_line(&mut self, start: usize, fence: Fence) {
        let level = match self.before {
            Before::Announcement => Level::Stranding,
            Before::Text { colon: true, .. } => Level::Line,
            _ => Level::Paragraph,
        };
        self.add_break(start, level);
        self.blocks.push_back(Block {
            start: self.without_indent(start),
            end: self.text.len(),
            fits: false,
        });
        self.fence = Some(fence);
        self.before = Before::Announcement;
    }

    pub(super) fn code_line(&mut self, start: usize, line: &str) {
        if self.fence.is_some_and(|fence| fence.is_closed_by(line)) {
            self.close_fence(start + line.len());
            return;
        }
        let level = match self.before {
            Before::Announcement => Level::Stranding,
            _ if self.blank => Level::Item,
            _ => Level::Line,
        };
        self.add_break(start, level);
        self.before = Before::Other;
    }

    fn close_fence(&mut self, end: usize) {
        self.fence = None;
        self.before = Before::Other;
        // What follows a code block is a block of its own, with or without a blank line.
        let Some(block) = self.blocks.back_mut() else {
            return;
        };
        block.end = end;
        block.fits = self.unit.fits(&self.text[block.start..end], self.most);
        if block.fits {
            let inside = self.breaks.partition_point(|it| it.start <= block.start);
            self.breaks.truncate(inside);
        }
    }

    /// Takes `line` for the delimiter row under a table's header if it can be one.
    fn table_delimiter(&mut self, start: usize, line: &str) -> bool {
        let Some(above) = self
            .line_above
            .filter(|_| markdown::is_table_delimiter(line))
        else {
            return false;
        };
        if !markdown::is_table_row(&self.text[above..self.content_end]) {
            return false;
        }
        let end = start + line.len();
        if let Some(it) = self.breaks.back_mut().filter(|it| it.start == above) {
            it.level = it.level.max(Level::Item);
        }
        self.add_block(above, end);
        self.tables.push_back(Table {
            header: (above, end),
            body: self.read,
            end: self.read,
        });
        self.before = Before::Row;
        true
    }

    fn row_line(&mut self, start: usize, line: &str) {
        let Some(table) = self.tables.back_mut() else {
            return;
        };
        let first = table.body == start;
        table.end = start + line.len();
        self.add_break(start, if first { Level::Stranding } else { Level::Item });
        self.add_block(start, start + line.len());
    }

    fn add_break(&mut self, start: usize, level: Level) {
        if self.before != Before::Nothing {
            self.breaks.push_back(Break {
                end: self.content_end,
                start,
                level,
            });
        }
    }

    /// Notes lines that belong together. Their indentation is not a part of them: a chunk may leave it out.
    fn add_block(&mut self, line: usize, end: usize) {
        let start = self.without_indent(line);
        let fits = self.unit.fits(&self.text[start..end], self.most);
        self.blocks.push_back(Block { start, end, fits });
    }

    fn without_indent(&self, line: usize) -> usize {
        self.text.len() - self.text[line..].trim_start().len()
    }
}
