use std::collections::HashSet;

use frontdesk_harness::{ACME, GLOBEX, Identity, Uuid, sqlstate};
use serde_json::json;

use super::*;

#[test]
fn the_invited_join_with_the_token_and_in_its_seat() {
    let (db, mut client) = two_tenants();
    let before = available_seats(&mut client);
    let token = invite(
        &mut db.session(&ACME.person("owner")),
        " Jane@Mail.Example ",
        "member",
    );
    assert_eq!(available_seats(&mut client), before - 1);
    assert_eq!(role_of(&mut client, JANES_ID), None);

    assert_eq!(
        accept(&mut db.session(&jane()), &token).expect("accept"),
        "member"
    );
    assert_eq!(role_of(&mut client, JANES_ID).as_deref(), Some("member"));
    assert_eq!(available_seats(&mut client), before - 1);
}

#[test]
fn a_token_is_256_bits_of_which_only_a_digest_is_kept() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let mut tokens = HashSet::new();
    for number in 0..4 {
        let token = invite(&mut owner, &format!("{number}@mail.example"), "viewer");
        assert!(
            token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{token}"
        );
        let stored: bool = client
            .query_one(
                "select bool_or(i.token = encode(sha256($1::text::bytea), 'hex')) and not bool_or(i::text like '%' || $1 || '%')
                 from organization_invitations as i",
                &[&token],
            )
            .expect("look for the token")
            .get(0);
        assert!(stored);
        tokens.insert(token);
    }
    assert_eq!(tokens.len(), 4);
    let refused = owner
        .query("select token from organization_invitations", &[])
        .expect_err("refused");
    assert_eq!(sqlstate(&refused), "42501");
}

#[test]
fn only_the_verified_owner_of_the_address_may_accept() {
    let (db, mut client) = two_tenants();
    let token = invite(&mut db.session(&ACME.person("owner")), JANE, "admin");
    for claims in [
        json!({}),
        json!({"email": JANE}),
        json!({"email": JANE, "email_verified": false}),
        json!({"email": "", "email_verified": true}),
        json!({"email": "john@mail.example", "email_verified": true}),
        json!({"email": "jane@mail.example.evil.example", "email_verified": true}),
        // What people write themselves, on Supabase.
        json!({"email": JANE, "user_metadata": {"email_verified": true}}),
        json!({"user_metadata": {"email": JANE, "email_verified": true}, "email_verified": true}),
    ] {
        let refused = accept(&mut db.session(&person(JANES_ID, claims.clone())), &token)
            .expect_err("refused");
        assert_eq!(sqlstate(&refused), "42501", "{claims}");
    }
    for identity in [Identity::Anon, ACME.chat_server(), Identity::Service] {
        let refused = accept(&mut db.session(&identity), &token).expect_err("refused");
        assert_eq!(sqlstate(&refused), "42501", "{identity:?}");
    }
    assert_eq!(role_of(&mut client, JANES_ID), None);

    let elsewhere = json!({"email": "JANE@mail.EXAMPLE", "app_metadata": {"email_verified": true}});
    accept(&mut db.session(&person(JANES_ID, elsewhere)), &token).expect("accept");
    assert_eq!(role_of(&mut client, JANES_ID).as_deref(), Some("admin"));
}

#[test]
fn unknown_used_expired_and_withdrawn_tokens_get_the_same_answer() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let mut jane_session = db.session(&jane());

    let used = invite(&mut owner, JANE, "member");
    accept(&mut jane_session, &used).expect("accept");
    client
        .execute(
            "delete from organization_members where user_id = $1",
            &[&JANES_ID],
        )
        .expect("leave");
    let expired = invite(&mut owner, JANE, "member");
    client
        .execute("update organization_invitations set expires_at = now() where email = $1 and accepted_at is null", &[&JANE])
        .expect("expire");
    let withdrawn = invite(&mut owner, "jane.withdrawn@mail.example", "member");
    owner
        .batch_execute("select frontdesk.revoke_invitation(id) from organization_invitations where email like '%withdrawn%'")
        .expect("withdraw");
    let digest: String = client
        .query_one(
            "select token from organization_invitations where email = $1 limit 1",
            &[&JANE],
        )
        .expect("a digest")
        .get(0);

    let mut answers = HashSet::new();
    for token in [
        used.as_str(),
        &expired,
        &withdrawn,
        &digest,
        "",
        "nonsense",
        &"0".repeat(64),
    ] {
        answers.insert(answer(accept(&mut jane_session, token)));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(
        answers.iter().next().expect("one")[0].as_deref(),
        Some("P0002")
    );
    assert_eq!(role_of(&mut client, JANES_ID), None);
}

#[test]
fn an_expired_invitation_takes_no_seat_and_makes_room_for_the_next() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let taken = 5; // four people and one open invitation
    client
        .execute("update organizations set max_seats = $1", &[&(taken + 1)])
        .expect("limit the seats");
    invite(&mut owner, JANE, "member");
    let full = owner.query(
        "select frontdesk.invite_member($1, 'john@mail.example', 'member')",
        &[&ACME.organization_id()],
    );
    assert_eq!(sqlstate(&full.expect_err("no seat is left")), "23514");
    let open = owner.query(
        "select frontdesk.invite_member($1, $2, 'viewer')",
        &[&ACME.organization_id(), &"JANE@mail.example"],
    );
    assert_eq!(sqlstate(&open.expect_err("is invited already")), "23505");

    client
        .execute("update organization_invitations set expires_at = now() - interval '1 second' where email = $1", &[&JANE])
        .expect("expire");
    let token = invite(&mut owner, JANE, "viewer");
    assert_eq!(available_seats(&mut client), 0);
    accept(&mut db.session(&jane()), &token).expect("accept");
    assert_eq!(available_seats(&mut client), 0);
}

#[test]
fn one_person_may_belong_to_many_organizations() {
    let (db, mut client) = two_tenants();
    let mut jane_session = db.session(&jane());
    for tenant in [ACME, GLOBEX] {
        let token: String = db
            .session(&tenant.person("admin"))
            .query_one(
                "select token from frontdesk.invite_member($1, $2, 'viewer')",
                &[&tenant.organization_id(), &JANE],
            )
            .expect("invite")
            .get(0);
        accept(&mut jane_session, &token).expect("accept");
    }
    let rows = jane_session
        .query("select domain from domains order by domain", &[])
        .expect("list domains");
    let domains: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(domains, ["acme.example", "globex.example"]);
    assert_eq!(available_seats(&mut client), 4);
}

#[test]
fn a_member_does_not_use_up_another_invitation() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let token = invite(&mut owner, JANE, "admin");
    let viewer = person(
        ACME.user_id("viewer"),
        json!({"email": JANE, "email_verified": true}),
    );
    let refused = accept(&mut db.session(&viewer), &token).expect_err("refused");
    assert_eq!(sqlstate(&refused), "23505");
    accept(&mut db.session(&jane()), &token).expect("still open");
}

#[test]
fn who_is_no_admin_any_more_cannot_come_back_by_an_invitation() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let mut admin = db.session(&ACME.person("admin"));
    let by_function = invite(&mut admin, JANE, "admin");
    // A digest that the admin knows, in a row that the policies let them write.
    admin
        .execute(
            "insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
             values ($1, 'john@mail.example', encode(sha256('by hand'), 'hex'), 'admin', $2, now() + interval '9 years')",
            &[&ACME.organization_id(), &ACME.user_id("admin")],
        )
        .expect("invite by hand");
    let seats = available_seats(&mut client);

    // By hand as well: no function withdraws what the admin has sent.
    owner
        .execute(
            "update organization_members set role = 'member' where user_id = $1",
            &[&ACME.user_id("admin")],
        )
        .expect("demote");
    let john = person(
        Uuid::from_u128(7),
        json!({"email": "john@mail.example", "email_verified": true}),
    );
    for (identity, token) in [(jane(), by_function.as_str()), (john, "by hand")] {
        let refused = accept(&mut db.session(&identity), token).expect_err("refused");
        assert_eq!(sqlstate(&refused), "P0002");
    }
    owner
        .execute(
            "select frontdesk.remove_member($1, $2)",
            &[&ACME.organization_id(), &ACME.user_id("admin")],
        )
        .expect("remove");
    // Two invitations and the member.
    assert_eq!(available_seats(&mut client), seats + 3);
}

#[test]
fn what_no_invitation_can_have_is_refused_without_being_repeated() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for (email, role, expires_in) in [
        ("secret-person", "member", "7 days"),
        ("", "member", "7 days"),
        ("secret-person@", "member", "7 days"),
        ("secret person@mail.example", "member", "7 days"),
        ("secret-person@mail.example\u{1}", "member", "7 days"),
        ("secret-person@mail@example", "member", "7 days"),
        ("Secret <secret-person@mail.example>", "member", "7 days"),
        (&"secret".repeat(60), "member", "7 days"),
        (JANE, "owner", "7 days"),
        (JANE, "Admin", "7 days"),
        (JANE, "", "7 days"),
        (JANE, "member", "0"),
        (JANE, "member", "-1 day"),
        (JANE, "member", "91 days"),
    ] {
        let sql = format!("select frontdesk.invite_member($1, $2, $3, '{expires_in}')");
        let texts = answer(owner.query(&sql, &[&ACME.organization_id(), &email, &role]));
        assert_eq!(
            texts[0].as_deref(),
            Some("22023"),
            "{email} {role} {expires_in}"
        );
        assert!(
            texts
                .iter()
                .flatten()
                .all(|text| !text.contains("secret") && !text.contains("jane@mail")),
            "{texts:?}"
        );
    }
    assert_eq!(
        owner
            .query_one("select count(*) from organization_invitations", &[])
            .expect("count")
            .get::<_, i64>(0),
        1
    );
}
