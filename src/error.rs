//! Every error that the extension raises itself: one variant per situation, with its SQLSTATE, message and hint.
//!
//! Messages name the value and the rule. They never quote a person's identifier or anything of another tenant.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::PgSqlErrorCode;

/// What a function of the SQL surface returns: an [`ErrorReport`] keeps its SQLSTATE and hint on the way to the client.
pub type Result<T> = std::result::Result<T, ErrorReport>;

/// A situation that the caller can understand and mend.
#[derive(Debug)]
pub enum Error {
    /// An argument that must be given is NULL.
    NullArgument(&'static str),
    /// An argument breaks a rule; the text names both.
    InvalidArgument(String, &'static str),
    /// An argument is larger than what is accepted.
    TooLarge(String, &'static str),
    /// The domain is unknown, or the caller has no business with it: one answer for both.
    UnknownDomain,
    /// The domain is switched off.
    InactiveDomain,
    /// The caller lacks the privilege; the text says what for.
    NotAllowed(String, &'static str),
    /// The tables are not there, or older than the library.
    SchemaNotReady(String, &'static str),
    /// The state of the database does not allow the call; the text says why.
    NotReady(String, &'static str),
    /// A statement of the extension failed in a way that no caller can mend.
    Internal(String),
}

impl Error {
    fn code(&self) -> PgSqlErrorCode {
        match self {
            Self::NullArgument(_) => PgSqlErrorCode::ERRCODE_NULL_VALUE_NOT_ALLOWED,
            Self::InvalidArgument(..) => PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            Self::TooLarge(..) => PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            Self::UnknownDomain => PgSqlErrorCode::ERRCODE_NO_DATA_FOUND,
            Self::InactiveDomain | Self::SchemaNotReady(..) | Self::NotReady(..) => {
                PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE
            }
            Self::NotAllowed(..) => PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
            Self::Internal(_) => PgSqlErrorCode::ERRCODE_INTERNAL_ERROR,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NullArgument(name) => format!("argument \"{name}\" must not be null"),
            Self::UnknownDomain => "the domain does not exist or is not yours".into(),
            Self::InactiveDomain => "the domain is not active".into(),
            Self::InvalidArgument(text, _)
            | Self::TooLarge(text, _)
            | Self::NotAllowed(text, _)
            | Self::SchemaNotReady(text, _)
            | Self::NotReady(text, _)
            | Self::Internal(text) => text.clone(),
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NullArgument(_) => Some("Give a value for it."),
            Self::UnknownDomain => Some(
                "Register it with frontdesk.register_domain(organization_id, domain), or ask for a role in its organization.",
            ),
            Self::InactiveDomain => {
                Some("Switch it on: update domains set active = true where domain = '...';")
            }
            Self::InvalidArgument(_, hint)
            | Self::TooLarge(_, hint)
            | Self::NotAllowed(_, hint)
            | Self::SchemaNotReady(_, hint)
            | Self::NotReady(_, hint) => Some(hint),
            Self::Internal(_) => None,
        }
    }
}

impl From<Error> for ErrorReport {
    fn from(error: Error) -> Self {
        let report = ErrorReport::new(error.code(), error.message(), "frontdesk");
        match error.hint() {
            Some(hint) => report.set_hint(hint),
            None => report,
        }
    }
}

/// The value of an argument that must not be NULL.
pub fn required<T>(name: &'static str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::NullArgument(name).into())
}
