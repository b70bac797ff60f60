//! Statements that look at an older state of the database: rights and rows are of one moment.

use super::*;

#[test]
fn a_repeatable_read_sees_rights_and_rows_of_one_moment() {
    let (_db, mut client, mut member) = warm_member();
    member.run("begin isolation level repeatable read");
    let before = member.row(SEES);
    client.run(&removal());
    assert_eq!(member.row(SEES), before);
    member.run("commit");
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn rights_read_in_an_old_snapshot_are_not_kept() {
    let (db, mut client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    member.run("begin isolation level repeatable read");
    // Takes the snapshot and asks for no set.
    member.row("select 1 where exists (select from pg_class)");
    client.run(&removal());
    assert_ne!(member.row(SEES), NOTHING);
    member.run("commit");
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn a_cursor_keeps_its_moment_and_the_next_statement_has_its_own() {
    let (_db, mut client, mut member) = warm_member();
    member.run("begin; declare old cursor for select count(*) from messages");
    client.run(&removal());
    assert_eq!(member.row("select count(*) from messages"), "0");
    assert_ne!(member.row("fetch old"), "0");
    assert_eq!(member.row("select count(*) from messages"), "0");
    member.run("commit");
    assert_eq!(member.row(SEES), NOTHING);
}

/// Telemetry knows its tenant by name: in an old snapshot a name that has changed hands leads to another's rows.
#[test]
fn the_new_owner_of_a_name_never_sees_the_old_owners_rows() {
    let (db, mut client) = two_tenants();
    let mut neighbour = db.session(&GLOBEX.person("owner"));
    let acmes = "select count(*) from chat_telemetry where domain = 'acme.example'";
    assert_ne!(client.row(acmes), "0");
    neighbour.run("begin isolation level repeatable read");
    assert_eq!(neighbour.row(acmes), "0");
    client.run("select frontdesk.rename_domain('acme.example', 'renamed.example', false)");
    client.run(&format!(
        "select frontdesk.register_domain('{}', 'acme.example')",
        GLOBEX.organization_id()
    ));
    assert_eq!(neighbour.row(acmes), "0");
    neighbour.run("commit");
    assert_eq!(neighbour.row(acmes), "0");
    assert!(
        neighbour
            .rows("select frontdesk.accessible_domain_names()")
            .contains(&"acme.example".to_owned())
    );
}

#[test]
fn serializable_transactions_notice_that_a_right_they_used_was_taken() {
    let (db, mut client, mut member) = warm_member();
    member.run("begin isolation level serializable");
    member.run(
        "insert into chat_telemetry (domain, session_id, model, start_time)
            values ('acme.example', 'late', 'late', now())",
    );
    let mut admin = db.superuser();
    admin.run("begin isolation level serializable");
    admin.run("select count(*) from chat_telemetry");
    admin.run(&removal());
    admin.run("commit");
    assert_eq!(member.refusal("commit"), "40001");
    assert_eq!(
        client.row("select count(*) from chat_telemetry where model = 'late'"),
        "0"
    );
}
