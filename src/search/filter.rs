//! What a search is limited to, beyond its domain.

use std::collections::HashSet;

use pgrx::Uuid;
use pgrx::datum::{DatumWithOid, Interval};
use pgrx::pg_sys::JSONBOID;

use crate::error::{Error, Result};
use crate::opaque::Json;
use crate::spi;
use crate::tenancy::Domain;

/// Of these chunks those that a filter leaves; all without one.
pub fn allowed(ids: &[Uuid], filtered: Option<&HashSet<Uuid>>) -> Vec<Uuid> {
    let is_allowed = |id: &&Uuid| filtered.is_none_or(|filtered| filtered.contains(*id));
    ids.iter().filter(is_allowed).copied().collect()
}

/// What a chunk must be to be found; nothing in it, and every chunk may be.
#[derive(Default)]
pub struct Filter<'a> {
    /// What the chunk's metadata contain.
    pub metadata: Option<Json>,
    pub content_type: Option<&'a str>,
    /// How long ago the page may have been fetched.
    pub max_page_age: Option<Interval>,
}

impl<'a> Filter<'a> {
    /// The filter in the arguments of a function.
    pub fn checked(
        metadata: Option<Json>,
        content_type: Option<&'a str>,
        max_page_age: Option<Interval>,
    ) -> Result<Self> {
        if max_page_age.as_ref().is_some_and(|age| age.as_micros() < 0) {
            return Err(Error::InvalidArgument(
                "max_page_age must not be negative".into(),
                "Give an interval such as '30 days'.",
            )
            .into());
        }
        Ok(Self {
            metadata,
            content_type,
            max_page_age,
        })
    }

    fn is_empty(&self) -> bool {
        self.metadata.is_none() && self.content_type.is_none() && self.max_page_age.is_none()
    }

    /// The chunks of the domain that may be found; none when all may. Legs choose their best among these, so a filter never
    /// leaves fewer rows than there are.
    pub fn chunks(&self, domain: &Domain) -> Result<Option<HashSet<Uuid>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let metadata =
            (self.metadata.as_ref()).map_or(DatumWithOid::null_oid(JSONBOID), Json::as_argument);
        let ids = spi::select(
            include_str!("../../sql/queries/search/filtered_chunks.sql"),
            &[
                domain.config_id.into(),
                metadata,
                self.content_type.into(),
                self.max_page_age.into(),
            ],
            |row| spi::value(row, 1),
        )?;
        Ok(Some(ids.into_iter().collect()))
    }
}
