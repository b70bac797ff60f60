//! One page at a time: what is stored of it, and what has to be embedded again.

use pgrx::datum::{DatumWithOid, JsonB};
use pgrx::iter::TableIterator;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

use super::pages::{belongs_to_another, lock_page};
use super::urls::PageUrl;
use super::{chunk_options, chunks, count, extracted, findings, headings};
use crate::chunking::{self, Chunk};
use crate::error::{Error, Result, required};
use crate::html::Page;
use crate::limits;
use crate::naming;
use crate::opaque::Json;
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// A title or description beyond this is no such thing; every search result repeats it.
const MAX_TITLE_CHARS: usize = 1000;
/// Headings that the page's metadata lists; each chunk has its own path of headings anyway.
const MAX_LISTED_HEADINGS: usize = 200;

/// Stores a page of a domain in one transaction: extracts its content, cuts it into chunks, keeps the chunks whose text
/// did not change together with their vectors, and queues the page when a chunk needs a vector. The page is known by its
/// canonical url where that lies on the domain. `metadata` is added to the page's own. `status` is `inserted`, `updated`
/// or `unchanged`; an unchanged page writes nothing. `queued` tells whether chunks of a page that was written wait for
/// their vectors. `max_chars` and `overlap` count in `unit`, which is `characters` or `tokens`.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 55000 for one that is
/// not active, 22004 for NULL, 22023 for a url outside the domain, chunk limits out of range or metadata that is no
/// object, 54000 for a page above 32 MB or beyond the domain's quota of pages or chunks.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn ingest_page(
    domain: Option<&str>,
    url: Option<&str>,
    html: Option<&str>,
    max_chars: default!(Option<i32>, "1000"),
    overlap: default!(Option<i32>, "100"),
    metadata: default!(Option<Json>, "'{}'"),
    unit: default!(Option<&str>, "'characters'"),
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
    let url = PageUrl::of(required("url", url)?, &domain)?.url;
    let options = chunk_options(max_chars, overlap, Some("markdown"), unit)?;
    let metadata = required("metadata", metadata)?;
    let html = required("html", html)?;
    let page = extracted(html)?;
    let chunks = chunks(&page.content, &options)?;

    let row = PageRow {
        domain_id: domain.id,
        url: canonical_url(&page, url, &domain)?,
        title: shortened(page.title.as_deref()),
        content: &page.content,
        html,
        excerpt: shortened(page.description.as_deref()),
        metadata: page_metadata(&metadata, &page, &options)?,
        chunks: count(chunks.len()),
    };
    let stored = store_page(&row, &domain)?;
    let changes = match stored.status {
        "unchanged" => ChunkChanges::none(row.chunks),
        _ => {
            findings::store(
                &findings::Place {
                    domain_id: domain.id,
                    page_id: stored.id,
                    url: &row.url,
                    is_new: stored.status == "inserted",
                },
                &page,
            )?;
            let changes = store_chunks(stored.id, &chunks)?;
            limits::refuse_over_quota(&domain, &["pages", "chunks"], limits::Reach::Beyond)?;
            changes
        }
    };
    Ok(TableIterator::once((
        stored.id,
        stored.status.to_owned(),
        row.chunks,
        changes.added,
        changes.kept,
        changes.removed,
        changes.queued,
    )))
}

/// The url under which the page asks to be known, when the domain may store that too.
fn canonical_url(page: &Page, url: String, domain: &Domain) -> Result<String> {
    let canonical = page
        .canonical_url
        .as_deref()
        .and_then(|canonical| naming::join_url(&url, canonical))
        .and_then(|canonical| PageUrl::on(&canonical, domain).ok());
    match canonical {
        Some(canonical) if canonical.url != url && !canonical.is_anothers(domain)? => {
            Ok(canonical.url)
        }
        _ => Ok(url),
    }
}

fn shortened(text: Option<&str>) -> Option<String> {
    text.map(|text| text.chars().take(MAX_TITLE_CHARS).collect())
}

/// What the caller says of the page, and what the page says of itself, as the text of a jsonb object.
fn page_metadata(given: &Json, page: &Page, options: &chunking::Options) -> Result<String> {
    let mut headings = headings(page);
    if let Some(headings) = headings.as_array_mut() {
        headings.truncate(MAX_LISTED_HEADINGS);
    }
    let chunking = json!({
        "max_chars": options.max_size,
        "overlap": options.overlap,
        "unit": options.unit.to_string(),
    });
    let by_page = json!({"headings": headings, "chunking": chunking});
    let metadata = spi::select_one(
        include_str!("../../sql/queries/content/page_metadata.sql"),
        &[
            given.as_argument(),
            says_of_itself(page).to_string().into(),
            by_page.to_string().into(),
        ],
        |row| spi::column::<String>(row, 1),
    )?;
    metadata.flatten().ok_or_else(|| {
        Error::InvalidArgument(
            "metadata must be a JSON object".into(),
            "Pass for example '{\"category\": \"manual\"}'.",
        )
        .into()
    })
}

/// What the page says in its head, which the caller may know better.
fn says_of_itself(page: &Page) -> Value {
    let said = [
        ("description", shortened(page.description.as_deref())),
        ("language", page.language.clone()),
    ];
    let said = said.into_iter().filter_map(|(key, value)| {
        let value = Value::String(value?);
        Some((key.to_owned(), value))
    });
    Value::Object(said.collect::<Map<_, _>>())
}

/// What is stored of a page, and into how many chunks it is cut.
struct PageRow<'a> {
    domain_id: pgrx::Uuid,
    url: String,
    title: Option<String>,
    content: &'a str,
    html: &'a str,
    excerpt: Option<String>,
    metadata: String,
    chunks: i32,
}

impl PageRow<'_> {
    /// The arguments of the statements on the page's row, which all take the same.
    fn arguments(&self) -> [DatumWithOid<'_>; 8] {
        [
            self.domain_id.into(),
            self.url.as_str().into(),
            self.title.as_deref().into(),
            self.content.into(),
            self.html.into(),
            self.excerpt.as_deref().into(),
            self.metadata.as_str().into(),
            self.chunks.into(),
        ]
    }

    /// The stored page, and whether it and its chunks are those of this row.
    fn find(&self) -> Result<Option<(pgrx::Uuid, bool)>> {
        spi::select_one(
            include_str!("../../sql/queries/content/find_page.sql"),
            &self.arguments(),
            |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
        )
    }

    /// The id of the new row; none when a row with this url is there.
    fn insert(&self) -> Result<Option<pgrx::Uuid>> {
        let inserted = spi::write(
            include_str!("../../sql/queries/content/insert_page.sql"),
            &self.arguments(),
            |row| spi::value(row, 1),
        )?;
        Ok(inserted.into_iter().next())
    }

    fn update(&self) -> Result<()> {
        spi::execute(
            include_str!("../../sql/queries/content/update_page.sql"),
            &self.arguments(),
        )?;
        Ok(())
    }
}

struct StoredPage {
    id: pgrx::Uuid,
    status: &'static str,
}

/// Inserts or updates the page's row, or leaves it alone when nothing would change.
///
/// A page that is the same is not even locked, and its visit takes no transaction id. Of two calls that would change it
/// one waits for the other and then looks again, because the other may have stored the same.
fn store_page(row: &PageRow, domain: &Domain) -> Result<StoredPage> {
    let stored = |id, status| Ok(StoredPage { id, status });
    if let Some((id, true)) = row.find()? {
        return stored(id, "unchanged");
    }
    limits::lock_quotas(domain)?;
    // Twice: who finds no page and then cannot insert one has met another call, or another domain.
    for _ in 0..2 {
        lock_page(row.domain_id, &row.url)?;
        match row.find()? {
            Some((id, true)) => return stored(id, "unchanged"),
            Some((id, false)) => {
                row.update()?;
                return stored(id, "updated");
            }
            None => {
                if let Some(id) = row.insert()? {
                    return stored(id, "inserted");
                }
            }
        }
    }
    Err(belongs_to_another().into())
}

struct ChunkChanges {
    added: i32,
    kept: i32,
    removed: i32,
    queued: bool,
}

impl ChunkChanges {
    fn none(kept: i32) -> Self {
        Self {
            added: 0,
            kept,
            removed: 0,
            queued: false,
        }
    }
}

/// Makes the page's rows in page_embeddings those of `chunks`; a chunk whose embedded text is already there keeps its
/// row and its vector.
fn store_chunks(page_id: pgrx::Uuid, chunks: &[Chunk]) -> Result<ChunkChanges> {
    let changes = spi::write(
        include_str!("../../sql/queries/content/store_chunks.sql"),
        &[page_id.into(), JsonB(described(chunks)).into()],
        |row| {
            Ok((
                spi::value::<i32>(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
            ))
        },
    )?;
    let (added, kept, removed) = changes.into_iter().next().unwrap_or_default();
    let waits = spi::write(
        include_str!("../../sql/queries/content/queue_page.sql"),
        &[page_id.into(), (added > 0).into()],
        |row| spi::value::<bool>(row, 1),
    )?;
    Ok(ChunkChanges {
        added,
        kept,
        removed,
        queued: waits.contains(&true),
    })
}

fn described(chunks: &[Chunk]) -> Value {
    chunks
        .iter()
        .map(|chunk| {
            json!({
                "index": chunk.index,
                "text": with_table_header(chunk),
                "heading_path": &chunk.heading_path[..],
                "oversized": chunk.oversized,
            })
        })
        .collect()
}

/// The rows of a table say little without the names of its columns.
fn with_table_header(chunk: &Chunk) -> String {
    match chunk.table_header {
        Some(header) => format!("{header}\n{}", chunk.text),
        None => chunk.text.to_owned(),
    }
}
