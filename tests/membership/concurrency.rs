use frontdesk_harness::{ACME, Uuid};

use super::*;

const LEVELS: [&str; 3] = ["read committed", "repeatable read", "serializable"];
const JOHNS_ID: Uuid = Uuid::from_u128(0x70e2);

/// `expected` at READ COMMITTED, a serialization failure above.
fn refused_at(level: &str, expected: &'static str) -> &'static str {
    if level == "read committed" {
        expected
    } else {
        "40001"
    }
}

fn at_level(db: &Database, identity: &Identity, level: &str) -> Session {
    let mut session = db.session(identity);
    session
        .batch_execute(&format!("set default_transaction_isolation = '{level}'"))
        .expect("set the isolation level");
    session
}

fn owners(client: &mut Client) -> i64 {
    client
        .query_one(
            "select count(*) from organization_members where organization_id = $1 and role = 'owner'",
            &[&ACME.organization_id()],
        )
        .expect("count owners")
        .get(0)
}

fn add_owner(client: &mut Client, id: Uuid) {
    client
        .execute(
            "insert into organization_members (organization_id, user_id, role) values ($1, $2, 'owner')",
            &[&ACME.organization_id(), &id],
        )
        .expect("add an owner");
}

#[test]
fn the_last_seat_is_invited_to_once() {
    for level in LEVELS {
        let (db, mut client) = two_tenants();
        client
            .execute("update organizations set max_seats = 6", &[])
            .expect("leave one seat");
        let call = |email| {
            format!(
                "select frontdesk.invite_member('{}', '{email}', 'viewer')",
                ACME.organization_id()
            )
        };
        let second = race(
            &db,
            &mut db.session(&ACME.person("owner")),
            &call(JANE),
            at_level(&db, &ACME.person("admin"), level),
            &call("john@mail.example"),
        );
        assert_eq!(second, refused_at(level, "23514"), "{level}");
        assert_eq!(available_seats(&mut client), 0, "{level}");
    }
}

#[test]
fn a_token_is_accepted_once() {
    for level in LEVELS {
        let (db, mut client) = two_tenants();
        let token = invite(&mut db.session(&ACME.person("owner")), JANE, "member");
        let sql = format!("select frontdesk.accept_invitation('{token}')");
        // The same address with two accounts.
        let janes_double = person(JOHNS_ID, json!({"email": JANE, "email_verified": true}));
        let second = race(
            &db,
            &mut db.session(&jane()),
            &sql,
            at_level(&db, &janes_double, level),
            &sql,
        );
        assert_eq!(second, refused_at(level, "P0002"), "{level}");
        assert_eq!(role_of(&mut client, JANES_ID).as_deref(), Some("member"));
        assert_eq!(role_of(&mut client, JOHNS_ID), None);
    }
}

#[test]
fn the_seat_of_an_invitation_that_expires_while_it_is_accepted_is_given_once() {
    let (db, mut client) = two_tenants();
    client
        .execute("update organizations set max_seats = 6", &[])
        .expect("leave one seat");
    let token = invite(&mut db.session(&ACME.person("owner")), JANE, "member");
    client
        .execute(
            "update organization_invitations set expires_at = clock_timestamp() + interval '300 ms' where email = $1",
            &[&JANE],
        )
        .expect("let it expire soon");
    let second = race(
        &db,
        &mut db.session(&jane()),
        &format!("select frontdesk.accept_invitation('{token}'); select pg_sleep(0.4)"),
        db.session(&ACME.person("owner")),
        &format!(
            "select frontdesk.invite_member('{}', 'john@mail.example', 'viewer')",
            ACME.organization_id()
        ),
    );
    assert_eq!(second, "23514");
    assert_eq!(available_seats(&mut client), 0);
    assert_eq!(role_of(&mut client, JANES_ID).as_deref(), Some("member"));
}

#[test]
fn two_who_were_invited_both_get_their_seats() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let tokens = [JANE, "john@mail.example"].map(|email| invite(&mut owner, email, "member"));
    client
        .execute("update organizations set max_seats = 7", &[])
        .expect("leave no seat");
    let john = person(
        JOHNS_ID,
        json!({"email": "john@mail.example", "email_verified": true}),
    );
    let second = race(
        &db,
        &mut db.session(&jane()),
        &format!("select frontdesk.accept_invitation('{}')", tokens[0]),
        db.session(&john),
        &format!("select frontdesk.accept_invitation('{}')", tokens[1]),
    );
    assert_eq!(second, "ok");
    assert_eq!(available_seats(&mut client), 0);
}

#[test]
fn two_owners_who_remove_each_other_leave_one() {
    for level in LEVELS {
        for others in [0, 1] {
            let (db, mut client) = two_tenants();
            let other = Identity::User(JANES_ID);
            add_owner(&mut client, JANES_ID);
            for number in 0..others {
                add_owner(&mut client, Uuid::from_u128(0x900 + number));
            }
            let remove = |id| {
                format!(
                    "select frontdesk.remove_member('{}', '{id}')",
                    ACME.organization_id()
                )
            };
            let second = race(
                &db,
                &mut db.session(&ACME.person("owner")),
                &remove(JANES_ID),
                at_level(&db, &other, level),
                &remove(ACME.user_id("owner")),
            );
            // Who has just been removed is a stranger.
            assert_eq!(second, refused_at(level, "P0002"), "{level}");
            assert_eq!(
                owners(&mut client),
                1 + i64::try_from(others).expect("few"),
                "{level}"
            );
        }
    }
}

#[test]
fn two_owners_who_leave_or_step_down_at_once_leave_one() {
    for level in LEVELS {
        for (first, second_call) in [
            (
                "remove_member({o}, {first})",
                "remove_member({o}, {second})",
            ),
            (
                "change_member_role({o}, {first}, 'admin')",
                "change_member_role({o}, {second}, 'viewer')",
            ),
            (
                "remove_member({o}, {first})",
                "change_member_role({o}, {second}, 'admin')",
            ),
        ] {
            let (db, mut client) = two_tenants();
            add_owner(&mut client, JANES_ID);
            let call = |template: &str| {
                let sql = template
                    .replace("{o}", &format!("'{}'", ACME.organization_id()))
                    .replace("{first}", &format!("'{}'", ACME.user_id("owner")))
                    .replace("{second}", &format!("'{JANES_ID}'"));
                format!("select frontdesk.{sql}")
            };
            let second = race(
                &db,
                &mut db.session(&ACME.person("owner")),
                &call(first),
                at_level(&db, &Identity::User(JANES_ID), level),
                &call(second_call),
            );
            assert_eq!(
                second,
                refused_at(level, "23514"),
                "{level} {first} {second_call}"
            );
            assert_eq!(owners(&mut client), 1);
        }
    }
}

#[test]
fn direct_writes_leave_an_owner_too() {
    for level in LEVELS {
        let (db, mut client) = two_tenants();
        add_owner(&mut client, JANES_ID);
        let leave = "delete from organization_members where user_id = frontdesk.current_user_id()";
        let second = race(
            &db,
            &mut db.session(&ACME.person("owner")),
            leave,
            at_level(&db, &Identity::User(JANES_ID), level),
            leave,
        );
        assert_eq!(second, refused_at(level, "23514"), "{level}");
        assert_eq!(owners(&mut client), 1);
    }
}

#[test]
fn an_admin_who_is_being_removed_sends_no_last_invitation() {
    for level in LEVELS {
        let (db, mut client) = two_tenants();
        let second = race(
            &db,
            &mut db.session(&ACME.person("owner")),
            &format!(
                "select frontdesk.remove_member('{}', '{}')",
                ACME.organization_id(),
                ACME.user_id("admin")
            ),
            at_level(&db, &ACME.person("admin"), level),
            &format!(
                "select frontdesk.invite_member('{}', '{JANE}', 'admin')",
                ACME.organization_id()
            ),
        );
        assert_eq!(second, refused_at(level, "P0002"), "{level}");
        let open: i64 = client
            .query_one(
                "select count(*) from organization_invitations where email = $1",
                &[&JANE],
            )
            .expect("count")
            .get(0);
        assert_eq!(open, 0);
    }
}

#[test]
fn a_withdrawn_invitation_is_not_accepted_meanwhile() {
    let (db, mut client) = two_tenants();
    let token = invite(&mut db.session(&ACME.person("owner")), JANE, "member");
    let second = race(
        &db,
        &mut db.session(&ACME.person("owner")),
        &format!(
            "select frontdesk.revoke_invitation(id) from organization_invitations where email = '{JANE}'"
        ),
        db.session(&jane()),
        &format!("select frontdesk.accept_invitation('{token}')"),
    );
    assert_eq!(second, "P0002");
    assert_eq!(role_of(&mut client, JANES_ID), None);
}
