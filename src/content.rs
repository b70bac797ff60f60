//! Pages: from HTML to chunks that can be searched and embedded.

use pgrx::datum::JsonB;
use pgrx::iter::TableIterator;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::chunking::{self, Chunk};
use crate::error::{Error, Result, required};
use crate::html::{self, Page};
use crate::naming;
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// Larger pages are no pages. Ten million characters are a thick book.
const MAX_HTML_BYTES: usize = 32 << 20;

/// Cuts a text into chunks of at most `max_chars` characters, neighbours sharing up to `overlap` characters.
/// `format` is `text` or `markdown`; for Markdown `heading_path` holds the headings above the chunk.
///
/// Raises 22004 for NULL, 22023 for limits out of range and another format.
#[pg_extern(schema = "frontdesk", immutable, parallel_safe)]
#[allow(clippy::type_complexity)]
fn chunk_text(
    content: Option<&str>,
    max_chars: default!(Option<i32>, "1000"),
    overlap: default!(Option<i32>, "100"),
    format: default!(Option<&str>, "'text'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(chunk_index, i32),
            name!(chunk_start, i32),
            name!(chunk_length, i32),
            name!(content, String),
            name!(heading_path, Vec<String>),
        ),
    >,
> {
    let content = required("content", content)?;
    let options = chunk_options(max_chars, overlap, format)?;
    let rows: Vec<_> = chunks(content, &options)?
        .into_iter()
        .map(|chunk| {
            (
                count(chunk.index),
                count(chunk.start) + 1,
                count(chunk.length),
                chunk.text.to_owned(),
                chunk.heading_path.to_vec(),
            )
        })
        .collect();
    Ok(TableIterator::new(rows))
}

/// A count of things in a value of at most 1 GB, which is what Postgres can hold.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn chunk_options(
    max_chars: Option<i32>,
    overlap: Option<i32>,
    format: Option<&str>,
) -> Result<chunking::Options> {
    Ok(chunking::Options {
        max_chars: required("max_chars", max_chars)?,
        overlap: required("overlap", overlap)?,
        format: required("format", format)?.parse().map_err(refused)?,
    })
}

fn chunks<'a>(content: &'a str, options: &chunking::Options) -> Result<Vec<Chunk<'a>>> {
    Ok(chunking::chunk(content, options).map_err(refused)?)
}

fn refused(error: chunking::Error) -> Error {
    let hint = match error {
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
    let page = extracted(html)?;
    let headings = headings(&page);
    Ok(TableIterator::once((
        page.title,
        page.description,
        page.language,
        page.canonical_url,
        page.content,
        JsonB(headings),
        JsonB(Value::Array(page.products)),
        JsonB(Value::Array(page.faqs)),
    )))
}

fn extracted(html: Option<&str>) -> Result<Page> {
    let html = required("html", html)?;
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

/// Stores a page of a domain in one transaction: extracts its content, cuts it into chunks, keeps the chunks whose text
/// did not change together with their vectors, and queues the page when a chunk needs a vector. `metadata` is added to
/// the page's own. `status` is `inserted`, `updated` or `unchanged`; an unchanged page writes nothing.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 55000 for one that is
/// not active, 22023 for a url outside the domain or chunk limits out of range, 54000 for a page above 32 MB.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn ingest_page(
    domain: Option<&str>,
    url: Option<&str>,
    html: Option<&str>,
    max_chars: default!(Option<i32>, "1000"),
    overlap: default!(Option<i32>, "100"),
    metadata: default!(Option<JsonB>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(page_id, pgrx::Uuid),
            name!(status, String),
            name!(chunks, i32),
            name!(added, i32),
            name!(kept, i32),
            name!(removed, i32),
            name!(queued, bool),
        ),
    >,
> {
    let domain = Domain::resolve_active(domain, Rank::Member)?;
    let url = page_url(required("url", url)?, &domain)?;
    let options = chunk_options(max_chars, overlap, Some("markdown"))?;
    let page = extracted(html)?;
    let url = canonical_url(&page, url, &domain);
    let chunks = chunks(&page.content, &options)?;
    let metadata = page_metadata(metadata, &page, &options)?;

    let stored = store_page(&domain, &url, html, &page, metadata)?;
    let changes = match stored.status.as_str() {
        "unchanged" => unchanged_chunks(stored.id)?,
        _ => {
            store_structured_data(&domain, &url, &page)?;
            store_chunks(stored.id, &chunks)?
        }
    };
    Ok(TableIterator::once((
        stored.id,
        stored.status,
        count(chunks.len()),
        changes.added,
        changes.kept,
        changes.removed,
        changes.queued,
    )))
}

fn page_url(url: &str, domain: &Domain) -> Result<String> {
    naming::page_url(url, &domain.name).map_err(|error| {
        Error::InvalidArgument(
            error.to_string(),
            "Give the absolute http or https url of a page on the domain or one of its subdomains.",
        )
        .into()
    })
}

/// The url under which the page asks to be known, when that lies on the domain too.
fn canonical_url(page: &Page, url: String, domain: &Domain) -> String {
    let canonical = page
        .canonical_url
        .as_deref()
        .and_then(|canonical| naming::join_url(&url, canonical));
    canonical
        .and_then(|canonical| naming::page_url(&canonical, &domain.name).ok())
        .unwrap_or(url)
}

/// What the caller says of the page, and what the page says of itself.
fn page_metadata(given: Option<JsonB>, page: &Page, options: &chunking::Options) -> Result<JsonB> {
    let JsonB(mut metadata) = required("metadata", given)?;
    let Some(fields) = metadata.as_object_mut() else {
        return Err(Error::InvalidArgument(
            "metadata must be a JSON object".into(),
            "Pass for example '{\"category\": \"manual\"}'.",
        )
        .into());
    };
    let chunking = json!({"max_chars": options.max_chars, "overlap": options.overlap});
    fields.insert("chunking".into(), chunking);
    fields.insert("headings".into(), headings(page));
    for (key, value) in [
        ("description", &page.description),
        ("language", &page.language),
    ] {
        if let Some(value) = value {
            fields.entry(key).or_insert_with(|| json!(value));
        }
    }
    Ok(JsonB(metadata))
}

struct StoredPage {
    id: pgrx::Uuid,
    status: String,
}

/// Inserts or updates the page's row, or leaves it alone when nothing in it would change.
fn store_page(
    domain: &Domain,
    url: &str,
    html: Option<&str>,
    page: &Page,
    metadata: JsonB,
) -> Result<StoredPage> {
    let stored = spi::write(
        include_str!("../sql/queries/content/store_page.sql"),
        &[
            domain.id.into(),
            url.into(),
            page.title.as_deref().into(),
            page.content.as_str().into(),
            html.into(),
            page.description.as_deref().into(),
            metadata.into(),
        ],
        |row| {
            Ok(StoredPage {
                id: spi::value(row, 1)?,
                status: spi::value(row, 2)?,
            })
        },
    )?;
    stored.into_iter().next().ok_or_else(|| {
        Error::InvalidArgument(
            "the url belongs to a page of another domain".into(),
            "A url is stored once; ingest it through the domain that it belongs to.",
        )
        .into()
    })
}

struct ChunkChanges {
    added: i32,
    kept: i32,
    removed: i32,
    queued: bool,
}

fn unchanged_chunks(page_id: pgrx::Uuid) -> Result<ChunkChanges> {
    let kept = spi::select_one(
        include_str!("../sql/queries/content/count_chunks.sql"),
        &[page_id.into()],
        |row| spi::value::<i32>(row, 1),
    )?;
    Ok(ChunkChanges {
        added: 0,
        kept: kept.unwrap_or(0),
        removed: 0,
        queued: false,
    })
}

/// Makes the page's rows in page_embeddings those of `chunks`; a chunk whose embedded text is already there keeps its
/// row and its vector.
fn store_chunks(page_id: pgrx::Uuid, chunks: &[Chunk]) -> Result<ChunkChanges> {
    let described: Value = chunks
        .iter()
        .map(|chunk| {
            json!({
                "index": chunk.index,
                "text": chunk.text,
                "heading_path": &chunk.heading_path[..],
                "oversized": chunk.oversized,
            })
        })
        .collect();
    let changes = spi::write(
        include_str!("../sql/queries/content/store_chunks.sql"),
        &[page_id.into(), JsonB(described).into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
            ))
        },
    )?;
    let (added, kept, removed) = changes.into_iter().next().unwrap_or_default();
    let queued = spi::write(
        include_str!("../sql/queries/content/queue_page.sql"),
        &[page_id.into()],
        |row| spi::value::<bool>(row, 1),
    )?;
    Ok(ChunkChanges {
        added,
        kept,
        removed,
        queued: queued.contains(&true),
    })
}

/// Products and questions that the page describes in schema.org terms replace those of its former version.
fn store_structured_data(domain: &Domain, url: &str, page: &Page) -> Result<()> {
    spi::execute(
        include_str!("../sql/queries/content/store_structured_data.sql"),
        &[
            domain.id.into(),
            url.into(),
            JsonB(Value::Array(page.products.clone())).into(),
            JsonB(Value::Array(page.faqs.clone())).into(),
        ],
    )?;
    Ok(())
}

/// Removes a page with its chunks and its places in the queues; false when the domain has no such page.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22023 for a url
/// outside the domain.
#[pg_extern(schema = "frontdesk", security_definer)]
fn remove_page(domain: Option<&str>, url: Option<&str>) -> Result<bool> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let url = page_url(required("url", url)?, &domain)?;
    let removed = spi::execute(
        include_str!("../sql/queries/content/remove_page.sql"),
        &[domain.id.into(), url.into()],
    )?;
    Ok(removed > 0)
}
