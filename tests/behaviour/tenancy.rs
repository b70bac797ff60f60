//! Organizations, their people, and the names that tell whose something is.

mod domain_names;
mod domain_rows;
mod owners;
mod removal;
mod seats;
