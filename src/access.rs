//! What the caller may reach, as arrays that row level security compares with.
//!
//! Every statement under a policy asks for one of four sets: ids of organizations, of domains and of configurations, and
//! names of domains. Reading one from the tables takes longer than a small query itself, so a backend keeps the sets that
//! it has read. A set may be used as long as reading it again would give the same:
//!
//! - [`changes`] forgets all sets as soon as a transaction that changed memberships or domains has committed, and keeps
//!   away from them in the transaction that makes the change;
//! - [`horizon`] keeps statements that look at an older state of the database (REPEATABLE READ, cursors) from sets of a
//!   newer one, and sets of an older state from being kept;
//! - a set belongs to whom the claims name, so other claims, and claims that have expired, find another one or none.
//!
//! Whenever in doubt a statement reads its own sets, which is always right.
//!
//! Under the same rules a backend keeps which domains callers have named, and which names have synonyms.

mod arrays;
mod cache;
mod changes;
mod horizon;
mod names;

use std::cell::RefCell;
use std::hash::Hash;

use pgrx::fn_call::{Arg, FnCallArg, fn_call};
use pgrx::prelude::*;

use crate::claims::{self, Caller};
use crate::error::{Error, Result};
use crate::tenancy::{Domain, Rank};
use arrays::{FlatArray, TextArray, UuidArray};
use cache::{Cache, Weighed};
use horizon::Horizon;

pub use changes::{announce, register_callbacks};
pub use names::Names;

/// A kind of set.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    OrganizationIds,
    DomainIds,
    ConfigIds,
    DomainNames,
}

impl Kind {
    /// The function that reads it from the tables.
    fn reader(self) -> &'static str {
        match self {
            Self::OrganizationIds => "frontdesk.read_organization_ids",
            Self::DomainIds => "frontdesk.read_domain_ids",
            Self::ConfigIds => "frontdesk.read_config_ids",
            Self::DomainNames => "frontdesk.read_domain_names",
        }
    }

    fn element_type(self) -> pg_sys::Oid {
        match self {
            Self::DomainNames => pg_sys::TEXTOID,
            _ => pg_sys::UUIDOID,
        }
    }
}

/// Whose set it is and which.
type Key = (Caller, Rank, Kind);

/// For whom a domain is looked up.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Asker {
    /// Reaches every domain, whatever the claims say.
    Operator,
    Caller(Caller),
}

impl Asker {
    /// `None` is nobody.
    fn current() -> Option<Self> {
        if claims::caller_is_operator() {
            return Some(Self::Operator);
        }
        claims::caller().map(Self::Caller)
    }
}

/// The role whose rights it is read with, for whom, with which rank at least, and its name as it was given.
type DomainKey = (pg_sys::Oid, Asker, Rank, String);

/// Longer names than any domain has are looked up each time.
const MAX_NAME_BYTES: usize = 255;

impl Weighed for Domain {
    fn bytes(&self) -> usize {
        // Its name is in the key as well, and its language is a short word.
        size_of::<Self>() + 2 * self.name.len()
    }
}

/// What this backend keeps.
struct Kept {
    /// The generation that `newest_change` and `sets` are of.
    generation: u64,
    /// What a statement must see at least to use and to add to the sets.
    newest_change: Option<Horizon>,
    sets: Cache<Key, Box<[u8]>>,
    domains: Cache<DomainKey, Domain>,
    /// What has synonyms, by configuration.
    names: Cache<pgrx::Uuid, Names>,
}

impl Kept {
    fn new(generation: u64) -> Self {
        Self {
            generation,
            newest_change: None,
            sets: Cache::new(),
            domains: Cache::new(),
            names: Cache::new(),
        }
    }
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::new(Kept::new(0));
}

/// What `give` makes of the value that is kept under `key`, or else of the one that `read` finds in the tables. That one is
/// kept if `may_keep` it; whatever changed while it was read may not be in it.
fn kept<K: Clone + Eq + Hash, V: Weighed, T>(
    cache: impl Fn(&mut Kept) -> &mut Cache<K, V>,
    key: K,
    read: impl FnOnce() -> Result<Option<V>>,
    may_keep: impl FnOnce(&K) -> bool,
    give: impl Fn(&V) -> T,
) -> Result<Option<T>> {
    let generation = usable_generation()?;
    if generation.is_some()
        && let Some(value) = KEPT.with_borrow_mut(|kept| cache(kept).get(&key).map(&give))
    {
        return Ok(Some(value));
    }
    let Some(value) = read()? else {
        return Ok(None);
    };
    let given = give(&value);
    if generation == Some(changes::generation()) && may_keep(&key) {
        KEPT.with_borrow_mut(|kept| cache(kept).insert(key, value));
    }
    Ok(Some(given))
}

/// The set of `kind` that the caller reaches with a role of at least `at_least`.
fn set(kind: Kind, at_least: Option<&str>) -> Result<FlatArray> {
    let (Some(caller), Some(rank)) = (claims::caller(), at_least.and_then(Rank::parse)) else {
        return Ok(FlatArray::empty(kind.element_type()));
    };
    let set = kept(
        |kept| &mut kept.sets,
        (caller, rank, kind),
        || Ok(Some(read(kind, rank)?.bytes().into())),
        // Claims that have just expired have no set.
        |key| claims::caller().as_ref() == Some(&key.0),
        |set| FlatArray::copy_of(set),
    )?;
    Ok(set.unwrap_or_else(|| FlatArray::empty(kind.element_type())))
}

/// The domain that the caller calls `name` and reaches with a role of at least `rank`: the kept one, or what `read` finds in
/// the tables that sets are read from.
pub fn domain(
    name: &str,
    rank: Rank,
    read: impl FnOnce() -> Result<Option<Domain>>,
) -> Result<Option<Domain>> {
    let (Some(asker), true) = (Asker::current(), name.len() <= MAX_NAME_BYTES) else {
        return read();
    };
    // SAFETY: reads a number of the backend.
    let role = unsafe { pg_sys::GetUserId() };
    kept(
        |kept| &mut kept.domains,
        (role, asker, rank, name.to_owned()),
        read,
        |key| Asker::current().as_ref() == Some(&key.1),
        Domain::clone,
    )
}

/// Of these names, those for which a configuration, or everybody, may have synonyms: all of them, where there are many. `read`
/// gives what has synonyms, and `None` where that is more than can be kept.
pub fn with_synonyms(
    config_id: pgrx::Uuid,
    names: Vec<String>,
    read: impl FnOnce() -> Result<Option<Names>>,
) -> Result<Vec<String>> {
    let known = |known: &Names| -> Vec<String> {
        let names = names.iter().filter(|name| known.may_have(name));
        names.cloned().collect()
    };
    let found = kept(|kept| &mut kept.names, config_id, read, |_| true, known)?;
    Ok(found.unwrap_or(names))
}

/// Whether the caller may see the chunks of a configuration: an operator, or who reaches it.
pub fn may_read_config(config_id: pgrx::Uuid) -> Result<bool> {
    if claims::caller_is_operator() {
        return Ok(true);
    }
    let reached = set(Kind::ConfigIds, Some(Rank::Viewer.as_str()))?;
    Ok(reached.uuids().any(|id| id == config_id.as_bytes()))
}

fn read(kind: Kind, rank: Rank) -> Result<FlatArray> {
    call(kind.reader(), &[&Arg::Value(rank.as_str())])
}

/// Calls one of our functions under the snapshot of the statement. SPI would, in a transaction that has written, begin a
/// new command, which is neither what a stable function may do nor possible in a parallel plan.
fn call<T: FromDatum + IntoDatum>(function: &str, args: &[&dyn FnCallArg]) -> Result<T> {
    let result = fn_call(function, args)
        .map_err(|error| Error::Internal(format!("{function} failed: {error}")))?;
    Ok(result.ok_or_else(|| Error::Internal(format!("{function} returned null")))?)
}

/// The generation of sets that the current statement may use and add to; `None` where it has to read its own.
fn usable_generation() -> Result<Option<u64>> {
    changes::accept();
    // Serializable transactions must leave a trace of what they have read.
    if changes::are_of_this_transaction() || horizon::transaction_is_serializable() {
        return Ok(None);
    }
    let generation = changes::generation();
    if !sees_newest_change(generation) || !are_announced(generation)? {
        return Ok(None);
    }
    Ok(Some(generation))
}

fn sees_newest_change(generation: u64) -> bool {
    KEPT.with_borrow_mut(|kept| {
        if kept.generation != generation {
            *kept = Kept::new(generation);
        }
        if kept.newest_change.is_none() {
            kept.newest_change = horizon::latest();
        }
        let newest_change = kept.newest_change.as_ref();
        newest_change.is_some_and(horizon::is_seen_by_this_statement)
    })
}

/// Whether the triggers that announce changes are all in place: while a dump is restored, or somebody has switched them
/// off, nothing may be kept.
fn are_announced(generation: u64) -> Result<bool> {
    if let Some(known) = changes::are_announced() {
        return Ok(known);
    }
    let relations: Vec<pg_sys::Oid> = call("frontdesk.watched_relations", &[])?;
    Ok(changes::generation() == generation && changes::watch(&relations))
}

/// Ids of the organizations in which the signed-in person has this role or a higher one, as an array for policies. Never
/// raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn accessible_organization_id_array(
    at_least: default!(Option<&str>, "'viewer'"),
) -> Result<UuidArray> {
    set(Kind::OrganizationIds, at_least).map(UuidArray::from)
}

/// Ids in domains that the caller reaches with this role or a higher one, as an array for policies; for viewer also the
/// domain of a chat server's claims. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn accessible_domain_id_array(at_least: default!(Option<&str>, "'viewer'")) -> Result<UuidArray> {
    set(Kind::DomainIds, at_least).map(UuidArray::from)
}

/// Ids in customer_configs that the caller reaches with this role or a higher one, as an array for policies; for viewer
/// also the configuration of a chat server's domain. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn accessible_config_id_array(at_least: default!(Option<&str>, "'viewer'")) -> Result<UuidArray> {
    set(Kind::ConfigIds, at_least).map(UuidArray::from)
}

/// Names of the domains that the caller reaches with this role or a higher one, as an array for policies; for viewer also
/// the domain of a chat server's claims. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn accessible_domain_name_array(at_least: default!(Option<&str>, "'viewer'")) -> Result<TextArray> {
    set(Kind::DomainNames, at_least).map(TextArray::from)
}
