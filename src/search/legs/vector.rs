//! Chunks found by nearness of vectors.

mod codes;
mod collector;
mod column;
mod compare;
mod product;
pub mod route;

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ffi::{CStr, CString};

use pgrx::Uuid;

use super::{Leg, Seen, best_first, scored, some_best_first, visible};
use crate::error::{Error, Result};
use crate::opaque::Vector;
use crate::owner;
use crate::queues::template;
use crate::search::filter::{self, Passing};
use crate::search::{CODE_SEARCH_LIMIT, EXACT_SEARCH_LIMIT};
use crate::settings;
use crate::spi;
use crate::tenancy::Domain;
use product::Factor;
use route::{Limits, Route, Sizes};

/// A vector that can be compared with those of a domain.
pub struct Question<'a> {
    domain: &'a Domain,
    embedding: &'a Vector,
    model: Model,
    sizes: Sizes,
    /// What copies are multiplied with, once any is.
    direction: OnceCell<Factor>,
    /// The similarities of all chunks that have a vector, once they have been compared, where they are few.
    all: OnceCell<Leg>,
    /// Similarities that were computed to find the nearest by their codes.
    compared: RefCell<HashMap<Uuid, f32>>,
}

/// What was found, and how.
pub struct Nearest {
    pub leg: Leg,
    pub route: Route,
    pub sizes: Sizes,
    /// Whether the index found too few, and all vectors were compared after it.
    pub is_completed: bool,
}

impl<'a> Question<'a> {
    /// Refuses a vector that cannot be compared with those of the domain.
    pub fn checked(domain: &'a Domain, embedding: &'a Vector) -> Result<Self> {
        let (model, sizes) = compared(domain, embedding)?;
        Ok(Self {
            domain,
            embedding,
            model,
            sizes,
            direction: OnceCell::new(),
            all: OnceCell::new(),
            compared: RefCell::default(),
        })
    }

    /// The nearest chunks that pass a filter and that the caller may see: as many as a leg has, or all that there are.
    pub fn nearest(&self, passing: Option<&Passing>, seen: Seen, depth: i32) -> Result<Nearest> {
        let mut looked_at = depth;
        loop {
            let mut nearest = match passing.and_then(Passing::all) {
                Some(ids) => self.nearest_of_these(ids, looked_at)?,
                None => self.nearest_of_all(looked_at)?,
            };
            let is_all = nearest.leg.len() < looked_at as usize;
            let ids: Vec<Uuid> = nearest.leg.iter().map(|(id, _)| *id).collect();
            let kept = visible(self.domain, seen, &filter::passing(&ids, passing)?)?;
            nearest.leg.retain(|(id, _)| kept.contains(id));
            if is_all || nearest.leg.len() >= depth as usize {
                nearest.leg.truncate(depth as usize);
                return Ok(nearest);
            }
            looked_at = looked_at.saturating_mul(DEEPER);
        }
    }

    fn direction(&self) -> &Factor {
        (self.direction).get_or_init(|| Factor::new(self.embedding.direction()))
    }

    fn nearest_of_all(&self, depth: i32) -> Result<Nearest> {
        let limits = Limits {
            exact: EXACT_SEARCH_LIMIT.get(),
            codes: CODE_SEARCH_LIMIT.get(),
        };
        let route = Route::choose(&self.sizes, &limits, depth);
        let mut nearest = Nearest {
            leg: match route {
                Route::Exact => self.exact(depth)?,
                Route::Codes => self.by_codes(depth)?,
                _ => self.approximate(route, depth)?,
            },
            route,
            sizes: self.sizes,
            is_completed: false,
        };
        // The index gives up early when a tenant is small among many: then only comparing finds the rest.
        if route != Route::Exact && nearest.leg.len() < self.sizes.expected(depth) {
            nearest.leg = self.exact(depth)?;
            nearest.is_completed = true;
        }
        Ok(nearest)
    }

    fn nearest_of_these(&self, ids: &HashSet<Uuid>, depth: i32) -> Result<Nearest> {
        let similarities = self.similarities(ids.iter().copied().collect())?;
        let mut leg: Leg = similarities.into_iter().collect();
        best_first(&mut leg);
        leg.truncate(depth as usize);
        Ok(Nearest {
            leg,
            route: Route::Exact,
            sizes: self.sizes,
            is_completed: false,
        })
    }

    /// The similarities of these chunks of the domain; those without a vector are absent.
    pub fn similarities(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, f32>> {
        if let Some(all) = self.all.get() {
            let ids: HashSet<Uuid> = ids.into_iter().collect();
            return Ok(all
                .iter()
                .filter(|(id, _)| ids.contains(id))
                .copied()
                .collect());
        }
        let (mut known, ids) = self.known(ids);
        if ids.is_empty() {
            return Ok(known);
        }
        let similarities = match self.model {
            Model::Current => {
                self.of_copies(|config_id| compare::some(config_id, self.direction(), ids))
            }
            Model::Next => spi::select(
                include_str!("../../../sql/queries/search/vector_similarities_next.sql"),
                &[
                    self.domain.config_id.into(),
                    self.embedding.as_argument(),
                    ids.into(),
                ],
                scored,
            ),
        };
        known.extend(similarities?);
        Ok(known)
    }

    /// Those of the similarities of these chunks that have been computed, and the other chunks.
    fn known(&self, ids: Vec<Uuid>) -> (HashMap<Uuid, f32>, Vec<Uuid>) {
        let compared = self.compared.borrow();
        let (known, others): (Vec<_>, Vec<_>) =
            ids.into_iter().partition(|id| compared.contains_key(id));
        (
            known.into_iter().map(|id| (id, compared[&id])).collect(),
            others,
        )
    }

    fn exact(&self, depth: i32) -> Result<Leg> {
        match self.model {
            Model::Current if self.sizes.tenant <= compare::FEW => {
                let depth = depth as usize;
                let mut all =
                    self.of_copies(|config_id| compare::all(config_id, self.direction()))?;
                some_best_first(&mut all, depth);
                let nearest = all.iter().take(depth).copied().collect();
                // Asked for twice, they are the same.
                let _ = self.all.set(all);
                Ok(nearest)
            }
            Model::Current => self.of_copies(|config_id| {
                settings::with(&settings::BY_KEY, || {
                    spi::select(
                        include_str!("../../../sql/queries/search/vector_leg_exact.sql"),
                        &[config_id.into(), self.embedding.as_argument(), depth.into()],
                        scored,
                    )
                })
            }),
            Model::Next => self.leg(
                include_str!("../../../sql/queries/search/vector_leg_exact_next.sql"),
                depth,
            ),
        }
    }

    fn by_codes(&self, depth: i32) -> Result<Leg> {
        match self.model {
            Model::Current => self.of_copies(|config_id| {
                let (nearest, compared) =
                    codes::nearest(config_id, self.embedding, self.direction(), depth as usize)?;
                self.compared.replace(compared);
                Ok(nearest)
            }),
            // Of its vectors there are no codes yet.
            Model::Next => self.exact(depth),
        }
    }

    /// What `read` reads of the copies of the domain's vectors, which nobody may but their owner.
    fn of_copies(&self, read: impl FnOnce(Uuid) -> Result<Leg>) -> Result<Leg> {
        let Some(config_id) = self.domain.config_id else {
            return Ok(Leg::new());
        };
        let found = owner::on_behalf_of(config_id, || read(config_id))?;
        Ok(found.unwrap_or_default())
    }

    fn approximate(&self, route: Route, depth: i32) -> Result<Leg> {
        let tuples = number(route::scan_limit(route, &self.sizes, depth));
        let ef_search = number(route::EF_SEARCH);
        let settings: [settings::Setting; 6] = [
            (c"hnsw.ef_search", ef_search.as_c_str()),
            (c"hnsw.iterative_scan", c"relaxed_order"),
            (c"hnsw.max_scan_tuples", tuples.as_c_str()),
            // Sorting all vectors of the tenant, which the planner likes better, takes a hundred times longer.
            (c"enable_sort", c"off"),
            (c"enable_seqscan", c"off"),
            (c"plan_cache_mode", plan_cache_mode(route)),
        ];
        let statement = self.model.statement(include_str!(
            "../../../sql/queries/search/vector_leg_hnsw.sql"
        ));
        settings::with(&settings, || self.leg(statement, depth))
    }

    fn leg(&self, statement: &'static str, depth: i32) -> Result<Leg> {
        let arguments = [
            self.domain.config_id.into(),
            self.embedding.as_argument(),
            depth.into(),
        ];
        spi::select(statement, &arguments, scored)
    }
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
#[derive(Clone, Copy, Default)]
enum Model {
    #[default]
    Current,
    Next,
}

impl Model {
    /// Where the vectors of chunks are, in `page_embeddings`.
    fn column(self) -> &'static CStr {
        match self {
            Self::Current => c"embedding",
            Self::Next => c"embedding_next",
        }
    }

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

/// When too few of a leg pass a filter, or may be seen, so many times as many are looked at.
const DEEPER: i32 = 4;

/// The lengths of vectors from which cosine distances are numbers.
const LENGTHS: std::ops::RangeInclusive<f64> = 1e-15..=1e15;

/// The model whose vectors a vector is compared with, and how many those are; refuses one that cannot be compared with them.
fn compared(domain: &Domain, embedding: &Vector) -> Result<(Model, Sizes)> {
    let (model, sizes) = match domain.config_id {
        Some(config_id) => statistics(config_id)?,
        None => (Model::Current, Sizes::default()),
    };
    let coordinates = embedding.coordinates();
    let expected = column::dimensions(model.column()).ok_or_else(|| {
        Error::Internal("page_embeddings has no column for the vectors of a model".into())
    })?;
    if i32::try_from(coordinates.len()) != Ok(expected) {
        return Err(Error::InvalidArgument(
            format!(
                "query_embedding has {} dimensions, the embedding model has {expected}",
                coordinates.len()
            ),
            "Embed the question with the model whose vectors the pages have.",
        )
        .into());
    }
    if !LENGTHS.contains(&embedding.length()) {
        return Err(Error::InvalidArgument(
            "query_embedding has no usable direction: its length is zero or out of range".into(),
            "Look at what the model returned for this question.",
        )
        .into());
    }
    Ok((model, sizes))
}

/// The model that answers for a configuration, and how many vectors it has.
fn statistics(config_id: Uuid) -> Result<(Model, Sizes)> {
    let statement = include_str!("../../../sql/queries/search/vector_statistics.sql");
    let found = owner::on_behalf_of(config_id, || {
        spi::select_one(statement, &[config_id.into()], |row| {
            let sizes = Sizes {
                tenant: spi::value(row, 1)?,
                total: spi::value(row, 2)?,
                has_own_index: spi::value(row, 3)?,
            };
            let model = match spi::value(row, 4)? {
                true => Model::Next,
                false => Model::Current,
            };
            Ok((model, sizes))
        })
    })?;
    Ok(found.flatten().unwrap_or_default())
}
