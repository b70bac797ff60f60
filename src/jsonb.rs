//! jsonb that Postgres wrote, handed back as it is.
//!
//! pgrx's own `JsonB` takes every document through a tree of Rust values, which refuses what Postgres accepts (more than
//! 128 levels, numbers beyond a double) and rounds long decimals. What people stored must come back as they stored it.

use std::ffi::CString;

use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::pg_sys;
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};

/// A jsonb result, made from its text.
pub struct Jsonb(CString);

impl Jsonb {
    /// The document with this text; Postgres raises when it is not JSON.
    pub fn from_text(text: String) -> Self {
        // JSON has no NUL bytes; the empty text, which stands for one with such a byte, is no JSON either.
        Self(CString::new(text).unwrap_or_default())
    }
}

// SAFETY: the datum is what jsonb_in returns, allocated in the context in which the function was called.
unsafe impl BoxRet for Jsonb {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        // SAFETY: jsonb_in takes one NUL-terminated string, which lives until it returns.
        let datum = unsafe {
            pgrx::direct_function_call_as_datum(pg_sys::jsonb_in, &[Some(self.0.as_ptr().into())])
        };
        match datum {
            // SAFETY: a datum of the declared result type.
            Some(datum) => unsafe { fcinfo.return_raw_datum(datum) },
            None => fcinfo.return_null(),
        }
    }
}

// SAFETY: `jsonb` is a built-in type, and the only one that `box_into` makes.
unsafe impl SqlTranslatable for Jsonb {
    const TYPE_IDENT: &'static str = pgrx::pgrx_resolved_type!(Jsonb);
    const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
    const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> =
        Err(ArgumentError::NotValidAsArgument("Jsonb"));
    const RETURN_SQL: Result<ReturnsRef, ReturnsError> =
        Ok(ReturnsRef::One(SqlMappingRef::literal("jsonb")));
}
