//! Who joins an organization, who leaves it, and what nobody gets by asking.

mod concurrency;
mod invitations;
mod ranks;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, Identity, Session, Uuid};
use serde_json::{Value, json};

use crate::support::{answer, code, race, two_tenants};

const JANE: &str = "jane@mail.example";
const JANES_ID: Uuid = Uuid::from_u128(0x1a0e);

/// A signed-in person whose claims say what they say.
fn person(id: Uuid, claims: Value) -> Identity {
    let mut all = json!({"sub": id, "role": "authenticated"});
    let fields = all.as_object_mut().expect("an object");
    fields.extend(claims.as_object().expect("an object").clone());
    Identity::Custom {
        role: "authenticated",
        claims: all.to_string(),
    }
}

fn jane() -> Identity {
    person(JANES_ID, json!({"email": JANE, "email_verified": true}))
}

/// Invites to ACME; the token.
fn invite(inviter: &mut Session, email: &str, role: &str) -> String {
    let sql = "select token from frontdesk.invite_member($1, $2, $3)";
    let invited = inviter.query_one(sql, &[&ACME.organization_id(), &email, &role]);
    invited.expect("invite").get(0)
}

fn accept(
    session: &mut Session,
    token: &str,
) -> Result<String, frontdesk_harness::postgres::Error> {
    let row = session.query_one(
        "select role from frontdesk.accept_invitation($1)",
        &[&token],
    )?;
    Ok(row.get(0))
}

/// Role by user id in ACME.
fn role_of(client: &mut Client, user_id: Uuid) -> Option<String> {
    let sql = "select role from organization_members where organization_id = $1 and user_id = $2";
    let row = client.query_opt(sql, &[&ACME.organization_id(), &user_id]);
    row.expect("look up a member").map(|row| row.get(0))
}

fn available_seats(client: &mut Client) -> i64 {
    let sql = "select available from frontdesk.seat_usage($1)";
    let row = client.query_one(sql, &[&ACME.organization_id()]);
    row.expect("count the seats").get(0)
}
