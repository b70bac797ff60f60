//! Retries, visitors and writers that meet.

use super::*;
use crate::support::{code, race};

#[test]
fn a_retry_gets_the_first_message_back() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let (id, _) = start(&mut server, "visit 1", "");
    let ask = adding(&id, "user", "Hello?", ", '{\"try\": 1}', 'key 1'");
    let first = server.row(&ask);
    assert!(first.ends_with("|t"), "{first}");
    assert_eq!(server.row(&ask), first.replace("|t", "|f"));
    let answer = |words: &str| adding(&id, "assistant", words, ", '{}', 'key 2'");
    server.run(&answer("Hello."));
    // The model was asked again and words its answer differently: the first one stands.
    server.run(&answer("Good morning."));
    server.run(&format!("select frontdesk.end_conversation('{id}')"));
    assert_eq!(
        server.row(&ask),
        first.replace("|t", "|f"),
        "also afterwards"
    );
    assert_eq!(
        said(&mut client, &id),
        ["user: Hello?", "assistant: Hello."]
    );
}

#[test]
fn a_key_belongs_to_one_conversation_and_no_key_to_every_message() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    for visit in ["visit 1", "visit 2"] {
        let (id, _) = start(&mut server, visit, "");
        for more in [", '{}', 'key 1'", "", ""] {
            server.run(&adding(&id, "user", "Hello?", more));
        }
        assert_eq!(said(&mut client, &id).len(), 3, "{visit}");
    }
}

#[test]
fn two_retries_at_once_add_one_message() {
    let (db, mut client) = two_tenants();
    let mut first = server(&db);
    let (id, _) = start(&mut first, "visit 1", "");
    let ask = adding(&id, "user", "Hello?", ", '{}', 'key 1'");
    assert_eq!(race(&db, &mut first, &ask, server(&db), &ask), "ok");
    assert_eq!(said(&mut client, &id).len(), 1);
}

#[test]
fn a_retry_of_a_request_that_came_to_nothing_is_the_first() {
    let (db, mut client) = two_tenants();
    let (mut first, mut second) = (server(&db), server(&db));
    let (id, _) = start(&mut first, "visit 1", "");
    let ask = adding(&id, "user", "Hello?", ", '{}', 'key 1'");
    first.run(&format!("begin; {ask}"));
    db.waits(&mut first, "rollback", &mut second, &ask)
        .expect("add it");
    assert_eq!(said(&mut client, &id).len(), 1);
}

#[test]
fn a_retry_on_an_older_snapshot_is_told_to_try_again() {
    let (db, mut client) = two_tenants();
    let (mut first, mut late) = (server(&db), server(&db));
    let (id, _) = start(&mut first, "visit 1", "");
    let ask = adding(&id, "user", "Hello?", ", '{}', 'key 1'");
    late.run("begin isolation level repeatable read; select count(*) from messages");
    first.run(&ask);
    assert_eq!(late.refusal(&ask), "40001");
    assert_eq!(said(&mut client, &id).len(), 1);
}

#[test]
fn messages_of_two_writers_stand_in_the_order_of_their_commits() {
    let (db, mut client) = two_tenants();
    let (mut first, mut second) = (server(&db), server(&db));
    let (id, _) = start(&mut first, "visit 1", "");
    // The second is older as a transaction, and still comes second.
    second.run("begin; select pg_current_xact_id_if_assigned()");
    first.run(&format!("begin; {}", adding(&id, "user", "one", "")));
    db.waits(
        &mut first,
        "commit",
        &mut second,
        &adding(&id, "user", "two", ""),
    )
    .expect("write");
    second.run("commit");
    assert_eq!(said(&mut client, &id), ["user: one", "user: two"]);
    let by_time = client.rows(&format!(
        "select content from messages where conversation_id = '{id}' order by created_at"
    ));
    assert_eq!(by_time, ["one", "two"]);
}

#[test]
fn conversations_do_not_wait_for_each_other() {
    let (db, _) = two_tenants();
    let (mut first, mut second) = (server(&db), server(&db));
    let (one, _) = start(&mut first, "visit 1", "");
    first.run(&format!("begin; {}", adding(&one, "user", "one", "")));
    second.run("set lock_timeout = '1ms'");
    let (two, _) = start(&mut second, "visit 2", "");
    second.run(&adding(&two, "user", "two", ""));
}

#[test]
fn two_first_requests_of_a_session_begin_one_conversation() {
    let (db, mut client) = two_tenants();
    let mut first = server(&db);
    let begin = |key: &str| {
        format!(
            "select frontdesk.start_conversation('acme.example', 'visit 1', null, '{{\"{key}\": 1}}')"
        )
    };
    assert_eq!(
        race(&db, &mut first, &begin("a"), server(&db), &begin("b")),
        "ok"
    );
    assert_eq!(
        client.rows("select metadata from conversations where session_id = 'visit 1'"),
        ["{\"a\": 1, \"b\": 1}"]
    );
    assert_eq!(
        race(&db, &mut first, &begin("c"), server(&db), &begin("d")),
        "ok"
    );
    assert_eq!(
        client.rows("select metadata from conversations where session_id = 'visit 1'"),
        ["{\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1}"],
        "what two write at once is all kept"
    );
}

#[test]
fn a_message_that_meets_an_erasure_is_refused_afterwards() {
    let (db, mut client) = two_tenants();
    let (id, _) = start(&mut server(&db), "visit 1", "");
    let mut admin = db.session(&ACME.person("admin"));
    let mut late = server(&db);
    admin.run("begin; select frontdesk.gdpr_erase('acme.example', 'visit 1')");
    let refused = db.waits(
        &mut admin,
        "commit",
        &mut late,
        &adding(&id, "user", "late", ""),
    );
    assert_eq!(code(&refused), "P0002");
    assert!(said(&mut client, &id).is_empty());
}

#[test]
fn an_erasure_that_meets_a_message_takes_it_along() {
    let (db, mut client) = two_tenants();
    let mut writer = server(&db);
    let (id, _) = start(&mut writer, "visit 1", "");
    writer.run(&format!("begin; {}", adding(&id, "user", "soon gone", "")));
    let mut admin = db.session(&ACME.person("admin"));
    db.waits(
        &mut writer,
        "commit",
        &mut admin,
        "select frontdesk.gdpr_erase('acme.example', 'visit 1')",
    )
    .expect("erase");
    assert!(said(&mut client, &id).is_empty());
}

#[test]
fn a_message_that_meets_the_end_of_its_conversation_is_refused() {
    let (db, mut client) = two_tenants();
    let mut first = server(&db);
    let (id, _) = start(&mut first, "visit 1", "");
    let end = format!("select frontdesk.end_conversation('{id}')");
    assert_eq!(
        race(
            &db,
            &mut first,
            &end,
            server(&db),
            &adding(&id, "user", "late", "")
        ),
        "55000"
    );
    assert!(said(&mut client, &id).is_empty());
}

#[test]
fn a_conversation_that_meets_the_removal_of_its_domain_is_refused() {
    let (db, _) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    let refused = race(
        &db,
        &mut admin,
        "select frontdesk.remove_domain('acme.example')",
        server(&db),
        "select frontdesk.start_conversation('acme.example', 'visit 1')",
    );
    assert_eq!(refused, "P0002");
}
