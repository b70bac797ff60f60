//! What a page says about itself in its head.

use super::attributes::Name;
use super::tags::Tag;
use super::tree::{ROOT, Tree, collapse};

pub fn title(tree: &Tree) -> Option<String> {
    tree.elements(ROOT, Tag::Title)
        .filter(|id| !tree.has_ancestor(*id, |tag| matches!(tag, Tag::Svg | Tag::Math)))
        .map(|id| tree.plain_text(id))
        .find(|title| !title.is_empty())
        .or_else(|| meta(tree, "og:title"))
}

pub fn description(tree: &Tree) -> Option<String> {
    ["description", "og:description", "twitter:description"]
        .iter()
        .find_map(|name| meta(tree, name))
}

pub fn language(tree: &Tree) -> Option<String> {
    let on_html = tree
        .elements(ROOT, Tag::Html)
        .find_map(|id| tree.attribute(id, Name::Lang));
    let language = on_html
        .map(str::to_owned)
        .or_else(|| meta(tree, "content-language"))
        .or_else(|| meta(tree, "og:locale"))?;
    let language = language.trim().replace('_', "-");
    is_language_tag(&language).then_some(language)
}

pub fn canonical_url(tree: &Tree) -> Option<String> {
    tree.elements(ROOT, Tag::Link)
        .filter(|id| tree.attribute(*id, Name::Rel).is_some_and(names_canonical))
        .find_map(|id| tree.attribute(id, Name::Href))
        .map(|href| href.trim().to_owned())
        .filter(|href| !href.is_empty())
        .or_else(|| meta(tree, "og:url"))
}

/// The content of the first `<meta>` with this name that is not empty.
fn meta(tree: &Tree, name: &str) -> Option<String> {
    let is_named = |id: &u32| {
        [Name::Named, Name::Property, Name::HttpEquiv]
            .into_iter()
            .filter_map(|attribute| tree.attribute(*id, attribute))
            .any(|value| value.trim().eq_ignore_ascii_case(name))
    };
    tree.elements(ROOT, Tag::Meta)
        .filter(is_named)
        .filter_map(|id| tree.attribute(id, Name::Content))
        .map(collapse)
        .find(|content| !content.is_empty())
}

fn names_canonical(rel: &str) -> bool {
    rel.split_ascii_whitespace()
        .any(|word| word.eq_ignore_ascii_case("canonical"))
}

/// Subtags of letters and digits, the first of two to eight letters (BCP 47).
fn is_language_tag(language: &str) -> bool {
    const LONGEST: usize = 35;
    let mut subtags = language.split('-');
    let primary = subtags.next().unwrap_or_default();
    (2..=8).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|tag| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && language.len() <= LONGEST
}
