use frontdesk_harness::{ACME, GLOBEX, Identity, Uuid};

use super::*;

const OTHER_OWNER: Uuid = Uuid::from_u128(0x0b0e);

/// `ok` or the SQLSTATE of what `identity` gets for `sql`; nothing is kept.
fn outcome(db: &Database, identity: &Identity, sql: &str) -> String {
    let mut session = db.session(identity);
    session.batch_execute("begin").expect("begin");
    let outcome = code(&session.batch_execute(sql));
    session.batch_execute("rollback").expect("roll back");
    outcome
}

/// A call with ACME's ids filled in: {o} organization, {owner}, {admin}, {member}, {viewer}, {other} owner, {stranger}.
fn call(template: &str) -> String {
    let mut sql = template.replace("{o}", &format!("'{}'", ACME.organization_id()));
    for role in ["owner", "admin", "member", "viewer"] {
        sql = sql.replace(&format!("{{{role}}}"), &format!("'{}'", ACME.user_id(role)));
    }
    sql.replace("{other}", &format!("'{OTHER_OWNER}'"))
        .replace("{stranger}", &format!("'{}'", GLOBEX.user_id("owner")))
}

fn with_two_owners() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client
        .execute(
            "insert into organization_members (organization_id, user_id, role) values ($1, $2, 'owner')",
            &[&ACME.organization_id(), &OTHER_OWNER],
        )
        .expect("a second owner");
    (db, client)
}

#[test]
fn everybody_changes_members_up_to_their_own_rank() {
    let (db, _) = with_two_owners();
    let identities = [
        ACME.person("owner"),
        ACME.person("admin"),
        ACME.person("member"),
        ACME.person("viewer"),
        Identity::Service,
        GLOBEX.person("owner"),
        ACME.chat_server(),
        Identity::Anon,
    ];
    let (ok, no, foreign) = ("ok", "42501", "P0002");
    for (template, expected) in [
        (
            "invite_member({o}, 'x@mail.example', 'admin')",
            [ok, ok, no, no, ok, foreign, no, no],
        ),
        (
            "invite_member({o}, 'x@mail.example', 'viewer')",
            [ok, ok, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {viewer}, 'admin')",
            [ok, ok, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {viewer}, 'owner')",
            [ok, no, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {admin}, 'owner')",
            [ok, no, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {admin}, 'viewer')",
            [ok, ok, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {other}, 'admin')",
            [ok, no, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {other}, 'owner')",
            [ok, no, no, no, ok, foreign, no, no],
        ),
        (
            "change_member_role({o}, {stranger}, 'viewer')",
            [foreign, foreign, no, no, foreign, foreign, no, no],
        ),
        (
            "remove_member({o}, {viewer})",
            [ok, ok, no, ok, ok, foreign, no, no],
        ),
        (
            "remove_member({o}, {member})",
            [ok, ok, ok, no, ok, foreign, no, no],
        ),
        (
            "remove_member({o}, {admin})",
            [ok, ok, no, no, ok, foreign, no, no],
        ),
        (
            "remove_member({o}, {other})",
            [ok, no, no, no, ok, foreign, no, no],
        ),
        (
            "remove_member({o}, {stranger})",
            [foreign, foreign, no, no, foreign, foreign, no, no],
        ),
        ("seat_usage({o})", [ok, ok, ok, ok, ok, foreign, no, no]),
    ] {
        let sql = format!("select frontdesk.{}", call(template));
        let outcomes = identities
            .each_ref()
            .map(|identity| outcome(&db, identity, &sql));
        assert_eq!(outcomes, expected, "{template}");
    }
}

#[test]
fn an_invitation_is_withdrawn_by_its_organizations_admins_only() {
    let (db, mut client) = two_tenants();
    let id: Uuid = client
        .query_one(
            "select id from organization_invitations where organization_id = $1",
            &[&ACME.organization_id()],
        )
        .expect("an invitation")
        .get(0);
    let sql = format!("select frontdesk.revoke_invitation('{id}')");
    for (identity, expected) in [
        (ACME.person("owner"), "ok"),
        (ACME.person("admin"), "ok"),
        (Identity::Service, "ok"),
        // Below admin nobody sees that it is there.
        (ACME.person("member"), "P0002"),
        (ACME.person("viewer"), "P0002"),
        (GLOBEX.person("owner"), "P0002"),
        (ACME.chat_server(), "42501"),
        (Identity::Anon, "42501"),
    ] {
        assert_eq!(outcome(&db, &identity, &sql), expected, "{identity:?}");
    }
    client
        .execute(
            "update organization_invitations set accepted_at = now()",
            &[],
        )
        .expect("accept all");
    assert_eq!(outcome(&db, &ACME.person("owner"), &sql), "P0002");
}

#[test]
fn the_last_owner_stays() {
    let (db, mut client) = two_tenants();
    for template in [
        "remove_member({o}, {owner})",
        "change_member_role({o}, {owner}, 'admin')",
        "change_member_role({o}, {owner}, 'viewer')",
    ] {
        let sql = format!("select frontdesk.{}", call(template));
        for identity in [ACME.person("owner"), Identity::Service] {
            assert_eq!(outcome(&db, &identity, &sql), "23514", "{template}");
        }
    }
    // Handing over first, an owner may go.
    let mut owner = db.session(&ACME.person("owner"));
    owner
        .batch_execute(&call(
            "select frontdesk.change_member_role({o}, {admin}, 'owner')",
        ))
        .expect("hand over");
    owner
        .batch_execute(&call("select frontdesk.remove_member({o}, {owner})"))
        .expect("leave");
    assert_eq!(role_of(&mut client, ACME.user_id("owner")), None);
    assert_eq!(
        outcome(
            &db,
            &ACME.person("owner"),
            &call("select frontdesk.seat_usage({o})")
        ),
        "P0002"
    );
}

#[test]
fn a_foreign_organization_answers_as_one_that_does_not_exist() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for template in [
        "invite_member({x}, 'x@mail.example', 'viewer')",
        "change_member_role({x}, {stranger}, 'viewer')",
        "remove_member({x}, {stranger})",
        "remove_member({x}, {owner})",
        "seat_usage({x})",
    ] {
        let answers = [GLOBEX.organization_id(), Uuid::from_u128(404)].map(|id| {
            let sql = format!(
                "select frontdesk.{}",
                call(template).replace("{x}", &format!("'{id}'"))
            );
            answer(owner.query(&sql, &[]))
        });
        assert_eq!(answers[0][0].as_deref(), Some("P0002"), "{template}");
        assert_eq!(answers[0], answers[1], "{template}");
    }
}

#[test]
fn null_is_never_taken_for_something() {
    let (db, _) = two_tenants();
    for template in [
        "create_organization(null, 'slug')",
        "create_organization('name', null)",
        "invite_member(null, 'x@mail.example', 'viewer')",
        "invite_member({o}, null, 'viewer')",
        "invite_member({o}, 'x@mail.example', null)",
        "invite_member({o}, 'x@mail.example', 'viewer', null)",
        "accept_invitation(null)",
        "revoke_invitation(null)",
        "change_member_role(null, {viewer}, 'viewer')",
        "change_member_role({o}, null, 'viewer')",
        "change_member_role({o}, {viewer}, null)",
        "remove_member(null, {viewer})",
        "remove_member({o}, null)",
        "seat_usage(null)",
    ] {
        let sql = format!("select frontdesk.{}", call(template));
        assert_eq!(
            outcome(&db, &ACME.person("owner"), &sql),
            "22004",
            "{template}"
        );
    }
}

#[test]
fn a_role_that_does_not_exist_is_refused() {
    let (db, _) = two_tenants();
    for role in ["", "Owner", "superuser", "admin "] {
        let sql = call(&format!(
            "select frontdesk.change_member_role({{o}}, {{viewer}}, '{role}')"
        ));
        assert_eq!(
            outcome(&db, &ACME.person("owner"), &sql),
            "22023",
            "{role:?}"
        );
    }
}

#[test]
fn helpers_are_nobodys_to_call() {
    let (db, _) = two_tenants();
    for helper in [
        "random_token()",
        "verified_email()",
        "require_role_alone({o}, 'viewer')",
        "may_still_invite({o}, {owner})",
        "role_of_member({o}, {owner})",
        "withdraw_invitations_of({o}, {owner})",
    ] {
        let sql = format!("select frontdesk.{}", call(helper));
        for identity in [ACME.person("owner"), Identity::Service, ACME.chat_server()] {
            assert_eq!(
                outcome(&db, &identity, &sql),
                "42501",
                "{identity:?} {helper}"
            );
        }
    }
}
