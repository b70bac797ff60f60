//! Who may do what with which object, whatever the policies say of its rows. `privileges/matrix.expected` holds all of it,
//! one line for each object and role (for a function one with all roles), to be reviewed like code. To write it anew after a change of grants:
//!
//! ```text
//! FRONTDESK_WRITE_EXPECTED=1 tools/promises 15 privileges
//! ```

use std::{env, fs, path::Path};

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, Identity, Sql, sqlstate};

const MATRIX: &str = include_str!("privileges/matrix.sql");
const EXPECTED: &str = include_str!("privileges/matrix.expected");
const EXPECTED_FILE: &str = "tests/privileges/matrix.expected";

/// What a platform may have decided for every object that is yet to be made; Supabase does so for some kinds.
const HOSTILE_DEFAULTS: &str = "
    alter default privileges grant all on tables to public, anon, authenticated, chat_server, service_role;
    alter default privileges grant all on sequences to public, anon, authenticated, chat_server, service_role;
    alter default privileges grant all on functions to public, anon, authenticated, chat_server, service_role;
    alter default privileges grant all on schemas to public, anon, authenticated, chat_server, service_role;
";

/// The matrix as text in columns.
fn matrix(client: &mut Client) -> String {
    let rows = client.rows(MATRIX);
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let fields: Vec<&str> = row.splitn(3, '|').collect();
            let [object, role, privileges] = fields[..] else {
                panic!("not three fields: {row}")
            };
            format!("{object:<60} {role:<15} {privileges}")
        })
        .collect();
    lines.join("\n") + "\n"
}

fn assert_as_expected(found: &str) {
    let lost = EXPECTED.lines().filter(|line| !found.contains(line));
    let new = found.lines().filter(|line| !EXPECTED.contains(line));
    let difference: Vec<String> = lost
        .map(|line| format!("- {line}"))
        .chain(new.map(|line| format!("+ {line}")))
        .collect();
    assert!(
        found == EXPECTED,
        "privileges differ from {EXPECTED_FILE}; if that is wanted, see the head of tests/privileges.rs\n{}",
        difference.join("\n")
    );
}

#[test]
fn privileges_are_the_reviewed_ones() {
    let found = matrix(&mut Database::new().superuser());
    if env::var_os("FRONTDESK_WRITE_EXPECTED").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXPECTED_FILE);
        fs::write(file, found).expect("write the expected privileges");
        return;
    }
    assert_as_expected(&found);
}

#[test]
fn default_privileges_of_the_platform_open_nothing() {
    // The roles exist as soon as any database has the extension.
    drop(Database::new());
    let db = Database::empty();
    let mut client = db.superuser();
    client.run(HOSTILE_DEFAULTS);
    client.run("create extension frontdesk cascade");
    let found = matrix(&mut client);
    assert_as_expected(&found);
}

#[test]
fn public_and_anon_have_nothing_but_the_helpers_of_schema_auth() {
    let db = Database::new();
    let open: Vec<String> = db
        .superuser()
        .rows(include_str!("privileges/open_to_everybody.sql"));
    assert_eq!(
        open,
        [
            "anon function auth.jwt() execute",
            "anon function auth.role() execute",
            "anon function auth.uid() execute",
            "anon schema auth usage",
        ]
    );
}

#[test]
fn nobody_creates_objects_where_functions_look_for_theirs() {
    let db = Database::new();
    let found = db
        .superuser()
        .rows(include_str!("privileges/creators_on_the_path.sql"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_owner_of_the_tables_is_nobody() {
    let db = Database::new();
    let mut client = db.superuser();
    let attributes =
        "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
        from pg_roles where rolname = 'frontdesk_owner'";
    assert_eq!(client.row(attributes), "f|f|f|f|f|f");
    let memberships = "select roleid::regrole, member::regrole from pg_auth_members
        where 'frontdesk_owner'::regrole in (roleid, member)";
    assert!(client.rows(memberships).is_empty());
    let definers_of_others = "select oid::regprocedure from pg_proc
        where pronamespace = 'frontdesk'::regnamespace and prosecdef and proowner <> 'frontdesk_owner'::regrole";
    assert!(client.rows(definers_of_others).is_empty());
}

#[test]
fn only_operators_pass_policies() {
    let db = Database::new();
    let passing = "select rolname from pg_roles where rolbypassrls and not rolsuper
        and rolname in ('anon', 'authenticated', 'chat_server', 'service_role', 'frontdesk_owner')";
    assert_eq!(db.superuser().rows(passing), ["service_role"]);
}

#[test]
fn act_as_is_nobodys_until_the_operator_grants_it() {
    let db = Database::new();
    let callers = "select p.oid::regprocedure, r.rolname from pg_proc as p, pg_roles as r
        where p.proname = 'act_as' and not r.rolsuper and r.rolname <> 'frontdesk_owner'
            and has_function_privilege(r.oid, p.oid, 'execute')";
    let callers = db.superuser().rows(callers);
    assert!(callers.is_empty(), "{}", callers.join("\n"));
    for identity in [
        Identity::Anon,
        ACME.person("owner"),
        ACME.chat_server(),
        Identity::Service,
    ] {
        for call in [
            "frontdesk.act_as(user_id => gen_random_uuid())",
            "frontdesk.act_as(domain => 'acme.example')",
        ] {
            let error = db
                .session(&identity)
                .batch_execute(&format!("select {call}"))
                .expect_err("not allowed");
            assert_eq!(sqlstate(&error), "42501", "{identity:?}: {call}");
        }
    }
}
