use super::*;

#[test]
fn a_name_belongs_to_one_organization_in_every_spelling_and_either_table() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(&format!(
            "insert into customer_configs (domain, organization_id) values ('only-config.example', '{0}');
             insert into domains (domain, organization_id) values ('only-domain.example', '{0}');",
            GLOBEX.organization_id()
        ))
        .expect("half-registered names");
    for name in [
        "globex.example",
        "GLOBEX.example.",
        "https://www.globex.example/shop",
        "only-config.example",
        "www.only-domain.example",
    ] {
        let admin = ACME.person("admin");
        let register = call(&format!("register_domain({{acme}}, '{name}')"));
        assert_eq!(outcome(&db, &admin, &register), "23505", "{name}");
        let insert = format!(
            "insert into domains (domain, organization_id) values ('{name}', '{}')",
            ACME.organization_id()
        );
        assert_eq!(outcome(&db, &admin, &insert), "23505", "{name}");
    }
}

#[test]
fn registering_again_gives_the_same_ids_and_completes_what_is_missing() {
    let (db, mut client) = two_tenants();
    client
        .execute(
            "delete from customer_configs where id = $1",
            &[&GLOBEX.config_id()],
        )
        .expect("delete the configuration");
    let mut admin = db.session(&ACME.person("admin"));
    let rows = admin
        .query_one(
            &call("register_domain({acme}, 'ACME.example', 'another name')"),
            &[],
        )
        .expect("register again");
    assert_eq!(
        (rows.get(0), rows.get(1), rows.get::<_, &str>(2)),
        (ACME.domain_id(), ACME.config_id(), "acme.example")
    );
    let row = db
        .session(&GLOBEX.person("owner"))
        .query_one(&call("register_domain({globex}, 'globex.example')"), &[])
        .expect("complete");
    assert_eq!(row.get::<_, frontdesk_harness::Uuid>(0), GLOBEX.domain_id());
}

#[test]
fn a_name_without_an_organization_is_the_operators_to_give() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(
            "insert into customer_configs (domain) values ('nobody.example');
             insert into domains (domain) values ('nobodys.example');",
        )
        .expect("names without an organization");
    for name in ["nobody.example", "nobodys.example"] {
        file_under(&mut client, name);
        let register = call(&format!("register_domain({{acme}}, '{name}')"));
        let insert = format!(
            "insert into domains (domain, organization_id) values ('{name}', '{}')",
            ACME.organization_id()
        );
        for sql in [&register, &insert] {
            assert_eq!(outcome(&db, &ACME.person("owner"), sql), "23505", "{sql}");
        }
        assert_eq!(
            outcome(
                &db,
                &ACME.person("owner"),
                &call(&format!("add_domain_alias('acme.example', '{name}')"))
            ),
            "23505"
        );
        assert_eq!(
            outcome(
                &db,
                &ACME.person("owner"),
                &call(&format!("rename_domain('acme.example', '{name}')"))
            ),
            "23505"
        );

        assert_eq!(outcome(&db, &Identity::Service, &register), "ok", "{name}");
        let telemetry =
            format!("select count(*)::text from chat_telemetry where domain = '{name}'");
        let mut owner = db.session(&ACME.person("owner"));
        assert_eq!(
            one(&mut owner, &telemetry).as_deref(),
            Some("1"),
            "given with its rows"
        );
    }
}

#[test]
fn nobody_inherits_what_is_filed_under_a_free_name() {
    let (db, mut client) = two_tenants();
    let by_hand = format!(
        "insert into domains (domain, organization_id) values ('b.example', '{}')",
        ACME.organization_id()
    );
    for (name, sql) in [
        (
            "a.example",
            call("register_domain({acme}, 'www.A.example')"),
        ),
        ("b.example", by_hand),
        (
            "c.example",
            call("add_domain_alias('acme.example', 'c.example')"),
        ),
        ("d.example", call("rename_domain('a.example', 'd.example')")),
    ] {
        file_under(&mut client, name);
        assert_eq!(
            filed_under(&mut client, name)
                .into_keys()
                .collect::<Vec<_>>(),
            BY_NAME
        );
        assert_eq!(outcome(&db, &ACME.person("admin"), &sql), "ok", "{name}");
        let left = filed_under(&mut client, name);
        assert!(
            BY_NAME.iter().all(|table| !left.contains_key(*table)),
            "{name}: {left:?}"
        );
    }
    // An operator who loads a tenant's past before its domain means it.
    file_under(&mut client, "e.example");
    let sql = call("register_domain({acme}, 'e.example')");
    assert_eq!(outcome(&db, &Identity::Service, &sql), "ok");
    let left = filed_under(&mut client, "e.example");
    assert!(
        BY_NAME.iter().all(|table| left.contains_key(*table)),
        "{left:?}"
    );
}

#[test]
fn everybody_manages_names_up_to_their_rank() {
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
    let admins = [ok, ok, no, no, ok, foreign, no, no];
    let (db, mut client) = two_tenants();
    client
        .execute(
            "update domains set aliases = '{old.example}' where id = $1",
            &[&ACME.domain_id()],
        )
        .expect("an alias");
    for (template, expected) in [
        ("register_domain({acme}, 'new.example')", admins),
        ("rename_domain('acme.example', 'new.example')", admins),
        ("remove_domain('acme.example')", admins),
        ("add_domain_alias('acme.example', 'new.example')", admins),
        ("remove_domain_alias('acme.example', 'old.example')", admins),
        (
            "delete_organization({acme})",
            [ok, no, no, no, ok, foreign, no, no],
        ),
        // Nobody here is an owner of both.
        (
            "transfer_domain('acme.example', {globex})",
            [foreign, no, no, no, ok, foreign, no, no],
        ),
        (
            "verify_domain('acme.example')",
            [no, no, no, no, ok, no, no, no],
        ),
    ] {
        for (identity, expected) in identities.iter().zip(expected) {
            let sql = format!("begin; {}", call(template));
            assert_eq!(
                outcome(&db, identity, &sql),
                expected,
                "{identity:?} {template}"
            );
        }
    }
}

#[test]
fn a_foreign_domain_answers_as_one_that_does_not_exist() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for template in [
        "rename_domain('{x}', 'new.example')",
        "transfer_domain('{x}', {acme})",
        "remove_domain('{x}')",
        "add_domain_alias('{x}', 'new.example')",
        "remove_domain_alias('{x}', 'new.example')",
    ] {
        let globex_id = GLOBEX.domain_id().to_string();
        let answers = [
            "globex.example",
            &globex_id,
            "nowhere.example",
            "no host",
            "",
        ]
        .map(|name| answer(owner.query(&call(&template.replace("{x}", name)), &[])));
        assert_eq!(answers[0][0].as_deref(), Some("P0002"), "{template}");
        assert!(
            answers.iter().all(|answer| answer == &answers[0]),
            "{template}: {answers:?}"
        );
    }
    for organization in [
        GLOBEX.organization_id(),
        frontdesk_harness::Uuid::from_u128(404),
    ] {
        let sql = format!("select frontdesk.transfer_domain('acme.example', '{organization}')");
        assert_eq!(outcome(&db, &ACME.person("owner"), &sql), "P0002");
    }
}

#[test]
fn null_is_never_taken_for_something() {
    let (db, _) = two_tenants();
    for template in [
        "register_domain(null, 'new.example')",
        "register_domain({acme}, null)",
        "rename_domain(null, 'new.example')",
        "rename_domain('acme.example', null)",
        "rename_domain('acme.example', 'new.example', null)",
        "transfer_domain(null, {acme})",
        "transfer_domain('acme.example', null)",
        "remove_domain(null)",
        "add_domain_alias(null, 'new.example')",
        "add_domain_alias('acme.example', null)",
        "remove_domain_alias(null, 'new.example')",
        "remove_domain_alias('acme.example', null)",
        "delete_organization(null)",
    ] {
        assert_eq!(
            outcome(&db, &ACME.person("owner"), &call(template)),
            "22004",
            "{template}"
        );
    }
    assert_eq!(
        outcome(&db, &Identity::Service, &call("verify_domain(null)")),
        "22004"
    );
}

#[test]
fn what_is_no_host_name_is_no_domain() {
    let (db, mut client) = two_tenants();
    let long = "a".repeat(64);
    for name in [
        "",
        " ",
        "two words.example",
        "192.0.2.1",
        "a..example",
        "d0000000-0000-4000-8000-000000000002",
        &long,
    ] {
        for template in [
            "register_domain({acme}, '{x}')",
            "rename_domain('acme.example', '{x}')",
            "add_domain_alias('acme.example', '{x}')",
        ] {
            let sql = call(&template.replace("{x}", name));
            assert_eq!(outcome(&db, &ACME.person("owner"), &sql), "22023", "{sql}");
        }
    }
    let names = one(
        &mut client,
        "select string_agg(name, ' ' order by name) from frontdesk_internal.domain_names",
    );
    assert_eq!(names.as_deref(), Some("acme.example globex.example"));
}

#[test]
fn nobody_but_the_functions_writes_aliases_and_verification() {
    let (db, _) = two_tenants();
    for sql in [
        "update domains set aliases = '{globex.example}'",
        "update domains set verified_at = now()",
        "update domains set domain = 'new.example'",
        "update domains set organization_id = null",
        "select frontdesk.clear_domain_rows('globex.example')",
        "select frontdesk.move_domain_rows('globex.example', 'acme.example')",
        "select frontdesk.lock_domain_name('new.example')",
        "select frontdesk.delete_tenant_rows('{}', '{}', '{globex.example}', null)",
        "select frontdesk.names_of_organization(null)",
        "select frontdesk.record_tenant_deletion('acme.example', 'x', null, '{}')",
        "select * from frontdesk_internal.domain_names",
    ] {
        for identity in [ACME.person("owner"), ACME.chat_server()] {
            assert_eq!(outcome(&db, &identity, sql), "42501", "{identity:?} {sql}");
        }
    }
}
