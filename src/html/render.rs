//! Turns the selected part of the tree into Markdown, in one walk from front to back.
//!
//! Emphasis and inline code leave no marks, so that text can be found as it is read. Links keep their address, images their text.

use super::Heading;
use super::attributes::Name;
use super::boilerplate;
use super::inline;
use super::select::Selection;
use super::table;
use super::tags::Tag;
use super::tree::{Id, Tree, collapse};
use super::writer::{Gap, Writer};

/// The Markdown of a page and its headings.
pub struct Rendered {
    pub content: String,
    pub headings: Vec<Heading>,
}

pub fn render(tree: &Tree, selection: &Selection) -> Rendered {
    let mut renderer = Renderer::new(tree, &selection.dropped);
    renderer.walk(selection.root);
    Rendered {
        content: renderer.writer.finish(),
        headings: renderer.headings,
    }
}

/// What has to be done where an element ends.
enum Leave {
    Gap(Gap),
    Item,
    Indented(Gap),
    List(Gap),
    Heading(u8),
    Link(Id),
    Quotation,
}

struct Open {
    end: Id,
    leave: Leave,
}

pub struct Renderer<'t> {
    tree: &'t Tree,
    dropped: &'t [bool],
    pub writer: Writer,
    headings: Vec<Heading>,
    open: Vec<Open>,
    /// For each open ordered list the number of its next item; None for an unordered one.
    lists: Vec<Option<u32>>,
}

impl<'t> Renderer<'t> {
    pub fn new(tree: &'t Tree, dropped: &'t [bool]) -> Self {
        Self {
            tree,
            dropped,
            writer: Writer::new(),
            headings: Vec::new(),
            open: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// Writes everything inside of `root`.
    pub fn walk(&mut self, root: Id) {
        let end = self.tree.node(root).end;
        let mut id = root + 1;
        while id < end {
            self.leave_before(id);
            id = if self.dropped[id as usize] {
                self.tree.node(id).end
            } else {
                self.enter(id)
            };
        }
        self.leave_before(Id::MAX);
    }

    /// Writes a table cell's text on one line.
    pub fn cell(tree: &'t Tree, dropped: &'t [bool], cell: Id) -> String {
        let mut renderer = Self::new(tree, dropped);
        renderer.writer.begin_single_line();
        renderer.walk(cell);
        renderer.writer.finish()
    }

    fn leave_before(&mut self, id: Id) {
        while let Some(open) = self.open.pop_if(|open| open.end <= id) {
            self.leave(&open.leave);
        }
    }

    /// Begins an element or writes a text; returns where to go on.
    fn enter(&mut self, id: Id) -> Id {
        let tree = self.tree;
        let node = tree.node(id);
        match node.tag {
            Tag::Text => self.writer.text(tree.text(id)),
            Tag::Heading(level) => self.heading(id, level),
            Tag::Pre => return self.code(id),
            Tag::Table => return self.table(id),
            // A list or quotation in a heading or a table cell has no form in Markdown; its text has.
            Tag::Ul | Tag::Ol | Tag::Li | Tag::Dt | Tag::Dd | Tag::Blockquote
                if self.writer.is_single_line() =>
            {
                self.block(id, Gap::Space, Gap::Space);
            }
            Tag::Ul | Tag::Ol => self.list(id),
            Tag::Li => self.item(id),
            Tag::Dt => self.block(id, Gap::Blank, Gap::Line),
            Tag::Dd => {
                self.writer.gap(Gap::Line);
                self.indented(id, ": ".to_owned(), "  ", Gap::Line);
            }
            Tag::Blockquote => {
                self.writer.gap(Gap::Blank);
                self.indented(id, "> ".to_owned(), "> ", Gap::Blank);
            }
            Tag::Br => self.writer.gap(Gap::Line),
            Tag::Hr => self.writer.gap(Gap::Blank),
            Tag::Img => self.image(id),
            Tag::A => return self.link(id),
            Tag::Q => {
                self.writer.mark("“");
                self.open(id, Leave::Quotation);
            }
            Tag::Button | Tag::Label => self.block(id, Gap::Space, Gap::Space),
            tag if tag.is_block() => self.block(id, Gap::Blank, Gap::Blank),
            _ => {}
        }
        id + 1
    }

    fn leave(&mut self, leave: &Leave) {
        match leave {
            Leave::Gap(gap) => self.writer.gap(*gap),
            Leave::Item => {
                self.writer.outdent();
                self.writer.gap(Gap::Line);
                self.writer.close_gap();
            }
            Leave::Indented(gap) => {
                self.writer.outdent();
                self.writer.gap(*gap);
            }
            Leave::List(gap) => {
                self.lists.pop();
                self.writer.gap(*gap);
            }
            Leave::Heading(level) => self.leave_heading(*level),
            Leave::Link(id) => {
                let url = self.tree.attribute(*id, Name::Href).unwrap_or_default();
                self.writer.close_link(url.trim());
            }
            Leave::Quotation => self.writer.mark("”"),
        }
    }

    fn open(&mut self, id: Id, leave: Leave) {
        self.open.push(Open {
            end: self.tree.node(id).end,
            leave,
        });
    }

    fn block(&mut self, id: Id, before: Gap, after: Gap) {
        self.writer.gap(before);
        self.open(id, Leave::Gap(after));
    }

    fn indented(&mut self, id: Id, first: String, rest: &'static str, after: Gap) {
        self.writer.indent(first, rest);
        self.open(id, Leave::Indented(after));
    }

    fn heading(&mut self, id: Id, level: u8) {
        if self.writer.is_single_line() {
            return self.block(id, Gap::Space, Gap::Space);
        }
        self.writer.gap(Gap::Blank);
        // The title of a box in the text does not head what follows the box.
        let parent = self.tree.node(id).parent;
        let around = [parent, self.tree.node(parent).parent];
        if around
            .into_iter()
            .any(|it| boilerplate::is_note(self.tree, it))
        {
            return self.open(id, Leave::Gap(Gap::Line));
        }
        let marks = "#".repeat(usize::from(level));
        self.writer.indent(format!("{marks} "), "");
        self.writer.begin_single_line();
        self.open(id, Leave::Heading(level));
    }

    fn leave_heading(&mut self, level: u8) {
        if !self.writer.is_block_empty() {
            let text = self.writer.current_line().to_owned();
            self.headings.push(Heading { level, text });
        }
        self.writer.end_single_line();
        self.writer.outdent();
        self.writer.gap(Gap::Blank);
    }

    fn list(&mut self, id: Id) {
        let gap = if self.lists.is_empty() {
            Gap::Blank
        } else {
            Gap::Line
        };
        let first = match self.tree.tag(id) {
            Tag::Ol => Some(
                self.tree
                    .attribute(id, Name::Start)
                    .and_then(|it| it.trim().parse().ok())
                    .unwrap_or(1),
            ),
            _ => None,
        };
        self.lists.push(first);
        self.writer.gap(gap);
        self.open(id, Leave::List(gap));
    }

    fn item(&mut self, id: Id) {
        self.writer.gap(Gap::Line);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "- ".to_owned(),
        };
        self.writer.indent(marker, "  ");
        self.open(id, Leave::Item);
    }

    fn table(&mut self, id: Id) -> Id {
        match table::read(self.tree, self.dropped, id) {
            Some(table) if !self.writer.is_single_line() => {
                table.write(&mut self.writer);
                self.tree.node(id).end
            }
            // Made for layout: its cells are blocks.
            _ => {
                self.block(id, Gap::Blank, Gap::Blank);
                id + 1
            }
        }
    }

    fn code(&mut self, id: Id) -> Id {
        let code = inline::preformatted(self.tree, self.dropped, id);
        let code = code.trim_matches('\n').trim_end();
        if self.writer.is_single_line() {
            self.writer.gap(Gap::Space);
            self.writer.text(code);
            self.writer.gap(Gap::Space);
        } else if !code.trim().is_empty() {
            self.writer.gap(Gap::Blank);
            let fence = inline::fence_around(code);
            self.writer.line(&format!(
                "{fence}{}",
                inline::code_language(self.tree, id).unwrap_or_default()
            ));
            for line in code.split('\n') {
                self.writer.line(line.trim_end_matches('\r'));
            }
            self.writer.line(&fence);
            self.writer.gap(Gap::Blank);
        }
        self.tree.node(id).end
    }

    fn image(&mut self, id: Id) {
        let alt = collapse(self.tree.attribute(id, Name::Alt).unwrap_or_default());
        if alt.is_empty() {
            return;
        }
        match inline::image_source(self.tree, id) {
            Some(source) if !self.writer.is_single_line() => {
                self.writer.mark("![");
                self.writer.text(&alt);
                self.writer.close_link(source);
            }
            _ => self.writer.text(&alt),
        }
    }

    fn link(&mut self, id: Id) -> Id {
        if inline::is_permalink(self.tree, id) {
            return self.tree.node(id).end;
        }
        let in_heading = self
            .open
            .iter()
            .any(|open| matches!(open.leave, Leave::Heading(_)));
        if !in_heading && inline::is_link(self.tree, id) {
            self.writer.open_link();
            self.open(id, Leave::Link(id));
        }
        id + 1
    }
}
