//! One writer at a time for each index of a tenant.

use pgrx::Uuid;

use crate::claims;
use crate::error::{Error, Result};
use crate::spi;

/// What is locked.
#[derive(Clone, Copy)]
pub enum Index {
    Words,
    VectorCodes,
}

impl Index {
    fn name(self) -> &'static str {
        match self {
            Self::Words => "search_index",
            Self::VectorCodes => "vector_codes",
        }
    }

    /// Takes the index of a tenant until the end of the transaction; false while somebody else has it, and in a transaction
    /// that could not see what was committed since.
    pub fn try_lock(self, config_id: Uuid) -> Result<bool> {
        if !sees_commits() {
            return Ok(false);
        }
        let is_free = spi::write(
            include_str!("../../../sql/queries/search/try_lock_index.sql"),
            &[self.name().into(), config_id.into()],
            |row| spi::value::<bool>(row, 1),
        )?;
        Ok(is_free == [true])
    }

    /// The same, waiting for it.
    pub fn lock(self, config_id: Uuid) -> Result<()> {
        if !sees_commits() {
            return Err(Error::NotReady(
                "statistics are rebuilt only in a READ COMMITTED transaction".into(),
                "begin isolation level read committed;",
            )
            .into());
        }
        spi::execute(
            include_str!("../../../sql/queries/search/lock_index.sql"),
            &[self.name().into(), config_id.into()],
        )?;
        Ok(())
    }
}

/// On an older snapshot, folding would miss what has been committed since, or fail for what another has folded.
fn sees_commits() -> bool {
    claims::setting("transaction_isolation").as_deref() == Some("read committed")
}
