//! Chunks found by nearness of vectors.

pub mod route;

use std::collections::{HashMap, HashSet};
use std::ffi::{CStr, CString};

use pgrx::Uuid;

use super::{DEPTH, Leg, scored};
use crate::error::{Error, Result};
use crate::opaque::Vector;
use crate::queues::template;
use crate::search::EXACT_SEARCH_LIMIT;
use crate::settings;
use crate::spi;
use crate::tenancy::Domain;
use route::{Route, Sizes};

/// The chunks nearest to a vector: as many as a leg has, or all that the tenant has.
pub fn leg(domain: &Domain, embedding: &Vector) -> Result<Leg> {
    let (model, sizes) = compared(domain, embedding)?;
    match Route::choose(&sizes, EXACT_SEARCH_LIMIT.get(), DEPTH) {
        Route::Exact => exact(domain, embedding, model),
        route => {
            let nearest = approximate(domain, embedding, model, route, &sizes)?;
            // The index gives up early when a tenant is small among many: then only comparing finds the rest.
            if nearest.len() < sizes.expected(DEPTH) {
                exact(domain, embedding, model)
            } else {
                Ok(nearest)
            }
        }
    }
}

/// The nearest of these chunks, all of them compared: as many as a leg has.
pub fn leg_among(domain: &Domain, embedding: &Vector, ids: &HashSet<Uuid>) -> Result<Leg> {
    compared(domain, embedding)?;
    let ids = ids.iter().copied().collect();
    let mut nearest: Leg = similarities(domain, embedding, ids)?.into_iter().collect();
    nearest.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    nearest.truncate(DEPTH as usize);
    Ok(nearest)
}

/// The similarities of these chunks of the domain to a vector; those without a vector are absent.
pub fn similarities(
    domain: &Domain,
    embedding: &Vector,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, f32>> {
    let (model, _) = compared(domain, embedding)?;
    let statement = match model {
        Model::Current => include_str!("../../../sql/queries/search/vector_similarities.sql"),
        Model::Next => include_str!("../../../sql/queries/search/vector_similarities_next.sql"),
    };
    let found = spi::select(
        statement,
        &[domain.config_id.into(), embedding.as_argument(), ids.into()],
        scored,
    )?;
    Ok(found.into_iter().collect())
}

fn exact(domain: &Domain, embedding: &Vector, model: Model) -> Result<Leg> {
    let statement = match model {
        Model::Current => include_str!("../../../sql/queries/search/vector_leg_exact.sql"),
        Model::Next => include_str!("../../../sql/queries/search/vector_leg_exact_next.sql"),
    };
    spi::select(
        statement,
        &[
            domain.config_id.into(),
            embedding.as_argument(),
            DEPTH.into(),
        ],
        scored,
    )
}

fn approximate(
    domain: &Domain,
    embedding: &Vector,
    model: Model,
    route: Route,
    sizes: &Sizes,
) -> Result<Leg> {
    let tuples = number(route::scan_limit(route, sizes, DEPTH));
    let ef_search = number(DEPTH.into());
    let settings: [settings::Setting; 6] = [
        (c"hnsw.ef_search", ef_search.as_c_str()),
        (c"hnsw.iterative_scan", c"relaxed_order"),
        (c"hnsw.max_scan_tuples", tuples.as_c_str()),
        // Sorting all vectors of the tenant, which the planner likes better, takes a hundred times longer.
        (c"enable_sort", c"off"),
        (c"enable_seqscan", c"off"),
        (c"plan_cache_mode", plan_cache_mode(route)),
    ];
    let statement = model.statement(include_str!(
        "../../../sql/queries/search/vector_leg_hnsw.sql"
    ));
    settings::with(&settings, || {
        spi::select(
            statement,
            &[
                domain.config_id.into(),
                embedding.as_argument(),
                DEPTH.into(),
            ],
            scored,
        )
    })
}

/// Only a plan for the tenant's very id can use an index that holds nothing but this tenant.
fn plan_cache_mode(route: Route) -> &'static CStr {
    if route == Route::OwnIndex {
        c"force_custom_plan"
    } else {
        c"force_generic_plan"
    }
}

fn number(value: i64) -> CString {
    CString::new(value.to_string()).unwrap_or_default()
}

/// The model that answers for a tenant: for some the next one, while it takes the place of the current one.
#[derive(Clone, Copy)]
enum Model {
    Current,
    Next,
}

impl Model {
    /// The statement that `template`, which reads the vectors of the current model, is for this one.
    fn statement(self, template: &'static str) -> &'static str {
        match self {
            Self::Current => template,
            Self::Next => template::statement(
                template,
                "embedding_next",
                &[("e.embedding ", "e.embedding_next ")],
            ),
        }
    }
}

/// The model whose vectors a vector is compared with, and how many those are; refuses one that cannot be compared with them.
fn compared(domain: &Domain, embedding: &Vector) -> Result<(Model, Sizes)> {
    let measured = spi::select_one(
        include_str!("../../../sql/queries/search/measure_vector.sql"),
        &[embedding.as_argument(), domain.config_id.into()],
        |row| {
            let lengths = (spi::value::<i32>(row, 1)?, spi::value::<i32>(row, 2)?);
            let model = match spi::value(row, 4)? {
                true => Model::Next,
                false => Model::Current,
            };
            let sizes = Sizes {
                tenant: spi::value(row, 5)?,
                total: spi::value(row, 6)?,
                has_own_index: spi::value(row, 7)?,
            };
            Ok((lengths, spi::value::<bool>(row, 3)?, (model, sizes)))
        },
    )?;
    match measured {
        Some(((given, expected), ..)) if given != expected => Err(Error::InvalidArgument(
            format!("query_embedding has {given} dimensions, the embedding model has {expected}"),
            "Embed the question with the model whose vectors the pages have.",
        )
        .into()),
        Some((_, false, _)) => Err(Error::InvalidArgument(
            "query_embedding has no usable direction: its length is zero or out of range".into(),
            "Look at what the model returned for this question.",
        )
        .into()),
        Some((.., found)) => Ok(found),
        None => Err(Error::Internal("page_embeddings has no column embedding".into()).into()),
    }
}
