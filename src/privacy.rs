//! Access and erasure: what one domain holds about one person, and how it goes.
//!
//! Export and erasure ask the same two statements (`subject.sql` and `subject_rows.sql`) who is meant and which rows are
//! theirs, so what was exported is what is erased. No error, log line or audit entry quotes the identifier.

use pgrx::JsonB;
use pgrx::datum::DatumWithOid;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result, required};
use crate::jsonb::Jsonb;
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// The version of the document that gdpr_export returns.
const EXPORT_VERSION: i32 = 1;

/// A table that can hold rows about a person, with the statements that export and erase them by id.
struct Table {
    name: &'static str,
    export: &'static str,
    erase: &'static str,
    anonymize: &'static str,
}

macro_rules! table {
    ($name:literal) => {
        table!($name, anonymize: $name)
    };
    ($name:literal, anonymize: $anonymize:literal) => {
        Table {
            name: $name,
            export: include_str!(concat!("../sql/queries/privacy/export/", $name, ".sql")),
            erase: include_str!(concat!("../sql/queries/privacy/erase/", $name, ".sql")),
            anonymize: include_str!(concat!("../sql/queries/privacy/erase/", $anonymize, ".sql")),
        }
    };
}

/// In the order of erasure: what hangs on a conversation goes before it, so that it is counted and not lost by cascade.
const TABLES: [Table; 7] = [
    table!("messages"),
    table!("chat_telemetry", anonymize: "anonymize_chat_telemetry"),
    table!("conversations"),
    table!("training_data"),
    table!("demo_attempts"),
    table!("organization_invitations"),
    table!("widget_config_history"),
];

/// What erasure does with telemetry; everything else is deleted in either mode.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Delete,
    Anonymize,
}

impl Mode {
    fn parse(mode: Option<&str>) -> Result<Self> {
        match required("mode", mode)? {
            "delete" => Ok(Self::Delete),
            "anonymize" => Ok(Self::Anonymize),
            // What was given may be the identifier in the wrong place, so it is not repeated.
            _ => Err(Error::InvalidArgument(
                "mode must be delete or anonymize".into(),
                "'delete' removes telemetry; 'anonymize' keeps its times, tokens and costs without the person.",
            )
            .into()),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Anonymize => "anonymize",
        }
    }
}

/// A person as one domain knows them.
struct Subject {
    domain: Domain,
    identifier: String,
    conversation_ids: Vec<pgrx::Uuid>,
    session_ids: Vec<String>,
    emails: Vec<String>,
}

/// The audit entry of a request.
struct Receipt {
    request_id: pgrx::Uuid,
    audit_entry: pgrx::Uuid,
    recorded_at: String,
    salt: String,
}

/// Everything that a domain holds about one person, as one JSON document: `schema_version`, `generated_at`, `domain`, `data`
/// with an array of rows per table and `counts` with their number, and the `request_id`, `audit_entry` and `salt` of the
/// entry that the request leaves in gdpr_audit_log. It has the rows that gdpr_erase would touch.
///
/// The identifier is a session id, a customer's or user's id or an e-mail address; conversations of the domain that share one of
/// these with it belong to the same person. For admins and owners of the domain's organization and for operators.
/// Raises P0002 for a domain that is unknown or not yours, 22004 for NULL, 22023 for a blank identifier.
#[pg_extern(schema = "frontdesk", security_definer)]
fn gdpr_export(domain: Option<&str>, identifier: Option<&str>) -> Result<Jsonb> {
    let subject = Subject::find(domain, identifier)?;
    let ids = subject.rows()?;
    let mut counts = Map::new();
    let mut data = Vec::new();
    for table in &TABLES {
        let (count, rows) = exported(table, ids_of(&ids, table))?;
        counts.insert(table.name.into(), count.into());
        data.push(format!("\"{}\": {rows}", table.name));
    }
    let receipt = subject.record("export", "exported", &json!({ "counts": counts }))?;
    let head = json!({
        "schema_version": EXPORT_VERSION,
        "generated_at": receipt.recorded_at,
        "domain": subject.domain.name,
        "request_id": receipt.request_id.to_string(),
        "audit_entry": receipt.audit_entry.to_string(),
        "salt": receipt.salt,
        "counts": counts,
    });
    // The rows are put in as Postgres wrote them.
    let head = head.to_string();
    let head = head.strip_suffix('}').unwrap_or(&head);
    Ok(Jsonb::from_text(format!(
        "{head}, \"data\": {{{}}}}}",
        data.join(", ")
    )))
}

/// Erases what a domain holds about one person, in the caller's transaction: exactly the rows that gdpr_export returns, and
/// all cached answers of the domain. Mode `anonymize` keeps the rows of chat_telemetry, without anything that says who,
/// so that totals stay; widget_config_history always keeps its rows and forgets who made the change.
///
/// Returns a receipt: `request_id`, `mode`, `domain`, `erased_at`, `counts` per table, `caches`, `audit_entry` and `salt`. The entry
/// in gdpr_audit_log holds `sha256:` and the hex digest of the salt's bytes and the identifier; the salt is kept nowhere else.
/// A second call finds nothing and says so.
///
/// The identifier and the errors are those of gdpr_export; 22023 also for another mode.
#[pg_extern(schema = "frontdesk", security_definer)]
fn gdpr_erase(
    domain: Option<&str>,
    identifier: Option<&str>,
    mode: default!(Option<&str>, "'delete'"),
) -> Result<JsonB> {
    let mode = Mode::parse(mode)?;
    let subject = Subject::find(domain, identifier)?;
    spi::execute(
        include_str!("../sql/queries/privacy/lock_conversations.sql"),
        &[subject.conversation_ids.clone().into()],
    )?;
    let ids = subject.rows()?;
    let mut counts = Map::new();
    for table in &TABLES {
        counts.insert(
            table.name.into(),
            erased(table, ids_of(&ids, table), mode)?.into(),
        );
    }
    let caches = subject.domain.purge_caches()?;
    let action = if mode == Mode::Delete {
        "deleted"
    } else {
        "anonymized"
    };
    let details = json!({ "mode": mode.as_str(), "counts": counts, "caches": caches });
    let receipt = subject.record("delete", action, &details)?;
    Ok(JsonB(json!({
        "request_id": receipt.request_id.to_string(),
        "mode": mode.as_str(),
        "domain": subject.domain.name,
        "erased_at": receipt.recorded_at,
        "counts": counts,
        "caches": caches,
        "audit_entry": receipt.audit_entry.to_string(),
        "salt": receipt.salt,
    })))
}

type Ids = Vec<(String, Vec<pgrx::Uuid>)>;

fn ids_of(ids: &Ids, table: &Table) -> Vec<pgrx::Uuid> {
    ids.iter()
        .find(|(name, _)| name == table.name)
        .map_or_else(Vec::new, |(_, ids)| ids.clone())
}

/// The number of these rows, and the rows as the text of a JSON array. Read as late as their ids were found.
fn exported(table: &Table, ids: Vec<pgrx::Uuid>) -> Result<(i64, String)> {
    let rows = spi::write(table.export, &[ids.into()], |row| {
        Ok((spi::value(row, 1)?, spi::value(row, 2)?))
    })?;
    Ok(rows.into_iter().next().unwrap_or((0, "[]".into())))
}

fn erased(table: &Table, ids: Vec<pgrx::Uuid>, mode: Mode) -> Result<usize> {
    let sql = if mode == Mode::Delete {
        table.erase
    } else {
        table.anonymize
    };
    spi::execute(sql, &[ids.into()])
}

impl Domain {
    fn purge_caches(&self) -> Result<Value> {
        let answers = spi::execute(
            include_str!("../sql/queries/privacy/erase/query_cache.sql"),
            &[self.config_id.into()],
        )?;
        let results = spi::execute(
            include_str!("../sql/queries/privacy/erase/search_cache.sql"),
            &[self.id.into()],
        )?;
        Ok(json!({ "query_cache": answers, "search_cache": results }))
    }
}

impl Subject {
    /// The person whom an identifier means in a domain of which the caller is an admin.
    fn find(domain: Option<&str>, identifier: Option<&str>) -> Result<Self> {
        let domain = Domain::resolve(domain, Rank::Admin)?;
        let identifier = required("identifier", identifier)?.to_owned();
        if identifier.trim().is_empty() {
            return Err(Error::InvalidArgument(
                "identifier must not be blank".into(),
                "Give a session id, a customer's or user's id, or an e-mail address.",
            )
            .into());
        }
        let args: [DatumWithOid; 3] = [
            domain.id.into(),
            identifier.as_str().into(),
            as_uuid(&identifier).into(),
        ];
        let found = spi::select_one(
            include_str!("../sql/queries/privacy/subject.sql"),
            &args,
            |row| {
                Ok((
                    spi::value(row, 1)?,
                    spi::value(row, 2)?,
                    spi::value(row, 3)?,
                ))
            },
        )?;
        let (conversation_ids, session_ids, emails) = found.unwrap_or_default();
        Ok(Self {
            domain,
            identifier,
            conversation_ids,
            session_ids,
            emails,
        })
    }

    /// The ids of the rows that are about this person, by table. Looks at what is there now, under the locks taken so far.
    fn rows(&self) -> Result<Ids> {
        spi::write(
            include_str!("../sql/queries/privacy/subject_rows.sql"),
            &[
                self.conversation_ids.clone().into(),
                self.session_ids.clone().into(),
                self.emails.clone().into(),
                as_uuid(&self.identifier).into(),
                self.domain.id.into(),
                self.domain.config_id.into(),
                self.domain.name.as_str().into(),
            ],
            |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
        )
    }

    /// Leaves an entry in the audit log.
    fn record(
        &self,
        request_type: &'static str,
        action: &'static str,
        details: &Value,
    ) -> Result<Receipt> {
        let entries = spi::write(
            include_str!("../sql/queries/privacy/record_request.sql"),
            &[
                self.domain.name.as_str().into(),
                request_type.into(),
                self.identifier.as_str().into(),
                action.into(),
                details.to_string().into(),
            ],
            |row| {
                Ok(Receipt {
                    request_id: spi::value(row, 1)?,
                    audit_entry: spi::value(row, 2)?,
                    recorded_at: spi::value(row, 3)?,
                    salt: spi::value(row, 4)?,
                })
            },
        )?;
        entries
            .into_iter()
            .next()
            .ok_or_else(|| Error::Internal("the audit entry was not written".into()).into())
    }
}

/// The identifier as an id, when it is one in any spelling.
fn as_uuid(identifier: &str) -> Option<pgrx::Uuid> {
    let id = uuid::Uuid::parse_str(identifier.trim()).ok()?;
    Some(pgrx::Uuid::from_bytes(*id.as_bytes()))
}
