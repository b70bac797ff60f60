//! Vectors compared with a question. Their similarities are collected where the vectors lie, as codes are: fetching the rows
//! would take longer than comparing.

use std::cell::RefCell;

use pgrx::Uuid;
use pgrx::prelude::*;

use super::product::Factor;
use crate::error::{Error, Result};
use crate::opaque::HalfVector;
use crate::search::legs::Leg;
use crate::{settings, spi};

/// Up to so many vectors, comparing all takes no longer than finding out which to compare.
pub const FEW: i64 = 1_000;

/// The search that is under way.
struct Comparison {
    direction: Factor,
    compared: Leg,
}

thread_local! {
    static COMPARISON: RefCell<Option<Comparison>> = const { RefCell::new(None) };
}

/// The similarities of all vectors of a configuration. For the owner of the copies.
pub fn all(config_id: Uuid, direction: &Factor) -> Result<Leg> {
    collect(direction, FEW as usize, || {
        settings::with(&settings::BY_KEY, || {
            spi::select(
                include_str!("../../../../sql/queries/search/compare_vectors.sql"),
                &[config_id.into()],
                |_| Ok(()),
            )
        })
    })
}

/// The similarities of those of these chunks of a configuration that have a vector. For the owner of the copies.
pub fn some(config_id: Uuid, direction: &Factor, ids: Vec<Uuid>) -> Result<Leg> {
    collect(direction, ids.len(), || {
        spi::select(
            include_str!("../../../../sql/queries/search/compare_some_vectors.sql"),
            &[config_id.into(), ids.into()],
            |_| Ok(()),
        )
    })
}

/// What a statement that calls collect_similarity() compares with a vector.
fn collect<T>(direction: &Factor, count: usize, read: impl FnOnce() -> Result<T>) -> Result<Leg> {
    // What an error left behind is dropped here.
    COMPARISON.set(Some(Comparison {
        direction: direction.clone(),
        compared: Leg::with_capacity(count),
    }));
    read()?;
    let comparison = COMPARISON.take();
    Ok(comparison.map_or_else(Leg::new, |comparison| comparison.compared))
}

/// Shows a chunk with its vector, which has length one, to the search that is under way. True.
#[pg_extern(schema = "frontdesk")]
fn collect_similarity(chunk_id: Uuid, direction: HalfVector) -> Result<bool> {
    COMPARISON.with_borrow_mut(|comparison| {
        let (Some(comparison), stored) = (comparison, direction.coordinates()) else {
            return Ok(true);
        };
        if stored.len() != comparison.direction.len() {
            return Err(Error::Internal(format!(
                "a copy of a vector has {} dimensions, the question has {}",
                stored.len(),
                comparison.direction.len()
            ))
            .into());
        }
        let similarity = comparison.direction.times(stored);
        comparison.compared.push((chunk_id, similarity));
        Ok(true)
    })
}
