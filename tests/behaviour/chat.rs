//! Messages are filed under their conversation's domain.

use frontdesk_harness::{ACME, GLOBEX, Sql, sqlstate};

use super::{SERIALIZATION_FAILURE, two_tenants};

/// The domains that the messages of ACME's conversation are filed under.
const FILED: &str = "select distinct m.domain_id from messages as m join conversations as c on c.id = m.conversation_id
    where c.session_id = 'session of acme'";

const WRITE: &str = "insert into messages (conversation_id, role, content)
    select id, 'user', 'late' from conversations where session_id = 'session of acme'";

/// An UPDATE that moves ACME's conversation to GLOBEX.
fn move_away() -> String {
    format!(
        "update conversations set domain_id = '{}' where session_id = 'session of acme'",
        GLOBEX.domain_id()
    )
}

#[test]
fn a_message_is_filed_under_its_conversations_domain_whatever_is_given() {
    let (_db, mut client) = two_tenants();
    client.run("delete from messages");
    client.run(&format!(
        "insert into messages (conversation_id, role, content, domain_id) values ('{}', 'user', 'hello', '{}')",
        ACME.conversation_id(),
        GLOBEX.domain_id()
    ));
    assert_eq!(client.row(FILED), ACME.domain_id().to_string());
    for forged in [format!("'{}'", GLOBEX.domain_id()), "null".into()] {
        client.run(&format!("update messages set domain_id = {forged}"));
        assert_eq!(client.row(FILED), ACME.domain_id().to_string());
    }
}

#[test]
fn messages_follow_their_conversation_to_another_domain() {
    let (_db, mut client) = two_tenants();
    client.run(&move_away());
    assert_eq!(client.row(FILED), GLOBEX.domain_id().to_string());
}

#[test]
fn a_message_follows_to_another_conversation() {
    let (_db, mut client) = two_tenants();
    client.run(&format!(
        "update messages set conversation_id = '{}'",
        ACME.conversation_id()
    ));
    assert_eq!(client.row(FILED), ACME.domain_id().to_string());
}

#[test]
fn a_message_written_while_its_conversation_moves_goes_along() {
    let (db, mut client) = two_tenants();
    let (mut mover, mut writer) = (db.superuser(), db.superuser());
    writer.run(&format!("begin; {WRITE}"));
    db.waits(&mut writer, "commit", &mut mover, &move_away())
        .expect("move the conversation");
    assert_eq!(client.row(FILED), GLOBEX.domain_id().to_string());

    let back = move_away().replace(
        &GLOBEX.domain_id().to_string(),
        &ACME.domain_id().to_string(),
    );
    mover.run(&format!("begin; {back}"));
    db.waits(&mut mover, "commit", &mut writer, WRITE)
        .expect("write the message");
    assert_eq!(client.row(FILED), ACME.domain_id().to_string());
}

#[test]
fn on_an_old_snapshot_no_message_is_filed_under_a_domain_that_the_conversation_has_left() {
    let (db, mut client) = two_tenants();
    let mut late = db.superuser();
    late.run("begin isolation level repeatable read");
    late.row("select count(*) from domains");
    client.run(&move_away());
    let refused = late.batch_execute(WRITE).expect_err("refused");
    assert_eq!(sqlstate(&refused), SERIALIZATION_FAILURE);
}

#[test]
fn nothing_moves_to_another_domain_on_an_old_snapshot() {
    for isolation in ["repeatable read", "serializable"] {
        let (_db, mut client) = two_tenants();
        for (table, tenant) in [
            ("conversations", GLOBEX.domain_id()),
            ("scraped_pages", GLOBEX.domain_id()),
            ("widget_configs", GLOBEX.config_id()),
        ] {
            let column = if table == "widget_configs" {
                "customer_config_id"
            } else {
                "domain_id"
            };
            client.run(&format!("begin isolation level {isolation}"));
            let refused = client.refusal(&format!("update {table} set {column} = '{tenant}'"));
            assert_eq!(refused, "55000", "{table}");
            client.run("rollback");
        }
    }
}
