//! Chunks found by words.

use super::{DEPTH, Leg, scored};
use crate::analysis;
use crate::error::Result;
use crate::search::synonyms::expansions;
use crate::spi;
use crate::tenancy::Domain;

/// Synonyms of one search, those of the highest priority; each costs a look-up in the index.
const MAX_SYNONYMS: usize = 64;

/// The chunks that match the words of a query or their synonyms.
pub fn leg(domain: &Domain, query: &str) -> Result<Leg> {
    let expansions = expansions(domain, query)?;
    let (synonyms, weights): (Vec<String>, Vec<f32>) = expansions
        .into_iter()
        .flat_map(|expansion| {
            let weight = expansion.weight;
            let synonyms = expansion.synonyms.into_iter();
            synonyms.map(move |synonym| (analysis::phrase(&synonym).into_owned(), weight))
        })
        .take(MAX_SYNONYMS)
        .unzip();
    spi::select_planned(
        include_str!("../../../sql/queries/search/text_leg.sql"),
        &[
            domain.config_id.into(),
            domain.id.into(),
            analysis::question(query).as_ref().into(),
            synonyms.into(),
            weights.into(),
            DEPTH.into(),
        ],
        scored,
    )
}
