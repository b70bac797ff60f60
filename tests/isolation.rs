//! Nobody sees or changes what belongs to another tenant: for every table and every function, whoever asks and however.

mod calls;
mod claims;
mod matrix;
mod names;
mod random_people;
mod ranks;
mod rehoming;
mod secrets;
mod shadowing;
mod who_may;
mod witness;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Identity, Sql, Tenant, Uuid};

use witness::Witness;

const NOT_ALLOWED: &str = "42501";
const NOT_FOUND: &str = "P0002";
const CHECK_VIOLATION: &str = "23514";
const UNIQUE_VIOLATION: &str = "23505";

/// How somebody stands to a tenant.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Standing {
    /// Not signed in.
    Nobody,
    /// Signed in, member of nothing.
    Stranger,
    /// A member with a role.
    Member(&'static str),
    /// The server of the tenant's chat widget.
    ChatServer,
    /// The operators' back office.
    Operator,
}

/// Somebody who asks.
#[derive(Clone, Debug)]
struct Subject {
    name: &'static str,
    identity: Identity,
    standing: Standing,
    /// Whose rows are theirs, if anybody's.
    tenant: Option<Tenant>,
}

impl Subject {
    fn member(name: &'static str, tenant: Tenant, role: &'static str) -> Self {
        Self {
            name,
            identity: tenant.person(role),
            standing: Standing::Member(role),
            tenant: Some(tenant),
        }
    }

    fn without_tenant(name: &'static str, identity: Identity, standing: Standing) -> Self {
        Self {
            name,
            identity,
            standing,
            tenant: None,
        }
    }

    fn chat_server(name: &'static str, tenant: Tenant) -> Self {
        Self {
            name,
            identity: tenant.chat_server(),
            standing: Standing::ChatServer,
            tenant: Some(tenant),
        }
    }

    /// The role in the database that the subject has.
    fn role(&self) -> &'static str {
        match self.standing {
            Standing::Nobody => "anon",
            Standing::Stranger | Standing::Member(_) => "authenticated",
            Standing::ChatServer => "chat_server",
            Standing::Operator => "service_role",
        }
    }

    fn user_id(&self) -> Option<Uuid> {
        match self.identity {
            Identity::User(id) => Some(id),
            _ => None,
        }
    }

    /// Words that the subject must never be told.
    fn not_for_them(&self) -> Vec<String> {
        if self.standing == Standing::Operator {
            return Vec::new();
        }
        let others = [ACME, GLOBEX].into_iter().filter(|tenant| {
            let is_theirs = self.tenant.is_some_and(|own| own.mark() == tenant.mark());
            !is_theirs
        });
        others
            .flat_map(|tenant| words_of(&tenant))
            .chain(secrets::words())
            .collect()
    }
}

/// What stands in a row of a tenant: its mark, or one of its ids.
fn words_of(tenant: &Tenant) -> Vec<String> {
    let organization = tenant.organization_id().to_string();
    let person = tenant.user_id("owner").to_string();
    // Ids of one kind differ in their first digits, those of people and pages in their last ones.
    vec![
        tenant.mark().to_owned(),
        organization[2..].to_owned(),
        person[1..24].to_owned(),
    ]
}

/// Everybody whom the extension tells apart, seen from ACME.
fn everybody() -> Vec<Subject> {
    let stranger = Identity::User(Uuid::from_u128(0x57a6));
    vec![
        Subject::without_tenant("anon", Identity::Anon, Standing::Nobody),
        Subject::without_tenant("stranger", stranger, Standing::Stranger),
        Subject::member("viewer", ACME, "viewer"),
        Subject::member("member", ACME, "member"),
        Subject::member("admin", ACME, "admin"),
        Subject::member("owner", ACME, "owner"),
        Subject::member("owner of another tenant", GLOBEX, "owner"),
        Subject::chat_server("chat server", ACME),
        Subject::chat_server("chat server of another tenant", GLOBEX),
        Subject::without_tenant("operator", Identity::Service, Standing::Operator),
    ]
}

/// ACME and GLOBEX with rows in every table of theirs and canaries in every secret column, and the superuser.
fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    secrets::plant(&mut client);
    client.run("analyze");
    (db, client)
}
