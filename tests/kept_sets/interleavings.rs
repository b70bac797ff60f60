//! Random changes and questions of several sessions, compared with what the tables say.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::*;
use crate::dice::Dice;

const PEOPLE: u64 = 4;
const ORGANIZATIONS: u64 = 4;
const ROLES: [&str; 4] = ["viewer", "member", "admin", "owner"];
const STEPS: usize = 600;

/// Organizations with an owner of their own, and a few domains and configurations.
const TOWN: &str = "
    insert into organizations (id, name, slug, max_seats)
    select format('a1000000-0000-4000-8000-%s', lpad(i::text, 12, '0'))::uuid, 'Organization ' || i, 'organization-' || i, 50
    from generate_series(0, 3) as i;
    insert into organization_members (organization_id, user_id, role) select id, gen_random_uuid(), 'owner' from organizations;
    insert into domains (domain, organization_id) select slug || '.example', id from organizations;
    insert into customer_configs (domain, organization_id) select slug || '.example', id from organizations;
";

/// For each set and role: whether what is given out is what the tables say, in one statement and so at one moment.
const WRONG: &str = "
    select s.kind, s.role
    from (select (current_setting('request.jwt.claims')::jsonb ->> 'sub')::uuid as id) as caller
    cross join lateral (
        select r.role,
            array(select m.organization_id from organization_members as m
                where m.user_id = caller.id and array_position(r.roles, m.role) >= array_position(r.roles, r.role)) as theirs
        from (select role, roles from (values (array['viewer', 'member', 'admin', 'owner'])) as v (roles), unnest(roles) as role) as r
    ) as t
    cross join lateral (values
        ('organizations', t.role, t.theirs::text[], frontdesk.accessible_organization_id_array(t.role)::text[]),
        ('domains', t.role, array(select d.id::text from domains as d where d.organization_id = any (t.theirs)),
            frontdesk.accessible_domain_id_array(t.role)::text[]),
        ('configurations', t.role, array(select c.id::text from customer_configs as c where c.organization_id = any (t.theirs)),
            frontdesk.accessible_config_id_array(t.role)::text[]),
        ('names', t.role, array(
                select d.domain from domains as d where d.organization_id = any (t.theirs)
                union select c.domain from customer_configs as c where c.organization_id = any (t.theirs)),
            frontdesk.accessible_domain_name_array(t.role))
    ) as s (kind, role, expected, given)
    where array(select unnest(s.expected) order by 1) <> array(select unnest(s.given) order by 1)";

fn person(number: u64) -> Uuid {
    Uuid::from_u64_pair(0xb100_0000_0000_4000, 0x8000_0000_0000_0000 + number)
}

fn organization(number: u64) -> String {
    format!("a1000000-0000-4000-8000-{number:012}")
}

/// A change of memberships or domains.
fn change(dice: &mut Dice, step: usize) -> String {
    let (person, organization) = (
        person(dice.below(PEOPLE)),
        organization(dice.below(ORGANIZATIONS)),
    );
    let role = dice.one_of(&ROLES);
    match dice.below(8) {
        0..=2 => format!(
            "insert into organization_members (organization_id, user_id, role) values ('{organization}', '{person}', '{role}')
             on conflict (organization_id, user_id) do update set role = excluded.role"
        ),
        3 => format!(
            "delete from organization_members where organization_id = '{organization}' and user_id = '{person}'"
        ),
        4 => format!(
            "insert into domains (domain, organization_id) values ('further-{step}.example', '{organization}')"
        ),
        5 => format!(
            "insert into customer_configs (domain, organization_id) values ('configured-{step}.example', '{organization}')"
        ),
        6 => format!(
            "update domains set organization_id = '{organization}' where id = (
                select d.id from domains as d where d.domain like 'further-%' order by d.domain limit 1)"
        ),
        _ => "delete from domains where id = (
                select d.id from domains as d where d.domain like 'further-%' order by d.domain desc limit 1)"
            .to_owned(),
    }
}

/// One step of the session that changes: outside of a transaction, inside, or at its end.
fn changing_step(client: &mut Client, depth: &mut u32, dice: &mut Dice, step: usize) {
    let sql = match (*depth, dice.below(6)) {
        (0, 0 | 1) => {
            *depth = 1;
            "begin".to_owned()
        }
        (1 | 2, 0) => {
            *depth = 0;
            dice.one_of(&["commit", "rollback"]).to_owned()
        }
        (1, 1) => {
            *depth = 2;
            "savepoint here".to_owned()
        }
        (2, 1) => {
            *depth = 1;
            dice.one_of(&["rollback to here", "release here"])
                .to_owned()
        }
        _ => change(dice, step),
    };
    client.run(&sql);
}

/// One step of a session that only asks: another person, or another transaction.
fn asking_step(client: &mut Client, is_open: &mut bool, dice: &mut Dice) {
    match (dice.below(6), *is_open) {
        (0, _) => client.run(&claims(person(dice.below(PEOPLE)))),
        (1, false) => {
            let level = dice.one_of(&["read committed", "repeatable read", "serializable"]);
            client.run(&format!("begin isolation level {level}"));
            *is_open = true;
        }
        (1, true) => {
            client.run("commit");
            *is_open = false;
        }
        _ => {}
    }
}

#[test]
fn every_set_is_what_the_tables_say_at_its_moment() {
    let db = Database::new();
    db.superuser().run(TOWN);
    let mut dice = Dice::from_environment();
    let mut changer = db.superuser();
    let mut askers: Vec<(Client, bool)> = (0..3).map(|_| (db.superuser(), false)).collect();
    changer.run(&claims(person(0)));
    for (number, (asker, _)) in askers.iter_mut().enumerate() {
        asker.run(&claims(person(number as u64)));
    }
    let mut depth = 0;
    for step in 0..STEPS {
        changing_step(&mut changer, &mut depth, &mut dice, step);
        assert_eq!(
            changer.rows(WRONG),
            Vec::<String>::new(),
            "changer, step {step}"
        );
        let (asker, is_open) = &mut askers[usize::try_from(dice.below(3)).expect("a place")];
        asking_step(asker, is_open, &mut dice);
        assert_eq!(
            asker.rows(WRONG),
            Vec::<String>::new(),
            "asker, step {step}"
        );
    }
}

/// Odd while the membership changes; then whether it is there, and how often it has changed.
struct Published(AtomicU64);

const CHANGES: u64 = 300;

#[test]
fn a_change_counts_for_everybody_once_its_commit_has_returned() {
    let (db, mut client) = two_tenants();
    let published = Published(AtomicU64::new(0));
    let person = GLOBEX.user_id("viewer");
    let ask = |mut session: frontdesk_harness::Session| {
        let sees = "select exists (select from organizations where slug = 'acme')";
        loop {
            let before = published.0.load(Ordering::SeqCst);
            let found = session.row(sees);
            let after = published.0.load(Ordering::SeqCst);
            if before == after && before.is_multiple_of(2) {
                let is_member = (before / 2) % 2 == 1;
                assert_eq!(found == "t", is_member, "after {} changes", before / 2);
            }
            if after == 2 * CHANGES {
                break;
            }
        }
    };
    thread::scope(|scope| {
        let askers: Vec<_> = (0..3)
            .map(|_| db.session(&GLOBEX.person("viewer")))
            .map(|session| scope.spawn(|| ask(session)))
            .collect();
        for number in 1..=CHANGES {
            published.0.store(2 * number - 1, Ordering::SeqCst);
            client.run(&if number % 2 == 1 {
                format!(
                    "insert into organization_members (organization_id, user_id, role)
                     values ('{}', '{person}', 'viewer')",
                    ACME.organization_id()
                )
            } else {
                format!(
                    "delete from organization_members where user_id = '{person}' and organization_id = '{}'",
                    ACME.organization_id()
                )
            });
            published.0.store(2 * number, Ordering::SeqCst);
            // Time for each to ask at rest, and to keep what it finds.
            thread::yield_now();
        }
        for asker in askers {
            asker.join().expect("an asker");
        }
    });
}
