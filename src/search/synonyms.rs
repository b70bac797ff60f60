//! Synonyms: what a query is expanded by, and how a domain sets its own.

mod exchange;

use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::checked_query;
use super::settings::synonym_weight;
use crate::access::{self, Names};
use crate::error::{Error, Result, required};
use crate::owner;
use crate::settings;
use crate::spi;
use crate::synonyms::matching::normalize;
use crate::synonyms::solr::{MAX_SYNONYMS_OF_TERM, MAX_TERM_CHARS};
use crate::synonyms::{self, Entry, Expansion, candidate_terms};
use crate::tenancy::{Domain, Rank};

/// Up to so many names are kept by a backend, 8 bytes each, so that most questions need not look for synonyms.
const MAX_NAMES: i32 = 4_096;

/// Terms of a query that have synonyms, each synonym with where it comes from and how much it counts beside the term
/// (1), those of the highest priority first, 64 at most. A synonym in the query finds its term in the same way, unless the
/// entry is one-way; nothing is followed further. What the domain says of a term overrides what holds for everybody, longer
/// terms win over shorter ones in them.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 22004 for NULL, 54000 for a text above 100 kB.
#[pg_extern(schema = "frontdesk", stable, parallel_restricted)]
#[allow(clippy::type_complexity)]
fn expand_synonyms(
    domain: Option<&str>,
    query: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(term, String),
            name!(synonym, String),
            name!(source, String),
            name!(weight, f32),
        ),
    >,
> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    let expansions = expansions(&domain, checked_query(required("query", query)?)?)?;
    Ok(TableIterator::new(expansions.into_iter().flat_map(
        |expansion| {
            let Expansion {
                term,
                synonyms,
                source,
                weight,
            } = expansion;
            synonyms
                .into_iter()
                .map(move |synonym| (term.clone(), synonym, source.clone(), weight))
        },
    )))
}

/// The terms of a query that have synonyms: by priority, then in the order of the query. One look-up, however many terms
/// the domain has.
pub fn expansions(domain: &Domain, query: &str) -> Result<Vec<Expansion>> {
    let query = normalize(query);
    let mut names = candidate_terms(&query);
    if let Some(config_id) = domain.config_id {
        names = access::with_synonyms(config_id, names, || names_with_synonyms(config_id))?;
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let entries = settings::with(&settings::BY_KEY, || entries(domain, names))?;
    let counting = entries.into_iter().filter(|entry| entry.weight > 0.0);
    Ok(synonyms::expansions(&query, counting.collect()))
}

/// What the entries that hold for a domain say of names.
fn entries(domain: &Domain, names: Vec<&str>) -> Result<Vec<Entry>> {
    spi::select(
        include_str!("../../sql/queries/search/synonyms_of_terms.sql"),
        &[domain.config_id.into(), names.into()],
        |row| {
            let source: String = spi::value(row, 4)?;
            Ok(Entry {
                name: spi::value(row, 1)?,
                synonyms: spi::value(row, 2)?,
                is_term: spi::value(row, 3)?,
                weight: synonym_weight(source == "domain"),
                source,
                priority: spi::value(row, 5)?,
            })
        },
    )
}

/// All names that have synonyms in a configuration; `None` for a caller who may not know, and where they are too many to be
/// kept.
fn names_with_synonyms(config_id: pgrx::Uuid) -> Result<Option<Names>> {
    let names = owner::on_behalf_of(config_id, || {
        spi::select(
            include_str!("../../sql/queries/search/names_with_synonyms.sql"),
            &[config_id.into(), (MAX_NAMES + 1).into()],
            |row| spi::value::<String>(row, 1),
        )
    })?;
    let names = names.filter(|names| names.len() <= MAX_NAMES as usize);
    Ok(names.map(Names::new))
}

/// A term or synonym in the form in which it is stored and compared: Unicode NFKC, lower case, single spaces.
#[pg_extern(schema = "frontdesk", immutable, strict, parallel_safe)]
fn normal_term(term: &str) -> String {
    normalize(term)
}

/// Sets what `term` is called besides in a domain; terms of a higher `priority` are used first. With `one_way` only the term
/// finds its synonyms, and not they the term. An empty array removes the entry.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22004 for NULL, 22023
/// for a term or synonym above 200 characters and for more than 100 synonyms, 23514 when nothing but the term itself is
/// left of them, 55000 when the domain has no configuration.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_synonyms(
    domain: Option<&str>,
    term: Option<&str>,
    synonyms: Option<Vec<Option<String>>>,
    priority: default!(Option<i32>, "0"),
    one_way: default!(Option<bool>, "false"),
) -> Result<()> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let term = checked_term(required("term", term)?)?;
    let synonyms = checked_synonyms(required("synonyms", synonyms)?)?;
    let priority = required("priority", priority)?;
    let one_way = required("one_way", one_way)?;
    let config_id = configuration(&domain)?;
    if synonyms.is_empty() {
        spi::execute(
            include_str!("../../sql/queries/search/remove_synonyms.sql"),
            &[config_id.into(), term.into()],
        )?;
    } else {
        spi::execute(
            include_str!("../../sql/queries/search/set_synonyms.sql"),
            &[
                config_id.into(),
                term.into(),
                synonyms.into(),
                priority.into(),
                one_way.into(),
            ],
        )?;
    }
    Ok(())
}

fn configuration(domain: &Domain) -> Result<pgrx::Uuid> {
    domain.config_id.ok_or_else(|| {
        Error::NotReady(
            "the domain has no customer configuration, to which synonyms belong".into(),
            "Call frontdesk.register_domain(organization_id, domain) again: it adds what is missing.",
        )
        .into()
    })
}

fn checked_term(term: &str) -> Result<&str> {
    let length = term.chars().count();
    if length <= MAX_TERM_CHARS {
        return Ok(term);
    }
    Err(Error::InvalidArgument(
        format!("a term or synonym must be at most {MAX_TERM_CHARS} characters, got {length}"),
        "Give the word or phrase that visitors use.",
    )
    .into())
}

fn checked_synonyms(synonyms: Vec<Option<String>>) -> Result<Vec<String>> {
    if synonyms.len() > MAX_SYNONYMS_OF_TERM {
        return Err(Error::InvalidArgument(
            format!(
                "a term must have at most {MAX_SYNONYMS_OF_TERM} synonyms, got {}",
                synonyms.len()
            ),
            "Keep those that visitors use.",
        )
        .into());
    }
    synonyms
        .into_iter()
        .map(|synonym| {
            let synonym = required("synonyms", synonym)?;
            checked_term(&synonym)?;
            Ok(synonym)
        })
        .collect()
}
