//! The models whose vectors the database holds.
//!
//! There is one, or two while one takes the place of the other. Then workers make vectors of the next model, into a column
//! of their own with its own HNSW index, beside those that answer. A tenant whose chunks all have one is switched by a
//! single row, and can be switched back. At the end the old column is dropped and the new one takes its name.

use pgrx::prelude::*;

use super::template;
use crate::error::{Error, Result, required};
use crate::maintenance::operators_only;
use crate::{search, spi};

/// The longest vector that pgvector's HNSW index takes.
const MAX_DIMENSIONS: i32 = 2000;

/// Reads one of the statements about models.
macro_rules! sql {
    ($file:literal) => {
        include_str!(concat!("../../sql/queries/queues/model/", $file))
    };
}

/// A model by its name and the length of its vectors.
#[derive(Debug, PartialEq, Eq)]
struct Model {
    name: String,
    dimensions: i32,
}

/// The model whose vectors answer, and the one that takes its place.
struct Models {
    current: Model,
    next: Option<Model>,
}

/// Sets the model whose vectors the database holds and the length of its vectors (1 to 2,000).
///
/// While vectors of another model are stored they go on answering, and workers make the new ones beside them; each domain
/// is switched when all its chunks have one. Watch embedding_model_progress(), then call finish_embedding_model(). Setting
/// the former model meanwhile goes back to it. With `discard` stored vectors are dropped where they are in the way: those of
/// the former model, so that the change is at once, or those that were made for a change that is given up. Setting the model
/// that is set already changes nothing.
///
/// Takes a short exclusive lock on page_embeddings. Raises 42501 unless called by an operator, 22004 for NULL, 22023 for an
/// empty name and for other dimensions, 55000 when vectors would be lost without `discard`.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_embedding_model(
    name: Option<&str>,
    dimensions: Option<i32>,
    discard: default!(Option<bool>, "false"),
) -> Result<()> {
    operators_only("set the embedding model")?;
    let wanted = Model {
        name: checked_name(name)?,
        dimensions: checked_dimensions(dimensions)?,
    };
    let discard = required("discard", discard)?;
    lock_out_workers()?;
    let models = models()?;
    if models.next.as_ref().unwrap_or(&models.current) == &wanted {
        return Ok(());
    }
    if models.next.is_some() {
        give_up_change(&models, discard)?;
    }
    if models.current != wanted {
        if !exists(sql!("has_vectors.sql"))? {
            replace(&wanted)?;
        } else if discard {
            spi::execute(sql!("discard_vectors.sql"), &[])?;
            replace(&wanted)?;
        } else {
            begin_change(&wanted)?;
        }
    }
    spi::execute(target()?.statement(sql!("queue_every_page.sql")), &[])?;
    Ok(())
}

fn checked_name(name: Option<&str>) -> Result<String> {
    let name = required("name", name)?.trim();
    if !name.is_empty() {
        return Ok(name.to_owned());
    }
    Err(Error::InvalidArgument(
        "the name of a model must not be empty".into(),
        "Give the name that its provider uses, such as 'text-embedding-3-small'.",
    )
    .into())
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

/// Waits for those who hold jobs or write vectors, and keeps others from starting: what they do depends on the model. In
/// the order in which they lock: the queue, then the chunks.
fn lock_out_workers() -> Result<()> {
    spi::run("lock table embedding_queue in exclusive mode")?;
    spi::run("lock table page_embeddings in access exclusive mode")
}

/// Not a reading statement: it has to see what was committed while the caller waited for a lock.
fn exists(sql: &'static str) -> Result<bool> {
    let found = spi::write(sql, &[], |row| spi::value::<bool>(row, 1))?;
    Ok(found.contains(&true))
}

fn models() -> Result<Models> {
    let models = spi::write(sql!("models.sql"), &[], |row| {
        let next = spi::column::<String>(row, 3)?.zip(spi::column::<i32>(row, 4)?);
        Ok(Models {
            current: Model {
                name: spi::value(row, 1)?,
                dimensions: spi::value(row, 2)?,
            },
            next: next.map(|(name, dimensions)| Model { name, dimensions }),
        })
    })?;
    models.into_iter().next().ok_or_else(|| {
        Error::NotReady(
            "no embedding model is set".into(),
            "Run: select frontdesk.set_embedding_model('text-embedding-3-small', 1536);",
        )
        .into()
    })
}

/// No vector is stored: the column is made to fit.
fn replace(model: &Model) -> Result<()> {
    let dimensions = model.dimensions;
    if stored_dimensions()? != dimensions {
        // The number was checked; a type modifier cannot be a parameter.
        spi::run(&format!(
            "alter table page_embeddings alter column embedding type vector({dimensions})"
        ))?;
        spi::run(sql!("forget_copies.sql"))?;
    }
    spi::execute(
        sql!("record.sql"),
        &[model.name.as_str().into(), dimensions.into()],
    )?;
    Ok(())
}

/// Makes room for the vectors of the next model beside those that answer.
fn begin_change(next: &Model) -> Result<()> {
    let dimensions = next.dimensions;
    spi::run(&format!(
        "alter table page_embeddings add column embedding_next vector({dimensions})"
    ))?;
    spi::run(sql!("comment_on_next.sql"))?;
    spi::run(sql!("index_next.sql"))?;
    spi::execute(
        sql!("record_next.sql"),
        &[next.name.as_str().into(), dimensions.into()],
    )?;
    Ok(())
}

/// Drops what was made of the next model.
fn give_up_change(models: &Models, discard: bool) -> Result<()> {
    if !discard && exists(sql!("has_next_vectors.sql"))? {
        return Err(Error::NotReady(
            "a change of model is under way, and its vectors would be lost".into(),
            "Finish it with frontdesk.finish_embedding_model(), or add: discard => true",
        )
        .into());
    }
    spi::execute(
        sql!("unmark_next.sql"),
        &[models.current.name.as_str().into()],
    )?;
    spi::run("alter table page_embeddings drop column embedding_next")?;
    forget_next()
}

fn forget_next() -> Result<()> {
    spi::execute(sql!("forget_next.sql"), &[])?;
    spi::execute(sql!("forget_switched.sql"), &[])?;
    Ok(())
}

/// Ends a change of model: the vectors of the former model are dropped, those of the next one take their place. With
/// `discard` also when that leaves chunks without a vector.
///
/// Takes an exclusive lock on page_embeddings while it builds one small index. Raises 42501 unless called by an operator,
/// 22004 for NULL, 55000 when no change is under way, or when a chunk has a vector of the former model only.
#[pg_extern(schema = "frontdesk", security_definer)]
fn finish_embedding_model(discard: default!(Option<bool>, "false")) -> Result<()> {
    operators_only("finish a change of model")?;
    let discard = required("discard", discard)?;
    lock_out_workers()?;
    let Some(next) = models()?.next else {
        return Err(Error::NotReady(
            "no change of model is under way".into(),
            "Begin one with frontdesk.set_embedding_model(name, dimensions).",
        )
        .into());
    };
    if !discard && exists(sql!("lacks_next_vectors.sql"))? {
        return Err(Error::NotReady(
            "chunks have a vector of the former model only".into(),
            "See frontdesk.embedding_model_progress(), or drop those vectors: discard => true",
        )
        .into());
    }
    spi::run("alter table page_embeddings drop column embedding")?;
    spi::run("alter table page_embeddings rename column embedding_next to embedding")?;
    spi::run(
        "alter index page_embeddings_embedding_next_hnsw_idx rename to page_embeddings_embedding_hnsw_idx",
    )?;
    spi::run(sql!("index_embedded.sql"))?;
    spi::run(sql!("index_waiting.sql"))?;
    spi::run(sql!("comment_on_embedding.sql"))?;
    spi::run(sql!("forget_copies.sql"))?;
    // Indexes of single tenants went with the column.
    spi::run("delete from frontdesk_internal.vector_indexes")?;
    spi::execute(sql!("copy_vectors.sql"), &[])?;
    search::index::code_vectors(i32::MAX)?;
    forget_next()?;
    spi::execute(
        sql!("record.sql"),
        &[next.name.as_str().into(), next.dimensions.into()],
    )?;
    Ok(())
}

/// Switches the domains of finished jobs whose chunks all have a vector of the next model.
pub fn switch_covered(jobs: &[pgrx::Uuid]) -> Result<()> {
    spi::execute(sql!("switch_covered.sql"), &[jobs.to_vec().into()])?;
    Ok(())
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

    /// Whether a change of model is under way.
    pub fn is_next(&self) -> bool {
        self.column != "embedding"
    }
}

/// Where vectors go now, and until the end of the transaction: a change of model waits for its lock. Whoever works on jobs
/// locks them first.
pub fn target() -> Result<Target> {
    spi::execute("lock table page_embeddings in access share mode", &[])?;
    let models = models()?;
    let (column, model) = match models.next {
        Some(next) => ("embedding_next", next),
        None => ("embedding", models.current),
    };
    Ok(Target {
        column,
        model: model.name,
        dimensions: model.dimensions,
    })
}

fn stored_dimensions() -> Result<i32> {
    let stored = spi::select_one(sql!("stored_dimensions.sql"), &[], |row| spi::value(row, 1))?;
    stored.ok_or_else(|| Error::Internal("page_embeddings has no column embedding".into()).into())
}
