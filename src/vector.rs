//! pgvector's `vector` as an argument: it is passed on to statements as it came, never read here.

use pgrx::callconv::{Arg, ArgAbi};
use pgrx::datum::DatumWithOid;
use pgrx::pg_sys;
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};

/// A `vector` argument.
pub struct Vector {
    value: pg_sys::Datum,
    type_oid: pg_sys::Oid,
}

impl Vector {
    /// The same value as an argument of a statement.
    pub fn as_argument(&self) -> DatumWithOid<'_> {
        // SAFETY: the value came in as an argument of exactly this type, and lives as long as the call.
        unsafe { DatumWithOid::new(self.value, self.type_oid) }
    }
}

// SAFETY: an argument declared `vector` arrives as a datum of that type; it is kept as it is, whatever its layout.
unsafe impl<'fcx> ArgAbi<'fcx> for Vector {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        let type_oid = arg.raw_oid();
        // SAFETY: the caller guarantees that the argument is not null.
        let value = unsafe { arg.unbox_arg_using_from_datum::<pg_sys::Datum>() };
        Self {
            value: value.unwrap_or(pg_sys::Datum::null()),
            type_oid,
        }
    }
}

// SAFETY: `vector` is the type that the extension `vector` declares, and frontdesk requires that extension.
unsafe impl SqlTranslatable for Vector {
    const TYPE_IDENT: &'static str = pgrx::pgrx_resolved_type!(Vector);
    const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
    const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = Ok(SqlMappingRef::literal("vector"));
    const RETURN_SQL: Result<ReturnsRef, ReturnsError> = Err(ReturnsError::Datum);
}
