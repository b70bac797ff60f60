//! Anything may stand in `request.jwt.claims`: it means somebody, or nobody, and never raises in a policy.

use super::*;

fn malformed() -> Vec<String> {
    let member = ACME.user_id("member");
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    [
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "true",
        "0",
        "\"\"",
        "{\"sub\": null}",
        "{\"sub\": 5}",
        "{\"sub\": \"\"}",
        "{\"sub\": \"not a uuid\"}",
        "{\"sub\": [\"b0000001-0000-4000-8000-000000000003\"]}",
        "{\"sub\": \"b0000001-0000-4000-8000-00000000000\"}",
        "{\"sub\": \"' or true --\"}",
        "{\"role\": \"authenticated\"}",
        "{\"role\": \"chat_server\"}",
        "{\"role\": \"chat_server\", \"domain\": null}",
        "{\"role\": \"chat_server\", \"domain\": \"\"}",
        "{\"role\": \"chat_server\", \"domain\": \"%\"}",
        "{\"role\": \"chat_server\", \"domain\": \"127.0.0.1\"}",
        "{\"role\": \"chat_server\", \"domain\": [\"acme.example\"]}",
        "{\"role\": [\"chat_server\"], \"domain\": \"acme.example\"}",
        "\u{feff}{}",
        "\u{0}",
    ]
    .iter()
    .map(|claims| claims.replace('\u{0}', "\\u0000"))
    .chain([
        deep,
        format!("{{\"sub\": \"{member}\", \"exp\": 1}}"),
        format!("{{\"sub\": \"{member}\", \"exp\": -1}}"),
        format!("{{\"sub\": \"{member}\", \"exp\": 1000000000.5}}"),
        format!("{{\"sub\": \"{member}\""),
        format!("{{\"sub\": \"{member}\"}} trailing"),
        format!("{{\"sub\": \"{}\"}}", "x".repeat(5_000_000)),
        format!("[{{\"sub\": \"{member}\"}}]"),
    ])
    .collect()
}

#[test]
fn malformed_claims_are_nobody() {
    let (db, mut client) = two_tenants();
    let before = state(&mut client);
    for claims in malformed() {
        let shown: String = claims.chars().take(80).collect();
        for role in ["authenticated", "chat_server"] {
            let mut session = db.session(&Identity::Custom {
                role,
                claims: claims.clone(),
            });
            for table in [
                "scraped_pages",
                "page_embeddings",
                "domains",
                "conversations",
                "global_synonym_mappings",
            ] {
                assert_eq!(
                    session.row(&format!("select count(*) from {table}")),
                    "0",
                    "{role} {shown} {table}"
                );
            }
            assert_eq!(session.row("select frontdesk.current_user_id() is null and frontdesk.claimed_domain() is null"), "t", "{shown}");
            let search = "select frontdesk.hybrid_search('acme.example', 'refund')";
            assert_eq!(refused(&mut session, search), "P0002", "{role} {shown}");
        }
        let mut session = db.session(&Identity::Custom {
            role: "authenticated",
            claims: claims.clone(),
        });
        for call in CALLS {
            assert_eq!(
                refused(&mut session, &call.replace("{domain}", "'acme.example'")),
                "P0002",
                "{shown}"
            );
        }
    }
    assert_eq!(state(&mut client), before);
}

#[test]
fn an_expiry_that_is_no_number_does_not_prolong_a_session() {
    let (db, _) = two_tenants();
    let member = ACME.user_id("member");
    for exp in [
        "\"1\"",
        "\"tomorrow\"",
        "null",
        "{}",
        "true",
        "[9999999999]",
    ] {
        let claims = format!("{{\"sub\": \"{member}\", \"exp\": {exp}}}");
        let mut session = db.session(&Identity::Custom {
            role: "authenticated",
            claims,
        });
        assert_eq!(
            session.row("select count(*) from scraped_pages"),
            "0",
            "{exp}"
        );
    }
    for exp in ["9999999999", "9999999999.5", "1e300"] {
        let claims = format!("{{\"sub\": \"{member}\", \"exp\": {exp}}}");
        let mut session = db.session(&Identity::Custom {
            role: "authenticated",
            claims,
        });
        assert_eq!(
            session.row("select count(*) from scraped_pages"),
            "5",
            "{exp}"
        );
    }
}

#[test]
fn what_an_earlier_transaction_left_on_the_connection_is_nobody() {
    let (db, _) = two_tenants();
    let mut session = db.session(&Identity::Anon);
    session.run("reset role; reset request.jwt.claims; set role authenticated");
    session.run(&format!(
        "begin; select set_config('request.jwt.claims', '{{\"sub\": \"{}\"}}', true); commit",
        ACME.user_id("member")
    ));
    assert_eq!(session.row("select current_setting('request.jwt.claims') = '', (select count(*) from scraped_pages)"), "t|0");
}
