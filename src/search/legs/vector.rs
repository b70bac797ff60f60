//! Chunks found by nearness of vectors.

use std::collections::HashMap;

use pgrx::Uuid;
use pgrx::datum::DatumWithOid;

use super::{DEPTH, Leg, scored};
use crate::error::{Error, Result};
use crate::opaque::Vector;
use crate::search::EXACT_SEARCH_LIMIT;
use crate::spi;
use crate::tenancy::Domain;

/// The chunks nearest to a vector: compared one by one where they are few, otherwise by the HNSW index.
pub fn leg(domain: &Domain, embedding: &Vector) -> Result<Leg> {
    refuse_unusable(embedding)?;
    if has_few_chunks(domain)? {
        return exact(domain, embedding);
    }
    let nearest = approximate(domain, embedding)?;
    // The index gives up early when a tenant is small among many: then only comparing finds the rest.
    if i32::try_from(nearest.len()) == Ok(DEPTH) {
        Ok(nearest)
    } else {
        exact(domain, embedding)
    }
}

/// The similarities of these chunks of the domain to a vector; those without a vector are absent.
pub fn similarities(
    domain: &Domain,
    embedding: &Vector,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, f32>> {
    let found = spi::select(
        include_str!("../../../sql/queries/search/vector_similarities.sql"),
        &[domain.config_id.into(), embedding.as_argument(), ids.into()],
        scored,
    )?;
    Ok(found.into_iter().collect())
}

fn has_few_chunks(domain: &Domain) -> Result<bool> {
    let is_small = spi::select_planned(
        include_str!("../../../sql/queries/search/has_few_chunks.sql"),
        &[
            domain.config_id.into(),
            i64::from(EXACT_SEARCH_LIMIT.get()).into(),
        ],
        |row| spi::value::<bool>(row, 1),
    )?;
    Ok(is_small.contains(&true))
}

fn exact(domain: &Domain, embedding: &Vector) -> Result<Leg> {
    spi::select_planned(
        include_str!("../../../sql/queries/search/vector_leg_exact.sql"),
        &[
            domain.config_id.into(),
            embedding.as_argument(),
            DEPTH.into(),
        ],
        scored,
    )
}

fn approximate(domain: &Domain, embedding: &Vector) -> Result<Leg> {
    with_wide_scan(|| {
        spi::select_planned(
            include_str!("../../../sql/queries/search/vector_leg_hnsw.sql"),
            &[
                domain.config_id.into(),
                embedding.as_argument(),
                DEPTH.into(),
            ],
            scored,
        )
    })
}

/// Settings of pgvector under which an HNSW scan looks at as many chunks as a leg has, and goes on until it has found
/// that many of the tenant.
fn wide_scan() -> [(&'static str, String); 2] {
    [
        ("hnsw.ef_search", DEPTH.to_string()),
        ("hnsw.iterative_scan", "relaxed_order".into()),
    ]
}

/// Runs `scan` under the settings of a wide scan and puts the caller's own back. An error undoes them too.
fn with_wide_scan<T>(scan: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = wide_scan()
        .into_iter()
        .map(|(name, value)| Ok((name, exchange(name, value)?)))
        .collect::<Result<Vec<_>>>()?;
    let found = scan()?;
    for (name, value) in before {
        exchange(name, value)?;
    }
    Ok(found)
}

/// Sets a setting until the end of the transaction; its value before.
fn exchange(name: &'static str, value: String) -> Result<String> {
    let arguments: [DatumWithOid; 2] = [name.into(), value.into()];
    let before = spi::select_one(
        include_str!("../../../sql/queries/search/exchange_setting.sql"),
        &arguments,
        |row| spi::value(row, 1),
    )?;
    before.ok_or_else(|| Error::Internal(format!("{name} is no setting")).into())
}

/// Refuses a vector that cannot be compared with the stored ones.
fn refuse_unusable(embedding: &Vector) -> Result<()> {
    let measured = spi::select_one(
        include_str!("../../../sql/queries/search/measure_vector.sql"),
        &[embedding.as_argument()],
        |row| {
            Ok((
                spi::value::<i32>(row, 1)?,
                spi::value::<i32>(row, 2)?,
                spi::value::<bool>(row, 3)?,
            ))
        },
    )?;
    match measured {
        Some((given, expected, _)) if given != expected => Err(Error::InvalidArgument(
            format!("query_embedding has {given} dimensions, the embedding model has {expected}"),
            "Embed the question with the model whose vectors the pages have.",
        )
        .into()),
        Some((_, _, false)) => Err(Error::InvalidArgument(
            "query_embedding has no usable direction: its length is zero or out of range".into(),
            "Look at what the model returned for this question.",
        )
        .into()),
        _ => Ok(()),
    }
}
