//! An organization always keeps an owner.

use frontdesk_harness::{ACME, Database, GLOBEX, Sql};

use crate::behaviour::{CHECK_VIOLATION, ISOLATION_LEVELS, at_once, refusal, two_tenants};

/// Condition for the membership of one of ACME's people.
fn is(person: &str) -> String {
    format!(
        "organization_id = '{}' and user_id = '{}'",
        ACME.organization_id(),
        ACME.user_id(person)
    )
}

fn owners(db: &Database) -> String {
    db.superuser().row(&format!(
        "select count(*) from organization_members where role = 'owner' and organization_id = '{}'",
        ACME.organization_id()
    ))
}

#[test]
fn the_last_owner_cannot_be_removed() {
    let (db, mut client) = two_tenants();
    let removal = format!("delete from organization_members where {}", is("owner"));
    assert_eq!(client.refusal(&removal), CHECK_VIOLATION);
    let mut owner = db.session(&ACME.person("owner"));
    assert_eq!(owner.refusal(&removal), CHECK_VIOLATION);
    assert_eq!(owners(&db), "1");
}

#[test]
fn the_last_owner_cannot_be_demoted() {
    let (db, mut client) = two_tenants();
    let demotion = format!(
        "update organization_members set role = 'admin' where {}",
        is("owner")
    );
    assert_eq!(client.refusal(&demotion), CHECK_VIOLATION);
    let mut owner = db.session(&ACME.person("owner"));
    assert_eq!(owner.refusal(&demotion), CHECK_VIOLATION);
    assert_eq!(owners(&db), "1");
}

#[test]
fn the_last_owner_cannot_move_to_another_organization() {
    let (db, mut client) = two_tenants();
    let elsewhere = GLOBEX.organization_id();
    let removal = format!(
        "update organization_members set organization_id = '{elsewhere}' where {}",
        is("owner")
    );
    assert_eq!(client.refusal(&removal), CHECK_VIOLATION);
    assert_eq!(owners(&db), "1");
}

#[test]
fn everybody_at_once_cannot_be_removed() {
    let (db, mut client) = two_tenants();
    let removal = format!(
        "delete from organization_members where organization_id = '{}'",
        ACME.organization_id()
    );
    assert_eq!(client.refusal(&removal), CHECK_VIOLATION);
    assert_eq!(owners(&db), "1");
}

#[test]
fn an_owner_may_leave_when_another_stays() {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "update organization_members set role = 'owner' where {}",
        is("admin")
    ));
    db.session(&ACME.person("owner")).run(&format!(
        "delete from organization_members where {}",
        is("owner")
    ));
    assert_eq!(owners(&db), "1");
}

#[test]
fn ownership_changes_hands_in_one_statement() {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "update organization_members set role = case role when 'owner' then 'admin' else 'owner' end
         where {} or {}",
        is("owner"),
        is("admin")
    ));
    assert_eq!(owners(&db), "1");
}

#[test]
fn the_last_owners_other_columns_may_change() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "update organization_members set joined_at = joined_at - interval '1 day', role = 'owner' where {}",
        is("owner")
    ));
}

#[test]
fn the_organization_goes_with_its_last_owner() {
    let (db, _) = two_tenants();
    db.session(&ACME.person("owner")).run(&format!(
        "delete from organizations where id = '{}'",
        ACME.organization_id()
    ));
    assert_eq!(owners(&db), "0");
}

/// Two owners; one does this to the other while the other does it to the one. Exactly one of them succeeds.
fn one_of_two_owners_stays(change: &str) {
    for isolation in ISOLATION_LEVELS {
        let (db, mut client) = two_tenants();
        client.run(&format!(
            "update organization_members set role = 'owner' where {}",
            is("admin")
        ));
        let mut first = db.session(&ACME.person("owner"));
        let mut second = db.session(&ACME.person("admin"));
        let refused = at_once(
            &db,
            isolation,
            (&mut first, &format!("{change} where {}", is("admin"))),
            (&mut second, &format!("{change} where {}", is("owner"))),
        );
        assert_eq!(refused, refusal(isolation, CHECK_VIOLATION));
        assert_eq!(owners(&db), "1", "{isolation}");
    }
}

#[test]
fn two_owners_who_remove_each_other_leave_one() {
    one_of_two_owners_stays("delete from organization_members");
}

#[test]
fn two_owners_who_demote_each_other_leave_one() {
    one_of_two_owners_stays("update organization_members set role = 'member'");
}
