//! When changes are not announced, or the extension comes and goes.

use super::*;

#[test]
fn nothing_is_kept_while_the_triggers_are_off() {
    let (_db, mut client, mut member) = warm_member();
    client.run("alter table organization_members disable trigger user");
    assert_ne!(member.row(SEES), NOTHING);
    client.run(&removal());
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn a_trigger_that_fires_only_for_local_changes_is_not_relied_on() {
    let (_db, mut client, mut member) = warm_member();
    client.run("alter table organization_members enable trigger announce_access_change");
    assert_ne!(member.row(SEES), NOTHING);
    client.run(&format!(
        "set session_replication_role = replica; {}; reset session_replication_role",
        removal()
    ));
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn changes_that_another_server_sent_are_announced() {
    let (_db, mut client, mut member) = warm_member();
    client.run(&format!(
        "set session_replication_role = replica; {}; reset session_replication_role",
        removal()
    ));
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn a_truncation_is_announced() {
    for by in ["replica", "origin"] {
        let (_db, mut client, mut member) = warm_member();
        client.run(&format!("set session_replication_role = {by}"));
        client.run("truncate organization_members");
        assert_eq!(member.row(SEES), NOTHING);
    }
}

#[test]
fn rows_of_a_table_that_inherits_are_not_relied_on() {
    let (_db, mut client, mut member) = warm_member();
    client.run(&format!(
        "create table further_members () inherits (organization_members);
         with moved as ({} returning *) insert into further_members select * from moved",
        removal()
    ));
    assert_ne!(member.row(SEES), NOTHING);
    client.run("delete from only further_members");
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn installing_again_leaves_a_trigger_that_is_switched_off() {
    let (_db, mut client) = two_tenants();
    let states =
        "select distinct tgenabled from pg_trigger where tgname like 'announce_%' order by 1";
    assert_eq!(client.rows(states), ["A"]);
    client.run("alter table domains disable trigger announce_truncation");
    client.run("select frontdesk.install_schema()");
    assert_eq!(client.rows(states), ["A", "D"]);
}

#[test]
fn a_session_survives_the_extension_being_made_anew() {
    let (db, mut client) = two_tenants();
    let mut other = db.superuser();
    let as_member = format!("{}; set role authenticated", claims(ACME.user_id("member")));
    other.run(&as_member);
    assert_ne!(other.row(SEES), NOTHING);
    other.run("reset role; drop extension frontdesk cascade; create extension frontdesk; set role authenticated");
    assert_ne!(other.row(SEES), NOTHING);
    assert_ne!(other.row(SEES), NOTHING);
    client.run(&removal());
    assert_eq!(other.row(SEES), NOTHING);
}
