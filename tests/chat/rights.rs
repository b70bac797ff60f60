//! Who writes conversations, and who cannot even touch them.

use frontdesk_harness::{Identity, contents};

use super::*;
use crate::support::{answer, code};

/// Everything that takes a domain or a conversation, in every spelling of ACME's.
fn calls_about_acme() -> Vec<String> {
    let id = ACME.conversation_id();
    let mut calls: Vec<String> = [
        "acme.example".to_owned(),
        " HTTPS://WWW.Acme.Example:443/ ".to_owned(),
        ACME.domain_id().to_string(),
    ]
    .iter()
    .map(|domain| format!("start_conversation('{domain}', 'session of acme')"))
    .collect();
    calls.extend([
        format!("add_message('{id}', 'user', 'Hello?')"),
        format!("add_message('{id}', 'user', 'Hello?', '{{}}', 'key 1')"),
        format!("end_conversation('{id}')"),
        format!("recent_messages('{id}')"),
    ]);
    calls
        .iter()
        .map(|call| format!("select * from frontdesk.{call}"))
        .collect()
}

#[test]
fn the_chat_server_of_another_domain_reads_and_writes_nothing_by_any_argument() {
    let (db, mut client) = two_tenants();
    // What it is refused must not even make it wait.
    let mut busy = db.superuser();
    busy.run("begin; select from conversations for update");
    let before = contents(&mut client);
    let acme_id = ACME.conversation_id().to_string();
    for identity in [GLOBEX.chat_server(), GLOBEX.person("owner")] {
        let mut stranger = db.session(&identity);
        stranger.run("set lock_timeout = '1ms'");
        for call in calls_about_acme() {
            let foreign = answer(stranger.batch_execute(&call));
            let unknown = call
                .replace(&acme_id, "00000000-0000-4000-8000-00000000dead")
                .replace(&ACME.domain_id().to_string(), "nowhere.example")
                .replace("acme.example", "nowhere.example")
                .replace("Acme.Example", "nowhere.example");
            assert_eq!(foreign[0].as_deref(), Some("P0002"), "{call}");
            assert_eq!(foreign, answer(stranger.batch_execute(&unknown)), "{call}");
        }
    }
    assert_eq!(contents(&mut client), before);
}

#[test]
fn a_key_of_somebody_elses_message_opens_nothing() {
    let (db, mut client) = two_tenants();
    let mut acme = server(&db);
    let (id, _) = start(&mut acme, "visit 1", "");
    acme.run(&adding(&id, "user", "Hello?", ", '{}', 'key 1'"));
    let globex = GLOBEX.conversation_id().to_string();
    let answer = db.session(&GLOBEX.chat_server()).row(&adding(
        &globex,
        "user",
        "Hello?",
        ", '{}', 'key 1'",
    ));
    assert!(answer.ends_with("|t"), "a message of its own: {answer}");
    assert_eq!(said(&mut client, &id), ["user: Hello?"]);
}

#[test]
fn members_and_the_chat_server_write_and_nobody_else_does() {
    let (db, _) = two_tenants();
    for (identity, expected) in [
        (ACME.chat_server(), "ok"),
        (ACME.person("owner"), "ok"),
        (ACME.person("admin"), "ok"),
        (ACME.person("member"), "ok"),
        (ACME.person("viewer"), "42501"),
        (GLOBEX.person("owner"), "P0002"),
        (Identity::Service, "ok"),
        (Identity::Anon, "42501"),
    ] {
        let mut session = db.session(&identity);
        for call in calls_about_acme() {
            // Viewers read.
            let reads = call.contains("recent_messages") && expected == "42501";
            let expected = if reads && matches!(identity, Identity::User(_)) {
                "ok"
            } else {
                expected
            };
            session.run("begin");
            let outcome = session.batch_execute(&call);
            assert_eq!(code(&outcome), expected, "{identity:?} {call}");
            session.run("rollback");
        }
    }
}

#[test]
fn a_chat_server_writes_to_the_tables_through_these_functions_only() {
    let (db, _) = two_tenants();
    let mut server = server(&db);
    for sql in [
        "insert into conversations (domain_id, session_id) select id, 'a' from domains",
        "insert into messages (conversation_id, role, content) select id, 'user', 'a' from conversations",
        "update conversations set ended_at = now()",
        "update messages set content = 'a'",
        "delete from messages",
        "select frontdesk.lock_conversation(id) from conversations",
        "select frontdesk.go_on_with_conversation(domain_id, session_id, null, '{}') from conversations",
    ] {
        assert_eq!(server.refusal(sql), "42501", "{sql}");
    }
}
