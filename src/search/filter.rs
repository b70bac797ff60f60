//! What a search is limited to, beyond its domain.

use std::cell::{Cell, OnceCell};
use std::collections::HashSet;

use pgrx::Uuid;
use pgrx::datum::{DatumWithOid, Interval};
use pgrx::pg_sys::JSONBOID;

use crate::error::{Error, Result};
use crate::opaque::Json;
use crate::settings;
use crate::spi;
use crate::tenancy::Domain;

/// For looking at some chunks: a bitmap would be made of all those of the domain.
const ONE_BY_ONE: [settings::Setting; 2] =
    [(c"enable_bitmapscan", c"off"), (c"enable_seqscan", c"off")];

/// Chunks that pass are all read at once when they are no more: that takes a few milliseconds.
const FEW: usize = 2_000;
/// After so many of the best chunks have been asked about, it is sooner to read all that pass.
const MOST_ASKED: usize = 4_000;

/// Those of these chunks that pass a filter; all without one.
pub fn passing(ids: &[Uuid], filter: Option<&Passing>) -> Result<Vec<Uuid>> {
    match filter {
        Some(filter) => filter.among(ids),
        None => Ok(ids.to_vec()),
    }
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

    /// Which chunks of the domain may be found; none when all may.
    pub fn passing(&'a self, domain: &'a Domain) -> Result<Option<Passing<'a>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let passing = Passing {
            filter: self,
            domain,
            asked: Cell::new(0),
            all: OnceCell::new(),
        };
        let some = passing.read(None, Some(FEW + 1))?;
        if some.len() <= FEW {
            // Nothing was kept there before.
            let _ = passing.all.set(HashSet::from_iter(some));
        }
        Ok(Some(passing))
    }
}

/// The chunks that pass a filter. Legs choose their best among these, so a filter never leaves fewer rows than there are. Where
/// few pass, all are read at first. Where many do, a leg asks which of its best pass, and goes further down its list until
/// enough do; if that takes long, because those that pass are far from the question, all are read after all.
pub struct Passing<'a> {
    filter: &'a Filter<'a>,
    domain: &'a Domain,
    asked: Cell<usize>,
    all: OnceCell<HashSet<Uuid>>,
}

/// What it took to know which chunks pass a filter.
pub struct Work {
    /// How many pass, where all of them have been read.
    pub passing: Option<usize>,
    /// About how many chunks was asked whether they pass.
    pub asked: usize,
}

impl Passing<'_> {
    /// All of them, where they have been read.
    pub fn all(&self) -> Option<&HashSet<Uuid>> {
        self.all.get()
    }

    /// What it took to know which pass.
    pub fn work(&self) -> Work {
        Work {
            passing: self.all.get().map(HashSet::len),
            asked: self.asked.get(),
        }
    }

    /// Those of these chunks that pass.
    fn among(&self, ids: &[Uuid]) -> Result<Vec<Uuid>> {
        if self.all.get().is_none() {
            self.asked.set(self.asked.get() + ids.len());
            if self.asked.get() <= MOST_ASKED {
                return settings::with(&ONE_BY_ONE, || self.read(Some(ids), None));
            }
            let _ = self.all.set(HashSet::from_iter(self.read(None, None)?));
        }
        let passes = |id: &&Uuid| self.all.get().is_some_and(|all| all.contains(*id));
        Ok(ids.iter().filter(passes).copied().collect())
    }

    /// Those that pass, among these chunks or all of the domain, at most so many.
    fn read(&self, among: Option<&[Uuid]>, most: Option<usize>) -> Result<Vec<Uuid>> {
        let Filter {
            metadata,
            content_type,
            max_page_age,
        } = self.filter;
        let metadata =
            (metadata.as_ref()).map_or(DatumWithOid::null_oid(JSONBOID), Json::as_argument);
        let most = most.and_then(|most| i32::try_from(most).ok());
        spi::select(
            include_str!("../../sql/queries/search/filtered_chunks.sql"),
            &[
                self.domain.config_id.into(),
                metadata,
                (*content_type).into(),
                (*max_page_age).into(),
                among.map(<[Uuid]>::to_vec).into(),
                most.into(),
            ],
            |row| spi::value(row, 1),
        )
    }
}
