use frontdesk_harness::{ACME, GLOBEX, Identity, contents, sqlstate};

use super::{JANE, two_tenants};

const CALLS: [&str; 2] = [
    "select frontdesk.gdpr_export($1, $2)",
    "select frontdesk.gdpr_erase($1, $2)",
];

#[test]
fn only_admins_owners_and_operators_may_ask() {
    let (db, mut client) = two_tenants();
    let before = contents(&mut client);
    for (identity, code) in [
        (ACME.person("viewer"), "P0002"),
        (ACME.person("member"), "P0002"),
        (GLOBEX.person("owner"), "P0002"),
        (ACME.chat_server(), "42501"),
        (Identity::Anon, "42501"),
    ] {
        for call in CALLS {
            let refused = db
                .session(&identity)
                .query(call, &[&"acme.example", &JANE])
                .expect_err("refused");
            assert_eq!(sqlstate(&refused), code, "{identity:?} {call}");
        }
    }
    assert_eq!(contents(&mut client), before);
    for identity in [
        ACME.person("admin"),
        ACME.person("owner"),
        Identity::Service,
    ] {
        for call in CALLS {
            db.session(&identity)
                .query(call, &[&"ACME.example", &JANE])
                .unwrap_or_else(|error| panic!("{identity:?}: {error}"));
        }
    }
}

#[test]
fn an_unknown_domain_and_a_foreign_one_get_the_same_answer() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for call in CALLS {
        let mut answers = ["globex.example", "nowhere.example", "not a domain"].map(|domain| {
            let refused = owner.query(call, &[&domain, &JANE]).expect_err("refused");
            refused.as_db_error().map(|error| {
                (
                    error.code().clone(),
                    error.message().to_owned(),
                    error.hint().map(str::to_owned),
                )
            })
        });
        answers.rotate_left(1);
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[1], answers[2]);
    }
}

#[test]
fn what_is_null_blank_or_unknown_is_refused_without_being_repeated() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    for (call, code) in [
        ("select frontdesk.gdpr_export(null, 'jane-phone')", "22004"),
        (
            "select frontdesk.gdpr_export('acme.example', null)",
            "22004",
        ),
        ("select frontdesk.gdpr_export('acme.example', ' ')", "22023"),
        ("select frontdesk.gdpr_erase(null, 'jane-phone')", "22004"),
        ("select frontdesk.gdpr_erase('acme.example', null)", "22004"),
        ("select frontdesk.gdpr_erase('acme.example', '')", "22023"),
        (
            "select frontdesk.gdpr_erase('acme.example', 'jane-phone', null)",
            "22004",
        ),
        (
            "select frontdesk.gdpr_erase('acme.example', 'delete', 'jane-phone')",
            "22023",
        ),
        (
            "select frontdesk.gdpr_erase('jane-phone', 'acme.example', 'delete')",
            "P0002",
        ),
    ] {
        let refused = owner.query(call, &[]).expect_err(call);
        assert_eq!(sqlstate(&refused), code, "{call}");
        let error = refused.as_db_error().expect("an error of the server");
        let texts = [
            Some(error.message()),
            error.detail(),
            error.hint(),
            error.where_(),
        ];
        assert!(
            texts.iter().flatten().all(|text| !text.contains("jane")),
            "{call}: {texts:?}"
        );
    }
}
