//! Whatever is sent: a clear error with a code and a hint, or zero rows; and nothing half-written.

mod claims;
mod pages;

use std::collections::BTreeMap;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Identity, Sql, contents, sqlstate};

fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    (db, client)
}

/// Every row of every table, without what a refused call may leave in nobody's way.
fn state(client: &mut Client) -> BTreeMap<String, String> {
    contents(client)
}

/// The SQLSTATE of a call that is refused, with a message that says something and a hint.
fn refused(client: &mut Client, call: &str) -> String {
    let error = client.batch_execute(call).expect_err(call);
    let details = error.as_db_error().expect("an error of the server");
    assert!(
        !details.message().is_empty() && !details.message().contains("panick"),
        "{call}: {details:?}"
    );
    assert!(details.hint().is_some(), "{call}: {details:?}");
    sqlstate(&error).to_owned()
}

/// What a member may call with a domain.
const CALLS: [&str; 11] = [
    "select frontdesk.ingest_page({domain}, 'https://acme.example/', '<p>Text')",
    "select frontdesk.remove_page({domain}, 'https://acme.example/page/1')",
    "select frontdesk.hybrid_search({domain}, 'refund')",
    "select frontdesk.expand_synonyms({domain}, 'refund')",
    "select frontdesk.explain_search({domain}, 'refund')",
    "select frontdesk.judge_search({domain}, 'refund', null, '{}')",
    "select frontdesk.search_fusion({domain})",
    "select frontdesk.set_search_fusion({domain}, 'rrf')",
    "select frontdesk.tune_search({domain}, '[]')",
    "select frontdesk.unanswered_questions({domain})",
    "select frontdesk.set_synonyms({domain}, 'couch', array['sofa'])",
];

#[test]
fn a_domain_that_is_null_unknown_or_foreign() {
    let (db, mut client) = two_tenants();
    let before = state(&mut client);
    let mut member = db.session(&ACME.person("member"));
    for (domain, expected) in [
        ("null", "22004"),
        ("''", "P0002"),
        ("'nobody.example'", "P0002"),
        ("'globex.example'", "P0002"),
        ("'GLOBEX.example.'", "P0002"),
        ("'d0000000-0000-4000-8000-000000000002'", "P0002"),
        ("'c0000000-0000-4000-8000-000000000001'", "P0002"),
        ("'not a domain'", "P0002"),
        ("repeat('x.', 1000000)", "P0002"),
        ("'acme.example'' or true --'", "P0002"),
        ("'%'", "P0002"),
    ] {
        for call in CALLS {
            let call = call.replace("{domain}", domain);
            assert_eq!(refused(&mut member, &call), expected, "{call}");
        }
    }
    assert_eq!(state(&mut client), before);
}

#[test]
fn a_vector_that_cannot_be_compared() {
    let (db, _) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    for vector in [
        "'[1,2,3]'",
        "array_fill(1, array[1537])::vector",
        "array_fill(0, array[1536])::vector",
        "array_fill(1e-30, array[1536])::vector",
        "array_fill(1e30, array[1536])::vector",
    ] {
        let call = format!("select frontdesk.hybrid_search('acme.example', 'refund', {vector})");
        assert_eq!(refused(&mut member, &call), "22023", "{vector}");
    }
}

#[test]
fn a_search_for_nothing_or_for_too_much() {
    let (db, _) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    for (arguments, expected) in [
        ("null", "22004"),
        ("null, null", "22004"),
        ("'refund', match_count => 0", "22023"),
        ("'refund', match_count => -1", "22023"),
        ("'refund', match_count => 201", "22023"),
        ("'refund', match_count => null", "22004"),
        ("'refund', min_score => 1.5", "22023"),
        ("'refund', min_score => 'NaN'", "22023"),
        ("'refund', min_score => null", "22004"),
        ("'refund', fusion => 'sum'", "22023"),
        ("'refund', text_weight => -0.1", "22023"),
        ("'refund', text_weight => 'NaN'", "22023"),
        ("repeat('refund ', 20000)", "54000"),
    ] {
        let call = format!("select frontdesk.hybrid_search('acme.example', {arguments})");
        assert_eq!(refused(&mut member, &call), expected, "{arguments}");
    }
    assert_eq!(
        refused(
            &mut member,
            "select frontdesk.expand_synonyms('acme.example', repeat('refund ', 20000))"
        ),
        "54000"
    );
    // Long, but not too long: what a person pastes.
    for query in [
        "repeat('refund ', 14000)",
        "repeat('x', 100000)",
        "(select string_agg('word' || i, ' ') from generate_series(1, 9000) as i)",
    ] {
        member.run(&format!(
            "set statement_timeout = '20s'; select frontdesk.hybrid_search('acme.example', {query})"
        ));
    }
}

#[test]
fn chunk_limits_that_make_no_sense() {
    let (db, mut client) = two_tenants();
    let before = state(&mut client);
    let mut member = db.session(&ACME.person("member"));
    for (limits, expected) in [
        ("0, 0", "22023"),
        ("-1, 0", "22023"),
        ("63, 0", "22023"),
        ("32769, 0", "22023"),
        ("2147483647, 0", "22023"),
        ("100, 51", "22023"),
        ("100, 100", "22023"),
        ("100, 200", "22023"),
        ("100, -1", "22023"),
        ("null, 0", "22004"),
        ("100, null", "22004"),
    ] {
        for call in [
            format!(
                "select frontdesk.ingest_page('acme.example', 'https://acme.example/', '<p>Text', {limits})"
            ),
            format!("select frontdesk.chunk_text('Text', {limits})"),
        ] {
            assert_eq!(refused(&mut member, &call), expected, "{call}");
        }
    }
    assert_eq!(
        refused(
            &mut member,
            "select frontdesk.chunk_text('Text', format => 'pdf')"
        ),
        "22023"
    );
    assert_eq!(
        refused(
            &mut member,
            "select frontdesk.chunk_text('Text', format => null)"
        ),
        "22004"
    );
    assert_eq!(
        refused(&mut member, "select frontdesk.chunk_text(null)"),
        "22004"
    );
    assert_eq!(state(&mut client), before);
}

#[test]
fn a_role_above_ones_own() {
    let (db, mut client) = two_tenants();
    let before = state(&mut client);
    let organization = ACME.organization_id();
    for role in ["admin", "member", "viewer"] {
        let mut session = db.session(&ACME.person(role));
        let admin = ACME.user_id("admin");
        for attempt in [
            format!(
                "insert into organization_members (organization_id, user_id, role) values ('{organization}', gen_random_uuid(), 'owner')"
            ),
            format!(
                "insert into organization_members (organization_id, user_id, role) values ('{}', gen_random_uuid(), 'viewer')",
                GLOBEX.organization_id()
            ),
        ] {
            assert_eq!(session.refusal(&attempt), "42501", "{role}: {attempt}");
        }
        // An update of one's own row is refused, or reaches no row at all.
        let promotion = format!(
            "update organization_members set role = 'owner' where user_id = '{}'",
            ACME.user_id(role)
        );
        match session.execute(&promotion, &[]) {
            Ok(rows) => assert_eq!(rows, 0, "{role}"),
            Err(error) => assert_eq!(sqlstate(&error), "42501", "{role}"),
        }
        let demotion = format!(
            "update organization_members set role = 'viewer' where role = 'owner' or user_id = '{admin}' and '{role}' <> 'admin'"
        );
        assert_eq!(
            session.execute(&demotion, &[]).expect("reaches no row"),
            0,
            "{role}"
        );
    }
    assert_eq!(state(&mut client), before);
}
