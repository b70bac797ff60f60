//! The back office writes tables directly, and everything that follows from a write happens although it may not call or
//! write what that needs.

use frontdesk_harness::{ACME, Database, GLOBEX, Identity, Sql, contents};

use super::two_tenants;

#[test]
fn the_back_office_fills_every_table() {
    let db = Database::new();
    let mut operator = db.session(&Identity::Service);
    ACME.create(&mut operator);
    GLOBEX.create(&mut operator);
    let empty: Vec<String> = contents(&mut db.superuser())
        .into_iter()
        .filter(|(table, digest)| {
            !table.starts_with("frontdesk_internal.") && digest.starts_with("0 ")
        })
        .map(|(table, _)| table)
        .collect();
    assert_eq!(empty, Vec::<String>::new());
}

#[test]
fn the_back_office_changes_and_removes_every_row_but_the_audit_logs() {
    let (db, mut client) = two_tenants();
    let tables = client.rows(
        "select oid::regclass from pg_class
         where relkind = 'r' and relowner = 'frontdesk_owner'::regrole and relnamespace = 'public'::regnamespace
            and relname <> 'gdpr_audit_log' order by relname = 'organizations', 1",
    );
    let mut operator = db.session(&Identity::Service);
    operator.run("begin");
    for table in &tables {
        // Every trigger on an update fires, whatever columns it is about.
        let columns = client.row(&format!(
            "select string_agg(format('%1$I = %1$I', attname), ', ') from pg_attribute
             where attrelid = '{table}'::regclass and attnum > 0 and attidentity = '' and not attisdropped"
        ));
        operator.run(&format!("update {table} set {columns}"));
    }
    // Without its organization nobody asks for an owner.
    operator.run("delete from organizations");
    for table in &tables {
        operator.run(&format!("delete from {table}"));
    }
    operator.run("commit");
}
