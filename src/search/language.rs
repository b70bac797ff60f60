//! Text as the text search parser can read it, and what it reads in it.

use std::ffi::CString;

use pgrx::fcinfo::direct_function_call;
use pgrx::prelude::*;

use crate::analysis;
use crate::error::{Error, Result};
use crate::opaque::StoredVector;

/// Of a pasted text so many characters count.
const MAX_CHARS: usize = 20_000;

/// A text search configuration of Postgres.
#[derive(Clone, Copy)]
pub struct Language(pg_sys::Oid);

impl Language {
    /// The configuration of this name, where there is one; else that for English.
    pub fn named(name: Option<&str>) -> Result<Self> {
        let named = name.and_then(|name| Self::find(&[name]));
        let found = named.or_else(|| Self::find(&["pg_catalog", "english"]));
        Ok(found.ok_or_else(|| {
            Error::Internal("there is no text search configuration for English".into())
        })?)
    }

    fn find(names: &[&str]) -> Option<Self> {
        let names: Vec<CString> = (names.iter())
            .map(|name| CString::new(*name).ok())
            .collect::<Option<_>>()?;
        // SAFETY: builds a list of strings that live until the look-up, which takes missing ones, is over.
        let found = unsafe {
            let list = names.iter().fold(std::ptr::null_mut(), |list, name| {
                pg_sys::lappend(list, pg_sys::makeString(name.as_ptr().cast_mut()).cast())
            });
            pg_sys::get_ts_config_oid(list, true)
        };
        (found != pg_sys::InvalidOid).then_some(Self(found))
    }

    /// The lexemes of the beginning of a text, which has been through [`analysis`]: `to_tsvector`, without a statement.
    pub fn lexemes(self, text: &str) -> StoredVector {
        let end = text.char_indices().nth(MAX_CHARS);
        let text = end.map_or(text, |(end, _)| &text[..end]);
        // SAFETY: the function takes a configuration and a text, and returns a tsvector.
        let vector = unsafe {
            direct_function_call(
                pg_sys::to_tsvector_byid,
                &[self.0.into_datum(), text.into_datum()],
            )
        };
        vector.unwrap_or(StoredVector(Vec::new()))
    }
}

/// A text for `to_tsvector`: in Unicode NFKC, with scripts that put no spaces between words (Chinese, Japanese, Korean,
/// Thai, Lao, Khmer, Burmese, ...) as overlapping pairs of characters, and names such as `c++` and `.net` spelled out.
/// Other text comes back as it is. Every search vector is made of it. With `is_question` a run of such a script ends with
/// its last pair, where stored text has the last character too, so that a question asks for nothing that may be absent.
#[pg_extern(schema = "frontdesk", immutable, strict, parallel_safe)]
fn searchable_text(content: &str, is_question: default!(bool, "false")) -> String {
    let prepared = if is_question {
        analysis::question(content)
    } else {
        analysis::stored(content)
    };
    prepared.into_owned()
}
