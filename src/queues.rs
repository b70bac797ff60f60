//! The queues: workers outside the database claim jobs, do them and hand the results back.
//!
//! There are four, with one set of rules ([`line`]): pages whose chunks need vectors, pages whose entities are to be
//! extracted, crawls, and requests for a demonstration to be looked into. A claim is a lease. A worker that dies loses
//! nothing but time: its jobs return when the lease ends, and what it hands in later, or for text that has changed since,
//! is refused.

mod arguments;
mod embedding;
mod enrichment;
mod entities;
mod extraction;
mod handed_in;
mod line;
mod model;
mod results;
mod scrape;
pub mod template;
#[cfg(any(test, feature = "pg_test"))]
mod tests;

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::maintenance::operators_only;
use crate::naming;
use crate::tenancy::{Domain, Rank};
use arguments::all_given;
use line::{ALL, EMBEDDING, Queue};

static NOTIFY_WORKERS: GucSetting<bool> = GucSetting::<bool>::new(false);

/// Declares the settings of the queues; called once, when the library is loaded.
pub fn declare_settings() {
    GucRegistry::define_bool_guc(
        c"frontdesk.notify_workers",
        c"Announce the first job of an empty queue with NOTIFY on the channel frontdesk_ and the name of the table.",
        c"Off by default: a transaction that notifies takes a lock at commit that all of the server share.",
        &NOTIFY_WORKERS,
        GucContext::Userset,
        GucFlags::default(),
    );
}

/// The queues by the names of their maintenance tasks.
pub const LEASES: [(&str, &Queue); 4] = [
    ("return_embedding_leases", ALL[0]),
    ("return_extraction_leases", ALL[1]),
    ("return_scrape_leases", ALL[2]),
    ("return_enrichment_leases", ALL[3]),
];

/// Returns the jobs of workers that did not come back, and those whose pause is over; how many leases ended.
pub fn return_leases(queue: &Queue) -> Result<usize> {
    queue.sweep()
}

/// Puts dead letters in line again, as if they had never been tried: those of a queue (`embedding`, `entity_extraction`,
/// `scrape`, `enrichment`), of one domain or, without one, of all. With ids, these jobs instead, whatever became of them. Of
/// a domain's crawls of one kind it is the latest, and none while one waits or runs. Returns how many.
///
/// Raises 42501 unless called by an operator, 22004 without a queue, 22023 for another one, P0002 for a domain that does
/// not exist.
#[pg_extern(schema = "frontdesk", security_definer)]
fn requeue(
    queue: Option<&str>,
    domain: default!(Option<&str>, "NULL"),
    job_ids: default!(Option<Vec<Option<pgrx::Uuid>>>, "NULL"),
) -> Result<i32> {
    operators_only("requeue jobs")?;
    let queue = named(required("queue", queue)?)?;
    let jobs = job_ids.map(|ids| all_given("job_ids", Some(ids)));
    let domain = domain.map(|domain| key_of(queue, domain)).transpose()?;
    let requeued = queue.requeue(domain.as_deref(), jobs.transpose()?)?;
    if *queue == EMBEDDING {
        embedding::forget_failures(&requeued)?;
    }
    Ok(i32::try_from(requeued.len()).unwrap_or(i32::MAX))
}

fn named(name: &str) -> Result<&'static Queue> {
    let queue = ALL.into_iter().find(|queue| queue.name == name);
    queue.ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|queue| queue.name).collect();
        Error::InvalidArgument(
            format!("queue must be one of {}, got \"{name}\"", names.join(", ")),
            "select distinct queue from frontdesk.queue_status();",
        )
        .into()
    })
}

/// What the jobs of a domain carry in the column that names it. Requests for a demonstration are about any domain.
fn key_of(queue: &Queue, domain: &str) -> Result<String> {
    if *queue == line::ENRICHMENT {
        return Ok(naming::domain_name(domain).unwrap_or_else(|_| domain.to_owned()));
    }
    let domain = Domain::resolve(Some(domain), Rank::Viewer)?;
    Ok(if queue.domain == "domain" {
        domain.name
    } else {
        domain.id.to_string()
    })
}
