//! What is measured.

use std::time::{Duration, Instant};

use frontdesk_benches::run;
use postgres::{Client, Statement};
use postgres_types::ToSql;
use uuid::Uuid;

use crate::tenants::{Question, Tenant};

/// Rows asked for.
pub const ROWS: i32 = 10;

/// Who asks.
#[derive(Clone, Copy, PartialEq)]
pub enum Caller {
    /// A member of the tenant, under row level security.
    Member,
    /// A superuser, for whom there is none.
    Superuser,
}

/// One way to search.
pub struct Case {
    pub name: &'static str,
    pub caller: Caller,
    /// Settings of the session.
    settings: &'static str,
    sql: &'static str,
    /// What stands for `{query}` in it.
    query: &'static str,
    asks: Asks,
    /// Whether its rows should be the nearest by vector.
    pub is_by_vector: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Words,
    LongWords,
}

const HYBRID: &str =
    "select s.chunk_id, s.chunk_text from frontdesk.hybrid_search($4::uuid::text, $1, $2, $3) as s";
/// With a filter that every chunk passes.
const FILTERED: &str = "select s.chunk_id, s.chunk_text from frontdesk.hybrid_search($4::uuid::text, $1, $2, $3, filter => '{}') as s";
const TEXT_LEG: &str = "select s.chunk_id, s.chunk_text from frontdesk.hybrid_search($4::uuid::text, $1, null, $3) as s where $2::vector is not null";
const VECTOR_LEG: &str = "select s.chunk_id, s.chunk_text from frontdesk.hybrid_search($4::uuid::text, null, $2, $3) as s where $1::text is not null";
const RECIPE: &str = include_str!("../../../sql/search/recipe.sql");
const PGVECTOR: &str = include_str!("../../../sql/search/pgvector.sql");
const TS_RANK: &str = include_str!("../../../sql/search/ts_rank.sql");
const AND: &str = "websearch_to_tsquery('english', $1)";
const OR: &str = "replace(plainto_tsquery('english', $1)::text, '&', '|')::tsquery";

const fn ours(name: &'static str, sql: &'static str) -> Case {
    Case {
        name,
        caller: Caller::Member,
        settings: "select",
        sql,
        query: "",
        asks: Asks::Words,
        is_by_vector: false,
    }
}

const fn other(name: &'static str, sql: &'static str, query: &'static str) -> Case {
    // As from a client that plans a statement for its values, which suits the recipe best.
    Case {
        settings: "set plan_cache_mode = force_custom_plan",
        query,
        ..ours(name, sql)
    }
}

pub static CASES: [Case; 14] = [
    ours("hybrid, 5 words", HYBRID),
    Case {
        asks: Asks::LongWords,
        ..ours("hybrid, 500 words", HYBRID)
    },
    ours("hybrid, filter", FILTERED),
    ours("text leg", TEXT_LEG),
    Case {
        is_by_vector: true,
        ..ours("vector leg", VECTOR_LEG)
    },
    Case {
        settings: "set frontdesk.exact_search_limit = 1000000000",
        is_by_vector: true,
        ..ours("vector leg, exact", VECTOR_LEG)
    },
    Case {
        settings: "set frontdesk.exact_search_limit = 0; set frontdesk.code_search_limit = 1000000000",
        is_by_vector: true,
        ..ours("vector leg, codes", VECTOR_LEG)
    },
    Case {
        settings: "set frontdesk.exact_search_limit = 0; set frontdesk.code_search_limit = 0",
        is_by_vector: true,
        ..ours("vector leg, HNSW", VECTOR_LEG)
    },
    Case {
        caller: Caller::Superuser,
        ..ours("hybrid, no RLS", HYBRID)
    },
    other("recipe, AND", RECIPE, AND),
    other("recipe, OR", RECIPE, OR),
    Case {
        is_by_vector: true,
        ..other("pgvector", PGVECTOR, "")
    },
    other("ts_rank, AND", TS_RANK, AND),
    other("ts_rank, OR", TS_RANK, OR),
];

/// The case of this name.
pub fn named(name: &str) -> &'static Case {
    let case = CASES.iter().find(|case| case.name == name);
    case.unwrap_or_else(|| panic!("no case {name}"))
}

/// A case, prepared for a tenant.
pub struct Prepared {
    client: Client,
    statement: Statement,
    config_id: Uuid,
    domain_id: Uuid,
    asks: Asks,
    is_ours: bool,
}

impl Case {
    pub fn prepare(&self, tenant: &Tenant) -> Prepared {
        let mut client = match self.caller {
            Caller::Member => tenant.member(),
            Caller::Superuser => frontdesk_benches::connect(crate::DATABASE),
        };
        run(&mut client, self.settings);
        let sql = self.sql.replace("{query}", self.query);
        let statement = client
            .prepare(&sql)
            .unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        Prepared {
            client,
            statement,
            config_id: tenant.config_id(),
            domain_id: tenant.domain_id(),
            asks: self.asks,
            is_ours: self.sql.contains("frontdesk."),
        }
    }
}

impl Prepared {
    /// Searches once: how long it took, and what was found.
    pub fn search(&mut self, question: &Question) -> (Duration, Vec<Uuid>) {
        let text = if self.asks == Asks::Words {
            &question.text
        } else {
            &question.long_text
        };
        let tenant = if self.is_ours {
            self.domain_id
        } else {
            self.config_id
        };
        let values: [&(dyn ToSql + Sync); 4] = [text, &question.vector, &ROWS, &tenant];
        let started = Instant::now();
        let rows = self.client.query(&self.statement, &values).expect("search");
        let time = started.elapsed();
        (time, rows.iter().map(|row| row.get(0)).collect())
    }
}
