//! The model whose vectors the database holds.

use pgrx::prelude::*;

use super::template;
use crate::error::{Error, Result, required};
use crate::maintenance::operators_only;
use crate::spi;

/// The longest vector that pgvector's HNSW index takes.
const MAX_DIMENSIONS: i32 = 2000;

/// Sets the model whose vectors the database holds and the length of its vectors (1 to 2,000). Every chunk is queued
/// for embedding. Setting the model that is set already changes nothing.
///
/// Raises 42501 unless called by an operator, 22004 for NULL, 22023 for an empty name and for other dimensions, 55000
/// when vectors would be lost.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_embedding_model(name: Option<&str>, dimensions: Option<i32>) -> Result<()> {
    operators_only("set the embedding model")?;
    let name = required("name", name)?.trim();
    let dimensions = checked_dimensions(dimensions)?;
    if name.is_empty() {
        return Err(Error::InvalidArgument(
            "the name of a model must not be empty".into(),
            "Give the name that its provider uses, such as 'text-embedding-3-small'.",
        )
        .into());
    }
    if is_set(name, dimensions)? {
        return Ok(());
    }
    refuse_to_lose_vectors()?;
    if stored_dimensions()? != dimensions {
        // The number was checked above; a type modifier cannot be a parameter.
        spi::run(&format!(
            "alter table page_embeddings alter column embedding type vector({dimensions})"
        ))?;
    }
    spi::execute(
        include_str!("../../sql/queries/queues/record_model.sql"),
        &[name.into(), dimensions.into()],
    )?;
    let queue = target()?.statement(include_str!(
        "../../sql/queries/queues/queue_every_page.sql"
    ));
    spi::execute(queue, &[])?;
    Ok(())
}

fn checked_dimensions(dimensions: Option<i32>) -> Result<i32> {
    let dimensions = required("dimensions", dimensions)?;
    if (1..=MAX_DIMENSIONS).contains(&dimensions) {
        return Ok(dimensions);
    }
    Err(Error::InvalidArgument(
        format!("dimensions must be between 1 and {MAX_DIMENSIONS}, got {dimensions}"),
        "Ask the provider for shorter vectors: an HNSW index takes at most 2,000 dimensions.",
    )
    .into())
}

fn is_set(name: &str, dimensions: i32) -> Result<bool> {
    let is_set = spi::select_one(
        include_str!("../../sql/queries/queues/is_model_set.sql"),
        &[name.into(), dimensions.into()],
        |row| spi::value::<bool>(row, 1),
    )?;
    Ok(is_set == Some(true) && stored_dimensions()? == dimensions)
}

/// Where the vectors of workers go.
pub struct Target {
    /// The column of page_embeddings.
    column: &'static str,
    /// The name of the model.
    pub model: String,
    /// The length of its vectors.
    pub dimensions: i32,
}

impl Target {
    /// The statement that `template` is for the column.
    pub fn statement(&self, template: &'static str) -> &'static str {
        template::statement(template, self.column, &[("target_embedding", self.column)])
    }
}

/// Where vectors go now.
pub fn target() -> Result<Target> {
    let target = spi::select_one(
        "select m.name, m.dimensions from frontdesk_internal.embedding_model as m",
        &[],
        |row| {
            Ok(Target {
                column: "embedding",
                model: spi::value(row, 1)?,
                dimensions: spi::value(row, 2)?,
            })
        },
    )?;
    target.ok_or_else(|| {
        Error::NotReady(
            "no embedding model is set".into(),
            "Run: select frontdesk.set_embedding_model('text-embedding-3-small', 1536);",
        )
        .into()
    })
}

fn refuse_to_lose_vectors() -> Result<()> {
    // Writers wait until the column has its new type; a vector of the old length cannot slip in.
    spi::run("lock table page_embeddings in access exclusive mode")?;
    // Not a reading statement: it has to see what was committed while it waited for the lock.
    let has_vectors = spi::write(
        include_str!("../../sql/queries/queues/has_vectors.sql"),
        &[],
        |row| spi::value::<bool>(row, 1),
    )?;
    if has_vectors.contains(&true) {
        return Err(Error::NotReady(
            "vectors of another model are stored".into(),
            "Discard them first: update page_embeddings set embedding = null;",
        )
        .into());
    }
    Ok(())
}

fn stored_dimensions() -> Result<i32> {
    let stored = spi::select_one(
        include_str!("../../sql/queries/queues/stored_dimensions.sql"),
        &[],
        |row| spi::value(row, 1),
    )?;
    stored.ok_or_else(|| Error::Internal("page_embeddings has no column embedding".into()).into())
}
