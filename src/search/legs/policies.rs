//! Whether row level security tells the chunks of a tenant apart.
//!
//! The policies that come with the tables look at nothing of a chunk but its tenant: whoever sees one of a tenant's chunks sees
//! all. An operator may add others.

use std::ffi::c_char;

use pgrx::{PgList, pg_sys};

/// What the policies read of a chunk to know its tenant.
const TENANT: &std::ffi::CStr = c"domain_id";
/// `polcmd` of a policy for all commands.
const ALL_COMMANDS: c_char = b'*' as c_char;
const SELECT: c_char = pg_sys::ACL_SELECT_CHR as c_char;

/// Whether one chunk of a tenant may be hidden from somebody who sees another one. The table stays locked against changes of its
/// policies for as long as any table that a statement has read.
pub fn tell_chunks_apart() -> bool {
    // SAFETY: looks a NUL-terminated name up, where a missing one gives zero.
    let table = unsafe { pg_sys::RelnameGetRelid(c"page_embeddings".as_ptr()) };
    if table == pg_sys::InvalidOid {
        return true;
    }
    // SAFETY: the relation is open and locked, so that what its entry in the cache says of policies stays where it is.
    unsafe {
        let relation = pg_sys::relation_open(table, pg_sys::AccessShareLock as pg_sys::LOCKMODE);
        let is_told = is_told_apart(relation, pg_sys::get_attnum(table, TENANT.as_ptr()));
        pg_sys::relation_close(relation, pg_sys::NoLock as pg_sys::LOCKMODE);
        is_told
    }
}

/// # Safety
///
/// `relation` is open, and locked.
unsafe fn is_told_apart(relation: pg_sys::Relation, tenant: pg_sys::AttrNumber) -> bool {
    // SAFETY: an open relation has an entry in pg_class; the description of its policies is there where row level security is
    // switched on, and stays while the lock keeps it from being changed.
    unsafe {
        if (*(*relation).rd_rel).relkind != pg_sys::RELKIND_RELATION as c_char {
            return true;
        }
        let Some(description) = (*relation).rd_rsdesc.as_ref() else {
            return false;
        };
        PgList::<pg_sys::RowSecurityPolicy>::from_pg(description.policies)
            .iter_ptr()
            .filter(|policy| [ALL_COMMANDS, SELECT].contains(&(**policy).polcmd))
            .any(|policy| !depends_on((*policy).qual.cast(), tenant))
    }
}

/// Whether a condition on a row gives the same for all rows that have the same in one column.
///
/// # Safety
///
/// `condition` is an expression over one table, not planned yet, or null.
unsafe fn depends_on(condition: *mut pg_sys::Node, column: pg_sys::AttrNumber) -> bool {
    // SAFETY: both functions walk through any such expression, and through the queries in it; the list is of Vars alone, as
    // there are no placeholders before planning.
    unsafe {
        let read = PgList::<pg_sys::Var>::from_pg(pg_sys::pull_vars_of_level(condition, 0));
        !pg_sys::contain_volatile_functions(condition)
            && read.iter_ptr().all(|var| (*var).varattno == column)
    }
}
