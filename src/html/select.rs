//! Finds the main text of a page.

use super::attributes::Name;
use super::boilerplate;
use super::tags::Tag;
use super::tree::{Id, ROOT, Tree};

/// What to read of a page.
#[derive(Debug)]
pub struct Selection {
    pub root: Id,
    /// For each node whether it is left out with everything inside.
    pub dropped: Vec<bool>,
}

/// The main text of a page.
pub fn main_content(tree: &Tree) -> Selection {
    let mut selection = everything(tree);
    let sizes = Sizes::of(tree, &selection.dropped);
    let marked = marked_main(tree, &sizes);
    selection.root = marked.unwrap_or(ROOT);
    drop_furniture(tree, &sizes, &mut selection, marked.is_some());
    let sizes = Sizes::of(tree, &selection.dropped);
    drop_link_lists(tree, &sizes, &mut selection, marked.is_some());
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
                    sizes.text[id] = u32::try_from(visible.count()).unwrap_or(u32::MAX);
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
    let all = sizes.text(selection.root);
    let mut id = selection.root + 1;
    while id < tree.node(selection.root).end {
        let node = tree.node(id);
        let drop = node.tag != Tag::Text
            && (boilerplate::is_furniture(tree, id, in_main)
                || (sizes.text(id) < all / SMALL && boilerplate::is_named_furniture(tree, id)));
        if drop {
            selection.dropped[id as usize..node.end as usize].fill(true);
            id = node.end;
        } else {
            id += 1;
        }
    }
}

/// Drops blocks that are little more than links: menus that are not marked as such.
fn drop_link_lists(tree: &Tree, sizes: &Sizes, selection: &mut Selection, in_main: bool) {
    /// Fewer links may be a sentence of the text.
    const FEWEST_LINKS: u32 = 4;
    /// Where the page has marked its main text, lists of links are more likely to belong to it.
    const LINKED_PERCENT: [u32; 2] = [70, 90];
    /// A page that consists of links is a directory: its links are its text.
    const SMALL: u32 = 3;
    let all = sizes.text(selection.root);
    let mut id = selection.root + 1;
    while id < tree.node(selection.root).end {
        let node = tree.node(id);
        let text = sizes.text(id);
        let linked = u64::from(sizes.linked[id as usize]) * 100
            >= u64::from(text) * u64::from(LINKED_PERCENT[usize::from(in_main)]);
        let is_list = matches!(
            node.tag,
            Tag::Ul | Tag::Ol | Tag::Dl | Tag::Div | Tag::Block | Tag::Table | Tag::P
        );
        if is_list && linked && sizes.links[id as usize] >= FEWEST_LINKS && text < all / SMALL {
            selection.dropped[id as usize..node.end as usize].fill(true);
            id = node.end;
        } else {
            id += 1;
        }
    }
}
