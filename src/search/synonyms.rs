//! Synonyms: what a query is expanded by, and how a domain sets its own.

use std::collections::HashMap;

use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::checked_query;
use crate::error::{Error, Result, required};
use crate::spi;
use crate::synonyms::{Expansion, candidate_terms, longest_matches};
use crate::tenancy::{Domain, Rank};

/// The longest term or synonym; what visitors type for one thing is shorter.
const MAX_TERM_CHARS: usize = 200;
/// Most synonyms of one term.
const MAX_SYNONYMS: usize = 100;

/// Terms of a query that have synonyms, each synonym with where it comes from and how much it counts beside the term
/// (1), those of the highest priority first. Entries of the domain override global ones of the same term, longer terms
/// win over shorter ones in them.
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

/// The terms of a query that have synonyms: by priority, then in the order of the query.
pub fn expansions(domain: &Domain, query: &str) -> Result<Vec<Expansion>> {
    let query = normalized(query)?;
    let entries = spi::select(
        include_str!("../../sql/queries/search/synonyms_of_terms.sql"),
        &[domain.config_id.into(), candidate_terms(&query).into()],
        |row| {
            let expansion = Expansion {
                term: spi::value(row, 1)?,
                synonyms: spi::value(row, 2)?,
                source: spi::value(row, 3)?,
                weight: spi::value(row, 4)?,
            };
            Ok((expansion, spi::value::<i32>(row, 5)?))
        },
    )?;
    let priorities: HashMap<String, i32> = entries
        .iter()
        .map(|(expansion, priority)| (expansion.term.clone(), *priority))
        .collect();
    let entries = entries.into_iter().map(|(expansion, _)| expansion);
    let mut found = longest_matches(&query, entries.collect());
    found.sort_by_key(|expansion| std::cmp::Reverse(priorities.get(&expansion.term).copied()));
    Ok(found)
}

/// The query in the Unicode form in which terms are stored.
fn normalized(query: &str) -> Result<String> {
    let query = spi::select_one("select normalize($1, nfkc)", &[query.into()], |row| {
        spi::value(row, 1)
    })?;
    query.ok_or_else(|| Error::Internal("a text without a normal form".into()).into())
}

/// Sets what `term` is called besides in a domain; terms of a higher `priority` are used first. An empty array removes the
/// entry.
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
) -> Result<()> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let term = checked_term(required("term", term)?)?;
    let synonyms = checked_synonyms(required("synonyms", synonyms)?)?;
    let priority = required("priority", priority)?;
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
    if synonyms.len() > MAX_SYNONYMS {
        return Err(Error::InvalidArgument(
            format!(
                "a term must have at most {MAX_SYNONYMS} synonyms, got {}",
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
