use frontdesk_harness::Uuid;
use serde_json::{Value, json};

use super::*;

fn add(client: &mut Client, input: &str, output: &str) -> Uuid {
    let sql = "select frontdesk.add_training_data('acme.example', ' answer ', $1, $2, '{\"source\": \"chat\"}')";
    client
        .query_one(sql, &[&input, &output])
        .expect("add an example")
        .get(0)
}

fn export(client: &mut Client, arguments: &str) -> Vec<Value> {
    let sql = format!("select frontdesk.export_training_data({arguments})");
    let lines = client.query(&sql, &[]).expect("export");
    let lines = lines.iter().map(|row| row.get::<_, String>(0));
    lines
        .map(|line| {
            assert!(!line.contains('\n'), "one line: {line}");
            serde_json::from_str(&line).expect("JSON")
        })
        .collect()
}

#[test]
fn examples_are_exported_as_lines_of_conversations() {
    let (db, mut client) = two_tenants();
    let awkward = "Two\nlines, \"quotes\", a \\, a tab\t and \u{1f600} \u{2028}";
    add(&mut db.session(&ACME.person("admin")), awkward, "Yes.");
    client
        .execute("insert into training_data (domain, type, input_text, output_text) values ('acme.example', 'tone', 'a', 'b')", &[])
        .expect("another type");
    let pair = |input: &str, output: &str| json!({"messages": [{"role": "user", "content": input}, {"role": "assistant", "content": output}]});
    let mut owner = db.session(&ACME.person("owner"));
    let first = pair("When do you open?", "At nine, says acme.");
    assert_eq!(
        export(&mut owner, "'acme.example'"),
        [first.clone(), pair(awkward, "Yes."), pair("a", "b")]
    );
    assert_eq!(
        export(&mut owner, "'acme.example', 'answer'"),
        [first, pair(awkward, "Yes.")]
    );
    assert_eq!(
        export(&mut owner, "'acme.example', 'nothing'"),
        Vec::<Value>::new()
    );
}

#[test]
fn people_change_their_own_examples_while_they_are_pending() {
    let (db, mut client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    let id = add(&mut member, "in", "out");
    let row = format!(
        "select concat_ws('|', type, input_text, output_text, metadata, status, user_id) from training_data where id = '{id}'"
    );
    assert_eq!(
        outcome(
            &mut member,
            &format!("update_training_data('{id}', output_text => 'better')")
        ),
        "ok"
    );
    let expected = format!(
        r#"answer|in|better|{{"source": "chat"}}|pending|{}"#,
        ACME.user_id("member")
    );
    assert_eq!(one(&mut client, &row), Some(expected));
    assert_eq!(
        outcome(
            &mut member,
            &format!("update_training_data('{id}', 'new in', 'new out', 'tone', '{{}}')")
        ),
        "ok"
    );
    for blank in ["''", "' '"] {
        assert_eq!(
            outcome(
                &mut member,
                &format!("update_training_data('{id}', {blank})")
            ),
            "22023"
        );
    }

    // Somebody else's, another tenant's and none at all are the same.
    for identity in [ACME.person("owner"), GLOBEX.person("member")] {
        let mut other = db.session(&identity);
        for call in ["update_training_data({}, 'x')", "remove_training_data({})"] {
            for id in [id, Uuid::from_u128(404)] {
                assert_eq!(
                    outcome(&mut other, &call.replace("{}", &format!("'{id}'"))),
                    "P0002",
                    "{identity:?} {call}"
                );
            }
        }
    }

    client
        .execute(
            "update training_data set status = 'processed' where id = $1",
            &[&id],
        )
        .expect("process");
    assert_eq!(
        outcome(&mut member, &format!("update_training_data('{id}', 'x')")),
        "55000"
    );
    client
        .execute(
            "update organization_members set role = 'viewer' where user_id = $1",
            &[&ACME.user_id("member")],
        )
        .expect("demote");
    client
        .execute(
            "update training_data set status = 'pending' where id = $1",
            &[&id],
        )
        .expect("pending again");
    assert_eq!(
        outcome(&mut member, &format!("update_training_data('{id}', 'x')")),
        "42501"
    );
    assert_eq!(
        outcome(&mut member, &format!("remove_training_data('{id}')")),
        "42501"
    );
    client
        .execute(
            "update organization_members set role = 'member' where user_id = $1",
            &[&ACME.user_id("member")],
        )
        .expect("promote");
    assert_eq!(
        outcome(&mut member, &format!("remove_training_data('{id}')")),
        "ok"
    );
    assert_eq!(
        outcome(&mut member, &format!("remove_training_data('{id}')")),
        "P0002"
    );
}

#[test]
fn a_new_classification_keeps_the_words_of_the_business() {
    let (db, mut client) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    for call in [
        r#"set_business_terminology('acme.example', '{"entity": "dish"}')"#,
        "set_business_classification('acme.example', ' Restaurant ', 0.75, array['menu'])",
    ] {
        assert_eq!(outcome(&mut admin, call), "ok", "{call}");
    }
    let row = "select concat_ws('|', business_type, confidence, indicators, entity_terminology) from business_classifications
        where domain_id = 'c0000000-0000-4000-8000-000000000001'";
    assert_eq!(
        one(&mut client, row).as_deref(),
        Some(r#"restaurant|0.75|{menu}|{"entity": "dish"}"#)
    );
}

#[test]
fn words_may_come_before_the_kind_of_business() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute("delete from business_classifications")
        .expect("nothing is known");
    let mut member = db.session(&ACME.person("member"));
    assert_eq!(
        outcome(
            &mut member,
            r#"set_business_terminology('acme.example', '{"entity": "course"}')"#
        ),
        "ok"
    );
    let row = "select business_type || entity_terminology from business_classifications";
    assert_eq!(
        one(&mut client, row).as_deref(),
        Some(r#"other{"entity": "course"}"#)
    );
}

#[test]
fn there_is_one_cost_alert_of_each_type() {
    let (db, mut client) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    for call in [
        "set_cost_alert('acme.example', 'daily', 2.5)",
        "set_cost_alert('acme.example', 'per_request', 0)",
    ] {
        assert_eq!(outcome(&mut admin, call), "ok", "{call}");
    }
    let alerts = "select string_agg(domain || ' ' || alert_type || ' ' || threshold_usd, ', ' order by domain, alert_type)
        from chat_cost_alerts";
    assert_eq!(
        one(&mut client, alerts).as_deref(),
        Some("acme.example daily 2.5, acme.example per_request 0, globex.example daily 5")
    );
}
