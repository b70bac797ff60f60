//! People with any memberships get from every table, list and search exactly what a superuser finds who looks at everything and
//! keeps what belongs to their organizations.
//!
//! The same people every time; `FRONTDESK_TEST_SEED=<number>` makes others, and the seed is in every message.

mod town;

use super::who_may::{self, Verb};
use super::*;
use crate::dice::Dice;
use town::{Person, Town};

const WHOSE: &str = include_str!("whose.txt");
const PEOPLE: usize = 30;

/// Functions that only read and are compared below.
const COMPARED: [&str; 20] = [
    "accessible_config_id_array",
    "accessible_config_ids",
    "accessible_domain_id_array",
    "accessible_domain_ids",
    "accessible_domain_name_array",
    "accessible_domain_names",
    "accessible_organization_id_array",
    "accessible_organization_ids",
    "check_cost_alerts",
    "check_origin",
    "expand_synonyms",
    "export_synonyms",
    "export_training_data",
    "hybrid_search",
    "queue_status",
    "quota_usage",
    "require_domain",
    "resolve_domain",
    "seat_usage",
    "synonym_entries",
];

/// Functions that only read one domain. What they find is compared with brute force in tests/search; below, that they find
/// nothing for people of others. `{name}`, `{id}`, `{config}` and `{conversation}` are the domain's.
const BOUND: [(&str, &str); 13] = [
    ("active_domain", "'{name}'"),
    ("embedding_model", "'{name}'"),
    ("explain_search", "'{name}', 'refund'"),
    (
        "judge_search",
        "'{name}', 'refund', null, array[gen_random_uuid()]",
    ),
    ("recent_messages", "'{conversation}'"),
    (
        "scan_entities",
        "'{id}', 'kettle', 10, null, null, null, null, null",
    ),
    ("scan_pages", "'{id}', 'refund', 10"),
    ("scan_filtered", "'{config}', null, null, null, null, null"),
    ("search_entities", "'{name}', 'kettle'"),
    ("search_fusion", "'{name}'"),
    ("search_pages", "'{name}', 'refund'"),
    ("unanswered_questions", "'{name}'"),
    ("verify_search_statistics", "'{name}'"),
];

/// Functions that only read, and nothing that belongs to a tenant.
const WITHOUT_TENANT: [&str; 6] = [
    "caller_is_operator",
    "claimed_domain",
    "current_user_id",
    "refuse_training_change",
    "schema_version",
    "uses_next_model",
];

fn everyone_gets(check: impl Fn(&mut Town, &Person, &mut Client, &mut Dice)) {
    let mut dice = Dice::from_environment();
    let mut town = Town::new(&mut dice);
    for person in town.people(&mut dice, PEOPLE) {
        let mut session = town.session(&person);
        check(&mut town, &person, &mut session, &mut dice);
    }
    assert!(town.agreed > PEOPLE / 3, "too little was compared");
}

#[test]
fn everyone_reads_exactly_the_rows_of_their_organizations() {
    everyone_gets(|town, person, session, _| {
        for table in matrix::tables(&mut town.client) {
            let Some(owner) = whose(&table.label) else {
                continue;
            };
            let matrix::Table { name, key, .. } = &table;
            let theirs = person.may_read(&table.label, owner);
            let expected = format!("select {key} from {name} as t where {theirs}");
            let expected = town.client.rows(&expected);
            match town.rows_or_refusal(session, &format!("select {key} from {name}")) {
                Ok(found) => town.compare(found, expected, name, person),
                // Who lacks the privilege to read a table reads no row of it.
                Err(code) => {
                    assert_eq!(code, NOT_ALLOWED, "{name}");
                    assert!(expected.is_empty(), "{name}: {person:?}");
                }
            }
        }
    });
}

/// An expression for the organization of a row of a table.
fn whose(table: &str) -> Option<&'static str> {
    WHOSE.lines().find_map(|line| {
        let (name, owner) = line.split_once('|')?;
        (name.trim() == table).then_some(owner.trim())
    })
}

#[test]
fn every_table_that_people_read_is_compared() {
    for table in who_may::tables() {
        let reads = everybody().into_iter().any(|subject| {
            let is_person = subject.tenant.is_some();
            let condition = who_may::rows_for(&subject, table, Verb::Select);
            is_person && condition.is_some_and(|condition| condition.contains("t::text"))
        });
        assert_eq!(
            reads,
            whose(table).is_some(),
            "{table} in tests/isolation/whose.txt"
        );
    }
}

#[test]
fn every_function_that_only_reads_is_compared() {
    let db = Database::new();
    let reading = db.superuser().rows(
        "select distinct p.proname
        from pg_proc as p
        cross join lateral aclexplode(p.proacl) as a
        where p.pronamespace = 'frontdesk'::regnamespace and p.provolatile = 's'
            and a.grantee in ('authenticated'::regrole, 'chat_server'::regrole)
        order by 1",
    );
    let mut listed: Vec<&str> = COMPARED
        .into_iter()
        .chain(WITHOUT_TENANT)
        .chain(BOUND.map(|(function, _)| function))
        .collect();
    listed.sort_unstable();
    assert_eq!(
        reading, listed,
        "compare what it returns in tests/isolation/random_people.rs"
    );
}

#[test]
fn the_sets_that_policies_use_are_exactly_the_memberships() {
    everyone_gets(|town, person, session, _| {
        for rank in ["viewer", "member", "admin", "owner"] {
            let in_sets = format!("d.organization_id = any ({})", person.organizations(rank));
            let own = match &person.claimed {
                Some(domain) if rank == "viewer" => format!("d.domain = '{domain}'"),
                Some(_) => "false".to_owned(),
                None => in_sets.clone(),
            };
            for (function, expected) in [
                (
                    "accessible_organization_ids",
                    format!(
                        "select d.id from organizations as d where d.id = any ({})",
                        person.organizations(rank)
                    ),
                ),
                (
                    "accessible_domain_ids",
                    format!("select d.id from domains as d where {own}"),
                ),
                (
                    "accessible_config_ids",
                    format!("select d.id from customer_configs as d where {own}"),
                ),
                (
                    "accessible_domain_names",
                    format!(
                        "select d.domain from domains as d where {own} union select d.domain from customer_configs as d where {own}"
                    ),
                ),
            ] {
                let array = format!("{}_array", function.trim_end_matches('s'));
                let expected = town.client.rows(&expected);
                for call in [
                    format!("frontdesk.{function}('{rank}')"),
                    format!("unnest(frontdesk.{array}('{rank}'))"),
                ] {
                    let found = session.rows(&format!("select {call}"));
                    town.compare(found, expected.clone(), &call, person);
                }
            }
        }
    });
}

#[test]
fn functions_bound_to_a_domain_find_nothing_for_people_of_others() {
    everyone_gets(|town, person, session, dice| {
        for _ in 0..3 {
            let domain = town.any_domain(dice);
            let conversation = town.client.row(&format!(
                "select coalesce(min(c.id::text), gen_random_uuid()::text) from conversations as c where c.domain_id = '{}'",
                domain.id
            ));
            for (function, arguments) in BOUND {
                let arguments = arguments
                    .replace("{name}", &domain.name)
                    .replace("{id}", &domain.id)
                    .replace("{config}", &domain.config)
                    .replace("{conversation}", &conversation);
                let sql = format!("select * from frontdesk.{function}({arguments})");
                let found = town.rows_or_refusal(session, &sql);
                if person.reaches(&domain, "viewer") {
                    town.agreed += usize::from(found.is_ok_and(|rows| !rows.is_empty()));
                    continue;
                }
                match found {
                    Ok(rows) => assert!(
                        rows.is_empty() || rows == ["f"] || rows == ["null"],
                        "{sql}: {rows:?}\n{person:?}"
                    ),
                    Err(code) => assert!(
                        [NOT_FOUND, NOT_ALLOWED].contains(&code.as_str()),
                        "{sql}: {code}\n{person:?}"
                    ),
                }
            }
        }
    });
}

#[test]
fn a_domain_is_resolved_for_its_people_only() {
    everyone_gets(|town, person, session, dice| {
        for _ in 0..10 {
            let domain = town.any_domain(dice);
            let rank = dice.one_of(&["viewer", "member", "admin", "owner"]);
            let spelling = dice.one_of(&["{}", "WWW.{}", "https://{}/path", "{id}"]);
            let called = spelling
                .replace("{}", &domain.name)
                .replace("{id}", &domain.id);
            let found = session.rows(&format!(
                "select domain_id from frontdesk.resolve_domain('{called}', '{rank}')"
            ));
            let is_theirs = person.reaches(&domain, rank);
            assert_eq!(
                found == [domain.id.clone()],
                is_theirs,
                "{called} {rank}: {person:?}"
            );
            town.agreed += usize::from(is_theirs);
            if person.claimed.is_none() {
                let required =
                    format!("select domain_id from frontdesk.require_domain('{called}', '{rank}')");
                let required = town.rows_or_refusal(session, &required);
                assert_eq!(required.is_ok(), is_theirs, "{called} {rank}: {person:?}");
            }
        }
    });
}

/// What a function says to who may ask is what it says to the superuser; the others are refused.
fn says_the_same(town: &mut Town, person: &Person, session: &mut Client, sql: &str, may_ask: bool) {
    let found = town.rows_or_refusal(session, sql);
    match found {
        Ok(found) => {
            assert!(may_ask, "answered: {sql}\n{person:?}");
            let expected = town.client.rows(sql);
            town.compare(found, expected, sql, person);
        }
        Err(code) => {
            assert!(!may_ask, "{code}: {sql}\n{person:?}");
            assert!(
                [NOT_FOUND, NOT_ALLOWED].contains(&code.as_str()),
                "{code}: {sql}"
            );
        }
    }
}

#[test]
fn settings_limits_and_seats_are_told_to_their_people_only() {
    everyone_gets(|town, person, session, dice| {
        for _ in 0..5 {
            let domain = town.any_domain(dice);
            let name = &domain.name;
            let reads = person.reaches(&domain, "viewer");
            let manages = person.reaches(&domain, "admin");
            says_the_same(
                town,
                person,
                session,
                &format!("select * from frontdesk.quota_usage('{name}')"),
                reads,
            );
            let origin = format!("select frontdesk.check_origin('{name}', 'https://{name}')");
            says_the_same(town, person, session, &origin, reads);
            if person.claimed.is_none() {
                let export = format!("select * from frontdesk.export_training_data('{name}')");
                says_the_same(town, person, session, &export, manages);
                let export = format!("select frontdesk.export_synonyms('{name}')");
                says_the_same(town, person, session, &export, reads);
                let organization = &domain.organization;
                let seats = format!("select * from frontdesk.seat_usage('{organization}')");
                says_the_same(town, person, session, &seats, reads);
            }
        }
    });
}

#[test]
fn entries_of_synonyms_are_for_whom_the_domain_is_for() {
    everyone_gets(|town, person, session, dice| {
        for _ in 0..10 {
            let domain = town.any_domain(dice);
            let names = format!("string_to_array('{}', ' ')", town::words(dice, 4));
            let sql = format!(
                "select * from frontdesk.synonym_entries('{}', {names}) as e",
                domain.config
            );
            let reaches = person.reaches(&domain, "viewer");
            let expected = town.client.rows(&format!("{sql} where {reaches}"));
            let found = session.rows(&sql);
            town.compare(found, expected, &sql, person);
        }
    });
}

#[test]
fn synonyms_are_those_of_the_domain_and_the_safe_ones() {
    everyone_gets(|town, person, session, dice| {
        for _ in 0..10 {
            let domain = town.any_domain(dice);
            let words = town::words(dice, 4);
            let sql = format!(
                "select term, synonym, source from frontdesk.expand_synonyms('{}', '{words}')",
                domain.name
            );
            let Ok(found) = town.rows_or_refusal(session, &sql) else {
                assert!(!person.reaches(&domain, "viewer"), "{sql}\n{person:?}");
                continue;
            };
            assert!(person.reaches(&domain, "viewer"), "{sql}\n{person:?}");
            let expected = town.synonyms(&domain, &words);
            town.compare(found, expected, &sql, person);
        }
    });
}

#[test]
fn a_search_finds_what_the_domain_has_and_nothing_else() {
    everyone_gets(|town, person, session, dice| {
        for _ in 0..5 {
            let domain = town.any_domain(dice);
            let words = town::words(dice, 2);
            for vector in [None, Some(dice.below(1000))] {
                let sql = format!(
                    "select chunk_id from frontdesk.hybrid_search('{}', '{words}', {}, 200)",
                    domain.name,
                    vector.map_or("null".to_owned(), town::vector),
                );
                let Ok(found) = town.rows_or_refusal(session, &sql) else {
                    assert!(
                        !person.reaches(&domain, "viewer"),
                        "{words} in {domain:?}\n{person:?}"
                    );
                    continue;
                };
                assert!(
                    person.reaches(&domain, "viewer"),
                    "{words} in {domain:?}\n{person:?}"
                );
                let expected = town.chunks(&domain, &words, vector.is_some());
                town.compare(found, expected, &format!("{words} in {domain:?}"), person);
            }
        }
    });
}

#[test]
fn queues_and_alerts_are_listed_for_their_people() {
    everyone_gets(|town, person, session, _| {
        if person.claimed.is_some() {
            return;
        }
        let theirs = format!("organization_id = any ({})", person.organizations("viewer"));
        let queues = "select queue || ' ' || domain, pending + processing + completed + failed from frontdesk.queue_status()";
        let expected = town
            .client
            .rows(&include_str!("random_people/queues.sql").replace("{theirs}", &theirs));
        town.compare(session.rows(queues), expected, queues, person);
        let alerts = "select domain, alert_type, spent_usd from frontdesk.check_cost_alerts()";
        let expected = town
            .client
            .rows(&include_str!("random_people/alerts.sql").replace("{theirs}", &theirs));
        town.compare(session.rows(alerts), expected, alerts, person);
    });
}
