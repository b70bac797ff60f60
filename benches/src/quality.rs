//! How well search finds what was judged relevant: collections of documents and judged questions, loaded as tenants and
//! searched as their members.

pub mod collection;
pub mod load;
pub mod measures;
pub mod report;
pub mod runs;
pub mod synonyms;
