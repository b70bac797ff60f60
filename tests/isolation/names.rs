//! Much is filed under the name of a domain. Whoever gets a name gets nothing that was filed under it before, and whoever loses
//! it loses it at once.

use frontdesk_harness::sqlstate;

use super::*;

/// How GLOBEX gives its name up.
const RELEASES: [&str; 6] = [
    "select frontdesk.remove_domain('globex.example')",
    "select frontdesk.delete_organization('a0000000-0000-4000-8000-000000000002')",
    "select frontdesk.rename_domain('globex.example', 'renamed.example', false)",
    "select frontdesk.rename_domain('globex.example', 'renamed.example');
        select frontdesk.remove_domain_alias('renamed.example', 'globex.example')",
    "delete from organizations",
    // The configuration goes by an operator's hand.
    "delete from domains",
];

/// How ACME takes it.
const TAKINGS: [&str; 4] = [
    "select frontdesk.register_domain('a0000000-0000-4000-8000-000000000001', 'Globex.Example')",
    "insert into domains (domain, organization_id) values ('globex.example', 'a0000000-0000-4000-8000-000000000001')",
    "select frontdesk.rename_domain('acme.example', 'globex.example')",
    "select frontdesk.add_domain_alias('acme.example', 'www.globex.example')",
];

/// Rows that come in after the name has been given up, from whoever has not heard of it.
const LATECOMERS: &str = "
    insert into chat_telemetry (session_id, model, start_time, success, domain)
    values ('late session of globex', 'a model', now(), true, 'globex.example');
    insert into chat_telemetry_domain_rollups (bucket_start, bucket_end, granularity, domain, total_requests)
    values ('1971-02-03 00:00+00', '1971-02-03 01:00+00', 'hour', 'globex.example', 1);
    insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ('globex.example', 'monthly', 13579.24);
    insert into training_data (user_id, domain, type, input_text, output_text)
    values ('b0000001-0000-4000-8000-000000000001', 'globex.example', 'answer', 'of globex', 'of globex');
";

/// Everything that somebody can read, without the name that is theirs now.
fn everything_read(witness: &mut Witness, client: &mut Client) -> Vec<String> {
    let tables = client.rows(
        "select format('select %s from %s', string_agg(quote_ident(a.attname), ', ' order by a.attnum), c.oid::regclass)
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'v')
            and has_schema_privilege('authenticated', c.relnamespace, 'usage')
            and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
        group by c.oid",
    );
    let mut read = Vec::new();
    for select in tables {
        read.extend(witness.ask(&select).expect("read").rows);
    }
    let strip = |row: String| row.replace("globex.example", "");
    read.into_iter().map(strip).collect()
}

#[test]
fn a_name_comes_without_its_past() {
    for (first, release) in RELEASES.into_iter().enumerate() {
        // Each way of giving up once, and after one of them each way of taking.
        let takings = if first == 0 { TAKINGS.len() } else { 1 };
        for taking in TAKINGS.into_iter().take(takings) {
            let (db, mut client) = two_tenants();
            let mut globex = Witness::new(&db, &GLOBEX.person("owner"));
            globex
                .ask(release)
                .unwrap_or_else(|code| panic!("{code}: {release}"));
            client.run("delete from customer_configs where domain = 'globex.example'");
            db.session(&Identity::Service).run(LATECOMERS);
            client.run("select frontdesk.refresh_rollups()");

            let mut acme = Witness::new(&db, &ACME.person("owner"));
            acme.ask(taking)
                .unwrap_or_else(|code| panic!("{code}: {taking}"));
            client.run("select frontdesk.refresh_rollups()");
            for row in everything_read(&mut acme, &mut client) {
                let late = ["1971-02-03", "13579.2"].map(str::to_owned);
                for word in words_of(&GLOBEX).iter().chain(&late) {
                    assert!(!row.contains(word), "{release}, {taking}: {row:.500}");
                }
            }
        }
    }
}

/// Who was allowed when the call began, and is not when it gets its turn, does nothing.
#[test]
fn a_domain_that_changes_hands_meanwhile_is_not_its_former_owners() {
    let other = Uuid::from_u128(0x07e4);
    for statement in [
        "select frontdesk.rename_domain('acme.example', 'mine.example')",
        "select frontdesk.remove_domain('acme.example')",
        "select frontdesk.add_domain_alias('acme.example', 'mine.example')",
        "select frontdesk.remove_domain_alias('acme.example', 'alias.example')",
        "select frontdesk.transfer_domain('acme.example', '0000000a-0000-4000-8000-0000000000aa')",
        "delete from domains where domain = 'acme.example'",
        "update domains set name = 'mine' where domain = 'acme.example'",
        "update customer_configs set business_name = 'mine' where domain = 'acme.example'",
    ] {
        let (db, mut client) = two_tenants();
        client.run(&format!(
            "select frontdesk.add_domain_alias('acme.example', 'alias.example');
            insert into organizations (id, name, slug) values ('0000000a-0000-4000-8000-0000000000aa', 'third', 'third');
            insert into organization_members (organization_id, user_id, role)
            values ('{0}', '{other}', 'owner'), ('0000000a-0000-4000-8000-0000000000aa', '{other}', 'owner'),
                ('{1}', '{2}', 'owner')",
            ACME.organization_id(),
            GLOBEX.organization_id(),
            ACME.user_id("owner"),
        ));
        let mut giver = db.session(&ACME.person("owner"));
        let mut former = db.session(&Identity::User(other));
        giver.run("begin");
        giver.run(&format!(
            "select frontdesk.transfer_domain('acme.example', '{}')",
            GLOBEX.organization_id()
        ));
        let ended = db.waits(&mut giver, "commit", &mut former, statement);
        if let Err(error) = ended {
            assert!(
                [NOT_ALLOWED, NOT_FOUND].contains(&sqlstate(&error)),
                "{error:?}: {statement}"
            );
        }
        let now = client.rows(
            "select d.domain, d.organization_id, d.aliases, d.name, c.business_name
            from domains as d left join customer_configs as c on c.domain = d.domain
            where d.id = 'd0000000-0000-4000-8000-000000000001'",
        );
        let as_given = format!(
            "acme.example|{}|{{alias.example}}|acme|acme",
            GLOBEX.organization_id()
        );
        assert_eq!(now, [as_given], "{statement}");
    }
}
