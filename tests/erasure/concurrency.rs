use std::thread;
use std::time::Duration;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database};

use super::{JANE, erase, two_tenants};

/// Waits until some session of the database waits for a lock.
fn wait_for_a_waiter(client: &mut Client) {
    let sql = "select exists (select from pg_locks as l join pg_stat_activity as a using (pid)
        where not l.granted and a.datname = current_database())";
    for _ in 0..500 {
        if client
            .query_one(sql, &[])
            .expect("look at the locks")
            .get(0)
        {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("nobody waits");
}

/// Erases Jane while a visitor's turn is being written; what the turn wrote, and what erasure counted.
fn erase_during_a_turn(db: &Database, mode: &'static str) -> serde_json::Value {
    let mut visitor = db.superuser();
    visitor
        .batch_execute(
            "begin;
             insert into messages (conversation_id, role, content)
             select id, 'user', 'one more thing' from conversations where session_id = 'jane-shop' and domain_id = (select id from domains where domain = 'acme.example');
             insert into chat_telemetry (session_id, conversation_id, model, start_time, domain)
             select 'another session', id, 'a model', now(), 'acme.example' from conversations where session_id = 'jane-shop'
                and domain_id = (select id from domains where domain = 'acme.example')",
        )
        .expect("write a turn");
    thread::scope(|scope| {
        let erasing = scope
            .spawn(|| erase(&mut db.session(&ACME.person("owner")), JANE, mode)["counts"].clone());
        wait_for_a_waiter(&mut db.superuser());
        visitor.batch_execute("commit").expect("finish the turn");
        erasing.join().expect("erase")
    })
}

#[test]
fn a_message_written_meanwhile_goes_too_and_is_counted() {
    let (db, mut client) = two_tenants();
    let counts = erase_during_a_turn(&db, "delete");
    assert_eq!(
        (&counts["messages"], &counts["chat_telemetry"]),
        (&9.into(), &7.into())
    );
    let left = "select count(*) from messages where content = 'one more thing'";
    assert_eq!(
        client.query_one(left, &[]).expect("count").get::<_, i64>(0),
        0
    );
}

#[test]
fn a_request_written_meanwhile_is_anonymized_and_not_lost() {
    let (db, mut client) = two_tenants();
    let counts = erase_during_a_turn(&db, "anonymize");
    assert_eq!(
        (&counts["messages"], &counts["chat_telemetry"]),
        (&9.into(), &7.into())
    );
    let kept = "select count(*) from chat_telemetry where session_id like 'anonymized-%'";
    assert_eq!(
        client.query_one(kept, &[]).expect("count").get::<_, i64>(0),
        7
    );
}
