//! A database with frontdesk is dumped and restored like any other: nothing of the user's is lost, nothing is made twice.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, Dump, DumpFormat, GLOBEX, catalogue, contents, sqlstate};

/// What users add to tables that they own, and shipped rows that they changed.
const USERS_OWN: &str = "
    alter table scraped_pages add column reviewed_by text;
    update scraped_pages set reviewed_by = 'us';
    create index users_own_index on messages (role, created_at);
    create policy \"auditors read everything\" on messages for select to anon using (false);
    create view pages_to_review as select url from scraped_pages where reviewed_by is null;
    grant select on pages_to_review to authenticated;
    grant select on website_content to anon;
    alter table conversations set (fillfactor = 77);
    comment on column messages.content is 'Our own words about it. [content]';
    update global_synonym_mappings set synonyms = array['our own word'] where term = (select min(term) from global_synonym_mappings);
    delete from global_synonym_mappings where term = (select max(term) from global_synonym_mappings);
";

fn filled(database: &Database) -> Client {
    let mut client = database.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    client
        .batch_execute(USERS_OWN)
        .expect("the user's own objects");
    client
}

fn assert_restores_exactly(source: &Database, format: DumpFormat) {
    let mut before = source.superuser();
    let target = Database::empty();
    Dump::of(source, format).restore_into(&target);
    let mut after = target.superuser();
    assert_same_lines(&catalogue(&mut before), &catalogue(&mut after));
    assert_eq!(contents(&mut before), contents(&mut after), "{format:?}");
}

/// Fails with the lines that only one of the two has, which is all that a reader wants to see of a thousand.
fn assert_same_lines(before: &[String], after: &[String]) {
    let lost: Vec<_> = before.iter().filter(|line| !after.contains(line)).collect();
    let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    assert!(
        lost.is_empty() && new.is_empty(),
        "lost: {lost:#?}\nnew: {new:#?}"
    );
    assert_eq!(before.len(), after.len());
}

#[test]
fn a_plain_dump_restores_everything() {
    let source = Database::new();
    filled(&source);
    assert_restores_exactly(&source, DumpFormat::Plain);
}

#[test]
fn a_custom_dump_restores_everything() {
    let source = Database::new();
    filled(&source);
    assert_restores_exactly(&source, DumpFormat::Custom);
}

#[test]
fn a_parallel_restore_restores_everything() {
    let source = Database::new();
    filled(&source);
    assert_restores_exactly(&source, DumpFormat::Parallel(4));
}

#[test]
fn a_restored_database_works() {
    let source = Database::new();
    filled(&source);
    let target = Database::empty();
    Dump::of(&source, DumpFormat::Custom).restore_into(&target);
    let mut member = target.session(&ACME.person("member"));
    let found = member
        .query(
            "select url from frontdesk.hybrid_search($1, 'refunds')",
            &[&ACME.domain()],
        )
        .expect("search after a restore");
    assert!(!found.is_empty());
    let seen: i64 = member
        .query_one("select count(*) from messages", &[])
        .expect("read")
        .get(0);
    assert_eq!(seen, 2, "row level security holds after a restore");
}

#[test]
fn installation_into_another_schema_restores() {
    let source = Database::empty();
    let mut client = source.superuser();
    client
        .batch_execute(
            "create schema extensions; create schema support;
             create extension vector schema extensions;
             create extension pg_trgm schema extensions;
             create extension btree_gin schema extensions;
             create extension frontdesk schema support;
             set search_path = support, extensions;",
        )
        .expect("install into a schema of its own");
    ACME.create(&mut client);
    let tables: i64 = client
        .query_one(
            "select count(*) from pg_tables where schemaname = 'support'",
            &[],
        )
        .expect("count")
        .get(0);
    assert_eq!(tables, 32);

    let target = Database::empty();
    Dump::of(&source, DumpFormat::Plain).restore_into(&target);
    let mut after = target.superuser();
    assert_same_lines(&catalogue(&mut source.superuser()), &catalogue(&mut after));
    assert_eq!(contents(&mut source.superuser()), contents(&mut after));

    let mut member = target.session(&ACME.person("member"));
    let found = member
        .query(
            "select url from frontdesk.hybrid_search($1, 'refunds')",
            &[&ACME.domain()],
        )
        .expect("search finds its tables whatever the caller's search_path");
    assert!(!found.is_empty());
}

#[test]
fn grants_survive_an_update_a_dump_and_a_restore() {
    let source = Database::new();
    let mut client = filled(&source);
    let acls = |lines: Vec<String>| -> Vec<String> {
        lines
            .into_iter()
            .filter(|line| line.contains(" acl "))
            .collect()
    };
    let before = acls(catalogue(&mut client));
    // What an update script does: grants inside a script are where pg_dump loses them.
    client
        .batch_execute(
            "alter extension frontdesk add table messages;
             alter extension frontdesk drop table messages;
             select frontdesk.install_schema();",
        )
        .expect("reassert");
    assert_same_lines(&before, &acls(catalogue(&mut client)));
    let target = Database::empty();
    Dump::of(&source, DumpFormat::Custom).restore_into(&target);
    assert_same_lines(&before, &acls(catalogue(&mut target.superuser())));
    let left: i64 = client
        .query_one(
            "select count(*) from pg_init_privs as i join pg_class as c on i.classoid = 'pg_class'::regclass and c.oid = i.objoid
             where c.relowner = 'frontdesk_owner'::regrole",
            &[],
        )
        .expect("look for initial privileges")
        .get(0);
    assert_eq!(left, 0, "pg_dump omits grants that stand in pg_init_privs");
}

#[test]
fn drop_extension_is_refused() {
    let database = Database::new();
    let mut client = filled(&database);
    let error = client
        .batch_execute("drop extension frontdesk")
        .expect_err("policies and triggers need its functions");
    assert_eq!(sqlstate(&error), "2BP01");
}

/// What is made of the chunks when the extension comes back.
const MADE_ANEW: [&str; 7] = [
    "frontdesk_internal.corpus_changes",
    "frontdesk_internal.dead_vector_codes",
    "frontdesk_internal.search_changes",
    "frontdesk_internal.search_postings",
    "frontdesk_internal.search_segments",
    "frontdesk_internal.uncoded_vectors",
    "frontdesk_internal.vector_codes",
];

#[test]
fn dropping_with_cascade_keeps_every_row_and_reinstalling_repairs() {
    let database = Database::new();
    let mut client = filled(&database);
    let (mut rows, objects) = (contents(&mut client), catalogue(&mut client));
    client
        .batch_execute("drop extension frontdesk cascade")
        .expect("drop");
    assert_eq!(rows, contents(&mut client));
    let seen: i64 = {
        let mut member = database.session(&ACME.person("member"));
        member
            .query_one("select count(*) from messages", &[])
            .expect("read")
            .get(0)
    };
    assert_eq!(seen, 0, "without policies row level security shows nothing");
    client
        .batch_execute("create extension frontdesk")
        .expect("install again");
    assert_same_lines(&objects, &catalogue(&mut client));
    // Writes may have gone unnoticed without triggers, so what searches read is made anew.
    let mut rows_again = contents(&mut client);
    for rows in [&mut rows, &mut rows_again] {
        rows.retain(|table, _| !MADE_ANEW.contains(&table.as_str()));
    }
    assert_eq!(rows, rows_again);
    let differences: i64 = client
        .query_one(
            "select count(*) from domains as d, frontdesk.verify_search_statistics(d.domain)",
            &[],
        )
        .expect("verify")
        .get(0);
    assert_eq!(differences, 0);
}

#[test]
fn installing_again_changes_nothing() {
    let database = Database::new();
    let mut client = filled(&database);
    let (rows, objects) = (contents(&mut client), catalogue(&mut client));
    client
        .batch_execute("select frontdesk.install_schema()")
        .expect("install again");
    assert_same_lines(&objects, &catalogue(&mut client));
    assert_eq!(rows, contents(&mut client));
}

#[test]
fn a_session_with_row_security_off_is_told_what_to_do() {
    let database = Database::empty();
    let mut client = database.superuser();
    client
        .batch_execute("set row_security = off; create extension frontdesk cascade;")
        .expect("create the functions");
    let error = client
        .query(
            "select * from frontdesk.hybrid_search('acme.example', 'refunds')",
            &[],
        )
        .expect_err("there are no tables");
    assert_eq!(sqlstate(&error), "55000");
    let hint = error
        .as_db_error()
        .and_then(|error| error.hint())
        .unwrap_or_default();
    assert!(
        hint.contains("select frontdesk.install_schema();"),
        "{hint}"
    );
    client
        .batch_execute("select frontdesk.install_schema()")
        .expect("create the tables");
    client
        .batch_execute("reset row_security")
        .expect("as before");
    assert_same_lines(
        &catalogue(&mut Database::new().superuser()),
        &catalogue(&mut client),
    );
}

#[test]
fn tables_of_somebody_else_are_not_touched() {
    let database = Database::empty();
    let mut client = database.superuser();
    client
        .batch_execute("create table messages (id int)")
        .expect("a table of the user's");
    let error = client
        .batch_execute("create extension frontdesk cascade")
        .expect_err("the name is taken");
    assert_eq!(sqlstate(&error), "55000");
    client
        .batch_execute("select id from messages")
        .expect("the user's table is as it was");
}
