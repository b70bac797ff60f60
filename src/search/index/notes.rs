//! What writers note for the indexes of their tenants, in a table for each kind of note.

use pgrx::Uuid;

use crate::error::Result;
use crate::queues::template;
use crate::spi;

/// A kind of note.
#[derive(Clone, Copy)]
pub enum Notes {
    /// Chunks that are not in the index of words as they are.
    Changes,
    /// Vectors that have no code.
    UncodedVectors,
    /// Codes of vectors that are gone.
    DeadCodes,
}

impl Notes {
    /// Whether at least so many are about a tenant.
    pub fn are_at_least(self, config_id: Uuid, least: i64) -> Result<bool> {
        let statement = self.statement(include_str!("../../../sql/queries/search/has_notes.sql"));
        let found = spi::write(statement, &[config_id.into(), least.into()], |row| {
            spi::value::<bool>(row, 1)
        })?;
        Ok(found == [true])
    }

    /// At most so many tenants that they are about.
    pub fn tenants(self, most: i32) -> Result<Vec<Uuid>> {
        let statement = self.statement(include_str!(
            "../../../sql/queries/search/tenants_with_notes.sql"
        ));
        spi::write(statement, &[most.into()], |row| spi::value(row, 1))
    }

    /// The statement that `template`, which reads the notes of changes, is for these.
    fn statement(self, template: &'static str) -> &'static str {
        let table = match self {
            Self::Changes => return template,
            Self::UncodedVectors => "uncoded_vectors",
            Self::DeadCodes => "dead_vector_codes",
        };
        let names = [("search_changes", table), ("domain_id", "config_id")];
        template::statement(template, table, &names)
    }
}
