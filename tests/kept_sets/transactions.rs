//! What a transaction changes itself.

use super::*;

/// Gives the superuser's session the member's claims, so that it may change memberships and ask as the member.
fn member_who_may_change() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    client.run(&claims(ACME.user_id("member")));
    (db, client)
}

const OWN: &str = "select cardinality(frontdesk.accessible_domain_id_array())";

#[test]
fn an_own_change_counts_at_once_and_not_after_a_rollback() {
    let (_db, mut client) = member_who_may_change();
    assert_eq!(client.row(OWN), "1");
    client.run(&format!("begin; {}", removal()));
    assert_eq!(client.row(OWN), "0");
    client.run("rollback");
    assert_eq!(client.row(OWN), "1");
}

#[test]
fn a_rollback_to_a_savepoint_takes_the_change_back() {
    let (_db, mut client) = member_who_may_change();
    assert_eq!(client.row(OWN), "1");
    client.run(&format!("begin; savepoint before; {}", removal()));
    assert_eq!(client.row(OWN), "0");
    client.run("rollback to before");
    assert_eq!(client.row(OWN), "1");
    client.run(&format!(
        "savepoint again; {}; release savepoint again",
        removal()
    ));
    assert_eq!(client.row(OWN), "0");
    client.run("commit");
    assert_eq!(client.row(OWN), "0");
}

#[test]
fn an_error_in_a_block_takes_the_change_back() {
    let (_db, mut client) = member_who_may_change();
    client.run("begin");
    client.run(&format!(
        "do $$ begin
            {};
            assert cardinality(frontdesk.accessible_domain_id_array()) = 0;
            raise division_by_zero;
        exception when division_by_zero then
            assert cardinality(frontdesk.accessible_domain_id_array()) = 1;
        end $$",
        removal()
    ));
    assert_eq!(client.row(OWN), "1");
    client.run("commit");
    assert_eq!(client.row(OWN), "1");
}

#[test]
fn a_trigger_sees_the_change_that_it_follows() {
    let (_db, mut client) = member_who_may_change();
    client.run(
        "create table noted (sets integer);
        -- From Postgres 18 on a cascade's triggers run as the owner of the table.
        grant insert on noted to public;
        create function note() returns trigger language plpgsql as $$
        begin
            insert into noted values (cardinality(frontdesk.accessible_domain_id_array()));
            return null;
        end $$;
        -- First by name of the table's own triggers, and one on the table whose deletion cascades.
        create trigger \"!note\" after delete on organization_members for each row execute function note();
        create trigger \"~note\" after delete on organizations for each row execute function note()",
    );
    assert_eq!(client.row(OWN), "1");
    client.run("delete from organizations where slug = 'acme'");
    assert_eq!(client.rows("select distinct sets from noted"), ["0"]);
}

#[test]
fn what_others_have_not_committed_does_not_count() {
    let (_db, mut client, mut member) = warm_member();
    client.run(&format!("begin; {}", removal()));
    for _ in 0..3 {
        assert_ne!(member.row(SEES), NOTHING);
    }
    client.run("rollback");
    assert_ne!(member.row(SEES), NOTHING);
    client.run(&format!("begin; {}", removal()));
    assert_ne!(member.row(SEES), NOTHING);
    client.run("commit");
    assert_eq!(member.row(SEES), NOTHING);
}

#[test]
fn a_change_is_announced_whatever_was_rolled_back_before_it() {
    let (_db, mut client, mut member) = warm_member();
    let other = removal().replace(
        &ACME.user_id("member").to_string(),
        &ACME.user_id("viewer").to_string(),
    );
    for before in [
        format!("savepoint s; {other}; rollback to s"),
        format!("savepoint s; {other}; rollback to s; savepoint t; {other}; release t"),
        format!("{other}; savepoint s; {other}; rollback to s"),
        format!(
            "do $$ begin {other}; raise division_by_zero; exception when others then null; end $$"
        ),
    ] {
        client.run(&format!("begin; {before}; {}; commit", removal()));
        assert_eq!(member.row(SEES), NOTHING, "{before}");
        client.run(&format!(
            "insert into organization_members (organization_id, user_id, role) values ('{}', '{}', 'member')",
            ACME.organization_id(),
            ACME.user_id("member")
        ));
        assert_ne!(member.row(SEES), NOTHING, "{before}");
    }
}

#[test]
fn a_plan_in_parallel_finds_the_same_rows() {
    let (_db, mut client, mut member) = warm_member();
    let setting = client.row(
        "select name from pg_settings where name in ('debug_parallel_query', 'force_parallel_mode')",
    );
    let expected = member.row(SEES);
    member.run(&format!(
        "set {setting} = on; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;
         set min_parallel_table_scan_size = 0; set min_parallel_index_scan_size = 0"
    ));
    let plan = member.rows(&format!("explain {SEES}")).join("\n");
    assert!(plan.contains("Gather"), "{plan}");
    assert_eq!(member.row(SEES), expected);
    // Nothing is kept yet, and the transaction has written.
    client.run("update domains set name = name");
    member.run("begin; create temporary table written (id integer)");
    assert_eq!(member.row(SEES), expected);
    member.run("commit");
    client.run(&removal());
    assert_eq!(member.row(SEES), NOTHING);
}
