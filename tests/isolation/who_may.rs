//! Reads who_may.txt, which says who may do what.

use frontdesk_harness::{Tenant, Uuid};

use super::{Standing, Subject};

const WHO_MAY: &str = include_str!("who_may.txt");
const RANKS: [&str; 4] = ["viewer", "member", "admin", "owner"];

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verb {
    Select,
    Insert,
    Update,
    Delete,
}

/// What a cell of the table says: `viewer`, `admin where role <> 'owner'`, ...
struct Grant {
    who: &'static str,
    condition: &'static str,
}

/// The names of the tables that have a line.
pub fn tables() -> Vec<&'static str> {
    lines().map(|fields| fields[0]).collect()
}

/// A condition for the rows of a table with which a subject may do something; None: with no row.
///
/// Panics for a table without a line: whoever adds a table decides who may do what with it.
pub fn rows_for(subject: &Subject, table: &str, verb: Verb) -> Option<String> {
    let grants = grants(table, verb);
    let conditions: Vec<String> = grants
        .iter()
        .filter(|grant| applies(grant, subject))
        .map(|grant| condition(grant, subject))
        .collect();
    let is_never = grants.iter().any(|grant| grant.who == "never");
    let names_operators = grants.iter().any(|grant| grant.who == "operators");
    if subject.standing == Standing::Operator && !is_never && !names_operators {
        return Some("true".to_owned());
    }
    (!conditions.is_empty()).then(|| conditions.join(" or "))
}

fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = WHO_MAY.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('|').map(str::trim).collect())
}

fn grants(table: &str, verb: Verb) -> Vec<Grant> {
    let line = lines().find(|fields| fields[0] == table);
    let line = line.unwrap_or_else(|| {
        panic!("who may do what with {table}? Add a line for it to tests/isolation/who_may.txt")
    });
    let [_, select, insert, update, delete] = line[..] else {
        panic!("not five fields: {line:?}")
    };
    let cell = match verb {
        Verb::Select => select,
        Verb::Insert => insert,
        Verb::Update => update,
        Verb::Delete => delete,
    };
    cell.split(';').map(|part| grant(part.trim())).collect()
}

fn grant(text: &'static str) -> Grant {
    let (who, condition) = text.split_once(" where ").unwrap_or((text, "true"));
    let known = ["chat", "everyone", "operators", "never", "-"];
    assert!(
        RANKS.contains(&who) || known.contains(&who),
        "who is {who}? See the head of tests/isolation/who_may.txt"
    );
    Grant { who, condition }
}

fn applies(grant: &Grant, subject: &Subject) -> bool {
    let rank = |role| RANKS.iter().position(|rank| *rank == role);
    match subject.standing {
        Standing::Nobody => false,
        Standing::Stranger => grant.who == "everyone",
        Standing::Member(role) => {
            grant.who == "everyone"
                || rank(grant.who).is_some_and(|least| rank(role) >= Some(least))
        }
        Standing::ChatServer => ["everyone", "chat"].contains(&grant.who),
        Standing::Operator => grant.who == "operators",
    }
}

fn condition(grant: &Grant, subject: &Subject) -> String {
    let id = subject.user_id().unwrap_or_else(Uuid::nil);
    let condition = grant.condition.replace("self", &format!("'{id}'"));
    match subject.tenant {
        Some(tenant) if grant.who != "everyone" => {
            format!("(({condition}) and {})", is_of(&tenant))
        }
        _ => format!("({condition})"),
    }
}

/// A condition for the rows of a tenant, of any table called `t`.
pub fn is_of(tenant: &Tenant) -> String {
    format!("t::text ~ '{}'", tenant.pattern())
}
