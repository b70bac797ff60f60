//! Domains as the unit of tenancy: their names, and what a caller may do with one.

use pgrx::prelude::*;

use crate::error::{Error, Result, required};
use crate::{access, install, naming, spi};

/// The least role in a domain's organization that a call asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rank {
    /// May read; a chat server acts at this rank for its own domain.
    Viewer,
    /// May write content.
    Member,
    /// May manage the organization's settings and answer requests of data subjects.
    Admin,
    /// May give the organization away or delete it.
    Owner,
}

impl Rank {
    /// The rank of a role; `None` for any other text.
    pub fn parse(role: &str) -> Option<Self> {
        match role {
            "viewer" => Some(Self::Viewer),
            "member" => Some(Self::Member),
            "admin" => Some(Self::Admin),
            "owner" => Some(Self::Owner),
            _ => None,
        }
    }

    /// The role of this rank.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// A domain that the caller may act on.
#[derive(Clone)]
pub struct Domain {
    /// Its row in `domains`.
    pub id: pgrx::Uuid,
    /// Its row in `customer_configs`, when it has one.
    pub config_id: Option<pgrx::Uuid>,
    /// Its normalised name.
    pub name: String,
    /// The name of the configuration that its texts are parsed with, when it has one.
    pub text_search_config: Option<String>,
    /// How its searches are fused: the name of the method, and the weight of words; `None` is not set.
    pub fusion: (Option<String>, Option<f32>),
    active: bool,
}

impl Domain {
    /// The domain called `name` (any spelling, or its id as text) for a caller of at least `rank`.
    ///
    /// A domain that does not exist and one of somebody else give the same error.
    pub fn resolve(name: Option<&str>, rank: Rank) -> Result<Self> {
        install::require_current_schema()?;
        let name = required("domain", name)?;
        let found = access::domain(name, rank, || Self::read(name, rank))?;
        found.ok_or_else(|| Error::UnknownDomain.into())
    }

    fn read(name: &str, rank: Rank) -> Result<Option<Self>> {
        spi::select_one(
            include_str!("../sql/queries/resolve_domain.sql"),
            &[name.into(), rank.as_str().into()],
            |row| {
                Ok(Self {
                    id: spi::value(row, 1)?,
                    config_id: spi::column(row, 2)?,
                    name: spi::value(row, 3)?,
                    active: spi::value(row, 4)?,
                    text_search_config: spi::column(row, 5)?,
                    fusion: (spi::column(row, 6)?, spi::column(row, 7)?),
                })
            },
        )
    }

    /// The same, refusing a domain that is switched off.
    pub fn resolve_active(name: Option<&str>, rank: Rank) -> Result<Self> {
        let domain = Self::resolve(name, rank)?;
        if domain.active {
            Ok(domain)
        } else {
            Err(Error::InactiveDomain.into())
        }
    }
}

/// The one spelling of a domain name: lower case, without scheme, port, path, leading `www.` and trailing dot,
/// internationalised names in their ASCII form.
///
/// Raises 22023 for text that is not a host name, and for one shaped like a uuid, which would pass for a domain's id.
#[pg_extern(schema = "frontdesk", immutable, strict, parallel_safe)]
fn normalize_domain(domain: &str) -> Result<String> {
    naming::domain_name(domain).map_err(|error| {
        Error::InvalidArgument(
            error.to_string(),
            "Give a host name such as shop.example.com.",
        )
        .into()
    })
}

/// A domain name in its one spelling; text that is no host name comes back as it is.
#[pg_extern(schema = "frontdesk", immutable, strict, parallel_safe)]
fn canonical_domain(name: &str) -> String {
    naming::domain_name(name).unwrap_or_else(|_| name.to_owned())
}
