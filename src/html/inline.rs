//! Links, images and preformatted text.

use super::attributes::Name;
use super::tags::Tag;
use super::tree::{Id, Tree};

/// Longest address that is kept; longer ones carry data or tracking.
const LONGEST_ADDRESS: usize = 2048;

/// Whether the link leads somewhere and holds text only: a link around blocks has no form in Markdown, so that only its text is kept.
pub fn is_link(tree: &Tree, id: Id) -> bool {
    let leads_on = tree
        .attribute(id, Name::Href)
        .map(str::trim)
        .is_some_and(|href| {
            let scheme = href.split(':').next().unwrap_or_default();
            let is_code = ["javascript", "data", "vbscript", "blob"]
                .iter()
                .any(|it| scheme.eq_ignore_ascii_case(it));
            !href.is_empty() && !href.starts_with('#') && !is_code && href.len() <= LONGEST_ADDRESS
        });
    leads_on && !tree.inside(id).any(|it| tree.tag(it).is_block())
}

/// Whether the link is the mark beside a heading that leads to the heading itself.
pub fn is_permalink(tree: &Tree, id: Id) -> bool {
    const MARKS: &[&str] = &["#", "¶", "§", "🔗", "⚓", "¤"];
    /// Nodes of such a link: it is a mark and little else.
    const MOST_NODES: u32 = 4;
    let node = tree.node(id);
    if node.end - id > MOST_NODES {
        return false;
    }
    let text: String = tree
        .elements(id, Tag::Text)
        .map(|it| tree.text(it).trim())
        .collect();
    MARKS.contains(&text.as_str())
}

/// Where an image is, unless its data is written into the page.
pub fn image_source(tree: &Tree, id: Id) -> Option<&str> {
    let source = tree.attribute(id, Name::Src)?.trim();
    (!source.is_empty() && !source.starts_with("data:") && source.len() <= LONGEST_ADDRESS)
        .then_some(source)
}

/// The text of a `<pre>`, white space kept.
pub fn preformatted(tree: &Tree, dropped: &[bool], pre: Id) -> String {
    let mut code = String::new();
    let end = tree.node(pre).end;
    let mut id = pre + 1;
    while id < end {
        let node = tree.node(id);
        if dropped[id as usize] {
            id = node.end;
            continue;
        }
        match node.tag {
            Tag::Text => code.push_str(tree.text(id)),
            Tag::Br => code.push('\n'),
            // Some highlighters make each line a block.
            tag if tag.is_block() && !code.is_empty() && !code.ends_with('\n') => code.push('\n'),
            _ => {}
        }
        id += 1;
    }
    code
}

/// A fence longer than any row of backticks in the code.
pub fn fence_around(code: &str) -> String {
    const SHORTEST: usize = 3;
    let (mut row, mut longest) = (0, 0);
    for byte in code.bytes() {
        row = if byte == b'`' { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    "`".repeat(SHORTEST.max(longest + 1))
}

/// The programming language that the classes of a `<pre>`, of its `<code>` or of what is around it name.
pub fn code_language(tree: &Tree, pre: Id) -> Option<&str> {
    const PREFIXES: &[&str] = &[
        "language-",
        "lang-",
        "highlight-source-",
        "highlight-",
        "sourceCode-",
    ];
    let code = (pre + 1..tree.node(pre).end).find(|id| tree.tag(*id) == Tag::Code);
    let around = tree.node(pre).parent;
    [Some(pre), code, Some(around)]
        .into_iter()
        .flatten()
        .find_map(|id| {
            let classes = tree.attribute(id, Name::Class)?;
            let language = classes.split_ascii_whitespace().find_map(|class| {
                PREFIXES
                    .iter()
                    .find_map(|prefix| class.strip_prefix(prefix))
            })?;
            let is_name = language.len() <= 20
                && language
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+#-_.".contains(&b));
            (is_name && !language.is_empty()).then_some(language)
        })
}
