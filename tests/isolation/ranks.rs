//! Nobody raises themself, and nobody but an owner touches an owner: directly, by whatever statement, or through functions.

use frontdesk_harness::contents;

use super::rehoming::{filled, is_refused};
use super::*;

#[test]
fn nobody_raises_themself() {
    let (db, mut client) = two_tenants();
    let before = contents(&mut client);
    for role in ["viewer", "member", "admin"] {
        let mut witness = Witness::new(&db, &ACME.person(role));
        for template in [
            "update organization_members set role = 'owner' where user_id = {me}",
            "update organization_members set role = 'owner'",
            "insert into organization_members (organization_id, user_id, role) values ({a.organization}, {me}, 'owner')
                on conflict (organization_id, user_id) do update set role = excluded.role",
            "insert into organization_members (organization_id, user_id, role) values ({a.organization}, {me}, 'owner')",
            "insert into organization_members (organization_id, user_id, role) values ({a.organization}, gen_random_uuid(), 'owner')",
            "with gone as (delete from organization_members where user_id = {me} returning organization_id)
                insert into organization_members (organization_id, user_id, role) select organization_id, {me}, 'owner' from gone",
            "merge into organization_members as m using (select {me}::uuid as id) as s on m.user_id = s.id
                when matched then update set role = 'owner'",
            "select frontdesk.change_member_role({a.organization}, {me}, 'owner')",
            "select frontdesk.invite_member({a.organization}, 'me@mail.example', 'owner')",
            "insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
                values ({a.organization}, 'me@mail.example', 'a token', 'owner', {me}, now() + interval '1 day')",
        ] {
            let template = template.replace("{me}", &format!("{{a.{role}}}"));
            let sql = filled(&template);
            let outcome = witness.try_out(&sql).map(|answer| answer.count);
            let codes = [NOT_ALLOWED, UNIQUE_VIOLATION, CHECK_VIOLATION, "22023"];
            let is_right = match &outcome {
                Ok(count) => *count == 0,
                Err(code) => codes.contains(&code.as_str()),
            };
            assert!(is_right, "{role}: {outcome:?}: {sql}");
        }
    }
    for identity in [
        GLOBEX.person("owner"),
        Identity::User(Uuid::from_u128(0x57a6)),
        ACME.chat_server(),
    ] {
        let mut witness = Witness::new(&db, &identity);
        for role in ["viewer", "owner"] {
            let sql = format!(
                "insert into organization_members (organization_id, user_id, role)
                values ('{}', coalesce(frontdesk.current_user_id(), gen_random_uuid()), '{role}')",
                ACME.organization_id()
            );
            is_refused(&mut witness, &sql);
        }
    }
    assert_eq!(before, contents(&mut client));
}

#[test]
fn nobody_but_an_owner_touches_an_owner() {
    let (db, mut client) = two_tenants();
    client.run(&filled(
        "insert into organization_members (organization_id, user_id, role)
        values ({a.organization}, '00000000-0000-4000-8000-0000000000b2', 'owner')",
    ));
    for role in ["viewer", "member", "admin"] {
        let mut witness = Witness::new(&db, &ACME.person(role));
        for template in [
            "update organization_members set role = 'viewer' where user_id = {a.owner}",
            "update organization_members set role = 'viewer' where role = 'owner'",
            "update organization_members set role = role where user_id = {a.owner}",
            "delete from organization_members where user_id = {a.owner}",
            "delete from organization_members where role = 'owner'",
            "insert into organization_members (organization_id, user_id, role) values ({a.organization}, {a.owner}, 'viewer')
                on conflict (organization_id, user_id) do update set role = excluded.role",
            "merge into organization_members as m using (select {a.owner}::uuid as id) as s on m.user_id = s.id
                when matched then delete",
            "select frontdesk.change_member_role({a.organization}, {a.owner}, 'viewer')",
            "select frontdesk.remove_member({a.organization}, {a.owner})",
        ] {
            is_refused(&mut witness, &filled(template));
        }
    }
    let demote =
        filled("update organization_members set role = 'viewer' where user_id = {a.owner}");
    let demoted = Witness::new(&db, &ACME.person("owner"))
        .try_out(&demote)
        .expect("an owner demotes an owner");
    assert_eq!(demoted.count, 1);
}
