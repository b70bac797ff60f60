//! What is not taken changes nothing and says what was wrong.

use frontdesk_harness::contents;

use super::*;

/// The SQLSTATE of a refused call, which has a message and a hint.
fn refused(client: &mut Client, call: &str) -> String {
    let error = client.batch_execute(call).expect_err(call);
    let error = error.as_db_error().expect("an error of the server");
    assert!(error.hint().is_some(), "{call}: {error:?}");
    error.code().code().to_owned()
}

#[test]
fn bad_arguments_are_refused_and_change_nothing() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let before = contents(&mut client);
    let id = ACME.conversation_id();
    for (call, expected) in [
        ("start_conversation(null, 'a')", "22004"),
        ("start_conversation('{d}', null)", "22004"),
        ("start_conversation('{d}', E' \\n')", "22023"),
        ("start_conversation('{d}', repeat('x', 1001))", "54000"),
        ("start_conversation('{d}', 'a', null, null)", "22004"),
        ("start_conversation('{d}', 'a', null, '[]')", "22023"),
        ("start_conversation('nowhere.example', 'a')", "P0002"),
        (
            "start_conversation('{d}', 'a', null, jsonb_build_object('x', repeat('x', 1048576)))",
            "54000",
        ),
        ("add_message(null, 'user', 'a')", "22004"),
        ("add_message('{c}', null, 'a')", "22004"),
        ("add_message('{c}', 'User', 'a')", "22023"),
        ("add_message('{c}', 'tool', 'a')", "22023"),
        ("add_message('{c}', 'user', null)", "22004"),
        ("add_message('{c}', 'user', E' \\n')", "22023"),
        ("add_message('{c}', 'user', repeat('x', 1048577))", "54000"),
        ("add_message('{c}', 'user', 'a', null)", "22004"),
        ("add_message('{c}', 'user', 'a', '1')", "22023"),
        ("add_message('{c}', 'user', 'a', '{}', ' ')", "22023"),
        (
            "add_message('{c}', 'user', 'a', '{}', repeat('x', 1001))",
            "22023",
        ),
        ("add_message(gen_random_uuid(), 'user', 'a')", "P0002"),
        ("end_conversation(null)", "22004"),
        ("end_conversation('{c}', '[]')", "22023"),
        ("end_conversation(gen_random_uuid())", "P0002"),
        ("recent_messages(null)", "22004"),
        ("recent_messages('{c}', null)", "22004"),
        ("recent_messages('{c}', 0)", "22023"),
        ("recent_messages('{c}', 1001)", "22023"),
        ("recent_messages('{c}', 1, 0)", "22023"),
        ("recent_messages('{c}', 1, 1, 'words')", "22023"),
        ("recent_messages('{c}', 1, 1, null)", "22004"),
        ("recent_messages(gen_random_uuid())", "P0002"),
        ("text_size(null)", "22004"),
        ("text_size('a', 'words')", "22023"),
    ] {
        let call = call
            .replace("{d}", "acme.example")
            .replace("{c}", &id.to_string());
        let call = format!("select * from frontdesk.{call}");
        assert_eq!(refused(&mut server, &call), expected, "{call}");
    }
    assert_eq!(contents(&mut client), before);
}

#[test]
fn metadata_grows_to_a_megabyte_and_no_further() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let grow = |key: &str| {
        format!(
            "select frontdesk.start_conversation('acme.example', 'visit 1', null, jsonb_build_object('{key}', repeat('x', 600000)))"
        )
    };
    server.run(&grow("a"));
    assert_eq!(refused(&mut server, &grow("b")), "54000");
    server.run(&grow("a"));
    let keys = "select array(select jsonb_object_keys(metadata)) from conversations where session_id = 'visit 1'";
    assert_eq!(client.row(keys), "{a}");
}

#[test]
fn a_key_is_not_taken_for_another_message() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let (id, _) = start(&mut server, "visit 1", "");
    server.run(&adding(&id, "user", "Hello?", ", '{}', 'key 1'"));
    for (role, words) in [("user", "Are you there?"), ("assistant", "Hello?")] {
        let call = adding(&id, role, words, ", '{}', 'key 1'");
        assert_eq!(refused(&mut server, &call), "22023", "{role}");
    }
    assert_eq!(said(&mut client, &id), ["user: Hello?"]);
}

#[test]
fn a_conversation_that_has_ended_or_was_erased_takes_nothing_more() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let (ended, _) = start(&mut server, "visit 1", "");
    server.run(&format!("select frontdesk.end_conversation('{ended}')"));
    let (erased, _) = start(&mut server, "visit 2", "");
    db.session(&ACME.person("owner"))
        .run("select frontdesk.gdpr_erase('acme.example', 'visit 2')");
    for (id, expected) in [(&ended, "55000"), (&erased, "P0002")] {
        assert_eq!(
            refused(&mut server, &adding(id, "user", "Hello?", "")),
            expected
        );
        assert!(said(&mut client, id).is_empty());
    }
    for call in ["end_conversation", "recent_messages"] {
        let call = format!("select * from frontdesk.{call}('{erased}')");
        assert_eq!(refused(&mut server, &call), "P0002", "{call}");
    }
}

#[test]
fn a_domain_that_is_switched_off_begins_and_adds_nothing_but_can_be_ended() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let (id, _) = start(&mut server, "visit 1", "");
    client.run("update domains set active = false where domain = 'acme.example'");
    for call in [
        "select frontdesk.start_conversation('acme.example', 'visit 1')".to_owned(),
        adding(&id, "user", "Hello?", ""),
        format!("select * from frontdesk.recent_messages('{id}')"),
    ] {
        assert_eq!(refused(&mut server, &call), "55000", "{call}");
    }
    assert_eq!(
        server.row(&format!("select frontdesk.end_conversation('{id}')")),
        "t"
    );
}
