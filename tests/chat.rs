//! Conversations: a turn is written once, in order, by those who may, and by nobody else.

mod concurrency;
mod refusals;
mod rights;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Session, Sql};

use crate::support::two_tenants;

/// The chat server of ACME.
fn server(db: &Database) -> Session {
    db.session(&ACME.chat_server())
}

/// `conversation_id|is_new` of a session of ACME's visitor.
fn start(client: &mut Client, session: &str, more: &str) -> (String, bool) {
    let row = client.row(&format!(
        "select conversation_id, is_new from frontdesk.start_conversation('acme.example', '{session}'{more})"
    ));
    let (id, is_new) = row.split_once('|').expect("two columns");
    (id.to_owned(), is_new == "t")
}

/// The call that adds a message; `more` are further arguments.
fn adding(conversation: &str, role: &str, content: &str, more: &str) -> String {
    format!(
        "select message_id, is_new from frontdesk.add_message('{conversation}', '{role}', '{content}'{more})"
    )
}

/// `role: content` of the messages of a conversation in their order.
fn said(client: &mut Client, conversation: &str) -> Vec<String> {
    client.rows(&format!(
        "select role || ': ' || content from messages where conversation_id = '{conversation}' order by ordinal"
    ))
}

#[test]
fn a_chat_server_runs_a_whole_turn_alone() {
    let (db, mut client) = two_tenants();
    client.run(
        "update customer_configs set allowed_origins = array['https://acme.example'], rate_limit = 10",
    );
    let mut server = server(&db);
    let check = |server: &mut Session, sql: &str| assert_eq!(server.row(sql), "t", "{sql}");
    check(
        &mut server,
        "select frontdesk.check_origin('acme.example', 'https://acme.example')",
    );
    check(
        &mut server,
        "select allowed from frontdesk.check_rate_limit('acme.example', 'visit 1')",
    );
    server.run("select frontdesk.check_quota('acme.example')");
    let (conversation, is_new) = start(&mut server, "visit 1", "");
    assert!(is_new);
    server.run(&adding(
        &conversation,
        "user",
        "How long does a refund take?",
        ", '{}', 'question 1'",
    ));
    let cached = "select cache_key, results is null from frontdesk.cache_get('acme.example', 'How long does a refund take?')";
    let row = server.row(cached);
    let key = row.strip_suffix("|t").expect("nothing is cached yet");
    let found = server.rows(
        "select chunk_text from frontdesk.hybrid_search('acme.example', 'How long does a refund take?')",
    );
    assert!(found.iter().any(|text| text.starts_with("Refunds of acme")));
    check(
        &mut server,
        &format!("select frontdesk.cache_put('acme.example', '{key}', '{{\"answer\": 1}}')"),
    );
    server.run(&adding(
        &conversation,
        "assistant",
        "Three days.",
        ", '{\"chunks\": 1}', 'answer 1'",
    ));
    let told = server.rows(&format!(
        "select role, content, metadata from frontdesk.recent_messages('{conversation}')"
    ));
    assert_eq!(
        told,
        [
            "user|How long does a refund take?|{}",
            "assistant|Three days.|{\"chunks\": 1}"
        ]
    );
    check(
        &mut server,
        &format!("select frontdesk.end_conversation('{conversation}')"),
    );
    let written = client.row(&format!(
        "select c.domain_id, c.session_id, c.ended_at is not null, count(distinct m.domain_id), min(m.domain_id::text)
         from conversations as c join messages as m on m.conversation_id = c.id
         where c.id = '{conversation}' group by c.id"
    ));
    let acme = ACME.domain_id();
    assert_eq!(written, format!("{acme}|visit 1|t|1|{acme}"));
}

#[test]
fn a_session_goes_on_with_its_conversation_until_that_ends() {
    let (db, _) = two_tenants();
    let mut server = server(&db);
    let (first, _) = start(&mut server, "visit 1", "");
    assert_eq!(start(&mut server, "visit 1", ""), (first.clone(), false));
    let (other, is_new) = start(&mut server, "visit 2", "");
    assert!(is_new && other != first, "another session");
    let end =
        format!("select frontdesk.end_conversation('{first}', '{{\"closed_by\": \"visitor\"}}')");
    assert_eq!(server.rows(&end), ["t"]);
    assert_eq!(server.rows(&end), ["f"], "once");
    let (next, is_new) = start(&mut server, "visit 1", "");
    assert!(is_new && next != first);
    assert_eq!(
        server.row(&format!(
            "select metadata from conversations where id = '{first}'"
        )),
        "{\"closed_by\": \"visitor\"}"
    );
}

#[test]
fn sessions_of_the_same_name_on_two_domains_have_nothing_in_common() {
    let (db, _) = two_tenants();
    let (acme, _) = start(&mut server(&db), "visit 1", "");
    let globex = db.session(&GLOBEX.chat_server()).row(
        "select conversation_id, is_new from frontdesk.start_conversation('globex.example', 'visit 1')",
    );
    assert!(globex.ends_with("|t") && !globex.contains(&acme));
}

#[test]
fn metadata_is_merged_key_by_key() {
    let (db, mut client) = two_tenants();
    let mut server = server(&db);
    let (id, _) = start(
        &mut server,
        "visit 1",
        ", null, '{\"page\": \"/\", \"plan\": 1}'",
    );
    start(
        &mut server,
        "visit 1",
        ", null, '{\"plan\": 2, \"campaign\": \"tea\"}'",
    );
    let kept = format!("select metadata, xmin from conversations where id = '{id}'");
    let row = client.row(&kept);
    assert!(
        row.starts_with("{\"page\": \"/\", \"plan\": 2, \"campaign\": \"tea\"}|"),
        "{row}"
    );
    start(&mut server, "visit 1", ", null, '{\"plan\": 2}'");
    assert_eq!(
        client.row(&kept),
        row,
        "nothing is written when nothing changes"
    );
}

#[test]
fn a_customer_who_signs_in_keeps_the_conversation_and_another_one_does_not_see_it() {
    let (db, _) = two_tenants();
    let mut server = server(&db);
    let [jane, john] = ["1", "2"].map(|n| format!(", '00000000-0000-4000-8000-00000000000{n}'"));
    let (anonymous, _) = start(&mut server, "visit 1", "");
    assert_eq!(
        start(&mut server, "visit 1", &jane),
        (anonymous.clone(), false)
    );
    let (johns, is_new) = start(&mut server, "visit 1", &john);
    assert!(is_new && johns != anonymous);
    assert_eq!(start(&mut server, "visit 1", &jane), (anonymous, false));
}

#[test]
fn recent_messages_are_the_newest_that_fit_and_come_in_their_order() {
    let (db, _) = two_tenants();
    let mut server = server(&db);
    let (id, _) = start(&mut server, "visit 1", "");
    // 5, 6, 7, 8 characters; the emoji is one of them and several tokens.
    for text in ["first", "second", "thirdly", "the last"] {
        server.run(&adding(&id, "user", text, ""));
    }
    let recent = |server: &mut Session, limits: &str| {
        server.rows(&format!(
            "select content from frontdesk.recent_messages('{id}'{limits})"
        ))
    };
    let all = ["first", "second", "thirdly", "the last"];
    assert_eq!(recent(&mut server, ""), all);
    for (limits, count) in [
        (", 3", 3),
        (", 1", 1),
        (", 1000", 4),
        (", budget => 26", 4),
        (", budget => 25", 3),
        (", budget => 21", 3),
        (", budget => 8", 1),
        (", budget => 7", 0),
        (", 2, 1000", 2),
        (", budget => 2, unit => 'tokens'", 1),
        (", budget => 1, unit => 'tokens'", 0),
        (", budget => 1000, unit => 'tokens'", 4),
    ] {
        assert_eq!(recent(&mut server, limits), all[4 - count..], "{limits}");
    }
}

#[test]
fn a_text_is_measured_in_characters_and_in_tokens() {
    let (db, _) = two_tenants();
    let mut server = server(&db);
    for (text, characters, tokens) in [("", 0, 0), ("hello world", 11, 2), ("\u{1F9CB}", 1, 3)] {
        let sizes = server.row(&format!(
            "select frontdesk.text_size('{text}'), frontdesk.text_size('{text}', 'tokens')"
        ));
        assert_eq!(sizes, format!("{characters}|{tokens}"), "{text}");
    }
}
