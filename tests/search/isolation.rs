//! Nobody finds anything of another tenant, by words, vectors or names.

use frontdesk_harness::{Identity, Uuid, sqlstate};

use super::*;

fn two_stores() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    for (domain, mark) in [("acme.example", "acme"), ("globex.example", "globex")] {
        for page in 0..5 {
            let text = format!("Refunds of {mark} take {page} days.");
            store(
                &mut client,
                domain,
                &format!("{mark}{page}"),
                &text,
                Some("[1,0,0]"),
            );
        }
    }
    (db, client)
}

#[test]
fn everyone_finds_the_domain_that_is_asked_for_and_nothing_else() {
    let (db, _) = two_stores();
    let people = ["owner", "admin", "member", "viewer"].map(|role| ACME.person(role));
    for identity in people
        .into_iter()
        .chain([ACME.chat_server(), Identity::Service])
    {
        let mut session = db.session(&identity);
        for route in ROUTES {
            session.run(route);
            for arguments in [
                "'refunds', '[1,0,0]', 200",
                "'globex', '[1,0,0]', 200",
                "null, '[1,0,0]', 200",
            ] {
                let titles = found(&mut session, arguments);
                assert_eq!(titles.len(), 5, "{identity:?} {arguments}");
                assert!(
                    titles.iter().all(|title| title.starts_with("acme")),
                    "{identity:?} {titles:?}"
                );
            }
            assert!(found(&mut session, "'globex'").is_empty());
        }
    }
}

#[test]
fn a_foreign_domain_looks_like_an_unknown_one() {
    let (db, _) = two_stores();
    let globex = GLOBEX.domain_id().to_string();
    let nobody = Uuid::from_u128(7);
    for identity in [
        ACME.person("owner"),
        ACME.chat_server(),
        Identity::User(nobody),
    ] {
        let mut session = db.session(&identity);
        for function in ["hybrid_search", "expand_synonyms"] {
            let refusals: Vec<String> = [
                "globex.example",
                "www.GLOBEX.example",
                &globex,
                "nobody.example",
                &nobody.to_string(),
                "",
                "%",
            ]
            .iter()
            .map(|domain| {
                let error = session
                    .query(
                        &format!("select frontdesk.{function}($1, 'refund')"),
                        &[domain],
                    )
                    .expect_err("refused");
                let error_text = error.as_db_error().map(|error| {
                    format!(
                        "{} {:?} {:?}",
                        error.message(),
                        error.hint(),
                        error.detail()
                    )
                });
                assert_eq!(sqlstate(&error), "P0002", "{identity:?} {domain}");
                error_text.unwrap_or_default()
            })
            .collect();
            assert!(
                refusals.iter().all(|refusal| *refusal == refusals[0]),
                "{refusals:?}"
            );
        }
    }
}

#[test]
fn strangers_and_nobody_find_nothing() {
    let (db, _) = two_stores();
    let call = "select frontdesk.hybrid_search('acme.example', 'refund')";
    assert_eq!(
        db.session(&Identity::User(Uuid::from_u128(7)))
            .refusal(call),
        "P0002"
    );
    assert_eq!(db.session(&Identity::Anon).refusal(call), "42501");
}

#[test]
fn a_domain_that_is_switched_off_is_not_searched() {
    for table in ["domains", "customer_configs"] {
        let (db, mut client) = two_stores();
        client.run(&format!(
            "update {table} set active = false where domain = 'acme.example'"
        ));
        for identity in [ACME.person("owner"), ACME.chat_server(), Identity::Service] {
            let call = "select frontdesk.hybrid_search('acme.example', 'refund')";
            assert_eq!(db.session(&identity).refusal(call), "55000", "{identity:?}");
        }
    }
}

#[test]
fn a_domain_without_a_configuration_has_nothing_to_search_yet() {
    let (db, mut client) = two_stores();
    client.run("delete from customer_configs where domain = 'acme.example'");
    let mut member = member(&db);
    assert!(found(&mut member, "'refunds', '[1,0,0]'").is_empty());
    assert_eq!(
        member.refusal("select frontdesk.set_synonyms('acme.example', 'a', array['b'])"),
        "55000"
    );
    client.run(&format!(
        "select frontdesk.register_domain('{}', 'acme.example')",
        ACME.organization_id()
    ));
    assert_eq!(found(&mut member, "'refunds', '[1,0,0]'").len(), 5);
}

#[test]
fn another_tenants_synonyms_are_not_used() {
    let (db, mut client) = two_stores();
    client.run("select frontdesk.set_synonyms('globex.example', 'zebra', array['refunds'])");
    assert!(found(&mut member(&db), "'zebra'").is_empty());
    let own = "select count(*) from frontdesk.hybrid_search('globex.example', 'zebra')";
    assert_eq!(db.session(&GLOBEX.chat_server()).row(own), "5");
}
