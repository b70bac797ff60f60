//! The columns of `page_embeddings` that have the vectors of chunks.

use std::ffi::CStr;

use pgrx::pg_sys;

/// How many dimensions the vectors of a column have, -1 for any; `None` where there is no such column.
pub fn dimensions(column: &CStr) -> Option<i32> {
    let (mut type_oid, mut modifier, mut collation) = (pg_sys::InvalidOid, -1, pg_sys::InvalidOid);
    // SAFETY: look-ups in the catalogue's caches by NUL-terminated names, where a missing one gives zero; the last writes three
    // numbers.
    unsafe {
        let table = pg_sys::RelnameGetRelid(c"page_embeddings".as_ptr());
        if table == pg_sys::InvalidOid {
            return None;
        }
        let number = pg_sys::get_attnum(table, column.as_ptr());
        if number <= 0 {
            return None;
        }
        pg_sys::get_atttypetypmodcoll(
            table,
            number,
            &raw mut type_oid,
            &raw mut modifier,
            &raw mut collation,
        );
    }
    Some(modifier)
}
