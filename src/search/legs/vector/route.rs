//! Which way to the nearest vectors is the shortest.
//!
//! Codes of all of a tenant's vectors are looked at in proportion to their number. An HNSW scan finds the nearest of all tenants
//! and drops those of others, so it looks at `depth * total / tenant` chunks, but never at fewer than a pass of it takes.

use super::compare::FEW;

/// What an HNSW scan spends on one chunk that it looks at, in codes looked at. Measured by `benches/search`: a tenant's vector
/// costs 0.06 microseconds by its code, with the comparisons that follow; a pass of the index, 1,000 candidates, 12 milliseconds.
const INDEX_COST: f64 = 200.0;
/// An HNSW scan that has looked at so many times the chunks that it should need is given up.
const PATIENCE: f64 = 4.0;

/// How many candidates an HNSW scan keeps at a time (`hnsw.ef_search`): the most that pgvector takes. Of the ten nearest of
/// 100,000 it finds all in 30 questions of 30; with 600 a question was caught among farther ones and found one, which took
/// 13 milliseconds instead of 22.
pub const EF_SEARCH: i64 = 1_000;

/// How many vectors there are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sizes {
    /// Of the tenant.
    pub tenant: i64,
    /// Of all tenants, when the table was last analyzed.
    pub total: i64,
    /// Whether the tenant's have an index of their own.
    pub has_own_index: bool,
}

/// A way to the nearest vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Route {
    /// Comparing all of the tenant's.
    Exact,
    /// Comparing those of the tenant's that can be among the nearest by their codes.
    Codes,
    /// The HNSW index of all tenants.
    SharedIndex,
    /// The tenant's own HNSW index.
    OwnIndex,
}

/// Up to how many vectors a tenant is searched in which way, as settings say; negative for what is faster.
pub struct Limits {
    pub exact: i32,
    pub codes: i32,
}

impl Sizes {
    /// How many vectors a scan for `depth` of them should find.
    pub fn expected(&self, depth: i32) -> usize {
        usize::try_from(self.tenant.min(depth.into())).unwrap_or_default()
    }

    /// The largest tenant that is searched by codes.
    fn code_limit(&self, depth: i32) -> i64 {
        let total = self.total.max(self.tenant) as f64;
        let one_pass = INDEX_COST * EF_SEARCH as f64;
        let limit = if self.has_own_index {
            one_pass
        } else {
            one_pass.max((INDEX_COST * f64::from(depth) * total).sqrt())
        };
        limit as i64
    }
}

impl Route {
    /// As an explanation of a search calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Codes => "codes",
            Self::SharedIndex => "index",
            Self::OwnIndex => "own index",
        }
    }

    pub fn choose(sizes: &Sizes, limits: &Limits, depth: i32) -> Self {
        let or = |setting: i32, faster: i64| {
            if setting < 0 { faster } else { setting.into() }
        };
        if sizes.tenant <= or(limits.exact, FEW) {
            Self::Exact
        } else if sizes.tenant <= or(limits.codes, sizes.code_limit(depth)) {
            Self::Codes
        } else if sizes.has_own_index {
            Self::OwnIndex
        } else {
            Self::SharedIndex
        }
    }
}

/// How many chunks an HNSW scan may look at.
pub fn scan_limit(route: Route, sizes: &Sizes, depth: i32) -> i64 {
    let needed = match route {
        Route::OwnIndex | Route::Exact | Route::Codes => f64::from(depth),
        Route::SharedIndex => {
            f64::from(depth) * sizes.total.max(1) as f64 / sizes.tenant.max(1) as f64
        }
    };
    ((needed * PATIENCE) as i64).clamp(20_000, i32::MAX.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPTH: i32 = 100;
    const FASTER: Limits = Limits {
        exact: -1,
        codes: -1,
    };

    fn sizes(tenant: i64, total: i64) -> Sizes {
        Sizes {
            tenant,
            total,
            has_own_index: false,
        }
    }

    #[test]
    fn the_larger_a_tenant_the_less_of_it_is_compared() {
        for (tenant, route) in [
            (500, Route::Exact),
            (100_000, Route::Codes),
            (1_000_000, Route::SharedIndex),
        ] {
            assert_eq!(
                Route::choose(&sizes(tenant, 1_200_000), &FASTER, DEPTH),
                route
            );
        }
    }

    #[test]
    fn the_more_others_there_are_the_longer_a_tenant_is_searched_by_its_codes() {
        let tenant = 300_000;
        assert_eq!(
            Route::choose(&sizes(tenant, 350_000), &FASTER, DEPTH),
            Route::SharedIndex
        );
        assert_eq!(
            Route::choose(&sizes(tenant, 100_000_000), &FASTER, DEPTH),
            Route::Codes
        );
    }

    #[test]
    fn before_the_first_analyze_a_tenant_counts_as_all() {
        assert_eq!(sizes(900_000, 0).code_limit(DEPTH), 200_000);
    }

    #[test]
    fn settings_decide() {
        for (exact, codes, route) in [
            (10, 0, Route::Exact),
            (0, 10, Route::Codes),
            (0, 0, Route::SharedIndex),
            (0, -1, Route::Codes),
        ] {
            let limits = Limits { exact, codes };
            assert_eq!(Route::choose(&sizes(10, 10), &limits, DEPTH), route);
        }
    }

    #[test]
    fn an_index_of_its_own_serves_a_tenant_from_a_smaller_size_on() {
        let sizes = Sizes {
            has_own_index: true,
            ..sizes(300_000, 100_000_000)
        };
        assert_eq!(Route::choose(&sizes, &FASTER, DEPTH), Route::OwnIndex);
        assert_eq!(scan_limit(Route::OwnIndex, &sizes, DEPTH), 20_000);
    }
}
