use frontdesk_harness::ACME;

use super::{JANE, erase, export, two_tenants};

#[test]
fn the_audit_entry_can_be_matched_by_the_receipt_alone() {
    let (db, mut client) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    let documents = [export(&mut owner, JANE), erase(&mut owner, JANE, "delete")];
    for (document, request_type) in documents.iter().zip(["export", "delete"]) {
        let text = |key: &str| document[key].as_str().expect(key).to_owned();
        let entry = owner
            .query_one(
                "select user_identifier = 'sha256:' || encode(sha256(decode($2, 'hex') || convert_to($3, 'UTF8')), 'hex'),
                    request_type, metadata ->> 'request_id', g::text
                 from gdpr_audit_log as g where id::text = $1",
                &[&text("audit_entry"), &text("salt"), &JANE],
            )
            .expect("an admin reads the entry");
        assert!(entry.get::<_, bool>(0));
        assert_eq!(entry.get::<_, String>(1), request_type);
        assert_eq!(entry.get::<_, String>(2), text("request_id"));
        assert!(!entry.get::<_, String>(3).to_lowercase().contains("jane"));
        let stored = client
            .query_one(
                "select count(*) from gdpr_audit_log as g where strpos(g::text, $1) > 0",
                &[&text("salt")],
            )
            .expect("look for the salt");
        assert_eq!(stored.get::<_, i64>(0), 0);
        assert_eq!(text("salt").len(), 32);
    }
    assert_ne!(documents[0]["salt"], documents[1]["salt"]);
}

#[test]
fn an_export_holds_no_secret_and_nobody_elses_id() {
    let (db, _) = two_tenants();
    let exported = export(&mut db.session(&ACME.person("owner")), JANE).to_string();
    assert!(exported.contains(r#""organization_invitations":[{""#));
    for foreign in [
        "secret token",
        "99999999-9999",
        "john@mail.example",
        "globex",
        "jane-phone2",
    ] {
        assert!(!exported.contains(foreign), "{foreign}");
    }
}

#[test]
fn an_export_gives_back_documents_exactly_as_they_were_stored() {
    let (db, mut client) = two_tenants();
    let deep = format!("{}7{}", "[".repeat(1000), "]".repeat(1000));
    let odd = format!(
        r#"{{"deep": {deep}, "big": 1e400, "long": 0.1234567890123456789012345678901, "text": "\" \\ \n é 💬"}}"#
    );
    client
        .execute(
            "update conversations set metadata = $1::text::jsonb where session_id = 'jane-shop'",
            &[&odd],
        )
        .expect("store");
    let same = db
        .session(&ACME.person("owner"))
        .query_one(
            "select e.row -> 'metadata' = $1::text::jsonb
             from frontdesk.gdpr_export('acme.example', 'jane-shop') as d, jsonb_array_elements(d -> 'data' -> 'conversations') as e (row)
             where e.row ->> 'session_id' = 'jane-shop'",
            &[&odd],
        )
        .expect("export");
    assert!(same.get::<_, bool>(0));
}
