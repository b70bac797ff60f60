//! Which elements are the furniture of a site rather than the text of a page, judged by element, role and names.

use super::attributes::Name;
use super::tags::Tag;
use super::tree::{Id, Tree};

/// Words in classes and ids of furniture, sorted.
#[rustfmt::skip]
const FURNITURE: &[&str] = &[
    "ad", "ads", "advert", "advertisement", "adverts", "breadcrumb", "breadcrumbs", "consent", "cookie", "cookies",
    "copyright", "disqus", "edit", "footer", "gdpr", "headerlink", "menu", "menubar", "modal", "nav", "navbar", "navfooter",
    "navheader", "navigation", "navlinks", "newsletter", "noprint", "offcanvas", "pager", "pagination", "popup", "promo", "related",
    "share", "sharing", "sidebar", "sidenav", "signup", "skiplink", "skipnav", "social", "sponsor", "sponsored", "subscribe",
    "toc", "toolbar", "topbar", "topnav",
];

/// Pairs of words that name furniture only together.
const FURNITURE_PAIRS: &[(&str, &str)] = &[
    ("back", "top"),
    ("page", "header"),
    ("prev", "next"),
    ("site", "header"),
    ("skip", "content"),
    ("skip", "link"),
    ("skip", "main"),
    ("skip", "nav"),
    ("table", "contents"),
    ("visually", "hidden"),
    ("sr", "only"),
];

/// Words that mark a box beside the text as a part of the text.
const NOTES: &[&str] = &[
    "admonition",
    "callout",
    "caution",
    "danger",
    "hint",
    "important",
    "info",
    "note",
    "tip",
    "warning",
];

/// Words that mark content which is folded away until a reader asks for it.
const FOLDED: &[&str] = &[
    "accordion",
    "answer",
    "collapse",
    "collapsible",
    "faq",
    "panel",
    "tab",
    "tabs",
];

/// Whether nothing of `id` is ever to be read: scripts, controls, hidden things.
pub fn is_unreadable(tree: &Tree, id: Id) -> bool {
    tree.tag(id).is_never_read() || is_hidden(tree, id)
}

/// Whether `id` is furniture by its element or role. `in_main` says that the page has marked its main text and `id` is in it.
pub fn is_furniture(tree: &Tree, id: Id, in_main: bool) -> bool {
    let is_note = || has_word(tree, id, NOTES) || tree.attribute(id, Name::Role) == Some("note");
    match tree.tag(id) {
        Tag::Nav => return true,
        Tag::Footer => return !tree.has_ancestor(id, |tag| tag == Tag::Blockquote),
        Tag::Aside => return !is_note(),
        Tag::Header if !in_main => {
            return !tree.has_ancestor(id, |tag| matches!(tag, Tag::Main | Tag::Article));
        }
        Tag::Button => {
            return !tree.has_ancestor(id, |tag| {
                matches!(tag, Tag::Heading(_) | Tag::Dt | Tag::Summary)
            });
        }
        Tag::Label => return tree.has_ancestor(id, |tag| tag == Tag::Form),
        _ => {}
    }
    match tree.attribute(id, Name::Role) {
        Some(
            "navigation" | "contentinfo" | "search" | "menu" | "menubar" | "toolbar" | "tablist"
            | "dialog" | "alertdialog",
        ) => true,
        Some("banner") => !in_main,
        Some("complementary") => !is_note(),
        _ => false,
    }
}

/// Whether the classes or the id of `id` call it furniture. Names are used loosely, so the caller checks that little would be lost.
pub fn is_named_furniture(tree: &Tree, id: Id) -> bool {
    let mut before = String::new();
    any_word(tree, id, |word| {
        let found = FURNITURE.binary_search(&word).is_ok()
            || FURNITURE_PAIRS.contains(&(before.as_str(), word));
        before.clear();
        before.push_str(word);
        found
    })
}

/// Not shown, and not because it is folded away.
fn is_hidden(tree: &Tree, id: Id) -> bool {
    let hidden = tree
        .attribute(id, Name::Hidden)
        .is_some_and(|value| value != "until-found")
        || tree.attribute(id, Name::AriaHidden) == Some("true")
        || tree.attribute(id, Name::Style).is_some_and(hides);
    let folded = || {
        matches!(tree.attribute(id, Name::Role), Some("region" | "tabpanel"))
            || has_word(tree, id, FOLDED)
    };
    hidden && !folded()
}

fn hides(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let (property, value) = declaration.split_once(':').unwrap_or_default();
        let is = |expected: (&str, &str)| {
            property.trim().eq_ignore_ascii_case(expected.0)
                && value.trim().eq_ignore_ascii_case(expected.1)
        };
        is(("display", "none")) || is(("visibility", "hidden"))
    })
}

fn has_word(tree: &Tree, id: Id, words: &[&str]) -> bool {
    any_word(tree, id, |word| words.contains(&word))
}

/// Asks `matches` for each word of the classes and the id: `siteNav-left` has `site`, `nav`, `left`.
fn any_word(tree: &Tree, id: Id, mut matches: impl FnMut(&str) -> bool) -> bool {
    /// More of a name than furniture is recognised by; generated class lists can be very long.
    const LONGEST: usize = 400;
    let mut word = String::new();
    for name in [Name::Class, Name::Id] {
        let value = tree.attribute(id, name).unwrap_or_default();
        let mut was_lower = false;
        for character in value.chars().take(LONGEST).chain([' ']) {
            let starts_word = character.is_ascii_uppercase() && was_lower;
            if (starts_word || !character.is_ascii_alphabetic()) && !word.is_empty() {
                if matches(&word) {
                    return true;
                }
                word.clear();
            }
            if character.is_ascii_alphabetic() {
                word.push(character.to_ascii_lowercase());
            }
            was_lower = character.is_ascii_lowercase();
        }
    }
    false
}

#[cfg(test)]
#[test]
fn the_list_of_furniture_can_be_searched() {
    assert!(FURNITURE.is_sorted());
}
