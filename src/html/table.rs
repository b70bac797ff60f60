//! Tables of data, as Markdown knows them. Tables that only place things on the page are not read here.

use super::attributes::Name;
use super::render::Renderer;
use super::tags::Tag;
use super::tree::{Id, Tree};
use super::writer::{Gap, Writer};
use std::fmt::Write;

/// A table with more columns is not for reading.
const MOST_COLUMNS: usize = 64;

/// Longest cell in bytes. A cell that holds an article shows that the table is layout.
const LONGEST_CELL: usize = 4000;

/// Longest text in bytes that is repeated in each row that a cell spans, so that every row can be understood alone.
const LONGEST_REPEATED: usize = 100;

/// Most bytes that a table's cells may repeat, and most cells it may have for each of its elements. Spans cost a page a few bytes, so
/// that without bounds a small page could ask for a huge table.
const MOST_REPEATED: usize = 16_384;
const MOST_CELLS_PER_ELEMENT: usize = 4;

pub struct Table {
    caption: Option<String>,
    /// Empty when no row says that it is the header.
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    columns: usize,
}

/// The table `id`, or None when it is made for layout.
pub fn read(tree: &Tree, dropped: &[bool], id: Id) -> Option<Table> {
    if is_layout(tree, dropped, id) {
        return None;
    }
    let elements = tree.inside(id).len();
    let mut rows = Rows {
        room: MOST_COLUMNS + elements * MOST_CELLS_PER_ELEMENT,
        ..Rows::default()
    };
    for row in kept(tree, dropped, id, Tag::Tr) {
        rows.add(tree, dropped, row)?;
    }
    let caption = kept(tree, dropped, id, Tag::Caption)
        .next()
        .map(|it| Renderer::cell(tree, dropped, it));
    rows.into_table(caption.filter(|it| !it.is_empty()))
}

impl Table {
    pub fn write(&self, writer: &mut Writer) {
        writer.gap(Gap::Blank);
        if let Some(caption) = &self.caption {
            writer.text(caption);
            writer.gap(Gap::Blank);
        }
        writer.line(&line_of(&self.header, self.columns));
        writer.line(&format!("|{}", "---|".repeat(self.columns)));
        for row in &self.rows {
            writer.line(&line_of(row, row.len()));
        }
        writer.gap(Gap::Blank);
    }
}

fn line_of(cells: &[String], columns: usize) -> String {
    let mut line = String::from("|");
    for column in 0..columns {
        // Writing to a string cannot fail.
        let _ = write!(line, " {} |", cells.get(column).map_or("", String::as_str));
    }
    line
}

/// The elements with this tag in `id` that are not dropped.
fn kept<'t>(
    tree: &'t Tree,
    dropped: &'t [bool],
    id: Id,
    tag: Tag,
) -> impl Iterator<Item = Id> + 't {
    tree.elements(id, tag).filter(|it| !dropped[*it as usize])
}

/// Whether the table holds what a table of data does not: tables, headings, code.
fn is_layout(tree: &Tree, dropped: &[bool], id: Id) -> bool {
    let role = tree.attribute(id, Name::Role);
    matches!(role, Some("presentation" | "none"))
        || tree.inside(id).any(|it| {
            !dropped[it as usize]
                && matches!(
                    tree.tag(it),
                    Tag::Table | Tag::Heading(_) | Tag::Article | Tag::Main
                )
        })
}

/// Rows as they are read, with the cells that reach down from rows above.
#[derive(Default)]
struct Rows {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    columns: usize,
    /// For each column the text that is repeated in the rows to come, and in how many.
    spanning: Vec<(String, usize)>,
    repeated: usize,
    /// How many cells the table may still get.
    room: usize,
}

impl Rows {
    fn add(&mut self, tree: &Tree, dropped: &[bool], row: Id) -> Option<()> {
        let mut cells = Vec::new();
        let mut only_headers = true;
        let mut id = row + 1;
        while id < tree.node(row).end {
            let node = tree.node(id);
            if matches!(node.tag, Tag::Td | Tag::Th) && !dropped[id as usize] {
                only_headers &= node.tag == Tag::Th;
                self.take_spanning(&mut cells);
                self.cell(tree, dropped, id, &mut cells)?;
            }
            id = node.end;
        }
        self.take_spanning(&mut cells);
        if cells.len() > MOST_COLUMNS || cells.len() > self.room {
            return None;
        }
        self.room -= cells.len();
        if cells.iter().all(String::is_empty) {
            return Some(());
        }
        self.columns = self.columns.max(cells.len());
        let in_head = tree.tag(tree.node(row).parent) == Tag::TableHead;
        if self.header.is_empty()
            && self.rows.is_empty()
            && (in_head || only_headers)
            && cells.len() > 1
        {
            self.header = cells;
        } else {
            self.rows.push(cells);
        }
        Some(())
    }

    fn cell(
        &mut self,
        tree: &Tree,
        dropped: &[bool],
        id: Id,
        cells: &mut Vec<String>,
    ) -> Option<()> {
        let text = Renderer::cell(tree, dropped, id).replace('|', "\\|");
        if text.len() > LONGEST_CELL {
            return None;
        }
        let span = |name| {
            tree.attribute(id, name)
                .and_then(|it| it.trim().parse().ok())
                .unwrap_or(1)
        };
        let rows: usize = span(Name::Rowspan);
        let columns: usize = span(Name::Colspan).clamp(1, MOST_COLUMNS);
        if rows > 1 && text.len() <= LONGEST_REPEATED {
            self.spanning
                .resize(self.spanning.len().max(cells.len() + 1), (String::new(), 0));
            self.spanning[cells.len()] = (text.clone(), rows - 1);
        }
        cells.push(text);
        cells.extend((1..columns).map(|_| String::new()));
        (cells.len() <= MOST_COLUMNS).then_some(())
    }

    /// Puts down the cells that reach into the row at the column now reached.
    fn take_spanning(&mut self, cells: &mut Vec<String>) {
        while let Some((text, rows)) = self
            .spanning
            .get_mut(cells.len())
            .filter(|(_, rows)| *rows > 0)
        {
            *rows -= 1;
            self.repeated += text.len();
            cells.push(if self.repeated <= MOST_REPEATED {
                text.clone()
            } else {
                String::new()
            });
        }
    }

    fn into_table(self, caption: Option<String>) -> Option<Table> {
        let rows = self.rows.len() + usize::from(!self.header.is_empty());
        let Self {
            header,
            rows: body,
            columns,
            ..
        } = self;
        (columns > 1 && rows > 1).then_some(Table {
            caption,
            header,
            rows: body,
            columns,
        })
    }
}
