//! Arrays of Postgres as they lie in memory, so that a kept one is given out by copying its bytes.

use std::marker::PhantomData;

use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};
use pgrx::prelude::*;

/// Where the elements of an array of one dimension without nulls begin.
const HEADER_BYTES: usize = 24;
const UUID_BYTES: usize = 16;

/// An array in the memory context in which it was made: neither compressed nor stored elsewhere.
pub struct FlatArray {
    start: *mut pg_sys::varlena,
}

impl FlatArray {
    /// An array of no elements.
    pub fn empty(element_type: pg_sys::Oid) -> Self {
        // SAFETY: construct_empty_array takes any type and allocates what it returns.
        let start = unsafe { pg_sys::construct_empty_array(element_type) };
        Self {
            start: start.cast(),
        }
    }

    /// An array from the bytes of another one.
    pub fn copy_of(bytes: &[u8]) -> Self {
        // SAFETY: palloc returns as many writable bytes, aligned for any type, or raises; the bytes are those of an array,
        // since nothing but `bytes` below gives any out.
        unsafe {
            let start = pg_sys::palloc(bytes.len()).cast::<u8>();
            start.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            Self {
                start: start.cast(),
            }
        }
    }

    /// The elements of a `uuid[]` without nulls.
    pub fn uuids(&self) -> impl Iterator<Item = &[u8; UUID_BYTES]> {
        // Nothing follows the header of an array without elements, which is shorter.
        let elements = self.bytes().get(HEADER_BYTES..).unwrap_or_default();
        elements.as_chunks().0.iter()
    }

    /// The bytes of the array, its header included.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: a flat array begins with its length in bytes, and lives as long as the call that made it.
        unsafe {
            std::slice::from_raw_parts(self.start.cast(), pgrx::varlena::varsize_any(self.start))
        }
    }
}

impl FromDatum for FlatArray {
    unsafe fn from_polymorphic_datum(
        datum: pg_sys::Datum,
        is_null: bool,
        _type: pg_sys::Oid,
    ) -> Option<Self> {
        // SAFETY: the caller guarantees that the datum is an array; pg_detoast_datum makes it flat.
        (!is_null).then(|| unsafe {
            Self {
                start: pg_sys::pg_detoast_datum(datum.cast_mut_ptr()),
            }
        })
    }
}

impl IntoDatum for FlatArray {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        Some(self.start.into())
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::ANYARRAYOID
    }

    fn is_compatible_with(other: pg_sys::Oid) -> bool {
        [pg_sys::UUIDARRAYOID, pg_sys::TEXTARRAYOID].contains(&other)
    }
}

/// A `uuid[]` as the result of a function.
pub type UuidArray = ArrayOf<pgrx::Uuid>;
/// A `text[]` as the result of a function.
pub type TextArray = ArrayOf<String>;

/// An array whose type in SQL is that of a `Vec<T>`.
pub struct ArrayOf<T>(FlatArray, PhantomData<T>);

impl<T> From<FlatArray> for ArrayOf<T> {
    fn from(array: FlatArray) -> Self {
        Self(array, PhantomData)
    }
}

// SAFETY: the datum points to an array in the memory context of the call, which is where a function returns its results.
unsafe impl<T> BoxRet for ArrayOf<T> {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> pgrx::datum::Datum<'fcx> {
        // SAFETY: as above.
        unsafe { fcinfo.return_raw_datum(self.0.start.into()) }
    }
}

// SAFETY: the same type as that of a vector of T.
unsafe impl<T: SqlTranslatable> SqlTranslatable for ArrayOf<T> {
    const TYPE_IDENT: &'static str = <Vec<T>>::TYPE_IDENT;
    const TYPE_ORIGIN: TypeOrigin = <Vec<T>>::TYPE_ORIGIN;
    const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = <Vec<T>>::ARGUMENT_SQL;
    const RETURN_SQL: Result<ReturnsRef, ReturnsError> = <Vec<T>>::RETURN_SQL;
}
