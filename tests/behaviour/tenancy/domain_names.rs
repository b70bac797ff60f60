//! One spelling of a domain name, owned by one organization.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Sql, Tenant};

use crate::behaviour::{ISOLATION_LEVELS, UNIQUE_VIOLATION, at_once, refusal, two_tenants};

const BAD_ARGUMENT: &str = "22023";

/// The two tables that hold names.
const TABLES: [&str; 2] = ["domains", "customer_configs"];

/// An INSERT of a name for a tenant's organization.
fn claim(table: &str, name: &str, tenant: Tenant) -> String {
    let organization = tenant.organization_id();
    format!("insert into {table} (domain, organization_id) values ('{name}', '{organization}')")
}

/// Which organizations hold the name: by the two tables, and by the registry.
fn holders(client: &mut Client, name: &str) -> [Vec<String>; 2] {
    let tables = format!(
        "select distinct organization_id from (
            select domain, organization_id from domains
            union all
            select domain, organization_id from customer_configs
         ) as names where domain = '{name}'"
    );
    let registry = format!(
        "select organization_id from frontdesk_internal.domain_names where name = '{name}'"
    );
    [client.rows(&tables), client.rows(&registry)]
}

fn held_by(tenant: Tenant) -> [Vec<String>; 2] {
    let id = tenant.organization_id().to_string();
    [vec![id.clone()], vec![id]]
}

const NOBODY: [Vec<String>; 2] = [vec![], vec![]];

#[test]
fn a_name_is_kept_in_one_spelling() {
    let (_db, mut client) = two_tenants();
    for table in TABLES {
        let stored = format!(
            "select domain from {table} where domain <> all (array['acme.example', 'globex.example'])"
        );
        client.run(&claim(table, "https://WWW.Shop.Example:8443/help?x", ACME));
        assert_eq!(client.row(&stored), "shop.example");
        client.run(&format!(
            "update {table} set domain = 'Www.Other.Example.' where domain = 'shop.example'"
        ));
        assert_eq!(client.row(&stored), "other.example");
    }
    assert_eq!(holders(&mut client, "other.example"), held_by(ACME));
    assert_eq!(holders(&mut client, "shop.example"), NOBODY);
}

#[test]
fn what_is_no_host_name_is_refused() {
    let (_db, mut client) = two_tenants();
    for table in TABLES {
        for name in ["not a host", "", "d0000000-0000-4000-8000-000000000001"] {
            let refused = client.refusal(&claim(table, name, ACME));
            assert_eq!(refused, BAD_ARGUMENT, "{table} {name}");
        }
    }
}

#[test]
fn a_name_belongs_to_one_organization_across_both_tables() {
    for (table, other) in [TABLES, [TABLES[1], TABLES[0]]].map(|[a, b]| (a, b)) {
        let (_db, mut client) = two_tenants();
        client.run(&claim(table, "shop.example", ACME));
        for foreign in [table, other] {
            let refused = client.refusal(&claim(foreign, "www.Shop.example", GLOBEX));
            assert_eq!(refused, UNIQUE_VIOLATION, "{table}, then {foreign}");
        }
        client.run(&claim(other, "WWW.shop.example", ACME));
        assert_eq!(holders(&mut client, "shop.example"), held_by(ACME));
    }
}

#[test]
fn a_name_is_not_taken_by_renaming_either() {
    let (_db, mut client) = two_tenants();
    for table in TABLES {
        let renaming =
            format!("update {table} set domain = 'acme.example' where domain = 'globex.example'");
        assert_eq!(client.refusal(&renaming), UNIQUE_VIOLATION, "{table}");
    }
    // Where the unique key of the table itself has nothing against it.
    client.run("delete from customer_configs where domain = 'acme.example'");
    let renaming =
        "update customer_configs set domain = 'acme.example' where domain = 'globex.example'";
    assert_eq!(client.refusal(renaming), UNIQUE_VIOLATION);
}

#[test]
fn a_row_without_an_organization_goes_with_any() {
    let (_db, mut client) = two_tenants();
    client.run("insert into domains (domain) values ('shop.example')");
    client.run(&claim("customer_configs", "shop.example", GLOBEX));
    let acme = ACME.organization_id();
    let adoption =
        format!("update domains set organization_id = '{acme}' where domain = 'shop.example'");
    assert_eq!(client.refusal(&adoption), UNIQUE_VIOLATION);
    let adoption = adoption.replace(&acme.to_string(), &GLOBEX.organization_id().to_string());
    client.run(&adoption);
    assert_eq!(holders(&mut client, "shop.example"), held_by(GLOBEX));
}

#[test]
fn a_name_changes_hands_in_both_tables_or_in_none() {
    let (_db, mut client) = two_tenants();
    let give = |table: &str, to: &str| {
        format!("update {table} set organization_id = {to} where domain = 'acme.example'")
    };
    let globex = format!("'{}'", GLOBEX.organization_id());
    for table in TABLES {
        assert_eq!(client.refusal(&give(table, &globex)), UNIQUE_VIOLATION);
    }
    // By way of nobody.
    client.run(&give("domains", "null"));
    client.run(&give("customer_configs", &globex));
    client.run(&give("domains", &globex));
    assert_eq!(holders(&mut client, "acme.example"), held_by(GLOBEX));
}

#[test]
fn two_organizations_do_not_swap_names_in_one_statement() {
    let (_db, mut client) = two_tenants();
    client.run("delete from customer_configs");
    let swap = "update domains set domain = case domain when 'acme.example' then 'globex.example' else 'free.example' end
        where domain in ('acme.example', 'globex.example')";
    assert_eq!(client.refusal(swap), UNIQUE_VIOLATION);
}

#[test]
fn a_name_is_held_until_its_last_row_is_gone() {
    let (_db, mut client) = two_tenants();
    client.run("delete from domains where domain = 'acme.example'");
    assert_eq!(holders(&mut client, "acme.example"), held_by(ACME));
    let refused = client.refusal(&claim("domains", "acme.example", GLOBEX));
    assert_eq!(refused, UNIQUE_VIOLATION);
    client.run("delete from customer_configs where domain = 'acme.example'");
    assert_eq!(holders(&mut client, "acme.example"), NOBODY);
    client.run(&claim("domains", "acme.example", GLOBEX));
}

#[test]
fn truncated_tables_hold_no_names() {
    let (_db, mut client) = two_tenants();
    client.run(&claim("domains", "shop.example", ACME));
    client.run("truncate domains cascade");
    assert_eq!(holders(&mut client, "shop.example"), NOBODY);
    assert_eq!(holders(&mut client, "acme.example"), held_by(ACME));
    client.run("truncate customer_configs cascade");
    assert_eq!(
        client.rows("select name from frontdesk_internal.domain_names"),
        Vec::<String>::new()
    );
}

#[test]
fn a_lost_registry_lets_nobody_take_a_name() {
    let (_db, mut client) = two_tenants();
    client.run("delete from frontdesk_internal.domain_names; delete from customer_configs where domain = 'acme.example'");
    let refused = client.refusal(&claim("customer_configs", "acme.example", GLOBEX));
    assert_eq!(refused, UNIQUE_VIOLATION);
    client.run(&claim("customer_configs", "acme.example", ACME));
    assert_eq!(holders(&mut client, "acme.example"), held_by(ACME));
}

/// A database in which ACME holds shop.example in `domains`, with telemetry under it, and two more sessions.
fn acme_holds_a_name() -> (Database, Client, Client, Client) {
    let (db, mut client) = two_tenants();
    client.run(&claim("domains", "shop.example", ACME));
    client.run(
        "insert into chat_telemetry (session_id, model, start_time, domain)
         values ('a visit', 'a model', now(), 'shop.example')",
    );
    let sessions = (db.superuser(), db.superuser());
    (db, client, sessions.0, sessions.1)
}

const TELEMETRY: &str = "select count(*) from chat_telemetry where domain = 'shop.example'";

#[test]
fn of_two_organizations_that_claim_a_name_at_once_one_is_refused() {
    for isolation in ISOLATION_LEVELS {
        let (db, mut client) = two_tenants();
        let (mut first, mut second) = (db.superuser(), db.superuser());
        let refused = at_once(
            &db,
            isolation,
            (&mut first, &claim("domains", "shop.example", ACME)),
            (
                &mut second,
                &claim("customer_configs", "shop.example", GLOBEX),
            ),
        );
        assert_eq!(refused, refusal(isolation, UNIQUE_VIOLATION));
        assert_eq!(holders(&mut client, "shop.example"), held_by(ACME));
    }
}

#[test]
fn of_two_organizations_that_adopt_nobodys_name_at_once_one_is_refused() {
    for isolation in ISOLATION_LEVELS {
        let (db, mut client) = two_tenants();
        client.run("insert into domains (domain) values ('shop.example')");
        let refused = at_once(
            &db,
            isolation,
            (
                &mut db.superuser(),
                &claim("customer_configs", "shop.example", ACME),
            ),
            (
                &mut db.superuser(),
                &format!(
                    "update domains set organization_id = '{}' where domain = 'shop.example'",
                    GLOBEX.organization_id()
                ),
            ),
        );
        assert_eq!(refused, refusal(isolation, UNIQUE_VIOLATION));
    }
}

#[test]
fn whoever_claims_a_name_that_is_being_given_up_inherits_nothing() {
    for isolation in ISOLATION_LEVELS {
        let (db, mut client, mut first, mut second) = acme_holds_a_name();
        let claim = claim("domains", "shop.example", GLOBEX);
        let refused = at_once(
            &db,
            isolation,
            (
                &mut first,
                "delete from domains where domain = 'shop.example'",
            ),
            (&mut second, &claim),
        );
        if isolation == "repeatable read" {
            // On its old snapshot somebody still holds the name.
            assert_eq!(refused.as_deref(), Some(UNIQUE_VIOLATION));
            client.run(&claim);
        }
        assert_eq!(holders(&mut client, "shop.example"), held_by(GLOBEX));
        assert_eq!(client.row(TELEMETRY), "0", "{isolation}");
    }
}

#[test]
fn a_name_that_is_claimed_again_while_it_is_given_up_keeps_its_rows() {
    let (db, mut client, mut first, mut second) = acme_holds_a_name();
    first.run("begin");
    first.run(&claim("customer_configs", "shop.example", ACME));
    db.waits(
        &mut first,
        "commit",
        &mut second,
        "delete from domains where domain = 'shop.example'",
    )
    .expect("delete the other row");
    assert_eq!(holders(&mut client, "shop.example"), held_by(ACME));
    assert_eq!(client.row(TELEMETRY), "1");
}
