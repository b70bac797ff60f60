//! A session keeps what its callers reach, and never uses it a statement too long.

mod interleavings;
mod off;
mod searches;
mod snapshots;
mod transactions;

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql};
use serde_json::json;
use uuid::Uuid;

use crate::support::two_tenants;

/// What a member of ACME sees of each kind of tenant key, or of the other tenant when it ought to see nothing.
const SEES: &str = "select (select count(*) from messages), (select count(*) from page_embeddings),
    (select count(*) from chat_telemetry), (select count(*) from organizations)";
const NOTHING: &str = "0|0|0|0";

/// A statement that takes ACME's member out.
fn removal() -> String {
    format!(
        "delete from organization_members where user_id = '{}'",
        ACME.user_id("member")
    )
}

/// Claims of a person, for a session that stays who it is.
fn claims(person: Uuid) -> String {
    let claims = json!({"sub": person, "role": "authenticated"});
    format!("select set_config('request.jwt.claims', '{claims}', false)")
}

/// Two tenants, a superuser, and ACME's member in a session that has seen ACME's rows.
fn warm_member() -> (Database, Client, frontdesk_harness::Session) {
    let (db, client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    for _ in 0..3 {
        assert_ne!(member.row(SEES), NOTHING);
    }
    (db, client, member)
}

#[test]
fn who_is_removed_sees_nothing_from_the_next_statement_on() {
    let (_db, mut client, mut member) = warm_member();
    let prepared = member.prepare("select id from messages").expect("prepare");
    assert!(!member.query(&prepared, &[]).expect("run").is_empty());
    client.run(&removal());
    assert!(member.query(&prepared, &[]).expect("run").is_empty());
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn who_is_removed_sees_nothing_also_in_an_open_transaction() {
    let (_db, mut client, mut member) = warm_member();
    member.run("begin; set transaction isolation level read committed");
    assert_ne!(member.row(SEES), NOTHING);
    client.run(&removal());
    assert_eq!(member.row(SEES), NOTHING);
    member.run("commit");
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn who_is_added_sees_everything_from_the_next_statement_on() {
    let (db, mut client) = two_tenants();
    let mut stranger = db.session(&GLOBEX.person("member"));
    let before = stranger.row("select count(distinct organization_id) from organization_members");
    client.run(&format!(
        "insert into organization_members (organization_id, user_id, role) values ('{}', '{}', 'viewer')",
        ACME.organization_id(),
        GLOBEX.user_id("member")
    ));
    assert_eq!(before, "1");
    assert_eq!(
        stranger.row("select count(distinct organization_id) from organization_members"),
        "2"
    );
}

#[test]
fn a_lower_role_counts_from_the_next_statement_on() {
    let (db, mut client) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    let change = "update organizations set name = name";
    assert_eq!(admin.execute(change, &[]).expect("change"), 1);
    client.run(&format!(
        "update organization_members set role = 'member' where user_id = '{}'",
        ACME.user_id("admin")
    ));
    assert_eq!(admin.execute(change, &[]).expect("change"), 0);
}

#[test]
fn a_domain_that_is_transferred_changes_hands_in_every_session() {
    let (db, mut client, mut member) = warm_member();
    let mut neighbour = db.session(&GLOBEX.person("viewer"));
    let mut server = db.session(&ACME.chat_server());
    let seen = |client: &mut Client| client.row("select count(*) from scraped_pages");
    assert_eq!(seen(&mut neighbour), "5");
    assert_eq!(seen(&mut server), "5");
    client.run(&format!(
        "select frontdesk.transfer_domain('acme.example', '{}')",
        GLOBEX.organization_id()
    ));
    assert_eq!(seen(&mut member), "0");
    assert_eq!(seen(&mut neighbour), "10");
    assert_eq!(seen(&mut server), "5");
    client.run("select frontdesk.rename_domain('acme.example', 'renamed.example', false)");
    assert_eq!(seen(&mut server), "0");
    assert_eq!(
        neighbour.rows("select domain from domains order by domain"),
        ["globex.example", "renamed.example"]
    );
}

#[test]
fn other_claims_on_the_same_connection_find_other_rows() {
    let (db, _client) = two_tenants();
    let mut pooled = db.session(&ACME.person("viewer"));
    let domains = "select string_agg(domain, ' ') from domains";
    for _ in 0..3 {
        for tenant in [ACME, GLOBEX] {
            pooled.run(&claims(tenant.user_id("viewer")));
            assert_eq!(pooled.row(domains), tenant.domain());
            // For one transaction, as a gateway does it.
            pooled.run("begin; set local request.jwt.claims = ''");
            assert_eq!(pooled.row(domains), "null");
            pooled.run("commit");
            assert_eq!(pooled.row(domains), tenant.domain());
        }
    }
}

#[test]
fn claims_expire_also_when_their_set_is_kept() {
    let (_db, _client, mut member) = warm_member();
    let sub = ACME.user_id("member");
    member.run(&format!(
        "select set_config('request.jwt.claims', json_build_object('sub', '{sub}', 'role', 'authenticated',
            'exp', extract(epoch from clock_timestamp()) + 1)::text, false)"
    ));
    // Kept or not yet, expired or not yet: the question is what comes after.
    member.row(SEES);
    member.run("select pg_sleep(1.1)");
    assert_eq!(member.row(SEES), NOTHING);
    member.run(&claims(sub));
    assert_ne!(member.row(SEES), NOTHING);
}

#[test]
fn deleting_an_organization_ends_what_its_people_see() {
    let (db, _client, mut member) = warm_member();
    let mut owner = db.session(&ACME.person("owner"));
    owner.run("delete from organizations");
    assert_eq!(owner.row(SEES), NOTHING);
    assert_eq!(member.row(SEES), NOTHING);
}
