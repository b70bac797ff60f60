//! The vectors of a small tenant, all compared. Their similarities are collected where the vectors lie, as codes are: sorting
//! rows and fetching them would take longer than comparing. And whoever has all need not ask for some again.

use std::cell::RefCell;

use pgrx::Uuid;
use pgrx::prelude::*;

use super::product::Factor;
use crate::error::{Error, Result};
use crate::opaque::{HalfVector, Vector};
use crate::search::legs::{Leg, some_best_first};
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

/// The similarities of all vectors of a configuration, so many of the nearest first, in order. For the owner of the copies.
pub fn compared(config_id: Uuid, embedding: &Vector, depth: usize) -> Result<Leg> {
    // What an error left behind is dropped here.
    COMPARISON.set(Some(Comparison {
        direction: Factor::new(embedding.direction()),
        compared: Leg::with_capacity(FEW as usize),
    }));
    settings::with(&settings::BY_KEY, || {
        spi::select(
            include_str!("../../../../sql/queries/search/compare_vectors.sql"),
            &[config_id.into()],
            |_| Ok(()),
        )
    })?;
    let mut compared = COMPARISON
        .take()
        .map_or_else(Leg::new, |comparison| comparison.compared);
    some_best_first(&mut compared, depth);
    Ok(compared)
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
