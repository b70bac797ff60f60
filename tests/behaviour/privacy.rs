//! The audit log only grows, and each entry knows its organization.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, GLOBEX, Identity, Sql};

use super::{NOT_ALLOWED, two_tenants};

/// Everything that would change or remove an entry, or might.
const CHANGES: [&str; 9] = [
    "update gdpr_audit_log set action_taken = 'nothing'",
    "update gdpr_audit_log set action_taken = 'nothing' where false",
    "delete from gdpr_audit_log",
    "delete from gdpr_audit_log where domain = 'acme.example'",
    "truncate gdpr_audit_log",
    "truncate gdpr_audit_log, demo_attempts cascade",
    "insert into gdpr_audit_log (id, domain, request_type, user_identifier, action_taken)
     select id, domain, request_type, user_identifier, action_taken from gdpr_audit_log
     on conflict (id) do update set action_taken = 'nothing'",
    "merge into gdpr_audit_log as a using gdpr_audit_log as b on a.id = b.id
     when matched then update set action_taken = 'nothing'",
    "merge into gdpr_audit_log as a using gdpr_audit_log as b on a.id = b.id when matched then delete",
];

fn refused_all(client: &mut Client) {
    for change in CHANGES {
        assert_eq!(client.refusal(change), NOT_ALLOWED, "{change}");
    }
}

#[test]
fn not_even_a_superuser_changes_or_removes_an_entry() {
    let (_db, mut client) = two_tenants();
    let before = client.rows("select * from gdpr_audit_log");
    refused_all(&mut client);
    assert_eq!(client.rows("select * from gdpr_audit_log"), before);
}

#[test]
fn nor_do_the_tables_owner_and_the_back_office() {
    let (db, mut client) = two_tenants();
    client.run("set role frontdesk_owner");
    refused_all(&mut client);
    refused_all(&mut db.session(&Identity::Service));
}

#[test]
fn nor_does_an_organizations_owner() {
    let (db, _) = two_tenants();
    refused_all(&mut db.session(&ACME.person("owner")));
}

/// An INSERT of an entry.
fn entry(domain: &str, organization: &str) -> String {
    format!(
        "insert into gdpr_audit_log (domain, request_type, user_identifier, action_taken, organization_id)
         values ('{domain}', 'access', 'a pseudonym', 'answered', {organization}) returning domain, organization_id"
    )
}

#[test]
fn an_entry_belongs_to_the_organization_that_holds_the_name_whatever_is_given() {
    let (_db, mut client) = two_tenants();
    let globex = format!("'{}'", GLOBEX.organization_id());
    for given in ["null", &globex] {
        let written = client.row(&entry("HTTPS://www.Acme.example/", given));
        let expected = format!("acme.example|{}", ACME.organization_id());
        assert_eq!(written, expected);
    }
}

#[test]
fn an_entry_about_a_name_without_organization_belongs_to_nobody() {
    let (_db, mut client) = two_tenants();
    client.run("insert into domains (domain) values ('free.example')");
    let globex = format!("'{}'", GLOBEX.organization_id());
    let written = client.row(&entry("free.example", &globex));
    assert_eq!(written, "free.example|null");
}

#[test]
fn an_entry_about_a_name_that_nobody_holds_keeps_what_is_given() {
    let (_db, mut client) = two_tenants();
    let acme = ACME.organization_id();
    let written = client.row(&entry("gone.example", &format!("'{acme}'")));
    assert_eq!(written, format!("gone.example|{acme}"));
    let written = client.row(&entry("no host name", "null"));
    assert_eq!(written, "no host name|null");
}

#[test]
fn an_entry_stays_with_its_organization_when_the_name_changes_hands() {
    let (_db, mut client) = two_tenants();
    client.run(
        "delete from domains where domain = 'acme.example'; delete from customer_configs where domain = 'acme.example'",
    );
    client.run(&format!(
        "insert into domains (domain, organization_id) values ('acme.example', '{}')",
        GLOBEX.organization_id()
    ));
    let organization = "select organization_id from gdpr_audit_log where domain = 'acme.example'";
    assert_eq!(client.row(organization), ACME.organization_id().to_string());
}
