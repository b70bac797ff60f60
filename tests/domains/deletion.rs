use super::*;

/// What is not the tenant's: the log, and prospects, who are the operators'.
const STAYS: [&str; 2] = ["demo_attempts", "gdpr_audit_log"];

/// More of what is hard to find: a second domain without configuration, an alias, embeddings that wait for a
/// configuration, telemetry of a conversation under no name.
fn tangle(client: &mut Client) {
    let sql = "
        insert into domains (id, domain, organization_id, aliases)
        values ('d1000000-0000-4000-8000-000000000001', 'second.acme.example', '{o}', '{acme.shop}');
        insert into scraped_pages (id, domain_id, url)
        values ('e1000000-0000-4000-8000-000000000001', 'd1000000-0000-4000-8000-000000000001', 'https://second.acme.example/');
        insert into page_embeddings (page_id, chunk_text) values ('e1000000-0000-4000-8000-000000000001', 'acme waits');
        insert into chat_telemetry (session_id, conversation_id, model, start_time)
        values ('acme session', 'f0000000-0000-4000-8000-000000000001', 'm', now());
        insert into customer_configs (domain, organization_id) values ('third.acme.example', '{o}');";
    client
        .batch_execute(&sql.replace("{o}", &ACME.organization_id().to_string()))
        .expect("tangle");
    file_under(client, "acme.shop");
    file_under(client, "third.acme.example");
}

#[test]
fn a_deleted_organization_leaves_no_row_anywhere() {
    let (db, mut client) = two_tenants();
    tangle(&mut client);
    let before = ACME.traces(&mut client);
    let neighbour = GLOBEX.traces(&mut client);
    let deleted = counts(
        &mut db.session(&ACME.person("owner")),
        "delete_organization({acme})",
    );

    let after = ACME.traces(&mut client);
    assert_eq!(after.keys().collect::<Vec<_>>(), STAYS);
    assert_eq!(GLOBEX.traces(&mut client), neighbour);
    for (table, count) in &before {
        let is_counted =
            !table.starts_with("frontdesk_internal.") && !STAYS.contains(&table.as_str());
        assert_eq!(deleted.get(table), is_counted.then_some(count), "{table}");
    }
    let entries = "select string_agg(domain, ' ' order by domain) from gdpr_audit_log where request_type = 'tenant_deletion'";
    assert_eq!(
        one(&mut client, entries).as_deref(),
        Some("acme.example second.acme.example third.acme.example")
    );
    // Nobody inherits anything.
    for name in ["acme.example", "acme.shop", "third.acme.example"] {
        assert_eq!(
            outcome(
                &db,
                &GLOBEX.person("admin"),
                &call(&format!("register_domain({{globex}}, '{name}')"))
            ),
            "ok"
        );
    }
    let telemetry = "select string_agg(domain, ' ') from chat_telemetry";
    assert_eq!(
        one(&mut db.session(&GLOBEX.person("admin")), telemetry).as_deref(),
        Some("globex.example")
    );
}

#[test]
fn in_batches_it_comes_to_the_same() {
    let (db, mut client) = two_tenants();
    tangle(&mut client);
    let (other, mut other_client) = two_tenants();
    tangle(&mut other_client);
    let at_once = counts(
        &mut other.session(&ACME.person("owner")),
        "delete_organization({acme})",
    );

    let neighbour = GLOBEX.traces(&mut client);
    let mut owner = db.session(&ACME.person("owner"));
    let mut in_batches: BTreeMap<String, i64> = BTreeMap::new();
    let mut calls = 0;
    loop {
        calls += 1;
        let rows = owner
            .query(&call("delete_organization({acme}, 3)"), &[])
            .expect("a batch");
        for row in &rows {
            *in_batches.entry(row.get(0)).or_default() += row.get::<_, i64>(1);
        }
        let is_done: bool = rows[0].get(2);
        assert!(rows.iter().all(|row| row.get::<_, bool>(2) == is_done));
        if is_done {
            break;
        }
        if calls == 1 {
            assert_eq!(
                one(
                    &mut db.session(&ACME.person("admin")),
                    "select count(*)::text from organizations"
                )
                .as_deref(),
                Some("0")
            );
            assert_eq!(
                one(&mut owner, "select bool_or(active)::text from domains").as_deref(),
                Some("false")
            );
        }
        let rows_of_batch: i64 = rows.iter().map(|row| row.get::<_, i64>(1)).sum();
        assert!(
            rows_of_batch <= if calls == 1 { 3 + 4 } else { 3 },
            "call {calls}: {rows_of_batch}"
        );
        assert!(calls < 100, "comes to an end");
    }
    in_batches.retain(|_, count| *count > 0);
    assert_eq!(in_batches, at_once);
    assert!(calls > 5, "{calls}");
    assert_eq!(ACME.traces(&mut client).keys().collect::<Vec<_>>(), STAYS);
    assert_eq!(GLOBEX.traces(&mut client), neighbour);
    assert_eq!(
        outcome(
            &db,
            &ACME.person("owner"),
            &call("delete_organization({acme}, 3)")
        ),
        "P0002"
    );
}

#[test]
fn a_direct_delete_leaves_no_more() {
    let (db, mut client) = two_tenants();
    tangle(&mut client);
    assert_eq!(
        outcome(&db, &ACME.person("owner"), "delete from organizations"),
        "ok"
    );
    assert_eq!(ACME.traces(&mut client).keys().collect::<Vec<_>>(), STAYS);
}

#[test]
fn a_deletion_without_domains_is_logged_too() {
    let (db, mut client) = two_tenants();
    outcome(
        &db,
        &ACME.person("owner"),
        &call("remove_domain('acme.example')"),
    );
    assert_eq!(
        outcome(
            &db,
            &ACME.person("owner"),
            &call("delete_organization({acme})")
        ),
        "ok"
    );
    let entry = "select domain || organization_id from gdpr_audit_log where action_taken = 'organization deleted'";
    assert_eq!(
        one(&mut client, entry),
        Some(ACME.organization_id().to_string())
    );
    assert_eq!(
        outcome(
            &db,
            &GLOBEX.person("owner"),
            &call("delete_organization({globex}, 0)")
        ),
        "22023"
    );
}
