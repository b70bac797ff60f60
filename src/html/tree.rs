//! A page as an array of nodes in document order: the descendants of a node follow it directly, up to its `end`.

use super::attributes::Name;
use super::tags::Tag;
use std::ops::Range;

/// A node's place in the array.
pub type Id = u32;

/// The node that everything else is in.
pub const ROOT: Id = 0;

/// An element or a piece of text.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    pub tag: Tag,
    pub parent: Id,
    /// The first node that is not inside of this one.
    pub end: Id,
    /// For text its bytes in the tree's text, for an element its attributes in the tree's attributes.
    pub first: u32,
    pub last: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    pub name: Name,
    pub first: u32,
    pub last: u32,
}

/// A page.
#[derive(Debug, Default)]
pub struct Tree {
    pub nodes: Vec<Node>,
    pub attributes: Vec<Attribute>,
    /// All text and all attribute values, in the order in which they were read.
    pub text: String,
}

impl Tree {
    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    pub fn tag(&self, id: Id) -> Tag {
        self.node(id).tag
    }

    /// The nodes inside of `id`, in document order.
    pub fn inside(&self, id: Id) -> Range<Id> {
        id + 1..self.node(id).end
    }

    /// The text of a text node.
    pub fn text(&self, id: Id) -> &str {
        let node = self.node(id);
        &self.text[node.first as usize..node.last as usize]
    }

    /// The value of an element's attribute.
    pub fn attribute(&self, id: Id, name: Name) -> Option<&str> {
        let node = self.node(id);
        if node.tag == Tag::Text {
            return None;
        }
        let attributes = &self.attributes[node.first as usize..node.last as usize];
        let attribute = attributes.iter().find(|it| it.name == name)?;
        Some(&self.text[attribute.first as usize..attribute.last as usize])
    }

    /// The elements with this tag inside of `id`.
    pub fn elements(&self, id: Id, tag: Tag) -> impl Iterator<Item = Id> + '_ {
        self.inside(id).filter(move |id| self.tag(*id) == tag)
    }

    /// Whether `id` is inside of an element for which `matches` holds.
    pub fn has_ancestor(&self, id: Id, matches: impl Fn(Tag) -> bool) -> bool {
        let mut at = id;
        while at != ROOT {
            at = self.node(at).parent;
            if matches(self.tag(at)) {
                return true;
            }
        }
        false
    }

    /// All text inside of `id`, white space collapsed.
    pub fn plain_text(&self, id: Id) -> String {
        let mut plain = String::new();
        for text in self.elements(id, Tag::Text) {
            plain.push_str(self.text(text));
        }
        collapse(&plain)
    }
}

/// `text` with every run of white space made one space, none at the ends.
pub fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}
