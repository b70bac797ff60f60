use super::*;

#[test]
fn a_renamed_domain_takes_along_everything_that_carries_the_name() {
    let (db, mut client) = two_tenants();
    let before = filed_under(&mut client, "acme.example");
    let mut admin = db.session(&ACME.person("admin"));
    let renamed = counts(
        &mut admin,
        "rename_domain('https://ACME.example', 'New.Example', false)",
    );
    let mut after = filed_under(&mut client, "new.example");
    // The log says what was; a rename does not rewrite it.
    assert_eq!(
        filed_under(&mut client, "acme.example"),
        BTreeMap::from([("gdpr_audit_log".to_owned(), 1)])
    );
    let notes = after.remove("frontdesk_internal.rollup_invalidations");
    assert!(notes >= Some(1), "{notes:?}");
    for (table, count) in &before {
        if table != "gdpr_audit_log" && table != "frontdesk_internal.rollup_invalidations" {
            assert_eq!(after.get(table), Some(count), "{table}");
        }
    }
    for (table, count) in after
        .iter()
        .filter(|(table, _)| !table.starts_with("frontdesk_internal."))
    {
        assert_eq!(renamed.get(table), Some(count), "{table}");
    }
    // Given up with the name: what was read from its urls.
    for (table, count) in [
        ("scraped_pages", 5),
        ("website_content", 1),
        ("structured_extractions", 1),
    ] {
        assert_eq!(renamed.get(table), Some(&count), "{table}");
    }
    let ids = client
        .query_one(
            "select d.id, c.id from domains as d join customer_configs as c on c.domain = d.domain where d.domain = 'new.example'",
            &[],
        )
        .expect("the renamed rows");
    assert_eq!(
        (ids.get(0), ids.get(1)),
        (ACME.domain_id(), ACME.config_id())
    );

    let telemetry = "select string_agg(domain, ' ') from chat_telemetry";
    assert_eq!(one(&mut admin, telemetry).as_deref(), Some("new.example"));
    assert_eq!(
        outcome(
            &db,
            &GLOBEX.person("admin"),
            &call("register_domain({globex}, 'acme.example')")
        ),
        "ok"
    );
    assert_eq!(
        one(&mut db.session(&GLOBEX.person("admin")), telemetry).as_deref(),
        Some("globex.example")
    );
}

#[test]
fn the_old_name_stays_as_an_alias_with_its_pages() {
    let (db, mut client) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    let renamed = counts(&mut admin, "rename_domain('acme.example', 'new.example')");
    assert_eq!(renamed.get("scraped_pages"), None);
    assert_eq!(
        one(
            &mut client,
            "select count(*)::text from scraped_pages where url like '%acme.example%'"
        )
        .as_deref(),
        Some("5")
    );
    assert_eq!(
        one(
            &mut client,
            "select aliases::text from domains where domain = 'new.example'"
        )
        .as_deref(),
        Some("{acme.example}")
    );
    assert_eq!(
        outcome(
            &db,
            &GLOBEX.person("admin"),
            &call("register_domain({globex}, 'acme.example')")
        ),
        "23505"
    );

    // And back: a domain takes its own alias as its name.
    admin
        .batch_execute(&call("rename_domain('new.example', 'acme.example')"))
        .expect("rename back");
    assert_eq!(
        one(
            &mut client,
            "select aliases::text from domains where domain = 'acme.example'"
        )
        .as_deref(),
        Some("{new.example}")
    );
    assert_eq!(
        counts(
            &mut admin,
            "rename_domain('acme.example', 'www.acme.example')"
        ),
        BTreeMap::new()
    );
}

#[test]
fn rows_that_meet_under_the_new_name_are_merged() {
    let (db, mut client) = two_tenants();
    file_under(&mut client, "new.example");
    outcome(
        &db,
        &Identity::Service,
        &call("rename_domain('acme.example', 'new.example')"),
    );
    for (sql, expected) in [
        (
            "select count(*)::text from chat_telemetry where domain = 'new.example'",
            "2",
        ),
        (
            "select total_requests::text from chat_telemetry_domain_rollups where domain = 'new.example'",
            "2",
        ),
        (
            "select total_requests::text from chat_telemetry_model_rollups where domain = 'new.example'",
            "2",
        ),
        (
            "select threshold_usd::text from chat_cost_alerts where domain = 'new.example'",
            "4",
        ),
        (
            "select string_agg(status, ' ' order by status) from scrape_jobs where domain = 'new.example'",
            "cancelled running",
        ),
    ] {
        assert_eq!(one(&mut client, sql).as_deref(), Some(expected), "{sql}");
    }
}

#[test]
fn a_name_that_is_taken_is_not_renamed_to() {
    let (db, mut client) = two_tenants();
    let owner = ACME.person("owner");
    assert_eq!(
        outcome(
            &db,
            &owner,
            &call("register_domain({acme}, 'second.example')")
        ),
        "ok"
    );
    for name in ["globex.example", "second.example"] {
        assert_eq!(
            outcome(
                &db,
                &owner,
                &call(&format!("rename_domain('acme.example', '{name}')"))
            ),
            "23505"
        );
    }
    assert_eq!(
        one(
            &mut client,
            "select count(*)::text from chat_telemetry where domain = 'acme.example'"
        )
        .as_deref(),
        Some("1")
    );
}

#[test]
fn a_transferred_domain_changes_hands_with_everything_below_it() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(&format!(
            "insert into organization_members (organization_id, user_id, role) values ('{}', '{}', 'owner');
             update domains set aliases = '{{acme.shop}}' where id = '{}'",
            GLOBEX.organization_id(),
            ACME.user_id("owner"),
            ACME.domain_id()
        ))
        .expect("an owner of both");
    let moved = counts(
        &mut db.session(&ACME.person("owner")),
        "transfer_domain('acme.example', {globex})",
    );
    assert_eq!(
        moved,
        BTreeMap::from([
            ("domains".to_owned(), 1),
            ("customer_configs".to_owned(), 1)
        ])
    );

    for (identity, expected) in [(GLOBEX.person("viewer"), "2"), (ACME.person("admin"), "0")] {
        let mut session = db.session(&identity);
        for table in [
            "domains",
            "customer_configs",
            "conversations",
            "chat_telemetry",
            "widget_configs",
        ] {
            let sql = format!("select count(*)::text from {table}");
            assert_eq!(
                one(&mut session, &sql).as_deref(),
                Some(expected),
                "{identity:?} {table}"
            );
        }
    }
    // The former owner keeps the record of what it did.
    let mut admin = db.session(&ACME.person("admin"));
    assert_eq!(
        one(&mut admin, "select count(*)::text from gdpr_audit_log").as_deref(),
        Some("1")
    );
    for name in ["acme.example", "acme.shop"] {
        assert_eq!(
            outcome(
                &db,
                &ACME.person("admin"),
                &call(&format!("register_domain({{acme}}, '{name}')"))
            ),
            "23505"
        );
    }
    let owners = "select string_agg(distinct organization_id::text, ' ') from frontdesk_internal.domain_names";
    assert_eq!(
        one(&mut client, owners),
        Some(GLOBEX.organization_id().to_string())
    );
    // And back, by an operator.
    assert_eq!(
        outcome(
            &db,
            &Identity::Service,
            &call("transfer_domain('acme.example', {acme})")
        ),
        "ok"
    );
    assert_eq!(
        one(
            &mut admin,
            "select string_agg(domain, ' ') from chat_telemetry"
        )
        .as_deref(),
        Some("acme.example")
    );
}

#[test]
fn a_configuration_without_an_organization_is_the_operators_to_transfer() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(&format!(
            "insert into organization_members (organization_id, user_id, role) values ('{}', '{}', 'owner');
             update customer_configs set organization_id = null where id = '{}'",
            GLOBEX.organization_id(),
            ACME.user_id("owner"),
            ACME.config_id()
        ))
        .expect("an owner of both, and a configuration of nobody");
    let owner = "select organization_id::text from customer_configs where domain = 'acme.example'";
    let moved = counts(
        &mut db.session(&ACME.person("owner")),
        "transfer_domain('acme.example', {globex})",
    );
    assert_eq!(moved, BTreeMap::from([("domains".to_owned(), 1)]));
    assert_eq!(one(&mut client, owner), None);

    let moved = counts(
        &mut db.session(&Identity::Service),
        "transfer_domain('acme.example', {acme})",
    );
    assert_eq!(moved.len(), 2);
    assert_eq!(
        one(&mut client, owner),
        Some(ACME.organization_id().to_string())
    );
}

#[test]
fn a_removed_domain_leaves_nothing_but_the_log() {
    let (db, mut client) = two_tenants();
    client
        .execute(
            "update domains set aliases = '{acme.shop}' where id = $1",
            &[&ACME.domain_id()],
        )
        .expect("an alias");
    file_under(&mut client, "acme.shop");
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for (table, condition) in TENANT_TABLES {
        let condition = condition
            .replace("{d}", &format!("'{}'", ACME.domain_id()))
            .replace("{c}", &format!("'{}'", ACME.config_id()));
        let sql = format!("select count(*) from {table} where {condition}");
        let count: i64 = client.query_one(&sql, &[]).expect("count").get(0);
        assert!(count > 0, "{table} has rows to remove");
        expected.insert((*table).to_owned(), count);
    }
    let removed = counts(
        &mut db.session(&ACME.person("admin")),
        "remove_domain('acme.example')",
    );
    assert_eq!(removed, expected);
    for name in ["acme.example", "acme.shop"] {
        let left = filed_under(&mut client, name);
        assert!(
            left.keys().all(|table| table == "gdpr_audit_log"),
            "{name}: {left:?}"
        );
    }
    let entry = "select request_type || ' ' || user_identifier || ' ' || organization_id || ' ' || (metadata -> 'counts' ->> 'messages')
        from gdpr_audit_log where domain = 'acme.example' order by created_at desc limit 1";
    assert_eq!(
        one(&mut db.session(&ACME.person("owner")), entry),
        Some(format!(
            "tenant_deletion everybody {} 2",
            ACME.organization_id()
        ))
    );
    for name in ["acme.example", "acme.shop"] {
        assert_eq!(
            outcome(
                &db,
                &GLOBEX.person("admin"),
                &call(&format!("register_domain({{globex}}, '{name}')"))
            ),
            "ok"
        );
    }
}

/// What hangs on ACME's domain, and how to find it: {d} domain, {c} configuration.
const TENANT_TABLES: &[(&str, &str)] = &[
    ("business_classifications", "domain_id = {c}"),
    ("chat_cost_alerts", "domain like 'acme.%'"),
    ("chat_telemetry", "domain like 'acme.%'"),
    ("chat_telemetry_domain_rollups", "domain like 'acme.%'"),
    ("chat_telemetry_model_rollups", "domain like 'acme.%'"),
    ("conversations", "domain_id = {d}"),
    ("customer_configs", "id = {c}"),
    ("domain_synonym_mappings", "domain_id = {c}"),
    ("domains", "id = {d}"),
    ("embedding_queue", "domain_id = {d}"),
    ("entity_catalog", "domain_id = {d}"),
    ("entity_extraction_queue", "domain_id = {d}"),
    ("messages", "domain_id = {d}"),
    ("page_embeddings", "domain_id = {c}"),
    ("product_catalog", "domain_id = {d}"),
    ("query_cache", "domain_id = {c}"),
    ("scrape_jobs", "domain like 'acme.%'"),
    ("scraped_pages", "domain_id = {d}"),
    ("search_cache", "domain_id = {d}"),
    ("structured_extractions", "domain_id = {d}"),
    ("training_data", "domain like 'acme.%'"),
    ("website_content", "domain_id = {d}"),
    ("widget_config_history", "customer_config_id = {c}"),
    ("widget_config_variants", "customer_config_id = {c}"),
    ("widget_configs", "customer_config_id = {c}"),
];
