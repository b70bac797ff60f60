use super::*;

/// The functions, called for the domain {d}, and the least role that each takes.
const CALLS: &[(&str, &str)] = &[
    ("save_widget_config({d}, '{}')", "member"),
    ("save_widget_variant({d}, 'bold', '{}', 10)", "member"),
    ("add_training_data({d}, 'answer', 'in', 'out')", "member"),
    ("set_business_terminology({d}, '{}')", "member"),
    (
        "put_website_content({d}, 'https://acme.example/', 'a', 'b')",
        "member",
    ),
    (
        "remove_website_content({d}, 'https://acme.example/')",
        "member",
    ),
    ("set_synonyms({d}, 'cat', array['moggy'])", "member"),
    ("remove_page({d}, 'https://acme.example/page/1')", "member"),
    (
        "mark_page_failed({d}, 'https://acme.example/page/1')",
        "member",
    ),
    ("set_business_classification({d}, 'saas')", "admin"),
    ("set_cost_alert({d}, 'hourly', 1)", "admin"),
    ("export_training_data({d})", "admin"),
];

/// In Rust a role that is too low is answered like an unknown domain.
const IN_RUST: [&str; 3] = ["set_synonyms", "remove_page", "mark_page_failed"];

#[test]
fn everybody_writes_up_to_their_rank_in_their_own_domains() {
    let (db, _) = two_tenants();
    for (template, least) in CALLS {
        let too_low = if IN_RUST.iter().any(|name| template.starts_with(name)) {
            "P0002"
        } else {
            "42501"
        };
        for (identity, expected) in [
            (ACME.person("owner"), "ok"),
            (ACME.person("admin"), "ok"),
            (
                ACME.person("member"),
                if *least == "member" { "ok" } else { too_low },
            ),
            (ACME.person("viewer"), too_low),
            (GLOBEX.person("owner"), "P0002"),
            (Identity::Service, "ok"),
            (ACME.chat_server(), "42501"),
            (GLOBEX.chat_server(), "42501"),
            (Identity::Anon, "42501"),
        ] {
            let mut session = db.session(&identity);
            session.batch_execute("begin").expect("begin");
            let call = template.replace("{d}", "'www.ACME.example'");
            assert_eq!(
                outcome(&mut session, &call),
                expected,
                "{identity:?} {template}"
            );
        }
    }
}

#[test]
fn demo_requests_are_the_operators_to_record() {
    let (db, mut client) = two_tenants();
    let call = "record_demo_attempt('https://Prospect.example/', ' Jo@Prospect.example', ' ')";
    for identity in [ACME.person("owner"), ACME.chat_server(), Identity::Anon] {
        assert_eq!(
            outcome(&mut db.session(&identity), call),
            "42501",
            "{identity:?}"
        );
    }
    assert_eq!(outcome(&mut db.session(&Identity::Service), call), "ok");
    let row = "select domain || ' ' || email || ' ' || coalesce(company_name, 'none') || ' ' || enrichment_status
        from demo_attempts where domain = 'prospect.example'";
    assert_eq!(
        one(&mut client, row).as_deref(),
        Some("prospect.example jo@prospect.example none pending")
    );
    for (call, code) in [
        ("record_demo_attempt(null, 'jo@prospect.example')", "22004"),
        ("record_demo_attempt('prospect.example', null)", "22004"),
        (
            "record_demo_attempt('no host', 'jo@prospect.example')",
            "22023",
        ),
        ("record_demo_attempt('prospect.example', 'jo')", "22023"),
    ] {
        assert_eq!(outcome(&mut client, call), code, "{call}");
    }
}

#[test]
fn a_foreign_domain_answers_as_one_that_does_not_exist() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for (template, _) in CALLS
        .iter()
        .filter(|(template, _)| !IN_RUST.iter().any(|name| template.starts_with(name)))
    {
        let globex_id = GLOBEX.domain_id().to_string();
        let answers = [
            "globex.example",
            &globex_id,
            "nowhere.example",
            "no host",
            "",
        ]
        .map(|name| {
            let sql = format!(
                "select frontdesk.{}",
                template.replace("{d}", &format!("'{name}'"))
            );
            answer(owner.query(&sql, &[]))
        });
        assert_eq!(answers[0][0].as_deref(), Some("P0002"), "{template}");
        assert!(
            answers.iter().all(|answer| answer == &answers[0]),
            "{template}: {answers:?}"
        );
    }
}

#[test]
fn null_is_never_taken_for_something() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for (template, _) in CALLS {
        assert_eq!(
            outcome(&mut owner, &template.replace("{d}", "null")),
            "22004",
            "{template}"
        );
    }
    for call in [
        "save_widget_config('acme.example', null)",
        "save_widget_variant('acme.example', null, '{}')",
        "save_widget_variant('acme.example', 'a', null)",
        "save_widget_variant('acme.example', 'a', '{}', null)",
        "save_widget_variant('acme.example', 'a', '{}', 1, null)",
        "add_training_data('acme.example', null, 'in', 'out')",
        "add_training_data('acme.example', 'answer', null, 'out')",
        "add_training_data('acme.example', 'answer', 'in', null)",
        "add_training_data('acme.example', 'answer', 'in', 'out', null)",
        "update_training_data(null, 'in')",
        "remove_training_data(null)",
        "put_website_content('acme.example', null, 'a', 'b')",
        "put_website_content('acme.example', 'https://acme.example/', 'a', null)",
        "put_website_content('acme.example', 'https://acme.example/', 'a', 'b', 'c', null)",
        "remove_website_content('acme.example', null)",
        "set_business_terminology('acme.example', null)",
        "set_business_classification('acme.example', null)",
        "set_cost_alert('acme.example', null, 1)",
        "set_cost_alert('acme.example', 'daily', null)",
    ] {
        assert_eq!(outcome(&mut owner, call), "22004", "{call}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let large = format!(
        "save_widget_config('acme.example', jsonb_build_object('a', repeat('x', {})))",
        1 << 20
    );
    for (call, code) in [
        ("save_widget_config('acme.example', '[]')", "22023"),
        ("save_widget_config('acme.example', 'null')", "22023"),
        ("save_widget_config('acme.example', '{}', ' ')", "22023"),
        (
            "save_widget_config('acme.example', '{}', repeat('9', 101))",
            "22023",
        ),
        (&large, "54000"),
        (
            "save_widget_variant('acme.example', E' \\n', '{}')",
            "22023",
        ),
        ("save_widget_variant('acme.example', 'a', '1')", "22023"),
        (
            "save_widget_variant('acme.example', 'a', '{}', 101)",
            "22023",
        ),
        (
            "save_widget_variant('acme.example', 'a', '{}', -1)",
            "22023",
        ),
        (
            "add_training_data('acme.example', '', 'in', 'out')",
            "22023",
        ),
        (
            "add_training_data('acme.example', 'answer', ' ', 'out')",
            "22023",
        ),
        (
            "add_training_data('acme.example', 'answer', 'in', E'\\t')",
            "22023",
        ),
        (
            "add_training_data('acme.example', 'answer', 'in', 'out', '[]')",
            "22023",
        ),
        (
            "put_website_content('acme.example', 'https://acme.example/', 'a', ' ')",
            "22023",
        ),
        (
            "put_website_content('acme.example', 'https://acme.example/', 'a', 'b', 'c', '[]')",
            "22023",
        ),
        (
            "set_business_terminology('acme.example', '\"dish\"')",
            "22023",
        ),
        ("set_business_classification('acme.example', '')", "22023"),
        (
            "set_business_classification('acme.example', 'saas', 1.5)",
            "22023",
        ),
        (
            "set_business_classification('acme.example', 'saas', 'nan')",
            "22023",
        ),
        (
            "set_business_classification('acme.example', 'saas', 1, '{}', '[]')",
            "22023",
        ),
        ("set_cost_alert('acme.example', 'yearly', 1)", "22023"),
        ("set_cost_alert('acme.example', 'daily', -0.01)", "22023"),
        ("set_cost_alert('acme.example', 'daily', 'nan')", "22023"),
        (
            "set_cost_alert('acme.example', 'daily', 'infinity')",
            "22023",
        ),
    ] {
        assert_eq!(outcome(&mut owner, call), code, "{call}");
    }
}

#[test]
fn settings_of_a_domain_without_configuration_say_what_to_do() {
    let (db, mut client) = two_tenants();
    client
        .execute(
            "delete from customer_configs where id = $1",
            &[&ACME.config_id()],
        )
        .expect("delete the configuration");
    let mut owner = db.session(&ACME.person("owner"));
    for call in [
        "save_widget_config('acme.example', '{}')",
        "save_widget_variant('acme.example', 'a', '{}')",
        "set_business_terminology('acme.example', '{}')",
        "set_business_classification('acme.example', 'saas')",
    ] {
        assert_eq!(outcome(&mut owner, call), "55000", "{call}");
    }
    owner
        .query(
            &format!(
                "select frontdesk.register_domain('{}', 'acme.example')",
                ACME.organization_id()
            ),
            &[],
        )
        .expect("as the hint says");
    assert_eq!(
        outcome(&mut owner, "save_widget_variant('acme.example', 'a', '{}')"),
        "55000"
    );
    assert_eq!(
        outcome(&mut owner, "save_widget_config('acme.example', '{}')"),
        "ok"
    );
    assert_eq!(
        outcome(&mut owner, "save_widget_variant('acme.example', 'a', '{}')"),
        "ok"
    );
}
