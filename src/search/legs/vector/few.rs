//! The vectors of a small tenant, all compared. Their similarities are collected where the vectors lie, as codes are: sorting
//! rows and fetching them would take longer than comparing. And whoever has all need not ask for some again.

use std::cell::RefCell;

use pgrx::Uuid;
use pgrx::prelude::*;

use crate::error::Result;
use crate::opaque::Vector;
use crate::search::legs::{Leg, best_first};
use crate::{settings, spi};

/// Up to so many vectors, comparing all takes no longer than finding out which to compare.
pub const FEW: i64 = 1_000;

thread_local! {
    /// What the search that is under way has compared.
    static COMPARED: RefCell<Leg> = const { RefCell::new(Leg::new()) };
}

/// The similarities of all vectors of a configuration, the nearest first. For the owner of the copies.
pub fn compared(config_id: Uuid, embedding: &Vector) -> Result<Leg> {
    // What an error left behind is dropped here.
    COMPARED.take();
    settings::with(&settings::BY_KEY, || {
        spi::select(
            include_str!("../../../../sql/queries/search/compare_vectors.sql"),
            &[config_id.into(), embedding.as_argument()],
            |_| Ok(()),
        )
    })?;
    let mut compared = COMPARED.take();
    best_first(&mut compared);
    Ok(compared)
}

/// Shows the distance of a chunk, as the operator <#> gives it, to the search that is under way. True.
#[pg_extern(schema = "frontdesk")]
#[allow(clippy::cast_possible_truncation)]
fn collect_distance(chunk_id: Uuid, distance: f64) -> bool {
    COMPARED.with_borrow_mut(|compared| compared.push((chunk_id, -distance as f32)));
    true
}
