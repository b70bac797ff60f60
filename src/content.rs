//! Pages: from HTML to chunks that can be searched and embedded.

mod findings;
mod ingest;
mod pages;
mod products;
#[cfg(any(test, feature = "pg_test"))]
mod tests;
mod urls;

use pgrx::datum::JsonB;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::chunking::{self, Chunk};
use crate::error::{Error, Result, required};
use crate::html::{self, Page};

/// Larger pages are no pages. Ten million characters are a thick book.
const MAX_HTML_BYTES: usize = 32 << 20;

/// Cuts a text into chunks of at most `max_chars` characters, neighbours sharing up to `overlap` characters; with `unit`
/// `tokens` both count tokens of OpenAI's cl100k_base vocabulary instead, and `token_count` is the chunk's. `format` is
/// `text` or `markdown`; for Markdown `heading_path` holds the headings above the chunk, and `table_header` the header of
/// the table in whose body it begins, which counts against the maximum too. `oversized` marks a part of something that
/// should stay whole and alone exceeds the maximum: a code block, table row, heading or grapheme.
///
/// Raises 22004 for NULL, 22023 for limits out of range (64 to 32,768 characters, 16 to 8,191 tokens; overlap up to half
/// of that), another format and another unit.
#[pg_extern(schema = "frontdesk", immutable, parallel_safe)]
#[allow(clippy::type_complexity)]
fn chunk_text(
    content: Option<&str>,
    max_chars: default!(Option<i32>, "1000"),
    overlap: default!(Option<i32>, "100"),
    format: default!(Option<&str>, "'text'"),
    unit: default!(Option<&str>, "'characters'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(chunk_index, i32),
            name!(chunk_start, i32),
            name!(chunk_length, i32),
            name!(content, String),
            name!(heading_path, Vec<String>),
            name!(table_header, Option<String>),
            name!(oversized, bool),
            name!(token_count, Option<i32>),
        ),
    >,
> {
    let content = required("content", content)?;
    let options = chunk_options(max_chars, overlap, format, unit)?;
    let rows: Vec<_> = chunks(content, &options)?
        .into_iter()
        .map(|chunk| {
            (
                count(chunk.index),
                count(chunk.start) + 1,
                count(chunk.length),
                chunk.text.to_owned(),
                chunk.heading_path.to_vec(),
                chunk.table_header.map(str::to_owned),
                chunk.oversized,
                chunk.tokens.map(count),
            )
        })
        .collect();
    Ok(TableIterator::new(rows))
}

/// How large a text is: its characters, or with `unit` `tokens` its tokens of `OpenAI`'s cl100k_base vocabulary.
///
/// Raises 22004 for NULL, 22023 for another unit.
#[pg_extern(schema = "frontdesk", immutable, parallel_safe)]
fn text_size(content: Option<&str>, unit: default!(Option<&str>, "'characters'")) -> Result<i32> {
    let content = required("content", content)?;
    let unit: chunking::Unit = required("unit", unit)?.parse().map_err(refused)?;
    Ok(count(unit.size(content)))
}

/// A count of things in a value of at most 1 GB, which is what Postgres can hold.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn chunk_options(
    max_chars: Option<i32>,
    overlap: Option<i32>,
    format: Option<&str>,
    unit: Option<&str>,
) -> Result<chunking::Options> {
    Ok(chunking::Options {
        max_size: required("max_chars", max_chars)?,
        overlap: required("overlap", overlap)?,
        unit: required("unit", unit)?.parse().map_err(refused)?,
        format: required("format", format)?.parse().map_err(refused)?,
    })
}

fn chunks<'a>(content: &'a str, options: &chunking::Options) -> Result<Vec<Chunk<'a>>> {
    Ok(chunking::chunk(content, options).map_err(refused)?)
}

fn refused(error: chunking::Error) -> Error {
    let hint = match error {
        chunking::Error::Unit(_) => {
            "Use 'tokens' for limits in tokens of cl100k_base, else 'characters'."
        }
        chunking::Error::Format(_) => "Use 'markdown' for what extract_html returns, else 'text'.",
        _ => "Use max_chars => 1000, overlap => 100 unless you have measured something better.",
    };
    Error::InvalidArgument(error.to_string(), hint)
}

/// What an HTML page says, without what surrounds it: one row. Broken markup is read as a browser reads it.
///
/// Raises 22004 for NULL and 54000 for more than 32 MB.
#[pg_extern(schema = "frontdesk", immutable, parallel_safe)]
#[allow(clippy::type_complexity)]
fn extract_html(
    html: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(title, Option<String>),
            name!(description, Option<String>),
            name!(language, Option<String>),
            name!(canonical_url, Option<String>),
            name!(content, String),
            name!(headings, JsonB),
            name!(products, JsonB),
            name!(faqs, JsonB),
        ),
    >,
> {
    let page = extracted(required("html", html)?)?;
    let headings = headings(&page);
    Ok(TableIterator::once((
        page.title,
        page.description,
        page.language,
        page.canonical_url,
        page.content,
        JsonB(headings),
        JsonB(declared(page.products)),
        JsonB(declared(page.faqs)),
    )))
}

fn extracted(html: &str) -> Result<Page> {
    if html.len() > MAX_HTML_BYTES {
        return Err(Error::TooLarge(
            format!(
                "a page of {} bytes is above the limit of {MAX_HTML_BYTES}",
                html.len()
            ),
            "Split the document, or put its text into website_content.",
        )
        .into());
    }
    Ok(html::extract(html))
}

fn headings(page: &Page) -> Value {
    page.headings
        .iter()
        .map(|heading| json!({"level": heading.level, "text": heading.text}))
        .collect()
}

/// What a page declares in JSON, which may hold the one character that Postgres cannot: NUL.
fn declared(mut items: Vec<Value>) -> Value {
    for item in &mut items {
        let fields = item.as_object_mut().into_iter().flatten();
        for (_, value) in fields {
            if let Value::String(text) = value
                && text.contains('\0')
            {
                *text = text.replace('\0', "\u{FFFD}");
            }
        }
    }
    Value::Array(items)
}
