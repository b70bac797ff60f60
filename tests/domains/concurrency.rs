use super::*;

const LEVELS: [&str; 3] = ["read committed", "repeatable read", "serializable"];

/// Runs `first` as ACME's owner and `second` as `identity`, at the same time.
fn meet(db: &Database, first: &str, identity: &Identity, level: &str, second: &str) -> String {
    let mut other = db.session(identity);
    other
        .batch_execute(&format!("set default_transaction_isolation = '{level}'"))
        .expect("set the isolation level");
    race(
        db,
        &mut db.session(&ACME.person("owner")),
        &call(first),
        other,
        &call(second),
    )
}

#[test]
fn a_name_is_taken_once_however_it_is_taken() {
    let takes_by_acme = [
        "register_domain({acme}, 'new.example')",
        "rename_domain('acme.example', 'new.example')",
        "add_domain_alias('acme.example', 'new.example')",
    ];
    let takes_by_globex = [
        "register_domain({globex}, 'www.new.example')",
        "rename_domain('globex.example', 'NEW.example')",
        "add_domain_alias('globex.example', 'new.example')",
    ];
    for level in LEVELS {
        for first in takes_by_acme {
            for second in takes_by_globex {
                let (db, mut client) = two_tenants();
                let met = meet(&db, first, &GLOBEX.person("owner"), level, second);
                let expected = if level == "read committed" {
                    "23505"
                } else {
                    "40001"
                };
                assert_eq!(met, expected, "{level}: {first}, {second}");
                let owner = "select organization_id::text from frontdesk_internal.domain_names where name = 'new.example'";
                assert_eq!(
                    one(&mut client, owner),
                    Some(ACME.organization_id().to_string())
                );
            }
        }
    }
}

#[test]
fn a_name_that_is_being_given_up_goes_to_the_next_without_its_rows() {
    for first in [
        "rename_domain('acme.example', 'new.example', false)",
        "remove_domain('acme.example')",
        "delete_organization({acme})",
    ] {
        for second in [
            "register_domain({globex}, 'acme.example')",
            "add_domain_alias('globex.example', 'acme.example')",
        ] {
            let (db, mut client) = two_tenants();
            let met = meet(
                &db,
                first,
                &GLOBEX.person("owner"),
                "read committed",
                second,
            );
            assert_eq!(met, "ok", "{first}, {second}");
            let left = filed_under(&mut client, "acme.example");
            assert!(
                BY_NAME.iter().all(|table| !left.contains_key(*table)),
                "{first}, {second}: {left:?}"
            );
        }
    }
}

#[test]
fn two_changes_of_one_domain_follow_each_other() {
    for (first, second) in [
        (
            "rename_domain('acme.example', 'a.example')",
            "rename_domain('acme.example', 'b.example')",
        ),
        (
            "rename_domain('acme.example', 'a.example')",
            "remove_domain('acme.example')",
        ),
        (
            "rename_domain('acme.example', 'a.example')",
            "add_domain_alias('acme.example', 'b.example')",
        ),
        (
            "remove_domain('acme.example')",
            "rename_domain('acme.example', 'b.example')",
        ),
        (
            "remove_domain('acme.example')",
            "remove_domain('acme.example')",
        ),
        (
            "delete_organization({acme})",
            "rename_domain('acme.example', 'b.example')",
        ),
        ("delete_organization({acme})", "delete_organization({acme})"),
    ] {
        let (db, mut client) = two_tenants();
        let met = meet(&db, first, &ACME.person("owner"), "read committed", second);
        // The name, the domain or the organization is not there any more.
        assert_eq!(met, "P0002", "{first}, {second}");
        let dangling = "select count(*)::text from frontdesk_internal.domain_names as n
            where not exists (select from frontdesk.domain_name_holders(n.name))";
        assert_eq!(one(&mut client, dangling).as_deref(), Some("0"));
    }
}

#[test]
fn who_waited_while_the_domain_or_the_role_went_away_changes_nothing() {
    for second in [
        "rename_domain('acme.example', 'b.example')",
        "remove_domain('acme.example')",
        "add_domain_alias('acme.example', 'b.example')",
        "remove_domain_alias('acme.example', 'acme.shop')",
    ] {
        let (db, mut client) = two_tenants();
        client
            .batch_execute(&format!(
                "update domains set aliases = '{{acme.shop}}' where domain = 'acme.example';
                 insert into organization_members (organization_id, user_id, role) values ('{}', '{}', 'owner')",
                GLOBEX.organization_id(),
                ACME.user_id("owner")
            ))
            .expect("an owner of both");
        // ACME's admin is nobody at GLOBEX.
        let met = meet(
            &db,
            "transfer_domain('acme.example', {globex})",
            &ACME.person("admin"),
            "read committed",
            second,
        );
        assert_eq!(met, "P0002", "{second}");
    }
}

#[test]
fn an_organization_that_is_being_deleted_gets_no_further_domain() {
    let (db, mut client) = two_tenants();
    let met = meet(
        &db,
        "delete_organization({acme})",
        &ACME.person("admin"),
        "read committed",
        "register_domain({acme}, 'new.example')",
    );
    assert_ne!(met, "ok");
    assert_eq!(filed_under(&mut client, "new.example"), BTreeMap::new());
}

#[test]
fn names_that_change_places_do_not_deadlock() {
    let (db, _) = two_tenants();
    let met = meet(
        &db,
        "rename_domain('acme.example', 'globex.shop')",
        &GLOBEX.person("owner"),
        "read committed",
        "rename_domain('globex.example', 'acme.example')",
    );
    assert_eq!(met, "23505");
}
