//! Finds the main text of a page.

use super::attributes::Name;
use super::boilerplate::{self, Named};
use super::builder::offset;
use super::tags::Tag;
use super::tree::{Id, ROOT, Tree};

/// What to read of a page.
#[derive(Debug)]
pub struct Selection {
    pub root: Id,
    /// For each node whether it is left out with everything inside.
    pub dropped: Vec<bool>,
}

/// A page of which less than this share is left without its lists of links is a directory.
const LEAST_LEFT: u32 = 3;

/// The main text of a page.
pub fn main_content(tree: &Tree) -> Selection {
    let mut selection = everything(tree);
    let sizes = Sizes::of(tree, &selection.dropped);
    let marked = marked_main(tree, &sizes);
    selection.root = marked.unwrap_or(ROOT);
    drop_furniture(tree, &sizes, &mut selection, marked.is_some());
    let sizes = Sizes::of(tree, &selection.dropped);
    // Where a page has marked its main text, lists of links belong to it; where little else is left, they are the text.
    if marked.is_none() {
        let before = selection.dropped.clone();
        drop_link_lists(tree, &sizes, &mut selection);
        let left = Sizes::of(tree, &selection.dropped).text(ROOT);
        if left < sizes.text(ROOT) / LEAST_LEFT {
            selection.dropped = before;
        }
    }
    selection
}

/// All that can be read, as for a fragment.
pub fn everything(tree: &Tree) -> Selection {
    let mut dropped = vec![false; tree.nodes.len()];
    for id in tree.inside(ROOT) {
        let parent_dropped = dropped[tree.node(id).parent as usize];
        dropped[id as usize] = parent_dropped || boilerplate::is_unreadable(tree, id);
    }
    Selection {
        root: ROOT,
        dropped,
    }
}

/// How much text, and how much of it in links, each node holds, in bytes other than white space.
struct Sizes {
    text: Vec<u32>,
    linked: Vec<u32>,
    links: Vec<u32>,
}

impl Sizes {
    fn of(tree: &Tree, dropped: &[bool]) -> Self {
        let count = tree.nodes.len();
        let mut sizes = Self {
            text: vec![0; count],
            linked: vec![0; count],
            links: vec![0; count],
        };
        // Backwards: a node is complete before it is added to its parent.
        for id in (1..count).rev() {
            let node = &tree.nodes[id];
            if dropped[id] {
                continue;
            }
            match node.tag {
                Tag::Text => {
                    let text = tree
                        .text
                        .as_bytes()
                        .get(node.first as usize..node.last as usize);
                    let visible = text
                        .unwrap_or_default()
                        .iter()
                        .filter(|byte| !byte.is_ascii_whitespace());
                    sizes.text[id] = offset(visible.count());
                }
                Tag::Img => {
                    let alt = tree.attribute(offset(id), Name::Alt).unwrap_or_default();
                    sizes.text[id] = offset(alt.len());
                }
                Tag::A => {
                    sizes.linked[id] = sizes.text[id];
                    sizes.links[id] = 1;
                }
                _ => {}
            }
            let parent = node.parent as usize;
            sizes.text[parent] += sizes.text[id];
            sizes.linked[parent] += sizes.linked[id];
            sizes.links[parent] += sizes.links[id];
        }
        sizes
    }

    /// Whether at least this share of the text is in links.
    fn is_linked(&self, id: Id, percent: u64) -> bool {
        u64::from(self.linked[id as usize]) * 100 >= u64::from(self.text(id)) * percent
    }

    fn text(&self, id: Id) -> u32 {
        self.text[id as usize]
    }
}

/// The element in which the page says its main text is, if that holds enough of the text to be believed.
fn marked_main(tree: &Tree, sizes: &Sizes) -> Option<Id> {
    /// A main element with less than one fifth of all text is a frame around something else, unless it is long in itself.
    const LEAST_SHARE: u32 = 5;
    const LONG: u32 = 1000;
    let all = sizes.text(ROOT);
    let is_main =
        |id: &Id| tree.tag(*id) == Tag::Main || tree.attribute(*id, Name::Role) == Some("main");
    let largest =
        |ids: &mut dyn Iterator<Item = Id>| ids.max_by_key(|id| (sizes.text(*id), u32::MAX - *id));
    let main = largest(&mut tree.inside(ROOT).filter(is_main))
        .filter(|id| sizes.text(*id) >= LONG.min(all / LEAST_SHARE) && sizes.text(*id) > 0);
    main.or_else(|| {
        // Of several articles none is the page, unless it is most of it.
        largest(&mut tree.elements(ROOT, Tag::Article)).filter(|id| sizes.text(*id) > all / 2)
    })
}

fn drop_furniture(tree: &Tree, sizes: &Sizes, selection: &mut Selection, in_main: bool) {
    /// Furniture by name only must be less than this share of the text: `class="has-sidebar"` may be on the page's outermost element.
    const SMALL: u32 = 3;
    /// Bytes of text up to which a name that content may have too is believed.
    const SHORT: u32 = 150;
    let all = sizes.text(selection.root);
    drop_where(tree, selection, |id| {
        let is_small = sizes.text(id) < all / SMALL;
        boilerplate::is_furniture(tree, id, in_main)
            || is_small
                && match boilerplate::named(tree, id) {
                    Named::Content => false,
                    Named::PerhapsFurniture => sizes.text(id) < SHORT || sizes.is_linked(id, 50),
                    Named::Furniture => true,
                }
    });
}

/// Drops blocks that are little more than links: menus that are not marked as such, and logos above the first heading.
fn drop_link_lists(tree: &Tree, sizes: &Sizes, selection: &mut Selection) {
    /// Fewer links may be a sentence of the text.
    const FEWEST_LINKS: u32 = 4;
    /// One list that holds a third of the text is the text.
    const SMALL: u32 = 3;
    /// Bytes of text of a site's name and slogan.
    const SHORT: u32 = 150;
    const PERCENT_LINKED: u64 = 70;
    let all = sizes.text(selection.root);
    let first_heading = tree
        .inside(selection.root)
        .find(|id| matches!(tree.tag(*id), Tag::Heading(_)) && !selection.dropped[*id as usize]);
    drop_where(tree, selection, |id| {
        let is_list = matches!(
            tree.tag(id),
            Tag::Ul | Tag::Ol | Tag::Dl | Tag::Div | Tag::Block | Tag::Table | Tag::P
        );
        let text = sizes.text(id);
        let links = sizes.links[id as usize];
        let is_lead =
            links > 0 && text < SHORT && first_heading.is_some_and(|it| tree.node(id).end <= it);
        is_list
            && (links >= FEWEST_LINKS || is_lead)
            && text < all / SMALL
            && sizes.is_linked(id, PERCENT_LINKED)
    });
}

/// Drops the outermost elements below the root for which `is_furniture` holds.
fn drop_where(tree: &Tree, selection: &mut Selection, is_furniture: impl Fn(Id) -> bool) {
    let end = tree.node(selection.root).end;
    let mut id = selection.root + 1;
    while id < end {
        let node = tree.node(id);
        if selection.dropped[id as usize] {
            id = node.end;
        } else if node.tag != Tag::Text && is_furniture(id) {
            selection.dropped[id as usize..node.end as usize].fill(true);
            id = node.end;
        } else {
            id += 1;
        }
    }
}
