//! Arguments that are passed on to statements as they came: pgvector's `vector`, for which pgrx has no
//! type, and `jsonb`, which pgrx would take through a tree of Rust values that refuses what Postgres accepts (more than 128
//! levels, numbers beyond a double) and rounds long decimals.

use std::marker::PhantomData;

use half::f16;
use pgrx::callconv::{Arg, ArgAbi};
use pgrx::datum::DatumWithOid;
use pgrx::pg_sys;
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};
use pgrx::{FromDatum, IntoDatum};

/// An argument of the type that `T` names.
pub struct Opaque<T> {
    value: pg_sys::Datum,
    type_oid: pg_sys::Oid,
    name: PhantomData<T>,
}

/// A type by its name in SQL.
pub trait TypeName {
    /// What identifies the argument's type among those of the crate.
    const IDENT: &'static str;
    /// The name of the type in SQL.
    const SQL: &'static str;
}

/// A `vector`.
pub type Vector = Opaque<VectorName>;
/// A `halfvec`, pgvector's vector in half precision.
pub type HalfVector = Opaque<HalfVectorName>;
/// A `jsonb`.
pub type Json = Opaque<JsonName>;

pub enum VectorName {}

impl TypeName for VectorName {
    const IDENT: &'static str = pgrx::pgrx_resolved_type!(Vector);
    const SQL: &'static str = "vector";
}

pub enum HalfVectorName {}

impl TypeName for HalfVectorName {
    const IDENT: &'static str = pgrx::pgrx_resolved_type!(HalfVector);
    const SQL: &'static str = "halfvec";
}

pub enum JsonName {}

impl TypeName for JsonName {
    const IDENT: &'static str = pgrx::pgrx_resolved_type!(Json);
    const SQL: &'static str = "jsonb";
}

impl<T> Opaque<T> {
    /// The same value as an argument of a statement.
    pub fn as_argument(&self) -> DatumWithOid<'_> {
        // SAFETY: the value came in as an argument of exactly this type, and lives as long as the call.
        unsafe { DatumWithOid::new(self.value, self.type_oid) }
    }
}

impl<T> Opaque<T> {
    /// The coordinates of a vector whose are of type `C`. Vectors lie in memory (pgvector's src/vector.h and src/halfvec.h) as
    ///
    /// ```text
    /// length word | number of coordinates: i16 | unused: i16 | coordinate: f32 or f16 [number]
    /// ```
    ///
    /// # Safety
    ///
    /// The value is such a vector.
    unsafe fn coordinates_of<C>(&self) -> &[C] {
        const HEAD_BYTES: usize = 8;
        let start = self.value.cast_mut_ptr::<pg_sys::varlena>();
        // SAFETY: the value is a vector, in one piece (see below) and aligned to four bytes as it was stored or allocated; it
        // lives as long as the call, and so no shorter than `self`. The length says how many bytes it has.
        unsafe {
            let bytes = pgrx::varlena::varsize_any(start);
            let coordinates = start.cast::<u8>().add(HEAD_BYTES).cast::<C>();
            std::slice::from_raw_parts(
                coordinates,
                bytes.saturating_sub(HEAD_BYTES) / size_of::<C>(),
            )
        }
    }
}

impl HalfVector {
    pub fn coordinates(&self) -> &[f16] {
        // SAFETY: an argument that was declared a halfvec.
        unsafe { self.coordinates_of() }
    }
}

impl Vector {
    pub fn coordinates(&self) -> &[f32] {
        // SAFETY: an argument that was declared a vector.
        unsafe { self.coordinates_of() }
    }

    /// How long it is.
    pub fn length(&self) -> f64 {
        let squares = self.coordinates().iter().map(|x| f64::from(*x).powi(2));
        squares.sum::<f64>().sqrt()
    }

    /// Scaled to length one.
    pub fn direction(&self) -> impl Iterator<Item = f32> {
        let length = self.length();
        let coordinates = self.coordinates().iter();
        coordinates.map(move |x| (f64::from(*x) / length) as f32)
    }
}

// SAFETY: an argument declared with the named type arrives as a datum of it; it is kept as it is, whatever its layout, but in
// one piece: every statement that gets it would have to put it together again.
unsafe impl<'fcx, T> ArgAbi<'fcx> for Opaque<T> {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        let type_oid = arg.raw_oid();
        // SAFETY: the caller guarantees that the argument is not null; all the types are varlenas.
        let value = unsafe {
            let value = arg.unbox_arg_using_from_datum::<pg_sys::Datum>();
            value.map(|value| pg_sys::pg_detoast_datum(value.cast_mut_ptr()))
        };
        Self {
            value: value.map_or(pg_sys::Datum::null(), pg_sys::Datum::from),
            type_oid,
            name: PhantomData,
        }
    }
}

// SAFETY: `jsonb` is built in; `vector` and `halfvec` are types of the extension `vector`, which frontdesk requires.
unsafe impl<T: TypeName> SqlTranslatable for Opaque<T> {
    const TYPE_IDENT: &'static str = T::IDENT;
    const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
    const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = Ok(SqlMappingRef::literal(T::SQL));
    const RETURN_SQL: Result<ReturnsRef, ReturnsError> = Err(ReturnsError::Datum);
}

/// A stored `tsvector` without its length word, for [`crate::bm25::tsvector::TsVector`] to read.
pub struct StoredVector(pub Vec<u8>);

impl FromDatum for StoredVector {
    unsafe fn from_polymorphic_datum(
        datum: pg_sys::Datum,
        is_null: bool,
        _type_oid: pg_sys::Oid,
    ) -> Option<Self> {
        // SAFETY: the caller guarantees a datum of this type, which is a varlena as bytea is: detoasted and copied.
        unsafe { Vec::<u8>::from_datum(datum, is_null) }.map(Self)
    }
}

impl IntoDatum for StoredVector {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        None
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::TSVECTOROID
    }
}
