//! Which urls are a domain's: those on its name or an alias of it, or below one, unless another organization has
//! registered a name that is nearer to the url's host.

use pgrx::prelude::*;
use url::Url;

use crate::error::{Error, Result, required};
use crate::naming;
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// The normalised url of a page on a domain.
pub(super) struct PageUrl {
    /// The url.
    pub url: String,
    /// The name of the domain, or the alias, that the url is on or below.
    name: String,
}

impl PageUrl {
    /// The url when it is on the domain; whoever else may have registered its host.
    pub fn on(url: &str, domain: &Domain) -> Result<Self> {
        match naming::page_url(url, &domain.name) {
            Ok(url) => Ok(Self {
                url,
                name: domain.name.clone(),
            }),
            Err(error @ naming::Error::ForeignHost { .. }) => {
                Self::on_alias(url, domain)?.ok_or_else(|| refused(&error).into())
            }
            Err(error) => Err(refused(&error).into()),
        }
    }

    /// The url when the domain may store its page.
    pub fn of(url: &str, domain: &Domain) -> Result<Self> {
        let page = Self::on(url, domain)?;
        if page.is_anothers(domain)? {
            return Err(Error::InvalidArgument(
                "the url lies on a domain name that another organization has registered".into(),
                "Ingest it through the domain that it belongs to.",
            )
            .into());
        }
        Ok(page)
    }

    fn on_alias(url: &str, domain: &Domain) -> Result<Option<Self>> {
        let aliases = spi::select(
            include_str!("../../sql/queries/content/aliases.sql"),
            &[domain.id.into()],
            |row| spi::value::<String>(row, 1),
        )?;
        Ok(aliases.into_iter().find_map(|name| {
            let url = naming::page_url(url, &name).ok()?;
            Some(Self { url, name })
        }))
    }

    /// Whether another organization has registered the url's host or a name between it and the domain.
    pub fn is_anothers(&self, domain: &Domain) -> Result<bool> {
        let names = names_below(&self.url, &self.name);
        if names.is_empty() {
            return Ok(false);
        }
        let is_anothers = spi::select_one(
            include_str!("../../sql/queries/content/is_anothers_name.sql"),
            &[domain.id.into(), names.into()],
            |row| spi::value::<bool>(row, 1),
        )?;
        Ok(is_anothers == Some(true))
    }
}

fn refused(error: &naming::Error) -> Error {
    Error::InvalidArgument(
        error.to_string(),
        "Give the absolute http or https url of a page on the domain, below it, or on an alias: frontdesk.add_domain_alias(domain, alias).",
    )
}

/// The url's host and the names above it, as far as they lie below `domain`.
fn names_below(url: &str, domain: &str) -> Vec<String> {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let parents = std::iter::successors(Some(host), |name| Some(name.split_once('.')?.1));
    parents
        .take_while(|name| name.len() > domain.len())
        .map(str::to_owned)
        .collect()
}

/// The one spelling of a page's url, when the domain may store the page.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22023 for a url that is
/// not the domain's, 22004 for NULL.
#[pg_extern(schema = "frontdesk", stable, security_definer)]
fn own_page_url(domain: Option<&str>, url: Option<&str>) -> Result<String> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    Ok(PageUrl::of(required("url", url)?, &domain)?.url)
}

#[cfg(test)]
mod unit_tests {
    use super::names_below;

    #[test]
    fn the_names_between_a_host_and_its_domain_are_listed() {
        let names = names_below("https://a.b.shop.example/x", "shop.example");
        assert_eq!(names, ["a.b.shop.example", "b.shop.example"]);
        assert!(names_below("https://shop.example/", "shop.example").is_empty());
    }
}
