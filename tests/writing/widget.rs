use super::*;

fn save(client: &mut Client, arguments: &str) -> String {
    let call = format!(
        "select config_version from frontdesk.save_widget_config('acme.example', {arguments})"
    );
    one(client, &call).expect("a version")
}

#[test]
fn each_change_of_the_settings_gets_the_next_number_and_is_kept() {
    let (db, mut client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    assert_eq!(save(&mut member, r#"'{"color": "red"}'"#), "2");
    assert_eq!(
        save(&mut member, r#"'{"color": "red"}'"#),
        "2",
        "the same again"
    );
    assert_eq!(
        save(&mut member, r#"'{"color": "blue"}', reason => 'too loud'"#),
        "3"
    );
    assert_eq!(
        save(&mut member, r#"'{"color": "green"}', 'spring'"#),
        "spring"
    );
    assert_eq!(
        save(&mut member, r#"'{"color": "white"}'"#),
        "4",
        "by number, where there are numbers"
    );
    assert_eq!(save(&mut member, r#"'{"color": "green"}', '41'"#), "41");
    assert_eq!(save(&mut member, r#"'{"color": "black"}'"#), "42");

    let history = "select string_agg(concat_ws(' ', version, config_snapshot ->> 'color', change_reason), ', ' order by ordinal)
        from (select *, row_number() over (order by ctid) as ordinal from widget_config_history) as h
        where customer_config_id = 'c0000000-0000-4000-8000-000000000001'";
    assert_eq!(
        one(&mut client, history).as_deref(),
        Some("1 acme, 2 red, 3 blue too loud, spring green, 4 white, 41 green, 42 black")
    );
    let writers = "select string_agg(distinct changed_by::text, ' ') from widget_config_history where version = '42'";
    assert_eq!(
        one(&mut client, writers),
        Some(ACME.user_id("member").to_string())
    );
    // One row, so that the variants stay attached.
    let active = "select count(*)::text from widget_configs as w join widget_config_variants as v on v.widget_config_id = w.id
        where w.is_active and w.config_data ->> 'color' = 'black'";
    assert_eq!(one(&mut member, active).as_deref(), Some("1"));
}

#[test]
fn a_version_stands_for_one_state_of_the_settings() {
    let (db, _) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    assert_eq!(save(&mut member, r#"'{"color": "red"}', ' 7 '"#), "7");
    assert_eq!(
        outcome(
            &mut member,
            r#"save_widget_config('acme.example', '{"color": "blue"}', '7')"#
        ),
        "23505"
    );
    assert_eq!(
        outcome(
            &mut member,
            r#"save_widget_config('acme.example', '{"color": "blue"}', '1')"#
        ),
        "23505"
    );
    assert_eq!(
        save(&mut member, r#"'{"color": "acme"}', '1'"#),
        "1",
        "back to what it was"
    );
    assert_eq!(save(&mut member, r#"'{"color": "red"}', '7'"#), "7");
}

#[test]
fn two_who_save_at_once_get_two_versions() {
    let (db, mut client) = two_tenants();
    let second = race(
        &db,
        &mut db.session(&ACME.person("member")),
        r#"select frontdesk.save_widget_config('acme.example', '{"color": "red"}')"#,
        db.session(&ACME.person("admin")),
        r#"select frontdesk.save_widget_config('acme.example', '{"color": "blue"}')"#,
    );
    assert_eq!(second, "ok");
    let versions = "select string_agg(version || (config_snapshot ->> 'color'), ' ' order by version) from widget_config_history
        where customer_config_id = 'c0000000-0000-4000-8000-000000000001'";
    assert_eq!(
        one(&mut client, versions).as_deref(),
        Some("1acme 2red 3blue")
    );
}

#[test]
fn a_variant_is_one_row_for_each_name() {
    let (db, mut client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    for call in [
        r#"save_widget_variant('acme.example', 'bold', '{"weight": "bolder"}', 30)"#,
        r#"save_widget_variant('acme.example', ' large ', '{"size": 2}', 70)"#,
        r#"save_widget_variant('acme.example', 'idle', '{}', 50, false)"#,
    ] {
        assert_eq!(outcome(&mut member, call), "ok", "{call}");
    }
    let variants = "select string_agg(concat_ws(' ', variant_name, traffic_percentage, is_active), ', ' order by variant_name)
        from widget_config_variants where customer_config_id = 'c0000000-0000-4000-8000-000000000001'";
    assert_eq!(
        one(&mut client, variants).as_deref(),
        Some("bold 30 t, idle 50 f, large 70 t")
    );
    // All traffic there is.
    for call in [
        "save_widget_variant('acme.example', 'bold', '{}', 31)",
        "save_widget_variant('acme.example', 'new', '{}', 1)",
        "save_widget_variant('acme.example', 'idle', '{}', 50)",
    ] {
        assert_eq!(outcome(&mut member, call), "23514", "{call}");
    }
    assert_eq!(
        one(&mut client, variants).as_deref(),
        Some("bold 30 t, idle 50 f, large 70 t")
    );
}

#[test]
fn two_who_name_a_variant_at_once_write_one_row() {
    let (db, mut client) = two_tenants();
    let call = "select frontdesk.save_widget_variant('acme.example', 'new', '{}', 5)";
    let second = race(
        &db,
        &mut db.session(&ACME.person("member")),
        call,
        db.session(&ACME.person("admin")),
        call,
    );
    assert_eq!(second, "ok");
    let count = "select count(*)::text from widget_config_variants where variant_name = 'new'";
    assert_eq!(one(&mut client, count).as_deref(), Some("1"));
}
