//! Builds the tree from tags and text: which end tags are missing or stray, after the tree construction rules of the HTML standard.
//!
//! Simpler than the standard in two ways that do not change what a reader sees: formatting elements that overlap blocks are not
//! split up, and stray content of a table stays where it was written.

use super::attributes::Name;
use super::tags::Tag;
use super::tree::{Attribute, Id, Node, ROOT};

/// Elements nested deeper are not kept; their text is, in the deepest element that is.
const DEEPEST: usize = 512;

/// How far up the open elements an end tag's partner is looked for. Every step up that finds nothing could be repeated by each tag
/// of a hostile page.
const REACH: usize = 256;

/// An element whose end has not been seen.
#[derive(Debug, Clone, Copy)]
struct Open {
    tag: Tag,
    /// Tells unknown elements apart.
    name: u32,
    /// The node that content goes to.
    node: Id,
    /// Whether the element is that node, and not one too deep to be kept.
    kept: bool,
}

/// A tree under construction. Text and attribute values are bytes until the end, because the tokenizer may deliver a character in
/// pieces.
#[derive(Debug)]
pub struct Builder {
    pub nodes: Vec<Node>,
    pub attributes: Vec<Attribute>,
    pub text: Vec<u8>,
    open: Vec<Open>,
}

impl Builder {
    pub fn new(capacity: usize) -> Self {
        let root = Node {
            tag: Tag::Document,
            parent: ROOT,
            end: 0,
            first: 0,
            last: 0,
        };
        Self {
            nodes: vec![root],
            attributes: Vec::new(),
            text: Vec::with_capacity(capacity),
            open: vec![Open {
                tag: Tag::Document,
                name: 0,
                node: ROOT,
                kept: true,
            }],
        }
    }

    /// Handles a start tag. Its attributes are those from `first_attribute` on. Returns whether the element is open now.
    pub fn start(
        &mut self,
        tag: Tag,
        name: u32,
        self_closing: bool,
        first_attribute: usize,
    ) -> bool {
        if self.is_foreign() && !self.leave_foreign(tag) {
            self.element(tag, first_attribute);
            return !self_closing && self.push(tag, name);
        }
        if self.is_ignored(tag) {
            self.attributes.truncate(first_attribute);
            return false;
        }
        self.imply_ends(tag);
        self.element(tag, first_attribute);
        let is_empty = tag.is_void() || (self_closing && matches!(tag, Tag::Svg | Tag::Math));
        !is_empty && self.push(tag, name)
    }

    /// Handles an end tag.
    pub fn end(&mut self, tag: Tag, name: u32) {
        let scope = |it: Tag| it.bounds_scope();
        match tag {
            // Content behind these belongs to the body all the same.
            Tag::Html | Tag::Body | Tag::Document | Tag::Text => {}
            Tag::Br => {
                let first_attribute = self.attributes.len();
                self.start(Tag::Br, 0, false, first_attribute);
            }
            Tag::Heading(_) => self.close(|it| matches!(it.tag, Tag::Heading(_)), scope),
            Tag::Table => self.close(|it| it.tag == tag, |it| it == Tag::Template),
            Tag::Td | Tag::Th | Tag::Tr | Tag::TableHead | Tag::TableBody | Tag::Caption => {
                self.close(|it| it.tag == tag, |it| it == Tag::Table);
            }
            Tag::Li => self.close(
                |it| it.tag == tag,
                |it| scope(it) || matches!(it, Tag::Ul | Tag::Ol),
            ),
            Tag::Svg | Tag::Math | Tag::Template => self.close(|it| it.tag == tag, |_| false),
            _ if tag.is_block() => self.close(|it| it.tag == tag, scope),
            _ => self.close(|it| it.tag == tag && it.name == name, Tag::is_block),
        }
    }

    /// Appends text; it may come in any number of pieces.
    pub fn text(&mut self, bytes: &[u8]) {
        let current = self.current();
        if current.tag == Tag::Head {
            if bytes.iter().all(u8::is_ascii_whitespace) {
                return;
            }
            self.pop();
        }
        let parent = self.current().node;
        let first = self.text.len();
        self.text.extend(bytes.iter().filter(|byte| **byte != 0));
        let last = offset(self.text.len());
        let at = self.nodes.len() - 1;
        match &mut self.nodes[at] {
            node if node.tag == Tag::Text
                && node.parent == parent
                && node.last as usize == first =>
            {
                node.last = last
            }
            _ => {
                let end = offset(self.nodes.len() + 1);
                self.nodes.push(Node {
                    tag: Tag::Text,
                    parent,
                    end,
                    first: offset(first),
                    last,
                });
            }
        }
    }

    /// The element that content goes to now.
    pub fn current_tag(&self) -> Tag {
        self.current().tag
    }

    /// The attribute of the element that content goes to now.
    pub fn current_attribute(&self, name: Name) -> Option<&[u8]> {
        let node = self.nodes[self.current().node as usize];
        let attributes = self
            .attributes
            .get(node.first as usize..node.last as usize)?;
        let attribute = attributes.iter().find(|it| it.name == name)?;
        self.text
            .get(attribute.first as usize..attribute.last as usize)
    }

    /// Whether the content is SVG or MathML.
    pub fn is_foreign(&self) -> bool {
        self.open
            .iter()
            .rev()
            .take(REACH)
            .find_map(|it| match it.tag {
                Tag::Svg | Tag::Math => Some(true),
                Tag::ForeignObject => Some(false),
                tag if tag.is_block() => Some(false),
                _ => None,
            })
            == Some(true)
    }

    /// Ends everything that is still open.
    pub fn finish(&mut self) {
        while self.open.len() > 1 {
            self.pop();
        }
        self.nodes[ROOT as usize].end = offset(self.nodes.len());
    }

    fn current(&self) -> Open {
        self.open[self.open.len() - 1]
    }

    /// Adds a node for an element, in the element that is open now.
    fn element(&mut self, tag: Tag, first_attribute: usize) {
        let parent = self.current().node;
        self.nodes.push(Node {
            tag,
            parent,
            end: offset(self.nodes.len() + 1),
            first: offset(first_attribute),
            last: offset(self.attributes.len()),
        });
    }

    /// Opens the element whose node was added last.
    fn push(&mut self, tag: Tag, name: u32) -> bool {
        let kept = self.open.len() < DEEPEST;
        let node = if kept {
            offset(self.nodes.len() - 1)
        } else {
            self.current().node
        };
        self.open.push(Open {
            tag,
            name,
            node,
            kept,
        });
        true
    }

    fn pop(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if open.kept {
            self.nodes[open.node as usize].end = offset(self.nodes.len());
        } else if open.tag.is_block() {
            // What follows must not stick to what was inside.
            let no_attributes = self.attributes.len();
            self.element(Tag::Block, no_attributes);
        }
    }

    /// Closes open elements up to and with the first that `is_partner`, unless one that `bounds` comes first.
    fn close(&mut self, is_partner: impl Fn(&Open) -> bool, bounds: impl Fn(Tag) -> bool) {
        let from = self.open.len();
        for at in (from.saturating_sub(REACH).max(1)..from).rev() {
            let open = self.open[at];
            if is_partner(&open) {
                return self.pop_to(at);
            }
            if bounds(open.tag) {
                return;
            }
        }
    }

    fn pop_to(&mut self, length: usize) {
        while self.open.len() > length {
            self.pop();
        }
    }

    /// Closes what is open inside of the nearest element that is one of `containers`.
    fn close_inside(&mut self, containers: &[Tag]) {
        let from = self.open.len();
        let nearest = (from.saturating_sub(REACH)..from)
            .rev()
            .find(|at| containers.contains(&self.open[*at].tag));
        if let Some(at) = nearest {
            self.pop_to(at + 1);
        }
    }

    fn is_open(&self, tag: Tag) -> bool {
        self.open.iter().rev().take(REACH).any(|it| it.tag == tag)
    }

    /// Tags that mean nothing where they stand.
    fn is_ignored(&self, tag: Tag) -> bool {
        /// `<html>`, `<head>` and `<body>` stand at the top; there is at most one of each.
        const TOP: usize = 4;
        let near_top = |tag| self.open.iter().take(TOP).any(|it| it.tag == tag);
        match tag {
            Tag::Html => self.open.len() > 1,
            Tag::Head => self.open.len() > 2 || self.is_open(Tag::Head),
            Tag::Body => self.open.len() > TOP || near_top(Tag::Body),
            Tag::Td
            | Tag::Th
            | Tag::Tr
            | Tag::TableHead
            | Tag::TableBody
            | Tag::Caption
            | Tag::Col
            | Tag::Colgroup => !self.is_open(Tag::Table),
            _ => false,
        }
    }

    /// Closes what a start tag implies to be over.
    fn imply_ends(&mut self, tag: Tag) {
        let special = |it: Tag| it.is_block() && !matches!(it, Tag::P | Tag::Div);
        if !tag.belongs_in_head() && self.current_tag() == Tag::Head {
            self.pop();
        }
        if tag.ends_paragraph() {
            self.close(
                |it| it.tag == Tag::P,
                |it| it.bounds_scope() || it == Tag::Button,
            );
        }
        match tag {
            Tag::Li => self.close(|it| it.tag == Tag::Li, special),
            Tag::Dt | Tag::Dd => self.close(|it| matches!(it.tag, Tag::Dt | Tag::Dd), special),
            Tag::Heading(_) if matches!(self.current_tag(), Tag::Heading(_)) => self.pop(),
            Tag::A => self.close(|it| it.tag == Tag::A, Tag::bounds_scope),
            Tag::Button => self.close(|it| it.tag == Tag::Button, Tag::bounds_scope),
            Tag::Td | Tag::Th => {
                self.close_inside(&[Tag::Tr, Tag::TableHead, Tag::TableBody, Tag::Table])
            }
            Tag::Tr => self.close_inside(&[Tag::TableHead, Tag::TableBody, Tag::Table]),
            Tag::TableHead | Tag::TableBody | Tag::Caption | Tag::Col | Tag::Colgroup => {
                self.close_inside(&[Tag::Table])
            }
            _ => {}
        }
    }

    /// Ends SVG or MathML when the tag cannot be part of it.
    fn leave_foreign(&mut self, tag: Tag) -> bool {
        let leaves = tag.is_block() || matches!(tag, Tag::Br | Tag::Img | Tag::Code | Tag::Meta);
        if leaves {
            self.close(|it| matches!(it.tag, Tag::Svg | Tag::Math), |_| false);
        }
        leaves
    }
}

/// Places in a page fit in 32 bits: Postgres limits a text to 1 GB.
pub fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
