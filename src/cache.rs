//! What the caches of search results and answers need to know of a session; the rest is in `sql/functions/cache.sql`.

use std::cell::OnceCell;

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::prelude::*;

use crate::error::Result;
use crate::{claims, spi};

static CACHE_ENTRIES: GucSetting<i32> = GucSetting::<i32>::new(10_000);

thread_local! {
    /// Names of the settings that a search may depend on. They are those of this library, so they do not change.
    static SETTINGS: OnceCell<Vec<String>> = const { OnceCell::new() };
}

/// Declares the settings of the caches; called once, when the library is loaded.
pub fn declare_settings() {
    GucRegistry::define_int_guc(
        c"frontdesk.cache_entries",
        c"How many search results, and how many finished answers, are cached for one domain.",
        c"Those unused for longest go first. An entry is as large as its results: usually a few kB.",
        &CACHE_ENTRIES,
        0,
        1_000_000,
        GucContext::Suset,
        GucFlags::default(),
    );
}

#[pg_extern(schema = "frontdesk", stable)]
fn cache_entries() -> i32 {
    CACHE_ENTRIES.get()
}

/// Who searches and with which settings. People who search are told apart, because policies of the user's own may show them
/// different rows; the visitors of a widget are one chat server.
#[pg_extern(schema = "frontdesk", stable)]
fn search_context() -> Result<String> {
    let mut context = claims::identity();
    for name in setting_names()? {
        context.push('\n');
        context.push_str(&claims::setting(&name).unwrap_or_default());
    }
    Ok(context)
}

fn setting_names() -> Result<Vec<String>> {
    if let Some(names) = SETTINGS.with(|known| known.get().cloned()) {
        return Ok(names);
    }
    let names: Vec<String> = spi::select(
        include_str!("../sql/queries/cache/settings.sql"),
        &[],
        |row| spi::value(row, 1),
    )?;
    Ok(SETTINGS.with(|known| known.get_or_init(|| names).clone()))
}
