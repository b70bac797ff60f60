//! Who is asking: the claims that a gateway such as PostgREST puts into `request.jwt.claims` for one transaction.
//!
//! Everything here is called from row level security policies, so it neither raises nor touches a table. Claims that
//! are absent, empty (what a SET LOCAL leaves behind on a pooled connection), malformed or past their `exp` mean nobody.

use std::ffi::{CStr, CString};

use pgrx::prelude::*;
use serde_json::Value;

use crate::naming;

/// The role whose claims name a domain instead of a person.
const CHAT_SERVER: &str = "chat_server";
/// The role of the operators' back office.
const OPERATOR: &CStr = c"service_role";

/// A configuration setting as text; `None` when it does not exist.
pub fn setting(name: &str) -> Option<String> {
    let name = CString::new(name).ok()?;
    // SAFETY: GetConfigOption gets a NUL-terminated name and returns NULL or a NUL-terminated string that stays valid
    // until the setting changes; it is copied before anything else runs. missing_ok is true, so it does not raise.
    unsafe {
        let text = pg_sys::GetConfigOption(name.as_ptr(), true, false);
        if text.is_null() {
            return None;
        }
        Some(CStr::from_ptr(text).to_string_lossy().into_owned())
    }
}

/// The claims of this transaction, unless they are absent, malformed or expired. An `exp` that is no number is malformed.
pub fn claims() -> Option<Value> {
    let claims: Value = serde_json::from_str(&setting("request.jwt.claims")?).ok()?;
    let is_valid = claims
        .get("exp")
        .is_none_or(|expires| expires.as_f64().is_some_and(|at| at > unix_now()));
    is_valid.then_some(claims)
}

fn unix_now() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

fn subject() -> Option<String> {
    if setting("request.jwt.claims").is_none_or(|claims| claims.is_empty()) {
        // Gateways before PostgREST 9 set each claim by itself.
        return setting("request.jwt.claim.sub");
    }
    let claims = claims()?;
    // A chat server is no person, whatever else its claims say.
    if claims.get("role").and_then(Value::as_str) == Some(CHAT_SERVER) {
        return None;
    }
    Some(claims.get("sub")?.as_str()?.to_owned())
}

/// The id of the signed-in person: the `sub` of the request's claims. NULL when nobody is signed in, the claims are
/// malformed or have expired. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
pub fn current_user_id() -> Option<pgrx::Uuid> {
    let id = uuid::Uuid::parse_str(subject()?.trim()).ok()?;
    Some(pgrx::Uuid::from_bytes(*id.as_bytes()))
}

/// The one domain that a chat server acts for: the normalised `domain` of the request's claims when their `role` is
/// chat_server, otherwise NULL. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn claimed_domain() -> Option<String> {
    let claims = claims()?;
    if claims.get("role")?.as_str()? != CHAT_SERVER {
        return None;
    }
    naming::domain_name(claims.get("domain")?.as_str()?).ok()
}

/// Whether the caller is an operator: a superuser or a role with the privileges of service_role. Inside a SECURITY
/// DEFINER function this is still the role that called it.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
pub fn caller_is_operator() -> bool {
    // SAFETY: plain catalogue look-ups that take and return integers; get_role_oid gets a NUL-terminated name and
    // missing_ok, so an absent role gives InvalidOid instead of an error.
    unsafe {
        let caller = pg_sys::GetOuterUserId();
        if pg_sys::superuser_arg(caller) {
            return true;
        }
        let operator = pg_sys::get_role_oid(OPERATOR.as_ptr(), true);
        operator != pg_sys::InvalidOid && pg_sys::has_privs_of_role(caller, operator)
    }
}
