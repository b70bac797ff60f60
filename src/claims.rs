//! Who is asking: the claims that a gateway such as PostgREST puts into `request.jwt.claims` for one transaction.
//!
//! Everything here is called from row level security policies, so it neither raises nor touches a table. Claims that
//! are absent, empty (what a SET LOCAL leaves behind on a pooled connection), malformed or past their `exp` mean nobody.

use std::cell::RefCell;
use std::ffi::{CStr, CString};

use pgrx::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::naming;

/// The role whose claims name a domain instead of a person.
const CHAT_SERVER: &str = "chat_server";
/// The role of the operators' back office.
const OPERATOR: &CStr = c"service_role";

/// Claims as PostgREST and Supabase set them: a JSON object.
const CLAIMS: &CStr = c"request.jwt.claims";
/// The claim of that name alone, as gateways before PostgREST 9 set it.
const SUBJECT: &CStr = c"request.jwt.claim.sub";

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A signed-in person, by id.
    Person(Uuid),
    /// The chat server of a domain, by the domain's normalised name.
    ChatServer(String),
}

/// Claims as they were read last.
struct Read {
    text: CString,
    caller: Option<Caller>,
    /// Seconds since 1970.
    expires: Option<f64>,
}

thread_local! {
    /// A statement asks several times who asks: comparing the text is a tenth of the work of reading it.
    static LAST_READ: RefCell<Option<Read>> = const { RefCell::new(None) };
}

/// A configuration setting as text; `None` when it does not exist.
pub fn setting(name: &str) -> Option<String> {
    with_setting(&CString::new(name).ok()?, |text| {
        text.to_string_lossy().into_owned()
    })
}

/// What `read` makes of a configuration setting; `None` when it does not exist. `read` must not call Postgres.
fn with_setting<T>(name: &CStr, read: impl FnOnce(&CStr) -> T) -> Option<T> {
    // SAFETY: GetConfigOption gets a NUL-terminated name and returns NULL or a NUL-terminated string that stays valid
    // until the setting changes, which needs Postgres to run. missing_ok is true, so it does not raise.
    unsafe {
        let text = pg_sys::GetConfigOption(name.as_ptr(), true, false);
        (!text.is_null()).then(|| read(CStr::from_ptr(text)))
    }
}

/// The claims of this transaction, unless they are absent, malformed or expired.
pub fn claims() -> Option<Value> {
    let claims = parse(&setting("request.jwt.claims")?)?;
    is_valid_at(unix_now(), expiry(&claims).ok()?).then_some(claims)
}

fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// When claims expire; an error when their `exp` is no number.
fn expiry(claims: &Value) -> Result<Option<f64>, Malformed> {
    match claims.get("exp") {
        None => Ok(None),
        Some(expires) => expires.as_f64().map(Some).ok_or(Malformed),
    }
}

struct Malformed;

fn is_valid_at(now: f64, expires: Option<f64>) -> bool {
    expires.is_none_or(|at| at > now)
}

fn unix_now() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

impl Read {
    fn new(text: &CStr) -> Self {
        let claims = parse(&text.to_string_lossy());
        let (caller, expires) = match claims.as_ref().map(|claims| (claims, expiry(claims))) {
            Some((claims, Ok(expires))) => (named_by(claims), expires),
            _ => (None, None),
        };
        Self {
            text: text.to_owned(),
            caller,
            expires,
        }
    }

    fn caller(&self) -> Option<Caller> {
        let caller = self.caller.as_ref()?;
        is_valid_at(unix_now(), self.expires).then(|| caller.clone())
    }
}

/// Whom claims name. A chat server is no person, whatever else its claims say.
fn named_by(claims: &Value) -> Option<Caller> {
    let text = |key| claims.get(key).and_then(Value::as_str);
    if text("role") == Some(CHAT_SERVER) {
        return naming::domain_name(text("domain")?)
            .ok()
            .map(Caller::ChatServer);
    }
    person(text("sub")?)
}

fn person(id: &str) -> Option<Caller> {
    Uuid::parse_str(id.trim()).ok().map(Caller::Person)
}

/// Who asks, by the claims of this transaction. `None` is nobody.
pub fn caller() -> Option<Caller> {
    let by_claims = with_setting(CLAIMS, |text| {
        (!text.is_empty()).then(|| LAST_READ.with_borrow_mut(|last| known_or_read(last, text)))
    });
    match by_claims.flatten() {
        Some(caller) => caller,
        None => with_setting(SUBJECT, |id| person(&id.to_string_lossy())).flatten(),
    }
}

fn known_or_read(last: &mut Option<Read>, text: &CStr) -> Option<Caller> {
    match last {
        Some(read) if read.text.as_c_str() == text => read.caller(),
        _ => last.insert(Read::new(text)).caller(),
    }
}

/// The id of the signed-in person: the `sub` of the request's claims. NULL when nobody is signed in, the claims are
/// malformed or have expired. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
pub fn current_user_id() -> Option<pgrx::Uuid> {
    match caller()? {
        Caller::Person(id) => Some(pgrx::Uuid::from_bytes(id.into_bytes())),
        Caller::ChatServer(_) => None,
    }
}

/// The one domain that a chat server acts for: the normalised `domain` of the request's claims when their `role` is
/// chat_server, otherwise NULL. Never raises.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn claimed_domain() -> Option<String> {
    match caller()? {
        Caller::ChatServer(domain) => Some(domain),
        Caller::Person(_) => None,
    }
}

/// The caller's role and person, for telling callers apart. Never raises.
pub fn identity() -> String {
    // SAFETY: returns the id of the role that the session acts as; no arguments.
    let role = unsafe { pg_sys::GetOuterUserId() };
    let person = current_user_id().map_or_else(String::new, |id| id.to_string());
    format!("{} {person}", role.to_u32())
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
