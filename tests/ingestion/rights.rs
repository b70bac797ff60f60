//! Members write pages; nobody else does.

use super::*;
use frontdesk_harness::{Identity, Uuid, sqlstate};

/// SQLSTATE and message of a call that is refused.
fn refusal(client: &mut Client, sql: &str) -> (String, String) {
    let error = client.batch_execute(sql).expect_err("refused");
    let message = error.as_db_error().map(|error| error.message().to_owned());
    (sqlstate(&error).to_owned(), message.unwrap_or_default())
}

fn calls() -> [String; 2] {
    [
        ingest_call(URL, "<p>Help", ""),
        format!("select frontdesk.remove_page('acme.example', '{URL}')"),
    ]
}

#[test]
fn members_admins_owners_and_operators_write_pages() {
    let (db, _) = two_tenants();
    for identity in [
        ACME.person("member"),
        ACME.person("admin"),
        ACME.person("owner"),
        Identity::Service,
    ] {
        let mut session = db.session(&identity);
        assert!(
            ingest(&mut session, "<p>Help").starts_with("inserted"),
            "{identity:?}"
        );
        assert_eq!(
            session.row(&format!(
                "select frontdesk.remove_page('{}', '{URL}')",
                ACME.domain_id()
            )),
            "t"
        );
    }
}

#[test]
fn viewers_and_strangers_learn_nothing_of_a_domain_they_may_not_write() {
    let (db, mut client) = two_tenants();
    ingest(&mut member(&db), "<p>Here before");
    let before = row_versions(&mut client);
    let stranger = Identity::User(Uuid::from_u128(7));
    for identity in [ACME.person("viewer"), stranger, GLOBEX.person("owner")] {
        let mut session = db.session(&identity);
        for call in calls() {
            let unknown = refusal(
                &mut session,
                &call.replace("acme.example", "nobody.example"),
            );
            assert_eq!(unknown.0, "P0002");
            assert_eq!(refusal(&mut session, &call), unknown, "{identity:?}");
        }
    }
    assert_eq!(row_versions(&mut client), before);
}

#[test]
fn a_chat_server_and_anybody_else_may_not_even_call() {
    let (db, mut client) = two_tenants();
    let before = row_versions(&mut client);
    for identity in [ACME.chat_server(), Identity::Anon] {
        let mut session = db.session(&identity);
        for call in calls() {
            assert_eq!(session.refusal(&call), "42501", "{identity:?}");
        }
    }
    assert_eq!(row_versions(&mut client), before);
}

#[test]
fn a_domain_that_is_switched_off_takes_no_pages_but_gives_them_up() {
    for table in ["domains", "customer_configs"] {
        let (db, mut client) = two_tenants();
        let mut member = member(&db);
        ingest(&mut member, "<p>Help");
        client.run(&format!(
            "update {table} set active = false where domain = 'acme.example'"
        ));
        assert_eq!(member.refusal(&ingest_call(URL, "<p>Changed", "")), "55000");
        assert_eq!(
            client.row(&format!(
                "select content from scraped_pages where url = '{URL}'"
            )),
            "Help"
        );
        assert_eq!(
            member.row(&format!(
                "select frontdesk.remove_page('acme.example', '{URL}')"
            )),
            "t"
        );
    }
}
