//! Reads a page: what it is about, its main text as Markdown, and the products and questions it declares as JSON-LD.
//!
//! A page is untrusted. Time and memory grow with its length only: the tokenizer is html5gum (the states of the HTML standard), the
//! tree is an array in document order, and nothing here calls itself, so no nesting is too deep for the stack.

mod attributes;
mod boilerplate;
mod builder;
mod inline;
mod metadata;
mod render;
mod select;
mod structured;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;
mod writer;

use serde_json::Value;

/// What [`extract`] finds in a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// `<title>`, else `og:title`, else the first heading.
    pub title: Option<String>,
    /// The description for search engines, else `og:description`.
    pub description: Option<String>,
    /// The language as the page names it (`en`, `pt-BR`).
    pub language: Option<String>,
    /// The page's preferred url as written, perhaps relative: `<link rel=canonical>`, else `og:url`.
    pub canonical_url: Option<String>,
    /// The main text as Markdown: headings, lists, tables, fenced code, links, image texts.
    pub content: String,
    /// The headings in `content`.
    pub headings: Vec<Heading>,
    /// Products declared as JSON-LD, each an object with `name`, `sku`, `price`, ... as far as known.
    pub products: Vec<Value>,
    /// Questions declared as JSON-LD, each an object with `question` and `answer`.
    pub faqs: Vec<Value>,
}

/// A heading of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    pub text: String,
}

/// Reads the page `html`. Everything is tolerated: what is not HTML is text.
#[must_use]
pub fn extract(html: &str) -> Page {
    let tree = tokens::parse(html);
    let selection = select::main_content(&tree);
    let rendered = render::render(&tree, &selection);
    let declared = structured::declared(&tree);
    let first_heading = rendered
        .headings
        .first()
        .map(|heading| heading.text.clone());
    Page {
        title: metadata::title(&tree).or(first_heading),
        description: metadata::description(&tree),
        language: metadata::language(&tree),
        canonical_url: metadata::canonical_url(&tree),
        content: rendered.content,
        headings: rendered.headings,
        products: declared.products,
        faqs: declared.faqs,
    }
}

/// The text of a fragment of HTML as Markdown, all of it, as found in JSON-LD answers.
fn fragment_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    let tree = tokens::parse(html);
    render::render(&tree, &select::everything(&tree)).content
}
