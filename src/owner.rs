//! Reading bookkeeping, which nobody may but the owner of the tables.
//!
//! A function that people call and that is a SECURITY DEFINER has to ask by itself who calls, each time, and a search would call
//! ten of them. What is read here has no function of its own: [`on_behalf_of`] asks once, and takes the owner's rights for as
//! long as its statements run.

use pgrx::{Uuid, pg_sys};

use crate::access;
use crate::error::{Error, Result};

/// The role that the tables and all SECURITY DEFINER functions belong to.
const OWNER: &std::ffi::CStr = c"frontdesk_owner";

/// Runs `read` with the rights of the owner of the tables, as a SECURITY DEFINER function runs, for a caller who may see the
/// chunks of a configuration; `None` for any other. `read` is bound to that configuration by its statements, and calls
/// nothing that callers could have made.
pub fn on_behalf_of<T>(config_id: Uuid, read: impl FnOnce() -> Result<T>) -> Result<Option<T>> {
    if !access::may_read_config(config_id)? {
        return Ok(None);
    }
    let _rights = Rights::take()?;
    read().map(Some)
}

/// The owner's rights, until this is dropped.
struct Rights {
    caller: pg_sys::Oid,
    context: i32,
}

impl Rights {
    fn take() -> Result<Self> {
        let (mut caller, mut context) = (pg_sys::InvalidOid, 0);
        // SAFETY: get_role_oid gets a NUL-terminated name and missing_ok; the rest reads and writes two plain variables of
        // the backend. An error that ends the transaction or a savepoint puts them back; anything else drops `Rights`.
        unsafe {
            let owner = pg_sys::get_role_oid(OWNER.as_ptr(), true);
            if owner == pg_sys::InvalidOid {
                return Err(Error::Internal("the role frontdesk_owner is gone".into()).into());
            }
            pg_sys::GetUserIdAndSecContext(&raw mut caller, &raw mut context);
            let context_of_owner = context | pg_sys::SECURITY_LOCAL_USERID_CHANGE as i32;
            pg_sys::SetUserIdAndSecContext(owner, context_of_owner);
        }
        Ok(Self { caller, context })
    }
}

impl Drop for Rights {
    fn drop(&mut self) {
        // SAFETY: what was there when the rights were taken.
        unsafe { pg_sys::SetUserIdAndSecContext(self.caller, self.context) }
    }
}
