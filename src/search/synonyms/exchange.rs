//! Synonyms in the files of Solr and Elasticsearch.

use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::configuration;
use crate::error::{Error, Result, required};
use crate::spi;
use crate::synonyms::solr::{self, Mistake, Rule, Rules};
use crate::tenancy::{Domain, Rank};

/// A list of ten thousand terms has some hundred kilobytes.
const MAX_FILE_BYTES: usize = 4_000_000;

/// Sets the synonyms of a domain from the text of a `synonyms.txt` of Solr or Elasticsearch: `a, b, c` find each other,
/// `a, b => c` find c one way, `#` begins a comment, a backslash takes the next character as it is. Terms of the file replace
/// entries of the same term; in mode `replace` those of other terms are removed, in mode `merge` they stay. `priority` is that
/// of all rules before a line `# frontdesk: priority N`. Returns the numbers of terms that were added, changed, the same as
/// before, and removed.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22004 for NULL, 22023 for
/// another mode and, with its number, for the first line that is no rule, 54000 for a text above 4 MB, 55000 when the domain has
/// no configuration.
#[pg_extern(schema = "frontdesk", security_definer)]
#[allow(clippy::type_complexity)]
fn import_synonyms(
    domain: Option<&str>,
    content: Option<&str>,
    mode: default!(Option<&str>, "'merge'"),
    priority: default!(Option<i32>, "0"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(added, i64),
            name!(changed, i64),
            name!(unchanged, i64),
            name!(removed, i64),
        ),
    >,
> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let content = checked_size(required("content", content)?)?;
    let is_replacing = is_replacing(required("mode", mode)?)?;
    let rules = solr::parse(content, required("priority", priority)?).map_err(refusal)?;
    let counts = spi::write(
        include_str!("../../../sql/queries/search/import_synonyms.sql"),
        &[
            configuration(&domain)?.into(),
            is_replacing.into(),
            as_json(&rules).into(),
        ],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
                spi::value(row, 4)?,
            ))
        },
    )?;
    Ok(TableIterator::new(counts))
}

fn checked_size(content: &str) -> Result<&str> {
    if content.len() <= MAX_FILE_BYTES {
        return Ok(content);
    }
    Err(Error::TooLarge(
        format!(
            "a synonym file of {} bytes is above the limit of {MAX_FILE_BYTES}",
            content.len()
        ),
        "Import it in parts, with mode => 'merge'.",
    )
    .into())
}

fn is_replacing(mode: &str) -> Result<bool> {
    match mode {
        "merge" => Ok(false),
        "replace" => Ok(true),
        _ => Err(Error::InvalidArgument(
            "mode must be merge or replace".into(),
            "Say mode => 'merge' to keep other terms, mode => 'replace' to remove them.",
        )
        .into()),
    }
}

fn refusal(mistake: Mistake) -> Error {
    Error::InvalidArgument(
        format!("line {}: {}", mistake.line, mistake.problem),
        "A rule is \"a, b, c\" or \"a, b => c\"; write \\, for a comma in a name.",
    )
}

fn as_json(rules: &Rules) -> String {
    let rules: Vec<serde_json::Value> = rules
        .iter()
        .map(|(term, rule)| {
            serde_json::json!({"term": term, "synonyms": rule.synonyms, "priority": rule.priority})
        })
        .collect();
    serde_json::Value::Array(rules).to_string()
}

/// The synonyms of a domain as a `synonyms.txt` of Solr and Elasticsearch, which `import_synonyms` reads again: every query is
/// then expanded as before. An entry that works both ways is written as one rule for each name.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 22004 for NULL.
#[pg_extern(schema = "frontdesk", stable, parallel_restricted)]
fn export_synonyms(domain: Option<&str>) -> Result<String> {
    let domain = Domain::resolve(domain, Rank::Viewer)?;
    let entries = spi::select(
        include_str!("../../../sql/queries/search/synonyms_of_domain.sql"),
        &[domain.config_id.into()],
        |row| {
            let rule = Rule {
                synonyms: spi::value(row, 2)?,
                priority: spi::value(row, 3)?,
            };
            Ok((
                spi::value::<String>(row, 1)?,
                rule,
                spi::value::<bool>(row, 4)?,
            ))
        },
    )?;
    Ok(solr::format(&solr::one_way(entries)))
}
