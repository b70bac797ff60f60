//! Splits an embedded SQL file into statements with Postgres' own parser, so that an error can name file and line and
//! each statement can be treated by its kind.

use std::ffi::{CStr, CString, c_char};

use pgrx::list::List;
use pgrx::prelude::*;

use super::files::File;
use crate::error::{Error, Result};

/// One statement of an embedded file.
pub struct Statement {
    /// Its text, without the semicolon.
    pub text: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// How the installation treats it.
    pub kind: Kind,
}

/// What a statement does, as far as the installation treats it differently.
pub enum Kind {
    /// Creates a policy.
    Policy { name: String, table: String },
    /// Creates a trigger.
    Trigger { name: String, table: String },
    /// Has a trigger fire also while changes of another server are applied.
    AlwaysTrigger { name: String, table: String },
    /// Creates a view.
    View { name: String },
    /// Creates an index.
    Index { name: String },
    /// Creates an operator.
    Operator { name: String },
    /// Creates an operator class.
    OperatorClass { name: String },
    /// Takes privileges away.
    Revoke,
    /// Anything else.
    Other,
}

/// The statements of `file` in order.
pub fn statements(file: &File) -> Result<Vec<Statement>> {
    let sql = CString::new(file.sql)
        .map_err(|_| Error::Internal(format!("{} contains a NUL byte", file.path)))?;
    super::at_position(file.path, 1, || parse(&sql, file.sql))
}

fn parse(c_sql: &CStr, sql: &str) -> Result<Vec<Statement>> {
    // SAFETY: raw_parser gets a NUL-terminated string and returns a List of RawStmt nodes that live in the current
    // memory context, which outlives this function; `List::downcast_ptr_in_memcx` only wraps it.
    let parsed = unsafe {
        let list = pg_sys::raw_parser(c_sql.as_ptr(), pg_sys::RawParseMode::RAW_PARSE_DEFAULT);
        pgrx::memcx::current_context(|context| {
            List::<*mut std::ffi::c_void>::downcast_ptr_in_memcx(list, context).map(|list| {
                list.iter()
                    .map(|node| node.cast::<pg_sys::RawStmt>())
                    .collect::<Vec<_>>()
            })
        })
    };
    // SAFETY: every element is a RawStmt made by the parser just now.
    let parsed = parsed.unwrap_or_default();
    Ok(parsed
        .into_iter()
        .map(|raw| unsafe { statement(&*raw, sql) })
        .collect())
}

/// # Safety
/// `raw` was made by the parser from `sql` and is still alive.
unsafe fn statement(raw: &pg_sys::RawStmt, sql: &str) -> Statement {
    let start = usize::try_from(raw.stmt_location).unwrap_or(0);
    let rest = &sql[start..];
    // A length of 0 means: to the end of the text.
    let text = match usize::try_from(raw.stmt_len) {
        Ok(length) if length > 0 => &rest[..length],
        _ => rest,
    };
    let first_line = 1 + sql[..start].matches('\n').count();
    Statement {
        line: first_line + lines_before_code(text),
        text: text.to_owned(),
        // SAFETY: as for this function.
        kind: unsafe { kind(raw.stmt) },
    }
}

/// How many lines of white space and comments stand before the first token.
fn lines_before_code(text: &str) -> usize {
    text.lines()
        .take_while(|line| line.trim().is_empty() || line.trim_start().starts_with("--"))
        .count()
}

/// # Safety
/// `node` is a parse tree node, whose tag says what struct it is.
unsafe fn kind(node: *mut pg_sys::Node) -> Kind {
    // SAFETY: each cast follows the node's own tag.
    unsafe {
        match (*node).type_ {
            pg_sys::NodeTag::T_CreatePolicyStmt => {
                let policy = &*node.cast::<pg_sys::CreatePolicyStmt>();
                Kind::Policy {
                    name: text(policy.policy_name),
                    table: relation(policy.table),
                }
            }
            pg_sys::NodeTag::T_CreateTrigStmt => {
                let trigger = &*node.cast::<pg_sys::CreateTrigStmt>();
                Kind::Trigger {
                    name: text(trigger.trigname),
                    table: relation(trigger.relation),
                }
            }
            pg_sys::NodeTag::T_AlterTableStmt => {
                let alter = &*node.cast::<pg_sys::AlterTableStmt>();
                match always_trigger(alter) {
                    Some(name) => Kind::AlwaysTrigger {
                        name,
                        table: relation(alter.relation),
                    },
                    None => Kind::Other,
                }
            }
            pg_sys::NodeTag::T_ViewStmt => Kind::View {
                name: relation((*node.cast::<pg_sys::ViewStmt>()).view),
            },
            pg_sys::NodeTag::T_IndexStmt => Kind::Index {
                name: text((*node.cast::<pg_sys::IndexStmt>()).idxname),
            },
            pg_sys::NodeTag::T_DefineStmt
                if (*node.cast::<pg_sys::DefineStmt>()).kind
                    == pg_sys::ObjectType::OBJECT_OPERATOR =>
            {
                Kind::Operator {
                    name: last_name((*node.cast::<pg_sys::DefineStmt>()).defnames),
                }
            }
            pg_sys::NodeTag::T_CreateOpClassStmt => Kind::OperatorClass {
                name: last_name((*node.cast::<pg_sys::CreateOpClassStmt>()).opclassname),
            },
            pg_sys::NodeTag::T_GrantStmt if !(*node.cast::<pg_sys::GrantStmt>()).is_grant => {
                Kind::Revoke
            }
            _ => Kind::Other,
        }
    }
}

/// The trigger that a statement enables always, when that is all that it does.
///
/// # Safety
/// `alter` was made by the parser.
unsafe fn always_trigger(alter: &pg_sys::AlterTableStmt) -> Option<String> {
    // SAFETY: the parser makes a list of AlterTableCmd, never an empty one.
    unsafe {
        let commands = &*alter.cmds;
        let command = &*(*commands.elements)
            .ptr_value
            .cast::<pg_sys::AlterTableCmd>();
        let is_one =
            commands.length == 1 && command.subtype == pg_sys::AlterTableType::AT_EnableAlwaysTrig;
        is_one.then(|| text(command.name))
    }
}

/// The last part of a qualified name.
///
/// # Safety
/// `names` is a list of String nodes of the parser.
unsafe fn last_name(names: *mut pg_sys::List) -> String {
    // SAFETY: a name has at least one part, and each is a String node; `strVal` reads its text.
    unsafe {
        let last = pg_sys::list_nth(names, (*names).length - 1);
        text((*last.cast::<pg_sys::String>()).sval)
    }
}

/// # Safety
/// `relation` points to a RangeVar of the parser.
unsafe fn relation(relation: *mut pg_sys::RangeVar) -> String {
    // SAFETY: the parser fills relname always and schemaname when it was written.
    unsafe {
        let name = text((*relation).relname);
        if (*relation).schemaname.is_null() {
            name
        } else {
            format!("{}.{name}", text((*relation).schemaname))
        }
    }
}

/// # Safety
/// `text` points to a NUL-terminated string.
unsafe fn text(text: *mut c_char) -> String {
    // SAFETY: as for this function.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}
