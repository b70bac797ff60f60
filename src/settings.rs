//! Settings of the server for the length of a few statements.

use std::ffi::CStr;

use pgrx::pg_sys;

/// A setting and its value.
pub type Setting<'a> = (&'static CStr, &'a CStr);

/// For statements that read a tenant's rows by their keys: one plan for tenants of all sizes.
pub const BY_KEY: [Setting; 2] = [
    (c"plan_cache_mode", c"force_generic_plan"),
    (c"enable_seqscan", c"off"),
];

/// Runs `work` under these settings, as a function with SET clauses runs; then those of before apply again. An error that
/// ends the statement undoes them too. Spares the statement that set_config through SPI is.
///
/// An unknown name or a value out of range raises, as SET would.
pub fn with<T>(settings: &[Setting], work: impl FnOnce() -> T) -> T {
    // SAFETY: takes nothing and returns a number; the level is left below.
    let level = unsafe { pg_sys::NewGUCNestLevel() };
    for (name, value) in settings {
        // SAFETY: both strings end in a zero byte and live until the call returns, which copies them. A raised error
        // becomes a panic that pgrx hands on; ending the transaction then leaves the level.
        unsafe {
            pg_sys::set_config_option(
                name.as_ptr(),
                value.as_ptr(),
                pg_sys::GucContext::PGC_USERSET,
                pg_sys::GucSource::PGC_S_SESSION,
                pg_sys::GucAction::GUC_ACTION_SAVE,
                true,
                0,
                false,
            );
        }
    }
    let outcome = work();
    // SAFETY: the level was entered above, in the same transaction; `true` only puts values back.
    unsafe { pg_sys::AtEOXact_GUC(true, level) };
    outcome
}
