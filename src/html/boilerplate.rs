//! Which elements are the furniture of a site rather than the text of a page, judged by element, role and names.

use super::attributes::Name;
use super::tags::Tag;
use super::tree::{Id, Tree};

/// Words in classes that only furniture has, sorted. In an id they may come from a heading, so that they count less there.
#[rustfmt::skip]
const FURNITURE: &[&str] = &[
    "advert", "advertisement", "adverts", "breadcrumb", "breadcrumbs", "cookiebanner", "cookiebar", "cookieconsent", "disqus",
    "footer", "headerlink", "menubar", "navbar", "navfooter", "navheader", "navlinks", "newsletter", "noprint", "offcanvas",
    "onetrust", "pagination", "sidenav", "skiplink", "skipnav", "topbar", "topnav", "usercentrics",
];

/// Words that furniture and content share, sorted: they count where there is little text, or most of it is links.
#[rustfmt::skip]
const OFTEN_FURNITURE: &[&str] = &[
    "ad", "ads", "banner", "consent", "cookie", "cookies", "copyright", "edit", "gdpr", "menu", "modal", "nav", "navigation",
    "pager", "popup", "promo", "related", "share", "sharing", "sidebar", "signup", "social", "sponsor", "sponsored", "subscribe",
    "toc", "toolbar",
];

/// Pairs of words that name furniture only together.
const FURNITURE_PAIRS: &[(&str, &str)] = &[
    ("back", "top"),
    ("consent", "banner"),
    ("consent", "modal"),
    ("cookie", "bar"),
    ("cookie", "banner"),
    ("cookie", "consent"),
    ("cookie", "law"),
    ("cookie", "message"),
    ("cookie", "modal"),
    ("cookie", "notice"),
    ("cookie", "overlay"),
    ("cookie", "popup"),
    ("gdpr", "banner"),
    ("page", "header"),
    ("prev", "next"),
    ("site", "footer"),
    ("site", "header"),
    ("skip", "content"),
    ("skip", "link"),
    ("skip", "main"),
    ("skip", "nav"),
    ("sr", "only"),
    ("visually", "hidden"),
];

/// Words that mark a box beside the text as a part of the text.
const NOTES: &[&str] = &[
    "admonition",
    "callout",
    "caution",
    "danger",
    "endnotes",
    "footnote",
    "footnotes",
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
    match tree.tag(id) {
        Tag::Nav => return true,
        Tag::Footer => return !tree.has_ancestor(id, |tag| tag == Tag::Blockquote),
        Tag::Aside => return !is_note(tree, id),
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
        Some("complementary") => !is_note(tree, id),
        _ => false,
    }
}

/// What the classes and the id of an element say of it. Names are used loosely, so the caller checks how much would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    Content,
    PerhapsFurniture,
    Furniture,
}

pub fn named(tree: &Tree, id: Id) -> Named {
    let mut named = Named::Content;
    let mut before = String::new();
    any_word(tree, id, |attribute, word| {
        let by_class = attribute == Name::Class;
        if FURNITURE_PAIRS.contains(&(before.as_str(), word))
            || by_class && FURNITURE.binary_search(&word).is_ok()
        {
            named = Named::Furniture;
        } else if is_weak_word(word) && (by_class || !heads_something(tree, id)) {
            named = Named::PerhapsFurniture;
        }
        before.clear();
        before.push_str(word);
        named == Named::Furniture
    });
    named
}

fn is_weak_word(word: &str) -> bool {
    [FURNITURE, OFTEN_FURNITURE]
        .iter()
        .any(|it| it.binary_search(&word).is_ok())
        || word.ends_with("nav")
}

/// Whether there is a heading in the element: then its id may be made from that.
fn heads_something(tree: &Tree, id: Id) -> bool {
    tree.inside(id)
        .any(|it| matches!(tree.tag(it), Tag::Heading(_)))
}

/// Whether `id` is a box beside the text that belongs to it.
pub fn is_note(tree: &Tree, id: Id) -> bool {
    has_word(tree, id, NOTES)
        || matches!(
            tree.attribute(id, Name::Role),
            Some("note" | "doc-footnote" | "doc-endnotes" | "doc-tip" | "doc-notice")
        )
}

/// Not shown, and neither folded away nor long enough to be shown on demand.
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
    hidden && !folded() && (named(tree, id) != Named::Content || !is_long(tree, id))
}

/// Whether an element holds paragraphs: scripts show and hide parts of a text, as tabs and answers.
fn is_long(tree: &Tree, id: Id) -> bool {
    /// Bytes of text; messages and dialogs that wait for their time are shorter.
    const LONG: usize = 200;
    let (mut text, mut paragraphs) = (0, 0);
    for inner in tree.inside(id) {
        match tree.tag(inner) {
            Tag::Text => text += tree.text(inner).trim().len(),
            Tag::P | Tag::Heading(_) | Tag::Li => paragraphs += 1,
            _ => {}
        }
        if text >= LONG && paragraphs > 0 {
            return true;
        }
    }
    false
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
    any_word(tree, id, |_, word| words.contains(&word))
}

/// Asks `matches` for each word of the classes and the id: `siteNav-left` has `site`, `nav`, `left`.
fn any_word(tree: &Tree, id: Id, mut matches: impl FnMut(Name, &str) -> bool) -> bool {
    /// More of a name than furniture is recognised by; generated class lists can be very long.
    const LONGEST: usize = 400;
    let mut word = String::new();
    for name in [Name::Class, Name::Id] {
        let value = tree.attribute(id, name).unwrap_or_default();
        let mut was_lower = false;
        for character in value.chars().take(LONGEST).chain([' ']) {
            let starts_word = character.is_ascii_uppercase() && was_lower;
            if (starts_word || !character.is_ascii_alphabetic()) && !word.is_empty() {
                if matches(name, &word) {
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
fn the_lists_of_furniture_can_be_searched() {
    assert!(FURNITURE.is_sorted() && OFTEN_FURNITURE.is_sorted());
}
