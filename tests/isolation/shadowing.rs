//! What somebody brings along in their own session (objects, settings, functions that talk) changes nothing of what they get.

use super::calls::{Target, calls};
use super::*;

/// The search_path with which a session finds its own objects before everything else, also before pg_catalog.
const OWN_FIRST: &str = "set search_path = pg_temp, public, frontdesk, pg_catalog";

/// Objects that anybody may create in their own temporary schema, named like ours and like those of Postgres. GLOBEX's
/// ids are in them, so that whoever believes them answers with what is GLOBEX's.
const OWN_OBJECTS: &str = include_str!("own_objects.sql");

/// Settings that anybody may change, with values that code does not expect.
const SETTINGS: [&str; 14] = [
    "set transform_null_equals = on",
    "set plan_cache_mode = force_generic_plan",
    "set quote_all_identifiers = on",
    "set array_nulls = off",
    "set DateStyle = 'German'",
    "set IntervalStyle = 'sql_standard'",
    "set TimeZone = 'Asia/Kathmandu'",
    "set bytea_output = 'escape'",
    "set standard_conforming_strings = off",
    "set default_text_search_config = 'pg_catalog.german'",
    "set plpgsql.extra_errors = 'none'",
    "set default_transaction_isolation = 'repeatable read'",
    "set enable_seqscan = off",
    "set max_parallel_workers_per_gather = 4; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;
        set min_parallel_table_scan_size = 0; set force_parallel_mode = on",
];

/// ACME's people and chat server, and somebody from elsewhere.
fn tricksters() -> Vec<Subject> {
    let wanted = [
        "admin",
        "chat server",
        "owner of another tenant",
        "stranger",
    ];
    everybody()
        .into_iter()
        .filter(|subject| wanted.contains(&subject.name))
        .collect()
}

/// Every call is answered or refused as ever, and tells nothing foreign.
fn nothing_changes(prepare: impl Fn(&mut Witness)) {
    let (db, mut client) = two_tenants();
    let acme = Target::acme(&mut client);
    for subject in tricksters() {
        let mut honest = Witness::new(&db, &subject.identity);
        let mut trickster = Witness::new(&db, &subject.identity);
        prepare(&mut trickster);
        for call in calls() {
            let sql = acme.statement(&call);
            let expected = honest.try_out(&sql).map(|answer| answer.rows.len());
            let found = trickster.try_out(&sql).map(|answer| answer.rows.len());
            // It says that it wants READ COMMITTED.
            let wants_another_isolation =
                call.function == "rebuild_search_statistics" && found == Err("55000".to_owned());
            if !wants_another_isolation {
                assert_eq!(found, expected, "{}: {sql}", subject.name);
            }
        }
        for table in [
            "domains",
            "messages",
            "page_embeddings",
            "global_synonym_mappings",
        ] {
            let sql = format!("select count(*) from public.{table}");
            let expected = honest.ask(&sql).map(|answer| answer.rows);
            let found = trickster.ask(&sql).map(|answer| answer.rows);
            assert_eq!(found, expected, "{}: {sql}", subject.name);
        }
        trickster.assert_never_heard(&subject.not_for_them(), subject.name);
    }
}

#[test]
fn own_objects_named_like_ours_are_never_used() {
    nothing_changes(|witness| {
        witness.ask(OWN_FIRST).expect("set the search_path");
        witness.ask(OWN_OBJECTS).expect("create objects");
    });
}

#[test]
fn own_objects_wait_in_vain_behind_the_usual_path() {
    nothing_changes(|witness| {
        witness.ask(OWN_OBJECTS).expect("create objects");
        witness
            .ask("set search_path = pg_temp")
            .expect("set the search_path");
    });
}

#[test]
fn unexpected_settings_change_nothing() {
    nothing_changes(|witness| {
        for setting in SETTINGS {
            // Some are not in every version of Postgres.
            let _ = witness.ask(setting);
        }
    });
}

/// Row level security cannot be switched off by those whom it binds.
#[test]
fn switching_row_security_off_gets_errors_not_rows() {
    let (db, mut client) = two_tenants();
    let acme = Target::acme(&mut client);
    for subject in tricksters() {
        let mut witness = Witness::new(&db, &subject.identity);
        witness.ask("set row_security = off").expect("anybody may");
        for table in [
            "domains",
            "messages",
            "scraped_pages",
            "page_embeddings",
            "customer_settings",
        ] {
            let refused = witness.ask(&format!("select * from {table}"));
            assert_eq!(refused.map(|_| ()), Err(NOT_ALLOWED.to_owned()), "{table}");
        }
        for call in calls() {
            if let Ok(answer) = witness.try_out(&acme.statement(&call)) {
                let is_answered = call.answers(&subject) || answer.rows.is_empty();
                assert!(is_answered, "{}: {}", subject.name, call.function);
            }
        }
        witness.assert_never_heard(&subject.not_for_them(), subject.name);
    }
}

/// A function in WHERE is called as soon as Postgres finds it cheap, but never before the policy has let the row through.
#[test]
fn functions_that_talk_are_never_shown_foreign_rows() {
    let (db, mut client) = two_tenants();
    let tables = client.rows(include_str!("readable_columns.sql"));
    for subject in everybody() {
        if subject.role() == "anon" || subject.standing == Standing::Operator {
            continue;
        }
        let mut witness = Witness::new(&db, &subject.identity);
        witness
            .ask(include_str!("talking_functions.sql"))
            .expect("create functions");
        let mut tried = 0;
        for line in &tables {
            let fields: Vec<&str> = line.splitn(3, '|').collect();
            let [role, table, columns] = fields[..] else {
                panic!("not three fields: {line}")
            };
            if role != subject.role() {
                continue;
            }
            for query in [
                "select count(*) from {table} where pg_temp.tell(concat_ws(' ', {columns}))",
                "select count(*) from {table} where concat_ws(' ', {columns}) operator(pg_temp.<<<) 'x'",
                "select count(*) from {table} where concat_ws(' ', {columns})::integer > 0",
                "select count(*) from {table} where concat_ws(' ', {columns})::jsonb is null",
                "select 1 from {table} group by concat_ws(' ', {columns}) having pg_temp.tell(concat_ws(' ', {columns}))",
                "select 1 from {table} order by pg_temp.tell(concat_ws(' ', {columns})) limit 1",
                "select 1 from {table} as a join {table} as b on pg_temp.tell(concat_ws(' ', b.*))",
                "select (select pg_temp.tell(concat_ws(' ', {columns})) from {table} limit 1)",
                "delete from {table} where pg_temp.tell(concat_ws(' ', {columns}))",
                "explain (analyze, verbose) select from {table} where pg_temp.tell(concat_ws(' ', {columns}))",
            ] {
                let sql = query
                    .replace("{table}", table)
                    .replace("{columns}", columns);
                let _ = witness.try_out(&sql);
                tried += 1;
            }
        }
        assert!(tried > 100, "{} tried {tried} queries", subject.name);
        witness.assert_never_heard(&subject.not_for_them(), subject.name);
    }
    secrets::assert_not_in_log();
}

/// Trigger functions run with their owner's rights on whatever rows the trigger's table has: an own table must not have one.
#[test]
fn nobody_uses_our_trigger_functions_for_their_own_tables() {
    let (db, mut client) = two_tenants();
    let functions = client.rows(
        "select oid::regproc from pg_proc where pronamespace = 'frontdesk'::regnamespace and prorettype = 'trigger'::regtype",
    );
    assert!(functions.len() > 30, "{functions:?}");
    for subject in tricksters() {
        let mut witness = Witness::new(&db, &subject.identity);
        witness
            .ask("create temporary table mine (id uuid, domain_id uuid)")
            .expect("create a table");
        for function in &functions {
            let refused = witness.try_out(&format!(
                "create trigger mine before insert on mine for each row execute function {function}('domain')"
            ));
            assert_eq!(
                refused.map(|_| ()),
                Err(NOT_ALLOWED.to_owned()),
                "{function}"
            );
        }
    }
}

/// What CREATE EXTENSION finds in its way it does not take over.
#[test]
fn objects_that_wait_for_the_installation_stop_it() {
    for trap in [
        "create schema frontdesk",
        "create schema frontdesk; create function frontdesk.current_user_id() returns uuid language sql
            as 'select gen_random_uuid()'",
        "create table public.domains (id uuid)",
        "create view public.customer_settings as select 1 as id",
    ] {
        let db = Database::empty();
        let mut client = db.superuser();
        client.run(trap);
        let outcome = client.batch_execute("create extension frontdesk cascade");
        assert!(outcome.is_err(), "installed over: {trap}");
    }
}
